//! A caller's signal.

use js_sys::Function;
use wanvas::web::signal::Signal;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::AbortController;

use crate::support::page::ListenerWatch;
use crate::support::{begun, is_pending};

fn controller() -> (AbortController, Signal) {
    let controller = AbortController::new().unwrap();
    let signal = Signal::of(&controller.signal()).unwrap();
    (controller, signal)
}

fn value(expression: &str) -> JsValue {
    Function::new_no_args(&format!("return {expression}")).call0(&JsValue::UNDEFINED).unwrap()
}

#[wasm_bindgen_test]
async fn an_abort_is_heard_with_its_reason() {
    let (controller, signal) = controller();
    assert!(!signal.is_aborted());
    let mut aborted = begun(signal.aborted()).await;
    assert!(is_pending(&mut aborted, 20).await);
    controller.abort_with_reason(&"enough".into());
    assert!(signal.is_aborted());
    aborted.await;
    assert_eq!(signal.reason(), "enough");
    // That was before.
    signal.aborted().await;
}

#[wasm_bindgen_test]
async fn no_listener_is_left() {
    let (controller, signal) = controller();
    let listeners = ListenerWatch::of(&signal);
    let dropped = begun(signal.aborted()).await;
    let heard = begun(signal.aborted()).await;
    assert_eq!(listeners.left(), 2);
    drop(dropped);
    assert_eq!(listeners.left(), 1);
    controller.abort();
    heard.await;
    assert_eq!(listeners.left(), 0);
}

#[wasm_bindgen_test]
fn a_signal_is_what_can_do_what_one_must() {
    for other in ["undefined", "null", "7", "'signal'", "{}", "{ addEventListener() {} }"] {
        assert!(Signal::of(&value(&format!("({other})"))).is_none(), "{other}");
    }
    let throwing = value("({ get addEventListener() { throw 7 }, removeEventListener() {} })");
    assert!(Signal::of(&throwing).is_none());
}

#[wasm_bindgen_test]
async fn a_hostile_signal_does_no_harm() {
    let signal = value(
        "({
            get aborted() { throw new RangeError('aborted') },
            get reason() { throw new RangeError('reason') },
            addEventListener() { throw new RangeError('add') },
            removeEventListener() { throw new RangeError('remove') },
        })",
    );
    let signal = Signal::of(&signal).unwrap();
    assert!(!signal.is_aborted());
    assert!(signal.reason().is_undefined());
    assert!(is_pending(&mut begun(signal.aborted()).await, 20).await);
}

#[wasm_bindgen_test]
async fn a_signal_that_tells_twice_is_heard_once() {
    let signal = value(
        "({
            addEventListener(_, listener) { this.tell = listener },
            removeEventListener() {},
        })",
    );
    let tell = Function::new_with_args("signal", "signal.tell(); signal.tell();");
    let aborted = Signal::of(&signal).unwrap();
    let aborted = begun(aborted.aborted()).await;
    tell.call1(&JsValue::UNDEFINED, &signal).unwrap();
    aborted.await;
}
