//! What a journal is kept in.

use futures_util::future::{FutureExt, LocalBoxFuture};
use serde::Serialize;
use serde_json::Value;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

use crate::proto::journal::Entry;
use crate::web::{indexed_db, json};

/// A store of entries by their ids. What it throws costs no picture.
pub trait Store {
    /// Adds an entry, or replaces the one of the same id.
    fn put(&self, entry: &Entry) -> LocalBoxFuture<'static, Result<(), JsValue>>;

    /// Removes the entry of that id, if there is one.
    fn delete(&self, id: &str) -> LocalBoxFuture<'static, Result<(), JsValue>>;

    /// All entries, in any order.
    fn list(&self) -> LocalBoxFuture<'static, Result<Vec<Value>, JsValue>>;
}

/// An entry as it is stored: plain data.
pub fn stored(entry: &Entry) -> JsValue {
    entry.serialize(&Serializer::json_compatible()).unwrap_or_default()
}

impl Store for indexed_db::Store {
    fn put(&self, entry: &Entry) -> LocalBoxFuture<'static, Result<(), JsValue>> {
        indexed_db::Store::put(self, &entry.id, &stored(entry)).boxed_local()
    }

    fn delete(&self, id: &str) -> LocalBoxFuture<'static, Result<(), JsValue>> {
        indexed_db::Store::delete(self, id).boxed_local()
    }

    fn list(&self) -> LocalBoxFuture<'static, Result<Vec<Value>, JsValue>> {
        let store = *self;
        Box::pin(async move {
            let entries = store.list().await?;
            Ok(entries.iter().filter_map(|entry| json::read(&entry).ok()).collect())
        })
    }
}
