//! The functions that the crate exports, called as a page calls them.

use js_sys::{JSON, Object, Promise, Reflect};
use serde_json::Value;
use wanvas::js;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::gateway::{GATEWAY, fetch, is_over_http};

/// Both gateways.
pub const PROVIDERS: [&str; 2] = ["aimlapi", "vtrix"];

/// The key that calls send unless told otherwise.
pub const KEY: &str = "sk-browser-tests-5f1c";

/// What came of a call, as plain data.
pub type Outcome = Result<Value, Failure>;

#[wasm_bindgen(module = "/src/js/error.js")]
extern "C" {
    /// The class that the crate exports.
    type WanvasError;
}

/// Waits for `generate()`.
pub async fn generate(request: Value, options: &Options) -> Outcome {
    settled(begin_generate(request, options)).await
}

/// Calls `generate()` without waiting.
pub fn begin_generate(request: Value, options: &Options) -> Promise {
    js::generate(&to_js(&request), &options.0)
}

/// Waits for `poll()`.
pub async fn poll(job: &Value, options: &Options) -> Outcome {
    poll_value(&to_js(job), options).await
}

/// Waits for `poll()` of any value.
pub async fn poll_value(job: &JsValue, options: &Options) -> Outcome {
    settled(js::poll(job, &options.0)).await
}

/// Waits for `pending()`.
pub async fn pending(options: &Options) -> Outcome {
    settled(js::pending(&options.0)).await
}

/// Waits for `forget("durations")`.
pub async fn forget_durations() {
    settled(js::forget(&"durations".into(), &JsValue::UNDEFINED)).await.expect("it is forgotten");
}

/// Waits for `check()`.
pub async fn check(request: &Value, options: &Options) -> Outcome {
    settled(js::check(&to_js(request), &options.0)).await
}

/// Waits for `sizes()`.
pub async fn sizes(provider: &str) -> Outcome {
    settled(js::sizes(&provider.into())).await
}

/// Waits for `nearestSize()`.
pub async fn nearest_size(provider: &str, wanted: Value) -> Outcome {
    settled(js::nearest_size(&provider.into(), &to_js(&wanted))).await
}

/// Whether a value is an instance of the exported class `WanvasError`.
pub fn is_own_error(value: &JsValue) -> bool {
    value.is_instance_of::<WanvasError>()
}

/// The options of a call to the local gateway.
pub struct Options(Object);

impl Options {
    /// With a key, and a short interval between status checks.
    pub fn at(provider: &str) -> Self {
        let options = Options(Object::new())
            .with("provider", provider)
            .with("baseUrl", GATEWAY.as_str())
            .with("apiKey", KEY)
            .with("pollIntervalMs", 20);
        // Over HTTP the platform's own is taken.
        if is_over_http() { options } else { options.with("fetch", fetch()) }
    }

    /// With no time to send a submit again.
    pub fn hasty(provider: &str) -> Self {
        Options::at(provider).with("pollIntervalMs", 60_000).with("timeoutMs", 30_000)
    }

    /// Sets an option; `undefined` is as good as none.
    pub fn with(self, name: &str, value: impl Into<JsValue>) -> Self {
        Reflect::set(&self.0, &name.into(), &value.into()).expect("a plain object");
        self
    }
}

impl AsRef<JsValue> for Options {
    fn as_ref(&self) -> &JsValue {
        &self.0
    }
}

/// What a call rejected with.
pub struct Failure {
    /// The very value.
    pub thrown: JsValue,
    /// The same as `JSON.stringify` writes it.
    pub json: Value,
}

impl Failure {
    /// The code of a `WanvasError`.
    pub fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or("no code")
    }
}

impl core::fmt::Debug for Failure {
    fn fmt(&self, formatter: &mut core::fmt::Formatter) -> core::fmt::Result {
        write!(formatter, "{:?} {}", self.thrown, self.json)
    }
}

/// Waits for a promise of plain data.
pub async fn settled(promise: Promise) -> Outcome {
    match JsFuture::from(promise).await {
        Ok(value) => Ok(to_json(&value)),
        Err(thrown) => Err(Failure { json: to_json(&thrown), thrown }),
    }
}

/// A value as JavaScript has it.
pub fn to_js(value: &Value) -> JsValue {
    JSON::parse(&value.to_string()).expect("JSON")
}

fn to_json(value: &JsValue) -> Value {
    let text = JSON::stringify(value).ok().and_then(|text| text.as_string());
    text.map_or(Value::Null, |text| serde_json::from_str(&text).expect("JSON"))
}
