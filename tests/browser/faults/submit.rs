//! Faults of the submit.

use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Gateway, Options, Outcome, PROVIDERS, Recorder, a_fox, package};

#[wasm_bindgen_test]
async fn a_refused_submit_has_the_code_of_its_status_and_costs_nothing() {
    for provider in PROVIDERS {
        for (status, code) in [
            (400, "invalid_request"),
            (401, "unauthorized"),
            (402, "insufficient_balance"),
            (403, "forbidden"),
            (404, "not_found"),
            (422, "invalid_request"),
            (429, "rate_limited"),
        ] {
            let fault = answer(status, json!({ "message": "no" }));
            let outcome = faulty_with(Options::hasty(provider), fault).await;
            let failure = expect(outcome, code, Charged::No);
            assert_eq!(failure["status"], status, "{provider}");
            assert_eq!(failure["retryable"], status == 429, "{provider}");
            assert_eq!(failure["provider"], provider);
        }
    }
}

#[wasm_bindgen_test]
async fn a_submit_that_fails_at_the_gateway_may_have_been_accepted() {
    for provider in PROVIDERS {
        for status in [408, 500, 502, 503, 504] {
            let outcome = faulty(provider, answer(status, json!({ "message": "sorry" }))).await;
            expect(outcome, "submit_outcome_unknown", Charged::Maybe);
        }
    }
}

#[wasm_bindgen_test]
async fn a_cut_submit_may_have_been_accepted_and_is_not_sent_again() {
    for provider in PROVIDERS {
        for when in ["before", "after"] {
            let fault = json!({ "on": "submit", "fault": "cut", "when": when });
            let outcome = faulty(provider, fault).await;
            expect(outcome, "submit_outcome_unknown", Charged::Maybe);
        }
    }
}

#[wasm_bindgen_test]
async fn an_answer_that_breaks_off_may_have_been_an_acceptance() {
    for provider in PROVIDERS {
        let fault = json!({ "on": "submit", "fault": "cut", "when": "body" });
        let failure = faulty(provider, fault).await.unwrap_err();
        // WebKitGTK passes off a body that is cut as whole; what is left is no JSON.
        let known = ["submit_outcome_unknown", "protocol"].contains(&failure.code());
        assert!(known, "{failure:?}");
        assert_eq!(failure.json["mayHaveBeenCharged"], true, "{failure:?}");
    }
}

#[wasm_bindgen_test]
async fn an_accepting_answer_that_makes_no_sense_is_against_the_protocol() {
    for provider in PROVIDERS {
        let broken = json!({ "on": "submit", "fault": "bad_json" });
        let text = json!({ "on": "submit", "fault": "answer", "status": 200, "text": "<html>" });
        for fault in [
            broken,
            text,
            answer(200, json!({})),
            answer(200, Value::Null),
            answer(200, json!([1])),
            answer(200, json!({ "data": [], "status": "completed", "output": [] })),
        ] {
            expect(faulty(provider, fault).await, "protocol", Charged::Maybe);
        }
    }
}

#[wasm_bindgen_test]
async fn a_picture_address_that_is_no_web_address_is_against_the_protocol() {
    for url in ["javascript:alert(1)", "data:image/png;base64,AAAA", "/images/1.png"] {
        let content = json!([{ "content": [{ "type": "image", "url": url }] }]);
        let body = json!({
            "id": "7", "status": "completed", "output": content, "data": [{ "url": url }],
        });
        for provider in PROVIDERS {
            expect(faulty(provider, answer(200, body.clone())).await, "protocol", Charged::Maybe);
        }
    }
}

#[wasm_bindgen_test]
async fn a_slow_answer_is_waited_for() {
    for provider in PROVIDERS {
        let outcome =
            faulty(provider, json!({ "on": "submit", "fault": "delay", "ms": 300 })).await;
        assert_eq!(outcome.unwrap()["status"], "succeeded", "{provider}");
    }
}

#[wasm_bindgen_test]
async fn a_submit_not_answered_in_time_may_have_been_accepted() {
    for provider in PROVIDERS {
        let fault = json!({ "on": "submit", "fault": "delay", "ms": 5000 });
        let options = Options::at(provider).with("timeoutMs", 200);
        let failure = expect(faulty_with(options, fault).await, "timeout", Charged::Maybe);
        assert_eq!(failure.get("job"), None, "{provider}");
    }
}

