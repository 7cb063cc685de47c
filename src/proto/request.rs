//! What a caller wants made, and the request it becomes once it obeys the gateway's rules.

use std::ops::RangeInclusive;

use serde_json::Value;

use super::error::{Error, Result};
use super::facts::Facts;
use super::given::size::WantedSize;
use super::given::{bounded, check_object, flag, integer, text, within};
use super::lenient::narrow;
use super::size::Size;

/// What to make. It is checked before anything is sent, and never cut or changed.
///
/// ```
/// use wanvas::GenerateRequest;
///
/// let request = GenerateRequest::new("a lighthouse at dusk").size("16:9").count(2).seed(7);
/// # let _ = request;
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct GenerateRequest {
    prompt: Option<String>,
    negative_prompt: Option<String>,
    size: WantedSize,
    count: u32,
    seed: Option<u32>,
    enhance_prompt: bool,
    watermark: bool,
    id: Option<String>,
    tag: Value,
}

/// The longest prompt, in code points: the limit at every gateway that states one.
const PROMPT_MAX: usize = 2000;
/// The longest negative prompt, in code points.
const NEGATIVE_PROMPT_MAX: usize = 500;
/// How many pictures a request may ask for, at every gateway.
const COUNT: RangeInclusive<u32> = 1..=4;
/// The seeds, the same at every gateway.
const SEED: RangeInclusive<u32> = 0..=2_147_483_647;
/// The longest id of a call, in characters.
const ID_MAX: usize = 200;
/// The largest tag, in bytes as JSON.
const TAG_MAX: usize = 64 * 1024;
/// How deep a tag may be: with what is around it, JSON of more than 128 levels is not read again.
const TAG_DEPTH: usize = 64;

const MEMBERS: [&str; 7] =
    ["prompt", "negativePrompt", "size", "count", "seed", "enhancePrompt", "watermark"];

impl GenerateRequest {
    /// One picture of what the prompt says: 1 to 2000 code points, without the white space around it.
    ///
    /// ```
    /// let request = wanvas::GenerateRequest::new("a lighthouse at dusk");
    /// ```
    pub fn new(prompt: impl Into<String>) -> Self {
        GenerateRequest {
            prompt: Some(prompt.into()),
            negative_prompt: None,
            size: WantedSize::Default,
            count: 1,
            seed: None,
            enhance_prompt: true,
            watermark: false,
            id: None,
            tag: Value::Null,
        }
    }

    /// What not to show: up to 500 code points. Default: nothing.
    ///
    /// ```
    /// # use wanvas::GenerateRequest;
    /// let request = GenerateRequest::new("a harbour").negative_prompt("people, text");
    /// ```
    pub fn negative_prompt(mut self, prompt: impl Into<String>) -> Self {
        self.negative_prompt = Some(prompt.into());
        self
    }

    /// A [`Size`], or a text: the name of a preset, a ratio such as `"16:9"`, or pixels such as
    /// `"1280x1280"`. Default: the first preset of the gateway, 1280 × 1280.
    ///
    /// A size that is not possible is an error with the nearest one in
    /// [`suggestion`](Error::suggestion).
    ///
    /// ```
    /// # use wanvas::GenerateRequest;
    /// use wanvas::Size;
    ///
    /// let wide = GenerateRequest::new("a harbour").size("16:9");
    /// let exact = GenerateRequest::new("a harbour").size(Size::new(1280, 960));
    /// ```
    pub fn size(mut self, size: impl Into<WantedSize>) -> Self {
        self.size = size.into();
        self
    }

    /// How many pictures, each of which is billed: 1 to 4. Default: 1.
    ///
    /// ```
    /// # use wanvas::GenerateRequest;
    /// let request = GenerateRequest::new("a harbour").count(4);
    /// ```
    pub fn count(mut self, count: u32) -> Self {
        self.count = count;
        self
    }

    /// 0 to 2147483647; the same seed gives similar pictures. Default: a random one.
    ///
    /// ```
    /// # use wanvas::GenerateRequest;
    /// let request = GenerateRequest::new("a harbour").seed(7);
    /// ```
    pub fn seed(mut self, seed: u32) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Whether the gateway may rewrite the prompt, which takes 3 to 4 s. Default: it may.
    ///
    /// ```
    /// # use wanvas::GenerateRequest;
    /// let request = GenerateRequest::new("a harbour, from above").enhance_prompt(false);
    /// ```
    pub fn enhance_prompt(mut self, enhance: bool) -> Self {
        self.enhance_prompt = enhance;
        self
    }

