//! What holds for a call whatever happens, in whatever order.

use proptest::prelude::*;
use serde_json::{Number, Value, json};
use wanvas::proto::call::{Input, Output, Told};
use wanvas::proto::error::ErrorCode;
use wanvas::proto::event_stream::Event as StreamEvent;
use wanvas::proto::http::{Body, Failure, HttpResponse};
use wanvas::proto::image::Image;

use crate::harness::{
    Call, DEFAULT_TIMEOUT, START, answer, fixture_names, http, submit, with_header,
};

/// Something that happens to a call.
#[derive(Clone, Debug)]
enum Event {
    Answer(HttpResponse),
    Failure(Failure),
    /// The stream says something.
    Told(&'static str),
    /// The time comes that the call waits for.
    Elapse,
    /// A timer fires, early or late, by a clock that may have been set.
    Timer(u64),
    /// The page is seen again, or the network comes or goes.
    Wake {
        online: bool,
    },
    /// A turn is given that was given before.
    Turn,
    /// The caller waits no more.
    GivenUp {
        sent: bool,
    },
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100_000))]

    /// The promise of the whole: a call submits once, and again only after an answer that proves
    /// that nothing was accepted; it ends in time; it never loses sight of a job.
    #[test]
    fn whatever_happens_a_call_pays_once_ends_in_time_and_keeps_its_job(
        provider in prop::sample::select(vec!["aimlapi", "vtrix"]),
        seed in any::<u64>(),
        turn in any::<bool>(),
        events in prop::collection::vec(event(), 0..30),
    ) {
        let mut call = Call::queued(submit(provider, r#"{"prompt": "A boat"}"#, "{}", seed));
        call.input(Input::Turn { online: turn });
        let mut watch = Watch::default();
        for event in events {
            watch.see(&mut call, event)?;
        }
        run_out(&mut call);
        watch.judge(&call)?;
    }
}

proptest! {
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
            let progress = number(progress);
            http(200, json!({"id": "task_01", "status": "in_progress", "progress": progress}))
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

/// The picture of another job.
const ANOTHERS: &str = "https://a.b/x";

const TOLD: [&str; 13] = [
    "opened",
    "alive",
    "ended",
    "refused",
    "unavailable",
    "output {}",
    "done ",
    "done {}",
    r#"done {"status": "in_progress"}"#,
    r#"done {"status": "failed", "output": []}"#,
    r#"done {"status": "in_progress", "error": {"code": "SYNC_TIMEOUT"}}"#,
    r#"done {"id": "another", "status": "completed", "output": [{"content": [{"type": "image", "url": "https://a.b/x"}]}]}"#,
    r#"done {"status": "completed", "output": [{"content": [{"type": "image", "url": "https://a.b/c"}]}]}"#,
];

/// What was seen of a call.
#[derive(Default)]
struct Watch {
    /// How many submits there may be by now.
    allowed: usize,
    job: Option<String>,
}

impl Watch {
    /// Lets something happen, and judges what the call makes of it.
    fn see(&mut self, call: &mut Call, event: Event) -> Result<(), TestCaseError> {
        self.allowed = self.allowed.max(1);
        let (sent, submits) = (call.sent.len(), call.submits());
        let in_flight = call.in_flight;
        let busy = matches!(&event, Event::Answer(answer) if answer.status == 429);
        let news = !matches!(event, Event::Wake { .. } | Event::Turn);
        happen(call, event);
        if busy && in_flight && submits == self.allowed {
            self.allowed += 1;
        }
        prop_assert!(call.submits() <= self.allowed.min(3), "{} submits", call.submits());
        prop_assert!(call.sent.len() <= sent + 1, "one request at a time");
        prop_assert!(!in_flight || news || call.sent.len() == sent, "one request at a time");
        let (first, second) = (call.poll(), call.poll());
        prop_assert!(matches!(first, Output::Wait(_)) && first == second, "one timer at a time");
        if call.result.is_none() {
            self.job = self.job.take().or_else(|| Some(call.handle()?.id));
            let kept = call.kept.as_ref().and_then(|entry| Some(entry.job.as_ref()?.id.as_str()));
            prop_assert_eq!(kept, self.job.as_deref(), "the journal knows the job");
        }
        Ok(())
    }

    /// Judges how a call ended.
    fn judge(&self, call: &Call) -> Result<(), TestCaseError> {
        let told = match call.result.as_ref() {
            None => return Err(TestCaseError::fail("the call goes on for ever")),
            Some(Ok(generation)) => {
                let is_foreign = |image: &Image| image.src().as_deref() == Some(ANOTHERS);
                prop_assert!(!generation.images.iter().any(is_foreign), "another job's picture");
                &generation.job
            }
            Some(Err(error)) => {
                let open = error.code == ErrorCode::Timeout && error.job.is_some();
                prop_assert!(!open || call.kept.is_some(), "a job that goes on stays kept");
                prop_assert!(error.job.is_some() || call.kept.is_none(), "and no other");
                &error.job
            }
        };
        let told = told.as_ref().map(|job| job.id.as_str());
        prop_assert!(self.job.is_none() || told == self.job.as_deref(), "the job is told");
        Ok(())
    }
}

/// Time passes without an answer; a late one may bring a last check first.
fn run_out(call: &mut Call) {
    for late in [1, 2, 3] {
        call.now = call.now.max(START + late * DEFAULT_TIMEOUT);
        call.input(Input::Timeout { sent: true });
    }
    // What was sent for a caller who is gone waits as long as its connection lasts.
    if call.in_flight && call.wait == u64::MAX {
        call.fail(Failure::Cut);
    }
}

fn happen(call: &mut Call, event: Event) {
    match event {
        Event::Answer(answer) => call.answer(&answer),
        Event::Failure(failure) => call.fail(failure),
        Event::Told(words) => call.input(Input::Told(told(words))),
        Event::Elapse if call.wait < u64::MAX => call.elapse(),
        Event::Elapse => {}
        Event::Wake { online } => call.input(Input::Wake { online }),
        Event::Turn => call.input(Input::Turn { online: true }),
        Event::GivenUp { sent } => call.input(Input::GivenUp { sent }),
        Event::Timer(now) => {
            call.now = now;
            call.input(Input::Timeout { sent: true });
        }
    }
}

/// What a stream says: a word for it, or an event's name and data.
fn told(words: &str) -> Told {
    match words.split_once(' ') {
        Some((name, data)) => Told::Event(StreamEvent { name: name.into(), data: data.into() }),
        None if words == "opened" => Told::Opened,
        None if words == "alive" => Told::Alive,
        None if words == "ended" => Told::Ended,
        None => Told::Refused { for_good: words == "refused" },
    }
}

fn event() -> impl Strategy<Value = Event> {
    let failures = [
        Failure::NoKey,
        Failure::Unreachable,
        Failure::Network,
        Failure::Cut,
        Failure::Redirect,
        Failure::TooLong,
    ];
    prop_oneof![
        3 => response().prop_map(Event::Answer),
        1 => prop::sample::select(failures.to_vec()).prop_map(Event::Failure),
        3 => prop::sample::select(TOLD.to_vec()).prop_map(Event::Told),
        4 => Just(Event::Elapse),
        1 => any::<bool>().prop_map(|online| Event::Wake { online }),
        1 => Just(Event::Turn),
        1 => any::<bool>().prop_map(|sent| Event::GivenUp { sent }),
        1 => (START - 100_000..START + 2 * DEFAULT_TIMEOUT).prop_map(Event::Timer),
        1 => any::<u32>().prop_map(|now| Event::Timer(now.into())),
    ]
}

/// Any fixture's answer, or any document with any status; with or without `Retry-After`.
fn response() -> impl Strategy<Value = HttpResponse> {
    let names = fixture_names("").into_iter().filter(|name| !name.contains("/request-"));
    let fixtures: Vec<_> = names.map(|name| answer(&name)).collect();
    let any = (200_u16..600, body())
        .prop_map(|(status, body)| HttpResponse { body, ..http(status, Value::Null) });
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
fn document() -> impl Strategy<Value = Value> {
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
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        prop::num::f64::ANY.prop_map(number),
        "\\PC{0,8}".prop_map(Value::String),
        prop::sample::select(vec!["completed", "failed", "queued", "https://a/1.png", "task_01"])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, move |inner| {
        let name = prop::sample::select(members.map(str::to_owned).to_vec());
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec((name, inner), 0..6).prop_map(Value::from_iter),
        ]
    })
}

/// The number; as text where JSON cannot write it.
fn number(number: f64) -> Value {
    Number::from_f64(number).map_or_else(|| number.to_string().into(), Value::Number)
}
