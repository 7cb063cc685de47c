//! What is kept of a call until its pictures are delivered: enough to go on in another page, and neither
//! key nor prompt.

use std::rc::Rc;
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use super::config::Config;
use super::error::{Error, Result};
use super::facts::Facts;
use super::gateway::Gateway;
use super::generation::{Generation, Requested};
use super::job::Job;
use super::lenient;
use super::size::{self, Size};
use super::time::Timestamp;

/// The version of what is kept; a page leaves entries of another version alone.
pub const VERSION: u32 = 1;

/// How long a gateway keeps a job: a day, where one says how long.
const KEPT: Duration = Duration::from_secs(86_400);

/// An entry of the journal.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Entry {
    /// [`VERSION`].
    pub version: u32,
    /// The call's own id.
    pub id: String,
    /// The gateway that was asked.
    pub provider: Gateway,
    /// Where it was asked.
    pub base_url: String,
    /// The model that was asked for.
    pub model: String,
    /// How many pictures were asked for.
    pub count: u32,
    /// Their size.
    #[serde(with = "size::text")]
    pub size: Option<Size>,
    /// What the app said to the call.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub tag: Value,
    /// When the call was made.
    pub called_at: Timestamp,
    /// When the submit left; none while it has not.
    pub submitted_at: Option<Timestamp>,
    /// The job; none until the submit is answered, or where the gateway has no jobs.
    pub job: Option<Job>,
    /// The pictures, once they are there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generation: Option<Box<Generation>>,
}

impl Entry {
    /// The entry of a call that has not been submitted.
    #[doc(hidden)]
    pub fn new(id: String, config: &Config, called_at: Timestamp) -> Self {
        Entry {
            version: VERSION,
            id,
            provider: config.provider.facts().gateway,
            base_url: config.base_url.clone(),
            model: config.model.clone(),
            count: 1,
            size: None,
            tag: Value::Null,
            called_at,
            submitted_at: None,
            job: None,
            generation: None,
        }
    }

    /// Reads what was stored of a call to the same gateway.
    #[doc(hidden)]
    pub fn read(value: &Value, facts: &Facts) -> Result<Self> {
        let text = |name| value[name].as_str().unwrap_or_default().to_owned();
        let time = |name| {
            let millis = lenient::number(&value[name]).unwrap_or_default();
            Timestamp::from_unix_millis(millis as u64)
        };
        Ok(Entry {
            version: VERSION,
            id: lenient::word(&value["id"]).unwrap_or_default(),
            provider: facts.gateway,
            base_url: text("baseUrl"),
            model: text("model"),
            count: lenient::number(&value["count"]).map_or(1, |count| count as u32),
            size: lenient::text(&value["size"]).and_then(Size::from_text),
            tag: value["tag"].clone(),
            called_at: time("calledAt"),
            // What has not left says so.
            submitted_at: match value.get("submittedAt") {
                Some(Value::Null) => None,
                _ => Some(time("submittedAt")),
            },
            job: match &value["job"] {
                Value::Null => None,
                job => Some(Job::read(job, facts)?),
            },
            // Who wants them reads them out of the value.
            generation: None,
        })
    }

    /// What was asked for.
    #[doc(hidden)]
    pub fn requested(&self) -> Requested {
        Requested { count: self.count, size: self.size }
    }

    /// Has an error say whose call it is of.
    #[doc(hidden)]
    pub fn mark(&self, error: &mut Error) {
        error.provider = Some(self.provider);
        error.job.clone_from(&self.job);
        error.id = Some(self.id.clone());
        error.tag.clone_from(&self.tag);
    }

    /// Whether the gateway need not keep the job any more at that time.
    #[doc(hidden)]
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.submitted_at.is_some_and(|submitted_at| now.since(submitted_at) > KEPT)
    }
}

/// An entry as a store gives it, of any gateway, for all who ask for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored(Rc<Value>);

impl Stored {
    /// The entry; none of what is no entry, or one of another version, which is left alone.
    pub fn of(mut value: Value) -> Option<Self> {
        lenient::narrow(&mut value);
        (value["version"] == VERSION && value["id"].is_string()).then(|| Stored(Rc::new(value)))
    }

    /// The call's own id.
    pub fn id(&self) -> &str {
        self.0["id"].as_str().unwrap_or_default()
    }

    /// All of it.
    pub fn value(&self) -> &Value {
        &self.0
    }

    /// All of it, as JSON.
    pub fn to_json(&self) -> String {
        // What was read of JSON can be written as such.
        serde_json::to_string(&*self.0).unwrap_or_default()
    }

    /// Whether it is the entry of that job at that gateway.
    pub fn is_of(&self, provider: &str, job: &str) -> bool {
        self.0["provider"] == provider && self.0["job"]["id"] == job
    }

    /// Those at the gateway and base URL of a call, oldest first.
    pub fn ours(entries: &[Stored], config: &Config) -> Vec<Stored> {
        let gateway = config.provider.facts().gateway.name();
        let is_ours = |entry: &&Stored| {
            entry.0["provider"] == gateway && entry.0["baseUrl"] == config.base_url.as_str()
        };
        let mut ours: Vec<Stored> = Vec::new();
        for entry in entries.iter().filter(is_ours) {
            let older = ours.partition_point(|other| other.called_at() <= entry.called_at());
            ours.insert(older, entry.clone());
        }
        ours
    }

    /// The pictures, if they were there.
    pub fn generation(&self) -> Option<&Value> {
        Some(&self.0["generation"]).filter(|generation| generation.is_object())
    }

    /// The pictures, unless some of their links are over and the job may bring new ones.
    pub fn lasting_generation(&self, now: Timestamp) -> Option<&Value> {
        let generation = self.generation()?;
        let is_over = |image: &Value| {
            lenient::number(&image["expiresAt"]).is_some_and(|end| end <= now.unix_millis() as f64)
        };
        let mut images = generation["images"].as_array().into_iter().flatten();
        let asks_again = !self.0["job"].is_null() && images.any(is_over);
        (!asks_again).then_some(generation)
    }

    /// Whether it brings the pictures again: it has them, or their job.
    pub fn has_pictures(&self) -> bool {
        self.generation().is_some() || self.0["job"].is_object()
    }

    /// When the call was made, which tells it from an earlier one of the same id.
    pub fn called_at(&self) -> Timestamp {
        Timestamp::from_unix_millis(lenient::number(&self.0["calledAt"]).unwrap_or_default() as u64)
    }
}
