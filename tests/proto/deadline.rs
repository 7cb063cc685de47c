//! The time limit of a call, by the clock and to the millisecond.

use serde_json::json;
use wanvas::proto::call::Input;
use wanvas::proto::error::ErrorCode;
use wanvas::proto::http::Failure;

use crate::harness::{Call, DEFAULT_TIMEOUT, LATENCY, START, answer, http};

#[test]
fn a_call_is_over_when_its_time_is_over_whatever_is_in_flight() {
    for timeout in [1, 50, 1_000, 5_000, DEFAULT_TIMEOUT] {
        let options = format!(r#"{{"timeoutMs": {timeout}}}"#);
        let request = r#"{"prompt": "A boat"}"#;
        for provider in ["aimlapi", "vtrix"] {
            let mut call = Call::with(provider, request, &options);
            assert_eq!(call.wait, START + timeout, "nothing is awaited but the answer");
            call.now = START + timeout - 1;
            call.input(Input::Timeout { sent: true });
            assert!(call.result.is_none(), "a millisecond is left");
            call.elapse();
            assert_eq!((call.error().code, call.now), (ErrorCode::Timeout, START + timeout));
            assert!(call.error().may_have_been_charged && !call.error().retryable());
        }
    }
}

#[test]
fn a_check_in_flight_is_given_up_when_the_time_is_over() {
    let mut call = Call::accepted(r#"{"timeoutMs": 20000, "pollIntervalMs": 15000}"#);
    call.elapse();
    assert_eq!(call.wait, START + 20_000, "sooner than the check's own limit");
    call.elapse();
    assert_eq!(call.error().code, ErrorCode::Timeout);
    assert_eq!(call.error().job.as_ref().expect("a job").id, "task_01");
    assert!(call.error().message.contains("poll()"), "{}", call.error().message);
}

#[test]
fn no_check_is_sent_after_the_time_is_over() {
    let mut call = Call::accepted(r#"{"timeoutMs": 20000, "pollIntervalMs": 60000}"#);
    assert_eq!(call.wait, START + 20_000);
    call.elapse();
    assert_eq!((call.error().code, call.sent.len()), (ErrorCode::Timeout, 1));
}

#[test]
fn a_call_ends_in_time_though_every_check_fails_and_says_why() {
    for failing in 0..4 {
        let mut call = Call::accepted("{}");
        while call.result.is_none() {
            call.elapse();
            match failing {
                _ if call.result.is_some() => {}
                0 => call.fail(Failure::Network),
                1 => call.answer(&http(503, json!({"message": "overloaded"}))),
                2 => call.answer(&http(200, json!({}))),
                _ => {}
            }
        }
        assert!(call.now <= START + DEFAULT_TIMEOUT + LATENCY, "{failing}: {}", call.now - START);
        assert_eq!(call.error().code, ErrorCode::Timeout, "{failing}");
        assert!(call.error().message.contains("last answer"), "{}", call.error().message);
        assert!(call.error().job.is_some() && call.submits() == 1, "{failing}");
    }
}

#[test]
fn trouble_that_is_over_is_not_told_when_time_runs_out() {
    let mut call = Call::accepted("{}");
    call.check(&http(503, json!({})));
    call.check(&answer("vtrix/status-in-progress"));
    call.now = START + DEFAULT_TIMEOUT;
    call.input(Input::Timeout { sent: true });
    assert!(!call.error().message.contains("last answer"), "{}", call.error().message);
}

#[test]
fn a_picture_that_arrives_at_the_last_moment_is_kept() {
    let mut call = Call::accepted(r#"{"timeoutMs": 20000}"#);
    call.elapse();
    call.now = START + 25_000;
    call.answer(&answer("vtrix/status-completed"));
    assert_eq!(call.finished().images.len(), 1);
}

#[test]
fn a_submit_whose_key_never_came_was_not_sent() {
    let mut call = Call::generate("aimlapi");
    call.now = call.wait;
    call.input(Input::Timeout { sent: false });
    assert_eq!(call.error().code, ErrorCode::Unauthorized);
    assert!(!call.error().may_have_been_charged);
    assert_eq!(call.kept, None);
}
