//! Plain data of a caller's.

use serde_json::Value;
use wasm_bindgen::JsValue;

use super::error::Thrown;
use crate::proto::error::Error;
use crate::web::json;

/// Reads a value of a caller's, which an error calls by that name.
pub fn read(name: &str, value: &JsValue) -> Result<Value, Thrown> {
    json::read(value).map_err(|thrown| Thrown {
        error: Error::invalid(name, format!("{name} cannot be read")),
        cause: Some(thrown),
    })
}
