//! Doing it.
use wasm_bindgen::prelude::*;

/// Placeholder until the client is here.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").into()
}
