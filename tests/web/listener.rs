//! Listeners.

use std::cell::Cell;
use std::rc::Rc;

use wanvas::web::listener::{Listener, first_event};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::page::{ListenerWatch, dispatch, page};
use crate::support::{begun, is_pending};

#[wasm_bindgen_test]
fn each_event_is_heard_until_the_drop() {
    let watch = ListenerWatch::of_page();
    let heard = Rc::new(Cell::new(0));
    let count = Rc::clone(&heard);
    let listener = Listener::add(&page(), "wanvas", move |_| count.set(count.get() + 1));
    dispatch(&page(), "wanvas");
    dispatch(&page(), "other");
    dispatch(&page(), "wanvas");
    assert_eq!((heard.get(), watch.left()), (2, 1));
    drop(listener);
    dispatch(&page(), "wanvas");
    assert_eq!((heard.get(), watch.left()), (2, 0));
    assert_eq!(Rc::strong_count(&heard), 1, "the callback is freed");
}

#[wasm_bindgen_test]
fn a_listener_may_be_dropped_by_what_it_hears() {
    let own = Rc::new(Cell::new(None));
    let taken = Rc::clone(&own);
    own.set(Some(Listener::add(&page(), "wanvas", move |_| drop(taken.take()))));
    dispatch(&page(), "wanvas");
    dispatch(&page(), "wanvas");
    assert_eq!(Rc::strong_count(&own), 1);
}

#[wasm_bindgen_test]
async fn what_has_no_events_tells_none() {
    for nothing in [JsValue::UNDEFINED, JsValue::NULL, 7.into(), js_sys::Object::new().into()] {
        let events = [(&nothing, "wanvas")];
        drop(Listener::add(&nothing, "wanvas", |_| ()));
        let mut event = begun(first_event(&events, |_| true)).await;
        assert!(is_pending(&mut event, 0).await);
    }
}

#[wasm_bindgen_test]
async fn the_first_event_that_counts_is_told() {
    let watch = ListenerWatch::of_page();
    let page = page();
    let events = [(&page, "one"), (&page, "two"), (&page, "three")];
    let mut first = begun(first_event(&events, |event| event != "one")).await;
    dispatch(&page, "one");
    assert!(is_pending(&mut first, 0).await);
    dispatch(&page, "three");
    dispatch(&page, "two");
    assert_eq!(first.await, "three");
    assert_eq!(watch.left(), 0);
}
