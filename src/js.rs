//! The only door to JavaScript: what the package exports, and what goes in and out.

mod calls;
mod data;
mod error;
mod options;
mod store;
mod view;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_util::future::{Either, FutureExt, LocalBoxFuture, select};
use js_sys::{Array, JSON, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::client::call::{Ended, Start, perform};
use crate::client::caller::{Caller, Recorder};
use crate::client::page::Page;
use crate::client::resume::{How, Resume, Resumed, entry_of, unfinished};
use crate::proto::config::read_gateway;
use crate::proto::error::Error;
use crate::proto::facts::Facts;
use crate::proto::http::TEXT_MAX;
use crate::proto::job::Job;
use crate::proto::provider;
use crate::proto::request::{self, GenerateRequest};
use calls::{OpenCall, generator};
use error::{Thrown, wanvas_error};
use options::{Options, Purpose};
use view::{ErrorView, GenerationView, PresetView, to_js};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("js/types.d.ts");

/// Submits a request, and waits for its pictures unless `wait` is `false`.
#[wasm_bindgen(skip_typescript)]
pub fn generate(request: &JsValue, options: &JsValue) -> Promise {
    let request = data::read("request", request);
    let subject = move |caller: &Caller| {
        let request = GenerateRequest::read(&request?, caller.config.provider.facts())?;
        Ok(Subject::Submit(request))
    };
    begin(options, Box::new(subject))
}

/// Waits for a job that was submitted before, in this page or another.
#[wasm_bindgen(skip_typescript)]
pub fn poll(job: &JsValue, options: &JsValue) -> Promise {
    let job = data::read("job", job);
    let subject = move |caller: &Caller| {
        let job = Job::read(&job?, caller.config.provider.facts())?;
        Ok(Subject::Resume(job))
    };
    begin(options, Box::new(subject))
}

/// Checks a request and options by the rules of `generate()`, and sends nothing.
#[wasm_bindgen(skip_typescript)]
pub fn check(request: &JsValue, options: &JsValue) -> Promise {
    let (request, options) = (data::read("request", request), Options::read(options));
    promise(async move {
        let Options { signal, caller } = options.map_err(Thrown::into_js)?;
        if let Some(signal) = signal.filter(|signal| signal.is_aborted()) {
            return Err(signal.reason());
        }
        let facts = caller(Purpose::Call).map_err(Thrown::into_js)?.config.provider.facts();
        let request = request.map_err(Thrown::into_js)?;
        GenerateRequest::read(&request, facts).map_err(|error| wanvas_error(&error, None))?;
        Ok(JsValue::UNDEFINED)
    })
}

/// What a size menu of the gateway shows; the first is the default.
#[wasm_bindgen(skip_typescript)]
pub fn sizes(provider: &JsValue) -> Promise {
    let facts = facts(provider);
    promise(async move {
        let presets = facts?.presets.iter().map(PresetView::from);
        Ok(to_js(&presets.collect::<Vec<_>>()))
    })
}

/// The size that the gateway takes nearest to the one wanted.
#[wasm_bindgen(skip_typescript, js_name = nearestSize)]
pub fn nearest_size(provider: &JsValue, wanted: &JsValue) -> Promise {
    let (facts, wanted) = (facts(provider), data::read("size", wanted));
    promise(async move {
        let wanted = wanted.map_err(Thrown::into_js)?;
        let nearest = request::nearest_size(&wanted, facts?);
        Ok(to_js(&nearest.map_err(|error| wanvas_error(&error, None))?))
    })
}

fn facts(provider: &JsValue) -> Result<&'static Facts, JsValue> {
    let name = data::read("provider", provider).map_err(Thrown::into_js)?;
    let gateway = read_gateway(&name).map_err(|error| wanvas_error(&error, None))?;
    Ok(provider::of(gateway).facts())
}

/// The jobs in the journal whose pictures were not delivered, oldest first.
#[wasm_bindgen(skip_typescript)]
pub fn pending(options: &JsValue) -> Promise {
    let options = Options::read(options);
    promise(async move {
        let Options { signal, caller } = options.map_err(Thrown::into_js)?;
        unless_aborted(signal, async {
            // To look takes no key, which a page may not have yet.
            let caller = caller(Purpose::Look).map_err(Thrown::into_js)?;
            let entries = unfinished(&caller).await;
            Ok(entries.iter().map(|entry| parsed(&entry.to_json())).collect::<Array>().into())
        })
        .await
    })
}

