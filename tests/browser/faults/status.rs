//! Faults of status checks, once a job has been accepted.

use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Failure, Gateway, Options, Outcome, Recorder, a_fox, package};

#[wasm_bindgen_test]
async fn a_check_that_tells_nothing_is_made_again() {
    for fault in [
        answer(408, json!({ "message": "late" })),
        answer(425, json!({})),
        answer(429, json!({})),
        answer(500, json!({ "message": "sorry" })),
        answer(503, Value::Null),
        answer(200, json!({})),
        json!({ "on": "status", "fault": "answer", "status": 200, "text": "<html>" }),
        json!({ "on": "status", "fault": "cut", "when": "before" }),
        json!({ "on": "status", "fault": "cut", "when": "after" }),
        json!({ "on": "status", "fault": "cut", "when": "body" }),
        json!({ "on": "status", "fault": "bad_json" }),
        json!({ "on": "status", "fault": "delay", "ms": 200 }),
    ] {
        let result = faulty(fault.clone()).await.unwrap_or_else(|why| panic!("{fault}: {why:?}"));
        assert_eq!(result["status"], "succeeded", "{fault}");
    }
}

#[wasm_bindgen_test]
async fn a_check_waits_as_long_as_the_gateway_asks() {
    let gateway = Gateway::fresh().await;
    gateway.script(json!({ "on": "status", "fault": "rate_limited", "retryAfter": "1" })).await;
    package().await.generate(a_fox(), &Options::at("vtrix")).await.unwrap();
    let checks = gateway.arrived("status").await;
    let gap = checks[1]["at"].as_f64().unwrap() - checks[0]["at"].as_f64().unwrap();
    assert!((990.0..4000.0).contains(&gap), "{gap} ms");
}

#[wasm_bindgen_test]
async fn a_refused_key_ends_the_wait_at_once_and_the_job_can_be_polled() {
    for (status, code) in [(401, "unauthorized"), (403, "forbidden")] {
        let failure = faulty(answer(status, json!({ "message": "no" }))).await.unwrap_err();
        finishes(failure, code).await;
    }
}

#[wasm_bindgen_test]
async fn a_job_is_missing_only_after_three_checks_in_a_row() {
    let missing = |times: u32| {
        let body = json!({ "detail": "Not Found" });
        json!({
            "on": "status", "fault": "answer", "status": 404, "body": body, "times": times,
        })
    };
    assert_eq!(faulty(missing(2)).await.unwrap()["status"], "succeeded");
    finishes(faulty(missing(3)).await.unwrap_err(), "not_found").await;
}

#[wasm_bindgen_test]
async fn a_check_that_the_gateway_refuses_ends_the_wait() {
    let failure = faulty(answer(400, json!({ "message": "no" }))).await.unwrap_err();
    finishes(failure, "invalid_request").await;
}

#[wasm_bindgen_test]
async fn when_time_runs_out_the_job_goes_on_and_poll_finishes_it() {
    let gateway = Gateway::fresh().await;
    // The job is over long before the second check, for which there is no time.
    let options = Options::at("vtrix").with("pollIntervalMs", 60_000).with("timeoutMs", 300);
    let failure = package().await.generate(a_fox(), &options).await.unwrap_err();
    assert_eq!(gateway.arrived("submit").await.len(), 1);
    finishes(failure, "timeout").await;
}

#[wasm_bindgen_test]
async fn a_time_out_tells_why_the_last_check_failed() {
    let mut lasting = answer(503, json!({ "message": "under repair" }));
    lasting["times"] = json!(0);
    let gateway = Gateway::fresh().await;
    gateway.script(lasting).await;
    let options = Options::at("vtrix").with("timeoutMs", 1500);
    let failure = package().await.generate(a_fox(), &options).await.unwrap_err();
    assert!(failure.json["message"].as_str().unwrap().contains("under repair"), "{failure:?}");
    assert_eq!(failure.code(), "timeout");
    assert_eq!(failure.json["mayHaveBeenCharged"], true);
}

#[wasm_bindgen_test]
async fn a_job_without_end_runs_out_of_time() {
    let gateway = Gateway::fresh().await;
    gateway.script(json!({ "on": "submit", "fault": "stuck" })).await;
    let options = Options::at("vtrix").with("timeoutMs", 300);
    let failure = package().await.generate(a_fox(), &options).await.unwrap_err();
    assert_eq!(failure.code(), "timeout");
    assert!(failure.json["job"]["id"].is_string(), "{failure:?}");
}

#[wasm_bindgen_test]
async fn a_redirected_check_is_against_the_protocol_and_the_job_can_be_polled() {
    let mut redirect = answer(302, Value::Null);
    redirect["headers"] = json!({ "Location": "https://example.invalid/" });
    finishes(faulty(redirect).await.unwrap_err(), "protocol").await;
}

/// Asserts that a failure names a job which may have been charged, and that it can be waited for.
async fn finishes(failure: Failure, code: &str) {
    assert_eq!(failure.code(), code, "{failure:?}");
    assert_eq!(failure.json["mayHaveBeenCharged"], true, "{failure:?}");
    let result = package().await.poll(&failure.json["job"], &Options::at("vtrix")).await.unwrap();
    assert_eq!(result["status"], "succeeded", "{code}");
}

/// A call whose status checks meet a fault; it sends one submit.
async fn faulty(fault: Value) -> Outcome {
    let gateway = Gateway::fresh().await;
    gateway.script(fault.clone()).await;
    let recorder = Recorder::new();
    let options = Options::at("vtrix").with("fetch", recorder.fetch());
    let outcome = package().await.generate(a_fox(), &options).await;
    assert_eq!(recorder.sent("POST"), 1, "{fault}");
    assert_eq!(gateway.arrived("submit").await.len(), 1, "{fault}");
    outcome
}

fn answer(status: u16, body: Value) -> Value {
    json!({ "on": "status", "fault": "answer", "status": status, "body": body })
}
