//! `poll()`, progress, and when status is checked.

use js_sys::Reflect;
use serde_json::{Value, json};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    Events, Gateway, Options, a_fox, begin_generate, forget_durations, generate, open_picture,
    poll, poll_value, structured_clone,
};

#[wasm_bindgen_test]
async fn a_call_that_does_not_wait_gives_a_handle_that_poll_finishes() {
    let gateway = Gateway::fresh().await;
    let started = accepted_job(json!({ "prompt": "a red fox", "count": 2 })).await;
    assert!(gateway.arrived("status").await.is_empty(), "nothing is checked yet");

    let result = poll(&started, &Options::at("vtrix")).await.unwrap();
    assert_eq!(result["status"], "succeeded");
    assert_eq!(result["images"].as_array().unwrap().len(), 2);
    open_picture(&result["images"][1]["url"]).await;
    assert_eq!(gateway.arrived("submit").await.len(), 1);
}

#[wasm_bindgen_test]
async fn a_handle_is_plain_data_without_key_or_prompt() {
    Gateway::fresh().await;
    let job = accepted_job(a_fox()).await;
    let names: Vec<&String> = job.as_object().unwrap().keys().collect();
    assert_eq!(names, ["count", "id", "model", "provider", "submittedAt"]);
    assert_eq!((&job["provider"], &job["count"]), (&json!("vtrix"), &json!(1)));
    let age = js_sys::Date::now() - job["submittedAt"].as_f64().unwrap();
    // The package's clock goes on where the system's is set back a little.
    assert!((-1_000.0..10_000.0).contains(&age), "{age} ms old");
}

#[wasm_bindgen_test]
async fn a_structured_clone_of_a_result_still_names_its_job() {
    Gateway::fresh().await;
    let options = Options::at("vtrix").with("wait", false);
    let result = JsFuture::from(begin_generate(a_fox(), &options)).await.unwrap();
    let job = Reflect::get(&structured_clone(&result), &"job".into()).unwrap();
    let result = poll_value(&job, &Options::at("vtrix")).await.unwrap();
    assert_eq!(result["status"], "succeeded");
}

#[wasm_bindgen_test]
async fn a_finished_job_can_be_polled_again() {
    Gateway::fresh().await;
    let job = accepted_job(a_fox()).await;
    let first = poll(&job, &Options::at("vtrix")).await.unwrap();
    let again = poll(&job, &Options::at("vtrix")).await.unwrap();
    assert_eq!(again["images"], first["images"]);
}

#[wasm_bindgen_test]
async fn poll_without_waiting_tells_the_status_after_one_check() {
    let gateway = Gateway::fresh().await;
    gateway.script(json!({ "on": "submit", "fault": "stuck" })).await;
    let job = accepted_job(a_fox()).await;
    let options = Options::at("vtrix").with("wait", false);
    let result = poll(&job, &options).await.unwrap();
    assert_eq!(result["status"], "running");
    assert_eq!(result["images"], json!([]));
    assert_eq!(gateway.arrived("status").await.len(), 1);
}

#[wasm_bindgen_test]
async fn aimlapi_gives_the_pictures_although_the_call_does_not_wait() {
    Gateway::fresh().await;
    let options = Options::at("aimlapi").with("wait", false);
    let result = generate(a_fox(), &options).await.unwrap();
    assert_eq!(result["status"], "succeeded");
    assert_eq!(result["job"], Value::Null);
}

#[wasm_bindgen_test]
async fn polling_a_gateway_without_jobs_is_unsupported_and_sends_nothing() {
    let gateway = Gateway::fresh().await;
    let job = json!({
        "provider": "aimlapi", "id": "7", "model": "m", "submittedAt": 1_700_000_000_000_u64,
        "count": 1,
    });
    let failure = poll(&job, &Options::at("aimlapi")).await.unwrap_err();
    assert_eq!(failure.code(), "unsupported");
    assert!(gateway.requests().await.is_empty());
}

