//! Answers that are meant to harm, or are merely broken.

use serde_json::value::Index;
use serde_json::{Value, json};
use wanvas::proto::error::ErrorCode;
use wanvas::proto::http::{Body, HttpResponse};
use wanvas::proto::image::Image;

use crate::harness::{Call, answer, at, fixture_names, http, task};

/// Addresses that a page must never open or show.
const HOSTILE: [&str; 12] = [
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "java\nscript:alert(1)",
    "data:image/svg+xml,<svg onload=alert(1)>",
    "file:///etc/passwd",
    "blob:https://a/1",
    "ftp://a/1.png",
    "//evil.example/1.png",
    "/1.png",
    "1.png",
    "https:evil.example",
    "ｈttps://a/1.png",
];

#[test]
fn a_link_that_is_not_http_is_an_error_in_its_place() {
    for hostile in HOSTILE {
        let images = [hostile, "https://a/1.png"].map(link).to_vec();
        let [bad, good] = finished(images).try_into().expect("two places");
        assert!(
            matches!(&bad, Image::Missing { error } if error.code == ErrorCode::Protocol),
            "{hostile}: {bad:?}"
        );
        assert!(matches!(good, Image::Link { .. }), "{hostile}");
    }
}

#[test]
fn nothing_but_hostile_links_is_a_protocol_error() {
    let images: Vec<_> = HOSTILE.map(link).to_vec();
    let mut aimlapi = Call::generate("aimlapi");
    aimlapi.answer(&http(200, json!({"data": images})));
    let mut vtrix = Call::accepted("{}");
    vtrix.check(&completed(images));
    for call in [aimlapi, vtrix] {
        assert_eq!(call.error().code, ErrorCode::Protocol);
        assert!(call.error().may_have_been_charged);
        assert!(!call.error().message.contains("alert"), "{}", call.error().message);
    }
}

#[test]
fn a_link_may_be_written_in_capitals_and_with_space_around_it() {
    for (written, read) in [
        ("HTTPS://a/1.png", "HTTPS://a/1.png"),
        ("http://a/1.png", "http://a/1.png"),
        (" https://a/1.png\n", "https://a/1.png"),
    ] {
        let images = finished(vec![link(written)]);
        assert!(matches!(&images[0], Image::Link { url, .. } if url == read), "{written}");
    }
}

#[test]
fn the_end_of_a_link_is_read_from_its_query_alone() {
    let ends = [
        ("https://a/?Expires=1769623835", Some(1_769_623_835_000)),
        ("https://a/?x=1&Expires=1769623835&y=2", Some(1_769_623_835_000)),
        ("https://a/Expires=1769623835", None),
        ("https://a/?NotExpires=1769623835", None),
        ("https://a/?Expires=", None),
        ("https://a/?Expires=soon", None),
        ("https://a/?Expires=99999999999999999999", None),
        ("https://a/?Expires=18446744073709551615", None),
    ];
    for (written, end) in ends {
        let images = finished(vec![link(written)]);
        let Image::Link { expires_at, .. } = images[0] else {
            panic!("{written} is a link");
        };
        assert_eq!(expires_at, end.map(at), "{written}");
    }
}

/// Takes every fixture, puts every wrong value at every place in it, and feeds it to a submit and
/// to a status check of every gateway.
#[test]
fn no_value_in_any_place_of_an_answer_breaks_a_call() {
    let mut fed = 0;
    for name in fixture_names("").into_iter().filter(|name| !name.contains("/request-")) {
        let whole = answer(&name);
        for body in mutations(whole.json()) {
            feed(&HttpResponse { body: Body::Json(body), ..whole.clone() });
            fed += 1;
        }
        for headers in header_mutations(&whole.headers) {
            feed(&HttpResponse { headers, ..whole.clone() });
        }
    }
    assert!(fed > 5_000, "only {fed} answers");
}

#[test]
fn an_answer_nested_without_end_is_no_job_and_no_picture() {
    let mut deep = Value::Bool(true);
    for _ in 0..1_000 {
        deep = Value::Array(vec![deep, json!({})]);
    }
    for member in ["data", "output", "error", "status", "id", "usage"] {
        feed(&http(200, json!({member: deep})));
        feed(&http(500, json!({member: deep})));
    }
    feed(&http(200, deep));
}

