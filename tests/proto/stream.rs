//! The stream of a job's events, beside its status checks.

use std::time::Duration;

use serde_json::{Value, json};
use wanvas::proto::call::{Input, Told};
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
    call.input(Input::Told(Told::Opened));
    call.input(Input::Told(Told::Alive));
    call
}

/// So long, and all the while a comment comes each second.
fn keep_alive(call: &mut Call, millis: u64) {
    for _ in 0..millis / 1_000 {
        call.now += 1_000;
        call.input(Input::Told(Told::Alive));
    }
}

#[test]
fn it_is_asked_for_once_the_job_is_in_the_journal() {
    let call = Call::accepted(r#"{"headers": {"Accept": "*/*", "x-id": "{id}"}}"#);
    assert!(call.kept.as_ref().is_some_and(|entry| entry.job.is_some()));
    let id = &call.kept.as_ref().expect("an entry").id;
    let request = &call.listened[0];
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
    assert!(call.listened.is_empty());
    call.answer(&answer(GOES_ON));
    assert!(call.listened.len() == 1);
    call.check(&answer(GOES_ON));
}

#[test]
fn none_is_asked_for_where_nobody_wants_it_or_there_is_none() {
    for options in [r#"{"stream": "never"}"#, r#"{"pollIntervalMs": 900}"#, r#"{"wait": false}"#] {
        assert!(Call::accepted(options).listened.is_empty(), "{options}");
    }
    assert!(Call::generate("aimlapi").listened.is_empty());
}

#[test]
fn what_is_done_is_told_at_once_and_without_a_check() {
    let mut call = heard();
    keep_alive(&mut call, 7_000);
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
fn how_long_a_page_slept_is_no_jobs_duration() {
    let mut call = heard();
    call.now += 7_000_000;
    say(&mut call, "done", completed());
    assert_eq!((call.finished().images.len(), call.seen), (1, None));
}

#[test]
fn a_check_confirms_whatever_else_is_told_as_the_end() {
    let error = json!({ "code": "DataInspectionFailed", "message": "inappropriate content" });
    let ends = [
        task(json!({ "status": "failed", "output": [], "error": error })),
        task(json!({ "status": "in_progress", "error": { "code": "SYNC_TIMEOUT" } })),
        json!({ "error": "upstream closed" }),
        json!({ "id": "task_02", "status": "completed", "output": completed()["output"] }),
        task(json!({ "status": "completed", "output": [] })),
    ];
    for end in ends {
        let mut call = heard();
        say(&mut call, "done", &end);
        assert_eq!((call.pause(), call.kept.is_some()), (0, true), "{end}");
        call.check(&answer("vtrix/status-completed"));
        assert_eq!(call.finished().images.len(), 1);
    }
    let mut call = Call::with("vtrix", r#"{"prompt": "A red boat", "count": 2}"#, "{}");
    call.answer(&answer("vtrix/submit-in-progress"));
    say(&mut call, "done", completed());
    assert_eq!(call.pause(), 0, "one picture of two");
    let twice = [&completed()["output"][0], &completed()["output"][0]];
    let mut call = Call::with("vtrix", r#"{"prompt": "A red boat", "count": 2}"#, "{}");
    call.answer(&answer("vtrix/submit-in-progress"));
    say(&mut call, "done", task(json!({ "status": "completed", "output": twice })));
    assert_eq!(call.pause(), 0, "one picture twice");
}

#[test]
fn while_it_is_heard_a_check_is_seldom_due() {
    let mut call = heard();
    let mut ages = Vec::new();
    while call.result.is_none() {
        call.now += 1_000;
        say(&mut call, "output", task(json!({ "status": "in_progress", "cursor": 3 })));
        while call.result.is_none() && call.wait <= call.now {
            call.elapse();
            if call.result.is_none() {
                ages.push((call.now - call.sent[0].0) / 1_000);
                call.answer(&answer(GOES_ON));
            }
        }
    }
    assert_eq!(ages.iter().filter(|&&age| age < 590).count(), 4, "{ages:?}");
    assert!((45..50).contains(&ages[0]) && (90..100).contains(&ages[1]), "{ages:?}");
    assert!(ages.iter().any(|age| (597..600).contains(age)), "before the time is over: {ages:?}");
}

#[test]
fn a_wake_is_no_later_for_a_stream_that_was_heard() {
    let mut call = heard();
    keep_alive(&mut call, 10_000);
    call.now += 15_000;
    call.input(Input::Wake { online: true });
    assert_eq!(call.pause(), 0);
    // What it said before the machine slept.
    call.input(Input::Told(Told::Alive));
    assert!(call.pause() <= 2_000, "{}", call.pause());
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
    let ends: [Say; 10] = [
        |call| call.input(Input::Told(Told::Ended)),
        |call| say(call, "", "[DONE]"),
        |call| say(call, "", ""),
        |call| say(call, "output", "[DONE]"),
        |call| say(call, "done", ""),
        |call| say(call, "end", "[DONE]"),
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
        for _ in 0..3 {
            call.check(&answer(GOES_ON));
            assert!(call.pause() <= 1_000, "a replica may lag");
        }
        call.input(Input::Told(Told::Alive));
        say(&mut call, "done", completed());
        assert!(call.result.is_none(), "nobody listens any more");
        call.check(&answer("vtrix/status-completed"));
        assert!(!call.no_stream);
        assert_eq!(call.finished().images.len(), 1);
    }
}

#[test]
fn a_refusal_is_remembered_once_it_came_twice_and_a_check_knew_the_job() {
    let mut call = Call::accepted("{}");
    let due = call.wait;
    call.input(Input::Told(Told::Refused { for_good: true }));
    assert_eq!((call.wait, call.no_stream), (due, false), "a replica may not know the job yet");
    call.check(&answer(GOES_ON));
    assert_eq!(call.listened.len(), 2);
    call.input(Input::Told(Told::Refused { for_good: true }));
    assert!(call.no_stream);
    call.check(&answer(GOES_ON));
    call.check(&answer("vtrix/status-completed"));
    assert_eq!((call.finished().images.len(), call.listened.len()), (1, 2));
}

#[test]
fn a_refusal_of_the_moment_is_not_remembered() {
    let mut call = Call::accepted("{}");
    let due = call.wait;
    call.input(Input::Told(Told::Refused { for_good: false }));
    assert_eq!((call.wait, call.no_stream), (due, false));
    call.check(&answer(GOES_ON));
    call.check(&answer("vtrix/status-completed"));
    assert_eq!((call.finished().images.len(), call.listened.len()), (1, 1));
    assert!(!call.no_stream);
}

#[test]
fn an_open_one_that_said_nothing_of_a_job_that_was_done_is_remembered() {
    let done_after = |age: u64, told: &[Told]| {
        let mut call = Call::accepted("{}");
        for told in told {
            call.input(Input::Told(told.clone()));
        }
        while call.wait < call.sent[0].0 + age {
            call.check(&answer(GOES_ON));
        }
        call.check(&answer("vtrix/status-completed"));
        call.no_stream
    };
    assert!(done_after(25_000, &[Told::Opened]));
    assert!(!done_after(15_000, &[Told::Opened]), "comments may come seldom");
    assert!(!done_after(25_000, &[]), "it may wait for a connection");
    assert!(!done_after(25_000, &[Told::Opened, Told::Alive]));
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
