//! What a journal is kept in.

use futures_util::future::{FutureExt, LocalBoxFuture};
use wasm_bindgen::JsValue;

use crate::proto::journal::Entry;
use crate::web::indexed_db;
use crate::web::json::to_js;

/// What a store answers, in its own time.
pub type Answer = LocalBoxFuture<'static, Result<JsValue, JsValue>>;

/// A store of entries by their ids. What it throws costs no picture.
pub trait Store {
    /// Adds an entry, or replaces the one of the same id.
    fn put(&self, entry: &Entry) -> Answer;

    /// Removes the entry of that id, if there is one.
    fn delete(&self, id: &str) -> Answer;

    /// All entries, in an array of any order.
    fn list(&self) -> Answer;
}

impl Store for indexed_db::Store {
    fn put(&self, entry: &Entry) -> Answer {
        indexed_db::Store::put(self, &entry.id, &to_js(entry)).boxed_local()
    }

    fn delete(&self, id: &str) -> Answer {
        indexed_db::Store::delete(self, id).boxed_local()
    }

    fn list(&self) -> Answer {
        indexed_db::Store::list(self).boxed_local()
    }
}
