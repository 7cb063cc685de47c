//! What a gateway means by a refusal or a failure, whatever shape it is written in.
//!
//! The hosted gateways pass on the codes of the model's own service, and one gateway writes errors
//! in several shapes, so there is one reader for all. What the body says goes first, since an
//! empty account is a 400, a 402, a 403 or a 429; the HTTP status decides what is left.

use serde_json::Value;

use super::error::{Error, ErrorCode, Result};
use super::http::{Body, HttpResponse};
use super::image::Image;
use super::lenient::words;

/// Reads an answer that is not 2xx.
pub fn of_answer(answer: &HttpResponse) -> Box<Error> {
    let body = answer.json();
    let mut told = Told::read(&body["error"], &[&body["status"], &body["output"], body]);
    if let Body::Text(text) = &answer.body
        && !text.trim().is_empty()
        && !text.trim_start().starts_with('<')
    {
        told.message = Some(text.clone());
    }
    let code = match of_status(answer.status) {
        // It broke down with the request in its hands, whatever it says of the reason.
        ErrorCode::SubmitOutcomeUnknown => ErrorCode::SubmitOutcomeUnknown,
        by_status => told.code(answer.status).unwrap_or(by_status),
    };
    let mut error = told.into_error(code);
    error.status = Some(answer.status);
    error.request_id = answer.request_id();
    if code == ErrorCode::SubmitOutcomeUnknown {
        error.message = format!("{} (HTTP {})", error.message, answer.status);
    }
    error
}

/// Reads the `error` of a job that failed, in an answer that is 2xx.
pub fn of_failed_job(error: &Value) -> Box<Error> {
    let told = Told::read(error, &[&error["error"]]);
    let code = told.code(200).unwrap_or(ErrorCode::GenerationFailed);
    told.into_error(code)
}

/// A job that somebody cancelled at the gateway.
pub fn of_cancelled_job() -> Box<Error> {
    Error::with(ErrorCode::GenerationFailed, "the job was cancelled at the gateway")
}

/// A finished job without a picture is no success.
pub fn require_picture(images: &[Image]) -> Result<()> {
    if images.iter().any(|image| !matches!(image, Image::Missing { .. })) {
        return Ok(());
    }
    let mut error = Error::protocol("the gateway reports success, but its answer holds no picture");
    error.words = images.iter().find_map(|image| match image {
        Image::Missing { error: why } => {
            Some(why.words.clone().unwrap_or_else(|| why.message.clone()))
        }
        _ => None,
    });
    Err(error)
}

/// What an error body says, wherever it says it.
struct Told {
    provider_code: Option<String>,
    message: Option<String>,
}

impl Told {
    /// Reads the error, which may be a mere text, and what stands around it, from the inside out:
    /// the code closest to the error is the most telling, the message furthest from it.
    fn read(error: &Value, around: &[&Value]) -> Self {
        let mut places = vec![&error["data"], error];
        places.extend(around);
        let code = |place: &&Value| words_of(place, ["kind", "error_code", "code"]);
        let message = |place: &&Value| words_of(place, ["error_message", "message", "detail"]);
        Told {
            provider_code: places.iter().find_map(code),
            message: places.iter().rev().find_map(message).or_else(|| words(error)),
        }
    }

    /// The meaning of the gateway's own code; or of its words, about money or content, where it has
    /// no codes.
    fn code(&self, status: u16) -> Option<ErrorCode> {
        let code = self.provider_code.as_deref().unwrap_or_default();
        if let Some(meaning) = meaning(&plain(code)) {
            return Some(meaning);
        }
        let message = plain(self.message.as_deref().unwrap_or_default());
        let says = |words| message.contains(words);
        if says("datainspection") || says("inappropriatecontent") {
            Some(ErrorCode::ContentRejected)
        } else if matches!(status, 402 | 403) && (says("credit") || says("balance")) {
            Some(ErrorCode::InsufficientBalance)
        } else {
            None
        }
    }

    fn into_error(self, code: ErrorCode) -> Box<Error> {
        let mut error = Error::with(code, said(code));
        error.words = self.message;
        error.provider_code = self.provider_code;
        error
    }
}

/// What the first of the members says that says anything.
fn words_of(place: &Value, names: [&str; 3]) -> Option<String> {
    names.into_iter().find_map(|name| words(&place[name]))
}

/// Small letters and digits alone: each service writes its codes with dots, underscores or capitals
/// as it pleases.
fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|char| char.to_ascii_lowercase()).collect()
}

/// The meaning of a gateway's code in lower case without separators.
///
/// Codes of the model's own service: <https://help.aliyun.com/zh/model-studio/error-code>.
/// 40201 to 40208 and 1002 are the numbers that the gateways' command lines and SDKs know.
fn meaning(code: &str) -> Option<ErrorCode> {
    let has = |part| code.contains(part);
    if has("datainspection") || has("contentblocked") || has("ipinfringement") {
        Some(ErrorCode::ContentRejected)
    // One gateway misspells it.
    } else if has("insufficient")
        || has("insufficent")
        || has("arrearage")
        || has("allocationquota")
        || matches!(code.as_bytes(), [b'4', b'0', b'2', b'0', b'1'..=b'8'])
    {
        Some(ErrorCode::InsufficientBalance)
    } else if has("throttling") || has("ratelimit") || code == "1002" || code.starts_with("limit") {
        Some(ErrorCode::RateLimited)
    } else if has("unauthorized") || has("invalidapikey") {
        Some(ErrorCode::Unauthorized)
    } else if has("accessdenied") || has("notpurchased") {
        Some(ErrorCode::Forbidden)
    } else if has("modelnotfound") || has("workspacenotfound") {
        Some(ErrorCode::NotFound)
    } else if has("invalidparameter") {
        Some(ErrorCode::InvalidRequest)
    } else {
        None
    }
}

/// The meaning of a status alone.
fn of_status(status: u16) -> ErrorCode {
    match status {
        401 => ErrorCode::Unauthorized,
        402 => ErrorCode::InsufficientBalance,
        403 => ErrorCode::Forbidden,
        404 => ErrorCode::NotFound,
        429 => ErrorCode::RateLimited,
        // It gave up on a request that it may have begun.
        408 | 500.. => ErrorCode::SubmitOutcomeUnknown,
        400..500 => ErrorCode::InvalidRequest,
        _ => ErrorCode::Protocol,
    }
}

/// The same in words.
fn said(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::InvalidRequest => "the gateway refused the request",
        ErrorCode::Unauthorized => "the gateway does not accept the key",
        ErrorCode::InsufficientBalance => "the account has not enough credit",
        ErrorCode::Forbidden => "the balance is too low, or the key may not do this",
        ErrorCode::NotFound => "the gateway knows no such job, model or path",
        ErrorCode::RateLimited => "too many requests or jobs at once",
        ErrorCode::ContentRejected => "content inspection refused the prompt or the picture",
        ErrorCode::GenerationFailed => "the generation failed",
        ErrorCode::SubmitOutcomeUnknown => {
            "the gateway failed while it had the request, which may have been accepted"
        }
        _ => "the gateway's answer makes no sense",
    }
}
