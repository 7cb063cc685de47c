//! A picture in an answer.

use serde::{Deserialize, Serialize, Serializer};

use super::error::{Error, ErrorCode};
use super::time::Timestamp;

/// A picture, or why there is none in its place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum Image {
    /// A link; links are short-lived, 24 hours where the gateway says how long.
    Link {
        /// Always http or https.
        url: String,
        /// When the link ends, where it tells.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expires_at: Option<Timestamp>,
    },
    /// The bytes themselves.
    Bytes {
        /// Base64, without a `data:` prefix.
        base64: String,
        /// By the bytes, not by what the gateway says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        media_type: Option<MediaType>,
    },
    /// This one could not be made, others of the job could.
    Missing {
        /// Why.
        #[serde(serialize_with = "code_and_message")]
        error: Box<Error>,
    },
}

/// The type of a picture's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum MediaType {
    /// `image/png`
    #[serde(rename = "image/png")]
    Png,
    /// `image/jpeg`
    #[serde(rename = "image/jpeg")]
    Jpeg,
    /// `image/webp`
    #[serde(rename = "image/webp")]
    Webp,
    /// `image/gif`
    #[serde(rename = "image/gif")]
    Gif,
}

impl MediaType {
    /// Its name, such as `image/png`.
    ///
    /// ```
    /// assert_eq!(wanvas::MediaType::Png.as_str(), "image/png");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            MediaType::Png => "image/png",
            MediaType::Jpeg => "image/jpeg",
            MediaType::Webp => "image/webp",
            MediaType::Gif => "image/gif",
        }
    }
}

impl Image {
    /// The lack of a picture, and why.
    #[doc(hidden)]
    pub fn missing(error: Box<Error>) -> Self {
        Image::Missing { error }
    }

    /// Where to find the picture, for an `<img>`: its link, or its bytes as a `data:` URL; none where
    /// it is missing.
    ///
    /// ```
    /// use wanvas::Image;
    ///
    /// let image = Image::link("https://example.com/heron.png");
    /// assert_eq!(image.src().as_deref(), Some("https://example.com/heron.png"));
    /// ```
    pub fn src(&self) -> Option<String> {
        match self {
            Image::Link { url, .. } => Some(url.clone()),
            Image::Bytes { base64, media_type } => {
                let media_type = media_type.map_or("image/*", MediaType::as_str);
                Some(format!("data:{media_type};base64,{base64}"))
            }
            Image::Missing { .. } => None,
        }
    }

    /// The picture behind a link. Anything but http(s) is refused: the caller will open it.
    #[doc(hidden)]
    pub fn link(url: &str) -> Self {
        let url = url.trim();
        let unclear = |char: char| char.is_whitespace() || char.is_control();
        let rest = url.split_once("://").filter(|(scheme, _)| {
            scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")
        });
        if rest.is_none_or(|(_, rest)| rest.is_empty() || rest.chars().any(unclear)) {
            return Image::missing(Error::protocol(
                "the picture's address is no http or https link",
            ));
        }
        Image::Link { url: url.to_owned(), expires_at: expiry(url) }
    }

    /// The picture that came as base64, with or without a `data:` prefix.
    #[doc(hidden)]
    pub fn bytes(base64: &str) -> Self {
        let base64 = base64.split_once(',').map_or(base64, |(_, data)| data).trim();
        let alphabet = |byte: u8| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'\r' | b'\n')
        };
        if base64.starts_with('=') || base64.is_empty() || !base64.bytes().all(alphabet) {
            return Image::missing(Error::protocol("the picture's bytes are not base64"));
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
fn media_type(base64: &str) -> Option<MediaType> {
    [
        ("iVBORw0KGgo", MediaType::Png),
        ("/9j/", MediaType::Jpeg),
        ("UklGR", MediaType::Webp),
        ("R0lGOD", MediaType::Gif),
    ]
    .into_iter()
    .find_map(|(start, kind)| base64.starts_with(start).then_some(kind))
}

/// What is told of a picture that is missing.
fn code_and_message<S: Serializer>(error: &Error, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Reason<'a> {
        code: ErrorCode,
        message: &'a str,
    }
    Reason { code: error.code, message: &error.message }.serialize(serializer)
}
