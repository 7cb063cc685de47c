//! The engine with a way to crash it, for the tests.

#![cfg(target_arch = "wasm32")]

// What it exports is all that is wanted of it.
use wanvas as _;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

/// Crashes the engine in a running task: by a `"panic"`, or as the `"stack"` or the `"memory"` is
/// exhausted.
#[wasm_bindgen]
pub fn crash(how: String) {
    spawn_local(async move {
        match how.as_str() {
            "panic" => panic!("a task panics"),
            "stack" => drop(deeper(&how)),
            _ => exhaust(),
        }
    });
}

/// Needs more of the stack each time.
fn deeper(words: &str) -> String {
    match words {
        "" => String::new(),
        _ => deeper(&format!("{words} deeper")) + words,
    }
}

/// Takes memory until there is none.
fn exhaust() -> ! {
    const SIZE: usize = 64 * 1024 * 1024;
    let mut taken = Vec::new();
    loop {
        taken.push(Vec::<u8>::with_capacity(SIZE));
    }
}
