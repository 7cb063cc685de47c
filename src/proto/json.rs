//! JSON documents as plain data.
//!
//! Gateways answer with text where a number was promised, with `null` for what is absent, and with
//! an `error` that is now an object, now a sentence. Reading a tree takes that as it comes: a
//! missing member reads as `null`, and every accessor answers `None` for a value of another kind.

use alloc::{borrow::ToOwned, string::String, vec::Vec};

use super::text::{digits, number};

/// A JSON value, or something a caller passed that JSON has no word for.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// `null`, and every member that is not there.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as JavaScript holds it.
    Number(f64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object; its members in the order they were written.
    Object(Vec<(String, Json)>),
    /// A function, a symbol, or what lies deeper than a reader ever looks.
    Other,
}

impl Json {
    /// An object without members; [`Json::with`] adds them.
    pub const fn object() -> Self {
        Json::Object(Vec::new())
    }

    /// The object with one more member.
    pub fn with(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.push(name, value.into());
        self
    }

    /// The object with one more member, unless that is `null`.
    pub fn with_some(self, name: &str, value: impl Into<Json>) -> Self {
        match value.into() {
            Json::Null => self,
            value => self.with(name, value),
        }
    }

    /// Apart from [`Json::with`], so that the package holds it once and not for each type.
    #[inline(never)]
    fn push(&mut self, name: &str, value: Json) {
        if let Json::Object(members) = self {
            members.push((name.to_owned(), value));
        }
    }

    /// The member of that name; `null` where there is none or this is no object.
    pub fn get(&self, name: &str) -> &Json {
        self.members().iter().find(|(key, _)| key == name).map_or(&Json::Null, |(_, value)| value)
    }

    /// Takes the member of that name out, leaving `null` in its place.
    pub fn take(&mut self, name: &str) -> Json {
        let Json::Object(members) = self else {
            return Json::Null;
        };
        let member = members.iter_mut().find(|(key, _)| key == name);
        member.map_or(Json::Null, |(_, value)| core::mem::replace(value, Json::Null))
    }

    /// The members of an object; none of anything else.
    pub fn members(&self) -> &[(String, Json)] {
        match self {
            Json::Object(members) => members,
            _ => &[],
        }
    }

    /// The items of an array; none of anything else.
    pub fn items(&self) -> &[Json] {
        match self {
            Json::List(items) => items,
            _ => &[],
        }
    }

    /// The text of a string that is not blank.
    pub fn text(&self) -> Option<&str> {
        match self {
            Json::Text(text) if !text.trim().is_empty() => Some(text),
            _ => None,
        }
    }

    /// The number, also where a whole one was written as text.
    ///
    /// A fraction as text is none: Rust's parser of floats would add 8 KB to the package.
    pub fn number(&self) -> Option<f64> {
        match self {
            Json::Number(number) => Some(*number).filter(|number| number.is_finite()),
            Json::Text(text) => number(text.trim()).map(|number| number as f64),
            _ => None,
        }
    }

    /// The value as a word to show or compare: a text, or a whole number in digits.
    pub fn word(&self) -> Option<String> {
        match self {
            Json::Number(number) => whole(*number).map(digits),
            _ => self.text().map(str::to_owned),
        }
    }

    /// Whether there is nothing to read: `null`, `false`, 0, a blank text, or nothing but those
    /// within.
    pub fn is_blank(&self) -> bool {
        match self {
            Json::Null | Json::Bool(false) => true,
            Json::Number(number) => *number == 0.0,
            Json::Text(text) => text.trim().is_empty(),
            Json::List(items) => items.iter().all(Json::is_blank),
            Json::Object(members) => members.iter().all(|(_, value)| value.is_blank()),
            _ => false,
        }
    }
}

/// The number as a non-negative integer, if that is what it is.
///
/// The bound is JavaScript's largest exact integer, 2^53 - 1.
pub fn whole(number: f64) -> Option<u64> {
    const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;
    // No `fract`: it would bring a maths library into the package.
    let integer = number as u64;
    ((0.0..=MAX_SAFE_INTEGER).contains(&number) && integer as f64 == number).then_some(integer)
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Json::Bool(value)
    }
}

impl From<u32> for Json {
    fn from(value: u32) -> Self {
        Json::Number(value.into())
    }
}

impl From<u64> for Json {
    fn from(value: u64) -> Self {
        Json::Number(value as f64)
    }
}

impl From<f64> for Json {
    fn from(value: f64) -> Self {
        Json::Number(value)
    }
}

impl From<&str> for Json {
    fn from(value: &str) -> Self {
        Json::Text(value.to_owned())
    }
}

impl From<String> for Json {
    fn from(value: String) -> Self {
        Json::Text(value)
    }
}

impl<T: Into<Json>> From<Vec<T>> for Json {
    fn from(values: Vec<T>) -> Self {
        Json::List(values.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Json>> From<Option<T>> for Json {
    fn from(value: Option<T>) -> Self {
        value.map_or(Json::Null, Into::into)
    }
}
