//! What every gateway's adapter tells: its requests, and the meaning of its answers.
//!
//! To add a gateway, write one file beside the others, name it in [`Gateway`] and in [`of`].

mod aimlapi;
mod vtrix;

use serde::Serialize;

use super::error::Result;
use super::facts::Facts;
use super::gateway::Gateway;
use super::generation::{Finished, Phase};
use super::http::HttpResponse;
use super::request::CheckedRequest;

/// A gateway's adapter.
pub trait Provider: Sync {
    /// What never changes about it.
    fn facts(&self) -> &'static Facts;

    /// The request that asks for pictures: a path and a body of JSON.
    fn submit(&self, request: &CheckedRequest, model: &str) -> (&'static str, String);

    /// The id of the job that a 2xx answer to a submit names; none where the gateway has no jobs.
    fn job_id(&self, answer: &HttpResponse) -> Option<String>;

    /// The path that tells a job's status; none where the gateway has no jobs.
    fn status_path(&self, id: &str) -> Option<String>;

    /// The path of a stream of events that tells when a job is done; none where there is none.
    fn stream_path(&self, id: &str) -> Option<String>;

    /// Reads a 2xx answer, to a submit or a status check. A job that failed is an error.
    fn read(&self, answer: &HttpResponse) -> Result<Status>;
}

/// How a job goes.
#[derive(Debug, PartialEq)]
pub enum Status {
    /// It goes on, with progress from 0 to 1 where the gateway tells.
    Going(Phase, Option<f64>),
    /// It is finished, with at least one picture.
    Finished(Finished),
}

/// The adapter of a gateway.
pub fn of(gateway: Gateway) -> &'static dyn Provider {
    match gateway {
        Gateway::Aimlapi => &aimlapi::Aimlapi,
        Gateway::Vtrix => &vtrix::Vtrix,
    }
}

impl Gateway {
    /// What never changes about it: its sizes, its model, where it is.
    ///
    /// ```
    /// let menu = wanvas::Gateway::Vtrix.facts().presets;
    /// assert_eq!(menu[0].name, "square");
    /// ```
    pub fn facts(self) -> &'static Facts {
        of(self).facts()
    }
}

/// The body of a submit.
fn body(wire: &impl Serialize) -> String {
    // A struct of texts, numbers and flags is always JSON.
    serde_json::to_string(wire).unwrap_or_default()
}
