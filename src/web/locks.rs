//! Locks, which the tabs of an origin and the calls of a page have one after the other. A tab that is
//! closed has none.

use futures_channel::oneshot;
use futures_util::future::{Either, select};
use js_sys::{Object, Promise};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::abort::AbortGuard;
use super::lane::Place;
use super::life::aborted;
use super::promise::settled;

/// The beginning of each lock's name; another protocol takes another.
const PREFIX: &str = "wanvas/1";

#[wasm_bindgen]
extern "C" {
    #[derive(Clone)]
    type Navigator;

    #[wasm_bindgen(thread_local_v2, js_name = navigator)]
    static NAVIGATOR: Option<Navigator>;

    #[wasm_bindgen(method, getter, catch)]
    fn locks(this: &Navigator) -> Result<Option<LockManager>, JsValue>;

    /// Of ours, as `web-sys` has the Web Locks only behind an unstable flag.
    type LockManager;

    #[wasm_bindgen(method, catch)]
    fn request(
        this: &LockManager,
        name: &str,
        options: &LockOptions,
        granted: &JsValue,
    ) -> Result<JsValue, JsValue>;

    type LockOptions;

    #[wasm_bindgen(method, setter)]
    fn set_signal(this: &LockOptions, signal: &AbortSignal);

    #[wasm_bindgen(method, setter, js_name = ifAvailable)]
    fn set_if_available(this: &LockOptions, is_set: bool);
}

/// A lock, which is released when dropped.
pub struct Held {
    origin: Option<OriginLock>,
    _page: Option<Place>,
}

impl Held {
    /// Whether other tabs have to wait for it too.
    pub fn is_of_origin(&self) -> bool {
        self.origin.is_some()
    }
}

/// Waits until nobody else has the lock of this id. Where there are no locks, or none for us as in a
/// sandboxed frame, only the calls of this page wait for each other.
pub async fn hold(id: &str) -> Held {
    let name = format!("{PREFIX} {id}");
    if let Answer::Granted(lock) = OriginLock::take(&name, false).await {
        return Held { origin: Some(lock), _page: None };
    }
    let mut place = Place::take(name, 1);
    place.turn().await;
    Held { origin: None, _page: Some(place) }
}

/// The lock of this id, if nobody else has it; where there are no locks, no other call of this page.
pub async fn try_hold(id: &str) -> Option<Held> {
    let name = format!("{PREFIX} {id}");
    match OriginLock::take(&name, true).await {
        Answer::Granted(lock) => Some(Held { origin: Some(lock), _page: None }),
        Answer::Taken => None,
        Answer::NoLocks => try_hold_in_page(&name, 1),
    }
}

/// A lock that so many calls of this page may have at once, if not as many have it.
pub fn try_hold_in_page(name: &str, at_once: u32) -> Option<Held> {
    let place = Place::take(name.to_owned(), at_once);
    place.is_running().then(|| Held { origin: None, _page: Some(place) })
}

/// What the browser says to a request for a lock.
enum Answer {
    Granted(OriginLock),
    /// Another has it.
    Taken,
    /// It has none, or none for us.
    NoLocks,
}

/// The browser's lock, or the request for it: its signal ends either.
struct OriginLock {
    _end: AbortGuard,
    _granted: Closure<dyn FnMut(JsValue) -> Promise>,
}

impl OriginLock {
    /// Waits for the lock, or takes it only if it is free.
    async fn take(name: &str, if_free: bool) -> Answer {
        Self::request(name, if_free).await.unwrap_or(Answer::NoLocks)
    }

    async fn request(name: &str, if_free: bool) -> Option<Answer> {
        let locks = NAVIGATOR.with(Option::clone)?.locks().ok()??;
        let abort = AbortGuard::new().ok()?;
        let (grant, granted) = oneshot::channel();
        let signal = abort.signal();
        let callback = Closure::once(move |lock: JsValue| {
            let is_free = !lock.is_null();
            let _ = grant.send(is_free);
            // The browser's for as long as this promise is pending.
            if is_free { aborted(&signal) } else { Promise::resolve(&lock) }
        });
        let options: LockOptions = Object::new().unchecked_into();
        if if_free {
            // Not to be had together with a signal.
            options.set_if_available(true);
        } else {
            options.set_signal(&abort.signal());
        }
        let request = locks.request(name, &options, callback.as_js_value()).ok()?;
        let lock = OriginLock { _end: abort, _granted: callback };
        match select(granted, settled(&request)).await {
            Either::Left((Ok(true), _)) => Some(Answer::Granted(lock)),
            Either::Left((Ok(false), _)) => Some(Answer::Taken),
            _ => None,
        }
    }
}
