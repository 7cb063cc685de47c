//! Work on text that the standard library does with more than the package can spare.
//!
//! Its formatting and its search for patterns would add a quarter to what every visitor loads.

use alloc::string::String;

/// A number's digits.
pub fn digits(number: u64) -> String {
    let mut text = if number > 9 { digits(number / 10) } else { String::new() };
    text.push(char::from(b'0' + (number % 10) as u8));
    text
}

/// The number that digits alone make, no sign before them.
pub fn number(digits: &str) -> Option<u64> {
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| plain)
}

/// The parts as one text.
pub fn joined(parts: &[&str]) -> String {
    listed(parts, "")
}

/// The parts as one text, with a separator between them.
pub fn listed(parts: &[&str], separator: &str) -> String {
    let mut text = String::new();
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            text.push_str(separator);
        }
        text.push_str(part);
    }
    text
}

/// How many code points a text has.
pub fn code_points(text: &str) -> usize {
    // All bytes but those that continue a code point.
    text.bytes().filter(|byte| byte & 0xc0 != 0x80).count()
}

/// Whether a text has another within.
pub fn contains(text: &str, part: &str) -> bool {
    text.as_bytes().windows(part.len()).any(|window| window == part.as_bytes())
}

/// The text with an ellipsis in place of every occurrence of a part.
pub fn without(text: &str, part: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some(at) = rest.as_bytes().windows(part.len()).position(|w| w == part.as_bytes()) {
        kept.push_str(rest.get(..at).unwrap_or_default());
        kept.push('…');
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    kept.push_str(rest);
    kept
}

/// What stands before and after the first of a byte of ASCII.
pub fn split_at(text: &str, separator: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == separator)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// What follows a beginning, whose letters may be capitals or not.
pub fn after<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    let found = text.get(..start.len())?;
    found.eq_ignore_ascii_case(start).then(|| text.get(start.len()..)).flatten()
}

/// What follows `https://` or `http://`.
pub fn after_scheme(url: &str) -> Option<&str> {
    after(url, "https://").or_else(|| after(url, "http://"))
}
