//! A promise together with the function that resolves it.

use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A promise that a timer or an event listener resolves, by way of [`Deferred::resolve`].
pub struct Deferred {
    promise: Promise,
    /// Resolves the promise; a JavaScript function of its own, so that no Rust closure is needed.
    pub resolve: Function,
}

impl Deferred {
    /// A promise that is not settled yet.
    pub fn new() -> Self {
        let mut resolve = JsValue::UNDEFINED;
        // Runs before `new` returns.
        let promise = Promise::new(&mut |function, _| resolve = function.into());
        Deferred {
            promise,
            resolve: resolve.unchecked_into(),
        }
    }

    /// Ends when the promise is resolved.
    pub async fn resolved(&self) {
        // It is never rejected.
        let _ = JsFuture::from(self.promise.clone()).await;
    }
}

impl Drop for Deferred {
    /// Settles the promise: one that never is would keep the future's closures for ever.
    fn drop(&mut self) {
        let _ = self.resolve.call0(&JsValue::UNDEFINED);
    }
}
