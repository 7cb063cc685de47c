//! One call as a state machine: submit, wait, check, until there are pictures or an error.
//!
//! ```text
//!  submit ──► Queued ──turn──► Submitting ──accepted──► Waiting ◄──goes on, or failed to tell──┐
//!                │              ▲      │                   │                                   │
//!            no network       time    429           it is time, or a wake                      │
//!                │              │      ▼                   ▼                                   │
//!                └────────────► Delayed  ┌────────────► Checking ──────────────────────────────┘
//!                                        │
//!  resume, recover ──► Queued ──turn─────┘    any of them ──end──► Ended
//! ```
//!
//! There is one door in, [`Job::handle_input`], and one out, [`Job::poll_output`]. After every
//! input, drain the outputs up to [`Output::Wait`] or [`Output::Done`]; then wait for the answer to
//! the last request and for the time that `Wait` named, whichever comes first, and feed that back.
//! A request in flight is given up when the next is sent, or when the call is over.
//!
//! The journal holds an entry from before the submit leaves until the job is settled: its pictures
//! are delivered, it failed for good, or the caller was told that its fate is unknown.

mod check;
mod submit;

use alloc::{borrow::ToOwned, boxed::Box, collections::VecDeque, string::String, vec::Vec};

use super::config::Config;
use super::error::{Error, ErrorCode, Result};
use super::generation::{Generation, Image, Phase, Progress, Requested, State};
use super::handle::JobHandle;
use super::http::{Failure, HttpRequest, HttpResponse};
use super::journal::Entry;
use super::json::Json;
use super::provider::Status;
use super::request::GenerateRequest;
use super::schedule::PollSchedule;
use super::text::{digits, joined};

/// What happened.
#[derive(Debug)]
pub enum Input {
    /// The call must wait until others of the page have ended.
    Queue,
    /// It is the call's turn.
    Turn {
        /// Whether there is a network, as far as the browser knows.
        online: bool,
    },
    /// The answer to the last request.
    Answer(HttpResponse),
    /// There is no answer to the last request.
    Failure(Failure),
    /// The time that the last [`Output::Wait`] named has come.
    Timeout,
    /// The page is seen again, or the network comes or goes. No request is given up for it.
    Wake {
        /// Whether there is a network, as far as the browser knows.
        online: bool,
    },
}

/// What to do.
#[derive(Debug, PartialEq)]
pub enum Output {
    /// Keep this in the journal, in place of what was kept of the call before; it must be there
    /// before the next request is sent.
    Keep(Json),
    /// Take the call's entry out of the journal: nothing was accepted.
    Forget,
    /// Send this; one request at a time is in flight.
    Send(HttpRequest),
    /// Tell the caller.
    Progress(Progress),
    /// Nothing until an answer, or until this time in Unix milliseconds.
    Wait(u64),
    /// The call is over; given once, and after it nothing but a wait for nothing.
    Done {
        /// The pictures, or what went wrong.
        result: Result<Generation>,
        /// Whether nothing is left to wait for: once the caller has been given the result, the
        /// journal forgets the call.
        settled: bool,
    },
}

/// How long one status check may take before it counts as failed.
const CHECK_TIMEOUT_MS: u64 = 30_000;
/// A time that comes this much too late comes after a machine's sleep.
const OVERSLEPT_MS: u64 = 5_000;
/// A wake asks for no check sooner than this after the last, so that many wakes are no burst.
const WAKE_GAP_MS: u64 = 1_000;
/// A shorter prompt is nothing private, and would take single letters out of a gateway's words.
const PRIVATE_MIN: usize = 4;
/// The value of a header that stands for the call's own id.
const OWN_ID: &str = "{id}";

/// The state of a call.
pub struct Job {
    config: Config,
    stage: Stage,
    outputs: VecDeque<Output>,
    schedule: PollSchedule,
    /// The call's own id, also in the journal.
    id: String,
    called_at: u64,
    submitted_at: u64,
    deadline: u64,
    /// What to submit; none for a job that was submitted before.
    request: Option<GenerateRequest>,
    /// How often the submit was sent again.
    resent: u32,
    requested: Requested,
    handle: Option<JobHandle>,
    progress: Option<f64>,
    checks: u32,
    not_found: u32,
    /// Whether the gateway need not keep the job any more.
    expired: bool,
    /// Whether there is a network, as far as the browser knows.
    online: bool,
    /// When the last check was sent.
    checked_at: u64,
    /// No check before this, as the gateway asked.
    not_before: u64,
    last_chance_taken: bool,
    /// What a gateway may repeat and no error may: the prompts.
    private: Vec<String>,
    /// What the last answer said in place of good news, for the error if time runs out.
    trouble: Option<String>,
}

