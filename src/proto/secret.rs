//! Keeping the key out of what a gateway repeats.

use serde_json::{Value, from_str, to_string};

use super::http::{HttpRequest, header};

/// A shorter key is no secret but a word such as the local gateway's, and may occur in any text.
const MIN_SECRET: usize = 8;

/// What is secret in a request: the value of its `Authorization` header without the scheme, such as
/// `Bearer`. That is `authorization`, or where there is none, the caller's own.
pub fn of<'a>(request: &'a HttpRequest, authorization: Option<&'a str>) -> Option<&'a str> {
    let authorization = authorization.or_else(|| header(&request.headers, "authorization"))?;
    let secret = authorization.split_once(' ').map_or(authorization, |(_, secret)| secret.trim());
    (secret.len() >= MIN_SECRET).then_some(secret)
}

/// A text, such as an answer's body, with an ellipsis wherever it repeats the secret.
pub fn redacted(text: &str, secret: Option<&str>) -> String {
    let Some(secret) = secret else {
        return text.to_owned();
    };
    // In JSON, a letter or a slash can be written as an escape, which would hide it.
    let may_hide = text.contains("\\u00") || text.contains("\\/");
    let rewritten = || from_str::<Value>(text).and_then(|json| to_string(&json)).ok();
    let plain = if may_hide { rewritten() } else { None };
    let text = plain.as_deref().unwrap_or(text);
    let quoted = to_string(secret).unwrap_or_default();
    text.replace(secret, "…").replace(quoted.trim_matches('"'), "…")
}
