//! The size that a caller wishes for, in any of its forms.

use serde_json::Value;

use super::super::error::{Error, Result};
use super::super::facts::Facts;
use super::super::lenient::whole;
use super::super::size::{Preset, Size, SizeRule, off_ratio, pair};

/// The forms that a size can have, in words.
const FORMS: &str = "size must be a preset's name, a ratio such as \"16:9\", pixels such as \
                     \"1280x1280\", or { width, height }";

/// What a size in pixels must be, in words.
const PIXELS: &str = "size must have width and height, each a whole number of pixels from 1";

/// The area that a ratio alone asks for: the model's own default size.
const DEFAULT_AREA: f64 = 1280.0 * 1280.0;

/// How far off a ratio that a gateway cannot make exactly may be, as a part of it.
const NEAR_RATIO: f64 = 0.01;

/// The size that a request asks for, in any form.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum WantedSize {
    /// The gateway's first preset.
    Default,
    /// In pixels.
    Pixels(Size),
    /// A preset's name, a ratio such as `16:9`, or pixels such as `1280x1280`.
    Text(String),
}

impl From<Size> for WantedSize {
    fn from(size: Size) -> Self {
        WantedSize::Pixels(size)
    }
}

impl From<&str> for WantedSize {
    fn from(text: &str) -> Self {
        WantedSize::Text(text.to_owned())
    }
}

impl From<String> for WantedSize {
    fn from(text: String) -> Self {
        WantedSize::Text(text)
    }
}

impl WantedSize {
    /// Reads one of a caller's: a text, or `{ width, height }`.
    #[doc(hidden)]
    pub fn read(value: &Value) -> Result<Self> {
        match value {
            Value::Null => Ok(WantedSize::Default),
            Value::Object(_) => Ok(WantedSize::Pixels(pixels(value)?)),
            Value::String(text) => Ok(WantedSize::Text(text.clone())),
            _ => Err(Error::invalid("size", FORMS)),
        }
    }

    /// The size in pixels, legal at the gateway.
    #[doc(hidden)]
    pub fn check(&self, facts: &Facts) -> Result<Size> {
        match self {
            WantedSize::Default => Ok(facts.presets[0].size),
            WantedSize::Pixels(size) if size.width == 0 || size.height == 0 => {
                Err(Error::invalid("size", PIXELS))
            }
            WantedSize::Pixels(size) => allowed(*size, &facts.size_rule),
            WantedSize::Text(text) => from_text(text, facts.presets, &facts.size_rule),
        }
    }
}

/// The size that `{ width, height }` says, legal or not.
pub fn pixels(value: &Value) -> Result<Size> {
    let is_other = |name: &&String| !matches!(name.as_str(), "width" | "height");
    if let Some(name) = value.as_object().and_then(|members| members.keys().find(is_other)) {
        let message = format!("size has no member \"{name}\"; it takes width and height");
        return Err(Error::invalid("size", message));
    }
    let side = |name| {
        let side = value[name].as_number().and_then(whole)?;
        u32::try_from(side).ok().filter(|side| *side > 0)
    };
    match (side("width"), side("height")) {
        (Some(width), Some(height)) => Ok(Size { width, height }),
        _ => Err(Error::invalid("size", PIXELS)),
    }
}

fn from_text(text: &str, presets: &[Preset], rule: &SizeRule) -> Result<Size> {
    if let Some(preset) = presets.iter().find(|preset| preset.name == text.trim()) {
        return Ok(preset.size);
    }
    if let Some((width, height)) = pair(text, &[':']) {
        return of_ratio(width, height, presets, rule);
    }
    match Size::from_text(text) {
        Some(size) => allowed(size, rule),
        None => Err(Error::invalid("size", FORMS)),
    }
}

/// The size, or an error that says the rule and suggests the nearest legal one.
fn allowed(size: Size, rule: &SizeRule) -> Result<Size> {
    if rule.allows(size) {
        return Ok(size);
    }
    Err(refusal(&size.to_string(), rule.nearest(size), rule))
}

/// The gateway's own size for a ratio; an error where none comes near enough.
fn of_ratio(width: u32, height: u32, presets: &[Preset], rule: &SizeRule) -> Result<Size> {
    let same = |preset: &&Preset| {
        u64::from(width) * u64::from(preset.ratio.1)
            == u64::from(height) * u64::from(preset.ratio.0)
    };
    if let Some(preset) = presets.iter().find(same) {
        return Ok(preset.size);
    }
    let ratio = f64::from(width) / f64::from(height);
    let size = rule.closest(ratio, DEFAULT_AREA);
    if off_ratio(size, ratio) < NEAR_RATIO {
        return Ok(size);
    }
    Err(refusal(&format!("{width}:{height}"), size, rule))
}

fn refusal(wanted: &str, nearest: Size, rule: &SizeRule) -> Box<Error> {
    let takes = rule.words;
    let message = format!(
        "size {wanted} is not possible here: the gateway takes {takes}; the nearest is {nearest}"
    );
    let mut error = Error::invalid("size", message);
    error.suggestion = Some(nearest);
    error
}
