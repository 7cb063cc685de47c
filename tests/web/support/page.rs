//! `page.js`, as the tests call it. What they change in the page is undone on drop.

use js_sys::Function;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/tests/web/support/page.js")]
extern "C" {
    pub async fn pause(ms: u32);
    pub fn dispatch(target: &JsValue, event: &str);
    pub fn page() -> JsValue;
    #[wasm_bindgen(js_name = pageDocument)]
    pub fn document() -> JsValue;
    pub fn throwing() -> Function;

    #[wasm_bindgen(js_name = TimerWatch)]
    type JsTimerWatch;
    #[wasm_bindgen(constructor, js_class = TimerWatch)]
    fn new() -> JsTimerWatch;
    #[wasm_bindgen(method, getter)]
    fn delays(this: &JsTimerWatch) -> Vec<f64>;
    #[wasm_bindgen(method, getter)]
    fn left(this: &JsTimerWatch) -> u32;
    #[wasm_bindgen(method)]
    fn stop(this: &JsTimerWatch);

    #[wasm_bindgen(js_name = ListenerWatch)]
    type JsListenerWatch;
    #[wasm_bindgen(constructor, js_class = ListenerWatch)]
    fn new(targets: Vec<JsValue>) -> JsListenerWatch;
    #[wasm_bindgen(method, getter)]
    fn left(this: &JsListenerWatch) -> u32;
    #[wasm_bindgen(method)]
    fn stop(this: &JsListenerWatch);

    type Replacement;
    #[wasm_bindgen(constructor)]
    fn new(path: &str, value: &JsValue) -> Replacement;
    #[wasm_bindgen(method)]
    fn restore(this: &Replacement);
}

/// The timers that are set while it lives.
pub struct TimerWatch(JsTimerWatch);

impl TimerWatch {
    pub fn start() -> Self {
        TimerWatch(JsTimerWatch::new())
    }

    /// The delays of all that were set, in milliseconds.
    pub fn delays(&self) -> Vec<f64> {
        self.0.delays()
    }

    /// How many are still to fire.
    pub fn left(&self) -> u32 {
        self.0.left()
    }
}

impl Drop for TimerWatch {
    fn drop(&mut self) {
        self.0.stop();
    }
}

/// The listeners that some targets are given while it lives.
pub struct ListenerWatch(JsListenerWatch);

impl ListenerWatch {
    pub fn of(target: &JsValue) -> Self {
        ListenerWatch(JsListenerWatch::new(vec![target.clone()]))
    }

    pub fn of_page() -> Self {
        ListenerWatch(JsListenerWatch::new(vec![page(), document()]))
    }

    /// How many there are.
    pub fn left(&self) -> u32 {
        self.0.left()
    }
}

impl Drop for ListenerWatch {
    fn drop(&mut self) {
        self.0.stop();
    }
}

/// Another value in the place of a member of the page, such as `navigator.locks`.
pub struct Replaced(Replacement);

pub fn replaced(path: &str, value: impl Into<JsValue>) -> Replaced {
    Replaced(Replacement::new(path, &value.into()))
}

impl Drop for Replaced {
    fn drop(&mut self) {
        self.0.restore();
    }
}
