//! Cross-origin rules: what a page on another origin may send and read.

use crate::http::{Answer, Request};
use crate::provider::Provider;

/// How long a browser may remember a preflight, in seconds.
const PREFLIGHT_LIFE_S: &str = "600";

/// The answer to a preflight.
pub(crate) fn preflight(provider: Option<Provider>) -> Answer {
    // Neither gateway publishes the list. AIML API exposes its echo of `X-Client-Request-Id` to
    // scripts, which makes sense only if scripts may send it.
    let headers = match provider {
        Some(Provider::Aimlapi) => "Authorization, Content-Type, X-Client-Request-Id",
        _ => "Authorization, Content-Type",
    };
    Answer::empty(204)
        .with_header("Access-Control-Allow-Methods", "GET, POST, OPTIONS")
        .with_header("Access-Control-Allow-Headers", headers)
        .with_header("Access-Control-Max-Age", PREFLIGHT_LIFE_S)
}

/// Lets scripts of any origin read an answer; what a scenario has set stays.
pub(crate) fn allow(answer: Answer, provider: Option<Provider>) -> Answer {
    // AIML API documents its four. `Retry-After` is exposed so that a scripted one can be seen.
    let exposed = match provider {
        Some(Provider::Aimlapi) => {
            "x-inference-id, x-client-request-id, x-aimlapi-credits-used, x-aimlapi-usd-spent, \
             Retry-After"
        }
        _ => "Retry-After",
    };
    let defaults =
        [("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", exposed)];
    defaults.into_iter().fold(answer, |answer, (name, value)| {
        if answer.has_header(name) { answer } else { answer.with_header(name, value) }
    })
}

/// Whether a request only asks for permission.
pub(crate) fn is_preflight(request: &Request) -> bool {
    request.method == "OPTIONS"
}
