//! The package as built: how its engine is loaded, and in a worker.
//!
//! Only where the page's address says that its server has one, and where a gateway listens:
//! `?gateway=http://…&package=1`.

use serde_json::json;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{console_log, wasm_bindgen_test};

use crate::support::package::{
    Package, engine_bytes, engine_response, generate_in_worker, has_package, page_url,
};
use crate::support::{GATEWAY, Gateway, KEY, Options, PROVIDERS, a_fox};

#[wasm_bindgen_test]
async fn the_engine_is_loaded_from_what_is_given() {
    if !is_here() {
        return;
    }
    for (query, module) in [
        ("?bytes", engine_bytes().await),
        ("?response", engine_response().await),
        ("?url", page_url("/pkg/wanvas_bg.wasm")),
        ("?nothing", JsValue::UNDEFINED),
    ] {
        let package = Package::import(query).await;
        package.preload(&module).await.unwrap();
        package.preload(&module).await.expect("a second time changes nothing");
        assert!(package.sizes("vtrix").await.unwrap().is_array(), "{query}");
    }
}

#[wasm_bindgen_test]
async fn an_engine_that_cannot_be_loaded_is_an_error_and_can_be_tried_again() {
    if !is_here() {
        return;
    }
    let garbage = js_sys::Uint8Array::new_with_length(64).into();
    for (query, module) in
        [("?garbage", garbage), ("?missing", page_url("/pkg/no_such_engine.wasm"))]
    {
        let package = Package::import(query).await;
        let failure = package.preload(&module).await.unwrap_err();
        assert!(package.is_own_error(&failure.thrown), "{failure:?}");
        assert_eq!(failure.code(), "engine");
        assert_eq!(failure.json["retryable"], true);
        assert_eq!(failure.json["mayHaveBeenCharged"], false);

        Gateway::fresh().await;
        let result = package.generate(a_fox(), &Options::at("vtrix")).await.unwrap();
        assert_eq!(result["status"], "succeeded", "{query}");
    }
}

#[wasm_bindgen_test]
async fn a_worker_can_generate_and_post_the_result() {
    if !is_here() {
        return;
    }
    for provider in PROVIDERS {
        let gateway = Gateway::fresh().await;
        let options = json!({
            "provider": provider, "baseUrl": *GATEWAY, "apiKey": KEY, "pollIntervalMs": 20,
        });
        let result = generate_in_worker(&a_fox(), &options).await;
        assert_eq!(result["status"], "succeeded", "{provider}");
        assert!(result["images"][0]["url"].is_string(), "{provider}");
        gateway.submit().await;
    }
}

/// Whether there is a package to test; says so if there is none.
fn is_here() -> bool {
    if !has_package() {
        console_log!("skipped: the page's address does not say `&package=1`");
    }
    has_package()
}
