//! A job's handle: plain data that names an accepted job, without key or prompt.

use serde::{Deserialize, Serialize};

use super::gateway::Gateway;
use super::time::Timestamp;

/// What is needed to go on waiting for a job, in this page or another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Job {
    /// The gateway that has it.
    pub provider: Gateway,
    /// The gateway's id of the job.
    pub id: String,
    /// The model it was given to.
    pub model: String,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// How many pictures were asked for, 1 to 4.
    pub count: u32,
}

/// Whether a text can be a job's id. Dots alone would lead to another path.
pub fn is_id(text: &str) -> bool {
    text.bytes().any(|byte| byte != b'.')
}
