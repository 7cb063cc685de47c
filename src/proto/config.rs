//! The options of a call that decide something: where to, with which model, how long.

use std::net::Ipv4Addr;
use std::ops::RangeInclusive;
use std::time::Duration;

use serde_json::Value;

use super::error::{Error, Result};
use super::gateway::Gateway;
use super::given::job::MODEL_MAX;
use super::given::{bounded, check_object, flag, integer, millis_within, text, within};
use super::lenient;
use super::provider::{self, Provider};

/// The options of a caller that decide something.
#[derive(Clone, Debug)]
pub struct Options {
    /// The gateway.
    pub gateway: Gateway,
    /// Another host, or a relay; the gateway's own if absent.
    pub base_url: Option<String>,
    /// The gateway's name of the model; its Wan 2.5 if absent.
    pub model: Option<String>,
    /// Whether to wait for the pictures.
    pub wait: bool,
    /// How long a call may take from its turn on, 1 ms to a day.
    pub timeout: Duration,
    /// A fixed interval between status checks, 1 ms to an hour; adaptive if absent.
    pub poll_interval: Option<Duration>,
    /// Whether a job is waited for by a stream of events where the gateway has one, unless there is
    /// a fixed interval between checks.
    pub stream: bool,
    /// How many calls of the page may run at once at this base URL, 1 to 1000.
    pub concurrency: u32,
    /// Further headers for the gateway.
    pub headers: Vec<(String, String)>,
}

/// Checked options. They come of [`Options::check`].
#[derive(Clone)]
#[non_exhaustive]
pub struct Config {
    /// The gateway's adapter.
    pub provider: &'static dyn Provider,
    /// Where requests go, without a slash at the end.
    pub base_url: String,
    /// Whether that can be reached without a network, as far as the address tells.
    pub local: bool,
    /// The model's name at the gateway.
    pub model: String,
    /// Whether to wait for the pictures.
    pub wait: bool,
    /// How long the whole call may take.
    pub timeout: Duration,
    /// A fixed interval between status checks; adaptive if absent.
    pub poll_interval: Option<Duration>,
    /// Whether a job is waited for by a stream of events too, where the gateway has one.
    pub stream: bool,
    /// How many jobs a page may have at once at this base URL of the gateway.
    pub concurrency: u32,
    /// The caller's own headers, for every request to the gateway.
    pub headers: Vec<(String, String)>,
}

/// Ten minutes: five times as long as a job usually takes.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(600);
/// A day: as long as a gateway keeps a job, and its links.
const TIMEOUT_MS: RangeInclusive<u32> = 1..=86_400_000;
/// Up to an hour.
const POLL_INTERVAL_MS: RangeInclusive<u32> = 1..=3_600_000;
/// No gateway documents a limit; browsers open six connections to a host.
const DEFAULT_CONCURRENCY: u32 = 4;
const CONCURRENCY: RangeInclusive<u32> = 1..=1000;
/// The longest address, in code points.
const BASE_URL_MAX: usize = 2000;

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

/// The options; those that are no data are not read here.
const MEMBERS: [&str; 18] = [
    "provider",
    "apiKey",
    "baseUrl",
    "model",
    "wait",
    "timeoutMs",
    "pollIntervalMs",
    "stream",
    "concurrency",
    "journal",
    "signal",
    "onProgress",
    "fetch",
    "headers",
    "id",
    "tag",
    "deliver",
    "only",
];

impl Options {
    /// The defaults, at that gateway.
    pub fn new(gateway: Gateway) -> Self {
        Options {
            gateway,
            base_url: None,
            model: None,
            wait: true,
            timeout: DEFAULT_TIMEOUT,
            poll_interval: None,
            stream: true,
            concurrency: DEFAULT_CONCURRENCY,
            headers: Vec::new(),
        }
    }

    /// Reads what a caller gives as plain data, of the `Options` of the JavaScript API.
    pub fn read(value: &Value) -> Result<Self> {
        check_object(value, "options", "options must be an object with a provider", &MEMBERS)?;
        let gateway = read_gateway(&value["provider"])?;
        let time = |millis: u32| Duration::from_millis(millis.into());
        Ok(Options {
            gateway,
            base_url: text(value, "baseUrl")?,
            model: text(value, "model")?,
            wait: flag(value, "wait", true)?,
            timeout: integer(value, "timeoutMs", TIMEOUT_MS)?.map_or(DEFAULT_TIMEOUT, time),
            poll_interval: integer(value, "pollIntervalMs", POLL_INTERVAL_MS)?.map(time),
            stream: read_stream(&value["stream"])?,
            concurrency: integer(value, "concurrency", CONCURRENCY)?.unwrap_or(DEFAULT_CONCURRENCY),
            headers: read_headers(&value["headers"])?,
        })
    }

