//! Randomness.

use std::collections::BTreeSet;

use wanvas::web::random;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::page::{replaced, throwing};

fn are_different() -> bool {
    let seeds: BTreeSet<u64> = (0..100).map(|_| random::seed()).collect();
    seeds.len() == 100
}

#[wasm_bindgen_test]
fn every_seed_is_another() {
    assert!(are_different());
}

#[wasm_bindgen_test]
fn also_without_cryptography() {
    let nothing = [("crypto", JsValue::UNDEFINED), ("crypto.getRandomValues", throwing().into())];
    for (member, nothing) in nothing {
        let replaced = replaced(member, nothing);
        let are_different = are_different();
        drop(replaced);
        assert!(are_different, "{member}");
    }
}
