//! Going on with jobs whose page is gone, by the journal.

use std::rc::Rc;
use std::time::Duration;

use futures_util::future::{Either, FutureExt, RemoteHandle, select, select_all};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::call::{Start, perform};
use super::caller::Caller;
use super::outcome::{Ended, Given};
use super::page::Page;
use crate::proto::journal::{Entry, Stored};
use crate::web::{channel, locks, timer};

/// How long the news of a job's end may take from one tab to another.
const NEWS: Duration = Duration::from_secs(1);

/// How an unfinished job ended.
pub struct Resumed {
    /// Its entry.
    pub entry: Stored,
    /// How.
    pub how: How,
}

/// How an unfinished job ended, whoever waited for it.
pub enum How {
    /// This call waited for it.
    Here(Box<Ended>),
    /// Another tab or call did, and told, in the words of [`Ended::announce`].
    Told(JsValue, Given),
}

impl How {
    fn told(outcome: JsValue, page: Page) -> Self {
        How::Told(outcome, Given { page, is_settled: true })
    }
}

/// The entries of jobs at the caller's gateway, oldest first; none where storage cannot be read.
pub async fn unfinished(caller: &Caller) -> Vec<Stored> {
    let Some(journal) = &caller.journal else { return Vec::new() };
    let entries = journal.read().await;
    entries.map_or_else(|_| Vec::new(), |entries| Stored::ours(&entries, &caller.config))
}

/// The id of the entry that a job has, if it has one.
pub async fn entry_of(provider: &str, job: &str, caller: &Caller) -> Option<String> {
    let entries = caller.journal.as_ref()?.list().await.ok()?;
    let entry = entries.iter().find(|entry| entry.is_of(provider, job))?;
    Some(entry.id().to_owned())
}

/// Jobs that are waited for, all at once, until dropped.
pub struct Resume {
    waiting: Vec<RemoteHandle<Option<Resumed>>>,
}

impl Resume {
    /// Begins to wait for every unfinished job at the caller's gateway.
    pub async fn begin(caller: Rc<Caller>) -> Self {
        let entries = unfinished(&caller).await;
        let listener = Rc::new(channel::listen());
        let mut waiting = Vec::new();
        for entry in entries {
            let news = listener.outcome_of(entry.id());
            let (caller, listener) = (Rc::clone(&caller), Rc::clone(&listener));
            let outcome = async move {
                let outcome = outcome_of(entry, Box::pin(news), &caller).await;
                drop(listener);
                outcome
            };
            // It goes on also while its loop deals with another.
            let (work, ended) = outcome.remote_handle();
            spawn_local(work);
            waiting.push(ended);
        }
        Resume { waiting }
    }

    /// The next job that has ended; none when there are no more.
    pub async fn next(&mut self) -> Option<Resumed> {
        while !self.waiting.is_empty() {
            let (ended, index, _) = select_all(&mut self.waiting).await;
            drop(self.waiting.remove(index));
            // Of a job that ended where it was told, there is nothing to give.
            if ended.is_some() {
                return ended;
            }
        }
        None
    }
}

/// How a job ends, whoever waits for it; nothing if that was told where it ended.
async fn outcome_of(
    entry: Stored,
    news: impl Future<Output = JsValue> + Unpin,
    caller: &Rc<Caller>,
) -> Option<Resumed> {
    let id = entry.id().to_owned();
    let journal = caller.journal.clone();
    let (news, held) = match select(news, Box::pin(locks::hold(&id))).await {
        Either::Left((outcome, _)) => {
            let page = Page::new(journal, Some(id.clone()), None);
            return Some(Resumed { entry, how: How::told(outcome, page) });
        }
        Either::Right((held, news)) => (news, held),
    };
    let page = Page::new(journal.clone(), Some(id.clone()), Some(held));
    let known = match journal?.list().await {
        Ok(entries) => entries.iter().find(|entry| entry.id() == id).cloned(),
        // What cannot be read is not gone.
        Err(_) => Some(entry.clone()),
    };
    let Some(entry) = known else {
        let told = select(news, Box::pin(timer::sleep(NEWS))).await;
        return match told {
            Either::Left((outcome, _)) => Some(Resumed { entry, how: How::told(outcome, page) }),
            Either::Right(_) => None,
        };
    };
    let how = match Entry::read(entry.value(), caller.config.provider.facts()) {
        Ok(start) => perform(Start::Recover(start), caller, page).await,
        Err(error) => Ended { result: Err(error.into()), given: Given { page, is_settled: false } },
    };
    Some(Resumed { entry, how: How::Here(Box::new(how)) })
}
