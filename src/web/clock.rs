//! The time.

use std::cell::Cell;

use wasm_bindgen::prelude::*;

use crate::proto::time::Timestamp;

#[wasm_bindgen]
extern "C" {
    /// Milliseconds since some time, by a clock that nobody can set.
    #[wasm_bindgen(catch, js_namespace = performance, js_name = now)]
    fn performance_now() -> Result<f64, JsValue>;

    /// Milliseconds since 1970 began in UTC, by a clock that can be set.
    #[wasm_bindgen(catch, js_namespace = Date, js_name = now)]
    fn date_now() -> Result<f64, JsValue>;
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
    let steady = finite(performance_now()).unwrap_or(last.steady);
    let passed = (steady - last.steady).max(0.0);
    let wall = (last.wall + passed).max(finite(date_now()).unwrap_or(0.0));
    LAST.set(Reading { wall, steady });
    Timestamp::from_unix_millis(wall as u64)
}

/// What a clock told; a page's fake one may tell anything.
fn finite(told: Result<f64, JsValue>) -> Option<f64> {
    told.ok().filter(|told| told.is_finite())
}
