//! A call's page of the journal, which nobody else touches until it is dropped.

use std::cell::{Cell, OnceCell};
use std::rc::Rc;
use std::time::Duration;

use futures_channel::oneshot;
use futures_util::future::{Either, FutureExt, select};
use wasm_bindgen::JsValue;

use super::journal::{self, Journal, Which};
use super::outcome::Failed;
use super::store::Answer;
use crate::proto::error::{Error, ErrorCode};
use crate::proto::journal::{Entry, Stored};
use crate::web::locks::{self, Held};
use crate::web::{channel, json, task, timer};

/// How long a settled call may take to leave the journal.
const LEAVING: Duration = Duration::from_secs(3);

/// A call's page of the journal.
pub struct Page {
    journal: Option<Rc<Journal>>,
    /// Which entry, once there is one.
    of: Option<Which>,
    /// Whether it brings the pictures again, by its job or with itself.
    has_pictures: bool,
    /// Whether it says that the submit has not left, or may yet say so.
    denies_submit: bool,
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
    /// A page without an entry yet; with its lock, where that is held.
    pub fn new(journal: Option<Rc<Journal>>, held: Option<Held>) -> Self {
        Page {
            journal,
            of: None,
            has_pictures: false,
            denies_submit: false,
            lock: Rc::new(held.map(OnceCell::from).unwrap_or_default()),
            last: None,
            is_early: Rc::default(),
            claim: None,
            warnings: Vec::new(),
        }
    }

    /// The page of an entry.
    pub fn of(entry: &Stored, journal: Option<Rc<Journal>>, held: Option<Held>) -> Self {
        let mut page = Page::new(journal, held);
        page.of = Some(Which::of(entry));
        page.has_pictures = entry.has_pictures();
        page
    }

    /// The page of an entry that another may have taken out by now.
    pub fn of_gone(entry: &Stored, journal: Option<Rc<Journal>>, held: Option<Held>) -> Self {
        let mut page = Page::of(entry, journal, held);
        page.has_pictures = false;
        page
    }

    /// The page of a new call. Fails where an unfinished call has, or may have, the id that its caller
    /// chose.
    pub async fn of_new(id: Option<&str>, journal: Option<Rc<Journal>>) -> Result<Self, Failed> {
        let Some(id) = id else { return Ok(Page::new(journal, None)) };
        let taken = || {
            let message =
                "a call of this id is unfinished: resume() goes on with it, or is giving it out";
            Error::invalid("id", message)
        };
        let claim = locks::try_hold_in_page(&format!("call {id}"), 1).ok_or_else(taken)?;
        let mut held = None;
        if let Some(journal) = &journal {
            // Who has it may be taking its entry out.
            let free = select(Box::pin(locks::hold(id)), Box::pin(timer::sleep(LEAVING))).await;
            let Either::Left((lock, _)) = free else { return Err(taken().into()) };
            match journal.entry_of(id).await {
                Ok(None) => held = Some(lock),
                Ok(Some(_)) => return Err(taken().into()),
                Err(thrown) => return Err(unreadable(thrown)),
            }
        }
        let mut page = Page::new(journal, held);
        page.claim = Some(claim);
        Ok(page)
    }

    /// Writes an entry, in place of what was written before. Whether what it tells of may happen now: no
    /// submit may leave that the journal denies, as whoever goes on from it would send another.
    pub async fn keep(&mut self, entry: Entry) -> bool {
        let Some(journal) = self.journal.clone() else { return true };
        let of = Which { id: entry.id.clone(), called_at: entry.called_at };
        journal::unsettle(&of);
        self.of = Some(of);
        let has_pictures = entry.job.is_some() || entry.generation.is_some();
        let denies_submit = entry.submitted_at.is_none();
        self.is_early.set(!has_pictures);
        let put = {
            let (journal, lock) = (Rc::clone(&journal), Rc::clone(&self.lock));
            self.after_last(Box::pin(async move {
                if lock.get().is_none() {
                    let _ = lock.set(locks::hold(&entry.id).await);
                }
                journal.store().put(&entry).await
            }))
        };
        let Err(thrown) = journal.ask(put).await else {
            (self.has_pictures, self.denies_submit) = (has_pictures, denies_submit);
            return true;
        };
        let why = json::words(&thrown);
        let warning = format!("a reload would lose this job, as it could not be stored: {why}");
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
        if denies_submit {
            // It may yet be written.
            self.denies_submit |= journal.is_silent();
            return true;
        }
        self.take_back().await
    }

    /// Takes out an entry that says that the submit has not left, as it cannot be corrected; whether
    /// there is none any more.
    async fn take_back(&mut self) -> bool {
        let denial = self.of.clone().filter(|_| self.denies_submit);
        let (Some(journal), Some(Which { id, .. })) = (self.journal.clone(), denial) else {
            return true;
        };
        let deleted = self.after_last(journal.store().delete(&id));
        self.denies_submit = journal.ask(deleted).await.is_err();
        // Others than the page's own are never taken at their word.
        !self.denies_submit || !journal.is_own()
    }

    /// Whether the journal has what brings the pictures again.
    pub fn has_pictures(&self) -> bool {
        self.has_pictures
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
        let (Some(journal), Some(of)) = (self.journal.clone(), self.of.clone()) else { return };
        journal::settle(of.clone());
        // Held until then, so that nobody finds the entry.
        let lock = Rc::clone(&self.lock);
        drop(self.after_last(Box::pin(async move {
            let mut is_ours = true;
            if lock.get().is_none() {
                let _ = lock.set(locks::hold(&of.id).await);
                // By now the id may be of a later call.
                is_ours = matches!(journal.entry_of(&of.id).await, Ok(None));
            }
            if is_ours {
                journal.remove(&of).await;
            }
            drop(lock);
            Ok(JsValue::UNDEFINED)
        })));
    }

    /// Tells all who wait for the job too how it ended.
    pub fn announce(&self, outcome: &JsValue) {
        if let Some(Which { id, .. }) = &self.of {
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

/// A storage that cannot be read may have a call of any id.
fn unreadable(thrown: JsValue) -> Failed {
    let why = json::words(&thrown);
    let message = format!(
        "nothing was sent, as the journal cannot be read, which would tell whether a call of this id is \
         unfinished: {why}"
    );
    Failed { error: Error::with(ErrorCode::NotSent, message), thrown: Some(thrown) }
}
