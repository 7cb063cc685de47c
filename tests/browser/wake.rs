//! A page that is seen again, or whose network comes back, does not wait for its timers.

use js_sys::Date;
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    Events, Gateway, ListenerWatch, Options, Recorder, a_fox, begin_generate, dispatch, generate,
    settled, sleep,
};

/// Far longer than a test: a check that comes sooner was brought forward.
const INTERVAL_MS: u32 = 60_000;

#[wasm_bindgen_test]
async fn a_page_that_wakes_gets_the_pictures_at_once() {
    for event in ["visibilitychange", "pageshow", "online"] {
        let gateway = Gateway::fresh().await;
        let events = Events::default();
        let options = Options::at("vtrix")
            .with("pollIntervalMs", INTERVAL_MS)
            .with("onProgress", events.listener());
        let call = begin_generate(a_fox(), &options);
        events.until("running").await;
        // Until the job is done.
        sleep(500).await;
        let before = Date::now();
        dispatch(event);
        let result = settled(call).await.unwrap();
        assert_eq!(result["status"], "succeeded", "{event}");
        assert!(Date::now() - before < f64::from(INTERVAL_MS) / 4.0, "{event}");
        assert_eq!(
            gateway.requests().await.iter().filter(|sent| sent["kind"] == "submit").count(),
            1
        );
    }
}

#[wasm_bindgen_test]
async fn many_wakes_are_no_burst_of_checks() {
    let gateway = Gateway::fresh().await;
    gateway.script(json!({ "on": "submit", "fault": "stuck" })).await;
    let events = Events::default();
    let recorder = Recorder::new();
    let options = Options::at("vtrix")
        .with("pollIntervalMs", INTERVAL_MS)
        .with("timeoutMs", 1_500)
        .with("fetch", recorder.fetch())
        .with("onProgress", events.listener());
    let call = begin_generate(a_fox(), &options);
    events.until("running").await;
    for _ in 0..20 {
        dispatch("visibilitychange");
        sleep(20).await;
    }
    settled(call).await.unwrap_err();
    let checks = recorder.sent("GET");
    assert!((1..=2).contains(&checks), "{checks} checks");
}

#[wasm_bindgen_test]
async fn a_wake_while_the_submit_is_under_way_sends_nothing_more() {
    for provider in ["aimlapi", "vtrix"] {
        let gateway = Gateway::fresh().await;
        gateway.script(json!({ "on": "submit", "fault": "delay", "ms": 600 })).await;
        let recorder = Recorder::new();
        let options = Options::at(provider).with("fetch", recorder.fetch());
        let call = begin_generate(a_fox(), &options);
        recorder.until_sent("POST").await;
        for event in ["online", "visibilitychange", "pageshow"] {
            dispatch(event);
        }
        settled(call).await.unwrap();
        assert_eq!(recorder.sent("POST"), 1);
    }
}

#[wasm_bindgen_test]
async fn a_call_that_ends_leaves_no_listener_on_the_page() {
    Gateway::fresh().await;
    let watch = ListenerWatch::new();
    generate(a_fox(), &Options::at("vtrix")).await.unwrap();
    let left = watch.left();
    watch.stop();
    assert_eq!(left, 0);
}
