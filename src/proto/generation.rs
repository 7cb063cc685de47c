//! What a call gives back: the pictures of a finished job, or the state of one that goes on.

use alloc::{borrow::ToOwned, boxed::Box, string::String, vec::Vec};

use super::error::Error;
use super::handle::JobHandle;
use super::json::{Json, whole};
use super::size::Size;
use super::text::{after_scheme, digits, joined, number, split_at};

/// A picture, or why there is none in its place.
#[derive(Clone, Debug, PartialEq)]
pub enum Image {
    /// A link; links are short-lived, 24 hours where the gateway says how long.
    Link {
        /// Always http or https.
        url: String,
        /// When the link ends, in Unix milliseconds, where it tells.
        expires_at: Option<u64>,
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
        let rest = after_scheme(url).unwrap_or_default();
        let unclear = |char: char| char.is_whitespace() || char.is_control();
        if rest.is_empty() || rest.chars().any(unclear) {
            return Image::Missing(Error::protocol(
                "the picture's address is no http or https link",
            ));
        }
        Image::Link { url: url.to_owned(), expires_at: expiry(url) }
    }

    /// The picture that came as base64, with or without a `data:` prefix.
    pub fn bytes(base64: &str) -> Self {
        let base64 = split_at(base64, b',').map_or(base64, |(_, data)| data).trim();
        let alphabet = |byte: u8| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'\r' | b'\n')
        };
        if base64.starts_with('=') || base64.is_empty() || !base64.bytes().all(alphabet) {
            return Image::Missing(Error::protocol("the picture's bytes are not base64"));
        }
        Image::Bytes { base64: base64.to_owned(), media_type: media_type(base64) }
    }

    fn to_json(&self) -> Json {
        match self {
            Image::Link { url, expires_at } => {
                Json::object().with("url", url.as_str()).with_some("expiresAt", *expires_at)
            }
            Image::Bytes { base64, media_type } => {
                Json::object().with("base64", base64.as_str()).with_some("mediaType", *media_type)
            }
            Image::Missing(why) => {
                let error = Json::object()
                    .with("code", why.code.as_str())
                    .with("message", why.message.as_str());
                Json::object().with("error", error)
            }
        }
    }
}

/// When a signed link ends: its `Expires` in Unix seconds, given here in milliseconds.
fn expiry(url: &str) -> Option<u64> {
    let mut query = split_at(url, b'?')?.1;
    while let Some((pair, rest)) = split_at(query, b'&') {
        if pair.starts_with("Expires=") {
            query = pair;
            break;
        }
        query = rest;
    }
    number(query.strip_prefix("Expires=")?)?.checked_mul(1000)
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

/// What a generation cost, as the gateway tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct Cost {
    /// A decimal number.
    pub amount: String,
    /// `"USD"` or `"credits"`.
    pub currency: &'static str,
    /// The discount as the gateway gives it, where it does.
    pub discount: Option<f64>,
}

impl Cost {
    /// Reads an amount given as a number or as text; none if there is no number in it.
    pub fn read(amount: &Json, currency: &'static str) -> Option<Self> {
        let amount = match amount {
            Json::Number(number) => decimal(*number)?,
            // As the gateway wrote it: going through a number would round it.
            Json::Text(text) if is_decimal(text.trim()) => text.trim().to_owned(),
            _ => return None,
        };
        Some(Cost { amount, currency, discount: None })
    }

    fn to_json(&self) -> Json {
        Json::object()
            .with("amount", self.amount.as_str())
            .with("currency", self.currency)
            .with_some("discount", self.discount)
    }
}

/// Whether a text is digits with at most one point among them.
fn is_decimal(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let points = text.bytes().filter(|byte| *byte == b'.').count();
    digits > 0 && points <= 1 && digits + points == text.len()
}

/// An amount of money in digits, to a millionth.
fn decimal(amount: f64) -> Option<String> {
    let millionths = whole((amount * 1e6 + 0.5) as u64 as f64).filter(|_| amount >= 0.0)?;
    let fraction = digits(millionths % 1_000_000);
    let zeros = "000000".get(fraction.len()..)?;
    let text = joined(&[&digits(millionths / 1_000_000), ".", zeros, &fraction]);
    Some(text.trim_end_matches('0').trim_end_matches('.').to_owned())
}

