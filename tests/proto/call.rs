//! A call from its submit to its end: one submit, one end, and never a job forgotten.

use std::time::Duration;

use serde_json::json;
use wanvas::proto::call::{Call as Machine, Input, Output};
use wanvas::proto::error::ErrorCode;
use wanvas::proto::gateway::Gateway;
use wanvas::proto::generation::{JobStatus, Phase, Progress, Requested};
use wanvas::proto::http::Failure;
use wanvas::proto::job::Job;

use crate::harness::{
    Call, DEFAULT_TIMEOUT, LATENCY, START, answer, at, config, fixture_names, handle, http, json,
    task,
};

const FAILURES: [(Failure, ErrorCode, bool); 6] = [
    (Failure::NoKey, ErrorCode::Unauthorized, false),
    (Failure::Unreachable, ErrorCode::Network, false),
    (Failure::Network, ErrorCode::SubmitOutcomeUnknown, true),
    (Failure::Cut, ErrorCode::SubmitOutcomeUnknown, true),
    (Failure::Redirect, ErrorCode::Protocol, true),
    (Failure::TooLong, ErrorCode::Protocol, true),
];

#[test]
fn a_blocking_gateway_answers_the_submit_with_the_pictures() {
    let mut call = Call::generate("aimlapi");
    call.answer(&answer("aimlapi/success-four-images"));
    assert_eq!(call.finished().images.len(), 4);
    assert_eq!(call.sent.len(), 1);
}

#[test]
fn a_job_is_submitted_once_and_checked_until_it_ends() {
    let mut call = Call::accepted("{}");
    for name in ["vtrix/status-queued", "vtrix/status-in-progress", "vtrix/status-completed"] {
        assert!(call.result.is_none());
        call.check(&answer(name));
    }
    assert_eq!(call.finished().images.len(), 1);
    let methods: Vec<_> = call.sent.iter().map(|(_, sent)| sent.method.as_str()).collect();
    assert_eq!(methods, ["POST", "GET", "GET", "GET"]);
}

#[test]
fn progress_is_reported_from_the_submit_on() {
    let mut call = Call::accepted("{}");
    call.check(&answer("vtrix/status-queued"));
    call.check(&answer("vtrix/status-in-progress"));
    let phases: Vec<_> = call.events.iter().map(|event| event.phase).collect();
    assert_eq!(phases, [Phase::Submitting, Phase::Running, Phase::Queued, Phase::Running]);
    let checks: Vec<_> = call.events.iter().map(|event| event.checks).collect();
    assert_eq!(checks, [0, 0, 1, 2]);
    let Progress { phase, job, progress, elapsed, .. } = &call.events[0];
    assert_eq!((job, progress, elapsed), (&None, &None, &Duration::ZERO));
    assert_eq!(json!(phase), "submitting");
    assert_eq!(call.events[1].elapsed, Duration::from_millis(LATENCY));
    assert!(call.events[1..].iter().all(|event| event.job.is_some()));
}

#[test]
fn a_submit_that_fails_on_the_way_is_not_repeated() {
    for provider in ["aimlapi", "vtrix"] {
        for (failure, code, charged) in FAILURES {
            let mut call = Call::generate(provider);
            call.fail(failure);
            assert_eq!(call.error().code, code, "{failure:?}");
            assert_eq!(call.error().may_have_been_charged, charged, "{failure:?}");
            assert_eq!(call.error().retryable(), failure == Failure::Unreachable, "{failure:?}");
            assert_eq!(call.submits(), 1);
        }
    }
}

#[test]
fn a_submit_without_an_answer_speaks_of_cross_origin_rules_and_a_relay() {
    let mut call = Call::generate("vtrix");
    call.fail(Failure::Network);
    let message = &call.error().message;
    assert!(message.contains("cross-origin") && message.contains("baseUrl"), "{message}");
}

#[test]
fn no_answer_to_a_submit_but_a_rate_limit_brings_a_second_one() {
    for name in fixture_names("").into_iter().filter(|name| !name.contains("/request-")) {
        for provider in ["aimlapi", "vtrix"] {
            let (mut call, answer) = (Call::generate(provider), answer(&name));
            call.answer(&answer);
            run_out(&mut call);
            let submits = call.submits();
            assert!(submits == 1 || answer.status == 429, "{name} at {provider}: {submits}");
        }
    }
}

#[test]
fn a_submit_answered_by_a_job_without_an_id_is_a_protocol_error() {
    for id in ["null", r#""""#, "{}", "[]", "true"] {
        let mut call = Call::generate("vtrix");
        call.answer(&http(200, json!({"id": json(id), "status": "in_progress"})));
        assert_eq!(call.error().code, ErrorCode::Protocol, "{id}");
        assert!(call.error().may_have_been_charged, "{id}");
    }
}

#[test]
fn a_job_id_may_be_a_number() {
    let mut call = Call::generate("vtrix");
    call.answer(&http(200, json!({"id": 12345, "status": "queued"})));
    call.elapse();
    assert!(call.sent[1].1.url.ends_with("/task/12345"));
}

#[test]
fn a_submit_may_be_answered_by_a_job_that_is_already_finished() {
    let mut call = Call::generate("vtrix");
    call.answer(&answer("vtrix/submit-completed"));
    assert_eq!(call.finished().images.len(), 1);
    assert_eq!(call.generation().job.as_ref().expect("a job").id, "task_01");
}

