//! Awaiting what JavaScript's `await` would.

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// Resolves with what a promise does, or with a value that is none.
pub fn settled(value: &JsValue) -> JsFuture {
    // A new promise: the `then` of a caller's own may throw, or call back twice.
    let promise = Promise::new(&mut |resolve, _| {
        // What throws here rejects the promise.
        let _ = resolve.call1(&JsValue::UNDEFINED, value);
    });
    promise.into()
}