    /// Checks them all. The key itself is none of them; only whether there is one counts here.
    pub fn check(self, has_key: bool) -> Result<Config> {
        let provider = provider::of(self.gateway);
        let facts = provider.facts();
        let mut headers = Vec::new();
        for (name, value) in self.headers {
            headers.push(header(name, value)?);
        }
        let own_authorization = headers.iter().any(|(name, _)| name == "authorization");
        if has_key && own_authorization {
            let message = "the key is given twice: as apiKey and as a header; leave one out";
            return Err(Error::invalid("headers", message));
        }
        let secret = has_key || own_authorization;
        let base_url = match bounded("baseUrl", self.base_url, BASE_URL_MAX)? {
            Some(url) => base_url(&url, secret)?,
            None if !secret => {
                let message = "apiKey is missing; only behind a relay that adds it, named by \
                               baseUrl, a call does without";
                return Err(Error::invalid("apiKey", message));
            }
            None => facts.base_url.to_owned(),
        };
        let model = bounded("model", self.model, MODEL_MAX)?;
        let timeout = millis_within("timeoutMs", self.timeout, TIMEOUT_MS)?;
        let poll_interval = match self.poll_interval {
            Some(interval) => Some(millis_within("pollIntervalMs", interval, POLL_INTERVAL_MS)?),
            None => None,
        };
        Ok(Config {
            provider,
            local: is_local(&base_url),
            base_url,
            model: model.unwrap_or_else(|| facts.model.to_owned()),
            wait: self.wait,
            timeout,
            poll_interval,
            stream: self.stream && poll_interval.is_none(),
            concurrency: within("concurrency", self.concurrency, CONCURRENCY)?,
            headers,
        })
    }
}

/// Whether a caller wants a stream.
fn read_stream(value: &Value) -> Result<bool> {
    match value.as_str() {
        None if value.is_null() => Ok(true),
        Some("auto") => Ok(true),
        Some("never") => Ok(false),
        _ => Err(Error::invalid("stream", "stream must be auto or never")),
    }
}

/// The gateway that a caller names.
pub fn read_gateway(name: &Value) -> Result<Gateway> {
    lenient::text(name).and_then(Gateway::by_name).ok_or_else(|| {
        let names: Vec<_> = Gateway::ALL.iter().map(|gateway| gateway.name()).collect();
        let names = names.join(" or ");
        Error::invalid("provider", format!("provider must be {names}"))
    })
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
    let Some((scheme, authority)) = scheme_and_authority(&trimmed) else {
        return invalid("baseUrl must begin with https:// or http://");
    };
    let Some(host) = host(authority) else {
        return invalid("baseUrl must name a plain host, with at most a port");
    };
    if secret && scheme == Scheme::Http && !is_loopback(host) {
        return invalid("a key is sent over https only, or over http to this machine");
    }
    Ok(trimmed)
}

/// Whether an address is on this machine. So is a path for all that is known: the page's own origin
/// can be.
fn is_local(url: &str) -> bool {
    let host = scheme_and_authority(url).and_then(|(_, authority)| host(authority));
    host.is_none_or(is_loopback)
}

#[derive(PartialEq)]
enum Scheme {
    Http,
    Https,
}

/// The scheme of an address, in small letters or capitals, and the host and port that follow.
fn scheme_and_authority(url: &str) -> Option<(Scheme, &str)> {
    let (scheme, rest) = url.split_once("://")?;
    let scheme = match scheme.to_ascii_lowercase().as_str() {
        "http" => Scheme::Http,
        "https" => Scheme::Https,
        _ => return None,
    };
    Some((scheme, rest.split('/').next().unwrap_or_default()))
}

/// The host of an authority that browsers take, with or without a port.
fn host(authority: &str) -> Option<&str> {
    let (host, port) = match authority.rsplit_once(':') {
        // Of an address in brackets the last colon may be its own.
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (authority, "80"),
    };
    let is_port = port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok();
    let name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    let ipv6 = |byte: u8| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':');
    let is_host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => !address.is_empty() && address.bytes().all(ipv6),
        None => !host.is_empty() && host.bytes().all(name),
    };
    (is_port && is_host).then_some(host)
}

/// Whether a host is this machine.
fn is_loopback(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    host == "[::1]"
        || host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}

/// The caller's own headers. The values are not repeated in an error: they can be secrets.
fn read_headers(value: &Value) -> Result<Vec<(String, String)>> {
    let members = match value {
        Value::Null => return Ok(Vec::new()),
        Value::Object(members) => members,
        _ => {
            let message = "headers must be an object of names and texts";
            return Err(Error::invalid("headers", message));
        }
    };
    let mut headers = Vec::new();
    for (name, value) in members {
        let value = value.as_str().ok_or_else(|| invalid_header(name, "must be text"))?;
        headers.push((name.clone(), value.to_owned()));
    }
    Ok(headers)
}

/// A header as it is sent, its name in small letters.
fn header(name: String, value: String) -> Result<(String, String)> {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(token) || !is_header_value(&value) {
        return Err(invalid_header(&name, "has characters that HTTP forbids"));
    }
    let lower = name.to_ascii_lowercase();
    if RESERVED_HEADERS.contains(&lower.as_str()) {
        return Err(invalid_header(&name, "is not the caller's to set"));
    }
    Ok((lower, value))
}

fn invalid_header(name: &str, why: &str) -> Box<Error> {
    Error::invalid("headers", format!("the header {name} {why}"))
}

/// Whether a text can stand in a header as it is: visible ASCII, and spaces within.
fn is_header_value(text: &str) -> bool {
    text.trim() == text && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}
