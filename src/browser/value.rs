//! JavaScript values to plain data and back.

use alloc::vec::Vec;

use wasm_bindgen::prelude::*;

use crate::proto::json::Json;

/// How deep values are read: a gateway's answer has its pictures five levels down, one more is the
/// object that it is handed over in, and nothing deeper is ever asked for.
const MAX_DEPTH: u32 = 8;

/// How many values are read in all: a hundred times as many as an answer has, and few enough that a
/// hostile one does not keep the page from its work.
const MAX_VALUES: u32 = 10_000;

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
    #[wasm_bindgen(catch, static_method_of = Array, js_name = isArray)]
    fn is_array(value: &JsValue) -> Result<bool, JsValue>;
    #[wasm_bindgen(catch, method, getter)]
    fn length(this: &Array) -> Result<u32, JsValue>;
    #[wasm_bindgen(catch, method, structural, indexing_getter)]
    fn get(this: &Array, index: u32) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method)]
    fn push(this: &Array, item: &JsValue);
}

/// Reads a JavaScript value. Members that are `undefined` read as `null`, what cannot be read as
/// [`Json::Other`].
pub fn to_json(value: &JsValue) -> Json {
    read(value, MAX_DEPTH, &mut { MAX_VALUES })
}

fn read(value: &JsValue, depth: u32, left: &mut u32) -> Json {
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
    } else {
        read_within(value, depth - 1, left).unwrap_or(Json::Other)
    }
}

fn read_within(value: &JsValue, depth: u32, left: &mut u32) -> Result<Json, JsValue> {
    if Array::is_array(value)? {
        let items =
            read_items(value.unchecked_ref(), left, |item, left| Ok(read(&item, depth, left)));
        return Ok(Json::List(items?));
    }
    let members = read_items(&Object::entries(value)?, left, |entry, left| {
        let entry: Array = entry.unchecked_into();
        let name = entry.get(0)?.as_string().unwrap_or_default();
        Ok((name, read(&entry.get(1)?, depth, left)))
    });
    Ok(Json::Object(members?))
}

/// Reads the items of an array, as far as there are values left to read.
fn read_items<T>(
    array: &Array,
    left: &mut u32,
    read: impl Fn(JsValue, &mut u32) -> Result<T, JsValue>,
) -> Result<Vec<T>, JsValue> {
    let mut items = Vec::new();
    for index in 0..array.length()? {
        if *left == 0 {
            break;
        }
        *left -= 1;
        items.push(read(array.get(index)?, left)?);
    }
    Ok(items)
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
