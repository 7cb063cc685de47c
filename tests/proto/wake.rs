//! Pages that are hidden, offline or asleep.

use wanvas::proto::call::Input;
use wanvas::proto::error::ErrorCode;
use wanvas::proto::http::Failure;

use crate::harness::{Call, DEFAULT_TIMEOUT, START, answer, with_header};

const SEEN_AGAIN: fn() -> Input = || Input::Wake { online: true };
const OFFLINE: fn() -> Input = || Input::Wake { online: false };

#[test]
fn a_page_that_is_seen_again_checks_at_once() {
    let mut call = Call::accepted("{}");
    call.now += 500;
    call.input(SEEN_AGAIN());
    assert_eq!(call.pause(), 0);
    call.check(&answer("vtrix/status-completed"));
    assert_eq!(call.finished().images.len(), 1);
}

#[test]
fn many_wakes_in_a_row_are_one_check() {
    let mut call = Call::accepted("{}");
    call.input(SEEN_AGAIN());
    call.check(&answer("vtrix/status-in-progress"));
    let sent = call.sent.len();
    for _ in 0..10 {
        call.input(SEEN_AGAIN());
        assert_eq!(call.sent.len(), sent);
        assert!(call.pause() > 500, "{}", call.pause());
    }
}

#[test]
fn a_wake_gives_no_request_up() {
    let mut submitting = Call::generate("vtrix");
    submitting.input(SEEN_AGAIN());
    submitting.answer(&answer("vtrix/submit-in-progress"));
    let mut checking = Call::resumed("{}");
    checking.input(SEEN_AGAIN());
    checking.answer(&answer("vtrix/status-completed"));
    assert_eq!((submitting.sent.len(), checking.sent.len()), (1, 1));
    assert!(submitting.result.is_none() && checking.result.is_some());
}

#[test]
fn a_wake_does_not_check_before_the_gateway_wants_to_be_asked() {
    let mut call = Call::accepted("{}");
    call.check(&with_header(answer("vtrix/error-429-integer-code"), "retry-after", "30"));
    call.now += 10_000;
    call.input(SEEN_AGAIN());
    assert_eq!(call.pause(), 20_000);
}

#[test]
fn an_offline_page_pauses_and_checks_at_once_when_the_network_is_back() {
    let mut call = Call::accepted("{}");
    call.input(OFFLINE());
    assert_eq!(call.wait, START + DEFAULT_TIMEOUT);
    call.now += 120_000;
    call.input(Input::Timeout { sent: true });
    assert_eq!(call.sent.len(), 1, "no check without a network");
    call.input(SEEN_AGAIN());
    assert_eq!(call.pause(), 0);
    call.check(&answer("vtrix/status-completed"));
    assert!(call.result.is_some());
}

#[test]
fn a_check_that_fails_as_the_network_goes_is_made_up_for() {
    let mut call = Call::resumed("{}");
    call.input(OFFLINE());
    call.fail(Failure::Network);
    assert_eq!(call.wait, START + DEFAULT_TIMEOUT);
    call.now += 60_000;
    call.input(SEEN_AGAIN());
    call.check(&answer("vtrix/status-completed"));
    assert!(call.generation().job.is_some());
}

#[test]
fn a_machine_that_slept_past_the_deadline_checks_once_more() {
    let mut call = Call::accepted("{}");
    call.now = START + 10 * DEFAULT_TIMEOUT;
    call.input(Input::Timeout { sent: true });
    assert_eq!(call.sent.len(), 2);
    call.answer(&answer("vtrix/status-completed"));
    assert_eq!(call.finished().images.len(), 1);
}

#[test]
fn one_last_check_without_an_answer_ends_the_call() {
    let mut call = Call::accepted("{}");
    for _ in 0..2 {
        call.now += 10 * DEFAULT_TIMEOUT;
        call.input(Input::Timeout { sent: true });
    }
    assert_eq!(call.sent.len(), 2);
    assert_eq!(call.error().code, ErrorCode::Timeout);
    assert!(call.error().job.is_some());
}

#[test]
fn a_machine_that_slept_while_it_submitted_waits_a_little_for_the_answer() {
    let mut call = Call::generate("aimlapi");
    call.now = START + 10 * DEFAULT_TIMEOUT;
    call.input(Input::Timeout { sent: true });
    assert_eq!(call.pause(), 30_000);
    call.answer(&answer("aimlapi/success-documented-sample"));
    assert!(!call.finished().images.is_empty());
}

#[test]
fn a_machine_that_slept_while_it_submitted_does_not_submit_again() {
    let mut call = Call::generate("aimlapi");
    call.now = START + 10 * DEFAULT_TIMEOUT;
    call.input(Input::Timeout { sent: true });
    call.elapse();
    assert_eq!(call.submits(), 1);
    assert_eq!(call.error().code, ErrorCode::Timeout);
    assert!(call.error().may_have_been_charged);
}

#[test]
fn a_gateway_on_this_machine_needs_no_network() {
    let mut call = Call::accepted(r#"{"baseUrl": "http://127.0.0.1:8080"}"#);
    call.input(OFFLINE());
    call.check(&answer("vtrix/status-completed"));
    assert!(call.result.is_some());
}
