//! A signal of our own.

use wasm_bindgen::prelude::*;
use web_sys::{AbortController, AbortSignal};

use super::life::Undo;

/// Aborts its signal when dropped.
pub struct AbortGuard {
    controller: AbortController,
    undo: Undo,
}

impl AbortGuard {
    /// A signal that is not aborted yet. Fails where the platform has none.
    pub fn new() -> Result<Self, JsValue> {
        let controller = AbortController::new()?;
        let undo = Undo::abort(&controller);
        Ok(AbortGuard { controller, undo })
    }

    /// The signal to give away.
    pub fn signal(&self) -> AbortSignal {
        self.controller.signal()
    }

    /// Does not abort: what the signal was given to is over.
    pub fn release(self) {
        self.undo.release();
    }
}
