//! Every scripted fault, as a client meets it.

use std::io::{ErrorKind, Read};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::{
    AIMLAPI, Reply, TestGateway, VTRIX, aimlapi_body, aimlapi_links, vtrix_body, vtrix_links,
    write_request,
};

fn submit(gateway: &TestGateway) -> Reply {
    gateway.post(AIMLAPI, aimlapi_body(json!({})))
}

/// A connection on which this has been sent and nothing is read yet.
fn send_by_hand(gateway: &TestGateway, call: &str, body: &str) -> TcpStream {
    let mut stream = TcpStream::connect(gateway.address).unwrap();
    write_request(&mut stream, call, body);
    stream
}

#[test]
fn a_delay_comes_before_the_normal_answer() {
    let gateway = TestGateway::start();
    gateway.scenario(json!({ "on": "submit", "fault": "delay", "ms": 100 }));
    let begun = Instant::now();
    assert_eq!(submit(&gateway).status, 200);
    assert!(begun.elapsed() >= Duration::from_millis(100));
}

#[test]
fn a_scripted_answer_replaces_the_real_one_and_nothing_is_accepted() {
    let gateway = TestGateway::start();
    gateway.scenario(json!([
        { "on": "submit", "fault": "answer", "status": 503, "body": { "detail": "busy" },
          "headers": { "Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT" } },
        { "on": "submit", "fault": "answer", "status": 502, "text": "<html>",
          "headers": { "content-type": "text/html" } },
        { "on": "submit", "fault": "answer", "status": 200, "body": null },
        { "on": "submit", "fault": "answer", "status": 204 },
    ]));
    let busy = submit(&gateway);
    assert_eq!((busy.status, busy.json()), (503, json!({ "detail": "busy" })));
    assert_eq!(busy.header("Retry-After"), "Wed, 21 Oct 2026 07:28:00 GMT");
    let html = submit(&gateway);
    assert_eq!((html.status, html.text().as_str()), (502, "<html>"));
    assert_eq!(html.header("Content-Type"), "text/html");
    assert_eq!(submit(&gateway).json(), Value::Null);
    assert_eq!(submit(&gateway).status, 204);
    assert_eq!(submit(&gateway).status, 200);
}

#[test]
fn a_cut_submit_gets_no_byte_of_an_answer() {
    let gateway = TestGateway::start();
    for when in ["before", "after"] {
        gateway.scenario(json!({ "on": "submit", "fault": "cut", "when": when }));
        let body = vtrix_body(json!({})).to_string();
        let mut stream = send_by_hand(&gateway, &format!("POST {VTRIX}"), &body);
        let mut answer = Vec::new();
        // Both a clean end and a reset are ways to lose a connection.
        let _ = stream.read_to_end(&mut answer);
        assert_eq!(answer, b"", "{when}");
    }
    assert_eq!(gateway.requests().len(), 2);
}

#[test]
fn a_cut_in_the_body_comes_after_headers_and_half_of_the_bytes() {
    let gateway = TestGateway::start();
    let task = gateway.vtrix_job(json!({ "n": 1 }));
    gateway.scenario(json!({ "on": "status", "fault": "cut", "when": "body" }));

    let mut stream = send_by_hand(&gateway, &format!("GET {task}"), "");
    let mut answer = Vec::new();
    // Both a clean end and a reset are ways to lose a connection.
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8(answer).unwrap().to_lowercase();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let length = head.split("content-length: ").nth(1).unwrap().lines().next().unwrap();
    assert!(head.starts_with("http/1.1 200 ok"), "{head}");
    assert_eq!(body.len(), length.parse::<usize>().unwrap() / 2);

    gateway.scenario(json!({ "on": "status", "fault": "cut", "when": "body" }));
    gateway.try_get(&task).unwrap_err();
    assert_eq!(gateway.get(&task).status, 200);
}

#[test]
fn status_checks_and_pictures_can_be_cut_too() {
    let gateway = TestGateway::start();
    let task = gateway.vtrix_job(json!({ "n": 1, "size": "768*768" }));
    gateway.scenario(json!([
        { "on": "status", "fault": "cut", "when": "before" },
        { "on": "image", "provider": "vtrix", "fault": "cut", "when": "body" },
    ]));
    gateway.try_get(&task).unwrap_err();
    let link = vtrix_links(&gateway.finished(&task)).remove(0);
    gateway.try_get(&link).unwrap_err();
    assert_eq!(gateway.get(&link).status, 200);
}

