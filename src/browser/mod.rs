//! The engine: [`crate::proto`] behind the doors that JavaScript can open.
//!
//! The effects themselves are performed by the modules of JavaScript beside this one. They decide
//! nothing about a job. `index.js` is the package's entry; `call.js` drives a [`Call`], drained and
//! fed as [`crate::proto::call`] describes.

// Of the door that takes the place of this one.
#[path = "../js/view.rs"]
mod view;

use js_sys::Array;
use serde::Serialize;
use serde_json::Value;
use wasm_bindgen::prelude::*;

use crate::proto::call::{self, Input, Output};
use crate::proto::config::{self, Config};
use crate::proto::error::{Error, Result};
use crate::proto::facts::Facts;
use crate::proto::gateway::Gateway;
use crate::proto::http::{Body, Failure, HttpRequest, HttpResponse};
use crate::proto::job::Job;
use crate::proto::journal::Entry;
use crate::proto::provider;
use crate::proto::request::{self, GenerateRequest};
use crate::proto::time::Timestamp;
use view::{ErrorView, GenerationView, PresetView, ProgressView, to_js};

type JsResult<T> = std::result::Result<T, JsValue>;

/// A call of `generate()` or `poll()`, as a state machine.
#[wasm_bindgen]
pub struct Call(call::Call);

#[wasm_bindgen]
impl Call {
    /// A call that submits a request (`"submit"`), that waits for a job submitted before
    /// (`"resume"`), or that goes on from an entry of the journal (`"recover"`). Throws the details
    /// of an error.
    ///
    /// `now` is in Unix milliseconds, `seed` a whole number; the key stays outside, only whether
    /// there is one counts.
    pub fn begin(
        how: &str,
        subject: &JsValue,
        options: &JsValue,
        has_key: bool,
        now: f64,
        seed: f64,
    ) -> JsResult<Self> {
        let (now, seed) = (at(now), seed as u64);
        let call = read_config(options, has_key).and_then(|config| {
            let facts = config.provider.facts();
            Ok(match how {
                "submit" => {
                    let request = GenerateRequest::read(&object(subject), facts)?;
                    call::Call::submit(request, config, now, seed)
                }
                "resume" => {
                    let job = Job::read(&object(subject), facts)?;
                    call::Call::resume(job, config, now, seed)
                }
                _ => {
                    let entry = Entry::read(&object(subject), facts)?;
                    call::Call::recover(entry, config, now, seed)
                }
            })
        });
        call.map(Call).map_err(|error| details(&error))
    }

    /// Takes in what happened: `{ queue }` when the call must wait for others, `{ turn, online }`
    /// when it may begin, `{ status, headers, text }` for an answer, `{ failure }` for none,
    /// `{ wake, online }` when the page wakes, `{}` when the time of the last wait has come.
    #[wasm_bindgen(js_name = handleInput)]
    pub fn handle_input(&mut self, input: &JsValue, now: f64) {
        let news = plain(input);
        self.0.handle_input(read_input(&news), at(now));
    }

    /// The next thing to do: `{ keep }`, `{ forget }`, `{ send }`, `{ progress }`, `{ wait }`,
    /// `{ done, settled }` or `{ failed, settled }`.
    #[wasm_bindgen(js_name = pollOutput)]
    pub fn poll_output(&mut self) -> JsValue {
        to_js(&match self.0.poll_output() {
            Output::Keep(ref keep) => return to_js(&Deed::Keep(keep)),
            Output::Forget => Deed::Forget(true),
            Output::Send(ref request) => return to_js(&Deed::Send(request.into())),
            Output::Progress(ref event) => return to_js(&Deed::Progress(event.into())),
            Output::Wait(until) => {
                Deed::Wait(until.map_or(f64::INFINITY, |until| until.unix_millis() as f64))
            }
            Output::Done { ref result, settled } => {
                return match result {
                    Ok(generation) => {
                        to_js(&Done { done: GenerationView::from(generation), settled })
                    }
                    Err(error) => to_js(&Failed { failed: ErrorView::from(&**error), settled }),
                };
            }
        })
    }
}

