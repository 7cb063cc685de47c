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
}

/// A lock, which is released when dropped.
pub struct Held {
    _origin: Option<OriginLock>,
    _page: Option<Place>,
}

/// Waits until nobody else has the lock of this id. Where there are no locks, or none for us as in a
/// sandboxed frame, only the calls of this page wait for each other.
pub async fn hold(id: &str) -> Held {
    let name = format!("{PREFIX} {id}");
    if let Some(lock) = OriginLock::take(&name).await {
        return Held { _origin: Some(lock), _page: None };
    }
    let mut place = Place::take(name, 1);
    place.turn().await;
    Held { _origin: None, _page: Some(place) }
}

/// The browser's lock, or the request for it: its signal ends either.
struct OriginLock {
    _end: AbortGuard,
    _granted: Closure<dyn FnMut(JsValue) -> Promise>,
}

impl OriginLock {
    /// Waits for the lock; gives none where the browser has or grants none.
    async fn take(name: &str) -> Option<Self> {
        let locks = NAVIGATOR.with(Option::clone)?.locks().ok()??;
        let abort = AbortGuard::new().ok()?;
        let (grant, granted) = oneshot::channel();
        let signal = abort.signal();
        let callback = Closure::once(move |_: JsValue| {
            let _ = grant.send(());
            // The browser's for as long as this promise is pending.
            aborted(&signal)
        });
        let options: LockOptions = Object::new().unchecked_into();
        options.set_signal(&abort.signal());
        let request = locks.request(name, &options, callback.as_js_value()).ok()?;
        let lock = OriginLock { _end: abort, _granted: callback };
        match select(granted, settled(&request)).await {
            Either::Left((Ok(()), _)) => Some(lock),
            _ => None,
        }
    }
}
