//! One call as a state machine: submit, wait, check, until there are pictures or an error.
//!
//! ```text
//!  submit ──► Submitting ──accepted──► Waiting ◄──goes on, or failed to tell──┐
//!                 │                       │                                   │
//!                 │               it is time, or a wake                       │
//!                 │                       ▼                                   │
//!  resume ────────┼──────────────────► Checking ──────────────────────────────┘
//!                 │                       │
//!                 └──── finished, refused, failed, out of time ──► Ended
//! ```
//!
//! There is one door in, [`Job::handle_input`], and one out, [`Job::poll_output`]. After every
//! input, drain the outputs up to [`Output::Wait`] or [`Output::Done`]; then wait for the answer to
//! the last request and for the time that `Wait` named, whichever comes first, and feed that back.
//! When the time comes first, the request in flight is given up.

use alloc::{borrow::ToOwned, boxed::Box, collections::VecDeque, string::String, vec::Vec};

use super::config::Config;
use super::error::{Error, ErrorCode, Result};
use super::generation::{Generation, Image, Phase, Progress, Requested, State};
use super::handle::{JobHandle, is_id};
use super::http::{Body, Failure, HttpRequest, HttpResponse};
use super::json::Json;
use super::provider::Status;
use super::refusal;
use super::request::GenerateRequest;
use super::schedule::PollSchedule;
use super::text::joined;

/// What happened.
#[derive(Debug)]
pub enum Input {
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
    /// Send this; one request at a time is in flight.
    Send(HttpRequest),
    /// Tell the caller.
    Progress(Progress),
    /// Nothing until an answer, or until this time in Unix milliseconds.
    Wait(u64),
    /// The call is over; given once, and after it nothing but a wait for nothing.
    Done(Result<Generation>),
}

/// How long one status check may take before it counts as failed.
const CHECK_TIMEOUT_MS: u64 = 30_000;
/// How often in a row a job may be unknown before that is believed: a gateway's replicas may not
/// know a new job at once.
const MAX_NOT_FOUND: u32 = 3;

/// A time that comes this much too late comes after a machine's sleep.
const OVERSLEPT_MS: u64 = 5_000;
/// A wake asks for no check sooner than this after the last, so that many wakes are no burst.
const WAKE_GAP_MS: u64 = 1_000;
/// A shorter prompt is nothing private, and would take single letters out of a gateway's words.
const PRIVATE_MIN: usize = 4;

/// The state of a call.
pub struct Job {
    config: Config,
    stage: Stage,
    outputs: VecDeque<Output>,
    schedule: PollSchedule,
    started_at: u64,
    deadline: u64,
    requested: Requested,
    handle: Option<JobHandle>,
    progress: Option<f64>,
    checks: u32,
    not_found: u32,
    /// Whether there is a network, as far as the browser knows.
    online: bool,
    /// When the last check was sent.
    checked_at: u64,
    /// No check before this, as the gateway asked.
    not_before: u64,
    last_chance_taken: bool,
    /// What a gateway may repeat and no error may: the prompts.
    private: Vec<String>,
    /// Why the last check told nothing, for the error if time runs out.
    trouble: Option<String>,
}

#[derive(Clone, Copy, PartialEq)]
enum Stage {
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
    /// A call that submits a request. `now` is in Unix milliseconds; `seed` spreads the waits.
    pub fn submit(request: &GenerateRequest, config: Config, now: u64, seed: u64) -> Self {
        let (path, body) = config.provider.submit(request, &config.model);
        let requested = Requested { count: request.count, size: Some(request.size) };
        let mut job = Job::new(config, requested, now, seed);
        let prompts = [Some(&request.prompt), request.negative_prompt.as_ref()];
        let private = prompts.into_iter().flatten().filter(|text| text.len() >= PRIVATE_MIN);
        job.private = private.cloned().collect();
        job.report(Phase::Submitting, now);
        job.send("POST", path, Some(body));
        job
    }

    /// A call that waits for a job which was submitted before.
    pub fn resume(handle: JobHandle, config: Config, now: u64, seed: u64) -> Self {
        let requested = Requested { count: handle.count, size: None };
        let mut job = Job::new(config, requested, now, seed);
        job.handle = Some(handle);
        job.check(now);
        job
    }

