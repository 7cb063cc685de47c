//! Stored entries. All tests share the one database.

use js_sys::JSON;
use wanvas::web::indexed_db::{Store, is_there};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::begun;
use crate::support::page::{pause, replaced, throwing};

#[wasm_bindgen(module = "/tests/web/support/page.js")]
extern "C" {
    #[wasm_bindgen(js_name = deleteDatabase, catch)]
    async fn delete_database() -> Result<JsValue, JsValue>;
    async fn stored() -> JsValue;
    #[wasm_bindgen(js_name = makeAnothers, catch)]
    async fn make_anothers() -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = countingOpens)]
    fn counting_opens() -> JsValue;
    #[wasm_bindgen(js_name = opensOf)]
    fn opens_of(factory: &JsValue) -> u32;
}

/// A store with nothing in it.
async fn empty() -> Store {
    delete_database().await.unwrap();
    Store::open()
}

fn entry(json: &str) -> JsValue {
    JSON::parse(json).unwrap()
}

async fn listed(store: &Store) -> String {
    JSON::stringify(&store.list().await.unwrap()).unwrap().into()
}

#[wasm_bindgen_test]
async fn entries_are_kept_until_they_are_deleted() {
    assert!(is_there());
    let store = empty().await;
    assert_eq!(listed(&store).await, "[]");
    store.put("b", &entry(r#"{"id":"b","job":1}"#)).await.unwrap();
    store.put("a", &entry(r#"{"id":"a"}"#)).await.unwrap();
    store.put("b", &entry(r#"{"id":"b","job":2}"#)).await.unwrap();
    assert_eq!(listed(&store).await, r#"[{"id":"a"},{"id":"b","job":2}]"#);
    assert_eq!(stored().await, r#"{"version":1,"keyPath":null,"keys":["a","b"]}"#);
    let got = JSON::stringify(&store.get("b").await.unwrap()).unwrap();
    assert_eq!(got, r#"{"id":"b","job":2}"#);
    store.delete("b").await.unwrap();
    store.delete("none").await.unwrap();
    assert!(store.get("b").await.unwrap().is_undefined());
    assert_eq!(listed(&Store::open()).await, r#"[{"id":"a"}]"#);
}

#[wasm_bindgen_test]
async fn an_update_reads_what_others_wrote() {
    let store = empty().await;
    let more = |kept: JsValue| JsValue::from(kept.as_string().unwrap_or_default() + "+");
    let updates = (0..20).map(|_| store.update("a", more));
    for updated in futures_util::future::join_all(updates).await {
        updated.unwrap();
    }
    assert_eq!(store.get("a").await.unwrap(), "+".repeat(20).as_str());
}

#[wasm_bindgen_test]
async fn what_is_asked_at_once_is_done_in_that_order() {
    let store = empty().await;
    let number = |index: usize| JsValue::from(index as u32);
    let mut puts: Vec<_> = (0..100).map(|index| store.put("a", &number(index))).collect();
    puts.push(store.put("b", &throwing()));
    let (got, listed) = (store.get("a"), store.list());
    let deleted = store.delete("a");
    let after = store.get("a");
    let puts = futures_util::future::join_all(puts).await;
    assert!(puts[..100].iter().all(Result::is_ok) && puts[100].is_err());
    assert_eq!(got.await.unwrap(), 99);
    assert_eq!(js_sys::Array::from(&listed.await.unwrap()).length(), 1);
    deleted.await.unwrap();
    assert!(after.await.unwrap().is_undefined());
}

#[wasm_bindgen_test]
async fn it_is_opened_once_and_early() {
    delete_database().await.unwrap();
    let factory = counting_opens();
    let _counting = replaced("indexedDB", factory.clone());
    let (store, other) = (Store::open(), Store::open());
    pause(50).await;
    assert_eq!(opens_of(&factory), 1);
    store.put("a", &entry("{}")).await.unwrap();
    assert_eq!(listed(&other).await, "[{}]");
    assert_eq!(opens_of(&factory), 1);
}

#[wasm_bindgen_test]
async fn it_makes_way_and_is_opened_again() {
    let store = empty().await;
    store.put("a", &entry("{}")).await.unwrap();
    delete_database().await.unwrap();
    assert_eq!(listed(&store).await, "[]");
    store.put("b", &entry("{}")).await.unwrap();
    assert_eq!(listed(&store).await, "[{}]");
}

#[wasm_bindgen_test]
async fn what_is_written_is_written_though_nobody_waits() {
    let store = empty().await;
    listed(&store).await;
    let a = entry("{}");
    drop(begun(store.put("a", &a)).await);
    assert_eq!(listed(&store).await, "[{}]");
}

#[wasm_bindgen_test]
async fn to_stop_waiting_for_it_does_no_harm() {
    delete_database().await.unwrap();
    let store = Store::open();
    drop(begun(store.list()).await);
    pause(50).await;
    delete_database().await.unwrap();
    assert_eq!(listed(&store).await, "[]");
}

#[wasm_bindgen_test]
async fn what_cannot_be_stored_is_told_and_does_no_harm() {
    let store = empty().await;
    assert!(store.put("a", &throwing()).await.is_err());
    store.put("a", &entry("{}")).await.unwrap();
    assert_eq!(listed(&store).await, "[{}]");
}

#[wasm_bindgen_test]
async fn anothers_database_is_left_alone() {
    make_anothers().await.unwrap();
    let store = Store::open();
    assert!(store.list().await.is_err());
    assert!(store.put("a", &entry("{}")).await.is_err());
    // Nor is it kept open.
    delete_database().await.unwrap();
    store.put("a", &entry("{}")).await.unwrap();
    assert_eq!(listed(&store).await, "[{}]");
}

#[wasm_bindgen_test]
async fn where_there_is_none_everything_fails() {
    delete_database().await.unwrap();
    let none = replaced("indexedDB", JsValue::UNDEFINED);
    assert!(!is_there());
    let store = Store::open();
    pause(0).await;
    assert!(store.list().await.is_err());
    assert!(store.put("a", &entry("{}")).await.is_err());
    assert!(store.delete("a").await.is_err());
    drop(none);
    assert_eq!(listed(&store).await, "[]");
    delete_database().await.unwrap();
    let refused = replaced("indexedDB.open", throwing());
    assert!(store.list().await.is_err());
    drop(refused);
    assert_eq!(listed(&store).await, "[]");
}