/// What there is to do, until the call is over.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Deed<'a> {
    Keep(&'a Entry),
    Forget(bool),
    Send(Send<'a>),
    Progress(ProgressView<'a>),
    Wait(f64),
}

/// The call is over, with a result.
#[derive(Serialize)]
struct Done<'a> {
    done: GenerationView<'a>,
    settled: bool,
}

/// The call is over, with an error.
#[derive(Serialize)]
struct Failed<'a> {
    failed: ErrorView<'a>,
    settled: bool,
}

/// A request to send.
#[derive(Serialize)]
struct Send<'a> {
    method: &'static str,
    url: &'a str,
    headers: &'a [(String, String)],
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a str>,
}

impl<'a> From<&'a HttpRequest> for Send<'a> {
    fn from(request: &'a HttpRequest) -> Self {
        Send {
            method: request.method.as_str(),
            url: &request.url,
            headers: &request.headers,
            body: request.body.as_deref(),
        }
    }
}

/// What happened, as JavaScript tells it.
fn read_input(news: &Value) -> Input {
    let told = |name: &str| news[name] == true;
    if let Some(failure) = news["failure"].as_str() {
        return Input::Failure(failure_named(failure));
    }
    if let Some(status) = news["status"].as_u64() {
        let pairs = news["headers"].as_array().into_iter().flatten();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        return Input::Answer(HttpResponse {
            status: status as u16,
            headers: pairs.map(|pair| (text(&pair[0]), text(&pair[1]))).collect(),
            body: Body::read(news["text"].as_str().unwrap_or_default()),
        });
    }
    match () {
        () if told("queue") => Input::Queue,
        () if told("turn") => Input::Turn { online: told("online") },
        () if told("wake") => Input::Wake { online: told("online") },
        () => Input::Timeout { sent: true },
    }
}

fn failure_named(name: &str) -> Failure {
    match name {
        "no_key" => Failure::NoKey,
        "unreachable" => Failure::Unreachable,
        "cut" => Failure::Cut,
        "too_long" => Failure::TooLong,
        "redirect" => Failure::Redirect,
        _ => Failure::Network,
    }
}

/// Where calls queue up, and where their journal entries belong.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Lane<'a> {
    provider: Gateway,
    base_url: &'a str,
    concurrency: u32,
    wait: bool,
}

/// Where calls with these options queue up, `{ provider, baseUrl, concurrency, wait }`, with every
/// default filled in. Throws the details of an error.
#[wasm_bindgen]
pub fn lane(options: &JsValue, has_key: bool) -> JsResult<JsValue> {
    let config = read_config(options, has_key).map_err(|error| details(&error))?;
    Ok(to_js(&Lane {
        provider: config.provider.facts().gateway,
        base_url: &config.base_url,
        concurrency: config.concurrency,
        wait: config.wait,
    }))
}

/// What a size menu of the gateway shows.
#[wasm_bindgen]
pub fn sizes(provider: &JsValue) -> JsResult<JsValue> {
    let facts = read_facts(provider).map_err(|error| details(&error))?;
    Ok(to_js(&facts.presets.iter().map(PresetView::from).collect::<Vec<_>>()))
}

/// The size that the gateway takes nearest to the one wanted.
#[wasm_bindgen(js_name = nearestSize)]
pub fn nearest_size(provider: &JsValue, wanted: &JsValue) -> JsResult<JsValue> {
    let nearest =
        read_facts(provider).and_then(|facts| request::nearest_size(&object(wanted), facts));
    Ok(to_js(&nearest.map_err(|error| details(&error))?))
}

fn at(millis: f64) -> Timestamp {
    Timestamp::from_unix_millis(millis as u64)
}

fn read_config(options: &JsValue, has_key: bool) -> Result<Config> {
    Config::read(&object(options), has_key)
}

fn read_facts(provider: &JsValue) -> Result<&'static Facts> {
    let gateway = config::read_gateway(&plain(provider))?;
    Ok(provider::of(gateway).facts())
}

/// Reads an object. A list is none, although serde could read one as a map.
fn object(value: &JsValue) -> Value {
    let is_object = value.is_object() && !Array::is_array(value) && !value.is_function();
    if is_object { plain(value) } else { Value::Null }
}

/// Reads plain data.
fn plain(value: &JsValue) -> Value {
    let text = js_sys::JSON::stringify(value).ok().and_then(|text| text.as_string());
    text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

/// What `error.js` makes a `WanvasError` of.
fn details(error: &Error) -> JsValue {
    to_js(&ErrorView::from(error))
}
