//! What is read out of good answers.

use std::time::Duration;

use serde_json::{Value, json};
use wanvas::proto::error::ErrorCode;
use wanvas::proto::generation::{Cost, Generation};
use wanvas::proto::image::{Image, MediaType};
use wanvas::proto::time::Timestamp;

use crate::errors;
use crate::harness::{Call, START, answer, at, fixture_names, http, json, task, with_header};
use crate::status::GOING;

/// AIML API's fixtures: pictures, cost, made at (Unix milliseconds), link's end (the same).
const SUCCESSES: [(&str, usize, &str, u64, u64); 12] = [
    ("b64-json", 1, "63000 credits", 1_769_537_446_493, 0),
    ("created-seconds", 1, "", 1_756_832_341_000, 1_757_438_140_000),
    ("documented-sample", 1, "63000 credits", 1_769_537_446_493, 1_769_623_835_000),
    ("fewer-images", 1, "63000 credits", 1_769_537_446_493, 1_769_623_835_000),
    ("four-images", 4, "252000 credits", 1_769_537_446_493, 1_769_623_835_000),
    ("meta-null", 1, "", 0, 1_769_623_835_000),
    ("null-extras", 1, "63000 credits", 1_769_537_446_493, 1_769_623_835_000),
    ("tokens-used", 1, "", 0, 0),
    ("tracing-headers", 1, "0.031500000 USD", 1_769_537_446_493, 1_769_623_835_000),
    ("url-without-expiry", 1, "0.0455 USD", 1_777_511_878_231, 0),
    ("usage-null", 1, "", 0, 1_769_623_835_000),
    ("usd-spent", 1, "0.039 USD", 1_775_596_159_209, 1_775_682_558_000),
];

/// Vtrix's fixtures of finished jobs: pictures, cost, discount.
const COMPLETED: [(&str, usize, &str, Option<f64>); 12] = [
    ("vtrix/status-completed", 1, "0.03 USD", Some(1.0)),
    ("vtrix/status-completed-cost-empty", 1, "", None),
    ("vtrix/status-completed-cost-null", 1, "", None),
    ("vtrix/status-completed-cost-number", 1, "0.01429 USD", Some(0.5)),
    ("vtrix/status-completed-error-null", 1, "0.03 USD", Some(1.0)),
    ("vtrix/status-completed-many-outputs", 4, "0.12 USD", Some(1.0)),
    ("vtrix/status-completed-metadata", 1, "0.03 USD", Some(1.0)),
    ("vtrix/status-completed-upper-case", 1, "0.03 USD", Some(1.0)),
    ("vtrix/status-completed-usage-extras", 1, "0.03 USD", Some(1.0)),
    ("vtrix/status-created-at-seconds", 1, "0.03 USD", Some(1.0)),
    ("vtrix/status-succeeded", 1, "0.03 USD", Some(1.0)),
    ("vtrix/submit-completed", 1, "0.03 USD", Some(1.0)),
];

#[test]
fn every_success_of_aimlapi_is_read_whole() {
    for (case, images, price, created_at, expires_at) in SUCCESSES {
        let mut call = Call::generate("aimlapi");
        call.answer(&answer(&format!("aimlapi/success-{case}")));
        let finished = call.finished();
        assert_eq!(finished.images.len(), images, "{case}");
        assert_eq!(cost(finished.cost.as_ref()), price, "{case}");
        assert_eq!(millis(finished.created_at), created_at, "{case}");
        assert_eq!(call.generation().job, None, "there is no job to wait for");
        for image in &finished.images {
            let end = match image {
                Image::Link { expires_at, .. } => millis(*expires_at),
                _ => 0,
            };
            assert_eq!(end, expires_at, "{case}");
        }
    }
}

