//! The effects of `src/web`, each for itself, in a real browser. No server is asked: what a test
//! sends, a function of its own answers.

#![cfg(target_arch = "wasm32")]

mod channel;
mod clock;
mod fetch;
mod indexed_db;
mod leave;
mod listener;
mod locks;
mod patience;
mod protocol;
mod random;
mod signal;
mod support;
mod timer;
mod wake;

use wasm_bindgen_test::wasm_bindgen_test_configure;

wasm_bindgen_test_configure!(run_in_browser);
