//! A call waits for its turn, and for a network, before it submits.

use std::time::Duration;

use wanvas::proto::call::{Call as Machine, Input};
use wanvas::proto::error::ErrorCode;
use wanvas::proto::generation::Phase;
use wanvas::proto::job::Job;

use crate::harness::{Call, DEFAULT_TIMEOUT, START, answer, at, config, facts, handle, submit};

const TURN: fn() -> Input = || Input::Turn { online: true };

/// A call to the hosted gateway, whose turn it is not yet.
fn queued(provider: &str) -> Call {
    Call::queued(submit(provider, r#"{"prompt": "A boat"}"#, "{}", 7))
}

#[test]
fn nothing_is_sent_before_its_turn() {
    let mut call = queued("vtrix");
    assert!(call.sent.is_empty() && call.kept.is_none() && call.events.is_empty());
    call.input(Input::Queue);
    call.input(Input::Wake { online: true });
    call.now += 10 * DEFAULT_TIMEOUT;
    call.input(Input::Timeout { sent: true });
    assert!(call.sent.is_empty() && call.result.is_none());
    assert!(call.kept.as_ref().is_some_and(|entry| entry.submitted_at.is_none()));
    assert_eq!(call.events.len(), 1);
    assert_eq!((call.events[0].phase, call.events[0].elapsed), (Phase::Waiting, Duration::ZERO));
}

#[test]
fn the_time_of_a_call_is_counted_from_its_turn() {
    let mut call = queued("aimlapi");
    call.input(Input::Queue);
    call.now += 10 * DEFAULT_TIMEOUT;
    call.input(TURN());
    assert_eq!(call.sent.len(), 1);
    assert_eq!(call.pause(), DEFAULT_TIMEOUT);
    let told = call.events.last().expect("an event");
    let waited = Duration::from_millis(10 * DEFAULT_TIMEOUT);
    assert_eq!((told.phase, told.elapsed), (Phase::Submitting, waited));
}

#[test]
fn its_turn_comes_once() {
    let mut call = queued("vtrix");
    call.input(TURN());
    call.input(TURN());
    call.answer(&answer("vtrix/submit-in-progress"));
    call.input(TURN());
    assert_eq!(call.submits(), 1);
}

#[test]
fn without_a_network_the_submit_waits_for_one() {
    let mut call = queued("vtrix");
    call.input(Input::Turn { online: false });
    assert!(call.sent.is_empty());
    assert!(call.kept.as_ref().is_some_and(|entry| entry.submitted_at.is_none()));
    assert_eq!(call.events.last().map(|event| event.phase), Some(Phase::Waiting));
    call.now += 60_000;
    call.input(Input::Timeout { sent: true });
    assert!(call.sent.is_empty());
    call.input(Input::Wake { online: true });
    call.elapse();
    assert_eq!((call.submits(), call.now), (1, START + 60_000));
}

#[test]
fn a_submit_that_never_finds_a_network_costs_nothing() {
    let mut call = queued("vtrix");
    call.input(Input::Turn { online: false });
    call.elapse();
    assert_eq!((call.error().code, call.now), (ErrorCode::Timeout, START + DEFAULT_TIMEOUT));
    assert!(!call.error().may_have_been_charged && call.sent.is_empty());
}

#[test]
fn a_gateway_on_this_machine_needs_no_network() {
    let options = r#"{"baseUrl": "http://127.0.0.1:8080"}"#;
    let mut call = Call::queued(submit("vtrix", r#"{"prompt": "A boat"}"#, options, 7));
    call.input(Input::Turn { online: false });
    assert_eq!(call.submits(), 1);
}

#[test]
fn a_resumed_job_is_checked_once_there_is_a_network() {
    let job = Job::read(&handle(), facts("vtrix")).expect("a handle");
    let mut call = Call::queued(Machine::resume(job, None, config("vtrix", "{}"), at(START), 7));
    call.input(Input::Turn { online: false });
    assert!(call.sent.is_empty());
    call.input(Input::Wake { online: true });
    call.check(&answer("vtrix/status-completed"));
    assert_eq!(call.finished().images.len(), 1);
}
