//! Entries of this origin, kept in IndexedDB.

use std::cell::RefCell;
use std::rc::Rc;

use futures_util::future::{FutureExt, LocalBoxFuture, Shared};
use js_sys::Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{IdbDatabase, IdbFactory, IdbObjectStore, IdbRequest, IdbTransactionMode};

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

    /// Of a request; a transaction has none.
    #[wasm_bindgen(method, getter, catch)]
    fn result(this: &Work) -> Result<JsValue, JsValue>;

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

/// The store for the entries of this origin. An entry is written and deleted whether or not the
/// future is still there.
#[derive(Clone, Copy, Debug)]
pub struct Store(());

impl Store {
    /// The store, whose database begins to open now.
    pub fn open() -> Self {
        drop(opened());
        Store(())
    }

    /// Stores an entry, plain data, in place of an earlier one of the same id.
    pub async fn put(&self, id: &str, entry: &JsValue) -> Result<(), JsValue> {
        change(|entries| entries.put_with_key(entry, &id.into())).await
    }

    /// Deletes the entry of this id, if there is one.
    pub async fn delete(&self, id: &str) -> Result<(), JsValue> {
        change(|entries| entries.delete(&id.into())).await
    }

    /// All entries.
    pub async fn list(&self) -> Result<Array, JsValue> {
        let all = async |entries: IdbObjectStore| done(entries.get_all()?.as_ref()).await;
        within(IdbTransactionMode::Readonly, all).await.map(JsCast::unchecked_into)
    }
}

async fn change(
    act: impl FnOnce(&IdbObjectStore) -> Result<IdbRequest, JsValue>,
) -> Result<(), JsValue> {
    let acted = async |entries: IdbObjectStore| {
        act(&entries)?;
        let transaction: Work = entries.transaction().unchecked_into();
        // At once: a page that is closed now would take an open transaction along.
        let _ = transaction.commit();
        done(&transaction).await
    };
    within(IdbTransactionMode::Readwrite, acted).await.map(drop)
}

/// Does work in a transaction.
async fn within(
    mode: IdbTransactionMode,
    work: impl AsyncFnOnce(IdbObjectStore) -> Result<JsValue, JsValue>,
) -> Result<JsValue, JsValue> {
    let database = opened().await?;
    let worked = async {
        let transaction = database.handle.transaction_with_str_and_mode(STORE, mode)?;
        work(transaction.object_store(STORE)?).await
    };
    let worked = worked.await;
    if worked.is_err() {
        // It may have been closed unasked; the next to need it opens it again.
        make_way(&database.handle);
    }
    worked
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
}

impl Database {
    async fn open() -> Result<Self, JsValue> {
        let factory = factory().ok_or_else(|| js_sys::Error::new("there is no IndexedDB"))?;
        let request = factory.open(DATABASE)?;
        let upgrade = Listener::add(&request, "upgradeneeded", {
            let request = request.clone();
            move |_| {
                if let Ok(database) = request.result() {
                    let _ = database.unchecked_into::<IdbDatabase>().create_object_store(STORE);
                }
            }
        });
        let handle: IdbDatabase = done(&request).await?.unchecked_into();
        drop(upgrade);
        if !handle.object_store_names().contains(STORE) {
            // Another's of the same name, who would wait for it for ever.
            handle.close();
            return Err(js_sys::Error::new("the database of this name is not the journal's").into());
        }
        // A page deletes it, or has a later version of it; and some browsers close it unasked.
        let listeners = ["versionchange", "close"].map(|event| {
            let database = handle.clone();
            Listener::add(&handle, event, move |_| make_way(&database))
        });
        Ok(Database { handle, _listeners: listeners })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.handle.close();
    }
}

/// Closes the database, so that the next who needs it opens it again.
fn make_way(database: &IdbDatabase) {
    database.close();
    OPENED.take();
}

/// Resolves with the result of a request, or when a transaction is done.
async fn done(work: &JsValue) -> Result<JsValue, JsValue> {
    let events = ["success", "complete", "error", "abort"].map(|event| (work, event));
    let event = first_event(events, |_| true).await;
    let work: &Work = work.unchecked_ref();
    match event {
        "success" | "complete" => work.result(),
        _ => Err(work.error()?),
    }
}
