//! The one place where an [`Error`] becomes a JavaScript `Error`.

use wasm_bindgen::prelude::*;

use super::value;
use crate::proto::error::Error;

#[wasm_bindgen(module = "/src/browser/error.js")]
extern "C" {
    /// The error class of the package, given out by the engine's own module.
    #[wasm_bindgen(reexport)]
    pub type WanvasError;

    #[wasm_bindgen(constructor)]
    fn new(message: &str, details: &JsValue, cause: &JsValue) -> WanvasError;
}

/// The `WanvasError` of an error, with what caused it, if that is known.
///
/// A gateway may repeat what it was sent in its message: every secret is taken out.
pub fn to_js(error: &Error, secrets: &[String], cause: &JsValue) -> JsValue {
    let mut error = error.clone();
    let texts = [&mut error.provider_code, &mut error.request_id];
    for text in texts.into_iter().flatten().chain([&mut error.message]) {
        for secret in secrets {
            *text = text.replace(secret, "…");
        }
    }
    WanvasError::new(&error.message, &value::from_json(&error.to_json()), cause).into()
}
