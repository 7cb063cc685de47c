//! Entries of this origin, kept in IndexedDB.

use std::cell::RefCell;
use std::rc::Rc;

use futures_util::future::{FutureExt, LocalBoxFuture, Shared};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    IdbDatabase, IdbFactory, IdbObjectStore, IdbRequest, IdbTransaction, IdbTransactionMode,
};

use super::life::Undo;
use super::listener::{Listener, first_event};

const DATABASE: &str = "wanvas";
const STORE: &str = "journal";

#[wasm_bindgen]
extern "C" {
    type Global;

    /// Some browsers throw where a page may store nothing.
    #[wasm_bindgen(method, getter, catch, js_name = indexedDB)]
    fn indexed_db(this: &Global) -> Result<Option<IdbFactory>, JsValue>;

    /// A request or a transaction under way.
    type Work;

    /// Why it failed.
    #[wasm_bindgen(method, getter, catch)]
    fn error(this: &Work) -> Result<JsValue, JsValue>;

    /// Of a transaction; an older browser has no such method, and commits a little later.
    #[wasm_bindgen(method, catch)]
    fn commit(this: &Work) -> Result<(), JsValue>;
}

/// Whether the platform has IndexedDB, which may refuse all the same.
pub fn is_there() -> bool {
    factory().is_some()
}

fn factory() -> Option<IdbFactory> {
    js_sys::global().unchecked_into::<Global>().indexed_db().ok().flatten()
}

/// The store for the entries of this origin. What is begun, the database being open, goes on whether
/// or not its future is still there.
#[derive(Clone, Copy, Debug)]
pub struct Store(());

impl Store {
    /// The store, whose database begins to open now.
    pub fn open() -> Self {
        drop(opened());
        Store(())
    }

    /// Stores an entry, plain data, in place of an earlier one of the same id.
    pub fn put(
        &self,
        id: &str,
        entry: &JsValue,
    ) -> impl Future<Output = Result<JsValue, JsValue>> + use<> {
        let (id, entry) = (JsValue::from(id), entry.clone());
        within(
            IdbTransactionMode::Readwrite,
            Box::new(move |entries| entries.put_with_key(&entry, &id)),
        )
    }

    /// The entry of this id; nothing, if there is none.
    pub fn get(&self, id: &str) -> impl Future<Output = Result<JsValue, JsValue>> + use<> {
        let id = JsValue::from(id);
        within(IdbTransactionMode::Readonly, Box::new(move |entries| entries.get(&id)))
    }

    /// Puts what `change` makes of the entry of this id, or of nothing, in its place; nobody else
    /// changes it meanwhile. Dropped before it is done, it may change nothing.
    pub async fn update(
        &self,
        id: &str,
        change: impl FnOnce(JsValue) -> JsValue,
    ) -> Result<(), JsValue> {
        let (database, id) = (opened().await?, JsValue::from(id));
        let updated = async {
            let mode = IdbTransactionMode::Readwrite;
            let transaction = database.handle.transaction_with_str_and_mode(STORE, mode)?;
            let entries = transaction.object_store(STORE)?;
            let entry = done(&entries.get(&id)?).await?;
            entries.put_with_key(&change(entry), &id)?;
            commit(&transaction).await
        };
        let updated = updated.await;
        if updated.is_err() {
            make_way(&database.handle);
        }
        updated
    }

    /// Deletes the entry of this id, if there is one.
    pub fn delete(&self, id: &str) -> impl Future<Output = Result<JsValue, JsValue>> + use<> {
        let id = JsValue::from(id);
        within(IdbTransactionMode::Readwrite, Box::new(move |entries| entries.delete(&id)))
    }

    /// All entries, in an array.
    pub fn list(&self) -> impl Future<Output = Result<JsValue, JsValue>> + use<> {
        within(IdbTransactionMode::Readonly, Box::new(IdbObjectStore::get_all))
    }
}

