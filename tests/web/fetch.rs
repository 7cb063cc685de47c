//! Requests and answers. The functions that answer are written in place.

mod answer;
mod dropped;
mod failure;
mod request;

use std::cell::Cell;

use js_sys::Function;
use wanvas::proto::http::{Failure, HttpRequest, Method};
use wanvas::web::fetch::{Answer, Failed, send};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/tests/web/support/page.js")]
extern "C" {
    fn recorded(fetch: &Function) -> Function;
    #[wasm_bindgen(js_name = callsOf)]
    fn calls(recorded: &Function) -> String;
    #[wasm_bindgen(js_name = abortedOf)]
    fn aborted(recorded: &Function) -> String;
}

/// A `fetch(url, init)` with this body.
fn fetch(body: &str) -> Function {
    recorded(&Function::new_with_args("url, init", body))
}

fn get() -> HttpRequest {
    let url = "https://gateway.test/jobs/1".to_owned();
    HttpRequest { method: Method::Get, url, headers: Vec::new(), body: None }
}

async fn sent(fetch: &Function) -> Result<Answer, Failed> {
    let sent = Cell::new(false);
    let answer = send(fetch, &get(), Some("Bearer secret"), || sent.set(true)).await;
    assert!(sent.get());
    let is_given_up = format!("[{}]", answer.is_err());
    assert_eq!(aborted(fetch), is_given_up, "what has not come whole is given up");
    answer
}

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    let (_, value) = answer.headers.iter().find(|(known, _)| known == name)?;
    Some(value)
}

async fn text(body: &str) -> String {
    sent(&fetch(body)).await.unwrap().text
}

/// The failure, and what was thrown.
async fn failed(body: &str) -> (Failure, Option<String>) {
    let failed = sent(&fetch(body)).await.unwrap_err();
    let thrown = failed.thrown.map(|thrown| {
        let thrown = Function::new_with_args("thrown", "return String(thrown)")
            .call1(&JsValue::UNDEFINED, &thrown)
            .unwrap();
        thrown.as_string().unwrap()
    });
    (failed.failure, thrown)
}
