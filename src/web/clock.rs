//! The time.

use std::cell::Cell;

use wasm_bindgen::prelude::*;

use crate::proto::time::Timestamp;

#[wasm_bindgen]
extern "C" {
    /// Milliseconds since some time, by a clock that nobody can set.
    #[wasm_bindgen(catch, js_namespace = performance, js_name = now)]
    fn performance_now() -> Result<f64, JsValue>;
}

/// A reading of the clocks, in milliseconds.
#[derive(Clone, Copy, Default)]
struct Reading {
    /// Since 1970 began in UTC.
    wall: f64,
    /// Since some time, by the clock that nobody can set; 0 where there is none.
    steady: f64,
}

thread_local! {
    static LAST: Cell<Reading> = const { Cell::new(Reading { wall: 0.0, steady: 0.0 }) };
}

/// Now. Never before what was told before: where somebody sets the clock back, time goes on from
/// where it was. A machine that slept finds the time that has passed.
pub fn now() -> Timestamp {
    let last = LAST.get();
    // A page's fake clocks may tell anything.
    let steady = performance_now().ok().filter(|told| told.is_finite()).unwrap_or(last.steady);
    let told = Some(js_sys::Date::now()).filter(|told| told.is_finite()).unwrap_or(0.0);
    let passed = (steady - last.steady).max(0.0);
    let wall = (last.wall + passed).max(told);
    LAST.set(Reading { wall, steady });
    Timestamp::from_unix_millis(wall as u64)
}
