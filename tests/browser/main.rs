//! The package as built, in real browsers, against the local gateway over real HTTP.
#![cfg(target_arch = "wasm32")]

mod abort;
mod errors;
mod generate;
mod hostile;
mod poll;
mod secrets;
mod support;
mod wake;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
