//! What is undone however the engine's instance ends.

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, AbortSignal};

#[wasm_bindgen(module = "/src/web/life.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    fn listening(target: &JsValue, event: &str, listener: &JsValue) -> Result<Function, JsValue>;

    fn aborting(controller: &AbortController) -> Function;

    fn closing(open: &JsValue) -> Function;

    fn release(undo: &Function);

    /// Resolves when the signal is aborted.
    pub fn aborted(signal: &AbortSignal) -> Promise;

    /// What `await` makes of a value, as far as its `then`; never settled after a crash.
    pub fn settled(value: &JsValue) -> Promise;
}

/// Undoes something when dropped, or when the engine crashes, which drops nothing.
pub struct Undo(Function);

impl Undo {
    /// Listens to an event until then. Fails where the target has none.
    pub fn listen(target: &JsValue, event: &str, listener: &JsValue) -> Result<Self, JsValue> {
        listening(target, event, listener).map(Undo)
    }

    /// Aborts then.
    pub fn abort(controller: &AbortController) -> Self {
        Undo(aborting(controller))
    }

    /// Closes a channel or a database then.
    pub fn close(open: &JsValue) -> Self {
        Undo(closing(open))
    }

    /// Leaves what is over as it is.
    pub fn release(self) {
        release(&self.0);
    }
}

impl Drop for Undo {
    fn drop(&mut self) {
        let _ = self.0.call0(&JsValue::UNDEFINED);
    }
}
