//! Picture sizes: what a gateway takes, and what comes nearest to a wish.

use alloc::{boxed::Box, string::String};

use super::error::{Error, Result};
use super::json::{Json, whole};
use super::text::{digits, joined, number};

/// A picture's size in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
}

impl Size {
    /// The size of that width and height.
    pub const fn new(width: u32, height: u32) -> Self {
        Size { width, height }
    }

    /// All pixels together.
    pub fn area(self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    /// Width over height.
    fn ratio(self) -> f64 {
        f64::from(self.width) / f64::from(self.height)
    }

    /// `{ width, height }`.
    pub fn to_json(self) -> Json {
        Json::object().with("width", self.width).with("height", self.height)
    }

    /// The size as text, with the separator given: `"1280x1280"`, `"1280*1280"`.
    pub fn join(self, separator: &str) -> String {
        joined(&[&digits(self.width.into()), separator, &digits(self.height.into())])
    }

    /// Reads `{ width, height }`.
    pub fn parse(value: &Json) -> Result<Self> {
        const RULE: &str = "size must have width and height, each a whole number of pixels from 1";
        if let Some((name, _)) =
            value.members().iter().find(|(name, _)| !matches!(name.as_str(), "width" | "height"))
        {
            let message = joined(&["size has no member \"", name, "\"; it takes width and height"]);
            return Err(Error::invalid("size", message));
        }
        let side = |name| match value.get(name) {
            Json::Number(number) => {
                whole(*number).and_then(|side| u32::try_from(side).ok()).filter(|side| *side > 0)
            }
            _ => None,
        };
        match (side("width"), side("height")) {
            (Some(width), Some(height)) => Ok(Size { width, height }),
            _ => Err(Error::invalid("size", RULE)),
        }
    }
}

/// A size that a menu offers by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// The word that asks for it, the same at every gateway.
    pub name: &'static str,
    /// Width to height in the smallest whole numbers.
    pub ratio: (u32, u32),
    /// What is sent for it.
    pub size: Size,
}

impl Preset {
    /// `{ name, width, height, ratio }`.
    pub fn to_json(self) -> Json {
        Json::object()
            .with("name", self.name)
            .with("width", self.size.width)
            .with("height", self.size.height)
            .with("ratio", Size::new(self.ratio.0, self.ratio.1).join(":"))
    }
}

/// The sizes a gateway takes. All bounds are inclusive.
#[derive(Clone, Copy, Debug)]
pub struct SizeRule {
    /// The shortest and the longest side, in pixels.
    pub side: (u32, u32),
    /// What both sides must be a multiple of.
    pub multiple: u32,
    /// The fewest and the most pixels in all.
    pub area: (u64, u64),
    /// How many times as long as the other a side may be.
    pub ratio: u32,
    /// What both sides are a multiple of in a suggestion.
    pub grid: u32,
    /// The rule in words, as it follows "… takes".
    pub words: &'static str,
}

/// The area that a ratio alone asks for: the model's own default size.
const DEFAULT_AREA: f64 = 1280.0 * 1280.0;

/// Ratios that differ by less count as equal: under five pixels in a thousand, which nobody sees.
const SAME_RATIO: f64 = 0.005;

impl SizeRule {
    /// Whether the gateway takes this size.
    pub fn allows(&self, size: Size) -> bool {
        let (short, long) = (size.width.min(size.height), size.width.max(size.height));
        short >= self.side.0
            && long <= self.side.1
            && short.is_multiple_of(self.multiple)
            && long.is_multiple_of(self.multiple)
            && size.area() >= self.area.0
            && size.area() <= self.area.1
            && u64::from(long) <= u64::from(short) * u64::from(self.ratio)
    }

    /// The size itself if the gateway takes it, otherwise the nearest that it does.
    pub fn nearest(&self, wanted: Size) -> Size {
        if self.allows(wanted) {
            return wanted;
        }
        self.closest(wanted.ratio(), wanted.area() as f64)
    }

