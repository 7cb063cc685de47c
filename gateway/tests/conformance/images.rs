//! Picture links and what is behind them.

use serde_json::json;
use wanvas_gateway::Request;

use crate::harness::{
    AIMLAPI, TestGateway, VTRIX, aimlapi_body, aimlapi_links, now_ms, task_path, vtrix_body,
    vtrix_links,
};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

fn aimlapi_pictures(gateway: &TestGateway, changes: serde_json::Value) -> Vec<Vec<u8>> {
    let answer = gateway.post(AIMLAPI, aimlapi_body(changes)).json();
    aimlapi_links(&answer).iter().map(|link| gateway.get(link).body).collect()
}

fn vtrix_pictures(gateway: &TestGateway, parameters: serde_json::Value) -> Vec<Vec<u8>> {
    let task = gateway.vtrix_job(parameters);
    vtrix_links(&gateway.finished(&task)).iter().map(|link| gateway.get(link).body).collect()
}

/// Width and height from a PNG's first chunk.
fn size(png: &[u8]) -> (u32, u32) {
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    (number(16), number(20))
}

#[test]
fn pictures_are_png_files_of_the_size_asked_for() {
    let gateway = TestGateway::start();
    let aimlapi = json!({ "image_size": { "width": 544, "height": 512 } });
    assert_eq!(size(&aimlapi_pictures(&gateway, aimlapi)[0]), (544, 512));
    let vtrix = json!({ "size": "384*1536", "n": 1 });
    assert_eq!(size(&vtrix_pictures(&gateway, vtrix)[0]), (384, 1536));

    let answer = gateway.post(AIMLAPI, aimlapi_body(json!({}))).json();
    let reply = gateway.get(&aimlapi_links(&answer)[0]);
    assert_eq!(reply.header("Content-Type"), "image/png");
    assert_eq!(reply.header("Access-Control-Allow-Origin"), "*");
}

#[test]
fn the_same_prompt_seed_and_size_give_the_same_bytes_at_either_start() {
    let (one, other) = (TestGateway::start(), TestGateway::start());
    assert_eq!(aimlapi_pictures(&one, json!({})), aimlapi_pictures(&other, json!({})));
}

#[test]
fn each_picture_of_a_job_has_the_next_seed() {
    let gateway = TestGateway::start();
    let pair = aimlapi_pictures(&gateway, json!({ "num_images": 2, "seed": 7 }));
    assert_ne!(pair[0], pair[1]);
    assert_eq!(aimlapi_pictures(&gateway, json!({ "seed": 8 }))[0], pair[1]);
}

#[test]
fn without_a_seed_each_job_has_its_own() {
    let gateway = TestGateway::start();
    let body = aimlapi_body(json!({ "seed": null }));
    let link = || aimlapi_links(&gateway.post(AIMLAPI, body.clone()).json()).remove(0);
    let (one, other) = (link(), link());
    assert_ne!(gateway.get(&one).body, gateway.get(&other).body);
}

#[test]
fn a_negative_prompt_and_a_watermark_change_the_file() {
    let gateway = TestGateway::start();
    let plain = aimlapi_pictures(&gateway, json!({}));
    for changes in [json!({ "negative_prompt": "blur" }), json!({ "watermark": true })] {
        assert_ne!(aimlapi_pictures(&gateway, changes.clone()), plain, "{changes}");
    }
    let small = |watermark| json!({ "size": "768*768", "n": 1, "seed": 7, "watermark": watermark });
    assert_ne!(
        vtrix_pictures(&gateway, small(true)),
        vtrix_pictures(&gateway, small(false)),
        "watermark at Vtrix"
    );
}

#[test]
fn a_link_is_refused_when_changed() {
    let gateway = TestGateway::start();
    let answer = gateway.post(AIMLAPI, aimlapi_body(json!({}))).json();
    let link = &aimlapi_links(&answer)[0];
    let unsigned = link.split("&Signature").next().unwrap();
    for changed in [
        link.replace("512x512", "544x512"),
        link.replace("Expires=1", "Expires=2"),
        link.replace("-0.png", "-1.png"),
        unsigned.to_owned(),
        gateway.url("/images/any.png"),
    ] {
        assert_ne!(&changed, link);
        let reply = gateway.get(&changed);
        assert_eq!(reply.status, 403, "{changed}");
        assert!(reply.text().contains("SignatureDoesNotMatch"), "{changed}");
    }
}

#[test]
fn a_link_expires_after_a_day_and_says_when() {
    let gateway = TestGateway::start();
    let answer = gateway.post(AIMLAPI, aimlapi_body(json!({}))).json();
    let link = aimlapi_links(&answer).remove(0);
    let expires = link.split("Expires=").nth(1).unwrap().split('&').next().unwrap();
    let expires: u64 = expires.parse().unwrap();
    assert!(expires.abs_diff((now_ms() + DAY_MS) / 1000) <= 5, "{expires}");

    let (path, query) = link.split_once('?').unwrap();
    let request = Request {
        method: "GET".into(),
        path: path.strip_prefix(&gateway.url("")).unwrap().into(),
        query: query.into(),
        ..Request::default()
    };
    let status_at = |now| gateway.shared.lock().unwrap().handle(&request, now).status;
    assert_eq!(status_at(expires * 1000 - 1), 200);
    assert_eq!(status_at(expires * 1000), 403);
}

#[test]
fn links_lie_on_the_host_that_was_asked() {
    let gateway = TestGateway::start();
    let port = gateway.address.port();
    let url = format!("http://localhost:{port}{VTRIX}");
    let headers = [("Authorization", "Bearer test"), ("Host", "gateway.test:81")];
    let body = vtrix_body(json!({ "n": 1 })).to_string();
    let task = gateway.send("POST", &url, &headers, Some(&body)).unwrap().json();
    let done = gateway.send("GET", &task_path(&task), &headers, None).unwrap().json();
    let link = vtrix_links(&done).remove(0);
    assert!(link.starts_with("http://gateway.test:81/images/"), "{link}");
}
