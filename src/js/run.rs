//! Runs a call for a caller.

use std::rc::Rc;

use futures_util::future::FutureExt;
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::calls::{OpenCall, settle, unless_aborted};
use super::error::wanvas_error;
use super::options::{Label, Options, Purpose};
use super::outcome::{handed_over, told};
use crate::client::call::{Start, run};
use crate::client::caller::Caller;
use crate::client::outcome::Failed;
use crate::client::page::Page;
use crate::client::resume::known;
use crate::proto::job::Job;
use crate::proto::request::CheckedRequest;
use crate::web::promise::settled;
use crate::web::task;

/// What a call is about, once it is read.
pub enum Subject {
    /// A request to submit.
    Submit(CheckedRequest),
    /// A job that was submitted before.
    Resume(Job),
}

/// Reads it, by the rules of the caller's gateway.
pub type ReadSubject = Box<dyn FnOnce(&Caller, Label) -> Result<Subject, Failed>>;

/// Begins a call. What is wrong with it rejects the promise, as does an abort.
pub fn begin(options: &JsValue, subject: ReadSubject) -> Promise {
    let options = Options::read(options);
    let call = OpenCall::new();
    let recorder = call.clone();
    let result = async move {
        let Options { signal, deliver, label, caller, .. } = options.map_err(wanvas_error)?;
        unless_aborted(signal, async {
            let mut caller = caller(Purpose::Call).map_err(wanvas_error)?;
            caller.recorder = Some(Rc::new(recorder));
            let caller = Rc::new(caller);
            let (start, page) = match subject(&caller, label).map_err(wanvas_error)? {
                Subject::Submit(request) => {
                    let page = Page::of_new(request.id.as_deref(), caller.journal.clone()).await;
                    (Start::Submit(request), page.map_err(wanvas_error)?)
                }
                Subject::Resume(job) => {
                    caller.record_charge();
                    caller.record_job(&job);
                    known(job, &caller).await
                }
            };
            let mut end = told(run(start, caller, page).await);
            if let Some(deliver) = deliver {
                end = task::begun(handed_over(end, deliver).boxed_local()).await;
            }
            if let Some(given) = end.given {
                spawn_local(async move {
                    reacted().await;
                    given.delivered();
                });
            }
            end.result
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
