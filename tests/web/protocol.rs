//! What a page may see of a server's protocol.

use wanvas::web::protocol::{is_multiplexed, origin};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::page::{replaced, throwing};

/// In place of `performance.getEntriesByType`: gives these entries, in JSON.
fn entries(json: &str) -> JsValue {
    js_sys::Function::new_no_args(&format!("return {json}")).into()
}

#[wasm_bindgen_test]
fn an_address_may_be_relative_to_the_page() {
    let own = origin("/gateway/model").unwrap();
    assert!(own.starts_with("http"), "{own}");
    assert_eq!(origin("").as_ref(), Some(&own));
    assert_eq!(origin("https://a.example/x?y").as_deref(), Some("https://a.example"));
    assert_eq!(origin("http://[").as_deref(), None);
}

#[wasm_bindgen_test]
fn the_server_of_an_origin_is_known_by_its_own_requests() {
    let seen = r#"[
        { "name": "https://shared.example/a", "nextHopProtocol": "h2" },
        { "name": "https://third.example/a", "nextHopProtocol": "h3" },
        { "name": "https://single.example/a", "nextHopProtocol": "http/1.1" },
        { "name": "https://hidden.example/a", "nextHopProtocol": "" },
        { "name": "no address", "nextHopProtocol": "h2" },
        { "name": "https://old.example/a" }
    ]"#;
    let entries = replaced("performance.getEntriesByType", entries(seen));
    for (server, expected) in [
        ("https://shared.example", true),
        ("https://third.example", true),
        ("https://single.example", false),
        ("https://hidden.example", false),
        ("https://old.example", false),
        ("https://shared.example.evil", false),
    ] {
        assert_eq!(is_multiplexed(server), expected, "{server}");
    }
    drop(entries);
    assert!(is_multiplexed("https://shared.example"), "once seen, it is known");
}

#[wasm_bindgen_test]
fn where_nothing_tells_it_is_not_known() {
    let throws = replaced("performance.getEntriesByType", throwing());
    assert!(!is_multiplexed("https://a.example"));
    drop(throws);
    let _none = replaced("performance", JsValue::UNDEFINED);
    assert!(!is_multiplexed("https://a.example"));
}
