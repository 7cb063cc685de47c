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
//! There is one door in, [`Call::handle_input`], and one out, [`Call::poll_output`]. After every
//! input, drain the outputs up to [`Output::Wait`] or [`Output::Done`]; then wait for the answer to
//! the last request and for the time that `Wait` named, whichever comes first, and feed that back.
//! A request in flight is given up when the next is sent, or when the call is over.
//!
//! The journal holds an entry from before the submit leaves until the job is settled: its pictures
//! are delivered, it failed for good, or the caller was told that its fate is unknown.

mod check;
mod deadline;
mod io;
mod stream;
mod submit;

use std::collections::VecDeque;
use std::time::Duration;

use super::config::Config;
use super::durations::Durations;
use super::error::{Error, ErrorCode, Result};
use super::generation::{Finished, Generation, JobStatus, Phase, Progress};
use super::http::{Failure, HttpRequest, Method};
use super::image::Image;
use super::job::Job;
use super::journal::Entry;
use super::provider::Status;
use super::request::CheckedRequest;
use super::schedule::PollSchedule;
use super::time::Timestamp;
pub use io::{Input, Output, Told};
use stream::Stream;

/// How long one status check may take before it counts as failed.
const CHECK_TIMEOUT: Duration = Duration::from_secs(30);
/// A wake asks for no check sooner than this after the last, so that many wakes are no burst.
const WAKE_GAP: Duration = Duration::from_secs(1);
/// A job that was going on so long before it was known to be done took nobody knows how long.
const SEEN_GAP: Duration = Duration::from_secs(5);
/// A shorter prompt is nothing private, and would take single letters out of a gateway's words.
const PRIVATE_MIN: usize = 4;
/// The value of a header that stands for the call's own id.
const OWN_ID: &str = "{id}";

/// The state of a call.
pub struct Call {
    config: Config,
    stage: Stage,
    outputs: VecDeque<Output>,
    schedule: PollSchedule,
    stream: Stream,
    /// What the journal keeps of it.
    entry: Entry,
    /// Whether it does.
    is_kept: bool,
    called_at: Timestamp,
    /// When the call's time is over; none before its turn.
    deadline: Option<Timestamp>,
    /// What to submit; none for a job that was submitted before.
    request: Option<CheckedRequest>,
    /// How often the submit was sent again.
    resent: u32,
    progress: Option<f64>,
    checks: u32,
    not_found: u32,
    /// Whether the gateway need not keep the job any more.
    expired: bool,
    /// Whether there is a network, as far as the browser knows.
    online: bool,
    /// When the last check was sent.
    checked_at: Timestamp,
    /// When the job was last known to go on.
    going_at: Timestamp,
    /// No check before this, as the gateway asked.
    not_before: Timestamp,
    last_chance_taken: bool,
    /// Whether the caller waits no more.
    is_given_up: bool,
    /// What a gateway may repeat and no error may: the prompts.
    private: Vec<String>,
    /// What the last answer said in place of good news, for the error if time runs out.
    trouble: Option<String>,
}

/// An id that no other call has.
fn own_id(now: Timestamp, seed: u64) -> String {
    format!("{}-{seed}", now.unix_millis())
}

#[derive(Clone, Copy, PartialEq)]
enum Stage {
    /// It is not the call's turn.
    Queued,
    /// The submit is due at that time.
    Delayed(Timestamp),
    /// The submit is in flight.
    Submitting,
    /// The next check is due at that time.
    Waiting(Timestamp),
    /// A check is in flight and will be given up at that time.
    Checking(Timestamp),
    /// The result is out.
    Ended,
}

impl Call {
    /// A call that submits a request. `seed` spreads the waits and tells the call from others.
    pub fn submit(request: CheckedRequest, config: Config, now: Timestamp, seed: u64) -> Self {
        let id = request.id.clone().unwrap_or_else(|| own_id(now, seed));
        let entry = Entry {
            count: request.count,
            size: Some(request.size),
            tag: request.tag.clone(),
            ..Entry::new(id, &config, now)
        };
        let mut call = Call::new(config, entry, now, seed);
        call.private.push(request.prompt.clone());
        call.private.extend(request.negative_prompt.clone());
        call.private.retain(|text| text.len() >= PRIVATE_MIN);
        call.request = Some(request);
        call
    }

    /// A call that waits for a job which was submitted before, and of whose call the journal may know.
    pub fn resume(
        job: Job,
        known: Option<Entry>,
        config: Config,
        now: Timestamp,
        seed: u64,
    ) -> Self {
        let entry = known.unwrap_or_else(|| Entry {
            model: job.model.clone(),
            count: job.count,
            submitted_at: Some(job.submitted_at),
            job: Some(job),
            ..Entry::new(own_id(now, seed), &config, now)
        });
        Call::new(config, entry, now, seed)
    }

