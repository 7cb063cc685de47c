//! Reading what a caller gives: each member of an object by a rule, which an error names.

pub mod job;
pub mod size;

use serde_json::Value;

use super::error::{Error, Result};
use super::lenient::whole;

/// Refuses what is no object, with those words; and a member that is not among the known ones,
/// naming it and those.
pub fn check_object(value: &Value, owner: &str, no_object: &str, known: &[&str]) -> Result<()> {
    let members = value.as_object().ok_or_else(|| Error::invalid(owner, no_object))?;
    let Some(name) = members.keys().find(|name| !known.contains(&name.as_str())) else {
        return Ok(());
    };
    let message = format!("{owner} has no member \"{name}\"; it takes {}", known.join(", "));
    Err(Error::invalid(name, message))
}

/// A text without the white space around it; none if nothing is left. Never cut; `max` is in code
/// points.
pub fn text(value: &Value, field: &str, max: usize) -> Result<Option<String>> {
    let text = match &value[field] {
        Value::Null => return Ok(None),
        Value::String(text) => text.trim(),
        _ => return Err(Error::invalid(field, format!("{field} must be text"))),
    };
    let length = text.chars().count();
    if length > max {
        let message = format!("{field} has {length} characters; at most {max} are possible");
        return Err(Error::invalid(field, message));
    }
    Ok((length > 0).then(|| text.to_owned()))
}

/// A whole number within bounds, both inclusive; none if absent.
pub fn integer(value: &Value, field: &str, min: u32, max: u32) -> Result<Option<u32>> {
    let number = match &value[field] {
        Value::Null => return Ok(None),
        Value::Number(number) => whole(number).and_then(|number| u32::try_from(number).ok()),
        _ => None,
    };
    match number.filter(|number| (min..=max).contains(number)) {
        Some(number) => Ok(Some(number)),
        None => {
            let message = format!("{field} must be a whole number from {min} to {max}");
            Err(Error::invalid(field, message))
        }
    }
}

/// `true` or `false`; the default if absent.
pub fn flag(value: &Value, field: &str, default: bool) -> Result<bool> {
    match &value[field] {
        Value::Null => Ok(default),
        Value::Bool(flag) => Ok(*flag),
        _ => Err(Error::invalid(field, format!("{field} must be true or false"))),
    }
}
