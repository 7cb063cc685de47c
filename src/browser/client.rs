//! The calls of the npm package, as `index.js` passes them on.

use futures_lite::future::or;
use wasm_bindgen::prelude::*;

use super::options::{self, Options};
use super::{abort, clock, driver, error, value};
use crate::proto::config::Config;
use crate::proto::error::{Error, Result};
use crate::proto::handle::JobHandle;
use crate::proto::job::Job;
use crate::proto::json::Json;
use crate::proto::provider;
use crate::proto::request::GenerateRequest;
use crate::proto::size::Size;

type JsResult = core::result::Result<JsValue, JsValue>;

/// Submits a request and waits for its pictures.
#[wasm_bindgen]
pub async fn generate(request: JsValue, options: JsValue) -> JsResult {
    call(request, options, |request, config| {
        let request = GenerateRequest::parse(request, config.provider)?;
        Ok(Job::submit(&request, config, clock::now(), clock::seed()))
    })
    .await
}

/// Waits for a job that was submitted before.
#[wasm_bindgen]
pub async fn poll(job: JsValue, options: JsValue) -> JsResult {
    call(job, options, |job, config| {
        let handle = JobHandle::parse(job, config.provider)?;
        Ok(Job::resume(handle, config, clock::now(), clock::seed()))
    })
    .await
}

/// What a size menu of the gateway shows.
#[wasm_bindgen]
pub fn sizes(provider: JsValue) -> JsResult {
    let presets = provider::parse(&value::to_json(&provider))
        .map_err(thrown)?
        .facts()
        .presets;
    Ok(value::from_json(&Json::List(
        presets.iter().map(|preset| preset.to_json()).collect(),
    )))
}

/// The size that the gateway takes nearest to the one wanted.
#[wasm_bindgen(js_name = nearestSize)]
pub fn nearest_size(provider: JsValue, wanted: JsValue) -> JsResult {
    let rule = provider::parse(&value::to_json(&provider)).map(|found| &found.facts().size_rule);
    let wanted = Size::parse(&value::to_json(&wanted));
    let nearest = rule.and_then(|rule| Ok(rule.nearest(wanted?)));
    Ok(value::from_json(&nearest.map_err(thrown)?.to_json()))
}

/// Makes a job of a caller's arguments and runs it, until it ends or the caller aborts it.
async fn call(
    subject: JsValue,
    options: JsValue,
    make: fn(&Json, Config) -> Result<Job>,
) -> JsResult {
    let signal = options::signal(&options).map_err(thrown)?;
    let job = async {
        let options = Options::read(&options).map_err(thrown)?;
        let subject = value::to_json(&subject);
        let job = make(&subject, options.config.clone()).map_err(thrown)?;
        // A gateway that repeats a prompt in its words must not bring it into an error.
        let prompt = subject.get("prompt").text().map(str::trim);
        let secrets = prompt.filter(|prompt| prompt.len() > 3).map(str::to_owned);
        driver::run(job, &options, secrets.into_iter().collect()).await
    };
    or(async { Err(abort::aborted(signal.as_ref()).await) }, job).await
}

/// An error from before anything was sent.
#[expect(clippy::boxed_local, reason = "it comes boxed")]
fn thrown(error: Box<Error>) -> JsValue {
    error::to_js(&error, &[], &JsValue::UNDEFINED)
}