    /// A call that goes on from the journal, where the page that submitted is gone.
    pub fn recover(entry: Entry, config: Config, now: Timestamp, seed: u64) -> Self {
        let expired = entry.is_expired(now);
        let mut call = Call::new(config, entry, now, seed);
        call.expired = expired;
        call.is_kept = true;
        match (&call.entry.submitted_at, &call.entry.job) {
            (None, _) => {
                let message = "the page ended before the submit left; nothing was accepted";
                call.fail_for_good(Error::with(ErrorCode::NotSent, message), false);
            }
            (Some(_), None) => {
                let message = "the submit was cut off before its answer; it may have been accepted";
                call.fail_for_good(Error::with(ErrorCode::SubmitOutcomeUnknown, message), true);
            }
            (Some(_), Some(_)) => {}
        }
        call
    }

    fn new(config: Config, entry: Entry, now: Timestamp, seed: u64) -> Self {
        Call {
            stage: Stage::Queued,
            stream: Stream::Unasked { refusals: 0 },
            outputs: VecDeque::new(),
            schedule: PollSchedule::new(config.poll_interval, seed),
            entry,
            is_kept: false,
            called_at: now,
            deadline: None,
            request: None,
            resent: 0,
            progress: None,
            checks: 0,
            not_found: 0,
            expired: false,
            online: true,
            checked_at: Timestamp::default(),
            going_at: Timestamp::default(),
            not_before: Timestamp::default(),
            last_chance_taken: false,
            is_given_up: false,
            private: Vec::new(),
            trouble: None,
            config,
        }
    }

    /// Takes in what happened. News that is too early, or of what nobody waits for any more, is none.
    pub fn handle_input(&mut self, input: Input, now: Timestamp) {
        match (self.stage, input) {
            (Stage::Ended, _) => {}
            (Stage::Queued, Input::Queue) => self.wait_for_turn(now),
            (Stage::Queued, Input::Turn { online }) => self.begin(online, now),
            (_, Input::Seen(durations)) => self.schedule.learn(Durations::seen(&durations)),
            (_, Input::Told(told)) => self.told(told, now),
            (_, Input::Wake { online }) => self.wake(online, now),
            (_, Input::GivenUp { sent }) => self.give_up(sent),
            (Stage::Submitting, Input::NotKept) => self.not_kept(),
            (Stage::Submitting, Input::Timeout { sent: false }) if self.is_over(now) => {
                self.submit_failed(Failure::NoKey);
            }
            (_, Input::Timeout { .. }) if self.is_over(now) => self.time_is_over(now),
            (Stage::Submitting, Input::Answer(answer)) => self.submit_answered(&answer, now),
            (Stage::Submitting, Input::Failure(failure)) => self.submit_failed(failure),
            (Stage::Checking(_), Input::Answer(answer)) => self.check_answered(&answer, now),
            (Stage::Checking(_), Input::Failure(failure)) => self.check_failed(failure, now),
            (Stage::Checking(until), Input::Timeout { .. }) if now >= until => {
                self.check_unanswered(now)
            }
            (Stage::Delayed(until), Input::Timeout { .. }) if now >= until && self.online => {
                self.send_submit(now);
            }
            (Stage::Waiting(until), Input::Timeout { .. }) if now >= until && self.online => {
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
            let due = match self.stage {
                // Without a network there is nothing to do but hope for one.
                Stage::Waiting(_) | Stage::Delayed(_) if !self.online => None,
                Stage::Waiting(due) | Stage::Delayed(due) | Stage::Checking(due) => Some(due),
                Stage::Queued | Stage::Submitting | Stage::Ended => None,
            };
            Output::Wait(due.into_iter().chain(self.deadline).min())
        })
    }

    /// What the call owes its caller: the journal's entry.
    pub fn entry(&self) -> &Entry {
        &self.entry
    }

    fn wait_for_turn(&mut self, now: Timestamp) {
        if self.request.is_some() {
            self.keep();
        }
        self.report(Phase::Waiting, now);
    }

    /// Begins, as it is the call's turn. Its time is counted from here.
    fn begin(&mut self, online: bool, now: Timestamp) {
        self.online = online || self.config.local;
        self.deadline = Some(now + self.config.timeout);
        match (&self.request, self.online) {
            (Some(_), true) => self.send_submit(now),
            (Some(_), false) => self.delay(now, now),
            (None, true) => self.check(now),
            (None, false) => self.stage = Stage::Waiting(now),
        }
    }

    /// Brings the next check forward, but not so far that wakes in a row become a burst, and not
    /// before the gateway wants to be asked again.
    fn wake(&mut self, online: bool, now: Timestamp) {
        self.online = online || self.config.local;
        self.doubt_stream(now);
        if let Stage::Waiting(until) = self.stage {
            let soon = (self.checked_at + WAKE_GAP).max(self.not_before).max(now);
            self.stage = Stage::Waiting(until.min(soon));
        }
    }

