//! Errors as JavaScript sees them.

use wasm_bindgen::prelude::*;

use crate::client::outcome::{Failed, details};

#[wasm_bindgen(module = "/src/js/error.js")]
extern "C" {
    type WanvasError;

    // The class again, only to be exported: wasm-bindgen would give a type a declaration of its own,
    // beside the one in `types.d.ts`.
    #[wasm_bindgen(js_name = WanvasError, reexport, skip_typescript)]
    fn exported();

    #[wasm_bindgen(constructor)]
    fn new(details: &JsValue, cause: &JsValue) -> WanvasError;
}

/// The `WanvasError` to reject with; what was thrown, if anything was, is its cause.
pub fn wanvas_error(failed: impl Into<Failed>) -> JsValue {
    let Failed { error, thrown } = failed.into();
    of_details(&details(&error), thrown)
}

/// The `WanvasError` of the details that were told.
pub fn of_details(details: &JsValue, thrown: Option<JsValue>) -> JsValue {
    WanvasError::new(details, &thrown.unwrap_or_default()).into()
}
