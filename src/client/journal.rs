//! The journal: what is kept of each submit until its pictures are delivered.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use futures_channel::oneshot;
use futures_util::future::{Either, FutureExt, LocalBoxFuture, Shared, select};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::store::Store;
use crate::proto::journal::Stored;
use crate::web::timer;

/// How long storage may take; then the call goes on without it.
const PATIENCE: Duration = Duration::from_secs(2);

thread_local! {
    /// Ids whose jobs are settled, while a store may still have them.
    static SETTLED: RefCell<BTreeSet<String>> = RefCell::default();
}

/// A journal in a store.
pub struct Journal {
    store: Box<dyn Store>,
    /// Whether the store did not answer in time: nobody waits for it again until it does. WebKit's
    /// IndexedDB falls silent for good where a worker is terminated while it writes.
    is_silent: Cell<bool>,
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
            is_silent: Cell::new(false),
            next: RefCell::default(),
            current: RefCell::default(),
        })
    }

    /// What it is kept in.
    pub fn store(&self) -> &dyn Store {
        &*self.store
    }

    /// The entries, of a reading that began after this was called.
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
            let entries = journal.in_time(journal.store.list()).await?;
            let stored = entries.into_iter().filter_map(Stored::of);
            Ok(Rc::new(stored.filter(|entry| !is_settled(entry.id())).collect()))
        };
        reading.boxed_local().shared()
    }

    /// Takes a settled job out; resolves when it is out, or that has failed: this page, at least, will
    /// not deliver it again.
    pub async fn remove(self: &Rc<Self>, id: &str) {
        settle(id);
        if self.in_time(self.store.delete(id)).await.is_ok() {
            unsettle(id);
        }
    }

    /// What the store answers, unless it takes too long.
    pub async fn in_time<T: 'static>(
        self: &Rc<Self>,
        work: impl Future<Output = Result<T, JsValue>> + 'static,
    ) -> Result<T, JsValue> {
        let (sender, answer) = oneshot::channel();
        let journal = Rc::clone(self);
        // To its end, also when nobody waits any more: a late answer ends the silence.
        spawn_local(async move {
            let result = work.await;
            journal.is_silent.set(false);
            let _ = sender.send(result);
        });
        let patience = if self.is_silent.get() { Duration::ZERO } else { PATIENCE };
        match select(answer, Box::pin(timer::sleep(patience))).await {
            Either::Left((Ok(result), _)) => result,
            _ => {
                self.is_silent.set(true);
                Err(js_sys::Error::new("the storage does not answer").into())
            }
        }
    }
}

/// Notes that a job is settled.
pub fn settle(id: &str) {
    SETTLED.with_borrow_mut(|settled| settled.insert(id.to_owned()));
}

/// Notes that an id is of a job that is not settled, or that no store has any more.
pub fn unsettle(id: &str) {
    SETTLED.with_borrow_mut(|settled| settled.remove(id));
}

fn is_settled(id: &str) -> bool {
    SETTLED.with_borrow(|settled| settled.contains(id))
}