#[test]
fn bad_json_breaks_off_and_the_job_is_there() {
    let gateway = TestGateway::start();
    gateway.scenario(json!({ "on": "submit", "fault": "bad_json" }));
    let reply = submit(&gateway);
    assert_eq!(reply.status, 200);
    assert!(reply.text().starts_with(r#"{"created":"#));
    assert!(serde_json::from_slice::<Value>(&reply.body).is_err());
}

#[test]
fn a_stuck_job_never_ends() {
    let gateway = TestGateway::start();
    gateway.scenario(json!({ "on": "submit", "provider": "vtrix", "fault": "stuck" }));
    let task = gateway.vtrix_job(json!({}));
    let asked = [(); 3].map(|()| gateway.get(&task).json()["status"].clone());
    assert_eq!(asked, ["in_progress"; 3]);

    gateway.scenario(json!({ "on": "submit", "fault": "stuck" }));
    let body = aimlapi_body(json!({})).to_string();
    let mut stream = send_by_hand(&gateway, &format!("POST {AIMLAPI}"), &body);
    stream.set_read_timeout(Some(Duration::from_millis(150))).unwrap();
    let error = stream.read(&mut [0]).unwrap_err();
    let waiting = [ErrorKind::WouldBlock, ErrorKind::TimedOut];
    assert!(waiting.contains(&error.kind()), "{error}");
}

#[test]
fn a_failed_job_says_why() {
    let gateway = TestGateway::start();
    let failed = json!({ "on": "submit", "fault": "failed", "code": "E7", "message": "no luck" });
    gateway.scenario(json!([failed, failed, { "on": "submit", "fault": "failed" }]));
    let state = gateway.finished(&gateway.vtrix_job(json!({})));
    assert_eq!(state["status"], "failed");
    assert_eq!(state["error"], json!({ "code": "E7", "message": "no luck" }));
    let reply = submit(&gateway);
    assert_eq!((reply.status, &reply.json()["message"]), (500, &json!("E7: no luck")));
    let state = gateway.finished(&gateway.vtrix_job(json!({})));
    assert_eq!(state["error"]["code"], "002014001");
}

#[test]
fn refused_content_is_worded_as_each_gateway_does() {
    let gateway = TestGateway::start();
    gateway.scenario(json!({ "on": "submit", "times": 2, "fault": "refused_content" }));
    let reply = submit(&gateway);
    assert_eq!(reply.status, 400);
    assert!(reply.json()["message"].as_str().unwrap().starts_with("DataInspectionFailed"));
    let state = gateway.finished(&gateway.vtrix_job(json!({})));
    assert_eq!(
        (&state["status"], &state["error"]["code"]),
        (&json!("failed"), &json!("DataInspectionFailed"))
    );
}

#[test]
fn a_partial_result_has_and_costs_fewer_pictures() {
    let gateway = TestGateway::start();
    gateway.scenario(json!([
        { "on": "submit", "fault": "partial", "images": 2 },
        { "on": "submit", "fault": "partial", "images": 0 },
    ]));
    let state = gateway.finished(&gateway.vtrix_job(json!({ "n": 4 })));
    assert_eq!(vtrix_links(&state).len(), 2);
    assert_eq!(state["usage"]["cost"], "0.06");
    let answer = submit(&gateway).json();
    assert_eq!(aimlapi_links(&answer).len(), 0);
    assert_eq!(answer["meta"]["usage"]["credits_used"], 0);
}

#[test]
fn a_rate_limit_has_retry_after_only_as_scripted() {
    let gateway = TestGateway::start();
    gateway.scenario(json!([
        { "on": "submit", "provider": "aimlapi", "fault": "rate_limited", "retryAfter": "2" },
        { "on": "submit", "provider": "vtrix", "fault": "rate_limited" },
    ]));
    let reply = submit(&gateway);
    assert_eq!((reply.status, reply.header("Retry-After")), (429, "2"));
    assert_eq!(reply.json()["statusCode"], "429");
    let reply = gateway.post(VTRIX, vtrix_body(json!({})));
    assert_eq!(reply.status, 429);
    assert!(!reply.headers.contains_key("Retry-After"));
    assert_eq!(reply.json()["error"]["code"], "RATE_LIMIT_EXCEEDED");
}

#[test]
fn faults_wait_for_their_turn() {
    let gateway = TestGateway::start();
    let task = gateway.vtrix_job(json!({}));
    gateway.scenario(json!({ "on": "status", "after": 1, "times": 2, "fault": "rate_limited" }));
    let statuses = [(); 4].map(|()| gateway.get(&task).status);
    assert_eq!(statuses, [200, 429, 429, 200]);
}
