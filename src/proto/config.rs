//! The options of a call that decide something: where to, with which model, how long.

use alloc::{borrow::ToOwned, string::String, vec::Vec};

use super::error::{Error, Result};
use super::json::Json;
use super::provider::{self, Provider};
use super::request::{flag, integer, known_members, text};
use super::text::{after, after_scheme, joined, number, split_at};

/// Checked options. It can only be had from [`Config::parse`].
#[derive(Clone)]
pub struct Config {
    /// The gateway.
    pub provider: &'static dyn Provider,
    /// Where requests go, without a slash at the end.
    pub base_url: String,
    /// Whether that can be reached without a network, as far as the address tells.
    pub local: bool,
    /// The model's name at the gateway.
    pub model: String,
    /// Whether to wait for the pictures.
    pub wait: bool,
    /// How long the whole call may take, in milliseconds.
    pub timeout_ms: u64,
    /// A fixed interval between status checks, in milliseconds; adaptive if absent.
    pub poll_interval_ms: Option<u64>,
    /// How many jobs a page may have at once at this base URL of the gateway.
    pub concurrency: u64,
    /// The caller's own headers, for every request to the gateway.
    pub headers: Vec<(String, String)>,
}

/// Ten minutes: five times as long as a job usually takes.
const DEFAULT_TIMEOUT_MS: u64 = 600_000;
/// A day: as long as a gateway keeps a job, and its links.
const MAX_TIMEOUT_MS: u64 = 86_400_000;
const MAX_POLL_INTERVAL_MS: u64 = 3_600_000;
/// No gateway documents a limit; browsers open six connections to a host.
const DEFAULT_CONCURRENCY: u64 = 4;
const MAX_CONCURRENCY: u64 = 1000;

/// Headers of the connection and of the message, which are not the caller's to write: browsers drop
/// them, and Node fails.
const RESERVED_HEADERS: [&str; 9] = [
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

const MEMBERS: [&str; 13] = [
    "provider",
    "apiKey",
    "baseUrl",
    "model",
    "wait",
    "timeoutMs",
    "pollIntervalMs",
    "concurrency",
    "journal",
    "signal",
    "onProgress",
    "fetch",
    "headers",
];

impl Config {
    /// Reads a caller's options. The key itself stays with the shell; only whether there is one
    /// counts here.
    pub fn parse(options: &Json, has_key: bool) -> Result<Self> {
        let Json::Object(_) = options else {
            return Err(Error::invalid("options", "options must be an object with a provider"));
        };
        known_members(options, "options", &MEMBERS)?;
        let provider = provider::parse(options.get("provider"))?;
        let facts = provider.facts();
        let headers = headers(options.get("headers"))?;
        let own_authorization = headers.iter().any(|(name, _)| name == "authorization");
        if has_key && own_authorization {
            let message = "the key is given twice: as apiKey and as a header; leave one out";
            return Err(Error::invalid("headers", message));
        }
        let secret = has_key || own_authorization;
        let base_url = match text(options, "baseUrl", 2000)? {
            Some(url) => base_url(&url, secret)?,
            None if !secret => {
                let message = "apiKey is missing; only behind a relay that adds it, named by \
                               baseUrl, a call does without";
                return Err(Error::invalid("apiKey", message));
            }
            None => facts.base_url.to_owned(),
        };
        Ok(Config {
            provider,
            local: is_local(&base_url),
            base_url,
            model: text(options, "model", 200)?.unwrap_or_else(|| facts.model.to_owned()),
            wait: flag(options, "wait", true)?,
            timeout_ms: integer(options, "timeoutMs", 1, MAX_TIMEOUT_MS)?
                .unwrap_or(DEFAULT_TIMEOUT_MS),
            poll_interval_ms: integer(options, "pollIntervalMs", 1, MAX_POLL_INTERVAL_MS)?,
            concurrency: integer(options, "concurrency", 1, MAX_CONCURRENCY)?
                .unwrap_or(DEFAULT_CONCURRENCY),
            headers,
        })
    }

    /// Where the calls with these options queue up, and where their journal entries belong.
    pub fn lane(&self) -> Json {
        Json::object()
            .with("provider", self.provider.facts().name)
            .with("baseUrl", self.base_url.as_str())
            .with("concurrency", self.concurrency)
            .with("wait", self.wait)
    }
}

/// Checks where requests are to go: `https`, or `http` on loopback only if a key goes along. A path
/// on the page's own origin will do without a key.
fn base_url(url: &str, secret: bool) -> Result<String> {
    let invalid = |message: &str| Err(Error::invalid("baseUrl", message));
    // Browsers drop or turn round some of these, so what is checked would not be where it goes.
    let unclear =
        |char: char| char.is_whitespace() || char.is_control() || matches!(char, '\\' | '?' | '#');
    if url.chars().any(unclear) {
        return invalid("baseUrl must be an address without query, fragment, space or backslash");
    }
    let trimmed = url.trim_end_matches('/').to_owned();
    if url.starts_with('/') && !url.starts_with("//") {
        return if secret {
            invalid("baseUrl must be a whole address when a key is sent, such as https://…")
        } else {
            Ok(trimmed)
        };
    }
    let (rest, safe) = match (after(&trimmed, "https://"), after(&trimmed, "http://")) {
        (Some(rest), _) => (rest, true),
        (_, Some(rest)) => (rest, !secret),
        _ => return invalid("baseUrl must begin with https:// or http://"),
    };
    let authority = authority(rest);
    if !is_authority(authority) {
        return invalid("baseUrl must name a plain host, with at most a port");
    }
    if !safe && !is_loopback(authority) {
        return invalid("a key is sent over https only, or over http to this machine");
    }
    Ok(trimmed)
}

/// Whether an address is on this machine. So is a path for all that is known: the page's own origin
/// can be.
fn is_local(url: &str) -> bool {
    after_scheme(url).is_none_or(|rest| is_loopback(authority(rest)))
}

/// The host and the port, of what follows an address's scheme.
fn authority(rest: &str) -> &str {
    split_at(rest, b'/').map_or(rest, |(authority, _)| authority)
}

/// Whether a text is a host's name or address as browsers take it, with or without a port.
fn is_authority(text: &str) -> bool {
    let (host, port) = match after(text, "[").and_then(|rest| split_at(rest, b']')) {
        Some((address, rest)) => {
            if !address.bytes().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.'))
            {
                return false;
            }
            (address, after(rest, ":").or(rest.is_empty().then_some("80")))
        }
        None => split_at(text, b':').map_or((text, Some("80")), |(host, port)| (host, Some(port))),
    };
    let name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':');
    let known = |port: &str| !port.is_empty() && number(port).is_some_and(|port| port < 65_536);
    !host.is_empty() && host.bytes().all(name) && port.is_some_and(known)
}