#[test]
fn every_finished_job_of_vtrix_is_read_whole() {
    for (name, images, price, discount) in COMPLETED {
        let mut call = Call::resumed("{}");
        call.answer(&answer(name));
        let finished = call.finished();
        assert_eq!(finished.images.len(), images, "{name}");
        assert_eq!(cost(finished.cost.as_ref()), price, "{name}");
        let read = finished.cost.as_ref().and_then(|cost| cost.discount);
        assert_eq!(read, discount, "{name}");
        assert_eq!(finished.created_at, Some(at(1_710_000_000_000)), "{name}");
        for (place, image) in finished.images.iter().enumerate() {
            assert_eq!(url(image), format!("https://cdn.example.com/out-{place}.webp"), "{name}");
        }
    }
}

#[test]
fn no_fixture_of_a_good_answer_is_forgotten() {
    let successes = SUCCESSES.iter().map(|row| row.0);
    let mut named: Vec<_> = successes.map(|case| format!("aimlapi/success-{case}")).collect();
    named.extend(COMPLETED.map(|row| row.0.to_owned()));
    named.extend(GOING.map(str::to_owned));
    let kinds = ["/success-", "/status-", "/submit-"];
    for name in kinds.into_iter().flat_map(fixture_names) {
        assert!(named.contains(&name) || errors::knows(&name), "{name} is in no list");
    }
}

#[test]
fn a_picture_that_came_as_bytes_has_the_type_of_its_bytes() {
    let starts = [
        ("iVBORw0KGgoAAAA=", Some(MediaType::Png)),
        ("/9j/4AAQSkZJRg==", Some(MediaType::Jpeg)),
        ("UklGRiQAAABXRUJQ", Some(MediaType::Webp)),
        ("R0lGODlhAQABAAAA", Some(MediaType::Gif)),
        ("AAAAIGZ0eXBhdmlm", None),
    ];
    for (base64, media_type) in starts {
        for prefix in ["", "data:image/png;base64,", " "] {
            let image = only_image(json!({"b64_json": format!("{prefix}{base64}")}));
            let base64 = base64.to_owned();
            assert_eq!(image, Image::Bytes { base64, media_type });
        }
    }
}

#[test]
fn bytes_that_are_no_base64_are_no_picture() {
    for text in ["<svg>", "data:image/png;base64,", "javascript:alert(1)", "é"] {
        let mut call = Call::generate("aimlapi");
        call.answer(&http(200, json!({"data": [{"b64_json": text}]})));
        assert_eq!(call.error().code, ErrorCode::Protocol, "{text}");
    }
}

#[test]
fn the_request_is_named_where_the_gateway_names_it() {
    let mut aimlapi = Call::generate("aimlapi");
    aimlapi.answer(&answer("aimlapi/success-tracing-headers"));
    assert_eq!(aimlapi.finished().request_id.as_deref(), Some("V1StGXR8Z5jdHi6BmyT8k"));
    let mut vtrix = Call::resumed("{}");
    let named = r#"{"request_id": "mmsu_01", "output": [{"content": [{"url": "https://a/"}]}]}"#;
    vtrix.answer(&task("completed", named));
    assert_eq!(vtrix.finished().request_id.as_deref(), Some("mmsu_01"));
}

