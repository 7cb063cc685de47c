//! A call on a virtual clock, and the fixtures that answer it.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Map, Value, json};
use wanvas::proto::call::{Call as Machine, Input, Output};
use wanvas::proto::config::{Config, Options};
use wanvas::proto::error::{Error, Result};
use wanvas::proto::facts::Facts;
use wanvas::proto::gateway::Gateway;
use wanvas::proto::generation::{Generation, JobStatus, Progress};
use wanvas::proto::http::{Body, Failure, HttpRequest, HttpResponse, Method};
use wanvas::proto::job::Job;
use wanvas::proto::journal::Entry;
use wanvas::proto::request::{CheckedRequest, GenerateRequest};
use wanvas::proto::time::Timestamp;

/// When every call begins, in Unix milliseconds: Mon, 02 Feb 2026 02:40:00 GMT.
pub const START: u64 = 1_770_000_000_000;
/// How long every answer is under way, in milliseconds.
pub const LATENCY: u64 = 100;
/// The time limit of a call that sets none, in milliseconds.
pub const DEFAULT_TIMEOUT: u64 = 600_000;

/// A call under test: what it did so far, and what it waits for.
pub struct Call {
    machine: Machine,
    /// How often the time came that it waited for.
    turns: u32,
    /// Whether a request awaits its answer.
    pub in_flight: bool,
    /// The virtual clock, in Unix milliseconds.
    pub now: u64,
    /// Every request, with the time it was sent.
    pub sent: Vec<(u64, HttpRequest)>,
    /// Every event.
    pub events: Vec<Progress>,
    /// What the journal holds of the call.
    pub kept: Option<Entry>,
    /// What it held once the pictures were there.
    pub kept_pictures: Option<Entry>,
    /// Each request for the job's stream.
    pub listened: Vec<HttpRequest>,
    /// Whether the gateway is to be remembered as one without streams.
    pub no_stream: bool,
    /// How long the job took, where that was told.
    pub seen: Option<Duration>,
    /// The time of the last [`Output::Wait`], in Unix milliseconds; the end of time if it had none.
    pub wait: u64,
    /// How it ended, if it has.
    pub result: Option<Result<Generation>>,
}

