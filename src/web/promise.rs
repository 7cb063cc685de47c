//! Awaiting what JavaScript's `await` would.

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::life;

/// Resolves with what a promise does, or with a value that is none.
pub fn settled(value: &JsValue) -> JsFuture {
    life::settled(value).into()
}
