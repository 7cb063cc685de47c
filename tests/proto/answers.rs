//! What is read out of good answers.

use wanvas::proto::error::ErrorCode;
use wanvas::proto::generation::{Cost, Image, Phase};
use wanvas::proto::http::HttpResponse;
use wanvas::proto::json::Json;

use crate::harness::{Call, answer, fixture_names, http, json, task, with_header};

/// AIML API's fixtures: pictures, cost, made at (Unix milliseconds), link's end (the same).
const SUCCESSES: [(&str, usize, &str, u64, u64); 12] = [
    ("b64-json", 1, "63000 credits", 1_769_537_446_493, 0),
    (
        "created-seconds",
        1,
        "",
        1_756_832_341_000,
        1_757_438_140_000,
    ),
    (
        "documented-sample",
        1,
        "63000 credits",
        1_769_537_446_493,
        1_769_623_835_000,
    ),
    (
        "fewer-images",
        1,
        "63000 credits",
        1_769_537_446_493,
        1_769_623_835_000,
    ),
    (
        "four-images",
        4,
        "252000 credits",
        1_769_537_446_493,
        1_769_623_835_000,
    ),
    ("meta-null", 1, "", 0, 1_769_623_835_000),
    (
        "null-extras",
        1,
        "63000 credits",
        1_769_537_446_493,
        1_769_623_835_000,
    ),
    ("tokens-used", 1, "", 0, 0),
    (
        "tracing-headers",
        1,
        "0.031500000 USD",
        1_769_537_446_493,
        1_769_623_835_000,
    ),
    ("url-without-expiry", 1, "0.0455 USD", 1_777_511_878_231, 0),
    ("usage-null", 1, "", 0, 1_769_623_835_000),
    (
        "usd-spent",
        1,
        "0.039 USD",
        1_775_596_159_209,
        1_775_682_558_000,
    ),
];

/// Vtrix's fixtures of finished jobs: pictures, cost, discount.
const COMPLETED: [(&str, usize, &str, Option<f64>); 12] = [
    ("vtrix/status-completed", 1, "0.03 USD", Some(1.0)),
    ("vtrix/status-completed-cost-empty", 1, "", None),
    ("vtrix/status-completed-cost-null", 1, "", None),
    (
        "vtrix/status-completed-cost-number",
        1,
        "0.01429 USD",
        Some(0.5),
    ),
    (
        "vtrix/status-completed-error-null",
        1,
        "0.03 USD",
        Some(1.0),
    ),
    (
        "vtrix/status-completed-many-outputs",
        4,
        "0.12 USD",
        Some(1.0),
    ),
    ("vtrix/status-completed-metadata", 1, "0.03 USD", Some(1.0)),
    (
        "vtrix/status-completed-upper-case",
        1,
        "0.03 USD",
        Some(1.0),
    ),
    (
        "vtrix/status-completed-usage-extras",
        1,
        "0.03 USD",
        Some(1.0),
    ),
    ("vtrix/status-created-at-seconds", 1, "0.03 USD", Some(1.0)),
    ("vtrix/status-succeeded", 1, "0.03 USD", Some(1.0)),
    ("vtrix/submit-completed", 1, "0.03 USD", Some(1.0)),
];

/// Fixtures of jobs that go on, and those of `status-completed-*` that hold no picture.
const OTHER: [&str; 7] = [
    "vtrix/status-completed-output-empty",
    "vtrix/status-completed-output-null",
    "vtrix/status-completed-without-output",
    "vtrix/status-in-progress",
    "vtrix/status-queued",
    "vtrix/status-unknown-word",
    "vtrix/submit-in-progress",
];