#[test]
fn a_time_is_in_milliseconds_if_it_would_be_too_far_off_in_seconds() {
    let times = [
        ("1710000000", Some(1_710_000_000_000)),
        ("1710000000.9", Some(1_710_000_000_000)),
        (r#""1710000000""#, Some(1_710_000_000_000)),
        ("100000000000", Some(100_000_000_000_000)),
        ("100000000001", Some(100_000_000_001)),
        ("1710000000000", Some(1_710_000_000_000)),
        ("0", None),
        ("-5", None),
        ("1e300", None),
        (r#""yesterday""#, None),
    ];
    for (told, read) in times {
        let mut call = Call::generate("aimlapi");
        call.answer(&http(200, json!({"data": [{"url": "https://a/"}], "created": json(told)})));
        assert_eq!(call.finished().created_at, read.map(at), "{told}");
    }
}

#[test]
fn a_price_in_dollars_goes_before_one_in_credits() {
    let credits = answer("aimlapi/success-documented-sample");
    let mut call = Call::generate("aimlapi");
    call.answer(&with_header(credits, "x-aimlapi-usd-spent", "0.0315"));
    assert_eq!(cost(call.finished().cost.as_ref()), "0.0315 USD");
}

#[test]
fn a_price_is_a_decimal_number_or_none() {
    let prices = [
        ("0.30000000000000004", "0.3"),
        ("12", "12"),
        ("100", "100"),
        ("0", "0"),
        ("1e308", ""),
        ("-1", ""),
        (r#"" 0.120 ""#, "0.120"),
        (r#"".5""#, ".5"),
        (r#""1.2.3""#, ""),
        (r#""1e5""#, ""),
        (r#""free""#, ""),
        ("{}", ""),
    ];
    for (price, amount) in prices {
        let mut call = Call::resumed("{}");
        let output = r#""output": [{"content": [{"url": "https://a/"}]}]"#;
        call.answer(&task("completed", &format!(r#"{{{output}, "usage": {{"cost": {price}}}}}"#)));
        let read = call.finished().cost.as_ref().map_or("", |cost| &cost.amount);
        assert_eq!(read, amount, "{price}");
    }
}

#[test]
fn a_result_is_plain_data_with_every_member_in_place() {
    let mut call = Call::with("vtrix", r#"{"prompt": "A boat", "count": 2}"#, "{}");
    call.answer(&answer("vtrix/submit-completed"));
    let generation = call.generation();
    let job = json!({"provider": "vtrix", "id": "task_01", "model": "wan25_t2i_preview_intl",
                     "submittedAt": START, "count": 2});
    let expected = json!({
        "id": "1770000000000-7",
        "status": "succeeded",
        "job": job,
        "images": [{"url": "https://cdn.example.com/out-0.webp"}],
        "requested": {"count": 2, "size": "1280x1280"},
        "progress": 1.0,
        "createdAt": 1_710_000_000_000_u64,
        "cost": {"amount": "0.03", "currency": "USD", "discount": 1.0},
    });
    assert_eq!(json!(generation), expected);
    let read: Generation = serde_json::from_value(expected).expect("a result");
    assert_eq!(&read, generation);
}

fn only_image(item: Value) -> Image {
    let mut call = Call::generate("aimlapi");
    call.answer(&http(200, json!({"data": [item]})));
    let [image] = &call.finished().images[..] else {
        panic!("one picture");
    };
    image.clone()
}

fn cost(cost: Option<&Cost>) -> String {
    cost.map_or_else(String::new, |cost| format!("{} {}", cost.amount, cost.currency))
}

/// A time in Unix milliseconds; 0 if there is none.
fn millis(time: Option<Timestamp>) -> u64 {
    time.map_or(0, Timestamp::unix_millis)
}

/// The address of a picture.
pub fn url(image: &Image) -> &str {
    match image {
        Image::Link { url, .. } => url,
        other => panic!("no link: {other:?}"),
    }
}

#[test]
fn a_picture_that_the_gateway_names_twice_is_given_once() {
    let content = |url: &str| format!(r#"{{"type": "image", "url": "https://a.example/{url}"}}"#);
    let list = ["1.png", "1.png", "2.png", "2.png"].map(content).join(", ");
    let mut call = Call::accepted("{}");
    call.check(&task("completed", &format!(r#"{{"output": [{{"content": [{list}]}}]}}"#)));
    assert_eq!(call.finished().images.len(), 2);
}

#[test]
fn no_time_is_later_than_javascript_can_hold() {
    let last = Timestamp::from_unix_millis((1 << 53) - 1);
    assert_eq!(Timestamp::from_unix_millis(u64::MAX), last);
    assert_eq!(last + Duration::from_secs(1), last);
    let image = only_image(json!({"url": "https://a.example/b?Expires=9007199254740993"}));
    assert!(matches!(image, Image::Link { expires_at: Some(end), .. } if end == last), "{image:?}");
}
