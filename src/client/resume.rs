//! Going on with jobs whose page is gone, by the journal.

use std::future::pending;
use std::rc::Rc;
use std::time::Duration;

use futures_util::future::{Either, FutureExt, RemoteHandle, select, select_all};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::call::{Start, perform};
use super::caller::Caller;
use super::outcome::{Ended, Given, kept};
use super::page::Page;
use crate::proto::job::Job;
use crate::proto::journal::{Entry, Stored};
use crate::web::{channel, clock, locks, timer};

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

/// The entries of calls to the caller's gateway, or of the one of that id alone, oldest first; none where
/// storage cannot be read.
pub async fn unfinished(caller: &Caller, only: Option<&str>) -> Vec<Stored> {
    let Some(journal) = &caller.journal else { return Vec::new() };
    let entries = journal.read().await.unwrap_or_default();
    let mut ours = Stored::ours(&entries, &caller.config);
    ours.retain(|entry| only.is_none_or(|only| entry.id() == only));
    ours
}

/// How to go on with a job that its caller names, and its page of the journal. Others wait for it, unless
/// one of them waits for the job already.
pub async fn known(job: Job, caller: &Caller) -> (Start, Page) {
    let (entry, page) = match of_job(&job, caller).await {
        Some((stored, entry)) => {
            let held = locks::try_hold(stored.id()).await;
            (Some(entry), Page::of(&stored, caller.journal.clone(), held))
        }
        None => (None, Page::new(caller.journal.clone(), None)),
    };
    (Start::Resume(job, entry), page)
}

async fn of_job(job: &Job, caller: &Caller) -> Option<(Stored, Entry)> {
    let entries = caller.journal.as_ref()?.list().await.ok()?;
    let stored = entries.iter().find(|entry| entry.is_of(job.provider.name(), &job.id))?;
    let entry = Entry::read(stored.value(), caller.config.provider.facts()).ok()?;
    Some((stored.clone(), entry))
}

/// Jobs that are waited for, all at once, until dropped.
pub struct Resume {
    waiting: Vec<RemoteHandle<Option<Resumed>>>,
}

impl Resume {
    /// Begins to wait for every unfinished call at the caller's gateway, or for the one of that id alone.
    pub async fn begin(caller: Rc<Caller>, only: Option<&str>) -> Self {
        let entries = unfinished(&caller, only).await;
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
    let journal = caller.journal.clone()?;
    let id = entry.id().to_owned();
    let (news, held) = match select(news, Box::pin(locks::hold(&id))).await {
        Either::Left((outcome, _)) => {
            let page = Page::of_gone(&entry, Some(journal), None);
            return Some(Resumed { entry, how: How::told(outcome, page) });
        }
        Either::Right((held, news)) => (news, held),
    };
    // Neither another tab nor another machine may be about to send what waits.
    let is_ours_alone = held.is_of_origin() && journal.is_own();
    // What cannot be read is not gone.
    let known = journal.entry_of(&id).await.unwrap_or_else(|_| Some(entry.clone()));
    let Some(entry) = known else {
        let told = select(news, Box::pin(timer::sleep(NEWS))).await;
        let Either::Left((outcome, _)) = told else { return None };
        let page = Page::of_gone(&entry, Some(journal), Some(held));
        return Some(Resumed { entry, how: How::told(outcome, page) });
    };
    let page = Page::of(&entry, Some(journal), Some(held));
    if let Some(generation) = entry.lasting_generation(clock::now()) {
        let outcome = kept(generation);
        page.announce(&outcome);
        return Some(Resumed { how: How::told(outcome, page), entry });
    }
    let how = match Entry::read(entry.value(), caller.config.provider.facts()) {
        Ok(mut start) => {
            if !is_ours_alone {
                start.submitted_at.get_or_insert(start.called_at);
            }
            perform(Start::Recover(start), caller, page, pending().boxed_local()).await
        }
        Err(error) => {
            let given = Given { page, is_settled: false };
            Ended { result: Err(error.into()), entry: None, given }
        }
    };
    Some(Resumed { entry, how: How::Here(Box::new(how)) })
}
