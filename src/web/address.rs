//! Addresses, as the platform reads them.

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use web_sys::Url;

/// Throws where a text is no address; within a page or a worker, a path is one.
pub fn check(address: &str) -> Result<(), JsValue> {
    let member =
        |object: &JsValue, name: &str| Reflect::get(object, &name.into()).unwrap_or_default();
    let here = member(&member(&js_sys::global(), "location"), "href").as_string();
    match here {
        Some(here) => Url::new_with_base(address, &here),
        None => Url::new(address),
    }
    .map(drop)
}
