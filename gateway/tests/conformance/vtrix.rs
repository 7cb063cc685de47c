//! Vtrix: a job is made, then asked for.

use serde_json::json;

use crate::harness::{TestGateway, VTRIX, now_ms, task_path, vtrix_body, vtrix_links};

#[test]
fn a_job_advances_and_completes_with_four_pictures_by_default() {
    let gateway = TestGateway::with(80..=80, None);
    let accepted = gateway.post(VTRIX, vtrix_body(json!({}))).json();
    assert_eq!(accepted["status"], "in_progress");
    assert_eq!(accepted["model"], "wan25_t2i_preview_intl");
    let created = accepted["created_at"].as_u64().unwrap();
    assert!(created.abs_diff(now_ms() / 1000) <= 5, "{created} is not in seconds");

    let task = task_path(&accepted);
    let mut progress = Vec::new();
    let done = loop {
        let state = gateway.get(&task).json();
        if state["status"] == "completed" {
            break state;
        }
        assert!(state.get("output").is_none(), "{state}");
        progress.push(state["progress"].as_f64().unwrap());
    };
    assert!(progress.is_sorted() && progress.last().is_some_and(|last| *last > 0.0));
    assert!(progress.iter().all(|progress| (0.0..1.0).contains(progress)), "{progress:?}");
    assert!(done.get("progress").is_none());
    assert_eq!(vtrix_links(&done).len(), 4);
    assert_eq!(done["usage"], json!({ "cost": "0.12", "discount": 1.0 }));
    assert_eq!(done["output"][0]["content"][0]["type"], "image");
    assert_eq!(done["output"][0]["content"][0]["jobId"], accepted["id"]);
}

#[test]
fn the_flat_body_of_the_documents_is_accepted_too() {
    let gateway = TestGateway::start();
    let body = json!({
        "model": "wan25_t2i_preview",
        "input": { "prompt": "a fox" },
        "parameters": { "n": 1, "size": "768*768" },
    });
    let accepted = gateway.post(VTRIX, body).json();
    assert_eq!(vtrix_links(&gateway.finished(&task_path(&accepted))).len(), 1);
}

#[test]
fn without_a_key_neither_call_is_answered() {
    let gateway = TestGateway::start();
    let task = gateway.vtrix_job(json!({}));
    let body = vtrix_body(json!({})).to_string();
    for reply in [
        gateway.send("POST", VTRIX, &[], Some(&body)).unwrap(),
        gateway.send("GET", &task, &[], None).unwrap(),
    ] {
        assert_eq!(reply.status, 401);
        assert_eq!(reply.json()["error"]["code"], "UNAUTHORIZED");
        assert!(reply.json()["request_id"].is_string());
    }
}

#[test]
fn an_unknown_task_or_call_is_not_found() {
    let gateway = TestGateway::start();
    for path in ["/model/v1/generation/task/nothing", "/model/v1/generation/task/", "/model/v2"] {
        let reply = gateway.get(path);
        assert_eq!(reply.status, 404, "{path}");
        assert_eq!(reply.json(), json!({ "detail": "Not Found" }), "{path}");
    }
}

#[test]
fn a_body_against_the_rules_is_refused_and_the_rule_named() {
    let gateway = TestGateway::start();
    for (parameters, named) in [
        (json!({ "size": "512*512" }), "total pixels"),
        (json!({ "size": "300*2700" }), "aspect ratio"),
        (json!({ "size": "1280x1280" }), "width*height"),
        (json!({ "n": 5 }), "1 to 4"),
        (json!({ "n": "two" }), "\"two\""),
    ] {
        let reply = gateway.post(VTRIX, vtrix_body(parameters));
        assert_eq!(reply.status, 400, "{named}");
        let error = reply.json();
        assert_eq!(error["error"]["code"], "InvalidParameter");
        let message = error["error"]["message"].as_str().unwrap();
        assert!(message.contains(named), "{message}");
    }
}
