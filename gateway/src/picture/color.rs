//! Colors.

/// An sRGB color; each part goes from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Color([f32; 3]);

impl Color {
    pub(super) const WHITE: Self = Self([1.0; 3]);
    pub(super) const BLACK: Self = Self([0.0; 3]);

    /// A color by perceived lightness (0 to 1), chroma (0 for grey, about 0.2 for vivid) and hue
    /// (degrees), so that different hues of one lightness look equally light.
    ///
    /// OKLCH to sRGB, with the numbers of <https://bottosson.github.io/posts/oklab/>.
    pub(super) fn oklch(lightness: f32, chroma: f32, hue: f32) -> Self {
        let (sin, cos) = hue.to_radians().sin_cos();
        let (a, b) = (chroma * cos, chroma * sin);
        let l = (lightness + 0.396_337_78 * a + 0.215_803_76 * b).powi(3);
        let m = (lightness - 0.105_561_346 * a - 0.063_854_17 * b).powi(3);
        let s = (lightness - 0.089_484_18 * a - 1.291_485_5 * b).powi(3);
        Self(
            [
                4.076_741_7 * l - 3.307_711_6 * m + 0.230_969_94 * s,
                -1.268_438 * l + 2.609_757_4 * m - 0.341_319_38 * s,
                -0.004_196_086_3 * l - 0.703_418_6 * m + 1.707_614_7 * s,
            ]
            .map(gamma),
        )
    }

    pub(super) fn from_bytes(bytes: [u8; 3]) -> Self {
        Self(bytes.map(|byte| f32::from(byte) / 255.0))
    }

    pub(super) fn to_bytes(self) -> [u8; 3] {
        self.0.map(|part| (part * 255.0 + 0.5) as u8)
    }

    /// Goes from this color (0) to another (1).
    pub(super) fn mix(self, other: Self, share: f32) -> Self {
        let share = share.clamp(0.0, 1.0);
        let ([r, g, b], [other_r, other_g, other_b]) = (self.0, other.0);
        Self([r + (other_r - r) * share, g + (other_g - g) * share, b + (other_b - b) * share])
    }
}

fn gamma(linear: f32) -> f32 {
    let linear = linear.clamp(0.0, 1.0);
    if linear <= 0.003_130_8 { linear * 12.92 } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lightness_runs_from_black_to_white() {
        assert_eq!(Color::oklch(0.0, 0.0, 0.0).to_bytes(), [0; 3]);
        assert_eq!(Color::oklch(1.0, 0.0, 0.0).to_bytes(), [255; 3]);
    }

    #[test]
    fn hues_are_where_css_has_them() {
        // CSS Color 4 gives oklch(0.628 0.2577 29.23) for red.
        assert_eq!(Color::oklch(0.628, 0.2577, 29.23).to_bytes(), [255, 0, 0]);
    }

    #[test]
    fn bytes_survive() {
        assert_eq!(Color::from_bytes([1, 128, 254]).to_bytes(), [1, 128, 254]);
    }
}
