//! A caller's `AbortSignal`.

use wasm_bindgen::prelude::*;

use super::listener::first_event;

#[wasm_bindgen]
extern "C" {
    /// A caller's signal. Not known by its class: it may come from another realm, or a library.
    #[derive(Clone, Debug)]
    pub type Signal;

    #[wasm_bindgen(method, getter, catch, js_name = aborted)]
    fn get_aborted(this: &Signal) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter, catch, js_name = reason)]
    fn get_reason(this: &Signal) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter, catch, js_name = addEventListener)]
    fn get_add(this: &Signal) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter, catch, js_name = removeEventListener)]
    fn get_remove(this: &Signal) -> Result<JsValue, JsValue>;
}

impl Signal {
    /// The signal that a value is, if it can do what one must.
    pub fn of(value: &JsValue) -> Option<Self> {
        let signal: Signal = value.clone().unchecked_into();
        let is_method = |it: Result<JsValue, JsValue>| it.is_ok_and(|it| it.is_function());
        let can_listen = is_method(signal.get_add()) && is_method(signal.get_remove());
        can_listen.then_some(signal)
    }

    /// Whether the caller has aborted.
    pub fn is_aborted(&self) -> bool {
        self.get_aborted().is_ok_and(|aborted| aborted.is_truthy())
    }

    /// Why the caller has aborted, to be thrown as it is; `undefined` where no reason is told.
    pub fn reason(&self) -> JsValue {
        self.get_reason().unwrap_or_default()
    }

    /// Resolves when the caller aborts, at once if that was before.
    pub async fn aborted(&self) {
        if !self.is_aborted() {
            first_event(&[(self, "abort")], |_| true).await;
        }
    }
}
