//! JavaScript values to plain data and back.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;

use crate::proto::json::Json;

/// How deep values are read: a gateway's answer has its pictures five levels down, and nothing
/// deeper is ever asked for.
const MAX_DEPTH: u32 = 8;

#[wasm_bindgen]
extern "C" {
    // Caught, for a caller's object may be a proxy or have getters that throw.
    #[wasm_bindgen(catch, js_namespace = Object, js_name = entries)]
    fn object_entries(object: &JsValue) -> Result<Array, JsValue>;
}

/// Reads a JavaScript value. Members that are `undefined` are left out.
pub fn to_json(value: &JsValue) -> Json {
    read(value, MAX_DEPTH)
}

/// The own members of an object.
pub fn entries(object: &JsValue) -> Vec<(String, JsValue)> {
    let entries = object_entries(object).unwrap_or_default();
    entries
        .iter()
        .filter_map(|entry| {
            let entry = Array::from(&entry);
            Some((entry.get(0).as_string()?, entry.get(1)))
        })
        .filter(|(_, value)| !value.is_undefined())
        .collect()
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
        Json::List(
            Array::from(value)
                .iter()
                .map(|item| read(&item, depth - 1))
                .collect(),
        )
    } else {
        let read = |(name, value): (String, JsValue)| (name, read(&value, depth - 1));
        Json::Object(entries(value).into_iter().map(read).collect())
    }
}

/// Makes a JavaScript value.
pub fn from_json(json: &Json) -> JsValue {
    match json {
        Json::Null => JsValue::NULL,
        Json::Bool(flag) => (*flag).into(),
        Json::Number(number) => (*number).into(),
        Json::Text(text) => text.into(),
        Json::List(items) => items.iter().map(from_json).collect::<Array>().into(),
        Json::Object(members) => {
            let object = Object::new();
            for (name, value) in members {
                set(&object, name, &from_json(value));
            }
            object.into()
        }
        Json::Other => JsValue::UNDEFINED,
    }
}

/// Sets a member of an object made here, which cannot fail.
pub fn set(object: &JsValue, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}
