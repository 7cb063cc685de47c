//! What a call gives back: the pictures of a finished job, or the state of one that goes on.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::image::Image;
use super::job::Job;
use super::size::{self, Size};
use super::time::{self, Timestamp};

/// The result of a call. As data it is the `Generation` of the JavaScript API, but for `raw`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Generation {
    /// The call's own id, also in the journal.
    #[serde(default)]
    pub id: String,
    /// What the app said to the call, see [`GenerateRequest::tag`](crate::GenerateRequest::tag).
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub tag: Value,
    /// Where the job stands: it has succeeded, unless the caller did not want to wait.
    pub status: JobStatus,
    /// The job; none where the gateway answers in one request.
    pub job: Option<Job>,
    /// The pictures in the gateway's order: none until the job has succeeded, then at least one of
    /// them is there.
    pub images: Vec<Image>,
    /// What was sent.
    pub requested: Requested,
    /// From 0 to 1 where the gateway tells.
    pub progress: Option<f64>,
    /// When the gateway made it.
    pub created_at: Option<Timestamp>,
    /// What it cost.
    pub cost: Option<Cost>,
    /// The gateway's name for the request, for its support.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Trouble that did no harm yet, such as a job that could not be stored.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// The gateway's last answer as it came, but for the key; none of what another tab told, or the
    /// journal kept.
    #[serde(skip)]
    pub raw: Option<String>,
}

/// Where a job stands in a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum JobStatus {
    /// Accepted, not begun.
    Queued,
    /// Being made.
    Running,
    /// Finished, with at least one picture.
    Succeeded,
}

/// What was really sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requested {
    /// How many pictures, 1 to 4.
    pub count: u32,
    /// Their size; not known of a job that another page submitted.
    #[serde(default, with = "size::text", skip_serializing_if = "Option::is_none")]
    pub size: Option<Size>,
}

/// All that an adapter reads out of a finished job.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Finished {
    /// The pictures in the gateway's order.
    pub images: Vec<Image>,
    /// What it cost.
    pub cost: Option<Cost>,
    /// When the gateway made it.
    pub created_at: Option<Timestamp>,
    /// The gateway's name for the request.
    pub request_id: Option<String>,
}

impl Finished {
    /// How many pictures were made.
    pub fn made(&self) -> usize {
        self.images.iter().filter(|image| !matches!(image, Image::Missing { .. })).count()
    }

    /// Leaves out the pictures that the gateway names more than once in a row.
    pub fn drop_repeats(&mut self) {
        self.images.dedup_by(|next, image| {
            matches!((image, next), (Image::Link { url, .. }, Image::Link { url: next, .. }) if url == next)
        });
    }
}

/// What a generation cost, as the gateway tells it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Cost {
    /// A decimal number.
    pub amount: String,
    /// What is counted.
    pub currency: Currency,
    /// The discount as the gateway gives it, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<f64>,
}

/// What a cost is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Currency {
    /// Dollars of the United States.
    #[serde(rename = "USD")]
    Usd,
    /// The gateway's own credits; at AIML API 2,000,000 are a dollar.
    #[serde(rename = "credits")]
    Credits,
}

impl fmt::Display for Currency {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(match self {
            Currency::Usd => "USD",
            Currency::Credits => "credits",
        })
    }
}

impl Cost {
    /// The cost of an amount.
    #[doc(hidden)]
    pub fn new(amount: String, currency: Currency) -> Self {
        Cost { amount, currency, discount: None }
    }
}

/// Where a call stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Phase {
    /// Nothing is on its way: it is not the call's turn, or the submit must wait.
    Waiting,
    /// The submit is on its way.
    Submitting,
    /// Accepted, not begun.
    Queued,
    /// Being made.
    Running,
}

/// News of a call. As data it is the `Progress` of the JavaScript API.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Progress {
    /// The call's own id, also in the journal.
    pub id: String,
    /// What the app said to the call.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub tag: Value,
    /// Where the call stands.
    pub phase: Phase,
    /// The job, once it is accepted.
    pub job: Option<Job>,
    /// From 0 to 1 where the gateway tells; it never goes back.
    pub progress: Option<f64>,
    /// How long ago the call began.
    #[serde(rename = "elapsedMs", serialize_with = "time::as_millis")]
    pub elapsed: Duration,
    /// Status checks answered so far.
    pub checks: u32,
}
