//! Why a request is refused, and the rules for submits that both gateways share.

use serde::Deserialize;
use serde_json::Value;

use crate::jobs::MAX_SEED;

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

pub(crate) const PROMPT_LIMIT: usize = 2000;
pub(crate) const NEGATIVE_PROMPT_LIMIT: usize = 500;

/// Reads a body as a wire struct; the message says what was expected and what came.
pub(crate) fn read<T: for<'de> Deserialize<'de>>(body: &[u8]) -> Result<T, Refusal> {
    let value: Value = serde_json::from_slice(body)
        .map_err(|error| Refusal::Invalid(format!("the body is not JSON: {error}")))?;
    serde_json::from_value(value).map_err(|error| Refusal::Invalid(error.to_string()))
}

/// Rules that the schemas of both gateways state in the same words.
pub(crate) fn check_common(count: u32, seed: Option<u32>) -> Result<(), Refusal> {
    let error = if !(1..=4).contains(&count) {
        format!("the number of images must be 1 to 4, not {count}")
    } else if let Some(seed) = seed.filter(|seed| *seed > MAX_SEED) {
        format!("seed must be 0 to {MAX_SEED}, not {seed}")
    } else {
        return Ok(());
    };
    Err(Refusal::Invalid(error))
}
