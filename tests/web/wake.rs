//! Signs that waiting may be over.

use wanvas::web::wake;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::page::{ListenerWatch, dispatch, document, page, replaced};
use crate::support::{begun, is_pending};

#[wasm_bindgen_test]
fn the_browser_tells_whether_there_is_a_network() {
    assert!(wake::is_online());
    for (told, is_online) in
        [(JsValue::FALSE, false), (JsValue::TRUE, true), (JsValue::UNDEFINED, true)]
    {
        let _told = replaced("navigator.onLine", told);
        assert_eq!(wake::is_online(), is_online);
    }
}

#[wasm_bindgen_test]
async fn the_page_wakes() {
    let listeners = ListenerWatch::of_page();
    let signs = [
        (document(), "visibilitychange"),
        (page(), "pageshow"),
        (page(), "online"),
        (page(), "offline"),
    ];
    for (target, event) in signs {
        let mut woken = begun(wake::woken()).await;
        dispatch(&page(), "focus");
        assert!(is_pending(&mut woken, 0).await);
        let _visible = replaced("document.visibilityState", "visible");
        dispatch(&target, event);
        woken.await;
        assert_eq!(listeners.left(), 0, "{event}");
    }
}

#[wasm_bindgen_test]
async fn to_be_hidden_is_no_sign() {
    let mut woken = begun(wake::woken()).await;
    let hidden = replaced("document.visibilityState", "hidden");
    dispatch(&document(), "visibilitychange");
    assert!(is_pending(&mut woken, 0).await);
    drop(hidden);
    let _visible = replaced("document.visibilityState", "visible");
    dispatch(&document(), "visibilitychange");
    woken.await;
}

#[wasm_bindgen_test]
async fn who_waits_no_more_leaves_no_listener() {
    let listeners = ListenerWatch::of_page();
    let woken = begun(wake::woken()).await;
    assert_eq!(listeners.left(), 4);
    drop(woken);
    assert_eq!(listeners.left(), 0);
}
