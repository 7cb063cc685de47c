//! Picture sizes: what a gateway takes, and what comes nearest to a wish.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A picture's size in pixels, each side from 1. As text it is `1280x1280`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
}

impl Size {
    /// The size of that width and height.
    ///
    /// ```
    /// assert_eq!(wanvas::Size::new(1280, 720).to_string(), "1280x720");
    /// ```
    pub const fn new(width: u32, height: u32) -> Self {
        Size { width, height }
    }

    /// All pixels together.
    ///
    /// ```
    /// assert_eq!(wanvas::Size::new(1280, 720).area(), 921_600);
    /// ```
    pub fn area(self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    /// Width over height.
    ///
    /// ```
    /// assert_eq!(wanvas::Size::new(1280, 720).ratio(), 16.0 / 9.0);
    /// ```
    pub fn ratio(self) -> f64 {
        f64::from(self.width) / f64::from(self.height)
    }

    /// Reads pixels such as `1280x1280`; `X`, `*` and `×` are read too.
    ///
    /// ```
    /// use wanvas::Size;
    ///
    /// assert_eq!(Size::from_text("1280*720"), Some(Size::new(1280, 720)));
    /// assert_eq!(Size::from_text("16:9"), None);
    /// ```
    pub fn from_text(text: &str) -> Option<Self> {
        let (width, height) = pair(text, &['x', 'X', '*', '×'])?;
        Some(Size { width, height })
    }
}

impl fmt::Display for Size {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        write!(formatter, "{}x{}", self.width, self.height)
    }
}

/// A size that may be absent, as text.
pub mod text {
    use super::*;

    /// Writes it.
    pub fn serialize<S: Serializer>(size: &Option<Size>, serializer: S) -> Result<S::Ok, S::Error> {
        size.map(|size| size.to_string()).serialize(serializer)
    }

    /// Reads it; none of what is no size.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Size>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        Ok(text.as_deref().and_then(Size::from_text))
    }
}

/// Two whole numbers from 1, with one of the separators between them.
pub(super) fn pair(text: &str, separators: &[char]) -> Option<(u32, u32)> {
    let (left, right) = text.split_once(separators)?;
    let number = |text: &str| {
        let digits = text.trim();
        let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse().ok().filter(|number| is_plain && *number > 0)
    };
    Some((number(left)?, number(right)?))
}

/// A size that a menu offers by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Preset {
    /// The word that asks for it, the same at every gateway.
    pub name: &'static str,
    /// Width to height in the smallest whole numbers.
    pub ratio: (u32, u32),
    /// What is sent for it.
    pub size: Size,
}

/// The sizes a gateway takes. All bounds are inclusive.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
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

/// Ratios that differ by less count as equal: under five pixels in a thousand, which nobody sees.
const SAME_RATIO: f64 = 0.005;

impl SizeRule {
    /// Whether the gateway takes this size.
    ///
    /// ```
    /// use wanvas::{Gateway, Size};
    ///
    /// let rule = Gateway::Aimlapi.facts().size_rule;
    /// assert!(rule.allows(Size::new(1024, 768)));
    /// assert!(!rule.allows(Size::new(1000, 750)));
    /// ```
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
    ///
    /// ```
    /// use wanvas::{Gateway, Size};
    ///
    /// let rule = Gateway::Aimlapi.facts().size_rule;
    /// assert_eq!(rule.nearest(Size::new(1000, 750)), Size::new(1024, 768));
    /// ```
    pub fn nearest(&self, wanted: Size) -> Size {
        if self.allows(wanted) {
            return wanted;
        }
        self.closest(wanted.ratio(), wanted.area() as f64)
    }

    /// The legal size closest to a ratio of width to height, and among equals to an area.
    pub(super) fn closest(&self, ratio: f64, area: f64) -> Size {
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
    let off = off_ratio(size, ratio);
    [if off < SAME_RATIO { 0.0 } else { off }, (size.area() as f64 - area).abs(), off]
}

/// By what part a size misses a ratio of width to height.
pub(super) fn off_ratio(size: Size, ratio: f64) -> f64 {
    let quotient = size.ratio() / ratio;
    quotient.max(1.0 / quotient) - 1.0
}
