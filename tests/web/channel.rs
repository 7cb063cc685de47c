//! What tabs and calls tell each other.

use js_sys::{JSON, Reflect};
use wanvas::web::channel::{announce, listen};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::page::{pause, replaced, throwing};
use crate::support::{begun, is_pending};

#[wasm_bindgen(module = "/tests/web/support/page.js")]
extern "C" {
    #[wasm_bindgen(variadic)]
    async fn say(messages: Vec<JsValue>);
    #[wasm_bindgen(js_name = countingChannel)]
    fn counting_channel() -> JsValue;
}

fn outcome(json: &str) -> JsValue {
    JSON::parse(json).unwrap()
}

fn text(value: &JsValue) -> String {
    JSON::stringify(value).unwrap().into()
}

#[wasm_bindgen_test]
async fn each_hears_of_its_own_job() {
    let listener = listen();
    let one = listener.outcome_of("one");
    let same = listener.outcome_of("one");
    let mut none = begun(listener.outcome_of("none")).await;
    let other = listener.outcome_of("other");
    announce("other", &outcome(r#"{"error":{"code":"timeout"}}"#));
    announce("one", &outcome(r#"{"generation":{"images":[]}}"#));
    assert_eq!(text(&one.await), r#"{"generation":{"images":[]}}"#);
    assert_eq!(text(&same.await), r#"{"generation":{"images":[]}}"#);
    assert_eq!(text(&other.await), r#"{"error":{"code":"timeout"}}"#);
    assert!(is_pending(&mut none, 20).await);
}

#[wasm_bindgen_test]
async fn it_is_heard_before_it_is_waited_for() {
    let listener = listen();
    let told = listener.outcome_of("early");
    announce("early", &outcome(r#"{"error":{}}"#));
    pause(50).await;
    assert_eq!(text(&told.await), r#"{"error":{}}"#);
}

#[wasm_bindgen_test]
async fn what_is_no_outcome_is_not_heard() {
    let listener = listen();
    let mut told = begun(listener.outcome_of("job")).await;
    let others = [
        "null",
        "7",
        "{}",
        r#"{"id":"job"}"#,
        r#"{"id":"job","outcome":null}"#,
        r#"{"id":"job","outcome":{}}"#,
        r#"{"id":7,"outcome":{"error":{}}}"#,
    ];
    say(others.map(outcome).to_vec()).await;
    assert!(is_pending(&mut told, 0).await);
}

#[wasm_bindgen_test]
async fn who_has_given_up_is_not_told() {
    let listener = listen();
    drop(begun(listener.outcome_of("job")).await);
    let told = listener.outcome_of("job");
    announce("job", &outcome(r#"{"error":{}}"#));
    told.await;
}

#[wasm_bindgen_test]
async fn no_channel_is_left_open() {
    let class = counting_channel();
    let _counting = replaced("BroadcastChannel", class.clone());
    let open = || Reflect::get(&class, &"open".into()).unwrap().as_f64();
    let listener = listen();
    assert_eq!(open(), Some(1.0));
    let told = listener.outcome_of("job");
    announce("job", &outcome(r#"{"error":{}}"#));
    // What cannot be cloned cannot be told.
    announce("job", &throwing());
    assert_eq!(open(), Some(1.0));
    told.await;
    drop(listener);
    assert_eq!(open(), Some(0.0));
}

#[wasm_bindgen_test]
async fn without_a_channel_nothing_is_heard() {
    for channel in [JsValue::UNDEFINED, throwing().into()] {
        let _none = replaced("BroadcastChannel", channel);
        let listener = listen();
        announce("job", &outcome(r#"{"error":{}}"#));
        assert!(is_pending(&mut begun(listener.outcome_of("job")).await, 20).await);
    }
}
