//! What a job's status means: its words, its progress, its error, its outputs.

use wanvas::proto::error::ErrorCode;
use wanvas::proto::generation::Phase;
use wanvas::proto::http::HttpResponse;
use wanvas::proto::image::Image;

use crate::answers::url;
use crate::harness::{Call, answer, task};

/// Fixtures of jobs that go on.
pub const GOING: [&str; 4] = [
    "vtrix/status-in-progress",
    "vtrix/status-queued",
    "vtrix/status-unknown-word",
    "vtrix/submit-in-progress",
];

#[test]
fn every_word_for_a_state_is_read_in_either_case() {
    let output = r#"{"output": [{"content": [{"type": "image", "url": "https://a/1.png"}]}]}"#;
    for word in ["completed", "succeeded", "success", "done"] {
        for word in both_cases(word) {
            assert_eq!(status(&task(&word, output)).finished().images.len(), 1, "{word}");
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
    for word in ["in_progress", "processing", "running", "warming_up", "unknown"] {
        for word in both_cases(word) {
            assert_eq!(phase(&task(&word, "{}")), Phase::Running, "{word}");
        }
    }
}

#[test]
fn every_job_that_goes_on_is_waited_for() {
    for name in GOING {
        let call = status(&answer(name));
        assert!(call.result.is_none() && call.wait > call.now, "{name}");
    }
}

#[test]
fn progress_is_a_share_of_one_and_never_goes_back() {
    let told = [
        ("1.5", 0.015),
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
        assert_eq!(call.events.last().expect("an event").progress, Some(shown), "{told}");
    }
}

#[test]
fn an_error_member_counts_only_if_it_says_something() {
    let output = r#""output": [{"content": [{"url": "https://a/1.png"}]}]"#;
    let finish = |error: &str| {
        let members = format!(r#"{{{output}, "error": {error}}}"#);
        status(&task("completed", &members)).result.expect("an end")
    };
    for nothing in ["null", r#""""#, r#""  ""#, "{}", "[]", r#"{"code": "", "message": ""}"#] {
        assert!(finish(nothing).is_ok(), "{nothing}");
    }
    let failures = [r#""rejected""#, r#"{"message": "rejected"}"#, r#"{"code": 110001}"#, "110001"];
    for failure in failures {
        let error = finish(failure).expect_err(failure);
        assert_eq!(error.code, ErrorCode::GenerationFailed, "{failure}");
    }
}

#[test]
fn outputs_are_read_in_a_list_or_alone() {
    let output = r#"{"content": [{"type": "image", "url": "https://a/1.png"}]}"#;
    for output in [format!("[{output}]"), output.to_owned(), format!("[null, {output}, 5]")] {
        let call = status(&task("completed", &format!(r#"{{"output": {output}}}"#)));
        assert_eq!(call.finished().images.len(), 1, "{output}");
    }
    for output in [format!("[[{output}]]"), "null".to_owned(), r#"{"content": {}}"#.to_owned()] {
        let call = status(&task("completed", &format!(r#"{{"output": {output}}}"#)));
        assert_eq!(call.error().code, ErrorCode::Protocol, "{output}");
    }
}

#[test]
fn pictures_without_a_word_for_the_state_are_pictures_all_the_same() {
    let call = status(&task("", r#"{"output": [{"content": [{"url": "https://a/1.png"}]}]}"#));
    assert_eq!(call.finished().images.len(), 1);
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
    [word.to_owned(), word.to_ascii_uppercase(), format!(" {word} ")]
}

fn code(image: &Image) -> &'static str {
    match image {
        Image::Missing { error } => error.code.as_str(),
        _ => "",
    }
}