/// Whether a host, with or without a port, is this machine.
fn is_loopback(authority: &str) -> bool {
    if let Some(rest) = after(authority, "[::1]") {
        return rest.is_empty() || rest.starts_with(':');
    }
    let host = split_at(authority, b':').map_or(authority, |(host, _)| host).to_ascii_lowercase();
    let byte = |part| number(part).is_some_and(|number| number < 256);
    let ipv4 = |rest| {
        let (second, rest) = split_at(rest, b'.')?;
        let (third, fourth) = split_at(rest, b'.')?;
        Some(byte(second) && byte(third) && byte(fourth))
    };
    host == "localhost"
        || host.ends_with(".localhost")
        || after(&host, "127.").and_then(ipv4).unwrap_or(false)
}

/// The caller's own headers.
fn headers(value: &Json) -> Result<Vec<(String, String)>> {
    let invalid = |message: String| Err(Error::invalid("headers", message));
    match value {
        Json::Null => return Ok(Vec::new()),
        Json::Object(_) => {}
        _ => return invalid("headers must be an object of names and texts".to_owned()),
    }
    let mut headers = Vec::new();
    for (name, value) in value.members() {
        let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        // The value is not repeated: it can be a secret.
        let Json::Text(value) = value else {
            return invalid(joined(&["the header ", name, " must be text"]));
        };
        if name.is_empty() || !name.bytes().all(token) || !is_header_value(value) {
            return invalid(joined(&["the header ", name, " has characters that HTTP forbids"]));
        }
        let name = name.to_ascii_lowercase();
        if RESERVED_HEADERS.contains(&name.as_str()) {
            return invalid(joined(&["the header ", &name, " is not the caller's to set"]));
        }
        headers.push((name, value.clone()));
    }
    Ok(headers)
}

/// Whether a text can stand in a header as it is: visible ASCII, and spaces within.
fn is_header_value(text: &str) -> bool {
    text.trim() == text && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}
