//! The handle of a job, as a caller kept it.

use serde_json::Value;

use super::super::error::{Error, Result};
use super::super::facts::Facts;
use super::super::gateway::Gateway;
use super::super::job::{Job, is_id};
use super::super::lenient;
use super::super::time::Timestamp;
use super::text;

/// The longest name of a model, in code points.
pub const MODEL_MAX: usize = 200;

impl Job {
    /// Reads a handle that a caller kept, for a call to that gateway. Members that are not known do
    /// no harm: they may be a later version's.
    pub fn read(value: &Value, facts: &Facts) -> Result<Self> {
        let invalid = |message: &str| Err(Error::invalid("job", message));
        let id = lenient::text(&value["id"]).filter(|id| is_id(id));
        let (Some(name), Some(id)) = (lenient::text(&value["provider"]), id) else {
            return invalid("job must be the handle that a result, an event or an error carried");
        };
        let Some(home) = Gateway::by_name(name) else {
            return invalid(&format!("job.provider is no gateway known here: {name}"));
        };
        if home != facts.gateway {
            let message = format!("the job is at {home}, not at {}", facts.gateway);
            return Err(Error::invalid("provider", message));
        }
        let number = |name| value[name].as_number().and_then(lenient::whole);
        let (Some(submitted_at), Some(count @ 1..=4)) = (number("submittedAt"), number("count"))
        else {
            return invalid("job.submittedAt must be Unix milliseconds and job.count 1 to 4");
        };
        let model = text(value, "model", MODEL_MAX)?;
        Ok(Job {
            provider: home,
            id: id.to_owned(),
            model: model.unwrap_or_else(|| facts.model.to_owned()),
            submitted_at: Timestamp::from_unix_millis(submitted_at),
            count: count as u32,
        })
    }
}
