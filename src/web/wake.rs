//! Signs that waiting may be over sooner than a timer says: a hidden page's timers are slow.

use wasm_bindgen::prelude::*;

use super::listener::first_event;

#[wasm_bindgen]
extern "C" {
    #[derive(Clone)]
    type Document;

    /// A worker has none, and is never hidden.
    #[wasm_bindgen(thread_local_v2, js_name = document)]
    static DOCUMENT: Option<Document>;

    #[wasm_bindgen(method, getter, catch, js_name = visibilityState)]
    fn visibility_state(this: &Document) -> Result<JsValue, JsValue>;

    #[derive(Clone)]
    type Navigator;

    #[wasm_bindgen(thread_local_v2, js_name = navigator)]
    static NAVIGATOR: Option<Navigator>;

    #[wasm_bindgen(method, getter, catch, js_name = onLine)]
    fn on_line(this: &Navigator) -> Result<JsValue, JsValue>;
}

/// Whether there is a network, as far as the browser knows; yes where nothing tells.
pub fn is_online() -> bool {
    let on_line = NAVIGATOR.with(|navigator| navigator.as_ref().map(Navigator::on_line));
    !matches!(on_line, Some(Ok(on_line)) if on_line == false)
}

/// Resolves when the page is seen again, comes back from the back-forward cache, or when the network
/// comes or goes.
pub async fn woken() {
    let document = DOCUMENT.with(Option::clone).map_or(JsValue::UNDEFINED, JsValue::from);
    let global = js_sys::global();
    let events = [
        (&document, VISIBILITY_CHANGE),
        (&global, "pageshow"),
        (&global, "online"),
        (&global, "offline"),
    ];
    // Hidden is no reason to hurry.
    first_event(&events, |event| event != VISIBILITY_CHANGE || !is_hidden()).await;
}

const VISIBILITY_CHANGE: &str = "visibilitychange";

fn is_hidden() -> bool {
    let state = DOCUMENT.with(|document| document.as_ref().map(Document::visibility_state));
    matches!(state, Some(Ok(state)) if state == "hidden")
}
