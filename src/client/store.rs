//! What a journal is kept in.

use futures_util::future::{FutureExt, LocalBoxFuture};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

use crate::proto::journal::Entry;
use crate::web::indexed_db;

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

/// An entry as it is stored: plain data.
pub fn stored(entry: &Entry) -> JsValue {
    entry.serialize(&Serializer::json_compatible()).unwrap_or_default()
}

impl Store for indexed_db::Store {
    fn put(&self, entry: &Entry) -> Answer {
        indexed_db::Store::put(self, &entry.id, &stored(entry)).boxed_local()
    }

    fn delete(&self, id: &str) -> Answer {
        indexed_db::Store::delete(self, id).boxed_local()
    }

    fn list(&self) -> Answer {
        indexed_db::Store::list(self).boxed_local()
    }
}
