//! Requests and answers as plain data.

use serde::{Deserialize, Serialize};

use crate::picture::Picture;

/// A request as it arrived, read completely.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The method in capitals.
    pub method: String,
    /// The path, from its first `/`, still percent-encoded.
    pub path: String,
    /// What follows the `?`, or nothing.
    pub query: String,
    /// Names and values in order; names in any case.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
    /// Which connection it came by, for the list of requests; 0 if that is not known.
    pub connection: u64,
}

impl Request {
    /// The first value of a header, whatever the case of its name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// What to answer, and how to deliver it.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Names and values; no name comes twice.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Body,
    /// How long to wait before the first byte is sent.
    pub wait: Wait,
    /// How to send it then.
    pub delivery: Delivery,
}

impl Answer {
    pub(crate) fn empty(status: u16) -> Self {
        let body = Body::Bytes(Vec::new());
        let (wait, delivery) = (Wait::Ms(0), Delivery::Whole);
        Self { status, headers: Vec::new(), body, wait, delivery }
    }

    pub(crate) fn json(status: u16, body: &impl Serialize) -> Self {
        // Only maps with keys other than text fail to serialize, and no wire struct has one.
        let bytes = serde_json::to_vec(body).expect("a wire struct is JSON");
        Self::new(status, "application/json", Body::Bytes(bytes))
    }

    pub(crate) fn new(status: u16, media_type: &str, body: Body) -> Self {
        Self { body, ..Self::empty(status) }.with_header("Content-Type", media_type)
    }

    /// Sets a header, replacing one of the same name.
    pub(crate) fn with_header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Comes that much later.
    pub(crate) fn delayed(self, ms: u64) -> Self {
        Self { wait: self.wait.plus(ms), ..self }
    }

    /// The same where nothing can be sent piece by piece: all events come with the last.
    pub fn at_once(self) -> Self {
        match self.body {
            Body::Events(Events { wait: Wait::Ms(ms), .. }) => self.delayed(ms),
            Body::Events(_) => self.withheld(),
            _ => self,
        }
    }

    /// Never comes.
    pub(crate) fn withheld(self) -> Self {
        Self { wait: Wait::Forever, ..self }
    }

    /// Is sent in another way.
    pub(crate) fn delivered(self, delivery: Delivery) -> Self {
        Self { delivery, ..self }
    }

    /// Whether all of it is sent at last.
    pub(crate) fn is_completed(&self) -> bool {
        let is_cut = matches!(self.delivery, Delivery::CutBefore | Delivery::CutMidBody);
        !is_cut && self.wait != Wait::Forever
    }

    /// Keeps the first half of its body, as if that were all; of a stream, that of its last event.
    pub(crate) fn truncated(self) -> Self {
        let half = |bytes: &[u8]| bytes[..bytes.len() / 2].to_vec();
        let body = match self.body {
            Body::Events(events) => {
                let last = String::from_utf8_lossy(&half(events.last.as_bytes())).into_owned();
                Body::Events(Events { last, ..events })
            }
            body => Body::Bytes(half(&body.into_bytes())),
        };
        Self { body, ..self }
    }

    pub(crate) fn has_header(&self, name: &str) -> bool {
        self.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
    }
}

/// The body of an answer.
#[derive(Clone, Debug)]
pub enum Body {
    /// Ready bytes.
    Bytes(Vec<u8>),
    /// A picture still to be drawn, which takes a while: draw it where waiting hurts nobody.
    Picture(Picture),
    /// Events that come one by one.
    Events(Events),
}

/// A stream of events: what is sent at once, a comment each second, and what is sent at the end.
#[derive(Clone, Debug)]
pub struct Events {
    /// Sent at once.
    pub first: String,
    /// How long after that the end comes.
    pub wait: Wait,
    /// Whether comments are sent until then.
    pub keeps_alive: bool,
    /// Sent at the end.
    pub last: String,
}

impl Events {
    /// The comment.
    pub const KEEPALIVE: &str = ": keepalive\n\n";
}

impl Body {
    /// The bytes to send; draws the picture if there is one to draw.
    pub fn into_bytes(self) -> Vec<u8> {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Picture(picture) => picture.png(),
            Self::Events(Events { first, last, .. }) => (first + &last).into_bytes(),
        }
    }
}

/// How long the client waits for the first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Wait {
    /// Milliseconds.
    Ms(u64),
    /// No answer ever comes, and the connection stays open.
    Forever,
}

impl Wait {
    /// For JavaScript: milliseconds, infinitely many of them if no answer ever comes.
    pub fn millis(self) -> f64 {
        match self {
            Self::Ms(ms) => ms as f64,
            Self::Forever => f64::INFINITY,
        }
    }

    fn plus(self, ms: u64) -> Self {
        match self {
            Self::Ms(before) => Self::Ms(before.saturating_add(ms)),
            Self::Forever => Self::Forever,
        }
    }
}

/// How an answer is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// All of it, at once.
    Whole,
    /// The body in small pieces, the last of them after so many milliseconds.
    Slow {
        /// The milliseconds.
        ms: u64,
    },
    /// The body after so much white space, which says nothing in JSON, that it has this length.
    Padded {
        /// The length, in bytes.
        bytes: u64,
    },
    /// Not at all: the connection is closed before the first byte.
    CutBefore,
    /// The headers, which promise the whole body, and half of the body; then the connection is
    /// closed.
    CutMidBody,
}

impl Delivery {
    /// Its name, for who delivers it in JavaScript: `whole`, `slow`, `padded`, `cut-before` or
    /// `cut-body`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Slow { .. } => "slow",
            Self::Padded { .. } => "padded",
            Self::CutBefore => "cut-before",
            Self::CutMidBody => "cut-body",
        }
    }

    /// What belongs to that: the milliseconds of a slow one, the bytes of a padded one.
    pub fn amount(self) -> u64 {
        match self {
            Self::Slow { ms } => ms,
            Self::Padded { bytes } => bytes,
            Self::Whole | Self::CutBefore | Self::CutMidBody => 0,
        }
    }
}