/// Takes a job out of the journal; the gateway makes it all the same.
#[wasm_bindgen(skip_typescript)]
pub fn forget(job: &JsValue, options: &JsValue) -> Promise {
    let (job, journal) = (data::read("job", job), options::read_journal(options));
    promise(async move {
        let (job, journal) = (job.map_err(Thrown::into_js)?, journal.map_err(Thrown::into_js)?);
        let Some(id) = job["id"].as_str() else {
            let message = "job must be a job, or an entry of pending()";
            return Err(wanvas_error(&Error::invalid("job", message), None));
        };
        let Some(journal) = journal else { return Ok(JsValue::UNDEFINED) };
        let entries = journal.list().await.unwrap_or_default();
        let provider = job["provider"].as_str().unwrap_or_default();
        for entry in entries.iter() {
            if entry.id() == id || entry.is_of(provider, id) {
                journal.remove(entry.id()).await;
            }
        }
        Ok(JsValue::UNDEFINED)
    })
}

/// Waits for every job that `pending()` lists, and gives each outcome as it comes.
#[wasm_bindgen(skip_typescript)]
pub fn resume(options: &JsValue) -> JsValue {
    let waiting = Rc::new(Waiting {
        options: Cell::new(Some(Options::read(options))),
        resume: RefCell::default(),
        given: RefCell::default(),
    });
    let next = {
        let waiting = Rc::clone(&waiting);
        Closure::<dyn FnMut() -> Promise>::new(move || {
            let (call, waiting) = (OpenCall::new(), Rc::clone(&waiting));
            call.may_have_been_charged();
            settle(call, async move { waiting.next().await }.boxed_local())
        })
    };
    let end = Closure::once(move || waiting.end());
    generator(&next.into_js_value(), &end.into_js_value())
}

/// The state of a loop over `resume()`.
struct Waiting {
    options: Cell<Option<Result<Options, Thrown>>>,
    resume: RefCell<Option<(Resume, Option<crate::web::signal::Signal>)>>,
    /// What the loop is dealing with: it has been delivered when the loop comes for more, or ends.
    given: RefCell<Option<(Page, bool)>>,
}

impl Waiting {
    async fn next(&self) -> Result<JsValue, JsValue> {
        self.deliver();
        if let Some(options) = self.options.take() {
            let Options { signal, caller } = options.map_err(Thrown::into_js)?;
            let begun = async {
                let caller = caller(Purpose::Call).map_err(Thrown::into_js)?;
                Ok(Resume::begin(Rc::new(caller)).await)
            };
            let resume = unless_aborted(signal.clone(), begun).await?;
            *self.resume.borrow_mut() = Some((resume, signal));
        }
        let Some((mut resume, signal)) = self.resume.take() else {
            return Ok(JsValue::UNDEFINED);
        };
        let next = unless_aborted(signal.clone(), async { Ok(resume.next().await) }).await?;
        let Some(Resumed { entry, how }) = next else { return Ok(JsValue::UNDEFINED) };
        *self.resume.borrow_mut() = Some((resume, signal));
        let item = js_sys::Object::new();
        Reflect::set(&item, &"entry".into(), &parsed(&entry.to_json()))?;
        let (name, value, page, is_settled) = match how {
            How::Here(ended) => {
                let (result, page, is_settled) = told(ended);
                match result {
                    Ok(generation) => ("generation", generation, page, is_settled),
                    Err(error) => ("error", error, page, is_settled),
                }
            }
            How::Told(outcome, page) => {
                let generation = Reflect::get(&outcome, &"generation".into())?;
                if generation.is_object() {
                    ("generation", generation, page, true)
                } else {
                    let details = Reflect::get(&outcome, &"error".into())?;
                    ("error", error::of_details(&details), page, true)
                }
            }
        };
        Reflect::set(&item, &name.into(), &value)?;
        *self.given.borrow_mut() = Some((page, is_settled));
        Ok(item.into())
    }