#[derive(Clone, Copy, PartialEq)]
enum Stage {
    /// It is not the call's turn.
    Queued,
    /// The submit is due at that time.
    Delayed(u64),
    /// The submit is in flight.
    Submitting,
    /// The next check is due at that time.
    Waiting(u64),
    /// A check is in flight and will be given up at that time.
    Checking(u64),
    /// The result is out.
    Ended,
}

impl Job {
    /// A call that submits a request. `now` is in Unix milliseconds; `seed` spreads the waits and
    /// tells the call from others.
    pub fn submit(request: GenerateRequest, config: Config, now: u64, seed: u64) -> Self {
        let requested = Requested { count: request.count, size: Some(request.size) };
        let mut job = Job::new(config, requested, now, seed);
        let prompts = [Some(&request.prompt), request.negative_prompt.as_ref()];
        let private = prompts.into_iter().flatten().filter(|text| text.len() >= PRIVATE_MIN);
        job.private = private.cloned().collect();
        job.request = Some(request);
        job
    }

    /// A call that waits for a job which was submitted before.
    pub fn resume(handle: JobHandle, config: Config, now: u64, seed: u64) -> Self {
        let requested = Requested { count: handle.count, size: None };
        let mut job = Job::new(config, requested, now, seed);
        job.handle = Some(handle);
        job
    }

    /// A call that goes on from the journal, where the page that submitted is gone.
    pub fn recover(entry: Entry, config: Config, now: u64, seed: u64) -> Self {
        let mut job = Job::new(config, entry.requested, now, seed);
        job.expired = entry.is_expired(now);
        job.id = entry.id;
        job.handle = entry.job;
        if job.handle.is_none() {
            let message = "the submit was cut off before its answer; it may have been accepted";
            job.fail_for_good(Error::with(ErrorCode::SubmitOutcomeUnknown, message), true);
        }
        job
    }

    fn new(config: Config, requested: Requested, now: u64, seed: u64) -> Self {
        Job {
            stage: Stage::Queued,
            outputs: VecDeque::new(),
            schedule: PollSchedule::new(config.poll_interval_ms, seed),
            id: joined(&[&digits(now), "-", &digits(seed)]),
            called_at: now,
            submitted_at: 0,
            deadline: u64::MAX,
            request: None,
            resent: 0,
            requested,
            handle: None,
            progress: None,
            checks: 0,
            not_found: 0,
            expired: false,
            online: true,
            checked_at: 0,
            not_before: 0,
            last_chance_taken: false,
            private: Vec::new(),
            trouble: None,
            config,
        }
    }

    /// Takes in what happened. `now` is in Unix milliseconds.
    pub fn handle_input(&mut self, input: Input, now: u64) {
        match (self.stage, input) {
            (Stage::Ended, _) => {}
            (Stage::Queued, Input::Queue) => self.report(Phase::Waiting, now),
            (Stage::Queued, Input::Turn { online }) => self.begin(online, now),
            (_, Input::Wake { online }) => self.wake(online, now),
            (_, Input::Timeout) if now >= self.deadline => self.deadline_reached(now),
            (Stage::Submitting, Input::Answer(answer)) => self.submit_answered(&answer, now),
            (Stage::Submitting, Input::Failure(failure)) => self.submit_failed(failure),
            (Stage::Checking(_), Input::Answer(answer)) => self.check_answered(&answer, now),
            (Stage::Checking(_), Input::Failure(failure)) => self.check_failed(failure, now),
            (Stage::Checking(until), Input::Timeout) if now >= until => self.check_unanswered(now),
            (Stage::Delayed(until), Input::Timeout) if now >= until && self.online => {
                self.send_submit(now);
            }
            (Stage::Waiting(until), Input::Timeout) if now >= until && self.online => {
                self.check(now);
            }
            // Too early, or what nobody waits for.
            _ => {}
        }
    }

    /// The next thing to do.
    #[must_use]
    pub fn poll_output(&mut self) -> Output {
        self.outputs.pop_front().unwrap_or_else(|| {
            Output::Wait(match self.stage {
                // Without a network there is nothing to do but hope for one.
                Stage::Waiting(_) | Stage::Delayed(_) if !self.online => self.deadline,
                Stage::Waiting(until) | Stage::Delayed(until) | Stage::Checking(until) => {
                    until.min(self.deadline)
                }
                Stage::Queued | Stage::Submitting | Stage::Ended => self.deadline,
            })
        })
    }

    /// Begins, as it is the call's turn. Its time is counted from here.
    fn begin(&mut self, online: bool, now: u64) {
        self.online = online || self.config.local;
        self.deadline = now.saturating_add(self.config.timeout_ms);
        match (&self.request, self.online) {
            (Some(_), true) => self.send_submit(now),
            (Some(_), false) => self.delay(now, now),
            (None, true) => self.check(now),
            (None, false) => self.stage = Stage::Waiting(now),
        }
    }

