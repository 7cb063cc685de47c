//! Requests and answers as plain data. The key is no part of them: the shell adds it on the way.

use alloc::{borrow::ToOwned, string::String, vec::Vec};

use super::json::Json;
use super::retry_after;

/// A request for the shell to send.
#[derive(Clone, Debug, PartialEq)]
pub struct HttpRequest {
    /// `"GET"` or `"POST"`.
    pub method: &'static str,
    /// The whole address.
    pub url: String,
    /// The caller's own headers.
    pub headers: Vec<(String, String)>,
    /// The body, to be sent as JSON.
    pub body: Option<Json>,
}

/// An answer that arrived whole.
#[derive(Clone, Debug, PartialEq)]
pub struct HttpResponse {
    /// The HTTP status.
    pub status: u16,
    /// The headers that the browser lets a page see, by lower-case name.
    pub headers: Json,
    /// What the body holds.
    pub body: Body,
}

/// An answer's body.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// It is JSON.
    Json(Json),
    /// It is something else, such as a proxy's page or a truncated document.
    Text(String),
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

impl Failure {
    /// The failure of that name, as the shell tells it.
    pub fn named(name: &str) -> Self {
        match name {
            "no_key" => Failure::NoKey,
            "unreachable" => Failure::Unreachable,
            "cut" => Failure::Cut,
            "too_long" => Failure::TooLong,
            "redirect" => Failure::Redirect,
            _ => Failure::Network,
        }
    }

    /// The failure in words.
    pub fn words(self) -> &'static str {
        match self {
            Failure::NoKey => "no key could be had: the apiKey function failed",
            Failure::Unreachable => "the gateway could not be reached; nothing was sent",
            Failure::Network => "no answer: offline, refused, or blocked by cross-origin rules",
            Failure::Cut => "the answer broke off",
            Failure::TooLong => "the answer is longer than 64 MiB; it was not read to its end",
            Failure::Redirect => {
                "the gateway answered with a redirect, which is not followed, as the key would go along; \
             name the address it leads to by baseUrl"
            }
        }
    }
}

impl HttpResponse {
    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body's JSON; `null` if it holds none.
    pub fn json(&self) -> &Json {
        match &self.body {
            Body::Json(json) => json,
            Body::Text(_) => &Json::Null,
        }
    }

    /// The gateway's name for the request, for its support.
    pub fn request_id(&self) -> Option<String> {
        let told = ["requestId", "request_id"].iter().find_map(|name| self.json().get(name).word());
        told.or_else(|| self.header("x-inference-id").map(str::to_owned))
    }

    /// How long the gateway asks to wait from `now` (Unix milliseconds), in milliseconds.
    pub fn retry_after_ms(&self, now: u64) -> Option<u64> {
        retry_after::delay(self.header("retry-after")?, now)
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).text()
    }
}

/// The text as one segment of a path: everything but RFC 3986's unreserved characters is escaped.
pub fn path_segment(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut segment = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            segment.push(char::from(byte));
        } else {
            segment.push('%');
            segment.push(char::from(HEX[usize::from(byte >> 4)]));
            segment.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    segment
}
