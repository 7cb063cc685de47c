//! The end of a call's time.

use std::time::Duration;

use super::{CHECK_TIMEOUT, Call, Stage};
use crate::proto::error::{Error, ErrorCode};
use crate::proto::time::Timestamp;

/// A time that comes this much too late comes after a machine's sleep.
const OVERSLEPT: Duration = Duration::from_secs(5);

impl Call {
    /// Whether the call's time is over at that time.
    pub(super) fn is_over(&self, now: Timestamp) -> bool {
        self.deadline.is_some_and(|deadline| now >= deadline)
    }

    /// Ends the call, unless the machine has slept: then the answer may well be here any moment, or
    /// the job be done by now, and one more check tells.
    pub(super) fn time_is_over(&mut self, now: Timestamp) {
        let overslept = self.deadline.is_some_and(|deadline| now.since(deadline) >= OVERSLEPT);
        let waits = self.entry.job.is_some() || self.stage == Stage::Submitting;
        if overslept && waits && !self.last_chance_taken {
            self.last_chance_taken = true;
            self.deadline = Some(now + CHECK_TIMEOUT);
            if self.entry.job.is_some() {
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
            Some(trouble) => format!("{what}. The last answer: {trouble}"),
            None => what.to_owned(),
        };
        self.fail(Error::with(ErrorCode::Timeout, message), charged);
    }
}