    /// Brings the next check forward, but not so far that wakes in a row become a burst, and not
    /// before the gateway wants to be asked again.
    fn wake(&mut self, online: bool, now: u64) {
        self.online = online || self.config.local;
        if let Stage::Waiting(until) = self.stage {
            let soon = self.checked_at.saturating_add(WAKE_GAP_MS).max(self.not_before).max(now);
            self.stage = Stage::Waiting(until.min(soon));
        }
    }

    /// Goes on from a status that the gateway told.
    fn proceed(&mut self, status: Status, now: u64) {
        match status {
            Status::Finished(mut finished) => {
                finished.drop_repeats();
                for image in &mut finished.images {
                    if let Image::Missing(why) = image {
                        why.quote(&self.private);
                    }
                }
                self.succeed(State::Finished(finished));
            }
            Status::Going(phase, progress) => {
                // Never back: a gateway may forget what it told before.
                self.progress = match (self.progress, progress) {
                    (Some(old), Some(new)) => Some(old.max(new)),
                    (old, new) => old.or(new),
                };
                self.trouble = None;
                self.report(phase, now);
                if !self.config.wait {
                    return self.succeed(State::Going(phase, self.progress));
                }
                self.stage = Stage::Waiting(now.saturating_add(self.schedule.next()));
            }
        }
    }

    /// Ends the call, unless the machine has slept: then the answer may well be here any moment, or
    /// the job be done by now, and one more check tells.
    fn deadline_reached(&mut self, now: u64) {
        let overslept = now.saturating_sub(self.deadline) >= OVERSLEPT_MS;
        let waits = self.handle.is_some() || self.stage == Stage::Submitting;
        if overslept && waits && !self.last_chance_taken {
            self.last_chance_taken = true;
            self.deadline = now.saturating_add(CHECK_TIMEOUT_MS);
            if self.handle.is_some() {
                self.check(now);
            }
            return;
        }
        let (what, charged) = match self.stage {
            Stage::Submitting => {
                ("the submit was not answered in time; it may have been accepted", true)
            }
            Stage::Delayed(_) => {
                ("the time was over before the submit could be sent; nothing was accepted", false)
            }
            _ => {
                let going = "the pictures were not ready in time; the job goes on, and poll() can wait for it";
                (going, true)
            }
        };
        let message = match &self.trouble {
            Some(trouble) => joined(&[what, ". The last answer: ", trouble]),
            None => what.to_owned(),
        };
        self.fail(Error::with(ErrorCode::Timeout, message), charged);
    }

    fn send(&mut self, method: &'static str, path: &str, body: Option<Json>) {
        let url = joined(&[&self.config.base_url, path]);
        let mut headers = self.config.headers.clone();
        for (_, value) in &mut headers {
            if value == OWN_ID {
                value.clone_from(&self.id);
            }
        }
        self.outputs.push_back(Output::Send(HttpRequest { method, url, headers, body }));
    }

    fn report(&mut self, phase: Phase, now: u64) {
        self.outputs.push_back(Output::Progress(Progress {
            phase,
            job: self.handle.clone(),
            progress: self.progress,
            elapsed_ms: now.saturating_sub(self.called_at),
            checks: self.checks,
        }));
    }

    fn keep(&mut self) {
        let entry = Entry {
            id: self.id.clone(),
            requested: self.requested,
            submitted_at: self.submitted_at,
            job: self.handle.clone(),
        };
        self.outputs.push_back(Output::Keep(entry.to_json(&self.config)));
    }

    fn succeed(&mut self, state: State) {
        let settled = matches!(state, State::Finished(_));
        let generation = Generation { job: self.handle.clone(), requested: self.requested, state };
        self.end(Ok(generation), settled);
    }

    /// Ends the call with an error. A job that may yet bring pictures stays in the journal.
    fn fail(&mut self, error: Box<Error>, may_have_been_charged: bool) {
        let settled = self.handle.is_none() || !may_have_been_charged;
        self.end_with(error, may_have_been_charged, settled);
    }

    /// Ends the call with an error after which nothing is left to wait for.
    fn fail_for_good(&mut self, error: Box<Error>, may_have_been_charged: bool) {
        self.end_with(error, may_have_been_charged, true);
    }

    fn end_with(&mut self, mut error: Box<Error>, may_have_been_charged: bool, settled: bool) {
        error.quote(&self.private);
        error.provider = Some(self.config.provider.facts().name);
        error.job = self.handle.clone();
        error.may_have_been_charged = may_have_been_charged;
        self.end(Err(error), settled);
    }

    fn end(&mut self, result: Result<Generation>, settled: bool) {
        self.stage = Stage::Ended;
        self.outputs.push_back(Output::Done { result, settled });
    }
}
