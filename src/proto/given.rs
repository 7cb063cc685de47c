//! Reading what a caller gives: each member of an object by a rule, which an error names.

pub mod job;
pub mod size;

use std::ops::RangeInclusive;
use std::time::Duration;

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

/// A text; none if absent.
pub fn text(value: &Value, field: &str) -> Result<Option<String>> {
    match &value[field] {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text.clone())),
        _ => Err(Error::invalid(field, format!("{field} must be text"))),
    }
}

/// A text without the white space around it; none if nothing is left. Never cut; `max` is in code
/// points.
pub fn bounded(field: &str, text: Option<String>, max: usize) -> Result<Option<String>> {
    let Some(text) = text else { return Ok(None) };
    let text = text.trim();
    let length = text.chars().count();
    if length > max {
        let message = format!("{field} has {length} characters; at most {max} are possible");
        return Err(Error::invalid(field, message));
    }
    Ok((length > 0).then(|| text.to_owned()))
}

/// A whole number; none if absent. Its bounds are those that [`within`] holds it to.
pub fn integer(value: &Value, field: &str, bounds: RangeInclusive<u32>) -> Result<Option<u32>> {
    match &value[field] {
        Value::Null => Ok(None),
        Value::Number(number) => match whole(number).and_then(|number| number.try_into().ok()) {
            Some(number) => Ok(Some(number)),
            None => Err(out_of_bounds(field, bounds)),
        },
        _ => Err(out_of_bounds(field, bounds)),
    }
}

/// A number within bounds.
pub fn within(field: &str, number: u32, bounds: RangeInclusive<u32>) -> Result<u32> {
    if bounds.contains(&number) { Ok(number) } else { Err(out_of_bounds(field, bounds)) }
}

/// A duration whose whole milliseconds are within bounds.
pub fn millis_within(
    field: &str,
    duration: Duration,
    bounds: RangeInclusive<u32>,
) -> Result<Duration> {
    within(field, u32::try_from(duration.as_millis()).unwrap_or(u32::MAX), bounds)?;
    Ok(duration)
}

fn out_of_bounds(field: &str, bounds: RangeInclusive<u32>) -> Box<Error> {
    let (min, max) = bounds.into_inner();
    Error::invalid(field, format!("{field} must be a whole number from {min} to {max}"))
}

/// `true` or `false`; the default if absent.
pub fn flag(value: &Value, field: &str, default: bool) -> Result<bool> {
    match &value[field] {
        Value::Null => Ok(default),
        Value::Bool(flag) => Ok(*flag),
        _ => Err(Error::invalid(field, format!("{field} must be true or false"))),
    }
}
