//! The package in real browsers, against the local gateway over real HTTP.
#![cfg(target_arch = "wasm32")]

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Where the gateway listens: `npm test` says it at compile time, `npm start` uses the default.
const GATEWAY: &str = match option_env!("WANVAS_GATEWAY") {
    Some(url) => url,
    None => "http://127.0.0.1:8080",
};

#[wasm_bindgen_test]
async fn the_gateway_is_reached_from_a_page_of_another_origin() {
    let response = get("/__gateway/requests")
        .await
        .expect("an answer that the page may read");
    let status = Reflect::get(&response, &"status".into()).expect("a response");
    assert_eq!(status, JsValue::from(200));
}

/// Sends a GET by the page's own `fetch`.
async fn get(path: &str) -> Result<JsValue, JsValue> {
    let page = js_sys::global();
    let fetch: Function = Reflect::get(&page, &"fetch".into())?.dyn_into()?;
    let url = format!("{GATEWAY}{path}");
    let promise: Promise = fetch.call1(&page, &url.into())?.dyn_into()?;
    JsFuture::from(promise).await
}
