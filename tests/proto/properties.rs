//! What holds for a call whatever happens, in whatever order.

use proptest::prelude::*;
use wanvas::proto::error::ErrorCode;
use wanvas::proto::http::{Body, Failure, HttpResponse};
use wanvas::proto::job::Input;
use wanvas::proto::json::Json;

use crate::harness::{Call, DEFAULT_TIMEOUT, START, answer, fixture_names, http, with_header};

/// Something that happens to a call.
#[derive(Clone, Debug)]
enum Event {
    Answer(HttpResponse),
    Failure(Failure),
    /// The time comes that the call waits for.
    Elapse,
    /// A timer fires, early or late, by a clock that may have been set.
    Timer(u64),
    /// The page is seen again, or the network comes or goes.
    Wake {
        online: bool,
    },
}

proptest! {
    #[test]
    fn a_call_submits_at_most_once_and_always_ends(
        provider in prop::sample::select(vec!["aimlapi", "vtrix"]),
        seed in any::<u64>(),
        events in prop::collection::vec(event(), 0..40),
    ) {
        let mut call = Call::seeded(provider, r#"{"prompt": "A boat"}"#, "{}", seed);
        for event in events {
            happen(&mut call, event);
            prop_assert_eq!(call.submits(), 1);
        }
        run_out(&mut call);
        prop_assert!(call.result.is_some());
        prop_assert_eq!(call.submits(), 1);
    }

    #[test]
    fn a_call_whose_timer_is_kept_ends_at_its_time_and_not_a_millisecond_later(
        seed in any::<u64>(),
        timeout in 1_u64..100_000,
        failures in prop::collection::vec(any::<bool>(), 0..400),
    ) {
        let options = format!(r#"{{"timeoutMs": {timeout}}}"#);
        let mut call = Call::seeded("vtrix", r#"{"prompt": "A boat"}"#, &options, seed);
        call.input(Input::Answer(answer("vtrix/submit-in-progress")));
        let mut failures = failures.into_iter();
        while call.result.is_none() {
            let sent = call.sent.len();
            call.elapse();
            if call.sent.len() > sent && failures.next() == Some(true) {
                call.input(Input::Failure(Failure::Network));
            }
        }
        prop_assert_eq!(call.error().code, ErrorCode::Timeout);
        prop_assert_eq!(call.now, START + timeout);
    }

    #[test]
    fn a_job_that_was_accepted_is_in_every_error(
        seed in any::<u64>(),
        events in prop::collection::vec(event(), 0..40),
    ) {
        let mut call = Call::seeded("vtrix", r#"{"prompt": "A boat"}"#, "{}", seed);
        call.answer(&answer("vtrix/submit-in-progress"));
        for event in events {
            happen(&mut call, event);
        }
        run_out(&mut call);
        if let Some(Err(error)) = &call.result {
            prop_assert_eq!(error.job.as_ref().map(|job| job.id.as_str()), Some("task_01"));
        }
    }

    #[test]
    fn progress_never_goes_back(
        told in prop::collection::vec(prop::num::f64::ANY, 1..30),
    ) {
        let mut call = Call::resumed(r#"{"timeoutMs": 86400000}"#);
        let mut answers = told.into_iter().map(|progress| {
            let task = Json::object().with("id", "task_01").with("status", "in_progress");
            http(200, task.with("progress", progress))
        });
        call.answer(&answers.next().expect("one"));
        for answer in answers {
            call.check(&answer);
        }
        let shown: Vec<_> = call.events.iter().filter_map(|event| event.progress).collect();
        prop_assert!(shown.is_sorted(), "{shown:?}");
        prop_assert!(shown.iter().all(|progress| (0.0..=1.0).contains(progress)), "{shown:?}");
    }
}

/// Time passes without an answer; a late one may bring a last check first.
fn run_out(call: &mut Call) {
    for late in [1, 2] {
        call.now = call.now.max(START + late * DEFAULT_TIMEOUT);
        call.input(Input::Timeout);
    }
}

fn happen(call: &mut Call, event: Event) {
    match event {
        Event::Answer(answer) => call.answer(&answer),
        Event::Failure(failure) => call.fail(failure),
        Event::Elapse => call.elapse(),
        Event::Wake { online } => call.input(Input::Wake { online }),
        Event::Timer(now) => {
            call.now = now;
            call.input(Input::Timeout);
        }
    }
}

fn event() -> impl Strategy<Value = Event> {
    let failures =
        ["no_key", "unreachable", "network", "cut", "redirect", "too_long"].map(Failure::named);
    prop_oneof![
        3 => response().prop_map(Event::Answer),
        1 => prop::sample::select(failures.to_vec()).prop_map(Event::Failure),
        4 => Just(Event::Elapse),
        1 => any::<bool>().prop_map(|online| Event::Wake { online }),
        1 => (START - 100_000..START + 2 * DEFAULT_TIMEOUT).prop_map(Event::Timer),
        1 => any::<u32>().prop_map(|now| Event::Timer(now.into())),
    ]
}

/// Any fixture's answer, or any document with any status; with or without `Retry-After`.
fn response() -> impl Strategy<Value = HttpResponse> {
    let names = fixture_names("").into_iter().filter(|name| !name.contains("/request-"));
    let fixtures: Vec<_> = names.map(|name| answer(&name)).collect();
    let any = (200_u16..600, body())
        .prop_map(|(status, body)| HttpResponse { body, ..http(status, Json::Null) });
    let answers = prop_oneof![2 => prop::sample::select(fixtures), 1 => any];
    (answers, prop::option::of("[0-9]{1,22}")).prop_map(|(answer, header)| match header {
        Some(header) => with_header(answer, "retry-after", &header),
        None => answer,
    })
}

fn body() -> impl Strategy<Value = Body> {
    prop_oneof![document().prop_map(Body::Json), "\\PC{0,20}".prop_map(Body::Text)]
}

/// Any document, with the members that gateways use among its own.
fn document() -> impl Strategy<Value = Json> {
    let members = [
        "id",
        "status",
        "error",
        "output",
        "content",
        "url",
        "data",
        "usage",
        "cost",
        "code",
        "message",
        "progress",
        "created_at",
        "b64_json",
        "x",
    ];
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        prop::num::f64::ANY.prop_map(Json::Number),
        "\\PC{0,8}".prop_map(Json::Text),
        prop::sample::select(vec!["completed", "failed", "queued", "https://a/1.png", "task_01"])
            .prop_map(Json::from),
        Just(Json::Other),
    ];
    leaf.prop_recursive(5, 40, 6, move |inner| {
        let name = prop::sample::select(members.map(str::to_owned).to_vec());
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::List),
            prop::collection::vec((name, inner), 0..6).prop_map(Json::Object),
        ]
    })
}
