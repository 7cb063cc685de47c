//! What callers have of their calls, and what becomes of that when the engine crashes: a panic ends
//! its instance.

use futures_util::future::{Either, FutureExt, LocalBoxFuture, select};
use js_sys::Promise;
use wasm_bindgen::handler::schedule_reinit;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::client::caller::Recorder;
use crate::proto::job::Job;
use crate::proto::journal::Entry;
use crate::web::json::to_js;
use crate::web::signal::Signal;

#[wasm_bindgen(module = "/src/js/calls.js")]
extern "C" {
    /// A call whose promise is open. It is rejected if the engine crashes, with what is known of it.
    #[derive(Clone)]
    pub type OpenCall;

    #[wasm_bindgen(constructor)]
    pub fn new() -> OpenCall;

    #[wasm_bindgen(method, getter)]
    pub fn promise(this: &OpenCall) -> Promise;

    #[wasm_bindgen(method)]
    pub fn resolve(this: &OpenCall, value: &JsValue);

    #[wasm_bindgen(method)]
    pub fn reject(this: &OpenCall, thrown: &JsValue);

    #[wasm_bindgen(method, setter)]
    fn set_id(this: &OpenCall, id: &str);

    #[wasm_bindgen(method, setter)]
    fn set_tag(this: &OpenCall, tag: &JsValue);

    #[wasm_bindgen(method, setter, js_name = mayHaveBeenCharged)]
    fn set_may_have_been_charged(this: &OpenCall, may: bool);

    #[wasm_bindgen(method, setter)]
    fn set_job(this: &OpenCall, job: &JsValue);

    /// An async generator of what `next` gives; `end` is called when its loop is left.
    pub fn generator(next: &JsValue, end: &JsValue) -> JsValue;

    fn crashed(cause: &JsValue);

    // Again, only to be exported, for whoever can catch what is no panic.
    #[wasm_bindgen(js_name = crashed, reexport, skip_typescript)]
    fn exported_crashed();

    #[wasm_bindgen(js_name = crashError, reexport, skip_typescript)]
    fn exported_crash_error();

    #[wasm_bindgen(js_name = presentLife, reexport, skip_typescript)]
    fn exported_present_life();
}

impl Recorder for OpenCall {
    fn begins(&self, entry: &Entry) {
        self.set_id(&entry.id);
        if !entry.tag.is_null() {
            self.set_tag(&to_js(&entry.tag));
        }
    }

    fn may_have_been_charged(&self) {
        self.set_may_have_been_charged(true);
    }

    fn has_job(&self, job: &Job) {
        self.set_job(&to_js(job));
    }
}

#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|panic| crashed(&panic.to_string().into())));
}

/// Has the call that follows at once, of any export, begin with a fresh instance. Not before: a
/// callback of the old one would begin it, too, and then go on in the memory of the other.
#[wasm_bindgen(skip_typescript)]
pub fn restart() {
    schedule_reinit();
}

/// A promise of what a future gives.
pub fn promise(future: impl Future<Output = Result<JsValue, JsValue>> + 'static) -> Promise {
    settle(OpenCall::new(), future.boxed_local())
}

/// The promise of a call, which is settled with what a future gives.
pub fn settle(
    call: OpenCall,
    future: LocalBoxFuture<'static, Result<JsValue, JsValue>>,
) -> Promise {
    let promise = call.promise();
    spawn_local(async move {
        match future.await {
            Ok(value) => call.resolve(&value),
            Err(thrown) => call.reject(&thrown),
        }
    });
    promise
}

/// Does work until it ends or the signal is aborted, which gives it up at once with the signal's reason.
pub async fn unless_aborted<T>(
    signal: Option<Signal>,
    work: impl Future<Output = Result<T, JsValue>>,
) -> Result<T, JsValue> {
    let Some(signal) = signal else {
        return work.await;
    };
    if signal.is_aborted() {
        return Err(signal.reason());
    }
    match select(Box::pin(signal.aborted()), Box::pin(work)).await {
        Either::Left(_) => Err(signal.reason()),
        Either::Right((result, _)) => result,
    }
}
