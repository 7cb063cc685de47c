//! The submit: it is sent once, and again only where the gateway's answer proves that nothing was
//! accepted.

use alloc::string::String;

use super::{Job, Output, Stage};
use crate::proto::error::{Error, ErrorCode};
use crate::proto::generation::Phase;
use crate::proto::handle::{JobHandle, is_id};
use crate::proto::http::{Body, Failure, HttpResponse};
use crate::proto::provider::Status;
use crate::proto::refusal;

/// How often a submit is sent again that met too many others.
const MAX_RESENT: u32 = 2;

impl Job {
    /// Sends the submit, once it is in the journal.
    pub(super) fn send_submit(&mut self, now: u64) {
        let Some(request) = &self.request else { return };
        let (path, body) = self.config.provider.submit(request, &self.config.model);
        self.submitted_at = now;
        self.stage = Stage::Submitting;
        self.keep();
        self.report(Phase::Submitting, now);
        self.send("POST", path, Some(body));
    }

    /// Has the submit wait until that time, and for a network.
    pub(super) fn delay(&mut self, until: u64, now: u64) {
        self.stage = Stage::Delayed(until);
        self.report(Phase::Waiting, now);
    }

    pub(super) fn submit_answered(&mut self, answer: &HttpResponse, now: u64) {
        if !answer.is_success() {
            return self.submit_refused(answer, now);
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
            submitted_at: self.submitted_at,
            count: self.requested.count,
        });
        match provider.read(answer) {
            Ok(Status::Going(..)) if self.handle.is_none() => {
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

    fn submit_refused(&mut self, answer: &HttpResponse, now: u64) {
        let mut error = refusal::of_answer(answer);
        error.retry_after_ms = answer.retry_after_ms(now);
        // A quota that is used up has the same status, and no wait mends it.
        let passing = answer.status == 429 && error.code == ErrorCode::RateLimited;
        if passing && self.resent < MAX_RESENT {
            let until = now.saturating_add(self.schedule.backoff(error.retry_after_ms));
            if until < self.deadline {
                error.quote(&self.private);
                return self.resend(error.message, until, now);
            }
        }
        // Any other refusal proves that nothing was accepted.
        let unclear = [ErrorCode::SubmitOutcomeUnknown, ErrorCode::Protocol];
        let charged = unclear.contains(&error.code);
        self.fail(error, charged);
    }

    fn resend(&mut self, trouble: String, until: u64, now: u64) {
        self.resent += 1;
        self.trouble = Some(trouble);
        self.outputs.push_back(Output::Forget);
        self.delay(until, now);
    }

    pub(super) fn submit_failed(&mut self, failure: Failure) {
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
}
