//! What callers are told of how a call ended.

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::prelude::*;

use super::error::{of_details, wanvas_error};
use crate::client::outcome::{self, Ended};
use crate::web::json::to_js;
use crate::web::promise::settled;

/// How a call ended: what to resolve or to reject with.
pub type End = outcome::End<JsValue, JsValue>;

/// The end to tell; all who wait for the job too are told at once.
pub fn told(ended: Ended) -> End {
    let outcome = ended.announce();
    let thrown = ended.result.err().and_then(|failed| failed.thrown);
    End { result: result_of(&outcome, thrown), entry: ended.entry, given: Some(ended.given) }
}

/// The result in an outcome, `{ generation }` or `{ error }`; with what was thrown for the error.
pub fn result_of(outcome: &JsValue, thrown: Option<JsValue>) -> Result<JsValue, JsValue> {
    let member = |name: &str| Reflect::get(outcome, &name.into()).unwrap_or_default();
    let generation = member("generation");
    if generation.is_object() { Ok(generation) } else { Err(of_details(&member("error"), thrown)) }
}

/// Has the caller's function take over the pictures.
pub async fn handed_over(end: End, deliver: Function) -> End {
    let deliver = async |generation: &JsValue, entry: &_| {
        let returned = deliver.call2(&JsValue::UNDEFINED, generation, &to_js(entry))?;
        settled(&returned).await.map(drop)
    };
    end.handed_over(deliver, warn, wanvas_error).await
}

fn warn(generation: &mut JsValue, warning: String) {
    let name = "warnings".into();
    let known: Option<Array> = Reflect::get(generation, &name).unwrap_or_default().dyn_into().ok();
    let warnings = known.unwrap_or_default();
    warnings.push(&warning.into());
    // A plain object of our own takes it.
    let _ = Reflect::set(generation, &name, &warnings);
}
