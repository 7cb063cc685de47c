//! Vtrix: a job's events, and what can go wrong with them.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::{TestGateway, vtrix_links};

/// A job and the path of its stream.
fn job(gateway: &TestGateway) -> (String, String) {
    let task = gateway.vtrix_job(json!({ "n": 1 }));
    let stream = format!("{task}/stream");
    (task, stream)
}

/// The data of the only event of that name.
fn data(text: &str, name: &str) -> Value {
    let parts: Vec<_> = text.split(&format!("event: {name}\ndata: ")).collect();
    assert_eq!(parts.len(), 2, "{text}");
    serde_json::from_str(parts[1].split("\n\n").next().unwrap()).unwrap()
}

#[test]
fn it_says_at_once_that_it_is_there_and_when_the_job_is_done_all_that_a_check_would() {
    let gateway = TestGateway::with(300..=300, None);
    let (task, stream) = job(&gateway);
    let begun = Instant::now();
    let reply = gateway.get(&stream);
    assert!(begun.elapsed() > Duration::from_millis(200));
    assert_eq!((reply.status, reply.header("Content-Type")), (200, "text/event-stream"));
    let text = reply.text();
    assert!(text.starts_with(": keepalive\n\nevent: done\n"), "{text}");
    let done = data(&text, "done");
    assert_eq!(done, gateway.get(&task).json());
    assert_eq!(vtrix_links(&done).len(), 1);
    assert_eq!(gateway.totals()["vtrix"]["streams"], 1);
    assert_eq!(gateway.requests().last().unwrap()["kind"], "status");
}

#[test]
fn comments_are_sent_meanwhile() {
    let gateway = TestGateway::with(2500..=2500, None);
    let text = gateway.get(&job(&gateway).1).text();
    assert_eq!(text.matches(": keepalive\n\n").count(), 3, "{text}");
}

#[test]
fn a_job_that_failed_is_done_too() {
    let gateway = TestGateway::start();
    gateway.scenario(json!({ "on": "submit", "fault": "failed", "code": "E", "message": "m" }));
    let done = data(&gateway.get(&job(&gateway).1).text(), "done");
    assert_eq!(done["status"], "failed");
    assert_eq!(done["error"], json!({ "code": "E", "message": "m" }));
}

#[test]
fn without_a_key_or_a_job_there_is_none() {
    let gateway = TestGateway::start();
    let (_, stream) = job(&gateway);
    assert_eq!(gateway.send("GET", &stream, &[], None).unwrap().status, 401);
    let unknown = gateway.get("/model/v1/generation/task/none/stream");
    assert_eq!((unknown.status, unknown.json()), (404, json!({ "detail": "Not Found" })));
}

#[test]
fn it_can_be_refused() {
    let gateway = TestGateway::start();
    let (_, stream) = job(&gateway);
    gateway.scenario(json!({ "on": "stream", "fault": "answer", "status": 405 }));
    assert_eq!(gateway.get(&stream).status, 405);
}

#[test]
fn it_can_break_off_within_the_last_event() {
    let gateway = TestGateway::start();
    let (_, stream) = job(&gateway);
    gateway.scenario(json!({ "on": "stream", "fault": "cut", "when": "body" }));
    assert!(gateway.try_get(&stream).is_err());
}

#[test]
fn it_can_end_without_an_end() {
    let gateway = TestGateway::start();
    let (_, stream) = job(&gateway);
    gateway.scenario(json!({ "on": "stream", "fault": "unfinished" }));
    assert_eq!(gateway.get(&stream).text(), ": keepalive\n\n");
}

#[test]
fn its_json_can_break_off() {
    let gateway = TestGateway::start();
    let (_, stream) = job(&gateway);
    gateway.scenario(json!({ "on": "stream", "fault": "bad_json" }));
    let text = gateway.get(&stream).text();
    let (_, data) = text.split_once("event: done\ndata: ").unwrap();
    assert!(data.starts_with('{') && serde_json::from_str::<Value>(data).is_err(), "{data}");
}

#[test]
fn pieces_can_come_before_the_end_with_a_cursor_that_jumps() {
    let gateway = TestGateway::start();
    let (_, stream) = job(&gateway);
    gateway.scenario(json!({ "on": "stream", "fault": "pieces" }));
    let text = gateway.get(&stream).text();
    let cursors: Vec<_> = text.matches(r#""cursor":"#).collect();
    assert_eq!(cursors.len(), 2, "{text}");
    assert_eq!(data(&text, "done")["status"], "completed");
}
