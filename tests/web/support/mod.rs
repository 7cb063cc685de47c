//! What all the tests need.

pub mod page;

use std::pin::Pin;

use futures_util::future::poll_immediate;

/// A future that was polled and is still pending.
pub async fn begun<'a, T>(
    future: impl Future<Output = T> + 'a,
) -> Pin<Box<dyn Future<Output = T> + 'a>> {
    let mut future: Pin<Box<dyn Future<Output = T> + 'a>> = Box::pin(future);
    assert!(poll_immediate(&mut future).await.is_none(), "it was not pending");
    future
}

/// Whether a future is still pending, after so many milliseconds.
pub async fn is_pending<T>(future: &mut Pin<Box<dyn Future<Output = T> + '_>>, ms: u32) -> bool {
    page::pause(ms).await;
    poll_immediate(future).await.is_none()
}
