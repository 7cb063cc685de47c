//! Requests and answers as plain data. The key is no part of them: whoever sends adds it.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use serde_json::Value;

use super::lenient;
use super::retry_after;
use super::time::Timestamp;

/// A request to send.
#[derive(Clone, Debug, PartialEq)]
pub struct HttpRequest {
    /// How.
    pub method: Method,
    /// The whole address.
    pub url: String,
    /// The caller's own headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body: JSON.
    pub body: Option<String>,
}

/// A request's method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Asks how a job is.
    Get,
    /// Submits.
    Post,
}

impl Method {
    /// The method as HTTP spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
        }
    }
}

/// An answer that arrived whole.
#[derive(Clone, Debug, PartialEq)]
pub struct HttpResponse {
    /// The HTTP status.
    pub status: u16,
    /// The headers that a page may see, names in lower case.
    pub headers: Vec<(String, String)>,
    /// What the body holds.
    pub body: Body,
}

/// The longest text that is kept of an answer that is not JSON, in characters.
pub const TEXT_MAX: usize = 1000;

/// An answer's body.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// It is JSON.
    Json(Value),
    /// It is something else, such as a proxy's page or a truncated document; its beginning.
    Text(String),
}

impl Body {
    /// Reads a body.
    pub fn read(text: &str) -> Self {
        // Some servers begin with a byte-order mark, which is no JSON.
        let json = serde_json::from_str(text.strip_prefix('\u{feff}').unwrap_or(text));
        json.map_or_else(|_| Body::Text(text.chars().take(TEXT_MAX).collect()), Body::Json)
    }
}

/// Why there is no answer to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Nothing was sent, as no key could be had for it.
    NoKey,
    /// The gateway could not be reached, so that nothing was sent. Browsers do not tell.
    Unreachable,
    /// No answer came; a browser tells a page no more.
    Network,
    /// The answer broke off in its body.
    Cut,
    /// The answer is longer than any gateway's can be.
    TooLong,
    /// The gateway answered with a redirect, which is not followed: the key would go with it.
    Redirect,
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(match self {
            Failure::NoKey => "no key could be had: the apiKey function failed",
            Failure::Unreachable => "the gateway could not be reached; nothing was sent",
            Failure::Network => "no answer: offline, refused, or blocked by cross-origin rules",
            Failure::Cut => "the answer broke off",
            Failure::TooLong => "the answer is longer than 64 MiB; it was not read to its end",
            Failure::Redirect => {
                "the gateway answered with a redirect, which is not followed, as the key would go \
                 along; name the address it leads to by baseUrl"
            }
        })
    }
}

impl HttpResponse {
    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body's JSON; `null` if it holds none.
    pub fn json(&self) -> &Value {
        match &self.body {
            Body::Json(json) => json,
            Body::Text(_) => &Value::Null,
        }
    }

    /// The gateway's name for the request, for its support.
    pub fn request_id(&self) -> Option<String> {
        let told = ["requestId", "request_id"];
        let told = told.iter().find_map(|name| lenient::word(&self.json()[name]));
        told.or_else(|| self.header("x-inference-id").map(str::to_owned))
    }

    /// How long the gateway asks to wait from `now`.
    pub fn retry_after(&self, now: Timestamp) -> Option<Duration> {
        retry_after::delay(self.header("retry-after")?, now)
    }

    /// A header's value, by its name in lower case; none where it is blank.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }
}

/// A header's value, by its name in lower case; none where it is blank.
pub fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let (_, value) = headers.iter().find(|(known, _)| known == name)?;
    Some(value.as_str()).filter(|value| !value.trim().is_empty())
}

/// The text as one segment of a path: everything but RFC 3986's unreserved characters is escaped.
pub fn path_segment(text: &str) -> Cow<'_, str> {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const ESCAPED: &AsciiSet =
        &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    utf8_percent_encode(text, ESCAPED).into()
}
