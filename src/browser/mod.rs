//! The engine: [`crate::proto`] behind the doors that JavaScript can open.
//!
//! The effects themselves are performed by the modules of JavaScript beside this one, which is
//! where promises, timers and requests are at home: in Rust, the same shell made the package a
//! fifth larger. They decide nothing about a job. `index.js` is the package's entry; `call.js`
//! drives a [`Call`], drained and fed as [`crate::proto::job`] describes.

mod value;

use wasm_bindgen::prelude::*;

use crate::proto::config::Config;
use crate::proto::error::Error;
use crate::proto::handle::JobHandle;
use crate::proto::http::{Body, Failure, HttpRequest, HttpResponse};
use crate::proto::job::{Input, Job, Output};
use crate::proto::journal::Entry;
use crate::proto::json::Json;
use crate::proto::provider;
use crate::proto::request::GenerateRequest;
use crate::proto::size::Size;

#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// Throws a panic's text as an error of JavaScript's. Nothing that a caller or a gateway gives leads
/// to one.
#[cfg(feature = "engine")]
#[panic_handler]
fn panic(info: &core::panic::PanicInfo) -> ! {
    let message = info.message();
    wasm_bindgen::throw_str(message.as_str().unwrap_or("a panic"))
}

type JsResult<T> = core::result::Result<T, JsValue>;

/// A call of `generate()` or `poll()`, as a state machine.
#[wasm_bindgen]
pub struct Call(Job);

#[wasm_bindgen]
impl Call {
    /// A call that submits a request (`"submit"`), that waits for a job submitted before
    /// (`"resume"`), or that goes on from an entry of the journal (`"recover"`). Throws the details
    /// of an error.
    ///
    /// `now` is in Unix milliseconds, `seed` a whole number; the key stays outside, only whether
    /// there is one counts.
    pub fn begin(
        how: &JsValue,
        subject: &JsValue,
        options: &JsValue,
        has_key: bool,
        now: f64,
        seed: f64,
    ) -> JsResult<Self> {
        let (now, seed) = (now as u64, seed as u64);
        let subject = value::to_json(subject);
        let job = Config::parse(&value::to_json(options), has_key).and_then(|config| {
            Ok(match value::to_json(how).text() {
                Some("submit") => {
                    let request = GenerateRequest::parse(&subject, config.provider)?;
                    Job::submit(request, config, now, seed)
                }
                Some("resume") => {
                    let handle = JobHandle::parse(&subject, config.provider)?;
                    Job::resume(handle, config, now, seed)
                }
                _ => Job::recover(Entry::parse(&subject, config.provider)?, config, now, seed),
            })
        });
        job.map(Call).map_err(|error| details(&error))
    }

    /// Takes in what happened: `{ queue }` when the call must wait for others, `{ turn, online }`
    /// when it may begin, `{ status, headers, json }` or `{ status, headers, text }` for an answer,
    /// `{ failure }` for none, `{ wake, online }` when the page wakes, `{}` when the time of the
    /// last wait has come.
    #[wasm_bindgen(js_name = handleInput)]
    pub fn handle_input(&mut self, input: &JsValue, now: f64) {
        self.0.handle_input(read_input(value::to_json(input)), now as u64);
    }

    /// The next thing to do: `{ keep }`, `{ forget }`, `{ send }`, `{ progress }`, `{ wait }`,
    /// `{ done, settled }` or `{ failed, settled }`.
    #[wasm_bindgen(js_name = pollOutput)]
    pub fn poll_output(&mut self) -> JsValue {
        let output = match self.0.poll_output() {
            Output::Keep(entry) => Json::object().with("keep", entry),
            Output::Forget => Json::object().with("forget", true),
            Output::Send(request) => Json::object().with("send", write_request(request)),
            Output::Progress(progress) => Json::object().with("progress", progress.to_json()),
            Output::Wait(until) => Json::object().with("wait", until),
            Output::Done { result, settled } => {
                let (how, what) = match result {
                    Ok(generation) => ("done", generation.to_json()),
                    Err(error) => ("failed", error.to_json()),
                };
                Json::object().with(how, what).with("settled", settled)
            }
        };
        value::from_json(&output)
    }
}

/// Where calls with these options queue up, `{ provider, baseUrl, concurrency, wait }`, with every
/// default filled in. Throws the details of an error.
#[wasm_bindgen]
pub fn lane(options: &JsValue, has_key: bool) -> JsResult<JsValue> {
    let config = Config::parse(&value::to_json(options), has_key);
    Ok(value::from_json(&config.map_err(|error| details(&error))?.lane()))
}

/// What a size menu of the gateway shows.
#[wasm_bindgen]
pub fn sizes(provider: &JsValue) -> JsResult<JsValue> {
    let provider = provider::parse(&value::to_json(provider)).map_err(|error| details(&error))?;
    let presets = provider.facts().presets.iter().map(|preset| preset.to_json()).collect();
    Ok(value::from_json(&Json::List(presets)))
}

/// The size that the gateway takes nearest to the one wanted.
#[wasm_bindgen(js_name = nearestSize)]
pub fn nearest_size(provider: &JsValue, wanted: &JsValue) -> JsResult<JsValue> {
    let nearest = provider::parse(&value::to_json(provider)).and_then(|provider| {
        Ok(provider.facts().size_rule.nearest(Size::parse(&value::to_json(wanted))?))
    });
    Ok(value::from_json(&nearest.map_err(|error| details(&error))?.to_json()))
}

fn read_input(mut input: Json) -> Input {
    if let Some(failure) = input.get("failure").text() {
        return Input::Failure(Failure::named(failure));
    }
    let told = |name| input.get(name) == &Json::Bool(true);
    if told("queue") {
        return Input::Queue;
    }
    if told("turn") {
        return Input::Turn { online: told("online") };
    }
    if told("wake") {
        return Input::Wake { online: told("online") };
    }
    let Some(status) = input.get("status").number() else {
        return Input::Timeout;
    };
    let body = match input.take("text") {
        Json::Text(text) => Body::Text(text),
        _ => Body::Json(input.take("json")),
    };
    Input::Answer(HttpResponse { status: status as u16, headers: input.take("headers"), body })
}

fn write_request(request: HttpRequest) -> Json {
    let headers = request.headers.into_iter().map(|(name, value)| (name, value.into())).collect();
    Json::object()
        .with("method", request.method)
        .with("url", request.url)
        .with("headers", Json::Object(headers))
        .with_some("body", request.body)
}

/// What `error.js` makes a `WanvasError` of.
fn details(error: &Error) -> JsValue {
    value::from_json(&error.to_json())
}
