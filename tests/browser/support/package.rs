//! The built package, called as a page calls it.

use js_sys::{JSON, Object, Promise, Reflect};
use serde_json::Value;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::gateway::GATEWAY;
use super::page;

/// Both gateways.
pub const PROVIDERS: [&str; 2] = ["aimlapi", "vtrix"];

/// The key that calls send unless told otherwise.
pub const KEY: &str = "sk-browser-tests-5f1c";

/// What came of a call, as plain data.
pub type Outcome = Result<Value, Failure>;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = Object)]
    type Module;
    #[wasm_bindgen(method, js_name = generate)]
    fn begin_generate(this: &Module, request: &JsValue, options: &JsValue) -> Promise;
    #[wasm_bindgen(method, js_name = poll)]
    fn begin_poll(this: &Module, job: &JsValue, options: &JsValue) -> Promise;
    #[wasm_bindgen(method, js_name = check)]
    fn begin_check(this: &Module, request: &JsValue, options: &JsValue) -> Promise;
    #[wasm_bindgen(method)]
    fn sizes(this: &Module, provider: &JsValue) -> Promise;
    #[wasm_bindgen(method, js_name = nearestSize)]
    fn nearest_size(this: &Module, provider: &JsValue, wanted: &JsValue) -> Promise;
    #[wasm_bindgen(method)]
    fn preload(this: &Module, module: &JsValue) -> Promise;
}

/// An instance of the package's module.
pub struct Package(Module);

/// The instance that most tests share.
pub async fn package() -> Package {
    Package::import("").await
}

impl Package {
    /// The instance of that query, such as `"?garbage"`; a new query gives a new one.
    pub async fn import(query: &str) -> Self {
        let module = page::import_package(query).await;
        Package(module.expect("the package is built and served").unchecked_into())
    }

    /// Waits for `generate()`.
    pub async fn generate(&self, request: Value, options: &Options) -> Outcome {
        settled(self.begin_generate(request, options)).await
    }

    /// Calls `generate()` without waiting.
    pub fn begin_generate(&self, request: Value, options: &Options) -> Promise {
        self.0.begin_generate(&to_js(&request), &options.0)
    }

    /// Waits for `poll()`.
    pub async fn poll(&self, job: &Value, options: &Options) -> Outcome {
        self.poll_value(&to_js(job), options).await
    }

    /// Waits for `poll()` of any value.
    pub async fn poll_value(&self, job: &JsValue, options: &Options) -> Outcome {
        settled(self.0.begin_poll(job, &options.0)).await
    }

    /// Waits for `check()`.
    pub async fn check(&self, request: &Value, options: &Options) -> Outcome {
        settled(self.0.begin_check(&to_js(request), &options.0)).await
    }

    /// Waits for `sizes()`.
    pub async fn sizes(&self, provider: &str) -> Outcome {
        settled(self.0.sizes(&provider.into())).await
    }

    /// Waits for `nearestSize()`.
    pub async fn nearest_size(&self, provider: &str, wanted: Value) -> Outcome {
        settled(self.0.nearest_size(&provider.into(), &to_js(&wanted))).await
    }

    /// Waits for `preload()`.
    pub async fn preload(&self, module: &JsValue) -> Outcome {
        settled(self.0.preload(module)).await
    }

    /// Whether a value is an instance of the exported class `WanvasError`.
    pub fn is_own_error(&self, value: &JsValue) -> bool {
        page::is_error_of(&self.0, value)
    }
}

/// The options of a call to the local gateway.
pub struct Options(Object);

impl Options {
    /// With a key, and a short interval between status checks.
    pub fn at(provider: &str) -> Self {
        Options(Object::new())
            .with("provider", provider)
            .with("baseUrl", GATEWAY.as_str())
            .with("apiKey", KEY)
            .with("pollIntervalMs", 20)
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

fn to_js(value: &Value) -> JsValue {
    JSON::parse(&value.to_string()).expect("JSON")
}

fn to_json(value: &JsValue) -> Value {
    let text = JSON::stringify(value).ok().and_then(|text| text.as_string());
    text.map_or(Value::Null, |text| serde_json::from_str(&text).expect("JSON"))
}
