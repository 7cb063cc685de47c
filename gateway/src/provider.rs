//! The gateways that are spoken for. Each has its own wire structs, rules and words.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::MAX_SEED;
use crate::http::{Answer, Request};
use crate::jobs::{Job, Links, Order};
use crate::links::Signer;
use crate::picture::Picture;

pub(crate) mod aimlapi;
pub(crate) mod vtrix;

/// A gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Provider {
    Aimlapi,
    Vtrix,
}

impl Provider {
    pub(crate) const ALL: [Self; 2] = [Self::Aimlapi, Self::Vtrix];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Aimlapi => "aimlapi",
            Self::Vtrix => "vtrix",
        }
    }

    /// Reads and checks the body of a submit.
    pub(crate) fn read_order(self, body: &[u8]) -> Result<Order, Refusal> {
        match self {
            Self::Aimlapi => aimlapi::read_order(body),
            Self::Vtrix => vtrix::read_order(body),
        }
    }

    /// A refusal in the gateway's own shape.
    pub(crate) fn refuse(self, refusal: &Refusal, exchange: &Exchange) -> Answer {
        match self {
            Self::Aimlapi => aimlapi::refuse(refusal, exchange),
            Self::Vtrix => vtrix::refuse(refusal, exchange),
        }
    }
}

/// The circumstances of one request and its answer.
#[derive(Debug)]
pub(crate) struct Exchange<'a> {
    pub(crate) request: &'a Request,
    /// Unix milliseconds at its arrival.
    pub(crate) now: u64,
    /// Names this request in the answer.
    pub(crate) id: String,
    pub(crate) signer: Signer,
}

impl Exchange<'_> {
    /// Absolute links to a job's pictures, on the host that was asked, unless a fault befell them.
    pub(crate) fn links(&self, job: &Job, pictures: &[Picture]) -> Vec<String> {
        let host = self.request.header("Host").unwrap_or("127.0.0.1");
        let scheme = self.request.header("X-Forwarded-Proto").unwrap_or("http");
        let link = |(index, picture)| {
            let id = format!("{}-{index}", job.id);
            let link = self.signer.link(job.provider, &id, picture, job.ends_at());
            format!("{scheme}://{host}{link}")
        };
        let links = pictures.iter().enumerate().map(link);
        match job.links {
            Links::True => links.collect(),
            Links::Twice => links.flat_map(|link| [link.clone(), link]).collect(),
            Links::Hostile => {
                let hostile = HOSTILE_LINKS.into_iter().cycle();
                hostile.take(pictures.len()).map(String::from).collect()
            }
        }
    }
}

/// Addresses that run a script, or read a file, where a page takes them for pictures. Browsers pass
/// over the space and the case of the last one.
const HOSTILE_LINKS: [&str; 4] = [
    "javascript:alert(document.domain)",
    "data:text/html,<script>alert(1)</script>",
    "file:///etc/passwd",
    "\t JaVaScRiPt:alert(document.domain)",
];

/// Why a request is refused; each gateway has its own words and shape for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    Unauthorized,
    NotFound,
    /// The body breaks a rule; says which, and what came instead.
    Invalid(String),
    RateLimited {
        /// Sent as it is.
        retry_after: Option<String>,
    },
}

/// The words of the upstream vendor, which both gateways pass on.
pub(crate) const CONTENT_CODE: &str = "DataInspectionFailed";
pub(crate) const CONTENT_MESSAGE: &str = "Input or output data may contain inappropriate content.";

const PROMPT_LIMIT: usize = 2000;
const NEGATIVE_PROMPT_LIMIT: usize = 500;

/// Counts as JSON Schema does: in code points.
fn is_longer(text: &str, limit: usize) -> bool {
    text.chars().nth(limit).is_some()
}

/// Reads a body as a wire struct; the message says what was expected and what came.
fn read<T: for<'de> Deserialize<'de>>(body: &[u8]) -> Result<T, Refusal> {
    let value: Value = serde_json::from_slice(body)
        .map_err(|error| Refusal::Invalid(format!("the body is not JSON: {error}")))?;
    serde_json::from_value(value).map_err(|error| Refusal::Invalid(error.to_string()))
}

/// Rules that the schemas of both gateways state in the same words.
fn check_common(count: u32, seed: Option<u32>) -> Result<(), Refusal> {
    let error = if !(1..=4).contains(&count) {
        format!("the number of images must be 1 to 4, not {count}")
    } else if let Some(seed) = seed.filter(|seed| *seed > MAX_SEED) {
        format!("seed must be 0 to {MAX_SEED}, not {seed}")
    } else {
        return Ok(());
    };
    Err(Refusal::Invalid(error))
}
