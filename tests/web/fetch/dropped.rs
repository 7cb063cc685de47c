//! What is left when nobody waits any more: nothing.

use js_sys::{Function, JSON};
use wanvas::web::fetch::send;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{aborted, fetch, get};
use crate::support::page::{ListenerWatch, TimerWatch, dispatch, page, replaced};
use crate::support::{begun, is_pending};

#[wasm_bindgen_test]
async fn a_request_that_is_dropped_is_given_up() {
    let listeners = ListenerWatch::of_page();
    let fetch = fetch(
        "return new Promise((_, reject) => {
            init.signal.addEventListener('abort', () => reject(init.signal.reason));
        })",
    );
    let request = get();
    let answer = begun(send(&fetch, &request, None, || ())).await;
    assert_eq!((aborted(&fetch).as_str(), listeners.left()), ("[false]", 2));
    drop(answer);
    assert_eq!((aborted(&fetch).as_str(), listeners.left()), ("[true]", 0));
}

#[wasm_bindgen_test]
async fn a_body_that_is_dropped_is_read_no_more() {
    let told = js_sys::Object::new();
    let _told = replaced("told", told.clone());
    let fetch = fetch(
        "const stream = new ReadableStream({ cancel() { told.cancelled = true } });
        return { status: 200, body: stream }",
    );
    let request = get();
    let mut answer = begun(send(&fetch, &request, None, || ())).await;
    assert!(is_pending(&mut answer, 20).await);
    drop(answer);
    assert_eq!(JSON::stringify(&told).unwrap(), r#"{"cancelled":true}"#);
    assert_eq!(aborted(&fetch), "[true]");
}

#[wasm_bindgen_test]
async fn what_fails_while_the_page_is_left_is_not_told() {
    let listeners = ListenerWatch::of_page();
    let timers = TimerWatch::start();
    let fetch = fetch("return new Promise((_, reject) => { globalThis.fail = reject; })");
    let request = get();
    let mut answer = begun(send(&fetch, &request, None, || ())).await;
    dispatch(&page(), "beforeunload");
    Function::new_no_args("fail(7)").call0(&JsValue::UNDEFINED).unwrap();
    assert!(is_pending(&mut answer, 20).await);
    assert_eq!((listeners.left(), timers.left()), (2, 1));
    drop(answer);
    assert_eq!((listeners.left(), timers.left()), (0, 0));
    assert_eq!(aborted(&fetch), "[true]");
}
