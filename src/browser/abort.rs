//! The end of a call by its caller's `AbortSignal`.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortSignal;

use super::deferred::Deferred;

/// A listener for the abort of a signal, removed when dropped.
struct AbortListener<'a> {
    signal: &'a AbortSignal,
    aborted: Deferred,
}

impl<'a> AbortListener<'a> {
    fn add(signal: &'a AbortSignal) -> Self {
        let aborted = Deferred::new();
        // Fails only if the event's name were no text.
        let _ = signal.add_event_listener_with_callback("abort", &aborted.resolve);
        AbortListener { signal, aborted }
    }
}

impl Drop for AbortListener<'_> {
    fn drop(&mut self) {
        let _ = self
            .signal
            .remove_event_listener_with_callback("abort", &self.aborted.resolve);
    }
}

/// Ends with the signal's reason when it is aborted, also if it was before; never without one.
pub async fn aborted(signal: Option<&AbortSignal>) -> JsValue {
    let Some(signal) = signal else {
        return std::future::pending().await;
    };
    if !signal.aborted() {
        AbortListener::add(signal).aborted.resolved().await;
    }
    signal.reason()
}

/// The value as a signal, if it can be listened to. Not by its class: a signal may come from
/// another realm, or from a library.
pub fn signal(value: JsValue) -> Option<AbortSignal> {
    let listens = js_sys::Reflect::get(&value, &"addEventListener".into())
        .ok()?
        .is_function();
    listens.then(|| value.unchecked_into())
}
