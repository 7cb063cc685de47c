//! Waiting for a storage.

use std::cell::Cell;
use std::future::{pending, ready};
use std::rc::Rc;

use futures_channel::oneshot;
use wanvas::web::patience::Patience;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::begun;
use crate::support::page::{TimerWatch, pause};

#[wasm_bindgen_test]
async fn an_answer_is_waited_for() {
    let timers = TimerWatch::start();
    let patience = Patience::default();
    assert_eq!(patience.wait_for(Box::pin(ready(Ok(7.into())))).await, Ok(7.into()));
    let later = async {
        pause(50).await;
        Ok(8.into())
    };
    assert_eq!(patience.wait_for(Box::pin(later)).await, Ok(8.into()));
    assert_eq!(timers.left(), 0);
}

#[wasm_bindgen_test]
async fn silence_is_waited_for_once() {
    let patience = Patience::default();
    let timers = TimerWatch::start();
    let (answer, late) = oneshot::channel();
    let late = async { late.await.map_err(|_| JsValue::NULL) };
    assert!(patience.wait_for(Box::pin(late)).await.is_err());
    let delays = timers.delays();
    assert!((4900.0..=5000.0).contains(&delays[0]), "{delays:?}");
    for _ in 0..3 {
        assert!(patience.wait_for(Box::pin(pending())).await.is_err());
    }
    assert_eq!(timers.delays(), delays);
    answer.send(JsValue::NULL).unwrap();
    pause(0).await;
    let again = async {
        pause(50).await;
        Ok(7.into())
    };
    assert_eq!(patience.wait_for(Box::pin(again)).await, Ok(7.into()));
}

#[wasm_bindgen_test]
async fn the_work_goes_on_where_nobody_waits() {
    let timers = TimerWatch::start();
    let is_done = Rc::new(Cell::new(false));
    let done = Rc::clone(&is_done);
    let patience = Patience::default();
    let waiting = begun(patience.wait_for(Box::pin(async move {
        pause(20).await;
        done.set(true);
        Ok(JsValue::NULL)
    })));
    drop(waiting.await);
    assert_eq!(timers.left(), 0);
    pause(60).await;
    assert!(is_done.get());
}
