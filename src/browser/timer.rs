//! Waits until a time.

use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::clock;
use super::deferred::Deferred;

/// The longest delay that `setTimeout` takes; it runs a longer one at once.
const MAX_DELAY_MS: u64 = 2_147_483_647;

#[wasm_bindgen]
extern "C" {
    // Of the global object, not of `Window`: a worker has these too. The handle is a number in
    // browsers and an object in Node.
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(handler: &Function, delay_ms: f64) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(handle: &JsValue);
}

/// A running timer, cleared when dropped.
struct Timer {
    handle: JsValue,
    fired: Deferred,
}

impl Timer {
    fn start(delay_ms: u64) -> Self {
        let fired = Deferred::new();
        let handle = set_timeout(&fired.resolve, delay_ms.min(MAX_DELAY_MS) as f64);
        Timer { handle, fired }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        clear_timeout(&self.handle);
    }
}

/// Ends when the clock says so: a timer can fire early, and a sleeping machine's fires late.
pub async fn sleep_until(time: u64) {
    loop {
        let left = time.saturating_sub(clock::now());
        if left == 0 {
            return;
        }
        Timer::start(left).fired.resolved().await;
    }
}
