//! The handle of a job, as a caller kept it.

use serde_json::Value;

use super::super::error::{Error, Result};
use super::super::facts::Facts;
use super::super::gateway::Gateway;
use super::super::job::{Job, is_id};
use super::super::lenient;
use super::super::time::Timestamp;
use super::{bounded, text};

/// The longest name of a model, in code points.
pub const MODEL_MAX: usize = 200;

/// What a job must be, in words.
const NO_HANDLE: &str = "job must be the handle that a result, an event or an error carried";

impl Job {
    /// Reads a handle that a caller kept, for a call to that gateway. Members that are not known do
    /// no harm: they may be a later version's.
    #[doc(hidden)]
    pub fn read(value: &Value, facts: &Facts) -> Result<Self> {
        let invalid = |message: &str| Err(Error::invalid("job", message));
        let id = lenient::text(&value["id"]);
        let (Some(name), Some(id)) = (lenient::text(&value["provider"]), id) else {
            return invalid(NO_HANDLE);
        };
        let Some(home) = Gateway::by_name(name) else {
            return invalid(&format!("job.provider is no gateway known here: {name}"));
        };
        let number = |name| value[name].as_number().and_then(lenient::whole);
        let (Some(submitted_at), Some(count @ 1..=4)) = (number("submittedAt"), number("count"))
        else {
            return invalid("job.submittedAt must be Unix milliseconds and job.count 1 to 4");
        };
        let model = bounded("model", text(value, "model")?, MODEL_MAX)?;
        let job = Job {
            provider: home,
            id: id.to_owned(),
            model: model.unwrap_or_else(|| facts.model.to_owned()),
            submitted_at: Timestamp::from_unix_millis(submitted_at),
            count: count as u32,
        };
        job.check(facts)?;
        Ok(job)
    }

    /// Refuses a job that cannot be waited for at that gateway.
    #[doc(hidden)]
    pub fn check(&self, facts: &Facts) -> Result<()> {
        if self.provider != facts.gateway {
            let message = format!("the job is at {}, not at {}", self.provider, facts.gateway);
            return Err(Error::invalid("provider", message));
        }
        if is_id(&self.id) { Ok(()) } else { Err(Error::invalid("job", NO_HANDLE)) }
    }
}
