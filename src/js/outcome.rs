//! What callers are told of how a call ended.

use js_sys::Reflect;
use wasm_bindgen::prelude::*;

use super::error::of_details;
use crate::client::outcome::{Ended, Given};

/// The result to resolve or to reject with; all who wait for the job too are told at once.
pub fn told(ended: Ended) -> (Result<JsValue, JsValue>, Given) {
    let outcome = ended.announce();
    let thrown = ended.result.err().and_then(|failed| failed.thrown);
    (result_of(&outcome, thrown), ended.given)
}

/// The result in an outcome, `{ generation }` or `{ error }`; with what was thrown for the error.
pub fn result_of(outcome: &JsValue, thrown: Option<JsValue>) -> Result<JsValue, JsValue> {
    let member = |name: &str| Reflect::get(outcome, &name.into()).unwrap_or_default();
    let generation = member("generation");
    if generation.is_object() { Ok(generation) } else { Err(of_details(&member("error"), thrown)) }
}
