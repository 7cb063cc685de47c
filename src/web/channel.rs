//! What the tabs of an origin, and the calls of a page, tell each other of a job's end. Without a
//! channel, each finds out for itself.

use std::cell::RefCell;
use std::rc::Rc;

use futures_channel::oneshot;
use futures_util::future;
use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{BroadcastChannel, MessageEvent};

use super::life::Undo;
use super::listener;

/// The channel's name; another protocol takes another.
const NAME: &str = "wanvas/1";

/// Tells every other tab and call how a job ended: `{ generation }` or `{ error }`, plain data.
pub fn announce(id: &str, outcome: &JsValue) {
    // What cannot be told is not told.
    let _ = post(id, outcome);
}

fn post(id: &str, outcome: &JsValue) -> Result<(), JsValue> {
    let message = Object::new();
    Reflect::set(&message, &"id".into(), &id.into())?;
    Reflect::set(&message, &"outcome".into(), outcome)?;
    Channel::open()?.handle.post_message(&message)
}

/// Listens to what is announced from now on.
pub fn listen() -> Listener {
    let waiting = Rc::<RefCell<Waiting>>::default();
    let channel = Channel::open().ok();
    let messages = channel.as_ref().map(|channel| {
        let waiting = Rc::clone(&waiting);
        listener::Listener::add(&channel.handle, "message", move |event| {
            let data = event.unchecked_into::<MessageEvent>().data();
            let Some((id, outcome)) = read(&data) else { return };
            let mut waiting = waiting.borrow_mut();
            for (_, waiter) in waiting.extract_if(.., |(waits, _)| *waits == id) {
                // Who has given up waiting needs no news.
                let _ = waiter.send(outcome.clone());
            }
        })
    });
    Listener { waiting, _messages: messages, _channel: channel }
}

/// Those who wait, each for an id's outcome.
type Waiting = Vec<(String, oneshot::Sender<JsValue>)>;

/// The id and the outcome in a message; nothing if it is somebody else's.
fn read(data: &JsValue) -> Option<(String, JsValue)> {
    let id = Reflect::get(data, &"id".into()).ok()?.as_string()?;
    let outcome = Reflect::get(data, &"outcome".into()).ok()?;
    let has = |name: &str| Reflect::get(&outcome, &name.into()).is_ok_and(|end| end.is_truthy());
    (has("generation") || has("error")).then_some((id, outcome))
}

/// Hears what is announced, until dropped.
pub struct Listener {
    waiting: Rc<RefCell<Waiting>>,
    _messages: Option<listener::Listener>,
    _channel: Option<Channel>,
}

impl Listener {
    /// Resolves with how a job ended, if that is told from this call on: it need not be polled
    /// before.
    pub fn outcome_of(&self, id: &str) -> impl Future<Output = JsValue> + use<> {
        let (sender, receiver) = oneshot::channel();
        let mut waiting = self.waiting.borrow_mut();
        waiting.retain(|(_, waiter)| !waiter.is_canceled());
        waiting.push((id.to_owned(), sender));
        async {
            match receiver.await {
                Ok(outcome) => outcome,
                Err(oneshot::Canceled) => future::pending().await,
            }
        }
    }
}

/// An open channel, closed when dropped.
struct Channel {
    handle: BroadcastChannel,
    _undo: Undo,
}

impl Channel {
    fn open() -> Result<Self, JsValue> {
        let handle = BroadcastChannel::new(NAME)?;
        let undo = Undo::close(&handle);
        Ok(Channel { handle, _undo: undo })
    }
}
