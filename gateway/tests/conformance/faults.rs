//! Every scripted fault, as a client meets it.

use std::io::{ErrorKind, Read};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use wanvas_gateway::Request;

use crate::harness::{
    AIMLAPI, Reply, TestGateway, VTRIX, aimlapi_body, aimlapi_links, task_path, vtrix_body,
    vtrix_links, write_request,
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

/// Waits a while for a byte that must not come, on a connection that stays open.
fn assert_unanswered(stream: &mut TcpStream) {
    stream.set_read_timeout(Some(Duration::from_millis(150))).unwrap();
    let error = stream.read(&mut [0]).unwrap_err();
    let waiting = [ErrorKind::WouldBlock, ErrorKind::TimedOut];
    assert!(waiting.contains(&error.kind()), "{error}");
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
fn a_slow_answer_comes_whole_and_bit_by_bit() {
    let gateway = TestGateway::start();
    let task = gateway.vtrix_job(json!({ "n": 1, "size": "768*768" }));
    let link = vtrix_links(&gateway.finished(&task)).remove(0);
    for (on, path) in [("status", &task), ("image", &link)] {
        let whole = gateway.get(path).body;
        gateway.scenario(json!({ "on": on, "fault": "slow", "ms": 100 }));
        let begun = Instant::now();
        assert_eq!(gateway.get(path).body, whole, "{on}");
        assert!(begun.elapsed() >= Duration::from_millis(90), "{on}");
    }

    gateway.scenario(json!({ "on": "submit", "fault": "slow", "ms": 1000 }));
    let body = aimlapi_body(json!({})).to_string();
    let mut stream = send_by_hand(&gateway, &format!("POST {AIMLAPI}"), &body);
    let (mut answer, mut pieces, mut buffer) = (Vec::new(), 0, [0; 4096]);
    loop {
        match stream.read(&mut buffer).unwrap() {
            0 => break,
            length => answer.extend(&buffer[..length]),
        }
        pieces += 1;
    }
    assert!(pieces >= 3, "{pieces}");
    let answer = String::from_utf8(answer).unwrap();
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    assert_eq!(aimlapi_links(&serde_json::from_str(body).unwrap()).len(), 1);
}

#[test]
fn a_request_that_hangs_is_done_and_never_answered() {
    let gateway = TestGateway::start();
    let task = gateway.vtrix_job(json!({ "n": 1 }));
    let link = vtrix_links(&gateway.finished(&task)).remove(0);
    let image = link.strip_prefix(&gateway.url("")).unwrap();
    let (aimlapi, vtrix) = (aimlapi_body(json!({})).to_string(), vtrix_body(json!({})).to_string());
    for (on, call, body) in [
        ("submit", format!("POST {AIMLAPI}"), aimlapi.as_str()),
        ("submit", format!("POST {VTRIX}"), vtrix.as_str()),
        ("status", format!("GET {task}"), ""),
        ("image", format!("GET {image}"), ""),
    ] {
        gateway.scenario(json!({ "on": on, "fault": "hang" }));
        let (before, begun) = (gateway.requests().len(), Instant::now());
        let mut stream = send_by_hand(&gateway, &call, body);
        while gateway.requests().len() == before {
            assert!(begun.elapsed() < Duration::from_secs(10), "{call}");
            std::thread::sleep(Duration::from_millis(5));
        }
        assert_unanswered(&mut stream);
        assert_eq!(gateway.requests()[before]["status"], Value::Null, "{call}");
    }
    assert_eq!(gateway.totals()["aimlapi"]["accepted"], 1);
    assert_eq!(gateway.totals()["vtrix"]["accepted"], 2);
    assert_eq!(gateway.get(&task).status, 200);
}

#[test]
fn a_huge_answer_has_its_length_and_is_json_all_the_same() {
    let gateway = TestGateway::start();
    let length = 5_000_001;
    let huge = json!({ "on": "submit", "times": 2, "fault": "huge", "bytes": length });
    gateway.scenario(json!([huge, { "on": "status", "fault": "huge", "bytes": length }]));
    let aimlapi = submit(&gateway);
    assert_eq!((aimlapi.body.len(), aimlapi_links(&aimlapi.json()).len()), (length, 1));
    let accepted = gateway.post(VTRIX, vtrix_body(json!({})));
    assert_eq!(accepted.body.len(), length);
    assert_eq!(accepted.header("Content-Length"), "", "nobody is warned");
    let task = task_path(&accepted.json());
    let states = [(); 2].map(|()| gateway.get(&task));
    assert_eq!(states[0].body.len(), length);
    assert_eq!(states[0].json(), states[1].json());
    assert!(states[1].body.len() < 10_000);
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
    assert_unanswered(&mut stream);
}

#[test]
fn a_vanished_job_is_accepted_and_not_found() {
    let gateway = TestGateway::start();
    gateway.scenario(json!({ "on": "submit", "fault": "vanished" }));
    // Nothing can vanish where one request is all.
    assert_eq!(aimlapi_links(&submit(&gateway).json()).len(), 1);
    let accepted = gateway.post(VTRIX, vtrix_body(json!({})));
    assert_eq!(accepted.status, 200);
    for _ in 0..2 {
        let reply = gateway.get(&task_path(&accepted.json()));
        assert_eq!((reply.status, reply.json()), (404, json!({ "detail": "Not Found" })));
    }
    assert_eq!(gateway.totals()["vtrix"]["accepted"], 1);
    assert_eq!(gateway.get(&gateway.vtrix_job(json!({}))).status, 200);
}

#[test]
fn a_requeued_job_begins_in_the_queue_and_completes() {
    let gateway = TestGateway::with(100..=100, None);
    gateway.scenario(json!({ "on": "submit", "fault": "requeued" }));
    let accepted = gateway.post(VTRIX, vtrix_body(json!({ "n": 2 }))).json();
    assert_eq!(accepted["status"], "queued");
    let check = Request {
        method: "GET".into(),
        path: task_path(&accepted),
        headers: vec![("authorization".into(), "Bearer k".into())],
        ..Request::default()
    };
    let submitted_at = gateway.requests()[0]["at"].as_u64().unwrap();
    let words = [20, 40, 60, 80, 100].map(|later| {
        let answer = gateway.shared.lock().unwrap().handle(&check, submitted_at + later);
        serde_json::from_slice::<Value>(&answer.body.into_bytes()).unwrap()["status"].clone()
    });
    assert_eq!(words, ["in_progress", "queued", "queued", "in_progress", "completed"]);
    let done = gateway.finished(&check.path);
    assert_eq!(vtrix_links(&done).len(), 2);
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
fn duplicated_pictures_come_twice_and_cost_once() {
    let gateway = TestGateway::start();
    gateway.scenario(json!({ "on": "submit", "times": 2, "fault": "duplicated" }));
    let state = gateway.finished(&gateway.vtrix_job(json!({ "n": 2, "size": "768*768" })));
    let answer = submit(&gateway).json();
    for (links, pictures) in [(vtrix_links(&state), 2), (aimlapi_links(&answer), 1)] {
        assert_eq!(links.len(), 2 * pictures);
        let mut different = links.clone();
        different.dedup();
        assert_eq!(different.len(), pictures, "{links:?}");
        assert_eq!(gateway.get(&links[0]).header("Content-Type"), "image/png");
    }
    assert_eq!(state["usage"]["cost"], "0.06");
    assert_eq!(answer["meta"]["usage"]["credits_used"], 63_000);
}

#[test]
fn hostile_links_are_not_addresses_of_pictures() {
    let gateway = TestGateway::start();
    gateway.scenario(json!({ "on": "submit", "times": 2, "fault": "hostile_links" }));
    let state = gateway.finished(&gateway.vtrix_job(json!({ "n": 4 })));
    let answer = submit(&gateway).json();
    let links = vtrix_links(&state);
    assert_eq!((links.len(), aimlapi_links(&answer).len()), (4, 1));
    assert!(links.iter().chain(&aimlapi_links(&answer)).all(|link| !link.starts_with("http")));
    for scheme in ["javascript:", "data:text/html", "file:"] {
        assert!(links.iter().any(|link| link.starts_with(scheme)), "{scheme}");
    }
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

#[test]
fn a_silent_stream_is_open_and_says_nothing() {
    let gateway = TestGateway::start();
    let task = gateway.vtrix_job(json!({ "n": 1 }));
    gateway.scenario(json!({ "on": "stream", "fault": "silent" }));
    let mut stream = send_by_hand(&gateway, &format!("GET {task}/stream"), "");
    let mut head = [0; 4096];
    let length = stream.read(&mut head).unwrap();
    assert!(head[..length].starts_with(b"HTTP/1.1 200"));
    assert!(head[..length].ends_with(b"\r\n\r\n"));
    assert_unanswered(&mut stream);
}
