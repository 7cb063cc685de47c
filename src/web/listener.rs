//! Listeners of events, each for as long as its guard lives.

use std::cell::Cell;
use std::rc::Rc;

use futures_channel::oneshot;
use futures_util::future;
use wasm_bindgen::prelude::*;

use super::life::Undo;

/// A listener, which is removed when dropped.
pub struct Listener {
    _undo: Option<Undo>,
    _callback: Closure<dyn FnMut(JsValue)>,
}

impl Listener {
    /// Calls back with each event of this name. Where the target has no events, that is never.
    pub fn add(target: &JsValue, event: &str, callback: impl FnMut(JsValue) + 'static) -> Self {
        let callback = Closure::new(callback);
        let undo = Undo::listen(target, event, callback.as_js_value()).ok();
        Listener { _undo: undo, _callback: callback }
    }
}

/// Resolves with the name of the first of these events that `counts`; never, where there is none.
pub async fn first_event(
    events: &[(&JsValue, &'static str)],
    counts: fn(&str) -> bool,
) -> &'static str {
    let (sender, receiver) = oneshot::channel();
    let sender = Rc::new(Cell::new(Some(sender)));
    let listeners = events.iter().map(|&(target, event)| {
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
    let _listeners: Vec<_> = listeners.collect();
    match receiver.await {
        Ok(event) => event,
        Err(oneshot::Canceled) => future::pending().await,
    }
}
