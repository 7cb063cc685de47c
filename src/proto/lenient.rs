//! Reading what gateways write, as far as it can be read.
//!
//! They answer with text where a number was promised, with one object in place of a list, with
//! `null` for what is absent. So each member of an answer is read by one of these, which take
//! whatever comes, and find nothing where that is of no use.

use serde_json::{Number, Value};

use super::time::Timestamp;

/// 2^53, from which on JavaScript skips whole numbers.
const TOO_LARGE: f64 = 9_007_199_254_740_992.0;

/// A text that is not blank.
pub fn text(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| !text.trim().is_empty())
}

/// A text, or a whole number in digits.
pub fn word(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => whole(number).map(|number| number.to_string()),
        _ => text(value).map(str::to_owned),
    }
}

/// A text, a whole number in digits, or a list of texts as one.
pub fn words(value: &Value) -> Option<String> {
    let Value::Array(items) = value else {
        return word(value);
    };
    let texts: Vec<_> = items.iter().filter_map(text).collect();
    (!texts.is_empty()).then(|| texts.join("; "))
}

/// A number, also where it was written as text.
pub fn number(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) => text.trim().parse::<Number>().ok()?.as_f64(),
        _ => value.as_f64(),
    }
}

/// An amount, not below 0, in decimal digits: a text as it was written, for going through a number
/// would round it; a number to a millionth.
pub fn decimal(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => decimal_text(text),
        _ => {
            let amount = value.as_f64().filter(|amount| *amount >= 0.0)?;
            // Plus nothing, so that a negative nothing is none.
            let amount = Number::from_f64((amount * 1e6).round() / 1e6 + 0.0)?.to_string();
            decimal_text(amount.strip_suffix(".0").unwrap_or(&amount))
        }
    }
}

/// The amount that a text is: digits with at most one point among them.
pub fn decimal_text(text: &str) -> Option<String> {
    let text = text.trim();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let points = text.bytes().filter(|byte| *byte == b'.').count();
    let is_decimal = digits > 0 && points <= 1 && digits + points == text.len();
    is_decimal.then(|| text.to_owned())
}

/// A time, given in seconds or in milliseconds since 1970.
///
/// Anything over 10^11 is milliseconds: as seconds it would be the year 5138.
pub fn time(value: &Value) -> Option<Timestamp> {
    let time = safe_integer(number(value)?.trunc()).filter(|time| *time > 0)?;
    let is_millis = time > 100_000_000_000;
    Some(Timestamp::from_unix_millis(if is_millis { time } else { time * 1000 }))
}

/// The items of a list, or the one that came in its place; none of `null`.
pub fn one_or_many(value: &Value) -> &[Value] {
    match value {
        Value::Null => &[],
        Value::Array(items) => items,
        one => std::slice::from_ref(one),
    }
}

/// Whether a value says nothing: `null`, `false`, 0, a blank text, or nothing but those within.
pub fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Bool(true) => false,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.iter().all(is_blank),
        Value::Object(members) => members.values().all(is_blank),
    }
}

/// The number as a whole one from 0, if that is what it is.
pub fn whole(number: &Number) -> Option<u64> {
    number.as_u64().or_else(|| number.as_f64().and_then(safe_integer))
}

/// The number as a whole one from 0 to 2^53 - 1, JavaScript's largest exact integer, if that is what
/// it is.
fn safe_integer(number: f64) -> Option<u64> {
    const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;
    let is_whole = (0.0..=MAX_SAFE_INTEGER).contains(&number) && number.fract() == 0.0;
    is_whole.then_some(number as u64)
}

/// Has numbers be as JavaScript has them: whole ones beyond 2^53 are no longer exact.
pub fn narrow(value: &mut Value) {
    match value {
        Value::Number(number) => {
            let large = number.as_f64().filter(|number| number.abs() >= TOO_LARGE);
            if let Some(large) = large.and_then(Number::from_f64) {
                *number = large;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(narrow),
        Value::Object(members) => members.values_mut().for_each(narrow),
        _ => {}
    }
}
