//! What a call gives back: the pictures of a finished job, or the state of one that goes on.

use std::time::Duration;

use serde::Serialize;

use super::image::Image;
use super::job::Job;
use super::size::Size;
use super::time::Timestamp;

/// The result of a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Generation {
    /// The job; none where the gateway answers in one request.
    pub job: Option<Job>,
    /// What was sent; the size is not known of a job that another page submitted.
    pub requested: Requested,
    /// The pictures, or how far the job is.
    pub state: State,
}

/// What was really sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Requested {
    /// How many pictures.
    pub count: u32,
    /// Their size.
    pub size: Option<Size>,
}

/// A job's state in a result.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// It goes on, with progress from 0 to 1 where the gateway tells; only where the caller did not
    /// want to wait.
    Going(Phase, Option<f64>),
    /// It is finished.
    Finished(Finished),
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
    /// Leaves out the pictures that the gateway names more than once in a row.
    pub fn drop_repeats(&mut self) {
        self.images.dedup_by(|next, image| {
            matches!((image, next), (Image::Link { url, .. }, Image::Link { url: next, .. }) if url == next)
        });
    }
}

/// What a generation cost, as the gateway tells it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cost {
    /// A decimal number.
    pub amount: String,
    /// `"USD"` or `"credits"`.
    pub currency: &'static str,
    /// The discount as the gateway gives it, where it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discount: Option<f64>,
}

impl Cost {
    /// The cost of an amount.
    pub fn new(amount: String, currency: &'static str) -> Self {
        Cost { amount, currency, discount: None }
    }
}

/// Where an accepted job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
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

/// News of a call, for `onProgress`.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// Where the job stands.
    pub phase: Phase,
    /// The job, once it is accepted.
    pub job: Option<Job>,
    /// From 0 to 1 where the gateway tells; it never goes back.
    pub progress: Option<f64>,
    /// How long ago the call began.
    pub elapsed: Duration,
    /// Status checks answered so far.
    pub checks: u32,
}
