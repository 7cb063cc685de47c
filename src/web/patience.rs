//! Waiting for a storage that may never answer: WebKit's IndexedDB falls silent for good where a
//! worker is terminated while it writes.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use futures_util::future::{Either, FutureExt, LocalBoxFuture, select};
use wasm_bindgen::JsValue;

use super::{task, timer};

/// How long a storage may take.
const LIMIT: Duration = Duration::from_secs(5);

/// The patience with one storage, of which none is left once it did not answer in time, until it
/// does.
#[derive(Default)]
pub struct Patience {
    is_silent: Rc<Cell<bool>>,
}

impl Patience {
    /// Whether none is left.
    pub fn is_exhausted(&self) -> bool {
        self.is_silent.get()
    }

    /// What the storage answers; an error, if it does not within 5 s. The work itself goes on to its
    /// end, also where nobody waits for it any more: what is written is written.
    pub async fn wait_for(
        &self,
        work: LocalBoxFuture<'static, Result<JsValue, JsValue>>,
    ) -> Result<JsValue, JsValue> {
        let limit = if self.is_silent.get() { Duration::ZERO } else { LIMIT };
        let is_silent = Rc::clone(&self.is_silent);
        let work = async move {
            let answer = work.await;
            is_silent.set(false);
            answer
        };
        match select(task::begun(work.boxed_local()), Box::pin(timer::sleep(limit))).await {
            Either::Left((answer, _)) => answer,
            Either::Right(_) => {
                self.is_silent.set(true);
                Err(js_sys::Error::new("the storage does not answer").into())
            }
        }
    }
}
