//! Locks.

use wanvas::web::locks::{Held, hold, try_hold};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::page::{Replaced, pause, replaced, throwing};
use crate::support::{begun, is_pending};

#[wasm_bindgen(module = "/tests/web/support/page.js")]
extern "C" {
    #[wasm_bindgen(js_name = lockCounts)]
    async fn lock_counts() -> JsValue;
    #[wasm_bindgen(js_name = heldByAnother)]
    async fn held_by_another(name: &str) -> JsValue;
    #[wasm_bindgen(js_name = refusingLocks)]
    fn refusing_locks() -> JsValue;
    #[wasm_bindgen(js_name = senselessLocks)]
    fn senseless_locks() -> JsValue;

    type Unhandled;
    #[wasm_bindgen(constructor)]
    fn new() -> Unhandled;
    #[wasm_bindgen(method, getter)]
    fn seen(this: &Unhandled) -> u32;
    #[wasm_bindgen(method)]
    fn stop(this: &Unhandled);
}

/// How many are held, and how many waited for, when what was just done has come to the browser.
async fn counts() -> [u32; 2] {
    pause(20).await;
    let counts: js_sys::Array = lock_counts().await.unchecked_into();
    [0, 1].map(|index| counts.get(index).as_f64().unwrap() as u32)
}

#[wasm_bindgen_test]
async fn one_has_it_after_the_other() {
    let first = hold("order").await;
    let mut second = begun(hold("order")).await;
    let mut third = begun(hold("order")).await;
    assert_eq!(counts().await, [1, 2]);
    assert!(is_pending(&mut second, 0).await && is_pending(&mut third, 0).await);
    drop(first);
    let second = second.await;
    assert!(is_pending(&mut third, 20).await);
    drop(second);
    drop(third.await);
    assert_eq!(counts().await, [0, 0]);
}

#[wasm_bindgen_test]
async fn another_id_is_another_lock() {
    let _one = hold("one").await;
    let _other = hold("other").await;
    assert_eq!(counts().await, [2, 0]);
}

#[wasm_bindgen_test]
async fn it_is_the_origins() {
    let release = held_by_another("wanvas/1 origin").await;
    let mut held = begun(hold("origin")).await;
    assert!(is_pending(&mut held, 20).await);
    release.unchecked_into::<js_sys::Function>().call0(&JsValue::UNDEFINED).unwrap();
    drop(held.await);
    assert_eq!(counts().await, [0, 0]);
}

#[wasm_bindgen_test]
async fn who_waits_no_more_is_no_longer_in_line() {
    let unhandled = Unhandled::new();
    let held = hold("given up").await;
    let waiting = begun(hold("given up")).await;
    assert_eq!(counts().await, [1, 1]);
    drop(waiting);
    assert_eq!(counts().await, [1, 0]);
    drop(held);
    assert_eq!(counts().await, [0, 0]);
    unhandled.stop();
    assert_eq!(unhandled.seen(), 0);
}

/// The browser grants it in the midst of the drop, a little before or a little after.
#[wasm_bindgen_test]
async fn a_lock_that_was_just_granted_is_released() {
    let unhandled = Unhandled::new();
    for ms in 0..20 {
        let waiting = begun(hold("race")).await;
        if ms > 0 {
            pause(ms / 4).await;
        }
        drop(waiting);
    }
    assert_eq!(counts().await, [0, 0]);
    drop(hold("race").await);
    let held = hold("race").await;
    let waiting = begun(hold("race")).await;
    drop(held);
    drop(waiting);
    assert_eq!(counts().await, [0, 0]);
    unhandled.stop();
    assert_eq!(unhandled.seen(), 0);
}

fn without_locks() -> Replaced {
    replaced("navigator.locks", JsValue::UNDEFINED)
}

async fn in_order_within_the_page(id: &str) {
    let first = hold(id).await;
    let mut second = begun(hold(id)).await;
    let given_up = begun(hold(id)).await;
    let mut last = begun(hold(id)).await;
    assert!(is_pending(&mut second, 5).await && is_pending(&mut last, 5).await);
    drop(given_up);
    drop(first);
    let second: Held = second.await;
    assert!(is_pending(&mut last, 5).await);
    drop(second);
    drop(last.await);
    drop(hold(id).await);
}

#[wasm_bindgen_test]
async fn without_locks_the_calls_of_a_page_wait_for_each_other() {
    let _none = without_locks();
    in_order_within_the_page("none").await;
}

#[wasm_bindgen_test]
async fn where_locks_are_refused_too() {
    let unhandled = Unhandled::new();
    for locks in [refusing_locks(), senseless_locks(), js_sys::Object::new().into()] {
        let _locks = replaced("navigator.locks", locks);
        in_order_within_the_page("refused").await;
    }
    let _throwing = replaced("navigator.locks.request", throwing());
    in_order_within_the_page("throwing").await;
    unhandled.stop();
    assert_eq!(unhandled.seen(), 0);
}

#[wasm_bindgen_test]
async fn the_page_releases_what_was_just_granted() {
    let _none = without_locks();
    let held = hold("page race").await;
    let second = begun(hold("page race")).await;
    let third = begun(hold("page race")).await;
    drop(held);
    drop(second);
    drop(third.await);
    drop(hold("page race").await);
}

/// Whether it is had at once.
async fn is_free(id: &str) -> bool {
    try_hold(id).await.is_some()
}

#[wasm_bindgen_test]
async fn one_that_is_free_is_had_at_once_and_no_other() {
    let release = held_by_another("wanvas/1 taken").await;
    assert!(!is_free("taken").await);
    release.unchecked_into::<js_sys::Function>().call0(&JsValue::UNDEFINED).unwrap();
    let held = try_hold("free").await;
    assert!(held.is_some() && !is_free("free").await);
    drop(held);
    assert_eq!(counts().await, [0, 0]);
    assert!(is_free("free").await);
    let _none = without_locks();
    let held = try_hold("free").await;
    assert!(held.is_some() && !is_free("free").await);
    drop(held);
    assert!(is_free("free").await);
}