#[test]
fn every_success_of_aimlapi_is_read_whole() {
    for (case, images, price, created_at, expires_at) in SUCCESSES {
        let mut call = Call::generate("aimlapi");
        call.answer(&answer(&format!("aimlapi/success-{case}")));
        let finished = call.finished();
        assert_eq!(finished.images.len(), images, "{case}");
        assert_eq!(cost(finished.cost.as_ref()), price, "{case}");
        assert_eq!(finished.created_at.unwrap_or(0), created_at, "{case}");
        assert_eq!(call.generation().job, None, "there is no job to wait for");
        for image in &finished.images {
            let end = match image {
                Image::Link { expires_at, .. } => expires_at.unwrap_or(0),
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
        assert_eq!(finished.created_at, Some(1_710_000_000_000), "{name}");
        for (at, image) in finished.images.iter().enumerate() {
            assert_eq!(
                url(image),
                format!("https://cdn.example.com/out-{at}.webp"),
                "{name}"
            );
        }
    }
}

#[test]
fn no_fixture_of_a_good_answer_is_forgotten() {
    let successes = SUCCESSES.iter().map(|row| row.0);
    let mut named: Vec<_> = successes
        .map(|case| format!("aimlapi/success-{case}"))
        .collect();
    named.extend(COMPLETED.map(|row| row.0.to_owned()));
    named.extend(OTHER.map(str::to_owned));
    let kinds = ["/success-", "/status-", "/submit-"];
    for name in kinds.into_iter().flat_map(fixture_names) {
        let error = name.contains("-failed") || name.contains("-cancel");
        let known = error || name.ends_with("-without-id") || named.contains(&name);
        assert!(known, "{name} is in no list");
    }
}

#[test]
fn a_picture_that_came_as_bytes_has_the_type_of_its_bytes() {
    let starts = [
        ("iVBORw0KGgoAAAA=", Some("image/png")),
        ("/9j/4AAQSkZJRg==", Some("image/jpeg")),
        ("UklGRiQAAABXRUJQ", Some("image/webp")),
        ("R0lGODlhAQABAAAA", Some("image/gif")),
        ("AAAAIGZ0eXBhdmlm", None),
    ];
    for (base64, media_type) in starts {
        for prefix in ["", "data:image/png;base64,", " "] {
            let image = only_image(&format!(r#"{{"b64_json": "{prefix}{base64}"}}"#));
            let base64 = base64.to_owned();
            assert_eq!(image, Image::Bytes { base64, media_type });
        }
    }
}

#[test]
fn bytes_that_are_no_base64_are_no_picture() {
    for text in [
        "<svg>",
        "data:image/png;base64,",
        "javascript:alert(1)",
        "é",
    ] {
        let body = Json::object().with("b64_json", text);
        let mut call = Call::generate("aimlapi");
        call.answer(&http(200, Json::object().with("data", vec![body])));
        assert_eq!(call.error().code, ErrorCode::Protocol, "{text}");
    }
}

#[test]
fn the_request_is_named_where_the_gateway_names_it() {
    let mut aimlapi = Call::generate("aimlapi");
    aimlapi.answer(&answer("aimlapi/success-tracing-headers"));
    assert_eq!(
        aimlapi.finished().request_id.as_deref(),
        Some("V1StGXR8Z5jdHi6BmyT8k")
    );
    let mut vtrix = Call::resumed("{}");
    let named = r#"{"request_id": "mmsu_01", "output": [{"content": [{"url": "https://a/"}]}]}"#;
    vtrix.answer(&task("completed", named));
    assert_eq!(vtrix.finished().request_id.as_deref(), Some("mmsu_01"));
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
        call.answer(&task(
            "completed",
            &format!(r#"{{{output}, "usage": {{"cost": {price}}}}}"#),
        ));
        let read = call
            .finished()
            .cost
            .as_ref()
            .map_or("", |cost| &cost.amount);
        assert_eq!(read, amount, "{price}");
    }
}

#[test]
fn every_word_for_a_state_is_read_in_either_case() {
    let output = r#"{"output": [{"content": [{"type": "image", "url": "https://a/1.png"}]}]}"#;
    for word in ["completed", "succeeded", "success", "done"] {
        for word in both_cases(word) {
            assert_eq!(
                status(&task(&word, output)).finished().images.len(),
                1,
                "{word}"
            );
        }
    }
    for word in ["failed", "error", "cancelled", "canceled"] {
        for word in both_cases(word) {
            let code = status(&task(&word, "{}")).error().code;
            assert_eq!(code, ErrorCode::GenerationFailed, "{word}");
        }
    }
    for word in ["pending", "queued", "in_queue"] {
        for word in both_cases(word) {
            assert_eq!(phase(&task(&word, "{}")), Phase::Queued, "{word}");
        }
    }
    for word in [
        "in_progress",
        "processing",
        "running",
        "warming_up",
        "unknown",
    ] {
        for word in both_cases(word) {
            assert_eq!(phase(&task(&word, "{}")), Phase::Running, "{word}");
        }
    }
}

#[test]
fn every_job_that_goes_on_is_waited_for() {
    for name in OTHER.into_iter().filter(|name| !name.contains("completed")) {
        let call = status(&answer(name));
        assert!(call.result.is_none() && call.wait > call.now, "{name}");
    }
}

#[test]
fn progress_is_a_share_of_one_and_never_goes_back() {
    let told = [
        ("0.1", 0.1),
        ("0.05", 0.1),
        ("null", 0.1),
        ("-3", 0.1),
        (r#""20""#, 0.2),
        ("40", 0.4),
        ("1e308", 1.0),
        ("0.9", 1.0),
    ];
    let mut call = Call::resumed("{}");
    call.answer(&answer("vtrix/status-queued"));
    assert_eq!(call.events.last().expect("an event").progress, None);
    for (told, shown) in told {
        call.check(&task("in_progress", &format!(r#"{{"progress": {told}}}"#)));
        assert_eq!(
            call.events.last().expect("an event").progress,
            Some(shown),
            "{told}"
        );
    }
}

#[test]
fn an_error_member_counts_only_if_it_says_something() {
    let output = r#""output": [{"content": [{"url": "https://a/1.png"}]}]"#;
    let finish = |error: &str| {
        let members = format!(r#"{{{output}, "error": {error}}}"#);
        status(&task("completed", &members)).result.expect("an end")
    };
    for nothing in [
        "null",
        r#""""#,
        r#""  ""#,
        "{}",
        "[]",
        r#"{"code": "", "message": ""}"#,
    ] {
        assert!(finish(nothing).is_ok(), "{nothing}");
    }
    let failures = [
        r#""rejected""#,
        r#"{"message": "rejected"}"#,
        r#"{"code": 110001}"#,
        "110001",
    ];
    for failure in failures {
        let error = finish(failure).expect_err(failure);
        assert_eq!(error.code, ErrorCode::GenerationFailed, "{failure}");
    }
}

#[test]
fn outputs_are_read_in_a_list_or_alone() {
    let output = r#"{"content": [{"type": "image", "url": "https://a/1.png"}]}"#;
    for output in [
        format!("[{output}]"),
        output.to_owned(),
        format!("[null, {output}, 5]"),
    ] {
        let call = status(&task("completed", &format!(r#"{{"output": {output}}}"#)));
        assert_eq!(call.finished().images.len(), 1, "{output}");
    }
    for output in [
        format!("[[{output}]]"),
        "null".to_owned(),
        r#"{"content": {}}"#.to_owned(),
    ] {
        let call = status(&task("completed", &format!(r#"{{"output": {output}}}"#)));
        assert_eq!(call.error().code, ErrorCode::Protocol, "{output}");
    }
}

#[test]
fn what_is_no_picture_is_left_out() {
    let content = r#"[{"type": "video", "url": "https://a/1.mp4"}, {"url": "https://a/1.png"},
                      {"type": "IMAGE", "url": "https://a/2.png"}, {"type": "image", "url": ""}]"#;
    let output = format!(r#"{{"output": [{{"content": {content}}}]}}"#);
    let call = status(&task("completed", &output));
    let urls: Vec<_> = call.finished().images.iter().map(url).collect();
    assert_eq!(urls, ["https://a/1.png", "https://a/2.png"]);
}

#[test]
fn a_job_that_succeeded_in_part_keeps_its_pictures_and_says_what_became_of_the_others() {
    let content = r#"[{"url": "https://a/1.png"},
                      {"code": "DataInspectionFailed", "message": "inappropriate"},
                      {"code": "InternalError.Timeout", "message": "too slow"}]"#;
    let output = format!(r#"{{"output": [{{"content": {content}}}]}}"#);
    let call = status(&task("completed", &output));
    let codes: Vec<_> = call.finished().images.iter().map(code).collect();
    assert_eq!(codes, ["", "content_rejected", "generation_failed"]);
}

#[test]
fn a_result_is_plain_data_with_every_member_in_place() {
    let mut call = Call::with("vtrix", r#"{"prompt": "A boat", "count": 2}"#, "{}");
    call.answer(&answer("vtrix/submit-completed"));
    let expected = r#"{
        "status": "succeeded",
        "job": {"provider": "vtrix", "id": "task_01", "model": "wan25_t2i_preview_intl",
                "submittedAt": 1770000000000, "count": 2},
        "images": [{"url": "https://cdn.example.com/out-0.webp"}],
        "requested": {"count": 2, "size": "1280x1280"},
        "progress": 1, "createdAt": 1710000000000,
        "cost": {"amount": "0.03", "currency": "USD", "discount": 1}
    }"#;
    let result = crate::harness::sorted(&call.generation().to_json());
    assert_eq!(result, json(expected));
}

/// A call that waits for a job and has that answer to its first check.
fn status(answer: &HttpResponse) -> Call {
    let mut call = Call::resumed("{}");
    call.answer(answer);
    call
}

fn phase(answer: &HttpResponse) -> Phase {
    let call = status(answer);
    assert!(call.result.is_none(), "the job goes on");
    call.events.last().expect("an event").phase
}

fn both_cases(word: &str) -> [String; 3] {
    [
        word.to_owned(),
        word.to_ascii_uppercase(),
        format!(" {word} "),
    ]
}

fn only_image(item: &str) -> Image {
    let mut call = Call::generate("aimlapi");
    call.answer(&http(200, Json::object().with("data", vec![json(item)])));
    let [image] = &call.finished().images[..] else {
        panic!("one picture");
    };
    image.clone()
}

fn cost(cost: Option<&Cost>) -> String {
    cost.map_or_else(String::new, |cost| {
        format!("{} {}", cost.amount, cost.currency)
    })
}

fn url(image: &Image) -> &str {
    match image {
        Image::Link { url, .. } => url,
        other => panic!("no link: {other:?}"),
    }
}

fn code(image: &Image) -> &'static str {
    match image {
        Image::Missing { code, .. } => code,
        _ => "",
    }
}
