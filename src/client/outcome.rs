//! How a call ended, and what its caller and others are told of it.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;

use super::page::Page;
use crate::proto::error::Error;
use crate::proto::generation::Generation;
use crate::web::json;

/// How a call ended.
pub struct Ended {
    /// The pictures, or what went wrong.
    pub result: Result<Generation, Failed>,
    /// What is left to do once the caller has that.
    pub given: Given,
}

/// What went wrong, and what was thrown for it in JavaScript.
#[derive(Debug)]
pub struct Failed {
    /// What went wrong.
    pub error: Box<Error>,
    /// Its cause.
    pub thrown: Option<JsValue>,
}

impl From<Box<Error>> for Failed {
    fn from(error: Box<Error>) -> Self {
        Failed { error, thrown: None }
    }
}

/// A call whose end the caller is being given.
pub struct Given {
    /// The call's page of the journal.
    pub page: Page,
    /// Whether nothing is left to wait for.
    pub is_settled: bool,
}

impl Given {
    /// The caller has dealt with it: the journal may forget the call.
    pub fn delivered(mut self) {
        if self.is_settled {
            self.page.forget();
        }
    }
}

impl Ended {
    /// The end as plain data, `{ generation }` or `{ error }`, which all others who wait for the job
    /// are told now.
    pub fn announce(&self) -> JsValue {
        let (name, data) = match &self.result {
            Ok(generation) => {
                let data = json::to_js(generation);
                let raw = generation.raw.as_deref().map_or(JsValue::UNDEFINED, json::parse);
                set(&data, "raw", &raw);
                ("generation", data)
            }
            Err(failed) => ("error", details(&failed.error)),
        };
        let outcome = Object::new().into();
        set(&outcome, name, &data);
        if self.given.is_settled {
            self.given.page.announce(&outcome);
        }
        outcome
    }
}

/// An error as plain data: the members of a `WanvasError`.
pub fn details(error: &Error) -> JsValue {
    let details = json::to_js(error);
    set(&details, "retryable", &error.retryable().into());
    details
}

fn set(object: &JsValue, name: &str, value: &JsValue) {
    // A plain object of our own takes it.
    let _ = Reflect::set(object, &name.into(), value);
}