    /// The loop has dealt with what it was given.
    fn deliver(&self) {
        if let Some((mut page, is_settled)) = self.given.take()
            && is_settled
        {
            page.forget();
        }
    }

    fn end(&self) {
        self.deliver();
        self.resume.take();
    }
}

/// A promise of what a future gives.
fn promise(future: impl Future<Output = Result<JsValue, JsValue>> + 'static) -> Promise {
    settle(OpenCall::new(), future.boxed_local())
}

/// The promise of a call, which is settled with what a future gives.
fn settle(call: OpenCall, future: LocalBoxFuture<'static, Result<JsValue, JsValue>>) -> Promise {
    let promise = call.promise();
    spawn_local(async move {
        match future.await {
            Ok(value) => call.resolve(&value),
            Err(thrown) => call.reject(&thrown),
        }
    });
    promise
}

/// What a call is about, once it is read.
enum Subject {
    Submit(GenerateRequest),
    Resume(Job),
}

/// Reads it, by the rules of the caller's gateway.
type ReadSubject = Box<dyn FnOnce(&Caller) -> Result<Subject, Thrown>>;

/// Begins a call. What is wrong with it rejects the promise, as does an abort.
fn begin(options: &JsValue, subject: ReadSubject) -> Promise {
    let options = Options::read(options);
    let call = OpenCall::new();
    let recorder = call.clone();
    let result = async move {
        let Options { signal, caller } = options.map_err(Thrown::into_js)?;
        unless_aborted(signal, async {
            let mut caller = caller(Purpose::Call).map_err(Thrown::into_js)?;
            caller.recorder = Some(Box::new(recorder));
            let caller = Rc::new(caller);
            let (start, id) = match subject(&caller).map_err(Thrown::into_js)? {
                Subject::Submit(request) => (Start::Submit(request), None),
                Subject::Resume(job) => {
                    caller.record_charge();
                    caller.record_job(&job);
                    let id = entry_of(job.provider.name(), &job.id, &caller).await;
                    (Start::Resume(job), id)
                }
            };
            let page = Page::new(caller.journal.clone(), id, None);
            let (result, mut page, is_settled) = told(perform(start, &caller, page).await);
            spawn_local(async move {
                delivered().await;
                if is_settled {
                    page.forget();
                }
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
async fn delivered() {
    const TURNS: usize = 8;
    for _ in 0..TURNS {
        let turn = JsFuture::from(Promise::resolve(&JsValue::UNDEFINED));
        // It resolves.
        let _ = turn.await;
    }
}

/// Does work until it ends or the signal is aborted, which gives it up at once with the signal's reason.
async fn unless_aborted<T>(
    signal: Option<crate::web::signal::Signal>,
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

/// How a call ended, as JavaScript is told; all who wait for its job too are told at once.
fn told(ended: Ended) -> (Result<JsValue, JsValue>, Page, bool) {
    let Ended { result, raw, is_settled, page } = ended;
    let set = |object: &JsValue, name: &str, value: &JsValue| {
        // A plain object of our own takes it.
        let _ = Reflect::set(object, &name.into(), value);
    };
    let outcome = js_sys::Object::new();
    let result = match result {
        Ok(generation) => {
            let view = to_js(&GenerationView::from(&generation));
            if !page.warnings.is_empty() {
                set(&view, "warnings", &to_js(&page.warnings));
            }
            set(&view, "raw", &raw.map_or(JsValue::UNDEFINED, |text| parsed(&text)));
            set(&outcome, "generation", &view);
            Ok(view)
        }
        Err(failed) => {
            set(&outcome, "error", &to_js(&ErrorView::from(&*failed.error)));
            Err(wanvas_error(&failed.error, failed.thrown))
        }
    };
    if is_settled {
        page.announce(&outcome);
    }
    (result, page, is_settled)
}

/// An answer, or an entry, as `JSON.parse` gives it; its beginning, where it is no JSON.
fn parsed(text: &str) -> JsValue {
    let start = || JsValue::from(text.chars().take(TEXT_MAX).collect::<String>());
    JSON::parse(text).unwrap_or_else(|_| start())
}

impl From<Box<Error>> for Thrown {
    fn from(error: Box<Error>) -> Self {
        Thrown { error, cause: None }
    }
}