#[wasm_bindgen_test]
async fn a_rate_limit_tells_how_long_to_wait() {
    for provider in PROVIDERS {
        for (retry_after, ms) in [(json!("7"), json!(7000)), (Value::Null, Value::Null)] {
            let fault =
                json!({ "on": "submit", "fault": "rate_limited", "retryAfter": retry_after });
            let outcome = faulty_with(Options::hasty(provider), fault).await;
            let failure = expect(outcome, "rate_limited", Charged::No);
            assert_eq!(failure["retryAfterMs"], ms, "{provider}");
            assert_eq!(failure["retryable"], true, "{provider}");
        }
    }
}

#[wasm_bindgen_test]
async fn refused_content_is_told_apart_and_costs_nothing() {
    for provider in PROVIDERS {
        let outcome = faulty(provider, json!({ "on": "submit", "fault": "refused_content" })).await;
        expect(outcome, "content_rejected", Charged::No);
    }
}

#[wasm_bindgen_test]
async fn a_job_that_fails_at_vtrix_costs_nothing_and_keeps_its_code() {
    let fault = json!({ "on": "submit", "fault": "failed", "code": "X7", "message": "no luck" });
    let failure = expect(faulty("vtrix", fault).await, "generation_failed", Charged::No);
    assert_eq!(failure["providerCode"], "X7");
    assert!(failure["message"].as_str().unwrap().contains("no luck"));
    assert!(failure["job"]["id"].is_string());
}

#[wasm_bindgen_test]
async fn a_job_that_fails_at_aimlapi_is_a_server_error_whose_outcome_is_unknown() {
    let outcome = faulty("aimlapi", json!({ "on": "submit", "fault": "failed" })).await;
    expect(outcome, "submit_outcome_unknown", Charged::Maybe);
}

#[wasm_bindgen_test]
async fn the_pictures_that_were_made_come_back_although_some_are_missing() {
    for provider in PROVIDERS {
        let gateway = Gateway::fresh().await;
        gateway.script(json!({ "on": "submit", "fault": "partial", "images": 2 })).await;
        let request = json!({ "prompt": "a red fox", "count": 4 });
        let result = package().await.generate(request, &Options::at(provider)).await.unwrap();
        let images = result["images"].as_array().unwrap();
        assert_eq!(images.iter().filter(|image| image["url"].is_string()).count(), 2);
        assert_eq!(result["requested"]["count"], 4, "{provider}");
    }
}

#[wasm_bindgen_test]
async fn a_success_without_a_picture_is_none() {
    for provider in PROVIDERS {
        let fault = json!({ "on": "submit", "fault": "partial", "images": 0 });
        let failure = expect(faulty(provider, fault).await, "protocol", Charged::Maybe);
        assert_eq!(failure["job"]["id"].is_string(), provider == "vtrix", "{provider}");
    }
}

#[wasm_bindgen_test]
async fn a_gateway_that_cannot_be_reached_is_told_as_a_submit_without_answer() {
    // Browsers refuse to speak to this port, and say no more of it than of a cut.
    let recorder = Recorder::new();
    let options =
        Options::at("vtrix").with("baseUrl", "http://127.0.0.1:9").with("fetch", recorder.fetch());
    expect(
        package().await.generate(a_fox(), &options).await,
        "submit_outcome_unknown",
        Charged::Maybe,
    );
    assert_eq!(recorder.sent("POST"), 1);
}

#[derive(PartialEq)]
enum Charged {
    No,
    Maybe,
}

/// A failure of that code, as plain data.
fn expect(outcome: Outcome, code: &str, charged: Charged) -> Value {
    let failure = outcome.expect_err(code);
    assert_eq!(failure.code(), code, "{failure:?}");
    assert_eq!(failure.json["mayHaveBeenCharged"], charged == Charged::Maybe, "{failure:?}");
    failure.json
}

/// A call that meets a fault.
async fn faulty(provider: &str, fault: Value) -> Outcome {
    faulty_with(Options::at(provider), fault).await
}

/// A call that meets a fault, and sends one submit.
///
/// What arrives is no proof for all engines: when a connection that was used before is closed
/// without an answer, browsers send a request again by themselves, even a POST. The local gateway
/// gives every request its own connection, so that both counts are one.
async fn faulty_with(options: Options, fault: Value) -> Outcome {
    let gateway = Gateway::fresh().await;
    gateway.script(fault.clone()).await;
    let recorder = Recorder::new();
    let outcome = package().await.generate(a_fox(), &options.with("fetch", recorder.fetch())).await;
    assert_eq!(recorder.sent("POST"), 1, "{fault}");
    assert_eq!(gateway.arrived("submit").await.len(), 1, "{fault}");
    outcome
}

fn answer(status: u16, body: Value) -> Value {
    json!({ "on": "submit", "fault": "answer", "status": status, "body": body })
}
