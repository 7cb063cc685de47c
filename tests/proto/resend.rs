//! A submit that met too many others is sent again, as nothing was accepted; nothing else is.

use std::time::Duration;

use serde_json::json;
use wanvas::proto::call::Input;
use wanvas::proto::error::ErrorCode;
use wanvas::proto::generation::Phase;
use wanvas::proto::http::{Failure, HttpResponse};

use crate::harness::{Call, START, answer, at, http, with_header};

/// The refusal of a submit that can be sent again.
fn busy(provider: &str) -> HttpResponse {
    match provider {
        "aimlapi" => answer("aimlapi/error-429-rate-limit"),
        _ => answer("vtrix/error-429-integer-code"),
    }
}

/// The refusal with a `Retry-After`.
fn busy_for(retry_after: &str) -> HttpResponse {
    with_header(busy("vtrix"), "retry-after", retry_after)
}

#[test]
fn a_rate_limited_submit_is_sent_again_as_it_was_and_can_succeed() {
    for provider in ["aimlapi", "vtrix"] {
        let mut call = Call::generate(provider);
        call.answer(&busy(provider));
        assert!(call.result.is_none() && call.pause() <= 1_000, "{provider}");
        call.elapse();
        assert_eq!(call.sent[0].1, call.sent[1].1, "the very same request");
        let good = if provider == "aimlapi" {
            "aimlapi/success-documented-sample"
        } else {
            "vtrix/status-completed"
        };
        call.answer(&answer(good));
        assert!(!call.finished().images.is_empty(), "{provider}");
    }
}

#[test]
fn a_submit_is_sent_three_times_at_most() {
    let mut call = Call::generate("vtrix");
    while call.result.is_none() {
        call.answer(&busy("vtrix"));
        if call.result.is_none() {
            call.elapse();
        }
    }
    assert_eq!((call.submits(), call.error().code), (3, ErrorCode::RateLimited));
    assert!(!call.error().may_have_been_charged && call.error().retryable());
}

#[test]
fn the_waits_of_many_pages_differ_and_grow() {
    let pauses = |attempt: u32| -> Vec<u64> {
        let pauses = (0..200).map(|seed| {
            let mut call = Call::seeded("vtrix", r#"{"prompt": "A boat"}"#, "{}", seed);
            for _ in 0..attempt {
                call.answer(&busy("vtrix"));
                call.elapse();
            }
            call.answer(&busy("vtrix"));
            call.pause()
        });
        pauses.collect()
    };
    let (first, second) = (pauses(0), pauses(1));
    assert!(first.iter().all(|pause| *pause <= 1_000) && first.iter().any(|pause| *pause > 800));
    assert!(second.iter().all(|pause| *pause <= 2_000));
    assert!(second.iter().any(|pause| *pause > 1_600));
}

#[test]
fn the_gateways_own_wait_is_kept_up_to_a_minute() {
    let waits = [("7", 7_000), ("0", 1_000), ("100000", 60_000)];
    for (told, wanted) in waits {
        let mut call = Call::generate("vtrix");
        call.answer(&busy_for(told));
        assert_eq!(call.pause(), wanted, "{told}");
    }
}

#[test]
fn a_wait_that_would_outlast_the_call_is_not_begun() {
    let mut call = Call::with("vtrix", r#"{"prompt": "A boat"}"#, r#"{"timeoutMs": 5000}"#);
    call.answer(&busy_for("10"));
    assert_eq!((call.submits(), call.error().code), (1, ErrorCode::RateLimited));
    assert_eq!(call.error().retry_after, Some(Duration::from_secs(10)));
    assert!(!call.error().may_have_been_charged);
}

#[test]
fn a_quota_that_is_used_up_is_not_asked_again() {
    for name in ["alibaba/error-429-quota", "vtrix/error-429-quota"] {
        let quota = json!({"code": "insufficient_quota", "message": name});
        let mut call = Call::generate("vtrix");
        call.answer(&http(429, quota));
        assert_eq!((call.submits(), call.error().code), (1, ErrorCode::InsufficientBalance));
    }
}

#[test]
fn a_breakdown_that_speaks_of_limits_is_not_asked_again() {
    for status in [408, 500, 503] {
        let mut call = Call::generate("vtrix");
        call.answer(&http(status, json!({"code": "Throttling.RateQuota"})));
        assert_eq!((call.submits(), call.error().code), (1, ErrorCode::SubmitOutcomeUnknown));
        assert!(call.error().may_have_been_charged);
    }
}

#[test]
fn a_second_submit_without_an_answer_is_the_last() {
    let mut call = Call::generate("vtrix");
    call.answer(&busy("vtrix"));
    call.elapse();
    call.fail(Failure::Network);
    assert_eq!((call.submits(), call.error().code), (2, ErrorCode::SubmitOutcomeUnknown));
    assert!(call.error().may_have_been_charged);
}

#[test]
fn the_wait_is_told_and_the_submit_again() {
    let mut call = Call::generate("vtrix");
    call.answer(&busy("vtrix"));
    call.elapse();
    let phases: Vec<_> = call.events.iter().map(|event| event.phase).collect();
    assert_eq!(phases, [Phase::Submitting, Phase::Waiting, Phase::Submitting]);
}

#[test]
fn a_job_counts_from_the_submit_that_was_accepted() {
    let mut call = Call::generate("vtrix");
    call.answer(&busy_for("20"));
    call.elapse();
    call.answer(&answer("vtrix/submit-in-progress"));
    let job = call.events.last().expect("an event").job.clone().expect("a job");
    assert_eq!(job.submitted_at, at(call.sent[1].0));
}

#[test]
fn time_that_runs_out_before_the_submit_is_sent_again_costs_nothing() {
    let mut call = Call::generate("vtrix");
    call.answer(&busy_for("20"));
    call.input(Input::Wake { online: false });
    call.elapse();
    let error = call.error();
    assert_eq!((error.code, call.submits()), (ErrorCode::Timeout, 1));
    assert!(!error.may_have_been_charged && error.message.contains("nothing was accepted"));
    assert!(call.now > START && error.message.contains("too many requests"), "{}", error.message);
}
