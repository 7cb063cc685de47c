//! A signal of our own.

use wasm_bindgen::prelude::*;
use web_sys::{AbortController, AbortSignal};

/// Aborts its signal when dropped, also where what the signal was given to is over.
pub struct AbortGuard(AbortController);

impl AbortGuard {
    /// A signal that is not aborted yet. Fails where the platform has none.
    pub fn new() -> Result<Self, JsValue> {
        AbortController::new().map(AbortGuard)
    }

    /// The signal to give away.
    pub fn signal(&self) -> AbortSignal {
        self.0.signal()
    }
}

impl Drop for AbortGuard {
    fn drop(&mut self) {
        self.0.abort();
    }
}
