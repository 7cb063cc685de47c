//! JavaScript values to plain data and back.

use alloc::{string::String, vec::Vec};

use wasm_bindgen::prelude::*;

use crate::proto::json::Json;

/// How deep values are read: a gateway's answer has its pictures five levels down, one more is the
/// object that it is handed over in, and nothing deeper is ever asked for.
const MAX_DEPTH: u32 = 8;

// Declared here, because js-sys, for these few, would add 2 KB to the package.
#[wasm_bindgen]
extern "C" {
    type Object;
    #[wasm_bindgen(constructor)]
    fn new() -> Object;
    // Caught, for a caller's object may be a proxy or have getters that throw.
    #[wasm_bindgen(catch, static_method_of = Object)]
    fn entries(object: &JsValue) -> Result<Array, JsValue>;
    #[wasm_bindgen(method, structural, indexing_setter)]
    fn set(this: &Object, name: &str, value: &JsValue);

    type Array;
    #[wasm_bindgen(constructor)]
    fn new() -> Array;
    #[wasm_bindgen(static_method_of = Array, js_name = isArray)]
    fn is_array(value: &JsValue) -> bool;
    #[wasm_bindgen(method, getter)]
    fn length(this: &Array) -> u32;
    #[wasm_bindgen(method, structural, indexing_getter)]
    fn get(this: &Array, index: u32) -> JsValue;
    #[wasm_bindgen(method)]
    fn push(this: &Array, item: &JsValue);
}

/// Reads a JavaScript value. Members that are `undefined` read as `null`.
pub fn to_json(value: &JsValue) -> Json {
    read(value, MAX_DEPTH)
}

fn read(value: &JsValue, depth: u32) -> Json {
    if value.is_null() || value.is_undefined() {
        Json::Null
    } else if let Some(flag) = value.as_bool() {
        Json::Bool(flag)
    } else if let Some(number) = value.as_f64() {
        Json::Number(number)
    } else if let Some(text) = value.as_string() {
        Json::Text(text)
    } else if depth == 0 || !value.is_object() || value.is_function() {
        Json::Other
    } else if Array::is_array(value) {
        Json::List(read_items(value.unchecked_ref(), depth - 1))
    } else if let Ok(entries) = Object::entries(value) {
        Json::Object(read_members(&entries, depth - 1))
    } else {
        Json::Other
    }
}

fn read_items(array: &Array, depth: u32) -> Vec<Json> {
    (0..array.length()).map(|index| read(&array.get(index), depth)).collect()
}

/// Reads pairs of a name and a value.
fn read_members(entries: &Array, depth: u32) -> Vec<(String, Json)> {
    let member = |index| {
        let entry: Array = entries.get(index).unchecked_into();
        (entry.get(0).as_string().unwrap_or_default(), read(&entry.get(1), depth))
    };
    (0..entries.length()).map(member).collect()
}

/// Makes a JavaScript value.
pub fn from_json(json: &Json) -> JsValue {
    match json {
        Json::Null => JsValue::NULL,
        Json::Bool(flag) => (*flag).into(),
        Json::Number(number) => (*number).into(),
        Json::Text(text) => text.into(),
        Json::List(items) => {
            let array = Array::new();
            for item in items {
                array.push(&from_json(item));
            }
            array.into()
        }
        Json::Object(members) => {
            let object = Object::new();
            for (name, value) in members {
                object.set(name, &from_json(value));
            }
            object.into()
        }
        Json::Other => JsValue::UNDEFINED,
    }
}
