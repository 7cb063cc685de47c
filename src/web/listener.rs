//! Listeners of events, each for as long as its guard lives.

use std::cell::Cell;
use std::rc::Rc;

use futures_channel::oneshot;
use futures_util::future;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Whatever has these methods: a page, a worker, another realm's signal.
    type EventTarget;

    #[wasm_bindgen(method, catch, js_name = addEventListener)]
    fn add_event_listener(
        this: &EventTarget,
        event: &str,
        listener: &JsValue,
    ) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch, js_name = removeEventListener)]
    fn remove_event_listener(
        this: &EventTarget,
        event: &str,
        listener: &JsValue,
    ) -> Result<(), JsValue>;
}

/// A listener, which is removed when dropped.
pub struct Listener {
    target: EventTarget,
    event: &'static str,
    callback: Closure<dyn FnMut(JsValue)>,
}

impl Listener {
    /// Calls back with each event of this name. Where the target has no events, that is never.
    pub fn add(
        target: &JsValue,
        event: &'static str,
        callback: impl FnMut(JsValue) + 'static,
    ) -> Self {
        let callback = Closure::new(callback);
        let target: EventTarget = target.clone().unchecked_into();
        let _ = target.add_event_listener(event, callback.as_js_value());
        Listener { target, event, callback }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.target.remove_event_listener(self.event, self.callback.as_js_value());
    }
}

/// Resolves with the name of the first of these events that `counts`; never, where there is none.
pub async fn first_event<const N: usize>(
    events: [(&JsValue, &'static str); N],
    counts: fn(&str) -> bool,
) -> &'static str {
    let (sender, receiver) = oneshot::channel();
    let sender = Rc::new(Cell::new(Some(sender)));
    let _listeners = events.map(|(target, event)| {
        let sender = Rc::clone(&sender);
        Listener::add(target, event, move |_| {
            if counts(event)
                && let Some(sender) = sender.take()
            {
                // Nobody waits any more for what was heard in the same turn.
                let _ = sender.send(event);
            }
        })
    });
    match receiver.await {
        Ok(event) => event,
        Err(oneshot::Canceled) => future::pending().await,
    }
}