#[test]
fn an_answer_to_the_submit_that_names_a_job_keeps_it_in_the_error() {
    let failed = task("failed", r#"{"error": "vendor rejected"}"#);
    let empty = answer("vtrix/status-completed-output-empty");
    for accepted in [failed, empty] {
        let mut call = Call::generate("vtrix");
        call.answer(&accepted);
        let job = call.error().job.as_ref().map(|job| job.id.as_str());
        assert_eq!(job, Some("task_01"), "{:?}", call.error());
    }
}

#[test]
fn a_caller_that_does_not_wait_gets_the_job_as_soon_as_it_is_accepted() {
    let call = Call::accepted(r#"{"wait": false}"#);
    let result = call.generation();
    assert_eq!((result.status, result.progress), (JobStatus::Running, None));
    assert_eq!(result.images, []);
    assert_eq!(result.job.as_ref().expect("a job").submitted_at, at(START));
    assert_eq!(json!(Phase::Running), "running");
    assert_eq!(call.sent.len(), 1);
}

#[test]
fn a_caller_that_does_not_wait_gets_the_pictures_of_a_blocking_gateway() {
    let mut call = Call::with("aimlapi", r#"{"prompt": "A boat"}"#, r#"{"wait": false}"#);
    call.answer(&answer("aimlapi/success-documented-sample"));
    assert_eq!(call.finished().images.len(), 1);
}

#[test]
fn a_kept_job_is_checked_at_once_and_never_submitted_again() {
    let mut call = Call::resumed("{}");
    let (sent_at, sent) = &call.sent[0];
    assert_eq!((*sent_at, sent.method.as_str()), (START, "GET"));
    call.answer(&answer("vtrix/status-in-progress"));
    call.check(&answer("vtrix/status-completed"));
    assert_eq!(call.submits(), 0);
    assert_eq!(call.generation().requested, Requested { count: 2, size: None });
    assert_eq!(json!(call.generation().job), handle());
}

#[test]
fn a_kept_job_that_goes_on_is_told_once_to_a_caller_that_does_not_wait() {
    let mut call = Call::resumed(r#"{"wait": false}"#);
    call.answer(&answer("vtrix/status-in-progress"));
    let result = call.generation();
    assert_eq!((result.status, result.progress), (JobStatus::Running, Some(0.4)));
}

#[test]
fn a_blocking_gateway_has_no_job_to_wait_for() {
    let kept = Job {
        provider: Gateway::Aimlapi,
        id: "task_01".to_owned(),
        model: "alibaba/wan2.5-t2i-preview".to_owned(),
        submitted_at: at(START),
        count: 1,
    };
    let call = Call::begin(Machine::resume(kept, None, config("aimlapi", "{}"), at(START), 7));
    assert_eq!(call.error().code, ErrorCode::Unsupported);
    assert!(call.sent.is_empty() && !call.error().may_have_been_charged);
}

#[test]
fn every_error_after_acceptance_keeps_the_job() {
    for name in fixture_names("").into_iter().filter(|name| !name.contains("/request-")) {
        let mut call = Call::accepted("{}");
        call.check(&answer(&name));
        run_out(&mut call);
        if let Some(Err(error)) = &call.result {
            assert_eq!(error.job.as_ref().map(|job| job.id.as_str()), Some("task_01"), "{name}");
            assert_eq!(json!(error.job)["submittedAt"], START, "{name}");
        }
    }
}

#[test]
fn a_timer_that_fires_early_changes_nothing() {
    let mut call = Call::accepted("{}");
    for _ in 0..3 {
        let wait = call.wait;
        call.now = wait - 1;
        call.input(Input::Timeout { sent: true });
        assert_eq!((call.wait, call.result.is_none()), (wait, true));
        call.check(&answer("vtrix/status-in-progress"));
    }
    assert_eq!(call.sent.len(), 4);
}

#[test]
fn an_answer_that_nobody_waits_for_changes_nothing() {
    let mut call = Call::accepted("{}");
    let wait = call.wait;
    call.answer(&answer("vtrix/status-failed-text-code"));
    call.fail(Failure::Network);
    assert_eq!((call.wait, call.result.is_none()), (wait, true));
}

#[test]
fn nothing_happens_after_the_end() {
    let mut call = Call::generate("aimlapi");
    call.answer(&answer("aimlapi/success-documented-sample"));
    let late: [fn() -> Input; 3] = [
        || Input::Timeout { sent: true },
        || Input::Failure(Failure::Network),
        || Input::Answer(answer("aimlapi/success-documented-sample")),
    ];
    for input in late {
        call.now += DEFAULT_TIMEOUT;
        call.input(input());
        assert!(matches!(call.poll(), Output::Wait(_)));
    }
    assert_eq!((call.sent.len(), call.events.len()), (1, 1));
}

#[test]
fn a_clock_that_goes_back_breaks_nothing() {
    let mut call = Call::accepted("{}");
    call.elapse();
    call.now = 0;
    call.answer(&answer("vtrix/status-in-progress"));
    assert_eq!(call.events.last().expect("an event").elapsed, Duration::ZERO);
    call.input(Input::Timeout { sent: true });
    call.check(&answer("vtrix/status-completed"));
    assert_eq!(call.finished().images.len(), 1);
}

/// Lets time pass without answers until the call ends.
fn run_out(call: &mut Call) {
    while call.result.is_none() {
        call.elapse();
    }
}
