//! Where the key goes, and where neither key nor prompt may go.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Error, Promise};
use serde_json::{Value, json};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{console_log, wasm_bindgen_test};

use crate::support::{
    ConsoleWatch, GATEWAY, Gateway, KEY, Options, PROVIDERS, Recorder, SAME_GATEWAY_OTHER_ORIGIN,
    a_fox, every_text_in, function, generate, is_over_http, poll, reachable, sleep, stored,
};

const PROMPT: &str = "a secret garden behind the wall";

#[wasm_bindgen_test]
async fn an_error_repeats_neither_key_nor_prompt_although_the_gateway_does() {
    let message = format!("bad key {KEY} for {PROMPT}");
    let body = json!({
        "message": message, "code": KEY, "requestId": KEY,
        "error": { "message": message, "code": PROMPT }, "request_id": PROMPT,
    });
    for provider in PROVIDERS {
        for status in [400, 401, 402, 403, 404, 429, 500] {
            let gateway = Gateway::fresh().await;
            let fault = json!({ "on": "submit", "fault": "answer", "status": status });
            for text in [json!({ "body": body }), json!({ "text": message })] {
                let mut fault = fault.clone();
                fault.as_object_mut().unwrap().extend(text.as_object().unwrap().clone());
                gateway.script(fault).await;
                let request = json!({ "prompt": PROMPT });
                let options = Options::hasty(provider);
                let failure = generate(request, &options).await.unwrap_err();
                let text = every_text_in(&failure.thrown);
                assert!(text.contains("WanvasError"), "{text}");
                assert!(!text.contains(KEY), "{provider} {status}: {text}");
                assert!(!text.contains(PROMPT), "{provider} {status}: {text}");
            }
        }
    }
}

#[wasm_bindgen_test]
async fn a_failed_job_repeats_neither_key_nor_prompt() {
    let gateway = Gateway::fresh().await;
    let message = format!("{PROMPT} by {KEY}");
    let fault = json!({ "on": "submit", "fault": "failed", "code": KEY, "message": message });
    gateway.script(fault).await;
    let request = json!({ "prompt": PROMPT });
    let failure = generate(request, &Options::at("vtrix")).await.unwrap_err();
    assert_eq!(failure.code(), "generation_failed");
    let text = every_text_in(&failure.thrown);
    assert!(!text.contains(KEY) && !text.contains(PROMPT), "{text}");
}

#[wasm_bindgen_test]
async fn the_key_is_in_no_address_and_no_body() {
    for provider in PROVIDERS {
        let gateway = Gateway::fresh().await;
        generate(a_fox(), &Options::at(provider)).await.unwrap();
        let requests = gateway.requests().await;
        assert!(requests.iter().any(|request| request["authorization"] == "ok"));
        assert!(!json!(requests).to_string().contains(KEY), "{requests:?}");
    }
}

#[wasm_bindgen_test]
async fn nothing_stays_stored_and_nothing_is_written_to_the_console() {
    let before = stored().await;
    let console = ConsoleWatch::new();
    let faults = [json!([]), json!({ "on": "submit", "fault": "cut", "when": "after" })];
    for (number, fault) in faults.into_iter().enumerate() {
        for provider in PROVIDERS {
            let gateway = Gateway::fresh().await;
            gateway.script(fault.clone()).await;
            let own = format!("nothing-stays-{provider}-{number}");
            let _ = generate(a_fox(), &Options::at(provider).with("id", own.as_str())).await;
            until_gone(&own).await;
        }
    }
    console.stop();
    assert_eq!(console.lines(), 0, "lines on the console");
    for stored in [before, stored().await] {
        assert_eq!((&stored["local"], &stored["session"]), (&json!({}), &json!({})));
        assert_eq!(stored["cookie"], "");
        durations_are_public(&stored);
    }
}

#[wasm_bindgen_test]
async fn what_is_stored_of_a_job_that_goes_on_is_neither_key_nor_prompt() {
    Gateway::fresh().await;
    let options = Options::at("vtrix").with("wait", false).with("id", "goes-on");
    let request = json!({ "prompt": PROMPT, "negativePrompt": PROMPT });
    let job = generate(request, &options).await.unwrap()["job"].clone();
    let text = stored().await.to_string();
    assert!(text.contains(job["id"].as_str().unwrap()) && text.contains("goes-on"), "{text}");
    assert!(!text.contains(KEY) && !text.contains(PROMPT), "{text}");
    poll(&job, &Options::at("vtrix")).await.unwrap();
    until_gone("goes-on").await;
    durations_are_public(&stored().await);
}

/// Waits until nothing is stored of a call. Other tests leave jobs that go on.
async fn until_gone(id: &str) {
    while stored().await.to_string().contains(id) {
        sleep(10).await;
    }
}

/// Asserts that the numbers of how long jobs took, which are text, have neither key nor prompt.
fn durations_are_public(stored: &Value) {
    for text in stored["databases"].as_array().expect("values").iter().filter_map(Value::as_str) {
        assert!(!text.contains(KEY) && !text.contains(PROMPT), "{text}");
    }
}

