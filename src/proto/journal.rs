//! What is kept of a submit until its pictures are delivered: enough to go on in another page, and
//! neither key nor prompt.

use alloc::string::String;

use super::config::Config;
use super::error::Result;
use super::generation::Requested;
use super::handle::JobHandle;
use super::json::Json;
use super::provider::Provider;
use super::size;

/// The version of what is kept; a page leaves entries of another version alone.
pub const VERSION: u32 = 1;

/// How long a gateway keeps a job, in milliseconds: a day, where one says how long.
const KEPT_MS: u64 = 86_400_000;

/// An entry of the journal, of a call with a configuration that the entry names too.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The call's own id.
    pub id: String,
    /// What was asked for.
    pub requested: Requested,
    /// When the submit left, in Unix milliseconds.
    pub submitted_at: u64,
    /// The job; none until the submit is answered, or where the gateway has no jobs.
    pub job: Option<JobHandle>,
}

impl Entry {
    /// The entry as it is stored, and as a caller sees it.
    pub fn to_json(&self, config: &Config) -> Json {
        Json::object()
            .with("version", VERSION)
            .with("id", self.id.as_str())
            .with("provider", config.provider.facts().name)
            .with("baseUrl", config.base_url.as_str())
            .with("model", config.model.as_str())
            .with("count", self.requested.count)
            .with("size", self.requested.size.map(|size| size.join("x")))
            .with("submittedAt", self.submitted_at)
            .with("job", self.job.as_ref().map(JobHandle::to_json))
    }

    /// Reads what was stored of a call to the same gateway.
    pub fn parse(value: &Json, provider: &dyn Provider) -> Result<Self> {
        let job = match value.get("job") {
            Json::Null => None,
            job => Some(JobHandle::parse(job, provider)?),
        };
        Ok(Entry {
            id: value.get("id").word().unwrap_or_default(),
            requested: Requested {
                count: value.get("count").number().map_or(1, |count| count as u32),
                size: value.get("size").text().and_then(size::pixels),
            },
            submitted_at: value.get("submittedAt").number().unwrap_or_default() as u64,
            job,
        })
    }

    /// Whether the gateway need not keep the job any more at that time, in Unix milliseconds.
    pub fn is_expired(&self, now: u64) -> bool {
        now.saturating_sub(self.submitted_at) > KEPT_MS
    }
}
