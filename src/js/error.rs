//! Errors as JavaScript sees them.

use wasm_bindgen::prelude::*;

use super::view::{ErrorView, to_js};
use crate::proto::error::Error;

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

/// An error, and what was thrown for it.
pub struct Thrown {
    /// The error.
    pub error: Box<Error>,
    /// What was thrown.
    pub cause: Option<JsValue>,
}

impl Thrown {
    /// The `WanvasError` to reject with.
    pub fn into_js(self) -> JsValue {
        wanvas_error(&self.error, self.cause)
    }
}

/// The `WanvasError` of an error; with what was thrown, if anything was, as its cause.
pub fn wanvas_error(error: &Error, cause: Option<JsValue>) -> JsValue {
    WanvasError::new(&to_js(&ErrorView::from(error)), &cause.unwrap_or_default()).into()
}

/// The `WanvasError` of the details that another tab told.
pub fn of_details(details: &JsValue) -> JsValue {
    WanvasError::new(details, &JsValue::UNDEFINED).into()
}

impl From<Box<Error>> for Thrown {
    fn from(error: Box<Error>) -> Self {
        Thrown { error, cause: None }
    }
}
