//! Loops over `resume()`.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_util::future::FutureExt;
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;

use super::calls::{OpenCall, generator, settle, unless_aborted};
use super::error::wanvas_error;
use super::options::{Options, Purpose};
use super::outcome::{End, handed_over, result_of, told};
use crate::client::caller::Recorder;
use crate::client::outcome::{Failed, Given};
use crate::client::resume::{How, Resume, Resumed};
use crate::proto::facts::Facts;
use crate::proto::journal::{Entry, Stored};
use crate::web::json;
use crate::web::signal::Signal;
use crate::web::task;

/// An async generator of the outcomes of all that is unfinished.
pub fn begin(options: Result<Options, Failed>) -> JsValue {
    let waiting = Rc::new(Waiting {
        options: Cell::new(Some(options)),
        begun: RefCell::default(),
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

/// What has begun.
struct Begun {
    resume: Resume,
    signal: Option<Signal>,
    deliver: Option<Function>,
    facts: &'static Facts,
}

/// The state of a loop over `resume()`.
struct Waiting {
    options: Cell<Option<Result<Options, Failed>>>,
    begun: RefCell<Option<Begun>>,
    /// What the loop is dealing with: it has taken that over when it comes for more.
    given: RefCell<Option<Given>>,
}

impl Begun {
    async fn of(options: Options) -> Result<Self, JsValue> {
        let Options { signal, deliver, only, caller, .. } = options;
        let begun = async {
            let caller = caller(Purpose::Call).map_err(wanvas_error)?;
            let facts = caller.config.provider.facts();
            let resume = Resume::begin(Rc::new(caller), only.as_deref()).await;
            Ok(Begun { resume, signal: signal.clone(), deliver, facts })
        };
        unless_aborted(signal.clone(), begun).await
    }

    async fn next(&mut self) -> Result<Option<(Stored, End)>, JsValue> {
        let Some(Resumed { entry, how }) = self.resume.next().await else { return Ok(None) };
        let mut end = match how {
            How::Here(ended) => told(*ended),
            How::Told(outcome, given) => End {
                result: result_of(&outcome, None),
                entry: Entry::read(entry.value(), self.facts).ok(),
                given: Some(given),
            },
        };
        if let Some(deliver) = &self.deliver {
            end = task::begun(handed_over(end, deliver.clone()).boxed_local()).await;
        }
        Ok(Some((entry, end)))
    }
}

impl Waiting {
    async fn next(&self) -> Result<JsValue, JsValue> {
        if let Some(given) = self.given.take() {
            given.delivered();
        }
        if let Some(options) = self.options.take() {
            *self.begun.borrow_mut() = Some(Begun::of(options.map_err(wanvas_error)?).await?);
        }
        let Some(mut begun) = self.begun.take() else { return Ok(JsValue::UNDEFINED) };
        let Some((entry, end)) = unless_aborted(begun.signal.clone(), begun.next()).await? else {
            return Ok(JsValue::UNDEFINED);
        };
        *self.begun.borrow_mut() = Some(begun);
        let item = Object::new();
        Reflect::set(&item, &"entry".into(), &json::parse(&entry.to_json()))?;
        let (name, value) = match end.result {
            Ok(generation) => ("generation", generation),
            Err(error) => ("error", error),
        };
        Reflect::set(&item, &name.into(), &value)?;
        *self.given.borrow_mut() = end.given;
        Ok(item.into())
    }

    /// The loop was left: what it was dealing with it has not taken over.
    fn end(&self) {
        self.given.take();
        self.begun.take();
    }
}