    fn new(config: Config, requested: Requested, now: u64, seed: u64) -> Self {
        Job {
            stage: Stage::Submitting,
            outputs: VecDeque::new(),
            schedule: PollSchedule::new(config.poll_interval_ms, seed),
            started_at: now,
            deadline: now.saturating_add(config.timeout_ms),
            requested,
            handle: None,
            progress: None,
            checks: 0,
            not_found: 0,
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
            (_, Input::Wake { online }) => self.wake(online, now),
            (_, Input::Timeout) if now >= self.deadline => self.deadline_reached(now),
            (Stage::Submitting, Input::Answer(answer)) => self.submit_answered(&answer, now),
            (Stage::Submitting, Input::Failure(failure)) => self.submit_failed(failure),
            (Stage::Checking(_), Input::Answer(answer)) => self.check_answered(&answer, now),
            (
                Stage::Checking(_),
                Input::Failure(failure @ (Failure::Redirect | Failure::TooLong)),
            ) => self.fail(Error::protocol(failure.words()), true),
            (Stage::Checking(_), Input::Failure(Failure::NoKey)) => {
                self.fail(Error::with(ErrorCode::Unauthorized, Failure::NoKey.words()), true);
            }
            (Stage::Checking(_), Input::Failure(failure)) => {
                self.check_again(failure.words().to_owned(), None, now);
            }
            (Stage::Checking(until), Input::Timeout) if now >= until => {
                self.check_again("a status check was not answered in time".to_owned(), None, now);
            }
            (Stage::Waiting(until), Input::Timeout) if now >= until && self.online => {
                self.check(now);
            }
            // Too early, or an answer that nobody waits for.
            (_, Input::Timeout) | (Stage::Waiting(_), _) => {}
        }
    }

