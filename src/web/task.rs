//! Work that goes on whoever waits for it.

use std::future::pending;

use futures_channel::oneshot;
use futures_util::future::{FutureExt, LocalBoxFuture};
use wasm_bindgen_futures::spawn_local;

/// Begins work at once, which goes on to its end also where the future is dropped; what it gives then is
/// dropped too.
pub fn begun<T: 'static>(work: LocalBoxFuture<'static, T>) -> LocalBoxFuture<'static, T> {
    let (sender, receiver) = oneshot::channel();
    spawn_local(async move {
        let _ = sender.send(work.await);
    });
    let result = async {
        match receiver.await {
            Ok(result) => result,
            // The task is gone, and so is the page.
            Err(oneshot::Canceled) => pending().await,
        }
    };
    result.boxed_local()
}
