//! Entries of this origin, kept in IndexedDB.

mod database;

use std::cell::{Cell, RefCell};

use futures_channel::oneshot;
use futures_util::future::{FutureExt, LocalBoxFuture};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::{IdbObjectStore, IdbRequest, IdbTransactionMode};

use self::database::Transaction;

/// So many questions share a transaction at most: more would keep the page busy.
const MAX_GROUP: usize = 32;

/// What is answered, in its own time.
pub type Answer = LocalBoxFuture<'static, Result<JsValue, JsValue>>;

/// Whether the platform has IndexedDB, which may refuse all the same.
pub fn is_there() -> bool {
    database::factory().is_some()
}

/// The store for the entries of this origin. What is asked of it is done, in that order, whether or not
/// the answer is awaited.
#[derive(Clone, Copy, Debug)]
pub struct Store(());

impl Store {
    /// The store, whose database begins to open now.
    pub fn open() -> Self {
        drop(database::opened());
        Store(())
    }

    /// Stores an entry, plain data, in place of an earlier one of the same id.
    pub fn put(&self, id: &str, entry: &JsValue) -> Answer {
        let (id, entry) = (JsValue::from(id), entry.clone());
        ask(true, move |entries| entries.put_with_key(&entry, &id))
    }

    /// The entry of this id; nothing, if there is none.
    pub fn get(&self, id: &str) -> Answer {
        let id = JsValue::from(id);
        ask(false, move |entries| entries.get(&id))
    }

    /// Deletes the entry of this id, if there is one.
    pub fn delete(&self, id: &str) -> Answer {
        let id = JsValue::from(id);
        ask(true, move |entries| entries.delete(&id))
    }

    /// All entries, in an array.
    pub fn list(&self) -> Answer {
        ask(false, IdbObjectStore::get_all)
    }

    /// Puts what `change` makes of the entry of this id, or of nothing, in its place; nobody else
    /// changes it meanwhile. Dropped before it is done, it may change nothing.
    pub async fn update(
        &self,
        id: &str,
        change: impl FnOnce(JsValue) -> JsValue,
    ) -> Result<(), JsValue> {
        let id = JsValue::from(id);
        let transaction = Transaction::begin(IdbTransactionMode::Readwrite).await?;
        let entry = database::done(&transaction.entries.get(&id)?).await?;
        transaction.entries.put_with_key(&change(entry), &id)?;
        transaction.keep().await
    }
}

type Question = Box<dyn FnOnce(&IdbObjectStore) -> Result<IdbRequest, JsValue>>;
type Asker = oneshot::Sender<Result<JsValue, JsValue>>;

/// A question, and who waits for its answer.
struct Asked {
    writes: bool,
    question: Question,
    asker: Asker,
}

thread_local! {
    /// What is in no transaction yet.
    static ASKED: RefCell<Vec<Asked>> = const { RefCell::new(Vec::new()) };
    /// Whether somebody answers.
    static IS_ANSWERED: Cell<bool> = const { Cell::new(false) };
}

/// Asks something of the entries; resolves with the answer when what was done is kept.
fn ask(
    writes: bool,
    question: impl FnOnce(&IdbObjectStore) -> Result<IdbRequest, JsValue> + 'static,
) -> Answer {
    let (asker, answer) = oneshot::channel();
    let asked = Asked { writes, question: Box::new(question), asker };
    ASKED.with_borrow_mut(|all| all.push(asked));
    if !IS_ANSWERED.replace(true) {
        spawn_local(answer_all());
    }
    async { answer.await.unwrap_or_else(|_| Err(JsValue::UNDEFINED)) }.boxed_local()
}

/// Answers in one transaction after the other, as transactions on one store wait for each other anyway.
/// What is asked meanwhile shares the next: to begin and to keep one costs more than what is done in it.
async fn answer_all() {
    loop {
        let group: Vec<_> = ASKED.with_borrow_mut(|all| {
            let size = all.len().min(MAX_GROUP);
            all.drain(..size).collect()
        });
        if group.is_empty() {
            return IS_ANSWERED.set(false);
        }
        answer(group).await;
    }
}

async fn answer(group: Vec<Asked>) {
    let writes = group.iter().any(|asked| asked.writes);
    let mode = if writes { IdbTransactionMode::Readwrite } else { IdbTransactionMode::Readonly };
    // Who does not wait any more needs no answer.
    let tell = |asker: Asker, answer| drop(asker.send(answer));
    let transaction = Transaction::begin(mode).await;
    let mut begun = Vec::new();
    for Asked { question, asker, .. } in group {
        let request = match &transaction {
            Ok(transaction) => question(&transaction.entries),
            Err(thrown) => Err(thrown.clone()),
        };
        match request {
            Ok(request) => begun.push((request, asker)),
            Err(thrown) => tell(asker, Err(thrown)),
        }
    }
    let Ok(transaction) = transaction else { return };
    let kept = transaction.keep().await;
    for (request, asker) in begun {
        tell(asker, kept.clone().and_then(|()| request.result()));
    }
}