    /// The legal size closest to a ratio of width to height, and among equals to an area.
    fn closest(&self, ratio: f64, area: f64) -> Size {
        let step = self.grid;
        // Within the limits of the ratio, so that a wish far outside is met at the edge.
        let limit = f64::from(self.ratio);
        let ratio = ratio.max(1.0 / limit).min(limit);
        let mut best = (Size::new(self.side.0, self.side.0), [f64::INFINITY; 3]);
        let mut width = self.side.0.next_multiple_of(step);
        while width <= self.side.1 {
            let height = f64::from(width) / ratio / f64::from(step);
            // Below, nearest above, and where the area or a side sets the limit.
            for steps in [height as u32, height as u32 + 1, self.side.0 / step, self.side.1 / step]
            {
                let size = Size::new(width, steps * step);
                let distance = distance(size, ratio, area);
                if self.allows(size) && distance < best.1 {
                    best = (size, distance);
                }
            }
            width += step;
        }
        best.0
    }
}

/// How far a size is from a wish: by ratio first, then area, then by what little ratio is left.
fn distance(size: Size, ratio: f64, area: f64) -> [f64; 3] {
    let quotient = size.ratio() / ratio;
    let off = quotient.max(1.0 / quotient) - 1.0;
    [if off < SAME_RATIO { 0.0 } else { off }, (size.area() as f64 - area).abs(), off]
}

/// Reads the `size` of a request: a preset's name, `"W:H"`, `"WxH"`, or `{ width, height }`.
pub fn parse(value: &Json, presets: &[Preset], rule: &SizeRule) -> Result<Size> {
    const FORMS: &str = "size must be a preset's name, a ratio such as \"16:9\", pixels such as \
                         \"1280x1280\", or { width, height }";
    match value {
        Json::Null => Ok(presets[0].size),
        Json::Object(_) => allowed(Size::parse(value)?, rule),
        Json::Text(text) => {
            if let Some(preset) = presets.iter().find(|preset| preset.name == text.trim()) {
                return Ok(preset.size);
            }
            if let Some((width, height)) = pair(text, |char| char == ':') {
                return of_ratio(width, height, presets, rule);
            }
            match pixels(text) {
                Some(size) => allowed(size, rule),
                None => Err(Error::invalid("size", FORMS)),
            }
        }
        _ => Err(Error::invalid("size", FORMS)),
    }
}

/// The size that pixels such as `"1280x1280"` make.
pub fn pixels(text: &str) -> Option<Size> {
    let (width, height) = pair(text, |char| matches!(char, 'x' | 'X' | '*' | '×'))?;
    Some(Size { width, height })
}

/// The size, or an error that says the rule and suggests the nearest legal one.
fn allowed(size: Size, rule: &SizeRule) -> Result<Size> {
    if rule.allows(size) {
        return Ok(size);
    }
    Err(refusal(&size.join("x"), rule.nearest(size), rule))
}

/// The gateway's own size for a ratio; an error where none comes within one percent.
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
    if distance(size, ratio, DEFAULT_AREA)[2] < 0.01 {
        return Ok(size);
    }
    Err(refusal(&Size { width, height }.join(":"), size, rule))
}

fn refusal(wanted: &str, nearest: Size, rule: &SizeRule) -> Box<Error> {
    let mut error = Error::invalid(
        "size",
        joined(&[
            "size ",
            wanted,
            " is not possible here: the gateway takes ",
            rule.words,
            "; the nearest is ",
            &nearest.join("x"),
        ]),
    );
    error.suggestion = Some(nearest);
    error
}

/// Two whole numbers from 1, with a separator between them.
fn pair(text: &str, separates: fn(char) -> bool) -> Option<(u32, u32)> {
    let (at, separator) = text.char_indices().find(|(_, char)| separates(*char))?;
    let side = |text: &str| {
        let side = number(text.trim())?;
        u32::try_from(side).ok().filter(|side| *side > 0)
    };
    Some((side(text.get(..at)?)?, side(text.get(at + separator.len_utf8()..)?)?))
}
