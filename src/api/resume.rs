//! The stream of what earlier pages left unfinished.

use std::rc::Rc;

use futures_util::future::FutureExt;
use futures_util::stream::{LocalBoxStream, StreamExt, unfold};
use serde::Deserialize;
use wasm_bindgen::JsValue;

use super::deliver::{Deliver, End, handed_over, told};
use crate::client::caller::Caller;
use crate::client::outcome::Given;
use crate::client::resume::{self, How, Resume};
use crate::proto::error::{Error, Result};
use crate::proto::generation::Generation;
use crate::proto::journal::Entry;
use crate::web::task;

/// How an unfinished job ended.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Resumed {
    /// Its entry in the journal.
    pub entry: Entry,
    /// The pictures, or what went wrong.
    pub result: Result<Generation>,
}

/// A loop over what is unfinished.
struct Loop {
    caller: Rc<Caller>,
    only: Option<String>,
    deliver: Option<Deliver>,
    resume: Option<Resume>,
    /// What the app is dealing with: it has taken that over when it comes for more.
    given: Option<Given>,
}

/// Each outcome as it comes; of the call of that id alone, if there is one.
pub fn stream(
    caller: Rc<Caller>,
    only: Option<String>,
    deliver: Option<Deliver>,
) -> LocalBoxStream<'static, Resumed> {
    unfold(Loop { caller, only, deliver, resume: None, given: None }, |mut state| async move {
        let resumed = state.next().await?;
        Some((resumed, state))
    })
    .boxed_local()
}

impl Loop {
    async fn next(&mut self) -> Option<Resumed> {
        if let Some(given) = self.given.take() {
            given.delivered();
        }
        let resume = match &mut self.resume {
            Some(resume) => resume,
            None => {
                let begun = Resume::begin(Rc::clone(&self.caller), self.only.as_deref()).await;
                self.resume.insert(begun)
            }
        };
        let facts = self.caller.config.provider.facts();
        loop {
            let resume::Resumed { entry, how } = resume.next().await?;
            // What cannot be read is left alone.
            let Ok(entry) = Entry::read(entry.value(), facts) else { continue };
            let mut end = match how {
                How::Here(ended) => told(*ended),
                How::Told(outcome, given) => told_by_another(outcome, given, &entry),
            };
            if let Some(deliver) = &self.deliver {
                end = task::begun(handed_over(end, Rc::clone(deliver)).boxed_local()).await;
            }
            self.given = end.given;
            return Some(Resumed { entry, result: end.result });
        }
    }
}

/// The end that another tab told, or the journal kept.
fn told_by_another(outcome: JsValue, given: Given, entry: &Entry) -> End {
    let (result, given) = match read(outcome) {
        Some(result) => (result, given),
        None => {
            // It may be in the words of a later version: the job is kept, to be asked for again.
            let message = "another tab, of another version, told how the job ended";
            let mut error = Error::protocol(message);
            entry.mark(&mut error);
            error.may_have_been_charged = true;
            (Err(error), Given { is_settled: false, ..given })
        }
    };
    End { result, entry: Some(entry.clone()), given: Some(given) }
}

/// The result in an outcome, if it can be read.
fn read(outcome: JsValue) -> Option<Result<Generation>> {
    #[derive(Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Outcome {
        Generation(Box<Generation>),
        Error(Box<Error>),
    }
    Some(match serde_wasm_bindgen::from_value(outcome).ok()? {
        Outcome::Generation(generation) => Ok(*generation),
        Outcome::Error(error) => Err(error),
    })
}
