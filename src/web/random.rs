//! Randomness.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = crypto, js_name = getRandomValues)]
    fn fill_with_random_bytes(bytes: &Uint8Array) -> Result<(), JsValue>;
}

/// 2^53: JavaScript's `Math.random` has so many different values.
const MATH_RANDOM_VALUES: f64 = 9_007_199_254_740_992.0;

/// A number that nobody can guess, to begin a generator of random numbers with. Where there is no
/// cryptography it has 53 bits, which somebody could guess.
pub fn seed() -> u64 {
    let bytes = Uint8Array::new_with_length(8);
    match fill_with_random_bytes(&bytes) {
        Ok(()) => {
            let mut seed = [0; 8];
            bytes.copy_to(&mut seed);
            u64::from_le_bytes(seed)
        }
        Err(_) => (js_sys::Math::random() * MATH_RANDOM_VALUES) as u64,
    }
}
