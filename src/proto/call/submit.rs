//! The submit: it is sent once, and again only where the gateway's answer proves that nothing was
//! accepted.

use super::{Call, Stage};
use crate::proto::error::{Error, ErrorCode};
use crate::proto::generation::Phase;
use crate::proto::http::{Body, Failure, HttpResponse, Method};
use crate::proto::job::{Job, is_id};
use crate::proto::provider::Status;
use crate::proto::refusal;
use crate::proto::time::Timestamp;

/// How often a submit is sent again that met too many others.
const MAX_RESENT: u32 = 2;

impl Call {
    /// Sends the submit, once it is in the journal.
    pub(super) fn send_submit(&mut self, now: Timestamp) {
        let Some(request) = &self.request else { return };
        let (path, body) = self.config.provider.submit(request, &self.config.model);
        self.entry.submitted_at = Some(now);
        self.stage = Stage::Submitting;
        self.keep();
        self.report(Phase::Submitting, now);
        self.send(Method::Post, path, Some(body));
    }

    /// Sends no submit that the journal denies: whoever goes on from it would send another.
    pub(super) fn not_kept(&mut self) {
        self.outputs.clear();
        let message = "the storage fails, so that the journal can take no note of the submit: nothing \
                       was sent";
        self.fail(Error::with(ErrorCode::NotSent, message), false);
    }

    /// Has the submit wait until that time, and for a network.
    pub(super) fn delay(&mut self, until: Timestamp, now: Timestamp) {
        self.stage = Stage::Delayed(until);
        self.keep();
        self.report(Phase::Waiting, now);
    }

    pub(super) fn submit_answered(&mut self, answer: &HttpResponse, now: Timestamp) {
        if !answer.is_success() {
            return self.submit_refused(answer, now);
        }
        if let Body::Text(_) = answer.body {
            let message = "the submit was answered with something other than JSON";
            return self.fail(Error::protocol(message), true);
        }
        let provider = self.config.provider;
        self.entry.job = provider.job_id(answer).filter(|id| is_id(id)).map(|id| Job {
            provider: provider.facts().gateway,
            id,
            model: self.config.model.clone(),
            submitted_at: self.entry.submitted_at.unwrap_or(now),
            count: self.entry.count,
        });
        match provider.read(answer) {
            Ok(Status::Going(..)) if self.entry.job.is_none() => {
                let message = "the submit was answered without a job's id";
                self.fail(Error::protocol(message), true);
            }
            Ok(status) => {
                if let Status::Going(..) = status {
                    self.keep();
                }
                self.proceed(status, now);
            }
            Err(error) => self.told_of_failure(error, answer),
        }
    }

    fn submit_refused(&mut self, answer: &HttpResponse, now: Timestamp) {
        let mut error = refusal::of_answer(answer);
        error.retry_after = answer.retry_after(now);
        // A quota that is used up has the same status, and no wait mends it.
        let passing = answer.status == 429 && error.code == ErrorCode::RateLimited;
        if passing && self.resent < MAX_RESENT && !self.is_given_up {
            let until = now + self.schedule.backoff(error.retry_after);
            if !self.is_over(until) {
                error.quote(&self.private);
                return self.resend(error.message, until, now);
            }
        }
        // Any other refusal proves that nothing was accepted.
        let unclear = [ErrorCode::SubmitOutcomeUnknown, ErrorCode::Protocol];
        let charged = unclear.contains(&error.code);
        self.fail(error, charged);
    }

    fn resend(&mut self, trouble: String, until: Timestamp, now: Timestamp) {
        self.resent += 1;
        self.trouble = Some(trouble);
        self.entry.submitted_at = None;
        self.delay(until, now);
    }

    pub(super) fn submit_failed(&mut self, failure: Failure) {
        let unknown = ErrorCode::SubmitOutcomeUnknown;
        let (code, charged) = match failure {
            Failure::NoKey => (ErrorCode::Unauthorized, false),
            Failure::Unreachable => (ErrorCode::Network, false),
            Failure::Redirect | Failure::TooLong => (ErrorCode::Protocol, true),
            Failure::Cut | Failure::Network => (unknown, true),
        };
        let message = match failure {
            Failure::Cut => {
                "the answer to the submit broke off; it may have been accepted".to_owned()
            }
            Failure::Network => "no answer to the submit: offline, refused, or blocked by the \
                                 browser's cross-origin rules; if it arrived, it may have been \
                                 accepted. A gateway that does not allow calls from pages needs a \
                                 relay, named by baseUrl"
                .to_owned(),
            _ => failure.to_string(),
        };
        self.fail(Error::with(code, message), charged);
    }
}
