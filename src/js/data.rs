//! Plain data of a caller's.

use serde_json::Value;
use wasm_bindgen::JsValue;

use crate::client::outcome::Failed;
use crate::proto::error::Error;
use crate::web::json;

/// Reads a value of a caller's, which an error calls by that name.
pub fn read(name: &str, value: &JsValue) -> Result<Value, Failed> {
    json::read(value).map_err(|thrown| Failed {
        error: Error::invalid(name, format!("{name} cannot be read")),
        thrown: Some(thrown),
    })
}
