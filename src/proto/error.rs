//! Every way a call can fail, as one value.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::gateway::Gateway;
use super::job::Job;
use super::size::Size;
use super::time;

/// A result whose error is boxed, so that the good path stays small.
pub type Result<T> = std::result::Result<T, Box<Error>>;

/// The longest text taken from a gateway, in characters; more is no sentence.
const WORDS_MAX: usize = 300;

/// What went wrong; the stable `code` of a `WanvasError`. It does not say whether there may be something
/// to pay for: [`Error::may_have_been_charged`] does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorCode {
    /// The request or an option breaks a rule ([`Error::field`] names the member), or the gateway refused
    /// the request.
    InvalidRequest,
    /// The key is missing, wrong or expired.
    Unauthorized,
    /// The account has not enough credit.
    InsufficientBalance,
    /// The key may not do this; some gateways say so of an empty account too.
    Forbidden,
    /// The gateway knows no such job, model or path.
    NotFound,
    /// Too many requests or too many jobs at once.
    RateLimited,
    /// The prompt or the picture was refused by content inspection.
    ContentRejected,
    /// The gateway took the job and reports that it failed.
    GenerationFailed,
    /// The time that the call may take ran out; the job, if [`Error::job`] has one, goes on.
    Timeout,
    /// The gateway could not be reached, so that nothing was sent.
    Network,
    /// A submit was cut off before its answer: it may have been accepted and billed.
    SubmitOutcomeUnknown,
    /// The answer is not what the gateway's protocol allows.
    Protocol,
    /// The gateway cannot do what was asked.
    Unsupported,
    /// Nothing was sent: the page ended before the submit left, or the storage failed in a way that could
    /// have led to a second submit.
    NotSent,
    /// What was to take the pictures over failed; the journal keeps them.
    NotDelivered,
}

impl ErrorCode {
    /// The code as the public API spells it.
    ///
    /// ```
    /// assert_eq!(wanvas::ErrorCode::RateLimited.as_str(), "rate_limited");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            ErrorCode::InvalidRequest => "invalid_request",
            ErrorCode::Unauthorized => "unauthorized",
            ErrorCode::InsufficientBalance => "insufficient_balance",
            ErrorCode::Forbidden => "forbidden",
            ErrorCode::NotFound => "not_found",
            ErrorCode::RateLimited => "rate_limited",
            ErrorCode::ContentRejected => "content_rejected",
            ErrorCode::GenerationFailed => "generation_failed",
            ErrorCode::Timeout => "timeout",
            ErrorCode::Network => "network",
            ErrorCode::SubmitOutcomeUnknown => "submit_outcome_unknown",
            ErrorCode::Protocol => "protocol",
            ErrorCode::Unsupported => "unsupported",
            ErrorCode::NotSent => "not_sent",
            ErrorCode::NotDelivered => "not_delivered",
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A failure, with all that is known about it. Never holds the key or the prompt. As data it has the
/// members of a `WanvasError`, but for `retryable`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Error {
    /// What went wrong.
    pub code: ErrorCode,
    /// The same in words a person can act on.
    pub message: String,
    /// What the gateway says of it, until [`Error::quote`] adds that to the message.
    #[serde(skip)]
    pub words: Option<String>,
    /// The gateway it concerns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<Gateway>,
    /// The HTTP status of the answer that told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The member of the request or the options that breaks a rule, as JavaScript spells it, such as
    /// `negativePrompt`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The nearest size that the gateway takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<Size>,
    /// The gateway's own error code, as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_code: Option<String>,
    /// The gateway's name for the request, for its support.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// How long the gateway asks to wait.
    #[serde(
        default,
        rename = "retryAfterMs",
        with = "time::optional_millis",
        skip_serializing_if = "Option::is_none"
    )]
    pub retry_after: Option<Duration>,
    /// Whether a submit may have been accepted although the call brought no picture.
    #[serde(default)]
    pub may_have_been_charged: bool,
    /// The job, if one was accepted: waiting for it can go on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<Job>,
    /// The call's own id, also in the journal; none before there is a call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What the app said to the call.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub tag: Value,
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl Error {
    /// An error of that code, with nothing else known.
    #[doc(hidden)]
    pub fn with(code: ErrorCode, message: impl Into<String>) -> Box<Self> {
        Box::new(Error {
            code,
            message: message.into(),
            words: None,
            provider: None,
            status: None,
            field: None,
            suggestion: None,
            provider_code: None,
            request_id: None,
            retry_after: None,
            may_have_been_charged: false,
            job: None,
            id: None,
            tag: Value::Null,
        })
    }

    /// A member of the request or the options that breaks a rule.
    #[doc(hidden)]
    pub fn invalid(field: &str, message: impl Into<String>) -> Box<Self> {
        let mut error = Error::with(ErrorCode::InvalidRequest, message);
        error.field = Some(field.to_owned());
        error
    }

    /// An answer that the gateway's protocol does not allow.
    #[doc(hidden)]
    pub fn protocol(message: impl Into<String>) -> Box<Self> {
        Error::with(ErrorCode::Protocol, message)
    }

    /// Adds the gateway's words to the message: at a bounded length, and without what is private,
    /// which a gateway may repeat.
    #[doc(hidden)]
    pub fn quote(&mut self, private: &[String]) {
        let told = [&mut self.words, &mut self.provider_code, &mut self.request_id];
        for text in told.into_iter().flatten() {
            for part in private {
                *text = text.replace(part, "…");
            }
        }
        if let Some(words) = self.words.take() {
            let words: String = words.trim().chars().take(WORDS_MAX).collect();
            self.message = format!("{}: {words}", self.message);
        }
    }

    /// Whether the same call may succeed later, with no risk of paying twice.
    ///
    /// ```no_run
    /// # async fn example(client: wanvas::Client) -> wanvas::Result<()> {
    /// use wanvas::GenerateRequest;
    ///
    /// let heron = GenerateRequest::new("a heron");
    /// let generation = match client.generate(heron.clone()).await {
    ///     Err(error) if error.retryable() => client.generate(heron).await?,
    ///     result => result?,
    /// };
    /// # Ok(())
    /// # }
    /// ```
    pub fn retryable(&self) -> bool {
        match self.code {
            ErrorCode::RateLimited | ErrorCode::Network | ErrorCode::NotSent => {
                !self.may_have_been_charged
            }
            _ => false,
        }
    }
}
