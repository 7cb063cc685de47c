//! The time.

use std::time::Duration;

use js_sys::{Date, Function};
use wanvas::web::clock;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::page::{replaced, throwing};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn performance_now() -> f64;
}

fn telling(expression: &str) -> Function {
    Function::new_no_args(&format!("return {expression}"))
}

#[wasm_bindgen_test]
fn it_is_now() {
    let before = Date::now() as u64;
    assert!(clock::now().unix_millis() >= before);
    assert!(clock::now().unix_millis() <= before + 60_000);
}

#[wasm_bindgen_test]
fn time_goes_on_where_the_clock_is_set_back() {
    let before = clock::now();
    let past = replaced("Date.now", telling("1000"));
    // In one turn: the browser's own driver goes by the clock.
    let end = performance_now() + 40.0;
    while performance_now() < end {}
    let passed = clock::now().since(before);
    drop(past);
    assert!(passed >= Duration::from_millis(39) && passed < Duration::from_secs(10), "{passed:?}");
}

#[wasm_bindgen_test]
fn a_clock_that_tells_no_number_is_not_believed() {
    let before = clock::now();
    for nonsense in ["NaN", "undefined", "Infinity", "-Infinity"] {
        let wall = replaced("Date.now", telling(nonsense));
        let steady = replaced("performance.now", telling(nonsense));
        let now = clock::now();
        drop((wall, steady));
        assert!(now >= before && now.since(before) < Duration::from_secs(10), "{nonsense}");
    }
    assert!(clock::now().since(before) < Duration::from_secs(10));
}

#[wasm_bindgen_test]
fn without_a_steady_clock_the_other_tells_the_time() {
    let before = clock::now();
    let nothing = [
        ("performance", JsValue::UNDEFINED),
        ("performance", JsValue::NULL),
        ("performance.now", throwing().into()),
        ("Date.now", throwing().into()),
    ];
    for (member, nothing) in nothing {
        let replaced = replaced(member, nothing);
        let now = clock::now();
        drop(replaced);
        assert!(now >= before && now.since(before) < Duration::from_secs(10), "{member}");
    }
}
