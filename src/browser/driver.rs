//! Drives a job: drain its outputs, perform them, feed back what came of it.

use futures_lite::future::or;
use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::fetch::{Fetched, fetch};
use super::options::Options;
use super::{clock, error, timer, value};
use crate::proto::generation::Progress;
use crate::proto::job::{Input, Job, Output};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console, js_name = error)]
    fn console_error(thrown: &JsValue);
}

/// Runs a job to its end. Dropped before, it leaves no request and no timer.
pub async fn run(
    mut job: Job,
    options: &Options,
    mut secrets: Vec<String>,
) -> Result<JsValue, JsValue> {
    let mut request = None;
    // Of the last answer: the result's `raw`, or what caused the error.
    let mut raw = JsValue::UNDEFINED;
    loop {
        match job.poll_output() {
            Output::Send(send) => request = Some(send),
            Output::Progress(progress) => tell(options.on_progress.as_ref(), &progress),
            Output::Wait(until) => {
                let timeout = async {
                    timer::sleep_until(until).await;
                    Fetched {
                        input: Input::Timeout,
                        raw: JsValue::UNDEFINED,
                    }
                };
                let fetched = match request.take() {
                    Some(request) => or(fetch(request, options, &mut secrets), timeout).await,
                    None => timeout.await,
                };
                raw = fetched.raw;
                job.handle_input(fetched.input, clock::now());
            }
            Output::Done(Ok(generation)) => {
                let generation = value::from_json(&generation.to_json());
                value::set(&generation, "raw", &raw);
                return Ok(generation);
            }
            Output::Done(Err(failure)) => return Err(error::to_js(&failure, &secrets, &raw)),
        }
    }
}

/// Tells the caller. What the caller's function throws is its own affair: a paid job goes on.
fn tell(on_progress: Option<&Function>, progress: &Progress) {
    if let Some(function) = on_progress {
        let event = value::from_json(&progress.to_json());
        if let Err(thrown) = function.call1(&JsValue::UNDEFINED, &event) {
            console_error(&thrown);
        }
    }
}
