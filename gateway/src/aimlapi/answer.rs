//! The answer with the pictures, and errors.

use serde::Serialize;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::exchange::{CONTENT_CODE, CONTENT_MESSAGE, Exchange};
use crate::http::Answer;
use crate::jobs::{Job, Outcome};
use crate::picture::Picture;
use crate::refusal::Refusal;

/// Of the documented sample, for one picture.
const CREDITS_PER_IMAGE: usize = 63_000;
/// From the page "How can I track my funds".
const CREDITS_PER_USD: f64 = 2_000_000.0;
const UNAUTHORIZED: &str = "This request requires a valid API key. You can create a new API key \
                            on the Billing page: https://aimlapi.com/app/keys";

#[derive(Serialize)]
struct Generation {
    /// Unix milliseconds, unlike OpenAI's member of the same name.
    created: u64,
    background: Option<Value>,
    data: Vec<Item>,
    output_format: Option<Value>,
    quality: Option<Value>,
    size: Option<Value>,
    usage: Option<Value>,
    meta: Meta,
}

#[derive(Serialize)]
struct Item {
    b64_json: Option<String>,
    revised_prompt: Option<String>,
    url: String,
}

#[derive(Serialize)]
struct Meta {
    usage: Usage,
}

#[derive(Serialize)]
struct Usage {
    credits_used: usize,
    /// On newer pages of the documents.
    usd_spent: f64,
}

/// The one answer of a job, given when the job is over.
pub(crate) fn generation(job: &Job, exchange: &Exchange) -> Answer {
    let answer = match &job.outcome {
        Outcome::Pictures(pictures) => success(job, pictures, exchange),
        Outcome::Failed { code, message } => {
            let message = message.as_deref().unwrap_or("Internal server error");
            match code {
                Some(code) => error(500, &format!("{code}: {message}"), exchange),
                None => error(500, message, exchange),
            }
        }
        Outcome::RefusedContent => {
            error(400, &format!("{CONTENT_CODE}: {CONTENT_MESSAGE}"), exchange)
        }
    };
    Answer { wait: job.length, ..answer }
}

fn success(job: &Job, pictures: &[Picture], exchange: &Exchange) -> Answer {
    let credits_used = pictures.len() * CREDITS_PER_IMAGE;
    let usd_spent = credits_used as f64 / CREDITS_PER_USD;
    let links = exchange.links(job, pictures).into_iter();
    let body = Generation {
        created: job.ends_at(),
        background: None,
        data: links.map(|url| Item { b64_json: None, revised_prompt: None, url }).collect(),
        output_format: None,
        quality: None,
        size: None,
        usage: None,
        meta: Meta { usage: Usage { credits_used, usd_spent } },
    };
    traced(Answer::json(200, &body), exchange)
        .with_header("x-aimlapi-credits-used", credits_used.to_string())
        .with_header("x-aimlapi-usd-spent", usd_spent.to_string())
}

/// A refusal in the documented words.
pub(crate) fn refuse(refusal: &Refusal, exchange: &Exchange) -> Answer {
    match refusal {
        Refusal::Unauthorized => error(401, UNAUTHORIZED, exchange),
        Refusal::NotFound => error(404, "Not Found", exchange),
        Refusal::Invalid(rule) => error(400, &format!("Body validation error\n{rule}"), exchange),
        Refusal::RateLimited { .. } => error(429, "Too Many Requests", exchange),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Error<'a> {
    message: &'a str,
    path: &'a str,
    request_id: &'a str,
    /// Text, as in the documented sample.
    status_code: String,
    timestamp: String,
}

fn error(status: u16, message: &str, exchange: &Exchange) -> Answer {
    let body = Error {
        message,
        path: &exchange.request.path,
        request_id: &exchange.id,
        status_code: status.to_string(),
        timestamp: iso8601(exchange.now),
    };
    traced(Answer::json(status, &body), exchange)
}

fn traced(answer: Answer, exchange: &Exchange) -> Answer {
    let answer = answer.with_header("x-inference-id", &exchange.id);
    match exchange.request.header("X-Client-Request-Id") {
        Some(id) if is_client_request_id(id) => answer.with_header("x-client-request-id", id),
        _ => answer,
    }
}

/// An identifier against this rule is dropped without an error.
fn is_client_request_id(id: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"._:-".contains(&byte);
    (1..=128).contains(&id.len()) && id.bytes().all(legal)
}

fn iso8601(unix_ms: u64) -> String {
    let time = OffsetDateTime::from_unix_timestamp_nanos(i128::from(unix_ms) * 1_000_000);
    time.ok().and_then(|time| time.format(&Rfc3339).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_are_iso_8601() {
        assert_eq!(iso8601(1_741_684_407_813), "2025-03-11T09:13:27.813Z");
    }

    #[test]
    fn client_request_ids_keep_to_their_rule() {
        assert!(is_client_request_id("a.B_9:-"));
        assert!(is_client_request_id(&"x".repeat(128)));
        for bad in ["", "a b", "é", &"x".repeat(129)] {
            assert!(!is_client_request_id(bad), "{bad}");
        }
    }
}
