//! The page: what it can do and what can be watched in it.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Function;
use serde_json::Value;
use wasm_bindgen::prelude::*;

use super::gateway::fetch;

#[wasm_bindgen(module = "/tests/browser/support/page.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = request)]
    async fn send(
        fetch: &Function,
        method: &str,
        url: &str,
        body: Option<String>,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = reachable)]
    async fn is_reachable(url: &str) -> JsValue;
    /// How long the page takes to parse a text, in milliseconds.
    #[wasm_bindgen(js_name = parsingMs)]
    pub fn parsing_ms(text: &str) -> f64;
    /// What the page's address says by that name.
    pub fn parameter(name: &str) -> Option<String>;
    /// The time in Unix milliseconds, whatever the page's clock was set to.
    pub fn now() -> f64;
    #[wasm_bindgen(js_name = sleep)]
    async fn sleep_ms(ms: u32);
    #[wasm_bindgen(catch, js_name = openPicture)]
    async fn open(fetch: &Function, url: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = clone)]
    pub fn structured_clone(value: &JsValue) -> JsValue;
    #[wasm_bindgen(js_name = timeoutSignal)]
    pub fn timeout_signal(ms: u32) -> JsValue;
    #[wasm_bindgen(js_name = endlessFetch)]
    pub fn endless_fetch() -> js_sys::Object;
    pub fn dispatch(event: &str);
    pub type ListenerWatch;
    #[wasm_bindgen(constructor)]
    pub fn new() -> ListenerWatch;
    #[wasm_bindgen(method, getter)]
    pub fn left(this: &ListenerWatch) -> u32;
    #[wasm_bindgen(method)]
    pub fn stop(this: &ListenerWatch);
    #[wasm_bindgen(js_name = setClock)]
    pub fn set_clock(ms: f64);
    #[wasm_bindgen(js_name = unreadableValues)]
    pub fn unreadable_values() -> js_sys::Array;
    #[wasm_bindgen(js_name = answeringFetch)]
    pub fn answering_fetch(status: u16, text: &str) -> JsValue;
    #[wasm_bindgen(js_name = recordingFetch)]
    fn recording_fetch(fetch: &Function) -> Function;
    #[wasm_bindgen(js_name = callsOf)]
    fn calls_of(record: &Function) -> String;
    #[wasm_bindgen(js_name = storedText)]
    async fn stored_text() -> JsValue;
    /// All that can be read off an error and its causes.
    #[wasm_bindgen(js_name = everythingIn)]
    pub fn every_text_in(error: &JsValue) -> String;

    /// An AbortController that counts its signal's listeners.
    pub type Controller;
    #[wasm_bindgen(js_name = countingController)]
    fn counting_controller() -> Controller;
    #[wasm_bindgen(method, getter)]
    pub fn signal(this: &Controller) -> JsValue;
    #[wasm_bindgen(method)]
    pub fn abort(this: &Controller, reason: &JsValue);
    #[wasm_bindgen(js_name = listenersOf)]
    fn listeners_of(controller: &Controller) -> u32;

    /// Watches the crate's timers, from its making until it is stopped.
    pub type TimerWatch;
    #[wasm_bindgen(constructor)]
    pub fn new() -> TimerWatch;
    /// Timers that have neither fired nor been cleared, and where each was set.
    #[wasm_bindgen(method, getter)]
    pub fn pending(this: &TimerWatch) -> String;
    /// Timers set in all.
    #[wasm_bindgen(method, getter)]
    pub fn set(this: &TimerWatch) -> u32;
    #[wasm_bindgen(method)]
    pub fn stop(this: &TimerWatch);

    /// Counts lines on the console, from its making until it is stopped; none is shown.
    pub type ConsoleWatch;
    #[wasm_bindgen(constructor)]
    pub fn new() -> ConsoleWatch;
    #[wasm_bindgen(method, getter)]
    pub fn lines(this: &ConsoleWatch) -> u32;
    #[wasm_bindgen(method)]
    pub fn stop(this: &ConsoleWatch);
}

impl Controller {
    pub fn new() -> Self {
        counting_controller()
    }

    /// Listeners that were added to the signal and not removed.
    pub fn listeners(&self) -> u32 {
        listeners_of(self)
    }
}

/// A `fetch` for the option of that name, which sends requests to the gateway and remembers them.
pub struct Recorder(Function);

impl Recorder {
    pub fn new() -> Self {
        Recorder(recording_fetch(&fetch()))
    }

    /// The function itself.
    pub fn fetch(&self) -> &JsValue {
        &self.0
    }

    /// The calls so far: `url`, `method`, `headers`, `authorization`, `unbound`, whether they were
    /// `answered`, and whether their signal is `aborted`.
    pub fn calls(&self) -> Vec<Value> {
        serde_json::from_str(&calls_of(&self.0)).expect("JSON")
    }

    /// How many requests of a method were sent.
    pub fn sent(&self, method: &str) -> usize {
        let calls = self.calls();
        calls.iter().filter(|call| call["method"] == method).count()
    }

    /// Waits until a request of that method has been sent.
    pub async fn until_sent(&self, method: &str) {
        while self.sent(method) == 0 {
            sleep(5).await;
        }
    }
}

/// The events of a call's `onProgress`.
#[derive(Clone, Default)]
pub struct Events(Rc<RefCell<Vec<Value>>>);

impl Events {
    /// The function to pass as `onProgress`.
    pub fn listener(&self) -> JsValue {
        let events = self.0.clone();
        let listener = move |event: JsValue| {
            let text = js_sys::JSON::stringify(&event).expect("plain data");
            let event = serde_json::from_str(&String::from(text)).expect("JSON");
            events.borrow_mut().push(event);
        };
        Closure::<dyn Fn(JsValue)>::new(listener).into_js_value()
    }

    /// The events so far.
    pub fn all(&self) -> Vec<Value> {
        self.0.borrow().clone()
    }

    /// Waits until the call is in that phase.
    pub async fn until(&self, phase: &str) {
        while !self.0.borrow().iter().any(|event| event["phase"] == phase) {
            sleep(5).await;
        }
    }
}

/// A JavaScript function without arguments.
pub fn function(body: impl FnMut() -> Result<JsValue, JsValue> + 'static) -> JsValue {
    Closure::<dyn FnMut() -> Result<JsValue, JsValue>>::new(body).into_js_value()
}

/// Sends a request that must succeed, and gives the answer's text.
pub async fn request(method: &str, url: &str, body: Option<String>) -> String {
    let answer = send(&fetch(), method, url, body).await;
    answer.expect("an answer").as_string().expect("a text")
}

/// Whether a GET is answered at all.
pub async fn reachable(url: &str) -> bool {
    is_reachable(url).await == true
}

/// Waits, without counting as a timer.
pub async fn sleep(ms: u32) {
    sleep_ms(ms).await;
}

/// The `width`, `height` and `sha256` of a picture's real bytes.
pub async fn open_picture(url: &Value) -> Value {
    let url = url.as_str().expect("a link");
    let picture = open(&fetch(), url).await.expect("a picture that can be decoded");
    serde_json::from_str(&picture.as_string().expect("a text")).expect("JSON")
}

/// All that the page's origin has stored: `local`, `session`, values in `databases`, `cookie`.
pub async fn stored() -> Value {
    let text = stored_text().await.as_string().expect("a text");
    serde_json::from_str(&text).expect("JSON")
}
