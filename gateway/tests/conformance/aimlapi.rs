//! AIML API: one blocking call.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::{AIMLAPI, TestGateway, aimlapi_body, aimlapi_links, now_ms};

#[test]
fn a_prompt_becomes_one_picture_by_default() {
    let gateway = TestGateway::start();
    let before = now_ms();
    let reply = gateway.post(AIMLAPI, aimlapi_body(json!({})));
    assert_eq!(reply.status, 200);

    let body = reply.json();
    let created = body["created"].as_u64().unwrap();
    assert!((before..=now_ms()).contains(&created), "{created} is not in milliseconds");
    assert_eq!(aimlapi_links(&body).len(), 1);
    assert_eq!(body["meta"]["usage"]["credits_used"], 63_000);
    assert_eq!(reply.header("x-aimlapi-credits-used"), "63000");
    assert_eq!(reply.header("x-aimlapi-usd-spent"), "0.0315");
}

#[test]
fn four_pictures_cost_four_times_as_much() {
    let gateway = TestGateway::start();
    let body = gateway.post(AIMLAPI, aimlapi_body(json!({ "num_images": 4 }))).json();
    assert_eq!(aimlapi_links(&body).len(), 4);
    assert_eq!(body["meta"]["usage"]["credits_used"], 252_000);
}

#[test]
fn the_answer_comes_when_the_pictures_are_ready() {
    let gateway = TestGateway::with(120..=120, None);
    let begun = Instant::now();
    assert_eq!(gateway.post(AIMLAPI, aimlapi_body(json!({}))).status, 200);
    assert!(begun.elapsed() >= Duration::from_millis(120));
}

#[test]
fn the_client_request_id_is_echoed_if_it_is_legal() {
    let gateway = TestGateway::start();
    for (sent, echoed) in [("abc.1:2_3-4", "abc.1:2_3-4"), ("not legal", "")] {
        let headers = [("Authorization", "Bearer test"), ("X-Client-Request-Id", sent)];
        let body = aimlapi_body(json!({})).to_string();
        let reply = gateway.send("POST", AIMLAPI, &headers, Some(&body)).unwrap();
        assert_eq!(reply.status, 200, "{sent}");
        assert_eq!(reply.header("x-client-request-id"), echoed, "{sent}");
    }
}

#[test]
fn without_a_key_the_documented_error_comes() {
    let gateway = TestGateway::start();
    let body = aimlapi_body(json!({})).to_string();
    for headers in [&[][..], &[("Authorization", "Bearer ")], &[("Authorization", "Key k")]] {
        let reply = gateway.send("POST", AIMLAPI, headers, Some(&body)).unwrap();
        assert_eq!(reply.status, 401, "{headers:?}");
        let error = reply.json();
        assert_eq!(error["statusCode"], "401");
        assert_eq!(error["path"], AIMLAPI);
        assert_eq!(error["requestId"], reply.header("x-inference-id"));
        let timestamp = error["timestamp"].as_str().unwrap();
        assert!(timestamp.contains('T') && timestamp.ends_with('Z'), "{timestamp}");
    }
}

#[test]
fn only_the_configured_key_is_accepted() {
    let gateway = TestGateway::with(0..=0, Some("right"));
    let body = aimlapi_body(json!({})).to_string();
    for (key, status) in [("Bearer right", 200), ("Bearer wrong", 401)] {
        let reply = gateway.send("POST", AIMLAPI, &[("Authorization", key)], Some(&body)).unwrap();
        assert_eq!(reply.status, status, "{key}");
    }
}

#[test]
fn a_body_against_the_rules_is_refused_and_the_rule_named() {
    let gateway = TestGateway::start();
    for (changes, named) in [
        (json!({ "prompt": "x".repeat(2001) }), "2000"),
        (json!({ "num_images": 5 }), "1 to 4"),
        (json!({ "image_size": { "width": 1104, "height": 1472 } }), "multiples of 32"),
        (json!({ "image_size": "huge" }), "image_size"),
        (json!({ "seed": 2_147_483_648_u32 }), "2147483647"),
    ] {
        let reply = gateway.post(AIMLAPI, aimlapi_body(changes));
        assert_eq!(reply.status, 400, "{named}");
        let message = reply.json()["message"].as_str().unwrap().to_owned();
        assert!(message.starts_with("Body validation error\n"), "{message}");
        assert!(message.contains(named), "{message}");
    }
}

#[test]
fn unknown_calls_are_not_found() {
    let gateway = TestGateway::start();
    let reply = gateway.get("/v1/models");
    assert_eq!(reply.status, 404);
    assert_eq!(reply.json()["statusCode"], "404");
    assert_eq!(gateway.get(AIMLAPI).status, 404);
}
