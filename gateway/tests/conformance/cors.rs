//! What a page on another origin may do.

use serde_json::json;

use crate::harness::{AIMLAPI, TestGateway, VTRIX, aimlapi_body, vtrix_body};

const PAGE: (&str, &str) = ("Origin", "http://127.0.0.1:1");

#[test]
fn a_preflight_allows_what_a_call_needs() {
    let gateway = TestGateway::start();
    let task = format!("{VTRIX}/task/1");
    for (path, method) in [(AIMLAPI, "POST"), (VTRIX, "POST"), (task.as_str(), "GET")] {
        let asked = [
            PAGE,
            ("Access-Control-Request-Method", method),
            ("Access-Control-Request-Headers", "authorization,content-type"),
        ];
        let reply = gateway.send("OPTIONS", path, &asked, None).unwrap();
        assert_eq!(reply.status, 204, "{path}");
        assert_eq!(reply.header("Access-Control-Allow-Origin"), "*", "{path}");
        assert!(reply.header("Access-Control-Allow-Methods").contains(method), "{path}");
        let allowed = reply.header("Access-Control-Allow-Headers");
        assert!(allowed.starts_with("Authorization, Content-Type"), "{path}: {allowed}");
        assert_eq!(reply.header("Access-Control-Max-Age"), "600", "{path}");
    }
    assert!(gateway.requests().iter().all(|request| request["kind"] == "preflight"));
}

#[test]
fn answers_and_errors_can_be_read_across_origins() {
    let gateway = TestGateway::start();
    let aimlapi = aimlapi_body(json!({})).to_string();
    let vtrix = vtrix_body(json!({})).to_string();
    for (path, body) in [(AIMLAPI, &aimlapi), (VTRIX, &vtrix)] {
        let key = ("Authorization", "Bearer test");
        for (headers, status) in [(&[PAGE, key][..], 200), (&[PAGE], 401)] {
            let reply = gateway.send("POST", path, headers, Some(body)).unwrap();
            assert_eq!(reply.status, status);
            assert_eq!(reply.header("Access-Control-Allow-Origin"), "*");
            let exposed = reply.header("Access-Control-Expose-Headers");
            assert!(exposed.contains("Retry-After"), "{path}: {exposed}");
        }
    }
}

#[test]
fn aimlapi_exposes_its_four_headers() {
    let gateway = TestGateway::start();
    let reply = gateway.post(AIMLAPI, aimlapi_body(json!({})));
    let exposed = reply.header("Access-Control-Expose-Headers");
    for name in
        ["x-inference-id", "x-client-request-id", "x-aimlapi-credits-used", "x-aimlapi-usd-spent"]
    {
        assert!(exposed.split(", ").any(|listed| listed == name), "{name} in {exposed}");
    }
}

#[test]
fn a_scenario_can_hide_a_header() {
    let gateway = TestGateway::start();
    gateway.scenario(json!({
        "on": "submit", "fault": "answer", "status": 429, "body": {},
        "headers": { "Retry-After": "9", "Access-Control-Expose-Headers": "none" },
    }));
    let reply = gateway.post(AIMLAPI, aimlapi_body(json!({})));
    assert_eq!(reply.header("Access-Control-Expose-Headers"), "none");
}
