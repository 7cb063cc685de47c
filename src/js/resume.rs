//! Loops over `resume()`.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_util::future::FutureExt;
use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::prelude::*;

use super::calls::{OpenCall, generator, settle, unless_aborted};
use super::error::wanvas_error;
use super::options::{Options, Purpose};
use super::outcome::{result_of, told};
use crate::client::caller::Recorder;
use crate::client::outcome::{Failed, Given};
use crate::client::resume::{How, Resume, Resumed};
use crate::web::json;
use crate::web::signal::Signal;

/// An async generator of the outcomes of all that is unfinished.
pub fn begin(options: Result<Options, Failed>) -> JsValue {
    let waiting = Rc::new(Waiting {
        options: Cell::new(Some(options)),
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
    options: Cell<Option<Result<Options, Failed>>>,
    resume: RefCell<Option<(Resume, Option<Signal>)>>,
    /// What the loop is dealing with: it has been delivered when the loop comes for more, or ends.
    given: RefCell<Option<Given>>,
}

impl Waiting {
    async fn next(&self) -> Result<JsValue, JsValue> {
        self.deliver();
        if let Some(options) = self.options.take() {
            let Options { signal, caller } = options.map_err(wanvas_error)?;
            let begun = async {
                let caller = caller(Purpose::Call).map_err(wanvas_error)?;
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
        let item = Object::new();
        Reflect::set(&item, &"entry".into(), &json::parse(&entry.to_json()))?;
        let (result, given) = match how {
            How::Here(ended) => told(*ended),
            How::Told(outcome, given) => (result_of(&outcome, None), given),
        };
        let (name, value) = match result {
            Ok(generation) => ("generation", generation),
            Err(error) => ("error", error),
        };
        Reflect::set(&item, &name.into(), &value)?;
        *self.given.borrow_mut() = Some(given);
        Ok(item.into())
    }

    /// The loop has dealt with what it was given.
    fn deliver(&self) {
        if let Some(given) = self.given.take() {
            given.delivered();
        }
    }

    fn end(&self) {
        self.deliver();
        self.resume.take();
    }
}
