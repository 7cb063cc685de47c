//! Status checks: they cost nothing, so that one which tells nothing is made again until the call's
//! time is over.

use std::time::Duration;

use super::{CHECK_TIMEOUT, Call, Stage};
use crate::proto::error::{Error, ErrorCode};
use crate::proto::http::{Body, Failure, HttpResponse, Method};
use crate::proto::lenient::is_blank;
use crate::proto::refusal;
use crate::proto::time::Timestamp;

/// How often in a row a job may be unknown before that is believed: a gateway's replicas may not
/// know a new job at once.
const MAX_NOT_FOUND: u32 = 3;

impl Call {
    /// Sends a status check.
    pub(super) fn check(&mut self, now: Timestamp) {
        let path =
            self.entry.job.as_ref().and_then(|job| self.config.provider.status_path(&job.id));
        let Some(path) = path else {
            let message = "this gateway answers in one request: there is no job to wait for";
            return self.fail(Error::with(ErrorCode::Unsupported, message), false);
        };
        self.send(Method::Get, &path, None);
        self.checked_at = now;
        self.stage = Stage::Checking(now + CHECK_TIMEOUT);
    }

    pub(super) fn check_answered(&mut self, answer: &HttpResponse, now: Timestamp) {
        self.not_found = if answer.status == 404 { self.not_found + 1 } else { 0 };
        let passing = matches!(answer.status, 408 | 425 | 429 | 500..)
            || (1..MAX_NOT_FOUND).contains(&self.not_found) && !self.expired;
        if passing {
            let mut trouble = refusal::of_answer(answer);
            trouble.quote(&self.private);
            return self.check_again(trouble.message, answer.retry_after(now), now);
        }
        if !answer.is_success() {
            let error = refusal::of_answer(answer);
            if self.expired && error.code == ErrorCode::NotFound {
                return self.fail_for_good(error, true);
            }
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

    pub(super) fn check_failed(&mut self, failure: Failure, now: Timestamp) {
        let code = match failure {
            Failure::NoKey => ErrorCode::Unauthorized,
            Failure::Redirect | Failure::TooLong => ErrorCode::Protocol,
            _ => return self.check_again(failure.to_string(), None, now),
        };
        self.fail(Error::with(code, failure.to_string()), true);
    }

    pub(super) fn check_unanswered(&mut self, now: Timestamp) {
        self.check_again("a status check was not answered in time".to_owned(), None, now);
    }

    /// Ends with what a gateway says of a job: that it failed, so that there is no picture to pay
    /// for, or that it is done, without one.
    pub(super) fn told_of_failure(&mut self, mut error: Box<Error>, answer: &HttpResponse) {
        error.request_id = answer.request_id();
        let charged = error.code == ErrorCode::Protocol;
        self.fail_for_good(error, charged);
    }

    /// Plans another check after one that told nothing.
    fn check_again(&mut self, trouble: String, retry_after: Option<Duration>, now: Timestamp) {
        self.trouble = Some(trouble);
        let until = now + self.schedule.backoff(retry_after);
        if retry_after.is_some() {
            self.not_before = until;
        }
        self.stage = Stage::Waiting(until);
    }
}

/// Whether an answer speaks of a job's state at all, so that it can be taken at its word.
fn has_status(answer: &HttpResponse) -> bool {
    !is_blank(&answer.json()["status"])
}
