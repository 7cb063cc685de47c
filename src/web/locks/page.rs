//! Locks that only the calls of this page know of.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};

use futures_channel::oneshot;
use futures_util::future;

thread_local! {
    /// Those who wait for each lock that somebody has, in their order.
    static LINES: RefCell<BTreeMap<String, VecDeque<oneshot::Sender<PageLock>>>> =
        const { RefCell::new(BTreeMap::new()) };
}

/// A lock, which the next in its line has when it is dropped.
pub struct PageLock {
    name: String,
}

impl PageLock {
    /// Waits until all who came before have had the lock.
    pub async fn take(name: &str) -> Self {
        let Some(turn) = Self::queue(name) else { return PageLock { name: name.to_owned() } };
        match turn.await {
            Ok(lock) => lock,
            Err(oneshot::Canceled) => future::pending().await,
        }
    }

    /// The turn to wait for; none if nobody has the lock.
    fn queue(name: &str) -> Option<oneshot::Receiver<PageLock>> {
        LINES.with_borrow_mut(|lines| {
            let Some(line) = lines.get_mut(name) else {
                lines.insert(name.to_owned(), VecDeque::new());
                return None;
            };
            let (sender, turn) = oneshot::channel();
            line.push_back(sender);
            Some(turn)
        })
    }
}

impl Drop for PageLock {
    fn drop(&mut self) {
        let name = std::mem::take(&mut self.name);
        let next = LINES.with_borrow_mut(|lines| {
            let line = lines.get_mut(&name)?;
            while let Some(waiter) = line.pop_front() {
                if !waiter.is_canceled() {
                    return Some(waiter);
                }
            }
            lines.remove(&name);
            None
        });
        if let Some(waiter) = next {
            // One who gives up before taking it drops it, and so passes it on.
            let _ = waiter.send(PageLock { name });
        }
    }
}
