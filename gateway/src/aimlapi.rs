//! AIML API: one request that waits for its pictures.
//!
//! Sources: <https://docs.aimlapi.com/api-references/image-models/alibaba-cloud/wan2.5-t2i-preview>
//! for requests and answers, <https://docs.aimlapi.com/errors-and-messages/general-info> for
//! errors, and the page "request tracing and cost" of the same documents for headers.

mod answer;
mod order;

pub(crate) use self::answer::{generation, refuse};
pub(crate) use self::order::read_order;

/// Where pictures are asked for.
pub(crate) const SUBMIT_PATH: &str = "/v1/images/generations";