impl Call {
    /// A call to a gateway with a prompt and nothing else.
    pub fn generate(provider: &str) -> Self {
        Call::with(provider, r#"{"prompt": "A red boat"}"#, "{}")
    }

    /// A call with a request and with options beside the provider, both as JSON.
    pub fn with(provider: &str, request: &str, options: &str) -> Self {
        Call::seeded(provider, request, options, 7)
    }

    /// The same with a seed of the waits.
    pub fn seeded(provider: &str, request: &str, options: &str, seed: u64) -> Self {
        Call::begin(submit(provider, request, options, seed))
    }

    /// A Vtrix call whose job was accepted, with options as JSON.
    pub fn accepted(options: &str) -> Self {
        let mut call = Call::with("vtrix", r#"{"prompt": "A red boat"}"#, options);
        call.answer(&answer("vtrix/submit-in-progress"));
        call
    }

    /// A call that waits for the job of the fixtures, with options as JSON.
    pub fn resumed(options: &str) -> Self {
        let job = Job::read(&handle(), facts("vtrix")).expect("a handle");
        Call::begin(Machine::resume(job, None, config("vtrix", options), at(START), 7))
    }

    /// The call around a state machine that was just made.
    pub fn begin(machine: Machine) -> Self {
        let mut call = Call::queued(machine);
        call.input(Input::Turn { online: true });
        call
    }

    /// The call whose turn it is not yet.
    pub fn queued(machine: Machine) -> Self {
        let mut call = Call {
            machine,
            turns: 0,
            in_flight: false,
            now: START,
            sent: Vec::new(),
            events: Vec::new(),
            kept: None,
            kept_pictures: None,
            listened: Vec::new(),
            no_stream: false,
            seen: None,
            wait: 0,
            result: None,
        };
        call.drain();
        call
    }

    /// The request in flight is answered.
    pub fn answer(&mut self, answer: &HttpResponse) {
        self.now += LATENCY;
        self.input(Input::Answer(answer.clone()));
    }

    /// There is no answer to the request in flight.
    pub fn fail(&mut self, failure: Failure) {
        self.now += LATENCY;
        self.input(Input::Failure(failure));
    }

    /// The time comes that the call waits for.
    pub fn elapse(&mut self) {
        self.turns += 1;
        assert!(self.turns < 10_000, "the call makes headway");
        self.now = self.now.max(self.wait);
        self.input(Input::Timeout { sent: true });
    }

    /// The next status check is due and is answered.
    pub fn check(&mut self, answer: &HttpResponse) {
        let sent = self.sent.len();
        self.elapse();
        assert_eq!(self.sent.len(), sent + 1, "a status check was due");
        self.answer(answer);
    }

    /// Whatever happens, at the time the clock shows.
    pub fn input(&mut self, input: Input) {
        if matches!(input, Input::Answer(_) | Input::Failure(_)) {
            self.in_flight = false;
        }
        self.machine.handle_input(input, at(self.now));
        self.drain();
    }

    /// What the machine says after the last input, without drawing a conclusion from it.
    pub fn poll(&mut self) -> Output {
        self.machine.poll_output()
    }

    /// The job, as far as an event told it.
    pub fn handle(&self) -> Option<Job> {
        self.events.iter().rev().find_map(|event| event.job.clone())
    }

    /// Milliseconds until the time that the call waits for.
    pub fn pause(&self) -> u64 {
        assert!(self.result.is_none(), "the call has ended");
        self.wait.saturating_sub(self.now)
    }

    /// The body of the only submit.
    pub fn body(&self) -> Value {
        json(self.sent[0].1.body.as_ref().expect("a body"))
    }

    /// How many submits were sent.
    pub fn submits(&self) -> usize {
        self.sent.iter().filter(|(_, sent)| sent.method == Method::Post).count()
    }

    /// The error it ended with.
    pub fn error(&self) -> &Error {
        self.result.as_ref().expect("an end").as_ref().expect_err("an error")
    }

    /// The result it ended with.
    pub fn generation(&self) -> &Generation {
        self.result.as_ref().expect("an end").as_ref().expect("a result")
    }

    /// The pictures it ended with.
    pub fn finished(&self) -> &Generation {
        let generation = self.generation();
        assert_eq!(generation.status, JobStatus::Succeeded, "the job goes on");
        generation
    }

    fn drain(&mut self) {
        loop {
            match self.machine.poll_output() {
                Output::Keep(entry) => {
                    if entry.generation.is_some() {
                        self.kept_pictures = Some(entry.clone());
                    }
                    self.kept = Some(entry);
                }
                Output::Send(request) => {
                    self.in_flight = true;
                    self.sent.push((self.now, request));
                }
                Output::Progress(event) => self.events.push(event),
                Output::Listen(request) => self.listened.push(request),
                Output::NoStream => self.no_stream = true,
                Output::Seen(took) => self.seen = Some(took),
                Output::Wait(until) => {
                    self.wait = until.map_or(u64::MAX, Timestamp::unix_millis);
                    return;
                }
                Output::Done { result, settled } => {
                    assert!(self.result.is_none(), "a call ends once");
                    self.kept = self.kept.take().filter(|_| !settled);
                    self.result = Some(result);
                    return;
                }
            }
        }
    }
}

/// A time in Unix milliseconds.
pub fn at(millis: u64) -> Timestamp {
    Timestamp::from_unix_millis(millis)
}

/// What never changes about the gateway of that name.
pub fn facts(provider: &str) -> &'static Facts {
    Gateway::by_name(provider).expect("a gateway").facts()
}

/// A submit that has not begun.
pub fn submit(provider: &str, request: &str, options: &str, seed: u64) -> Machine {
    let request = read_request(provider, &json(request)).expect("a request");
    Machine::submit(request, config(provider, options), at(START), seed)
}

/// Reads a request for the gateway of that name.
pub fn read_request(provider: &str, request: &Value) -> Result<CheckedRequest> {
    GenerateRequest::read(request)?.check(facts(provider))
}

/// Checked options: a gateway, a key, and options beside them as JSON.
pub fn config(provider: &str, options: &str) -> Config {
    let mut options = json(options);
    options["provider"] = provider.into();
    Options::read(&options).and_then(|options| options.check(true)).expect("options")
}

/// The handle of the job in the fixtures.
pub fn handle() -> Value {
    json!({
        "provider": "vtrix",
        "id": "task_01",
        "model": "wan25_t2i_preview_intl",
        "submittedAt": START - 60_000,
        "count": 2,
    })
}

/// The answer in a fixture: `"vtrix/status-completed"`.
pub fn answer(name: &str) -> HttpResponse {
    let fixture = fixture(name);
    let header = |(name, value): (&String, &Value)| {
        (name.clone(), value.as_str().expect("a header's value").to_owned())
    };
    HttpResponse {
        status: fixture["status"].as_u64().expect("a status") as u16,
        headers: fixture["headers"].as_object().into_iter().flatten().map(header).collect(),
        body: match &fixture["text"] {
            Value::String(text) => Body::Text(text.clone()),
            _ => Body::Json(fixture["body"].clone()),
        },
    }
}

/// A fixture's whole document.
pub fn fixture(name: &str) -> Value {
    let path = fixtures().join(name).with_extension("json");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
    json(&text)
}

/// The names of every fixture whose path has that within, in order.
pub fn fixture_names(part: &str) -> Vec<String> {
    let mut names = Vec::new();
    for folder in ["aimlapi", "alibaba", "vtrix"] {
        for entry in fs::read_dir(fixtures().join(folder)).expect("a folder of fixtures") {
            let file = entry.expect("a fixture").file_name().into_string().expect("a name");
            let name = format!("{folder}/{}", file.trim_end_matches(".json"));
            if name.contains(part) {
                names.push(name);
            }
        }
    }
    names.sort();
    names
}

fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// An answer with that status, without headers.
pub fn http(status: u16, body: Value) -> HttpResponse {
    HttpResponse { status, headers: Default::default(), body: Body::Json(body) }
}

/// The answer with one more header.
pub fn with_header(mut answer: HttpResponse, name: &str, value: &str) -> HttpResponse {
    answer.headers.push((name.to_owned(), value.to_owned()));
    answer
}

/// A status of the job in the fixtures, with more members as JSON.
pub fn task(status: &str, members: &str) -> HttpResponse {
    let mut task =
        Map::from_iter([("id".to_owned(), "task_01".into()), ("status".to_owned(), status.into())]);
    task.extend(json(members).as_object().expect("members").clone());
    http(200, task.into())
}

/// A document that a test writes out.
pub fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}
