//! Values of JavaScript as plain data.

use js_sys::{Array, JSON, JsString};
use serde::Serialize;
use serde_json::Value;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

use crate::proto::http::TEXT_MAX;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_name = String)]
    fn to_string(value: &JsValue) -> Result<String, JsValue>;

    /// The items of a list of any kind; what is thrown where it is none.
    #[wasm_bindgen(catch, js_namespace = Array, js_name = from)]
    pub fn items(list: &JsValue) -> Result<Array, JsValue>;
}

/// What was thrown, in words; none where it has none.
pub fn words(thrown: &JsValue) -> String {
    to_string(thrown).unwrap_or_default()
}

/// Reads a value, all of it at once, so that whoever gave it may change it afterwards; what is thrown
/// where it cannot be read.
///
/// By way of JSON, which reads what objects have, getters and all, and notices cycles. What it has no
/// word for becomes an empty list, and so does a list within: none of ours has one. Half of a
/// surrogate pair becomes U+FFFD, as in all that a browser sends.
pub fn read(value: &JsValue) -> Result<Value, JsValue> {
    let mut replace = |_: JsString, member: JsValue| {
        Ok(Some(match member.as_string() {
            Some(text) => text.into(),
            None if is_data(&member) => member,
            None => Array::new().into(),
        }))
    };
    let text = JSON::stringify_with_replacer_func(value, &mut replace, None)?.as_string();
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

/// Reads plain data, lists too; nothing, of what JSON cannot say. What is thrown where it cannot be read.
pub fn read_all(value: &JsValue) -> Result<Option<Value>, JsValue> {
    let text = JSON::stringify(value)?.as_string();
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// Whether JSON can say it, but for what lies within.
fn is_data(value: &JsValue) -> bool {
    let is_number = value.as_f64().is_none_or(f64::is_finite);
    !Array::is_array(value)
        && !value.is_function()
        && !value.is_symbol()
        && !value.is_bigint()
        && is_number
}

/// Plain data as JavaScript has it: objects of their members, and numbers below 2^53.
pub fn to_js(data: &impl Serialize) -> JsValue {
    data.serialize(&Serializer::json_compatible()).unwrap_or_default()
}

/// A text as `JSON.parse` gives it; its beginning, where it is no JSON.
pub fn parse(text: &str) -> JsValue {
    let start = || JsValue::from(text.chars().take(TEXT_MAX).collect::<String>());
    JSON::parse(text).unwrap_or_else(|_| start())
}
