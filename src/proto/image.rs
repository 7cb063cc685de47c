//! A picture in an answer.

use super::error::Error;
use super::time::Timestamp;

/// A picture, or why there is none in its place.
#[derive(Clone, Debug, PartialEq)]
pub enum Image {
    /// A link; links are short-lived, 24 hours where the gateway says how long.
    Link {
        /// Always http or https.
        url: String,
        /// When the link ends, where it tells.
        expires_at: Option<Timestamp>,
    },
    /// The bytes themselves.
    Bytes {
        /// Base64, without a `data:` prefix.
        base64: String,
        /// By the bytes, not by what the gateway says.
        media_type: Option<&'static str>,
    },
    /// This one could not be made, others of the job could.
    Missing(Box<Error>),
}

impl Image {
    /// The picture behind a link. Anything but http(s) is refused: the caller will open it.
    pub fn link(url: &str) -> Self {
        let url = url.trim();
        let unclear = |char: char| char.is_whitespace() || char.is_control();
        let rest = url.split_once("://").filter(|(scheme, _)| {
            scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")
        });
        if rest.is_none_or(|(_, rest)| rest.is_empty() || rest.chars().any(unclear)) {
            return Image::Missing(Error::protocol(
                "the picture's address is no http or https link",
            ));
        }
        Image::Link { url: url.to_owned(), expires_at: expiry(url) }
    }

    /// The picture that came as base64, with or without a `data:` prefix.
    pub fn bytes(base64: &str) -> Self {
        let base64 = base64.split_once(',').map_or(base64, |(_, data)| data).trim();
        let alphabet = |byte: u8| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'\r' | b'\n')
        };
        if base64.starts_with('=') || base64.is_empty() || !base64.bytes().all(alphabet) {
            return Image::Missing(Error::protocol("the picture's bytes are not base64"));
        }
        Image::Bytes { base64: base64.to_owned(), media_type: media_type(base64) }
    }
}

/// When a signed link ends: its `Expires`, in Unix seconds.
fn expiry(url: &str) -> Option<Timestamp> {
    let (_, query) = url.split_once('?')?;
    let seconds = query.split('&').find_map(|pair| pair.strip_prefix("Expires="))?;
    if !seconds.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    seconds.parse::<u64>().ok()?.checked_mul(1000).map(Timestamp::from_unix_millis)
}

/// The type of a picture by the first bytes of its base64.
fn media_type(base64: &str) -> Option<&'static str> {
    [
        ("iVBORw0KGgo", "image/png"),
        ("/9j/", "image/jpeg"),
        ("UklGR", "image/webp"),
        ("R0lGOD", "image/gif"),
    ]
    .into_iter()
    .find_map(|(start, kind)| base64.starts_with(start).then_some(kind))
}
