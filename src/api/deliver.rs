//! Handing pictures over to the app.

use std::rc::Rc;

use futures_util::future::LocalBoxFuture;
use wasm_bindgen::JsValue;

use crate::client::outcome::{self, Ended, Failed};
use crate::proto::error::Error;
use crate::proto::generation::Generation;
use crate::proto::journal::Entry;

/// Takes the pictures of a call over; what it says where it fails.
pub type Deliver = Rc<dyn Fn(Generation, Entry) -> LocalBoxFuture<'static, Result<(), JsValue>>>;

/// How a call ended, as its app is told.
pub type End = outcome::End<Generation, Box<Error>>;

/// The end to tell; all who wait for the job too are told at once.
pub fn told(ended: Ended) -> End {
    ended.announce();
    let Ended { result, entry, given } = ended;
    End { result: result.map_err(error), entry, given: Some(given) }
}

/// Has the app take over the pictures.
pub async fn handed_over(end: End, deliver: Deliver) -> End {
    let deliver =
        async |made: &Generation, entry: &Entry| deliver(made.clone(), entry.clone()).await;
    end.handed_over(deliver, |made, warning| made.warnings.push(warning), error).await
}

fn error(failed: Failed) -> Box<Error> {
    failed.error
}
