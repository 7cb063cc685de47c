//! Waiting for a time.

use std::time::Duration;

use gloo_timers::future::TimeoutFuture;

use super::clock;
use crate::proto::time::{Timestamp, millis};

/// The longest delay that `setTimeout` takes, in milliseconds; it runs a longer one at once.
const MAX_DELAY_MS: u32 = 2_147_483_647;

/// Waits until the clock says so, since a timer can fire early, and a sleeping machine's fires late.
pub async fn sleep_until(time: Timestamp) {
    loop {
        let left = millis(time.since(clock::now()));
        if left == 0 {
            return;
        }
        let delay = u32::try_from(left).unwrap_or(MAX_DELAY_MS).min(MAX_DELAY_MS);
        TimeoutFuture::new(delay).await;
    }
}

/// Waits so long.
pub async fn sleep(duration: Duration) {
    sleep_until(clock::now() + duration).await;
}
