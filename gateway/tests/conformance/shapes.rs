//! Our answers have the shape of the documented ones, and the documented requests are accepted.

use std::path::Path;

use serde_json::{Value, json};

use crate::harness::{AIMLAPI, Reply, TestGateway, VTRIX, aimlapi_body, vtrix_body};

fn fixture(name: &str) -> Value {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures");
    let text = std::fs::read_to_string(fixtures.join(name)).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Checks the status, and that every documented member is there with the documented JSON type.
fn assert_shape(reply: &Reply, name: &str) {
    let documented = fixture(name);
    assert_eq!(reply.status, documented["status"], "{name}: {}", reply.text());
    assert_same_types(&reply.json(), &documented["body"], name);
    for (header, _) in documented["headers"].as_object().unwrap() {
        assert!(reply.headers.contains_key(header), "{name}: {header}");
    }
}

fn assert_same_types(found: &Value, documented: &Value, at: &str) {
    match (found, documented) {
        (Value::Object(found), Value::Object(documented)) => {
            for (name, documented) in documented {
                let at = format!("{at}.{name}");
                let found = found.get(name).unwrap_or_else(|| panic!("{at} is missing"));
                assert_same_types(found, documented, &at);
            }
        }
        (Value::Array(found), Value::Array(documented)) => {
            assert_eq!(found.is_empty(), documented.is_empty(), "{at}");
            for (found, documented) in found.iter().zip(documented) {
                assert_same_types(found, documented, &format!("{at}[]"));
            }
        }
        (Value::String(_), Value::String(_))
        | (Value::Number(_), Value::Number(_))
        | (Value::Bool(_), Value::Bool(_))
        | (Value::Null, Value::Null) => {}
        _ => panic!("{at}: {found} where {documented} is documented"),
    }
}

#[test]
fn documented_requests_are_accepted() {
    let gateway = TestGateway::start();
    for name in [
        "aimlapi/request-all-members.json",
        "aimlapi/request-documented-sample.json",
        "aimlapi/request-preset-word.json",
        "vtrix/request-all-members.json",
        "vtrix/request-prompt-only.json",
    ] {
        let request = fixture(name);
        let path = request["path"].as_str().unwrap();
        assert_eq!(gateway.post(path, request["body"].clone()).status, 200, "{name}");
    }
}

#[test]
fn aimlapi_answers_have_the_documented_shapes() {
    let gateway = TestGateway::start();
    let submit = |changes| gateway.post(AIMLAPI, aimlapi_body(changes));
    assert_shape(&submit(json!({})), "aimlapi/success-documented-sample.json");
    assert_shape(&submit(json!({})), "aimlapi/success-null-extras.json");
    assert_shape(&submit(json!({ "num_images": 4 })), "aimlapi/success-four-images.json");
    assert_shape(&submit(json!({ "image_size": "wide" })), "aimlapi/error-400-validation.json");
    let no_key = gateway.send("POST", AIMLAPI, &[], Some("{}")).unwrap();
    assert_shape(&no_key, "aimlapi/error-401-unauthorized.json");
    assert_shape(&gateway.get("/v1/none"), "aimlapi/error-404-not-found.json");

    gateway.scenario(json!([
        { "on": "submit", "fault": "rate_limited" },
        { "on": "submit", "fault": "failed" },
        { "on": "submit", "fault": "partial", "images": 0 },
    ]));
    assert_shape(&submit(json!({})), "aimlapi/error-429-rate-limit.json");
    assert_shape(&submit(json!({})), "aimlapi/error-500-internal.json");
    assert_shape(&submit(json!({})), "aimlapi/error-200-data-empty.json");
}

#[test]
fn aimlapi_names_its_tracing_headers() {
    let gateway = TestGateway::start();
    let headers = [("Authorization", "Bearer test"), ("X-Client-Request-Id", "mine")];
    let body = aimlapi_body(json!({})).to_string();
    let reply = gateway.send("POST", AIMLAPI, &headers, Some(&body)).unwrap();
    assert_shape(&reply, "aimlapi/success-tracing-headers.json");
}

#[test]
fn vtrix_answers_have_the_documented_shapes() {
    let gateway = TestGateway::with(60..=60, None);
    let accepted = gateway.post(VTRIX, vtrix_body(json!({ "n": 1 })));
    assert_shape(&accepted, "vtrix/submit-in-progress.json");
    let task = crate::harness::task_path(&accepted.json());
    assert_shape(&gateway.get(&task), "vtrix/status-in-progress.json");
    gateway.finished(&task);
    assert_shape(&gateway.get(&task), "vtrix/status-completed.json");

    assert_shape(&gateway.get("/model/v1/generation/task/0"), "vtrix/error-404-detail.json");
    let refused = gateway.post(VTRIX, vtrix_body(json!({ "n": 9 })));
    assert_shape(&refused, "vtrix/error-400-invalid-parameter.json");
    let no_key = gateway.send("POST", VTRIX, &[], Some("{}")).unwrap();
    assert_shape(&no_key, "vtrix/error-401-unauthorized.json");
    gateway.scenario(json!([
        { "on": "submit", "fault": "rate_limited" },
        { "on": "submit", "fault": "failed" },
        { "on": "submit", "fault": "refused_content" },
    ]));
    let limited = gateway.post(VTRIX, vtrix_body(json!({})));
    assert_shape(&limited, "vtrix/error-429-rate-limit-exceeded.json");
    for name in
        ["vtrix/status-failed-text-code.json", "vtrix/status-failed-content-inspection.json"]
    {
        let task = gateway.vtrix_job(json!({}));
        gateway.finished(&task);
        assert_shape(&gateway.get(&task), name);
    }
}
