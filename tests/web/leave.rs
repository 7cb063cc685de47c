//! A page that is being left.

use std::time::Duration;

use wanvas::web::{clock, leave};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::page::{ListenerWatch, TimerWatch, dispatch, page};
use crate::support::{begun, is_pending};

#[wasm_bindgen_test]
async fn a_page_that_stays_is_not_waited_for() {
    let listeners = ListenerWatch::of_page();
    let timers = TimerWatch::start();
    let watch = leave::watch();
    assert_eq!(listeners.left(), 2);
    watch.stays().await;
    drop(watch);
    assert_eq!((listeners.left(), timers.delays().len()), (0, 0));
}

#[wasm_bindgen_test]
async fn a_page_that_is_left_may_live_on_after_all() {
    let watch = leave::watch();
    dispatch(&page(), "pagehide");
    let begin = clock::now();
    watch.stays().await;
    assert!(clock::now().since(begin) >= Duration::from_secs(5));
}

#[wasm_bindgen_test]
async fn who_waits_no_more_leaves_nothing() {
    let listeners = ListenerWatch::of_page();
    let timers = TimerWatch::start();
    let watch = leave::watch();
    dispatch(&page(), "beforeunload");
    let mut stays = begun(watch.stays()).await;
    assert!(is_pending(&mut stays, 20).await);
    assert_eq!(timers.left(), 1);
    drop(stays);
    drop(watch);
    assert_eq!((listeners.left(), timers.left()), (0, 0));
}

#[wasm_bindgen_test]
async fn who_watches_at_once_listens_once_and_knows_what_came_before() {
    let listeners = ListenerWatch::of_page();
    let timers = TimerWatch::start();
    let first = leave::watch();
    dispatch(&page(), "beforeunload");
    let second = leave::watch();
    assert_eq!(listeners.left(), 2);
    second.stays().await;
    assert_eq!(timers.delays().len(), 0, "the page stayed before it");
    let mut stays = begun(first.stays()).await;
    assert!(is_pending(&mut stays, 20).await);
    drop(stays);
    drop((first, second));
    assert_eq!((listeners.left(), timers.left()), (0, 0));
}
