//! The stream of a job's events, beside its status checks.

use std::time::Duration;

use serde_json::{Value, json};
use wanvas::proto::call::{Input, Told};
use wanvas::proto::error::ErrorCode;
use wanvas::proto::event_stream::Event;
use wanvas::proto::http::Method;

use crate::harness::{Call, LATENCY, answer, http};

const GOES_ON: &str = "vtrix/status-in-progress";

fn say(call: &mut Call, name: &str, data: impl ToString) {
    let event = Event { name: name.into(), data: data.to_string() };
    call.input(Input::Told(Told::Event(event)));
}

fn task(members: Value) -> Value {
    let mut task = json!({ "id": "task_01", "model": "m" });
    for (name, value) in members.as_object().expect("members") {
        task[name] = value.clone();
    }
    task
}

fn completed() -> Value {
    let picture = json!({ "type": "image", "url": "https://cdn.example/a.png" });
    let output = json!([{ "content": [picture] }]);
    task(json!({ "status": "completed", "output": output, "usage": { "cost": "0.03" } }))
}

/// What a listener hears while a check is not due for long.
fn heard() -> Call {
    let mut call = Call::accepted("{}");
    call.input(Input::Told(Told::Alive));
    call
}

#[test]
fn it_is_asked_for_once_the_job_is_in_the_journal() {
    let call = Call::accepted(r#"{"headers": {"Accept": "*/*", "x-id": "{id}"}}"#);
    assert!(call.kept.as_ref().is_some_and(|entry| entry.job.is_some()));
    let id = &call.kept.as_ref().expect("an entry").id;
    let request = call.listened.as_ref().expect("a stream");
    assert_eq!(request.method, Method::Get);
    let url = "https://cloud.vtrix.ai/model/v1/generation/task/task_01/stream";
    assert_eq!(request.url, url);
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(request.headers, [header("x-id", id), header("accept", "text/event-stream")]);
    assert_eq!(request.body, None);
}

#[test]
fn it_is_asked_for_once_a_check_finds_a_known_job_going_on() {
    let mut call = Call::resumed("{}");
    assert!(call.listened.is_none());
    call.answer(&answer(GOES_ON));
    assert!(call.listened.is_some());
    call.check(&answer(GOES_ON));
}

#[test]
fn none_is_asked_for_where_nobody_wants_it_or_there_is_none() {
    for options in [r#"{"stream": "never"}"#, r#"{"pollIntervalMs": 900}"#, r#"{"wait": false}"#] {
        assert!(Call::accepted(options).listened.is_none(), "{options}");
    }
    assert!(Call::generate("aimlapi").listened.is_none());
}

#[test]
fn what_is_done_is_told_at_once_and_without_a_check() {
    let mut call = heard();
    call.now += 7_000;
    say(&mut call, "done", completed());
    let generation = call.finished();
    assert_eq!(generation.images.len(), 1);
    assert_eq!(generation.cost.as_ref().map(|cost| cost.amount.as_str()), Some("0.03"));
    assert_eq!(call.sent.len(), 1, "the submit");
    assert_eq!(call.kept, None);
    assert_eq!(call.seen, Some(Duration::from_millis(7_000 + LATENCY)), "to the moment");
}

#[test]
fn what_is_done_is_told_while_a_check_is_under_way() {
    let mut call = Call::accepted("{}");
    call.elapse();
    say(&mut call, "done", completed());
    assert_eq!(call.finished().images.len(), 1);
}

#[test]
fn a_failed_job_is_told_and_costs_nothing() {
    let mut call = heard();
    let error = json!({ "code": "DataInspectionFailed", "message": "inappropriate content" });
    say(&mut call, "done", task(json!({ "status": "failed", "output": [], "error": error })));
    assert_eq!(call.error().code, ErrorCode::ContentRejected);
    assert!(!call.error().may_have_been_charged);
    assert_eq!(call.kept, None);
}

#[test]
fn while_it_is_heard_no_check_is_due() {
    let mut call = heard();
    for _ in 0..50 {
        call.now += 1_000;
        say(&mut call, "output", task(json!({ "status": "in_progress", "cursor": 3 })));
        assert!(call.pause() >= 2_000, "{}", call.pause());
    }
    assert_eq!(call.sent.len(), 1);
}

#[test]
fn checks_take_over_where_it_falls_silent() {
    let mut call = heard();
    assert!((2_000..2_500).contains(&call.pause()), "{}", call.pause());
    call.check(&answer(GOES_ON));
    assert!(call.pause() < 1_500, "{}", call.pause());
    call.now += 900;
    call.input(Input::Told(Told::Alive));
    let silence = call.now;
    assert!(call.pause() > 5_000, "a silence that was borne once is borne twice");
    call.check(&answer(GOES_ON));
    assert!(call.now - silence < 8_000);
}

#[test]
fn a_stream_that_says_nothing_puts_no_check_off() {
    let pauses = |options| {
        let mut call = Call::accepted(options);
        let pauses = (0..8).map(|_| {
            let pause = call.pause();
            call.check(&answer(GOES_ON));
            pause
        });
        pauses.collect::<Vec<_>>()
    };
    assert_eq!(pauses("{}"), pauses(r#"{"stream": "never"}"#));
}

#[test]
fn what_ends_it_without_an_end_of_the_job_has_the_job_checked_at_once() {
    type Say = fn(&mut Call);
    let ends: [Say; 9] = [
        |call| call.input(Input::Told(Told::Ended)),
        |call| say(call, "", "[DONE]"),
        |call| say(call, "", ""),
        |call| say(call, "output", "[DONE]"),
        |call| say(call, "done", ""),
        |call| say(call, "done", "[DONE]"),
        |call| say(call, "done", r#"{"id": "task_01", "status": "comple"#),
        |call| say(call, "done", r#"{"id": "task_01", "status": "in_progress"}"#),
        |call| {
            let error = json!({ "code": "SYNC_TIMEOUT", "message": "waited 15m0s" });
            say(call, "error", task(json!({ "status": "in_progress", "error": error })));
        },
    ];
    for end in ends {
        let mut call = heard();
        end(&mut call);
        assert_eq!(call.pause(), 0);
        call.check(&answer(GOES_ON));
        assert!(call.pause() < 2_500, "checks go on");
        call.input(Input::Told(Told::Alive));
        say(&mut call, "done", completed());
        assert!(call.result.is_none(), "nobody listens any more");
        call.check(&answer("vtrix/status-completed"));
        assert!(!call.no_stream);
        assert_eq!(call.finished().images.len(), 1);
    }
}

#[test]
fn a_refusal_changes_nothing_but_is_remembered_where_it_is_for_good() {
    for for_good in [true, false] {
        let mut call = Call::accepted("{}");
        let due = call.wait;
        call.input(Input::Told(Told::Refused { for_good }));
        assert_eq!((call.wait, call.no_stream), (due, for_good));
        call.check(&answer("vtrix/status-completed"));
        assert_eq!(call.finished().images.len(), 1);
    }
}

#[test]
fn one_that_said_nothing_of_a_job_that_was_done_is_remembered() {
    let done_after = |age: u64, is_heard: bool| {
        let mut call = Call::accepted("{}");
        if is_heard {
            call.input(Input::Told(Told::Alive));
        }
        while call.wait < call.sent[0].0 + age {
            call.check(&answer(GOES_ON));
        }
        call.check(&answer("vtrix/status-completed"));
        call.no_stream
    };
    assert!(done_after(6_000, false));
    assert!(!done_after(2_000, false), "it may not have been open yet");
    assert!(!done_after(6_000, true));
}

#[test]
fn a_gateway_that_asks_for_a_pause_gets_it() {
    let mut call = heard();
    call.elapse();
    let busy = crate::harness::with_header(http(429, Value::Null), "retry-after", "20");
    call.answer(&busy);
    call.input(Input::Told(Told::Ended));
    assert_eq!(call.pause(), 20_000);
}