#[test]
fn a_job_id_that_would_lead_to_another_address_stays_one_segment_of_the_path() {
    for (id, segment) in [
        ("../../v1/keys", "..%2F..%2Fv1%2Fkeys"),
        ("a?b#c", "a%3Fb%23c"),
        ("a b%2F", "a%20b%252F"),
        ("é:1", "%C3%A9%3A1"),
    ] {
        let mut call = Call::generate("vtrix");
        call.answer(&http(200, json!({"id": id, "status": "queued"})));
        call.elapse();
        let url = format!("https://cloud.vtrix.ai/model/v1/generation/task/{segment}");
        assert_eq!(call.sent[1].1.url, url);
    }
    for dots in [".", ".."] {
        let mut call = Call::generate("vtrix");
        call.answer(&http(200, json!({"id": dots, "status": "queued"})));
        assert_eq!(call.error().code, ErrorCode::Protocol, "{dots}");
        assert!(call.error().may_have_been_charged, "{dots}");
    }
}

/// Feeds an answer to every kind of call and judges what becomes of it.
fn feed(answer: &HttpResponse) {
    for mut call in [Call::generate("aimlapi"), Call::generate("vtrix"), Call::resumed("{}")] {
        let submits = call.submits();
        call.answer(answer);
        judge(&call, answer);
        assert_eq!(call.submits(), submits, "no second submit after {answer:?}");
    }
}

fn judge(call: &Call, answer: &HttpResponse) {
    match &call.result {
        None => assert!(call.wait >= call.now, "a time for the next check after {answer:?}"),
        Some(Err(error)) => assert!(!error.message.is_empty(), "a reason for {answer:?}"),
        Some(Ok(generation)) => {
            assert!(generation.images.iter().any(is_picture), "a success after {answer:?}");
        }
    }
}

fn is_picture(image: &Image) -> bool {
    match image {
        Image::Link { url, .. } => {
            let url = url.to_ascii_lowercase();
            url.starts_with("https://") || url.starts_with("http://")
        }
        Image::Bytes { base64, .. } => !base64.is_empty(),
        Image::Missing { .. } => false,
    }
}

/// The document with each of its values in turn, and itself, replaced by each wrong value.
fn mutations(document: &Value) -> Vec<Value> {
    let mut all = wrong_values();
    match document {
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                all.extend(mutations(item).into_iter().map(|wrong| put(document, at, wrong)));
            }
        }
        Value::Object(members) => {
            for (name, value) in members {
                all.extend(mutations(value).into_iter().map(|wrong| put(document, name, wrong)));
            }
        }
        _ => {}
    }
    all
}

/// The document with another value in that place.
fn put(document: &Value, place: impl Index, value: Value) -> Value {
    let mut document = document.clone();
    document[place] = value;
    document
}

/// No headers, and the headers with each in turn replaced by each wrong value, written as text.
fn header_mutations(whole: &[(String, String)]) -> Vec<Vec<(String, String)>> {
    let mut all = vec![Vec::new()];
    for at in 0..whole.len() {
        for wrong in wrong_values() {
            let mut headers = whole.to_vec();
            headers[at].1 = wrong.as_str().map_or_else(|| wrong.to_string(), str::to_owned);
            all.push(headers);
        }
    }
    all
}

fn wrong_values() -> Vec<Value> {
    // JSON has no such numbers as the last two texts.
    let values = r#"[null, true, -1, 0, 0.5, 1e308, "", " ", "x", "..", "é", [], {},
                     [[[], [null]], [[{}]]], "NaN", "Infinity"]"#;
    let mut values: Vec<Value> = serde_json::from_str(values).expect("a list");
    values.push("9".repeat(400).into());
    values
}

fn link(url: &str) -> Value {
    json!({"url": url})
}

fn completed(content: Vec<Value>) -> HttpResponse {
    task("completed", &json!({"output": [{"content": content}]}).to_string())
}

/// The pictures of a job that ended with that content.
fn finished(content: Vec<Value>) -> Vec<Image> {
    let mut call = Call::resumed("{}");
    call.answer(&completed(content));
    call.finished().images.clone()
}
