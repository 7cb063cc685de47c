//! The journal: what is kept of each submit until its pictures are delivered.

use std::cell::RefCell;
use std::rc::Rc;

use futures_util::future::{FutureExt, LocalBoxFuture, Shared};
use wasm_bindgen::JsValue;

use super::store::{Answer, Store};
use crate::proto::journal::Stored;
use crate::proto::time::Timestamp;
use crate::web::patience::Patience;
use crate::web::{indexed_db, json};

thread_local! {
    /// Calls that are settled, while a store may still have them.
    static SETTLED: RefCell<Vec<Which>> = const { RefCell::new(Vec::new()) };
    /// The journal in IndexedDB, once it was asked for.
    static OWN: RefCell<Option<Rc<Journal>>> = const { RefCell::new(None) };
}

/// Tells an entry from all others, those of earlier calls of the same id too.
#[derive(Clone, PartialEq)]
pub struct Which {
    /// The call's own id.
    pub id: String,
    /// When the call was made.
    pub called_at: Timestamp,
}

impl Which {
    /// Which entry it is.
    pub fn of(entry: &Stored) -> Self {
        Which { id: entry.id().to_owned(), called_at: entry.called_at() }
    }
}

/// A journal in a store.
pub struct Journal {
    store: Box<dyn Store>,
    patience: Patience,
    /// The reading that has not begun, for all who ask meanwhile, and the one under way.
    next: RefCell<Option<Reading>>,
    current: RefCell<Option<Reading>>,
}

type Reading = Shared<LocalBoxFuture<'static, Result<Rc<Vec<Stored>>, JsValue>>>;

impl Journal {
    /// The journal in that store.
    pub fn new(store: Box<dyn Store>) -> Rc<Self> {
        Rc::new(Journal {
            store,
            patience: Patience::default(),
            next: RefCell::default(),
            current: RefCell::default(),
        })
    }

    /// The page's own, in IndexedDB, where there is one.
    pub fn own() -> Option<Rc<Self>> {
        if !indexed_db::is_there() {
            return None;
        }
        let begin = || Journal::new(Box::new(indexed_db::Store::open()));
        Some(OWN.with_borrow_mut(|own| Rc::clone(own.get_or_insert_with(begin))))
    }

    /// Whether it is the page's own.
    pub fn is_own(&self) -> bool {
        OWN.with_borrow(|own| own.as_ref().is_some_and(|own| std::ptr::eq(&**own, self)))
    }

    /// What it is kept in.
    pub fn store(&self) -> &dyn Store {
        &*self.store
    }

    /// What the store answers, unless that takes too long. The work has a part in the journal: that of
    /// a store which has fallen silent is known for as long as the silence lasts.
    pub async fn ask(self: &Rc<Self>, work: Answer) -> Result<JsValue, JsValue> {
        let journal = Rc::clone(self);
        let work = async move {
            let answer = work.await;
            drop(journal);
            answer
        };
        self.patience.wait_for(work.boxed_local()).await
    }

    /// The entries, of a reading that began after this was called, for all who ask meanwhile.
    pub async fn list(self: &Rc<Self>) -> Result<Rc<Vec<Stored>>, JsValue> {
        let reading = self.next.borrow_mut().get_or_insert_with(|| self.read_next()).clone();
        reading.await
    }

    /// The reading after the one under way.
    fn read_next(self: &Rc<Self>) -> Reading {
        let journal = Rc::clone(self);
        let before = self.current.take();
        let reading = async move {
            if let Some(before) = before {
                let _ = before.await;
            }
            *journal.current.borrow_mut() = journal.next.take();
            journal.read().await
        };
        reading.boxed_local().shared()
    }

    /// The entries, of a reading that begins at once: what later calls keep is not among them.
    pub async fn read(self: &Rc<Self>) -> Result<Rc<Vec<Stored>>, JsValue> {
        let entries = json::items(&self.ask(self.store.list()).await?)?;
        // One that cannot be read hides no other.
        let entries = entries.iter().filter_map(|entry| json::read_all(&entry).ok().flatten());
        let stored = entries.filter_map(Stored::of);
        Ok(Rc::new(stored.filter(|entry| !is_settled(&Which::of(entry))).collect()))
    }

    /// The entry of that id, if there is one.
    pub async fn entry_of(self: &Rc<Self>, id: &str) -> Result<Option<Stored>, JsValue> {
        Ok(self.list().await?.iter().find(|entry| entry.id() == id).cloned())
    }

    /// Whether it did not answer in time, and does not yet: what it was asked may still be done.
    pub fn is_silent(&self) -> bool {
        self.patience.is_exhausted()
    }

    /// Takes out the entry of that id, or of the job of that id at the gateway of that name.
    pub async fn forget(self: &Rc<Self>, gateway: &str, id: &str) {
        let entries = self.list().await.unwrap_or_default();
        for entry in entries.iter() {
            if entry.id() == id || entry.is_of(gateway, id) {
                self.remove(&Which::of(entry)).await;
            }
        }
    }

    /// Takes a settled call out; resolves when it is out, or that has failed: this page, at least, will
    /// not deliver it again.
    pub async fn remove(self: &Rc<Self>, entry: &Which) {
        settle(entry.clone());
        if self.ask(self.store.delete(&entry.id)).await.is_ok() {
            unsettle(entry);
        }
    }
}

/// Notes that a call is settled.
pub fn settle(entry: Which) {
    SETTLED.with_borrow_mut(|settled| settled.push(entry));
}

/// Notes that a call is not settled, or that no store has it any more.
pub fn unsettle(entry: &Which) {
    SETTLED.with_borrow_mut(|settled| settled.retain(|known| known != entry));
}

fn is_settled(entry: &Which) -> bool {
    SETTLED.with_borrow(|settled| settled.contains(entry))
}