    /// Ends, as the caller waits no more; but the answer to a submit that has left is worth waiting for,
    /// as the journal can keep what it says.
    fn give_up(&mut self, sent: bool) {
        self.is_given_up = true;
        // What was to be done next is for nobody.
        self.outputs.clear();
        if self.stage == Stage::Submitting && sent {
            self.config.wait = false;
            self.deadline = None;
        } else {
            self.fail(Error::with(ErrorCode::Timeout, "the caller waits no more"), true);
        }
    }

    /// Goes on from a status that the gateway told.
    fn proceed(&mut self, status: Status, now: Timestamp) {
        match status {
            Status::Finished(mut finished) => {
                self.see(now);
                self.judge_stream(now);
                finished.drop_repeats();
                for image in &mut finished.images {
                    if let Image::Missing { error } = image {
                        error.quote(&self.private);
                    }
                }
                self.succeed(JobStatus::Succeeded, Some(1.0), finished);
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
                    let status = match phase {
                        Phase::Queued => JobStatus::Queued,
                        _ => JobStatus::Running,
                    };
                    return self.succeed(status, self.progress, Finished::default());
                }
                self.going_at = now;
                self.listen();
                self.stage = Stage::Waiting(self.next_check(now));
            }
        }
    }

    fn job_submitted_at(&self) -> Timestamp {
        self.entry.job.as_ref().map_or(self.called_at, |job| job.submitted_at)
    }

    /// How long ago the job was submitted.
    fn age(&self, now: Timestamp) -> Duration {
        now.since(self.job_submitted_at())
    }

    /// Has it remembered how long the job took, if that is known: it was done between two checks.
    fn see(&mut self, now: Timestamp) {
        let gap = now.since(self.going_at);
        if self.entry.job.is_some() && gap <= SEEN_GAP {
            self.outputs.push_back(Output::Seen(self.age(now).saturating_sub(gap / 2)));
        }
    }

    fn send(&mut self, method: Method, path: &str, body: Option<String>) {
        let request = self.request(method, path, body);
        self.outputs.push_back(Output::Send(request));
    }

    fn request(&self, method: Method, path: &str, body: Option<String>) -> HttpRequest {
        let url = format!("{}{path}", self.config.base_url);
        let mut headers = self.config.headers.clone();
        for (_, value) in &mut headers {
            if value == OWN_ID {
                value.clone_from(&self.entry.id);
            }
        }
        HttpRequest { method, url, headers, body }
    }

    fn report(&mut self, phase: Phase, now: Timestamp) {
        if self.is_given_up {
            return;
        }
        self.outputs.push_back(Output::Progress(Progress {
            id: self.entry.id.clone(),
            tag: self.entry.tag.clone(),
            phase,
            job: self.entry.job.clone(),
            progress: self.progress,
            elapsed: now.since(self.called_at),
            checks: self.checks,
        }));
    }

    fn keep(&mut self) {
        self.is_kept = true;
        self.outputs.push_back(Output::Keep(self.entry.clone()));
    }

    fn succeed(&mut self, status: JobStatus, progress: Option<f64>, finished: Finished) {
        let generation = Generation {
            id: self.entry.id.clone(),
            tag: self.entry.tag.clone(),
            status,
            job: self.entry.job.clone(),
            images: finished.images,
            requested: self.entry.requested(),
            progress,
            created_at: finished.created_at,
            cost: finished.cost,
            request_id: finished.request_id,
            warnings: Vec::new(),
            raw: None,
        };
        let is_made = status == JobStatus::Succeeded;
        if is_made && self.is_kept {
            let entry =
                Entry { generation: Some(Box::new(generation.clone())), ..self.entry.clone() };
            self.outputs.push_back(Output::Keep(entry));
        }
        self.end(Ok(generation), is_made);
    }

    /// Ends the call with an error. A job that may yet bring pictures stays in the journal.
    fn fail(&mut self, error: Box<Error>, may_have_been_charged: bool) {
        let settled = self.entry.job.is_none() || !may_have_been_charged;
        self.end_with(error, may_have_been_charged, settled);
    }

    /// Ends the call with an error after which nothing is left to wait for.
    fn fail_for_good(&mut self, error: Box<Error>, may_have_been_charged: bool) {
        self.end_with(error, may_have_been_charged, true);
    }

    fn end_with(&mut self, mut error: Box<Error>, may_have_been_charged: bool, settled: bool) {
        error.quote(&self.private);
        self.entry.mark(&mut error);
        error.may_have_been_charged = may_have_been_charged;
        self.end(Err(error), settled);
    }

    fn end(&mut self, result: Result<Generation>, settled: bool) {
        self.stage = Stage::Ended;
        self.outputs.push_back(Output::Done { result, settled });
    }
}