#[wasm_bindgen_test]
async fn progress_is_told_in_order_and_never_goes_back() {
    let gateway = Gateway::fresh().await;
    let running = |progress: f64| {
        let body = json!({ "id": "7", "status": "in_progress", "progress": progress });
        json!({ "on": "status", "fault": "answer", "status": 200, "body": body })
    };
    gateway.script(json!([running(0.5), running(0.2), running(0.7)])).await;
    let events = Events::default();
    let options = Options::at("vtrix").with("onProgress", events.listener());
    generate(a_fox(), &options).await.unwrap();

    let events = events.all();
    assert_eq!(events[0]["phase"], "submitting");
    assert_eq!(events[0]["job"], Value::Null);
    assert!(events[1..].iter().all(|event| event["phase"] == "running"), "{events:?}");
    assert!(events[1..].iter().all(|event| event["job"]["id"].is_string()), "{events:?}");
    let told: Vec<f64> = events.iter().filter_map(|event| event["progress"].as_f64()).collect();
    assert!(told.is_sorted(), "{told:?}");
    assert_eq!(told[1..4], [0.5, 0.5, 0.7], "{told:?}");
    for member in ["elapsedMs", "checks"] {
        let values: Vec<f64> = events.iter().map(|event| event[member].as_f64().unwrap()).collect();
        assert!(values.is_sorted(), "{member}: {values:?}");
    }
}

#[wasm_bindgen_test]
async fn a_fixed_interval_spaces_the_checks() {
    // A busy machine makes some gaps longer, but hardly all of them.
    let short = shortest_gap(100).await;
    let long = shortest_gap(1000).await;
    assert!((80.0..900.0).contains(&short), "{short}");
    assert!(long >= 900.0, "{long}");
}

#[wasm_bindgen_test]
async fn without_an_interval_the_first_check_comes_after_about_two_seconds() {
    let gateway = Gateway::fresh().await;
    forget_durations().await;
    let options = Options::at("vtrix").with("pollIntervalMs", JsValue::UNDEFINED);
    generate(a_fox(), &options.with("stream", "never")).await.unwrap();
    let submitted = gateway.submit().await["at"].as_f64().unwrap();
    let checked = gateway.arrived("status").await[0]["at"].as_f64().unwrap();
    let wait = checked - submitted;
    assert!((1750.0..4000.0).contains(&wait), "{wait} ms");
}

#[wasm_bindgen_test]
async fn a_stream_tells_what_no_check_need_ask_for() {
    let gateway = Gateway::fresh().await;
    forget_durations().await;
    let options = Options::at("vtrix").with("pollIntervalMs", JsValue::UNDEFINED);
    let generation = generate(a_fox(), &options).await.unwrap();
    assert_eq!(generation["images"].as_array().map(Vec::len), Some(1));
    assert_eq!(generation["raw"]["status"], "completed");
    let kinds: Vec<_> = gateway.requests().await.iter().map(|it| it["kind"].clone()).collect();
    assert_eq!(kinds.iter().filter(|kind| *kind != "preflight").count(), 2, "{kinds:?}");
    assert_eq!(gateway.arrived("stream").await.len(), 1);
}

/// The handle of a new job.
async fn accepted_job(request: Value) -> Value {
    let options = Options::at("vtrix").with("wait", false);
    let result = generate(request, &options).await.unwrap();
    assert_eq!(result["status"], "running");
    assert_eq!(result["images"], json!([]));
    result["job"].clone()
}

/// How far apart the checks of a job without end arrive at least, in milliseconds.
async fn shortest_gap(interval_ms: u32) -> f64 {
    let gateway = Gateway::fresh().await;
    gateway.script(json!({ "on": "submit", "fault": "stuck" })).await;
    // Time for a few, also on a busy machine.
    let timeout_ms = interval_ms * 5 + 2_000;
    let options =
        Options::at("vtrix").with("pollIntervalMs", interval_ms).with("timeoutMs", timeout_ms);
    generate(a_fox(), &options).await.unwrap_err();
    let checks = gateway.arrived("status").await;
    let at: Vec<f64> = checks.iter().map(|check| check["at"].as_f64().unwrap()).collect();
    assert!(at.len() >= 2, "{} checks", at.len());
    at.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min)
}
