//! The stream of what earlier pages left unfinished.

use std::rc::Rc;

use futures_util::stream::{LocalBoxStream, StreamExt, unfold};
use serde::Deserialize;
use wasm_bindgen::JsValue;

use crate::client::caller::Caller;
use crate::client::outcome::Given;
use crate::client::resume::{self, How, Resume};
use crate::proto::error::{Error, Result};
use crate::proto::generation::Generation;
use crate::proto::journal::Entry;

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
    resume: Option<Resume>,
    /// What the app is dealing with: it has been delivered when the app comes for more.
    given: Option<Given>,
}

/// Each outcome as it comes.
pub fn stream(caller: Rc<Caller>) -> LocalBoxStream<'static, Resumed> {
    unfold(Loop { caller, resume: None, given: None }, |mut state| async move {
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
            None => self.resume.insert(Resume::begin(Rc::clone(&self.caller)).await),
        };
        let facts = self.caller.config.provider.facts();
        loop {
            let resume::Resumed { entry, how } = resume.next().await?;
            // What cannot be read is left alone.
            let Ok(entry) = Entry::read(entry.value(), facts) else { continue };
            let (result, given) = match how {
                How::Here(ended) => {
                    ended.announce();
                    let ended = *ended;
                    (ended.result.map_err(|failed| failed.error), ended.given)
                }
                How::Told(outcome, given) => match told(outcome) {
                    Some(result) => (result, given),
                    None => {
                        // It may be in the words of a later version: the job is kept, to be asked for again.
                        let message = "another tab, of another version, told how the job ended";
                        let charged = Error {
                            may_have_been_charged: true,
                            job: entry.job.clone(),
                            ..*Error::protocol(message)
                        };
                        (Err(Box::new(charged)), Given { is_settled: false, ..given })
                    }
                },
            };
            self.given = Some(given);
            return Some(Resumed { entry, result });
        }
    }
}

/// The result that another tab told, if it can be read.
fn told(outcome: JsValue) -> Option<Result<Generation>> {
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
