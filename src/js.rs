//! The only door to JavaScript: what the package exports, and what goes in and out.

mod calls;
mod data;
mod error;
mod options;
mod outcome;
mod resume;
mod run;
mod store;
mod view;

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

use crate::client::caller::Caller;
use crate::client::resume::unfinished;
use crate::client::seen;
use crate::proto::config::read_gateway;
use crate::proto::error::Error;
use crate::proto::facts::Facts;
use crate::proto::given::size::pixels;
use crate::proto::job::Job;
use crate::proto::request::GenerateRequest;
use crate::web::json::{self, to_js};
use calls::{promise, unless_aborted};
use error::wanvas_error;
use options::{Label, Options, Purpose};
use run::{Subject, begin};
use view::PresetView;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("js/types.d.ts");

/// Submits a request, and waits for its pictures unless `wait` is `false`.
#[wasm_bindgen(skip_typescript)]
pub fn generate(request: &JsValue, options: &JsValue) -> Promise {
    let request = data::read("request", request);
    let subject = move |caller: &Caller, label: Label| {
        let request = label.put_on(GenerateRequest::read(&request?)?);
        Ok(Subject::Submit(request.check(caller.config.provider.facts())?))
    };
    begin(options, Box::new(subject))
}

/// Waits for a job that was submitted before, in this page or another.
#[wasm_bindgen(skip_typescript)]
pub fn poll(job: &JsValue, options: &JsValue) -> Promise {
    let job = data::read("job", job);
    let subject = move |caller: &Caller, _| {
        let job = Job::read(&job?, caller.config.provider.facts())?;
        Ok(Subject::Resume(job))
    };
    begin(options, Box::new(subject))
}

/// Checks a request and options by the rules of `generate()`, and sends nothing.
#[wasm_bindgen(skip_typescript)]
pub fn check(request: &JsValue, options: &JsValue) -> Promise {
    let (request, options) = (data::read("request", request), Options::read(options));
    promise(async move {
        let Options { signal, label, caller, .. } = options.map_err(wanvas_error)?;
        if let Some(signal) = signal.filter(|signal| signal.is_aborted()) {
            return Err(signal.reason());
        }
        let facts = caller(Purpose::Call).map_err(wanvas_error)?.config.provider.facts();
        let request = request.map_err(wanvas_error)?;
        GenerateRequest::read(&request)
            .and_then(|request| label.put_on(request).check(facts))
            .map_err(wanvas_error)?;
        Ok(JsValue::UNDEFINED)
    })
}

/// What a size menu of the gateway shows; the first is the default.
#[wasm_bindgen(skip_typescript)]
pub fn sizes(provider: &JsValue) -> Promise {
    let facts = facts(provider);
    promise(async move {
        let presets = facts?.presets.iter().map(PresetView::from);
        Ok(to_js(&presets.collect::<Vec<_>>()))
    })
}

/// The size that the gateway takes nearest to the one wanted.
#[wasm_bindgen(skip_typescript, js_name = nearestSize)]
pub fn nearest_size(provider: &JsValue, wanted: &JsValue) -> Promise {
    let (facts, wanted) = (facts(provider), data::read("size", wanted));
    promise(async move {
        let wanted = wanted.map_err(wanvas_error)?;
        let rule = facts?.size_rule;
        Ok(to_js(&rule.nearest(pixels(&wanted).map_err(wanvas_error)?)))
    })
}

fn facts(provider: &JsValue) -> Result<&'static Facts, JsValue> {
    let name = data::read("provider", provider).map_err(wanvas_error)?;
    let gateway = read_gateway(&name).map_err(wanvas_error)?;
    Ok(gateway.facts())
}

/// The jobs in the journal whose pictures were not delivered, oldest first.
#[wasm_bindgen(skip_typescript)]
pub fn pending(options: &JsValue) -> Promise {
    let options = Options::read(options);
    promise(async move {
        let Options { signal, only, caller, .. } = options.map_err(wanvas_error)?;
        unless_aborted(signal, async {
            // To look takes no key, which a page may not have yet.
            let caller = caller(Purpose::Look).map_err(wanvas_error)?;
            let entries = unfinished(&caller, only.as_deref()).await;
            Ok(entries.iter().map(|entry| json::parse(&entry.to_json())).collect::<Array>().into())
        })
        .await
    })
}

/// Takes a job out of the journal; the gateway makes it all the same. Or forgets how long jobs took and which gateways had no streams.
#[wasm_bindgen(skip_typescript)]
pub fn forget(job: &JsValue, options: &JsValue) -> Promise {
    let (job, journal) = (data::read("job", job), options::read_journal(options));
    promise(async move {
        let (job, journal) = (job.map_err(wanvas_error)?, journal.map_err(wanvas_error)?);
        if job == "durations" {
            seen::forget(journal.as_ref()).await;
            return Ok(JsValue::UNDEFINED);
        }
        let Some(id) = job["id"].as_str() else {
            let message = "job must be a job, an entry of pending(), or \"durations\"";
            return Err(wanvas_error(Error::invalid("job", message)));
        };
        if let Some(journal) = journal {
            journal.forget(job["provider"].as_str().unwrap_or_default(), id).await;
        }
        Ok(JsValue::UNDEFINED)
    })
}

/// Waits for every job that `pending()` lists, and gives each outcome as it comes.
#[wasm_bindgen(skip_typescript)]
pub fn resume(options: &JsValue) -> JsValue {
    resume::begin(Options::read(options))
}