    /// The next thing to do.
    #[must_use]
    pub fn poll_output(&mut self) -> Output {
        self.outputs.pop_front().unwrap_or_else(|| {
            Output::Wait(match self.stage {
                // Without a network there is nothing to do but hope for one.
                Stage::Waiting(_) if !self.online => self.deadline,
                Stage::Waiting(until) | Stage::Checking(until) => until.min(self.deadline),
                Stage::Submitting | Stage::Ended => self.deadline,
            })
        })
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

    fn submit_answered(&mut self, answer: &HttpResponse, now: u64) {
        if !answer.is_success() {
            let mut error = refusal::of_answer(answer);
            error.retry_after_ms = answer.retry_after_ms(now);
            // Any other refusal proves that nothing was accepted.
            let unclear = [ErrorCode::SubmitOutcomeUnknown, ErrorCode::Protocol];
            let charged = unclear.contains(&error.code);
            return self.fail(error, charged);
        }
        if let Body::Text(_) = answer.body {
            let message = "the submit was answered with something other than JSON";
            return self.fail(Error::protocol(message), true);
        }
        let provider = self.config.provider;
        self.handle = provider.job_id(answer).filter(|id| is_id(id)).map(|id| JobHandle {
            provider: provider.facts().name,
            id,
            model: self.config.model.clone(),
            submitted_at: self.started_at,
            count: self.requested.count,
        });
        match provider.read(answer) {
            Ok(Status::Going(..)) if self.handle.is_none() => {
                let message = "the submit was answered without a job's id";
                self.fail(Error::protocol(message), true);
            }
            Ok(status) => self.proceed(status, now),
            Err(error) => self.told_of_failure(error, answer),
        }
    }

    fn submit_failed(&mut self, failure: Failure) {
        let unknown = ErrorCode::SubmitOutcomeUnknown;
        let (code, message, charged) = match failure {
            Failure::NoKey => (ErrorCode::Unauthorized, failure.words(), false),
            Failure::Unreachable => (ErrorCode::Network, failure.words(), false),
            Failure::Redirect | Failure::TooLong => (ErrorCode::Protocol, failure.words(), true),
            Failure::Cut => {
                (unknown, "the answer to the submit broke off; it may have been accepted", true)
            }
            Failure::Network => (
                unknown,
                "no answer to the submit: offline, refused, or blocked by the browser's \
                 cross-origin rules; if it arrived, it may have been accepted. A gateway that does \
                 not allow calls from pages needs a relay, named by baseUrl",
                true,
            ),
        };
        self.fail(Error::with(code, message), charged);
    }

    fn check_answered(&mut self, answer: &HttpResponse, now: u64) {
        self.not_found = if answer.status == 404 { self.not_found + 1 } else { 0 };
        let passing = matches!(answer.status, 408 | 425 | 429 | 500..)
            || (1..MAX_NOT_FOUND).contains(&self.not_found);
        if passing {
            let mut trouble = refusal::of_answer(answer);
            trouble.quote(&self.private);
            return self.check_again(trouble.message, answer.retry_after_ms(now), now);
        }
        if !answer.is_success() {
            let error = refusal::of_answer(answer);
            let none_made = error.code == ErrorCode::ContentRejected;
            return self.fail(error, !none_made);
        }
        if let Body::Text(_) = answer.body {
            let trouble = "a status check was answered with something other than JSON".to_owned();
            return self.check_again(trouble, None, now);
        }
        self.checks += 1;
        match self.config.provider.read(answer) {
            Ok(status) => self.proceed(status, now),
            // What a status says about a finished job will not change; nonsense may.
            Err(error) if error.code == ErrorCode::Protocol && !has_status(answer) => {
                self.check_again(error.message, None, now);
            }
            Err(error) => self.told_of_failure(error, answer),
        }
    }

    /// Ends with what a gateway says of a job: that it failed, so that there is no picture to pay
    /// for, or that it is done, without one.
    fn told_of_failure(&mut self, mut error: Box<Error>, answer: &HttpResponse) {
        error.request_id = answer.request_id();
        let charged = error.code == ErrorCode::Protocol;
        self.fail(error, charged);
    }

    /// Goes on from a status that the gateway told.
    fn proceed(&mut self, status: Status, now: u64) {
        match status {
            Status::Finished(mut finished) => {
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

    /// Sends a status check.
    fn check(&mut self, now: u64) {
        let path = self.handle.as_ref().and_then(|job| self.config.provider.status_path(&job.id));
        let Some(path) = path else {
            let message = "this gateway answers in one request: there is no job to wait for";
            return self.fail(Error::with(ErrorCode::Unsupported, message), false);
        };
        self.send("GET", &path, None);
        self.checked_at = now;
        self.stage = Stage::Checking(now.saturating_add(CHECK_TIMEOUT_MS));
    }

    /// Plans another check after one that told nothing.
    fn check_again(&mut self, trouble: String, retry_after_ms: Option<u64>, now: u64) {
        self.trouble = Some(trouble);
        let until = now.saturating_add(self.schedule.backoff(retry_after_ms));
        if retry_after_ms.is_some() {
            self.not_before = until;
        }
        self.stage = Stage::Waiting(until);
    }

    /// Ends the call, unless the machine has slept: then the job may well be done by now, and one
    /// more check tells.
    fn deadline_reached(&mut self, now: u64) {
        let overslept = now.saturating_sub(self.deadline) >= OVERSLEPT_MS;
        if overslept && self.handle.is_some() && !self.last_chance_taken {
            self.last_chance_taken = true;
            self.deadline = now.saturating_add(CHECK_TIMEOUT_MS);
            return self.check(now);
        }
        self.time_is_up();
    }

    fn time_is_up(&mut self) {
        let what = match self.stage {
            Stage::Submitting => "the submit was not answered in time; it may have been accepted",
            _ => "the pictures were not ready in time; the job goes on, and poll() can wait for it",
        };
        let message = match &self.trouble {
            Some(trouble) => joined(&[what, ". The last check failed: ", trouble]),
            None => what.to_owned(),
        };
        self.fail(Error::with(ErrorCode::Timeout, message), true);
    }

    fn send(&mut self, method: &'static str, path: &str, body: Option<Json>) {
        let url = joined(&[&self.config.base_url, path]);
        let headers = self.config.headers.clone();
        self.outputs.push_back(Output::Send(HttpRequest { method, url, headers, body }));
    }

    fn report(&mut self, phase: Phase, now: u64) {
        self.outputs.push_back(Output::Progress(Progress {
            phase,
            job: self.handle.clone(),
            progress: self.progress,
            elapsed_ms: now.saturating_sub(self.started_at),
            checks: self.checks,
        }));
    }

    fn succeed(&mut self, state: State) {
        let generation = Generation { job: self.handle.clone(), requested: self.requested, state };
        self.end(Ok(generation));
    }

    fn fail(&mut self, mut error: Box<Error>, may_have_been_charged: bool) {
        error.quote(&self.private);
        error.provider = Some(self.config.provider.facts().name);
        error.job = self.handle.clone();
        error.may_have_been_charged = may_have_been_charged;
        self.end(Err(error));
    }

    fn end(&mut self, result: Result<Generation>) {
        self.stage = Stage::Ended;
        self.outputs.push_back(Output::Done(result));
    }
}

/// Whether an answer speaks of a job's state at all, so that it can be taken at its word.
fn has_status(answer: &HttpResponse) -> bool {
    !answer.json().get("status").is_blank()
}
