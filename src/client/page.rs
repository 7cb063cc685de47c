//! A call's page of the journal, which nobody else touches until it is dropped.

use std::cell::{Cell, OnceCell};
use std::rc::Rc;
use std::time::Duration;

use futures_channel::oneshot;
use futures_util::future::{Either, FutureExt, select};
use wasm_bindgen::JsValue;

use super::journal::{self, Journal};
use super::store::Answer;
use crate::proto::error::{Error, Result};
use crate::proto::journal::Entry;
use crate::web::locks::{self, Held};
use crate::web::{channel, json, task, timer};

/// How long a settled call may take to leave the journal.
const LEAVING: Duration = Duration::from_secs(3);

/// A call's page of the journal.
pub struct Page {
    journal: Option<Rc<Journal>>,
    /// The id of the entry, once there is one.
    id: Option<String>,
    /// The entry's lock, once it is held; work on the store has a part in it.
    lock: Rc<OnceCell<Held>>,
    /// Resolves when what was done last to the store is done: one thing after the other, however
    /// slow it is.
    last: Option<oneshot::Receiver<()>>,
    /// Whether there is an entry for a submit that has not left.
    is_early: Rc<Cell<bool>>,
    /// Keeps other calls of the page from the id that the caller chose.
    claim: Option<Held>,
    /// What did no harm yet.
    pub warnings: Vec<String>,
}

impl Page {
    /// A page; of an entry, where there is one already, and with its lock, where that is held.
    pub fn new(journal: Option<Rc<Journal>>, id: Option<String>, held: Option<Held>) -> Self {
        let lock = Rc::new(held.map(OnceCell::from).unwrap_or_default());
        let is_early = Rc::default();
        Page { journal, id, lock, last: None, is_early, claim: None, warnings: Vec::new() }
    }

    /// The page of a new call. Fails where an unfinished call has the id that its caller chose.
    pub async fn of_new(id: Option<&str>, journal: Option<Rc<Journal>>) -> Result<Self> {
        let Some(id) = id else { return Ok(Page::new(journal, None, None)) };
        let taken =
            || Error::invalid("id", "a call of this id is unfinished: resume() goes on with it");
        let claim = locks::try_hold_in_page(&format!("call {id}"), 1).ok_or_else(taken)?;
        let mut held = None;
        if let Some(journal) = &journal {
            // Who has it may be taking its entry out.
            let free = select(Box::pin(locks::hold(id)), Box::pin(timer::sleep(LEAVING))).await;
            let Either::Left((lock, _)) = free else { return Err(taken()) };
            if journal.has(id).await {
                return Err(taken());
            }
            held = Some(lock);
        }
        let mut page = Page::new(journal, None, held);
        page.claim = Some(claim);
        Ok(page)
    }

    /// Writes an entry, in place of what was written before.
    pub async fn keep(&mut self, entry: Entry) {
        let Some(journal) = self.journal.clone() else { return };
        journal::unsettle(&entry.id);
        self.id = Some(entry.id.clone());
        self.is_early.set(entry.job.is_none() && entry.generation.is_none());
        let put = {
            let (journal, lock) = (Rc::clone(&journal), Rc::clone(&self.lock));
            self.after_last(Box::pin(async move {
                if lock.get().is_none() {
                    let _ = lock.set(locks::hold(&entry.id).await);
                }
                journal.store().put(&entry).await
            }))
        };
        if let Err(thrown) = journal.ask(put).await {
            let why = json::words(&thrown);
            let warning = format!("a reload would lose this job, as it could not be stored: {why}");
            if !self.warnings.contains(&warning) {
                self.warnings.push(warning);
            }
        }
    }

    /// Lets another call have the id, if there is no entry: this one is over.
    pub fn end_claim(&mut self) {
        self.claim = None;
    }

    /// What to call when the submit leaves: from then on its entry stays whatever becomes of the call.
    pub fn on_sent(&self) -> impl FnOnce() + 'static {
        let is_early = Rc::clone(&self.is_early);
        move || is_early.set(false)
    }

    /// Takes the entry out.
    pub fn forget(&mut self) {
        self.is_early.set(false);
        let (Some(journal), Some(id)) = (self.journal.clone(), self.id.clone()) else { return };
        journal::settle(&id);
        // Held until then, so that nobody finds the entry.
        let lock = Rc::clone(&self.lock);
        drop(self.after_last(Box::pin(async move {
            journal.remove(&id).await;
            drop(lock);
            Ok(JsValue::UNDEFINED)
        })));
    }

    /// Tells all who wait for the job too how it ended.
    pub fn announce(&self, outcome: &JsValue) {
        if let Some(id) = &self.id {
            channel::announce(id, outcome);
        }
    }

    /// Does work on the store when what was begun before is done, whoever waits for it.
    fn after_last(&mut self, work: Answer) -> Answer {
        let (done, last) = oneshot::channel();
        let before = self.last.replace(last);
        let work = async move {
            if let Some(before) = before {
                let _ = before.await;
            }
            let result = work.await;
            let _ = done.send(());
            result
        };
        task::begun(work.boxed_local())
    }
}

impl Drop for Page {
    /// An entry of what never left would be reported as perhaps paid.
    fn drop(&mut self) {
        if self.is_early.get() {
            self.forget();
        }
    }
}
