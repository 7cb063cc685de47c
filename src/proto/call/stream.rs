//! The stream of a job's events, beside its status checks: it tells at once when the job is done,
//! and while it is heard, no check is due. What it says of anything else, a check finds out.

use std::time::Duration;

use super::{Call, Output, Stage, Told};
use crate::proto::error::ErrorCode;
use crate::proto::event_stream::Event;
use crate::proto::http::{Body, HttpResponse, Method};
use crate::proto::provider::Status;
use crate::proto::time::Timestamp;

/// A stream that was heard may be silent for so long, or for twice its longest silence, before
/// checks take over.
const PATIENCE: Duration = Duration::from_secs(2);
/// The longest silence that is borne.
const MAX_PATIENCE: Duration = Duration::from_secs(60);
/// Where a stream said nothing for so long and a check finds the job done, something on the way keeps
/// what it says.
const KEPT_BACK: Duration = Duration::from_secs(5);

/// The state of the stream.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Stream {
    Untried,
    /// It was asked for then, and said nothing yet: checks are made as if it were not there.
    Silent(Timestamp),
    /// It said something, and may be silent for so long from then on.
    Heard(Timestamp, Duration),
    Over,
}

impl Call {
    /// Asks for the stream, if the gateway has one, once.
    pub(super) fn listen(&mut self, now: Timestamp) {
        if self.stream != Stream::Untried || !self.config.stream || !self.config.wait {
            return;
        }
        let path = self.job.as_ref().and_then(|job| self.config.provider.stream_path(&job.id));
        let Some(path) = path else { return };
        let mut request = self.request(Method::Get, &path, None);
        request.headers.retain(|(name, _)| name != "accept");
        request.headers.push(("accept".to_owned(), "text/event-stream".to_owned()));
        self.stream = Stream::Silent(now);
        self.outputs.push_back(Output::Listen(request));
    }

    /// When the next check is due, as the gateway has just told that the job goes on.
    pub(super) fn next_check(&mut self, now: Timestamp) -> Timestamp {
        let due = now + self.schedule.next(self.age(now));
        match self.stream {
            Stream::Heard(at, patience) => due.max(at + patience),
            _ => due,
        }
    }

    /// Has the gateway remembered as one without streams, where this one said nothing of a job that a
    /// check finds done.
    pub(super) fn judge_stream(&mut self, now: Timestamp) {
        if let Stream::Silent(since) = self.stream
            && now.since(since) >= KEPT_BACK
        {
            self.outputs.push_back(Output::NoStream);
        }
    }

    /// Takes in what the stream says.
    pub(super) fn told(&mut self, told: Told, now: Timestamp) {
        if matches!(self.stream, Stream::Untried | Stream::Over) {
            return;
        }
        match told {
            Told::Refused { for_good } => {
                self.stream = Stream::Over;
                if for_good {
                    self.outputs.push_back(Output::NoStream);
                }
            }
            Told::Alive => self.heard(now),
            Told::Event(event) => match event.name.as_str() {
                "done" => self.told_of_end(event, now),
                "error" => self.check_soon(now),
                "" | "output" if matches!(event.data.as_str(), "" | "[DONE]") => {
                    self.check_soon(now)
                }
                _ => self.heard(now),
            },
            Told::Ended => self.check_soon(now),
        }
    }

    fn heard(&mut self, now: Timestamp) {
        let patience = match self.stream {
            Stream::Heard(at, patience) => patience.max(now.since(at) * 2).min(MAX_PATIENCE),
            _ => PATIENCE,
        };
        self.stream = Stream::Heard(now, patience);
        if let Stage::Waiting(until) = self.stage {
            self.stage = Stage::Waiting(until.max(now + patience));
        }
    }

    /// Ends with the task that came with the event, if it has ended.
    fn told_of_end(&mut self, event: Event, now: Timestamp) {
        let answer =
            HttpResponse { status: 200, headers: Vec::new(), body: Body::read(&event.data) };
        let is_task = matches!(answer.body, Body::Json(_));
        match self.config.provider.read(&answer) {
            Ok(status @ Status::Finished(_)) => {
                // Known to the moment.
                self.going_at = now;
                self.stream = Stream::Over;
                self.proceed(status, now);
            }
            Err(error) if is_task && error.code != ErrorCode::Protocol => {
                self.told_of_failure(error, &answer);
            }
            _ => self.check_soon(now),
        }
    }

    /// Has checks take over.
    fn check_soon(&mut self, now: Timestamp) {
        self.stream = Stream::Over;
        if let Stage::Waiting(until) = self.stage {
            self.stage = Stage::Waiting(until.min(now.max(self.not_before)));
        }
    }
}
