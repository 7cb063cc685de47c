//! How a call ended, and what its caller and others are told of it.

use js_sys::{Object, Reflect};
use serde_json::Value;
use wasm_bindgen::JsValue;

use super::page::Page;
use crate::proto::error::{Error, ErrorCode};
use crate::proto::generation::Generation;
use crate::proto::journal::Entry;
use crate::web::json;

/// How a call ended.
pub struct Ended {
    /// The pictures, or what went wrong.
    pub result: Result<Generation, Failed>,
    /// What the journal knows of the call, but for the pictures; none of what cannot be read.
    pub entry: Option<Entry>,
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

/// How a call ended, in the words of a door.
pub struct End<Made, Failure> {
    /// What its caller is given.
    pub result: Result<Made, Failure>,
    /// The call's entry in the journal; none of what cannot be read.
    pub entry: Option<Entry>,
    /// What is left to do once the caller has dealt with that.
    pub given: Option<Given>,
}

impl<Made, Failure> End<Made, Failure> {
    /// Has the caller take over the pictures, if there are any: only then the journal forgets them.
    /// Where that fails, and the journal does not have them, they are given with a warning.
    pub async fn handed_over(
        mut self,
        deliver: impl AsyncFnOnce(&Made, &Entry) -> Result<(), JsValue>,
        warn: fn(&mut Made, String),
        failure: fn(Failed) -> Failure,
    ) -> Self {
        let (Ok(made), Some(entry)) = (&mut self.result, &self.entry) else { return self };
        let Some(given) = self.given.take_if(|given| given.is_settled) else { return self };
        match deliver(made, entry).await {
            Ok(()) => given.delivered(),
            Err(thrown) if given.page.has_pictures() => {
                self.result = Err(failure(not_delivered(entry, thrown)));
            }
            Err(thrown) => {
                let why = json::words(&thrown);
                let warning =
                    "deliver failed, and no journal has these pictures, which are here only";
                warn(made, format!("{warning}: {why}"));
            }
        }
        self
    }
}

/// What was to take over the pictures of a call threw something.
fn not_delivered(entry: &Entry, thrown: JsValue) -> Failed {
    let why = json::words(&thrown);
    let message = format!(
        "deliver failed, so that the journal keeps the pictures, and resume() gives them again: {why}"
    );
    let mut error = Error::with(ErrorCode::NotDelivered, message);
    entry.mark(&mut error);
    error.may_have_been_charged = true;
    Failed { error, thrown: Some(thrown) }
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

/// The outcome of a call whose pictures the journal has.
pub fn kept(generation: &Value) -> JsValue {
    let outcome = Object::new().into();
    set(&outcome, "generation", &json::to_js(generation));
    outcome
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