#[wasm_bindgen_test]
async fn a_key_function_is_asked_anew_for_every_request() {
    let key = |number: u32| JsValue::from(format!("{KEY}-{number}"));
    let asked = Rc::new(Cell::new(0));
    let counter = move |asked: &Cell<u32>| {
        asked.set(asked.get() + 1);
        key(asked.get())
    };
    let sync = {
        let asked = asked.clone();
        function(move || Ok(counter(&asked)))
    };
    let asynchronous = {
        let asked = asked.clone();
        function(move || Ok(Promise::resolve(&counter(&asked)).into()))
    };
    for function in [sync, asynchronous] {
        Gateway::fresh().await;
        asked.set(0);
        let recorder = Recorder::new();
        let options = Options::at("vtrix").with("apiKey", function).with("fetch", recorder.fetch());
        generate(a_fox(), &options).await.unwrap();
        let calls = recorder.calls();
        assert!(calls.len() >= 2, "{calls:?}");
        assert_eq!(asked.get() as usize, calls.len());
        for (index, call) in calls.iter().enumerate() {
            assert_eq!(call["authorization"], format!("Bearer {KEY}-{}", index + 1));
        }
    }
}

#[wasm_bindgen_test]
async fn a_key_function_that_fails_is_the_cause_and_nothing_is_sent() {
    let thrown: JsValue = Error::new("the session is over").into();
    let throwing = {
        let thrown = thrown.clone();
        function(move || Err(thrown.clone()))
    };
    let rejecting = {
        let thrown = thrown.clone();
        function(move || Ok(Promise::reject(&thrown).into()))
    };
    for function in [throwing, rejecting] {
        for provider in PROVIDERS {
            let gateway = Gateway::fresh().await;
            let options = Options::at(provider).with("apiKey", &function);
            let failure = generate(a_fox(), &options).await.unwrap_err();
            assert_eq!(failure.code(), "unauthorized", "{failure:?}");
            assert_eq!(failure.json["mayHaveBeenCharged"], false, "{failure:?}");
            let cause = js_sys::Reflect::get(&failure.thrown, &"cause".into()).unwrap();
            assert!(js_sys::Object::is(&cause, &thrown), "{cause:?}");
            assert!(gateway.requests().await.is_empty());
        }
    }
}

#[wasm_bindgen_test]
async fn a_key_function_that_gives_no_key_sends_nothing() {
    for value in [JsValue::UNDEFINED, "".into(), " ".into(), "a b".into(), "é".into(), 7.into()] {
        let gateway = Gateway::fresh().await;
        let given = value.clone();
        let options = Options::at("vtrix").with("apiKey", function(move || Ok(given.clone())));
        let failure = generate(a_fox(), &options).await.unwrap_err();
        assert_eq!(failure.code(), "unauthorized", "{value:?}");
        assert!(gateway.requests().await.is_empty(), "{value:?}");
    }
}

#[wasm_bindgen_test]
async fn a_redirect_is_not_followed() {
    if !is_over_http() {
        console_log!("skipped: the gateway in this program has no other origin to lead to");
        return;
    }
    let (host, other_host) = SAME_GATEWAY_OTHER_ORIGIN;
    let other_origin = GATEWAY.replace(host, other_host);
    let elsewhere = "/model/v1/generation/task/elsewhere";
    for provider in PROVIDERS {
        for status in [301, 302, 303, 307, 308] {
            for origin in [&other_origin, &*GATEWAY] {
                let gateway = Gateway::fresh().await;
                let headers = json!({ "Location": format!("{origin}{elsewhere}") });
                let fault = json!({
                    "on": "submit", "fault": "answer", "status": status, "headers": headers,
                });
                gateway.script(fault).await;
                let options = Options::at(provider);
                let failure = generate(a_fox(), &options).await.unwrap_err();
                assert_eq!(failure.code(), "protocol", "{status}: {failure:?}");
                let requests = gateway.requests().await;
                let followed = requests.iter().find(|request| request["path"] == elsewhere);
                assert_eq!(followed, None, "{status} to {origin}");
            }
        }
    }
    // Had it been followed, it would have been seen.
    let gateway = Gateway::fresh().await;
    assert!(reachable(&format!("{other_origin}{elsewhere}")).await);
    assert_eq!(gateway.requests().await[0]["path"], elsewhere);
}

#[wasm_bindgen_test]
async fn a_key_goes_to_no_remote_host_without_encryption() {
    for base_url in ["http://gateway.example", "http://192.168.0.1:8080", "http://127.0.0.1.nip.io"]
    {
        let recorder = Recorder::new();
        let options =
            Options::at("vtrix").with("baseUrl", base_url).with("fetch", recorder.fetch());
        let failure = generate(a_fox(), &options).await.unwrap_err();
        assert_eq!(failure.code(), "invalid_request");
        assert_eq!(failure.json["field"], "baseUrl");
        assert!(recorder.calls().is_empty(), "{base_url}");
    }
}

#[wasm_bindgen_test]
async fn without_a_key_no_key_is_sent_and_without_a_relay_nothing_is() {
    let gateway = Gateway::fresh().await;
    let options = Options::at("vtrix").with("apiKey", JsValue::UNDEFINED);
    let failure = generate(a_fox(), &options).await.unwrap_err();
    assert_eq!(failure.code(), "unauthorized");
    assert_eq!(gateway.submit().await["authorization"], "none");

    let recorder = Recorder::new();
    let options = options.with("baseUrl", JsValue::UNDEFINED).with("fetch", recorder.fetch());
    let failure = generate(a_fox(), &options).await.unwrap_err();
    assert_eq!((failure.code(), &failure.json["field"]), ("invalid_request", &json!("apiKey")));
    assert!(recorder.calls().is_empty());
}