/// What is asked of the entries.
type Ask = Box<dyn FnOnce(&IdbObjectStore) -> Result<IdbRequest, JsValue>>;

/// Asks in a transaction; resolves with the answer when what was done is kept.
async fn within(mode: IdbTransactionMode, ask: Ask) -> Result<JsValue, JsValue> {
    let database = opened().await?;
    let answered = async {
        let transaction = database.handle.transaction_with_str_and_mode(STORE, mode)?;
        let request = ask(&transaction.object_store(STORE)?)?;
        commit(&transaction).await?;
        request.result()
    };
    let answered = answered.await;
    if answered.is_err() {
        // It may have been closed unasked; the next to need it opens it again.
        make_way(&database.handle);
    }
    answered
}

/// The database, under way or open.
type Opening = Shared<LocalBoxFuture<'static, Result<Rc<Database>, JsValue>>>;

thread_local! {
    /// None before it is opened, and after it failed or had to make way.
    static OPENED: RefCell<Option<Opening>> = const { RefCell::new(None) };
}

fn opened() -> Opening {
    let begin = || {
        let opening = open().boxed_local().shared();
        // To its end, whoever waits for it: a database that nobody has any more is closed.
        spawn_local(opening.clone().map(drop));
        opening
    };
    OPENED.with_borrow_mut(|opened| opened.get_or_insert_with(begin).clone())
}

async fn open() -> Result<Rc<Database>, JsValue> {
    let opened = Database::open().await;
    if opened.is_err() {
        OPENED.take();
    }
    opened.map(Rc::new)
}

/// An open database, closed when dropped.
struct Database {
    handle: IdbDatabase,
    _listeners: [Listener; 2],
    _undo: Undo,
}

impl Database {
    async fn open() -> Result<Self, JsValue> {
        let factory = factory().ok_or_else(|| js_sys::Error::new("there is no IndexedDB"))?;
        let request = factory.open(DATABASE)?;
        // No `Listener`: one that a crash removes would leave a database without the store.
        let upgrade = Closure::<dyn FnMut(JsValue)>::new({
            let request = request.clone();
            move |_| {
                if let Ok(database) = request.result() {
                    let _ = database.unchecked_into::<IdbDatabase>().create_object_store(STORE);
                }
            }
        });
        request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
        let handle: IdbDatabase = done(&request).await?.unchecked_into();
        drop(upgrade);
        if !handle.object_store_names().contains(STORE) {
            // Another's of the same name, who would wait for it for ever.
            handle.close();
            return Err(js_sys::Error::new("the database of this name is not the journal's").into());
        }
        // A page deletes it, or has a later version of it; and some browsers close it unasked.
        let make_way_at = |event| {
            let database = handle.clone();
            Listener::add(&handle, event, move |_| make_way(&database))
        };
        let listeners = [make_way_at("versionchange"), make_way_at("close")];
        let undo = Undo::close(&handle);
        Ok(Database { handle, _listeners: listeners, _undo: undo })
    }
}

/// Closes the database, so that the next who needs it opens it again.
fn make_way(database: &IdbDatabase) {
    database.close();
    OPENED.take();
}

/// Resolves with what a request results in.
async fn done(request: &IdbRequest) -> Result<JsValue, JsValue> {
    match first_event(&[(request, "success"), (request, "error")], |_| true).await {
        "success" => request.result(),
        _ => Err(request.unchecked_ref::<Work>().error()?),
    }
}

/// Resolves when what was done in a transaction is kept. One whose request fails aborts.
async fn commit(transaction: &IdbTransaction) -> Result<(), JsValue> {
    // At once: a page that is closed now would take an open transaction along.
    let _ = transaction.unchecked_ref::<Work>().commit();
    match first_event(&[(transaction, "complete"), (transaction, "abort")], |_| true).await {
        "complete" => Ok(()),
        _ => Err(transaction.unchecked_ref::<Work>().error()?),
    }
}
