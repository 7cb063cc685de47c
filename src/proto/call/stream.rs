//! The stream of a job's events, beside its status checks: it tells at once when the job is done,
//! and while it is heard, no check is due. What it says of anything else, a check finds out.

use std::time::Duration;

use super::{Call, Output, Stage, Told};
use crate::proto::event_stream::Event;
use crate::proto::http::{Body, HttpResponse, Method};
use crate::proto::provider::Status;
use crate::proto::time::Timestamp;

/// A stream that was heard may be silent for so long, or for twice its longest silence, before
/// checks take over.
const PATIENCE: Duration = Duration::from_secs(2);
/// The longest silence that is borne.
const MAX_PATIENCE: Duration = Duration::from_secs(30);
/// Where an open stream said nothing for so long, and a check finds the job done, something on the way
/// keeps what it says.
const KEPT_BACK: Duration = Duration::from_secs(20);
/// A job of this age is checked though its stream is heard, and again whenever it is twice as old as when
/// a check last found it going on: the stream may have missed the end.
const DOUBT: Duration = Duration::from_secs(45);
/// And so long before the call's time is over.
const LAST_DOUBT: Duration = Duration::from_secs(2);
/// After a stream that ended, so many checks come in quick succession: replicas of a gateway may lag.
const SOON: u32 = 3;
/// How quick.
const SOON_GAP: Duration = Duration::from_secs(1);

/// The state of the stream.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Stream {
    /// It is not asked for.
    Unasked {
        /// How often it was, and was refused.
        refusals: u32,
    },
    /// It is asked for: checks are made as if it were not there.
    Asked {
        /// How often it was refused before.
        refusals: u32,
    },
    /// It is open and said nothing yet: checks are made as if it were not there.
    Silent { since: Timestamp },
    /// It said something, and may be silent for so long from then.
    Heard { at: Timestamp, patience: Duration },
    /// Nobody listens any more.
    Over {
        /// So many of the next checks come soon.
        soon: u32,
    },
}

impl Call {
    /// Whether what the stream says still counts.
    pub fn is_listening(&self) -> bool {
        matches!(self.stream, Stream::Asked { .. } | Stream::Silent { .. } | Stream::Heard { .. })
    }

    /// Asks for the stream, if the gateway has one.
    pub(super) fn listen(&mut self) {
        let Stream::Unasked { refusals } = self.stream else { return };
        if !self.config.stream || !self.config.wait {
            return;
        }
        let path =
            self.entry.job.as_ref().and_then(|job| self.config.provider.stream_path(&job.id));
        let Some(path) = path else { return };
        let mut request = self.request(Method::Get, &path, None);
        request.headers.retain(|(name, _)| name != "accept");
        request.headers.push(("accept".to_owned(), "text/event-stream".to_owned()));
        self.stream = Stream::Asked { refusals };
        self.outputs.push_back(Output::Listen(request));
    }

    /// When the next check is due, as the gateway has just told that the job goes on.
    pub(super) fn next_check(&mut self, now: Timestamp) -> Timestamp {
        let due = now + self.schedule.next(self.age(now));
        match self.stream {
            Stream::Heard { at, patience } => self.put_off(due, at + patience),
            Stream::Over { soon: soon @ 1.. } => {
                self.stream = Stream::Over { soon: soon - 1 };
                due.min(now + SOON_GAP)
            }
            _ => due,
        }
    }

    /// Puts a check off for a stream that is heard, but not for ever.
    fn put_off(&self, due: Timestamp, until: Timestamp) -> Timestamp {
        let submitted_at = self.job_submitted_at();
        let doubt = submitted_at + DOUBT.max(self.going_at.since(submitted_at) * 2);
        let last = self.deadline.map_or(doubt, |deadline| deadline.before(LAST_DOUBT));
        due.max(until.min(doubt).min(last))
    }

    /// Has the gateway remembered as one without streams, where this one said nothing of a job that a
    /// check finds done.
    pub(super) fn judge_stream(&mut self, now: Timestamp) {
        if let Stream::Silent { since } = self.stream
            && now.since(since) >= KEPT_BACK
        {
            self.outputs.push_back(Output::NoStream);
        }
    }

    /// Has the stream prove anew that it is there, as the machine may have slept.
    pub(super) fn doubt_stream(&mut self, now: Timestamp) {
        match self.stream {
            Stream::Silent { .. } => self.stream = Stream::Silent { since: now },
            Stream::Heard { .. } => {
                self.stream = Stream::Heard { at: now, patience: Duration::ZERO };
            }
            _ => {}
        }
    }

    /// Takes in what the stream says.
    pub(super) fn told(&mut self, told: Told, now: Timestamp) {
        match (self.stream, told) {
            (Stream::Unasked { .. } | Stream::Over { .. }, _) => {}
            // A replica that does not know the new job refuses too: it is asked once more, after a
            // check that knew it.
            (Stream::Asked { refusals: 0 }, Told::Refused { for_good: true }) => {
                self.stream = Stream::Unasked { refusals: 1 };
            }
            (_, Told::Refused { for_good }) => {
                self.stream = Stream::Over { soon: 0 };
                if for_good {
                    self.outputs.push_back(Output::NoStream);
                }
            }
            (_, Told::Opened) => self.stream = Stream::Silent { since: now },
            (_, Told::Alive) => self.heard(now),
            (_, Told::Event(event)) => match (event.name.as_str(), event.data.as_str()) {
                (_, "[DONE]") | ("" | "output" | "done" | "end", "") | ("error", _) => {
                    self.check_soon(now);
                }
                ("done", _) => self.told_of_end(&event, now),
                _ => self.heard(now),
            },
            (_, Told::Ended) => self.check_soon(now),
        }
    }

    fn heard(&mut self, now: Timestamp) {
        let patience = match self.stream {
            Stream::Heard { at, patience } => patience.max(now.since(at) * 2),
            _ => PATIENCE,
        };
        let patience = patience.clamp(PATIENCE, MAX_PATIENCE);
        self.stream = Stream::Heard { at: now, patience };
        if let Stage::Waiting(until) = self.stage {
            self.stage = Stage::Waiting(self.put_off(until, now + patience));
        }
    }

    /// Ends with the task that came with the event, if it is this call's and has all its pictures.
    /// Anything else a check tells better, and costs nothing.
    fn told_of_end(&mut self, event: &Event, now: Timestamp) {
        let body = Body::read(&event.data);
        let answer = HttpResponse { status: 200, headers: Vec::new(), body };
        let told_id = self.config.provider.job_id(&answer);
        let is_own =
            told_id.is_none() || told_id.as_deref() == self.entry.job.as_ref().map(|job| &*job.id);
        match self.config.provider.read(&answer) {
            Ok(Status::Finished(mut finished)) if is_own => {
                finished.drop_repeats();
                if finished.made() < self.entry.count as usize {
                    return self.check_soon(now);
                }
                // Known to the moment, unless the page did not run.
                if let Stream::Heard { at, patience } = self.stream
                    && now <= at + patience
                {
                    self.going_at = now;
                }
                self.stream = Stream::Over { soon: 0 };
                self.proceed(Status::Finished(finished), now);
            }
            _ => self.check_soon(now),
        }
    }

    /// Has checks take over.
    fn check_soon(&mut self, now: Timestamp) {
        self.stream = Stream::Over { soon: SOON };
        if let Stage::Waiting(until) = self.stage {
            self.stage = Stage::Waiting(until.min(now.max(self.not_before)));
        }
    }
}
