//! Errors as a page meets them: before anything is sent, as values, and of the engine.

use serde_json::{Value, json};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    Failure, Gateway, Options, PROVIDERS, Recorder, a_fox, check, every_text_in, function,
    generate, is_own_error, nearest_size, poll,
};

#[wasm_bindgen_test]
async fn a_bad_request_names_its_member_and_sends_nothing() {
    for provider in PROVIDERS {
        for (member, value) in [
            ("prompt", json!("")),
            ("prompt", json!("   ")),
            ("prompt", json!("x".repeat(2001))),
            ("prompt", json!(7)),
            ("negativePrompt", json!("x".repeat(501))),
            ("count", json!(0)),
            ("count", json!(5)),
            ("count", json!(1.5)),
            ("count", json!("2")),
            ("seed", json!(-1)),
            ("seed", json!(2_147_483_648_u64)),
            ("size", json!("huge")),
            ("size", json!({ "width": 1280 })),
            ("enhancePrompt", json!("yes")),
            ("watermark", json!(1)),
            ("promt", json!("a typing error")),
        ] {
            let mut request = a_fox();
            request[member] = value.clone();
            let failure = refused(request, Options::at(provider)).await;
            assert_eq!(failure.json["field"], member, "{value}: {failure:?}");
        }
    }
}

#[wasm_bindgen_test]
async fn a_request_that_is_no_object_is_refused() {
    for request in [Value::Null, json!("a red fox"), json!([]), json!({})] {
        refused(request, Options::at("vtrix")).await;
    }
}

#[wasm_bindgen_test]
async fn a_bad_option_names_itself_and_sends_nothing() {
    for (member, value) in [
        ("provider", JsValue::from("elsewhere")),
        ("provider", JsValue::UNDEFINED),
        ("apiKey", "two words".into()),
        ("apiKey", "".into()),
        ("baseUrl", "ftp://127.0.0.1".into()),
        ("baseUrl", "https://user:word@gateway.example".into()),
        ("model", 7.into()),
        ("wait", "no".into()),
        ("timeoutMs", 0.into()),
        ("timeoutMs", f64::NAN.into()),
        ("pollIntervalMs", 0.into()),
        ("signal", "stop".into()),
        ("onProgress", 1.into()),
        ("headers", "none".into()),
        ("timeout", 5.into()),
    ] {
        let failure = refused(a_fox(), Options::at("vtrix").with(member, &value)).await;
        assert_eq!(failure.json["field"], member, "{value:?}: {failure:?}");
    }
}

#[wasm_bindgen_test]
async fn an_address_that_no_browser_can_ask_is_refused() {
    for url in ["https://256.256.256.256", "https://[:::]", "https://host:99999"] {
        let options = Options::at("vtrix").with("baseUrl", url);
        assert_eq!(refused(a_fox(), options).await.json["field"], "baseUrl", "{url}");
    }
}

#[wasm_bindgen_test]
async fn what_passes_the_check_is_not_sent_by_it() {
    let gateway = Gateway::fresh().await;
    for provider in PROVIDERS {
        check(&a_fox(), &Options::at(provider)).await.unwrap();
    }
    assert!(gateway.requests().await.is_empty());
}

#[wasm_bindgen_test]
async fn a_fetch_that_is_no_function_is_refused() {
    let gateway = Gateway::fresh().await;
    let options = Options::at("vtrix").with("fetch", "fetch");
    let failure = generate(a_fox(), &options).await.unwrap_err();
    assert_eq!(failure.json["field"], "fetch", "{failure:?}");
    assert!(gateway.requests().await.is_empty());
}

#[wasm_bindgen_test]
async fn a_bad_handle_is_refused() {
    let good = json!({
        "provider": "vtrix", "id": "7", "model": "m", "submittedAt": 1_700_000_000_000_u64,
        "count": 1,
    });
    for (member, value, field) in [
        ("id", Value::Null, "job"),
        ("provider", json!("elsewhere"), "job"),
        ("provider", json!("aimlapi"), "provider"),
        ("count", json!(9), "job"),
        ("submittedAt", json!("today"), "job"),
    ] {
        let gateway = Gateway::fresh().await;
        let mut job = good.clone();
        job[member] = value;
        let failure = poll(&job, &Options::at("vtrix")).await.unwrap_err();
        assert_eq!(failure.code(), "invalid_request", "{member}");
        assert_eq!(failure.json["field"], field, "{member}: {failure:?}");
        assert!(gateway.requests().await.is_empty(), "{member}");
    }
}

#[wasm_bindgen_test]
async fn a_size_that_is_not_possible_comes_with_the_nearest_that_is() {
    for provider in PROVIDERS {
        let size = json!({ "width": 3000, "height": 1500 });
        let request = json!({ "prompt": "a red fox", "size": size });
        let suggestion = refused(request, Options::at(provider)).await.json["suggestion"].clone();
        let nearest = nearest_size(provider, size).await.unwrap();
        assert_eq!(suggestion, nearest, "{provider}");
        let request = json!({ "prompt": "a red fox", "size": suggestion });
        generate(request, &Options::at(provider)).await.unwrap();
    }
}

#[wasm_bindgen_test]
async fn an_error_is_an_instance_of_the_exported_class_and_plain_as_json() {
    let failure = refused(json!({ "prompt": "" }), Options::at("vtrix")).await;
    assert!(is_own_error(&failure.thrown));
    assert!(every_text_in(&failure.thrown).starts_with("WanvasError: "));
    let message = js_sys::Error::from(failure.thrown.clone()).message();
    assert_eq!(failure.json["name"], "WanvasError");
    assert_eq!(failure.json["message"], String::from(message));
    assert_eq!(failure.json["code"], "invalid_request");
    assert_eq!(failure.json["retryable"], false);
    assert_eq!(failure.json["mayHaveBeenCharged"], false);
}

#[wasm_bindgen_test]
async fn a_progress_listener_that_throws_does_not_break_the_call() {
    let gateway = Gateway::fresh().await;
    let listener = function(|| Err(js_sys::Error::new("the listener's own affair").into()));
    let options = Options::at("vtrix").with("onProgress", listener);
    let result = generate(a_fox(), &options).await.unwrap();
    assert_eq!(result["status"], "succeeded");
    assert_eq!(gateway.arrived("submit").await.len(), 1);
}

/// A call that is refused before anything is sent.
async fn refused(request: Value, options: Options) -> Failure {
    let gateway = Gateway::fresh().await;
    let recorder = Recorder::new();
    let options = options.with("fetch", recorder.fetch());
    let checked = check(&request, &options).await;
    let outcome = generate(request.clone(), &options).await;
    let failure = outcome.expect_err(&request.to_string());
    assert_eq!(checked.expect_err("the same").json, failure.json, "{request}");
    assert_eq!(failure.code(), "invalid_request", "{failure:?}");
    assert_eq!(failure.json["mayHaveBeenCharged"], false, "{failure:?}");
    assert!(recorder.calls().is_empty(), "{request}: nothing is sent");
    assert!(gateway.requests().await.is_empty(), "{request}: nothing arrives");
    failure
}
