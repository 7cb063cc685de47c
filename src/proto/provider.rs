//! What every gateway's adapter tells: its rules, its requests, and the meaning of its answers.
//!
//! To add a gateway, write one file beside the others and name it in `ALL`.

mod aimlapi;
mod vtrix;

use alloc::string::String;

use super::error::{Error, Result};
use super::generation::{Finished, Phase};
use super::http::HttpResponse;
use super::json::Json;
use super::request::GenerateRequest;
use super::size::{Preset, SizeRule};
use super::text::{joined, listed};

/// Every gateway known here.
const ALL: [&dyn Provider; 2] = [&aimlapi::Aimlapi, &vtrix::Vtrix];

/// A gateway's adapter.
pub trait Provider: Sync {
    /// What never changes about it.
    fn facts(&self) -> &'static Facts;

    /// The request that asks for pictures: a path and a JSON body.
    fn submit(&self, request: &GenerateRequest, model: &str) -> (&'static str, Json);

    /// The id of the job that a 2xx answer to a submit names; none where the gateway has no jobs.
    fn job_id(&self, answer: &HttpResponse) -> Option<String>;

    /// The path that tells a job's status; none where the gateway has no jobs.
    fn status_path(&self, id: &str) -> Option<String>;

    /// Reads a 2xx answer, to a submit or a status check. A job that failed is an error.
    fn read(&self, answer: &HttpResponse) -> Result<Status>;
}

/// What never changes about a gateway.
pub struct Facts {
    /// Its name in the API.
    pub name: &'static str,
    /// Where its requests go.
    pub base_url: &'static str,
    /// Its name for the model.
    pub model: &'static str,
    /// What a size menu offers; the first is the default.
    pub presets: &'static [Preset],
    /// The sizes it takes.
    pub size_rule: SizeRule,
}

/// How a job goes.
#[derive(Debug, PartialEq)]
pub enum Status {
    /// It goes on, with progress from 0 to 1 where the gateway tells.
    Going(Phase, Option<f64>),
    /// It is finished, with at least one picture.
    Finished(Finished),
}

/// The gateway of that name.
pub fn by_name(name: &str) -> Result<&'static dyn Provider> {
    ALL.into_iter().find(|provider| provider.facts().name == name).ok_or_else(|| {
        let names = listed(&ALL.map(|provider| provider.facts().name), " or ");
        Error::invalid("provider", joined(&["provider must be ", &names]))
    })
}

/// The gateway that an option names.
pub fn parse(value: &Json) -> Result<&'static dyn Provider> {
    by_name(value.text().unwrap_or_default())
}
