//! The package as built, called as a page calls it.

use js_sys::Promise;
use serde_json::Value;
use wasm_bindgen::prelude::*;

use super::call::{Options, Outcome, settled, to_js};
use super::page;

#[wasm_bindgen(module = "/tests/browser/support/page.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = importPackage)]
    async fn import_package(query: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = isErrorOf)]
    fn is_error_of(module: &JsValue, value: &JsValue) -> bool;
    #[wasm_bindgen(js_name = engineBytes)]
    pub async fn engine_bytes() -> JsValue;
    #[wasm_bindgen(js_name = engineResponse)]
    pub async fn engine_response() -> JsValue;
    /// A `URL` on the page's own origin.
    #[wasm_bindgen(js_name = pageUrl)]
    pub fn page_url(path: &str) -> JsValue;
    #[wasm_bindgen(catch, js_name = generateInWorker)]
    async fn in_worker(request: &str, options: &str) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = Object)]
    type Module;
    #[wasm_bindgen(method)]
    fn generate(this: &Module, request: &JsValue, options: &JsValue) -> Promise;
    #[wasm_bindgen(method)]
    fn sizes(this: &Module, provider: &JsValue) -> Promise;
    #[wasm_bindgen(method)]
    fn preload(this: &Module, module: &JsValue) -> Promise;
}

/// Whether the page's own server has the built package, which the page's address tells.
pub fn has_package() -> bool {
    page::parameter("package").is_some()
}

/// An instance of the package's module.
pub struct Package(Module);

impl Package {
    /// The instance of that query, such as `"?garbage"`; a new query gives a new one.
    pub async fn import(query: &str) -> Self {
        let module = import_package(query).await;
        Package(module.expect("the package is built and served").unchecked_into())
    }

    /// Waits for `generate()`.
    pub async fn generate(&self, request: Value, options: &Options) -> Outcome {
        settled(self.0.generate(&to_js(&request), options.as_ref())).await
    }

    /// Waits for `sizes()`.
    pub async fn sizes(&self, provider: &str) -> Outcome {
        settled(self.0.sizes(&provider.into())).await
    }

    /// Waits for `preload()`.
    pub async fn preload(&self, module: &JsValue) -> Outcome {
        settled(self.0.preload(module)).await
    }

    /// Whether a value is an instance of the exported class `WanvasError`.
    pub fn is_own_error(&self, value: &JsValue) -> bool {
        is_error_of(&self.0, value)
    }
}

/// What `generate()` resolves with in a worker of its own.
pub async fn generate_in_worker(request: &Value, options: &Value) -> Value {
    let result = in_worker(&request.to_string(), &options.to_string()).await;
    let text = result.expect("a result").as_string().expect("a text");
    serde_json::from_str(&text).expect("JSON")
}
