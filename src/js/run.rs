//! Runs a call for a caller.

use std::rc::Rc;

use futures_util::future::FutureExt;
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::calls::{OpenCall, settle, unless_aborted};
use super::error::wanvas_error;
use super::options::{Options, Purpose};
use super::outcome::told;
use crate::client::call::{Start, perform};
use crate::client::caller::Caller;
use crate::client::outcome::Failed;
use crate::client::page::Page;
use crate::client::resume::entry_of;
use crate::proto::job::Job;
use crate::proto::request::CheckedRequest;
use crate::web::promise::settled;

/// What a call is about, once it is read.
pub enum Subject {
    /// A request to submit.
    Submit(CheckedRequest),
    /// A job that was submitted before.
    Resume(Job),
}

/// Reads it, by the rules of the caller's gateway.
pub type ReadSubject = Box<dyn FnOnce(&Caller) -> Result<Subject, Failed>>;

/// Begins a call. What is wrong with it rejects the promise, as does an abort.
pub fn begin(options: &JsValue, subject: ReadSubject) -> Promise {
    let options = Options::read(options);
    let call = OpenCall::new();
    let recorder = call.clone();
    let result = async move {
        let Options { signal, caller } = options.map_err(wanvas_error)?;
        unless_aborted(signal, async {
            let mut caller = caller(Purpose::Call).map_err(wanvas_error)?;
            caller.recorder = Some(Rc::new(recorder));
            let caller = Rc::new(caller);
            let (start, id) = match subject(&caller).map_err(wanvas_error)? {
                Subject::Submit(request) => (Start::Submit(request), None),
                Subject::Resume(job) => {
                    caller.record_charge();
                    caller.record_job(&job);
                    let id = entry_of(job.provider.name(), &job.id, &caller).await;
                    (Start::Resume(job), id)
                }
            };
            let page = Page::new(caller.journal.clone(), id, None);
            let (result, given) = told(perform(start, &caller, page).await);
            spawn_local(async move {
                reacted().await;
                given.delivered();
            });
            result
        })
        .await
    };
    settle(call, result.boxed_local())
}

/// Resolves once the caller has reacted to a result that is given out now: what was paid for would be
/// lost with a page that dies in between. The reaction comes a few turns of the microtask queue later,
/// one for each function that passes the promise on.
async fn reacted() {
    const TURNS: usize = 8;
    for _ in 0..TURNS {
        // It resolves.
        let _ = settled(&JsValue::UNDEFINED).await;
    }
}