    /// Whether pictures are marked as made by a machine. Default: they are not.
    ///
    /// ```
    /// # use wanvas::GenerateRequest;
    /// let request = GenerateRequest::new("a harbour").watermark(true);
    /// ```
    pub fn watermark(mut self, watermark: bool) -> Self {
        self.watermark = watermark;
        self
    }

    /// The call's own id, by which the journal keeps it: 1 to 200 visible ASCII characters, and another
    /// for each call. While a call of that id is unfinished, there is no second one. Default: a new one.
    ///
    /// ```
    /// # use wanvas::GenerateRequest;
    /// let request = GenerateRequest::new("a harbour").id("harbour-1");
    /// ```
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Words of the app's own, up to 64 KiB as JSON and 64 levels deep, such as the prompt or where the
    /// pictures belong. The journal keeps them, and all that is told of the call has them; they are sent
    /// nowhere. Default: none.
    ///
    /// ```
    /// # use wanvas::GenerateRequest;
    /// let request = GenerateRequest::new("a harbour").tag("album 7");
    /// ```
    pub fn tag(mut self, tag: impl Into<Value>) -> Self {
        self.tag = tag.into();
        self
    }

    /// Reads what a caller gives as plain data, the `GenerateRequest` of the JavaScript API.
    #[doc(hidden)]
    pub fn read(value: &Value) -> Result<Self> {
        check_object(value, "request", "request must be an object with a prompt", &MEMBERS)?;
        Ok(GenerateRequest {
            prompt: text(value, "prompt")?,
            negative_prompt: text(value, "negativePrompt")?,
            size: WantedSize::read(&value["size"])?,
            // Always sent: a gateway's own default can be 4, and is billed.
            count: integer(value, "count", COUNT)?.unwrap_or(1),
            seed: integer(value, "seed", SEED)?,
            enhance_prompt: flag(value, "enhancePrompt", true)?,
            watermark: flag(value, "watermark", false)?,
            id: None,
            tag: Value::Null,
        })
    }

    /// The request by the rules of a gateway; what breaks one is named in [`Error::field`].
    #[doc(hidden)]
    pub fn check(self, facts: &Facts) -> Result<CheckedRequest> {
        Ok(CheckedRequest {
            prompt: bounded("prompt", self.prompt, PROMPT_MAX)?
                .ok_or_else(|| Error::invalid("prompt", "prompt must not be empty"))?,
            negative_prompt: bounded("negativePrompt", self.negative_prompt, NEGATIVE_PROMPT_MAX)?,
            size: self.size.check(facts)?,
            count: within("count", self.count, COUNT)?,
            seed: self.seed.map(|seed| within("seed", seed, SEED)).transpose()?,
            enhance_prompt: self.enhance_prompt,
            watermark: self.watermark,
            id: self.id.map(check_id).transpose()?,
            tag: check_tag(self.tag)?,
        })
    }
}

fn check_id(id: String) -> Result<String> {
    if (1..=ID_MAX).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(id);
    }
    let message = format!("id must be a text of 1 to {ID_MAX} visible ASCII characters");
    Err(Error::invalid("id", message))
}

fn check_tag(mut tag: Value) -> Result<Value> {
    if !is_within(&tag, TAG_DEPTH) {
        let message = format!("tag has values in more than {TAG_DEPTH} lists and objects");
        return Err(Error::invalid("tag", message));
    }
    narrow(&mut tag);
    // What is a value can be written.
    let size = serde_json::to_string(&tag).unwrap_or_default().len();
    if size <= TAG_MAX {
        return Ok(tag);
    }
    let message = format!("tag has {size} bytes as JSON; at most {TAG_MAX} are possible");
    Err(Error::invalid("tag", message))
}

/// Whether no part of a value is in more lists and objects than that.
fn is_within(value: &Value, depth: usize) -> bool {
    let within = |part| depth > 0 && is_within(part, depth - 1);
    match value {
        Value::Array(items) => items.iter().all(within),
        Value::Object(members) => members.values().all(within),
        _ => true,
    }
}

/// A request that obeys every rule of a gateway. It comes of [`GenerateRequest::check`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CheckedRequest {
    /// What to show; 1 to 2000 code points.
    pub prompt: String,
    /// What not to show; up to 500 code points.
    pub negative_prompt: Option<String>,
    /// The picture's size, legal at the gateway.
    pub size: Size,
    /// How many pictures, 1 to 4.
    pub count: u32,
    /// The seed, 0 to 2147483647; a random one if absent.
    pub seed: Option<u32>,
    /// Whether the gateway may rewrite the prompt.
    pub enhance_prompt: bool,
    /// Whether the pictures are marked as made by a machine.
    pub watermark: bool,
    /// The call's own id; a new one if absent.
    pub id: Option<String>,
    /// Words of the app's own, which are not sent.
    pub tag: Value,
}
