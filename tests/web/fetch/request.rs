//! What is sent.

use std::cell::Cell;

use js_sys::JSON;
use wanvas::proto::http::{Failure, HttpRequest, Method};
use wanvas::web::fetch::send;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{aborted, calls, fetch, get};
use crate::support::{begun, is_pending};

#[wasm_bindgen_test]
async fn a_request_is_sent_as_it_is() {
    let fetch = fetch("return Promise.resolve(new Response('{}'))");
    let request = HttpRequest {
        method: Method::Post,
        url: "https://gateway.test/jobs".to_owned(),
        headers: vec![("x-own".to_owned(), "1".to_owned())],
        body: Some(r#"{"prompt":"é"}"#.to_owned()),
    };
    send(&fetch, &request, Some("Bearer secret"), || ()).await.unwrap();
    let call = JSON::parse(&calls(&fetch)).unwrap();
    let expected = r#"[{
        "url": "https://gateway.test/jobs",
        "method": "POST",
        "body": "{\"prompt\":\"é\"}",
        "headers": {
            "x-own": "1",
            "content-type": "application/json",
            "authorization": "Bearer secret"
        },
        "redirect": "manual",
        "cache": "no-store",
        "unbound": true,
        "isPlain": true
    }]"#;
    let expected = JSON::parse(expected).unwrap();
    assert_eq!(JSON::stringify(&call).unwrap(), JSON::stringify(&expected).unwrap());
    assert_eq!(aborted(&fetch), "[false]");
}

#[wasm_bindgen_test]
async fn what_there_is_not_is_not_sent() {
    let fetch = fetch("return new Response('{}')");
    send(&fetch, &get(), None, || ()).await.unwrap();
    let calls = calls(&fetch);
    assert!(calls.contains(r#""headers":{},"redirect""#), "{calls}");
    assert!(!calls.contains("body"), "{calls}");
}

#[wasm_bindgen_test]
async fn what_the_platform_does_not_take_is_not_sent() {
    let header = ("bad name".to_owned(), "1".to_owned());
    let impossible = [
        HttpRequest { url: "https://".to_owned(), ..get() },
        HttpRequest { headers: vec![header], ..get() },
        HttpRequest { body: Some("a GET has none".to_owned()), ..get() },
    ];
    let fetch = fetch("return new Response('{}')");
    for request in impossible {
        let failed = send(&fetch, &request, None, || panic!("sent")).await.unwrap_err();
        assert_eq!(failed.failure, Failure::Unreachable);
        assert!(failed.thrown.is_some());
    }
    assert_eq!(calls(&fetch), "[]");
}

#[wasm_bindgen_test]
async fn a_request_is_sent_when_that_is_told() {
    let is_sent = Cell::new(false);
    let fetch = fetch("return new Promise(() => {})");
    let request = get();
    let mut answer = begun(send(&fetch, &request, None, || is_sent.set(true))).await;
    assert!(is_sent.get());
    assert!(is_pending(&mut answer, 20).await);
    assert_eq!(aborted(&fetch), "[false]");
}
