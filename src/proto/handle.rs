//! A job's handle: plain data that names an accepted job, without key or prompt.

use alloc::{borrow::ToOwned, string::String};

use super::error::{Error, Result};
use super::json::{Json, whole};
use super::provider::{self, Provider};
use super::request::text;
use super::text::joined;

/// What is needed to go on waiting for a job, in this page or another.
#[derive(Clone, Debug, PartialEq)]
pub struct JobHandle {
    /// The gateway's name.
    pub provider: &'static str,
    /// The gateway's id of the job.
    pub id: String,
    /// The model it was given to.
    pub model: String,
    /// When it was submitted, in Unix milliseconds.
    pub submitted_at: u64,
    /// How many pictures were asked for.
    pub count: u32,
}

impl JobHandle {
    /// The handle as the caller keeps it.
    pub fn to_json(&self) -> Json {
        Json::object()
            .with("provider", self.provider)
            .with("id", self.id.as_str())
            .with("model", self.model.as_str())
            .with("submittedAt", self.submitted_at)
            .with("count", self.count)
    }

    /// Reads a handle that a caller kept, for a call to that gateway.
    pub fn parse(value: &Json, provider: &dyn Provider) -> Result<Self> {
        let invalid = |message: &str| Err(Error::invalid("job", message));
        let id = value.get("id").text().filter(|id| is_id(id));
        let (Some(name), Some(id)) = (value.get("provider").text(), id) else {
            return invalid("job must be the handle that a result, an event or an error carried");
        };
        let home = provider::by_name(name).map_err(|_| {
            Error::invalid("job", joined(&["job.provider is no gateway known here: ", name]))
        })?;
        if home.facts().name != provider.facts().name {
            let message = ["the job is at ", home.facts().name, ", not at ", provider.facts().name];
            return Err(Error::invalid("provider", joined(&message)));
        }
        let number = |name| match value.get(name) {
            Json::Number(number) => whole(*number),
            _ => None,
        };
        let (Some(submitted_at), Some(count @ 1..=4)) = (number("submittedAt"), number("count"))
        else {
            return invalid("job.submittedAt must be Unix milliseconds and job.count 1 to 4");
        };
        Ok(JobHandle {
            provider: provider.facts().name,
            id: id.to_owned(),
            model: text(value, "model", 200)?.unwrap_or_else(|| provider.facts().model.to_owned()),
            submitted_at,
            count: count as u32,
        })
    }
}

/// Whether a text can be a job's id. Dots alone would lead to another path.
pub fn is_id(text: &str) -> bool {
    text.bytes().any(|byte| byte != b'.')
}
