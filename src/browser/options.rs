//! The options that are no data: the key, the signal and the functions.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortSignal;

use super::{abort, value};
use crate::proto::config::{Config, is_header_value};
use crate::proto::error::{Error, Result};
use crate::proto::json::Json;

/// What a caller passes along with a request.
pub struct Options {
    /// All that decides something.
    pub config: Config,
    /// The key, if there is one.
    pub key: Option<Key>,
    /// Told of progress.
    pub on_progress: Option<Function>,
    /// Sends requests.
    pub fetch: Function,
}

/// Where the key comes from.
pub enum Key {
    /// The key itself.
    Text(String),
    /// A function that gives it, or a promise of it; asked anew for each request.
    Function(Function),
}

impl Options {
    /// Reads a caller's options.
    pub fn read(options: &JsValue) -> Result<Self> {
        let key = Key::read(options)?;
        Ok(Options {
            config: Config::parse(&data(options), key.is_some())?,
            key,
            on_progress: function(options, "onProgress")?,
            fetch: match function(options, "fetch")? {
                Some(fetch) => fetch,
                None => function(&js_sys::global(), "fetch")?.ok_or_else(|| {
                    Error::invalid("fetch", "there is no fetch here: pass one as options.fetch")
                })?,
            },
        })
    }
}

impl Key {
    fn read(options: &JsValue) -> Result<Option<Self>> {
        let value = member(options, "apiKey");
        if value.is_undefined() || value.is_null() {
            return Ok(None);
        }
        if let Some(text) = value.as_string() {
            return match is_key(&text) {
                true => Ok(Some(Key::Text(text))),
                false => Err(Error::invalid(
                    "apiKey",
                    "apiKey is empty or no key: it must be plain \
                     ASCII without spaces around it. Leave it out behind a relay that adds it",
                )),
            };
        }
        match value.dyn_into() {
            Ok(function) => Ok(Some(Key::Function(function))),
            Err(_) => Err(Error::invalid(
                "apiKey",
                "apiKey must be text, or a function that gives it",
            )),
        }
    }

    /// The key for one request; or what the caller's function threw instead.
    pub async fn get(&self) -> core::result::Result<String, JsValue> {
        let function = match self {
            Key::Text(text) => return Ok(text.clone()),
            Key::Function(function) => function,
        };
        let key = JsFuture::from(Promise::resolve(&function.call0(&JsValue::UNDEFINED)?)).await?;
        key.as_string()
            .filter(|key| is_key(key))
            .ok_or(JsValue::UNDEFINED)
    }
}

/// The caller's signal, read before all else, as an aborted call does nothing.
pub fn signal(options: &JsValue) -> Result<Option<AbortSignal>> {
    let value = member(options, "signal");
    if value.is_undefined() || value.is_null() {
        return Ok(None);
    }
    match abort::signal(value) {
        Some(signal) => Ok(Some(signal)),
        None => Err(Error::invalid("signal", "signal must be an AbortSignal")),
    }
}

fn is_key(text: &str) -> bool {
    !text.is_empty() && is_header_value(text)
}

/// The options as data, the key aside: it is not to be copied about.
fn data(options: &JsValue) -> Json {
    if !options.is_object() {
        return Json::Null;
    }
    let members = value::entries(options).into_iter().map(|(name, value)| {
        let json = match name.as_str() {
            "apiKey" | "signal" => Json::Other,
            _ => value::to_json(&value),
        };
        (name, json)
    });
    Json::Object(members.collect())
}

fn function(owner: &JsValue, name: &str) -> Result<Option<Function>> {
    let value = member(owner, name);
    if value.is_undefined() || value.is_null() {
        return Ok(None);
    }
    match value.dyn_into() {
        Ok(function) => Ok(Some(function)),
        Err(_) => Err(Error::invalid(name, [name, " must be a function"].concat())),
    }
}

fn member(owner: &JsValue, name: &str) -> JsValue {
    Reflect::get(owner, &name.into()).unwrap_or(JsValue::UNDEFINED)
}
