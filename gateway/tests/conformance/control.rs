//! What tests can ask of the gateway.

use serde_json::{Value, json};

use crate::harness::{AIMLAPI, TestGateway, VTRIX, aimlapi_body, aimlapi_links};

#[test]
fn every_request_is_listed_with_its_outcome_and_without_its_key() {
    let gateway = TestGateway::start();
    let answer = gateway.post(AIMLAPI, aimlapi_body(json!({}))).json();
    let link = aimlapi_links(&answer).remove(0);
    gateway.send("GET", &link, &[], None).unwrap();
    gateway.get("/model/v1/generation/task/none");
    gateway.send("POST", VTRIX, &[("Authorization", "Basic secret")], Some("{")).unwrap();

    let requests = gateway.requests();
    let column = |name: &str| -> Vec<&Value> { requests.iter().map(|r| &r[name]).collect() };
    assert_eq!(column("kind"), ["submit", "image", "status", "submit"]);
    assert_eq!(column("provider"), ["aimlapi", "aimlapi", "vtrix", "vtrix"]);
    assert_eq!(column("status"), [200, 200, 404, 401]);
    assert_eq!(column("authorization"), ["ok", "none", "ok", "bad"]);
    assert_eq!(column("method"), ["POST", "GET", "GET", "POST"]);
    assert_eq!(column("path")[0], AIMLAPI);
    assert!(column("query")[1].as_str().unwrap().starts_with("Drawing="));
    assert_eq!(column("body")[0]["prompt"], "a fox in the snow");
    assert_eq!(column("body")[3], &Value::Null);
    assert!(column("headers")[0].as_array().unwrap().contains(&json!("authorization")));
    assert!(column("at").iter().all(|at| at.is_u64()));
    assert!(column("clientRequestId").iter().all(|id| id.is_null()));
    let listed = gateway.get("/__gateway/requests").text();
    assert!(!listed.contains("secret") && !listed.contains("Bearer"), "{listed}");
}

#[test]
fn the_list_has_the_id_a_client_gave_its_request() {
    let gateway = TestGateway::start();
    for path in [AIMLAPI, VTRIX] {
        let headers = [("Authorization", "Bearer k"), ("x-client-request-id", "order-7")];
        gateway.send("POST", path, &headers, Some("{}")).unwrap();
    }
    let ids: Vec<Value> =
        gateway.requests().iter().map(|request| request["clientRequestId"].clone()).collect();
    assert_eq!(ids, ["order-7", "order-7"]);
}

#[test]
fn totals_count_each_gateways_submits_jobs_and_status_checks() {
    let gateway = TestGateway::start();
    let none = json!({ "submits": 0, "accepted": 0, "statusChecks": 0, "streams": 0 });
    assert_eq!(gateway.totals(), json!({ "aimlapi": none, "vtrix": none }));

    let task = gateway.vtrix_job(json!({}));
    gateway.post(VTRIX, json!({}));
    gateway.scenario(json!([
        { "on": "submit", "fault": "cut", "when": "before" },
        { "on": "submit", "fault": "cut", "when": "after" },
    ]));
    for _ in 0..2 {
        gateway.try_post(AIMLAPI, &aimlapi_body(json!({}))).unwrap_err();
    }
    for _ in 0..3 {
        gateway.get(&task);
    }
    gateway.send("OPTIONS", VTRIX, &[], None).unwrap();
    let aimlapi = json!({ "submits": 2, "accepted": 1, "statusChecks": 0, "streams": 0 });
    let vtrix = json!({ "submits": 2, "accepted": 1, "statusChecks": 3, "streams": 0 });
    assert_eq!(gateway.totals(), json!({ "aimlapi": aimlapi, "vtrix": vtrix }));
}

#[test]
fn a_cut_request_is_listed_without_a_status() {
    let gateway = TestGateway::start();
    gateway.scenario(json!({ "on": "submit", "fault": "cut", "when": "before" }));
    gateway.try_post(AIMLAPI, &aimlapi_body(json!({}))).unwrap_err();
    let requests = gateway.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0]["status"], Value::Null);
}

#[test]
fn reset_forgets_faults_requests_counts_and_jobs() {
    let gateway = TestGateway::start();
    let task = gateway.vtrix_job(json!({}));
    gateway.scenario(json!({ "on": "submit", "times": 0, "fault": "rate_limited" }));
    assert_eq!(gateway.post("/__gateway/reset", json!({})).status, 204);
    assert_eq!(gateway.requests().len(), 0);
    assert_eq!(gateway.totals()["vtrix"]["submits"], 0);
    assert_eq!(gateway.get(&task).status, 404);
    assert_eq!(gateway.post(AIMLAPI, aimlapi_body(json!({}))).status, 200);
}

#[test]
fn a_malformed_scenario_is_refused_with_a_message() {
    let gateway = TestGateway::start();
    let reply = gateway.post("/__gateway/scenario", json!({ "on": "submit", "fault": "boom" }));
    assert_eq!(reply.status, 400);
    let message = reply.json()["message"].as_str().unwrap().to_owned();
    assert!(message.contains("`boom`"), "{message}");
    assert_eq!(gateway.post(AIMLAPI, aimlapi_body(json!({}))).status, 200);
}

#[test]
fn a_page_on_another_origin_can_script_the_gateway() {
    let gateway = TestGateway::start();
    let asked = [("Origin", "http://127.0.0.1:1"), ("Access-Control-Request-Method", "POST")];
    let reply = gateway.send("OPTIONS", "/__gateway/scenario", &asked, None).unwrap();
    assert_eq!(reply.status, 204);
    assert_eq!(reply.header("Access-Control-Allow-Origin"), "*");
    assert_eq!(gateway.get("/__gateway/requests").header("Access-Control-Allow-Origin"), "*");
    assert_eq!(gateway.get("/__gateway/none").status, 404);
}