/// A time in Unix milliseconds, from a gateway that gives seconds or milliseconds.
///
/// Anything over 10^11 is milliseconds: as seconds it would be the year 5138.
pub fn unix_millis(time: &Json) -> Option<u64> {
    let time = whole(time.number()? as u64 as f64).filter(|time| *time > 0)?;
    Some(if time > 100_000_000_000 { time } else { time * 1000 })
}

/// All that an adapter reads out of a finished job.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Finished {
    /// The pictures in the gateway's order.
    pub images: Vec<Image>,
    /// What it cost.
    pub cost: Option<Cost>,
    /// When the gateway made it, in Unix milliseconds.
    pub created_at: Option<u64>,
    /// The gateway's name for the request.
    pub request_id: Option<String>,
}

impl Finished {
    /// Leaves out the pictures that the gateway names more than once in a row.
    pub fn drop_repeats(&mut self) {
        self.images.dedup_by(|next, image| {
            matches!((image, next), (Image::Link { url, .. }, Image::Link { url: next, .. }) if url == next)
        });
    }
}

/// Where an accepted job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nothing is on its way: it is not the call's turn, or the submit must wait.
    Waiting,
    /// The submit is on its way.
    Submitting,
    /// Accepted, not begun.
    Queued,
    /// Being made.
    Running,
}

impl Phase {
    fn as_str(self) -> &'static str {
        match self {
            Phase::Waiting => "waiting",
            Phase::Submitting => "submitting",
            Phase::Queued => "queued",
            Phase::Running => "running",
        }
    }
}

/// News of a call, for `onProgress`.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// Where the job stands.
    pub phase: Phase,
    /// The job, once it is accepted.
    pub job: Option<JobHandle>,
    /// From 0 to 1 where the gateway tells; it never goes back.
    pub progress: Option<f64>,
    /// Milliseconds since the call.
    pub elapsed_ms: u64,
    /// Status checks answered so far.
    pub checks: u32,
}

impl Progress {
    /// The event as `onProgress` gets it.
    pub fn to_json(&self) -> Json {
        Json::object()
            .with("phase", self.phase.as_str())
            .with("job", self.job.as_ref().map(JobHandle::to_json))
            .with("progress", self.progress)
            .with("elapsedMs", self.elapsed_ms)
            .with("checks", self.checks)
    }
}

/// The result of a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Generation {
    /// The job; none where the gateway answers in one request.
    pub job: Option<JobHandle>,
    /// What was sent; the size is not known of a job that another page submitted.
    pub requested: Requested,
    /// The pictures, or how far the job is.
    pub state: State,
}

/// What was really sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Requested {
    /// How many pictures.
    pub count: u32,
    /// Their size.
    pub size: Option<Size>,
}

/// A job's state in a result.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// It goes on; only where the caller did not want to wait.
    Going(Phase, Option<f64>),
    /// It is finished.
    Finished(Finished),
}

impl Generation {
    /// The result as the caller gets it, but for `raw`, which the shell holds.
    pub fn to_json(&self) -> Json {
        let nothing = Finished::default();
        let (status, progress, finished) = match &self.state {
            State::Going(phase, progress) => (phase.as_str(), *progress, &nothing),
            State::Finished(finished) => ("succeeded", Some(1.0), finished),
        };
        let requested = Json::object()
            .with("count", self.requested.count)
            .with_some("size", self.requested.size.map(|size| size.join("x")));
        Json::object()
            .with("status", status)
            .with("job", self.job.as_ref().map(JobHandle::to_json))
            .with("images", Json::List(finished.images.iter().map(Image::to_json).collect()))
            .with("requested", requested)
            .with("progress", progress)
            .with("createdAt", finished.created_at)
            .with("cost", finished.cost.as_ref().map(Cost::to_json))
            .with_some("requestId", finished.request_id.as_deref())
    }
}
