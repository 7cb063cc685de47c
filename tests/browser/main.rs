//! What the crate exports to JavaScript, in real browsers.
//!
//! `wasm-pack test --headless --chrome` needs nothing else to run: the gateway is in this program.
//! Where the page's address names one, `?gateway=http://…`, they are over HTTP against that one.
#![cfg(target_arch = "wasm32")]

mod abort;
mod built;
mod client;
mod errors;
mod generate;
mod hostile;
mod poll;
mod secrets;
mod support;
mod wake;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
