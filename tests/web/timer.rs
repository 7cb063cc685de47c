//! Waiting for a time.

use std::time::Duration;

use wanvas::proto::time::Timestamp;
use wanvas::web::{clock, timer};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::begun;
use crate::support::page::{TimerWatch, pause, replaced};

#[wasm_bindgen_test]
async fn a_sleep_ends_when_its_time_has_come() {
    let begin = clock::now();
    timer::sleep(Duration::from_millis(60)).await;
    let slept = clock::now().since(begin);
    assert!(slept >= Duration::from_millis(60), "{slept:?}");
}

#[wasm_bindgen_test]
async fn a_time_that_has_come_needs_no_timer() {
    let timers = TimerWatch::start();
    timer::sleep_until(clock::now()).await;
    timer::sleep_until(Timestamp::default()).await;
    assert!(timers.delays().is_empty());
}

#[wasm_bindgen_test]
async fn a_timer_that_fires_early_is_set_again() {
    let early = js_sys::Function::new_with_args("callback", "queueMicrotask(callback); return 7;");
    let begin = clock::now();
    let early = replaced("setTimeout", early);
    timer::sleep(Duration::from_millis(20)).await;
    drop(early);
    assert!(clock::now().since(begin) >= Duration::from_millis(20));
}

#[wasm_bindgen_test]
async fn no_time_is_too_far_for_a_timer() {
    let timers = TimerWatch::start();
    let sleep = begun(timer::sleep_until(Timestamp::from_unix_millis(u64::MAX))).await;
    assert_eq!(timers.delays(), [2_147_483_647.0]);
    pause(20).await;
    assert_eq!(timers.left(), 1);
    drop(sleep);
}

#[wasm_bindgen_test]
async fn a_sleep_that_is_dropped_leaves_no_timer() {
    let timers = TimerWatch::start();
    let sleep = begun(timer::sleep(Duration::from_secs(60))).await;
    assert_eq!(timers.left(), 1);
    drop(sleep);
    assert_eq!(timers.left(), 0);
}
