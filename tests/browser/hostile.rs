//! What a caller or a gateway may do wrong, and what must not come of it.

use js_sys::{Error, Map, Object, Promise, Reflect};
use serde_json::{Value, json};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    Gateway, KEY, Options, Outcome, PROVIDERS, Recorder, a_fox, answering_fetch, begin_generate,
    endless_fetch, every_text_in, function, generate, parsing_ms, poll_value, set_clock, settled,
    sleep, unreadable_values,
};

#[wasm_bindgen_test]
async fn values_that_cannot_be_read_are_refused_however_often() {
    for _ in 0..400 {
        for value in unreadable_values() {
            let failure = poll_value(&value, &Options::at("vtrix")).await.unwrap_err();
            assert_eq!(failure.code(), "invalid_request", "{failure:?}");
        }
    }
    Gateway::fresh().await;
    generate(a_fox(), &Options::at("aimlapi")).await.unwrap();
}

#[wasm_bindgen_test]
async fn an_answer_of_a_million_values_is_soon_done_with() {
    let items = vec!["{}"; 1_000_000].join(",");
    let text = format!(r#"{{"data":[{items}]}}"#);
    let parsing = parsing_ms(&text);
    let before = js_sys::Date::now();
    let failure = answered(200, &text).await.unwrap_err();
    assert_eq!(failure.code(), "protocol");
    assert!(failure.json["mayHaveBeenCharged"] == true, "{failure:?}");
    // For the engine to read all of it takes far longer than for the page, which cannot but do so.
    let took = js_sys::Date::now() - before;
    assert!(took < 8.0 * parsing + 2_000.0, "{took} ms, and {parsing} to parse it");
}

#[wasm_bindgen_test]
async fn an_answer_without_an_end_is_left() {
    let fetch = endless_fetch();
    let options = Options::at("aimlapi").with("fetch", &fetch);
    let failure = generate(a_fox(), &options).await.unwrap_err();
    assert_eq!(failure.code(), "protocol", "{failure:?}");
    assert_eq!(failure.json["mayHaveBeenCharged"], true);
    let told = Reflect::get(&fetch, &"told".into()).unwrap();
    let bytes = Reflect::get(&told, &"bytes".into()).unwrap().as_f64().unwrap();
    let mebibytes = bytes / 1024.0 / 1024.0;
    assert!((64.0..80.0).contains(&mebibytes), "{mebibytes} MiB");
    assert!(Reflect::get(&told, &"left".into()).unwrap().is_truthy());
}

#[wasm_bindgen_test]
async fn a_time_beyond_all_numbers_costs_no_picture() {
    for seconds in ["9007199254740993", "18446744073709551", "99999999999999999999"] {
        let url = format!("https://pictures.example.com/a.png?Expires={seconds}");
        let text = format!(r#"{{"created": 1e300, "data": [{{"url": "{url}"}}]}}"#);
        let generation = answered(200, &text).await.unwrap();
        assert_eq!(generation["images"][0]["url"], *url);
    }
}

#[wasm_bindgen_test]
async fn a_key_that_is_repeated_at_the_edge_of_what_is_read_is_in_no_error() {
    for edge in [250, 285, 299, 985, 999] {
        let text = format!("{} {KEY} ", "x".repeat(edge));
        for body in [json!({ "message": text }).to_string(), text] {
            let failure = answered(400, &body).await.unwrap_err();
            let told = every_text_in(&failure.thrown);
            assert!(!told.contains("browser-tests") && !told.contains("sk-b"), "{edge}: {told}");
        }
    }
}

#[wasm_bindgen_test]
async fn a_result_in_part_repeats_no_key() {
    let picture = json!({ "url": "https://pictures.example/1.png" });
    let missing = json!({ "code": "InternalError", "message": format!("no worker for {KEY}") });
    let task = json!({
        "id": "t", "status": "completed", "output": [{ "content": [picture, missing] }],
    });
    let fetch = answering_fetch(200, &task.to_string());
    let options = Options::at("vtrix").with("fetch", fetch);
    let result = generate(a_fox(), &options).await.unwrap();
    assert_eq!(result["images"][1]["error"]["code"], "generation_failed");
    assert!(!result.to_string().contains(KEY), "{result}");
}

#[wasm_bindgen_test]
async fn a_listener_whose_promise_is_rejected_does_not_disturb_the_call() {
    Gateway::fresh().await;
    let listener = function(|| Ok(Promise::reject(&Error::new("its own affair")).into()));
    let options = Options::at("vtrix").with("onProgress", listener);
    let result = generate(a_fox(), &options).await.unwrap();
    assert_eq!(result["status"], "succeeded");
}

#[wasm_bindgen_test]
async fn a_key_function_without_an_end_means_that_nothing_was_sent() {
    for provider in PROVIDERS {
        let gateway = Gateway::fresh().await;
        let never = function(|| Ok(Promise::new(&mut |_, _| ()).into()));
        let options = Options::at(provider).with("apiKey", never).with("timeoutMs", 100);
        let failure = generate(a_fox(), &options).await.unwrap_err();
        assert_eq!(failure.code(), "unauthorized", "{failure:?}");
        assert_eq!(failure.json["mayHaveBeenCharged"], false);
        assert!(gateway.requests().await.is_empty());
    }
}

#[wasm_bindgen_test]
async fn what_a_caller_changes_after_the_call_is_not_sent() {
    Gateway::fresh().await;
    let headers = Object::new();
    Reflect::set(&headers, &"x-client-request-id".into(), &"before".into()).unwrap();
    let recorder = Recorder::new();
    let options = Options::at("aimlapi").with("headers", &headers).with("fetch", recorder.fetch());
    let call = begin_generate(a_fox(), &options);
    Reflect::set(&headers, &"x-client-request-id".into(), &"after".into()).unwrap();
    settled(call).await.unwrap();
    assert_eq!(recorder.calls()[0]["headers"]["x-client-request-id"], "before");
}

#[wasm_bindgen_test]
async fn headers_are_taken_as_fetch_takes_them() {
    let gateway = Gateway::fresh().await;
    let headers = Map::new();
    headers.set(&"X-Client-Request-Id".into(), &"a-1".into());
    let options = Options::at("aimlapi").with("headers", &headers);
    generate(a_fox(), &options).await.unwrap();
    let sent = gateway.requests().await;
    assert!(sent.iter().any(|request| names(request).contains(&"x-client-request-id".into())));
    let options = Options::at("aimlapi").with("headers", "x-a: b");
    let failure = generate(a_fox(), &options).await.unwrap_err();
    assert_eq!(failure.json["field"], "headers");
}

#[wasm_bindgen_test]
async fn an_address_that_no_browser_takes_is_refused() {
    for address in ["http://127.0.0.1:99999", "https://a<b", "https://[::", "https://h:1:2"] {
        let options = Options::at("vtrix").with("baseUrl", address);
        let failure = generate(a_fox(), &options).await.unwrap_err();
        assert_eq!(failure.code(), "invalid_request", "{address}");
        assert_eq!(failure.json["field"], "baseUrl", "{address}");
    }
}

#[wasm_bindgen_test]
async fn a_clock_that_is_set_back_does_not_make_the_call_longer() {
    let gateway = Gateway::fresh().await;
    gateway.script(json!({ "on": "submit", "fault": "stuck", "times": 0 })).await;
    for provider in PROVIDERS {
        let options = Options::at(provider).with("timeoutMs", 400);
        let call = begin_generate(a_fox(), &options);
        sleep(100).await;
        set_clock(-3_600_000.0);
        let failure = settled(call).await.unwrap_err();
        set_clock(0.0);
        assert_eq!(failure.code(), "timeout", "{failure:?}");
    }
}

/// What comes of this answer to a submit at AIML API.
async fn answered(status: u16, text: &str) -> Outcome {
    let fetch: JsValue = answering_fetch(status, text);
    generate(a_fox(), &Options::at("aimlapi").with("fetch", fetch)).await
}

fn names(request: &Value) -> Vec<String> {
    let names = request["headers"].as_array().expect("a list");
    names.iter().filter_map(|name| name.as_str().map(str::to_ascii_lowercase)).collect()
}
