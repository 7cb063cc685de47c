//! The database, opened when it is first needed.

use std::cell::RefCell;
use std::rc::Rc;

use futures_util::future::{FutureExt, LocalBoxFuture, Shared};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    IdbDatabase, IdbFactory, IdbObjectStore, IdbRequest, IdbTransaction, IdbTransactionMode,
};

use crate::web::life::Undo;
use crate::web::listener::{Listener, first_event};

const DATABASE: &str = "wanvas";
const STORE: &str = "journal";

#[wasm_bindgen]
extern "C" {
    type Global;

    /// Some browsers throw where a page may store nothing.
    #[wasm_bindgen(method, getter, catch, js_name = indexedDB)]
    fn indexed_db(this: &Global) -> Result<Option<IdbFactory>, JsValue>;

    /// A request or a transaction under way.
    type UnderWay;

    /// Why it failed.
    #[wasm_bindgen(method, getter, catch)]
    fn error(this: &UnderWay) -> Result<JsValue, JsValue>;

    /// Of a transaction; an older browser has no such method, and commits a little later.
    #[wasm_bindgen(method, catch)]
    fn commit(this: &UnderWay) -> Result<(), JsValue>;
}

/// The platform's, which may refuse all the same.
pub fn factory() -> Option<IdbFactory> {
    js_sys::global().unchecked_into::<Global>().indexed_db().ok().flatten()
}

/// A transaction, which is kept if it was asked for that, in the turn of the last request at the latest.
pub struct Transaction {
    /// What it is about.
    pub entries: IdbObjectStore,
    handle: IdbTransaction,
    database: Rc<Database>,
}

impl Transaction {
    /// Begins one: at once, the database being open.
    pub async fn begin(mode: IdbTransactionMode) -> Result<Self, JsValue> {
        let database = opened().await?;
        let begun = || {
            let handle = database.handle.transaction_with_str_and_mode(STORE, mode)?;
            let entries = handle.object_store(STORE)?;
            Ok(Transaction { entries, handle, database: Rc::clone(&database) })
        };
        // It may have been closed unasked.
        begun().inspect_err(|_| database.make_way())
    }

    /// Resolves when what was done is kept. One whose request fails is not.
    pub async fn keep(self) -> Result<(), JsValue> {
        // At once: a page that is closed now would take an open transaction along.
        let _ = self.handle.unchecked_ref::<UnderWay>().commit();
        let handle: &JsValue = &self.handle;
        match first_event(&[(handle, "complete"), (handle, "abort")], |_| true).await {
            "complete" => Ok(()),
            _ => {
                self.database.make_way();
                Err(self.handle.unchecked_ref::<UnderWay>().error()?)
            }
        }
    }
}

/// The database, under way or open.
pub type Opening = Shared<LocalBoxFuture<'static, Result<Rc<Database>, JsValue>>>;

thread_local! {
    /// None before it is opened, and after it failed or had to make way.
    static OPENED: RefCell<Option<Opening>> = const { RefCell::new(None) };
}

/// The database, which begins to open now if it is not open.
pub fn opened() -> Opening {
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
pub struct Database {
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
            Listener::add(&handle, event, move |_| close(&database))
        };
        let listeners = [make_way_at("versionchange"), make_way_at("close")];
        let undo = Undo::close(&handle);
        Ok(Database { handle, _listeners: listeners, _undo: undo })
    }

    /// Has the next who needs it open it again.
    fn make_way(&self) {
        close(&self.handle);
    }
}

fn close(database: &IdbDatabase) {
    database.close();
    OPENED.take();
}

/// Resolves with what a request results in.
pub async fn done(request: &IdbRequest) -> Result<JsValue, JsValue> {
    match first_event(&[(request, "success"), (request, "error")], |_| true).await {
        "success" => request.result(),
        _ => Err(request.unchecked_ref::<UnderWay>().error()?),
    }
}
