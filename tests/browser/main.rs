//! The package as built, in real browsers, against the local gateway over real HTTP.
#![cfg(target_arch = "wasm32")]

mod generate;
mod support;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
