//! Hills, the trees on them, and the lake that mirrors them.

use super::canvas::Canvas;
use super::color::Color;
use super::noise::{fractal, ramp};
use crate::random::mix;

/// One range of hills. Heights are shares of the canvas's height, widths of its shorter side.
pub(super) struct Ridge {
    /// Where its ridge is on average, from the top.
    pub(super) level: f32,
    /// How far peaks and valleys are from that, at most.
    pub(super) height: f32,
    pub(super) width: f32,
    /// Octaves of noise: more is more rugged.
    pub(super) roughness: u32,
    /// At the ridge.
    pub(super) color: Color,
    /// Below it.
    pub(super) mist: Color,
    /// The height of the trees, if there are any, as a share of the shorter side.
    pub(super) trees: Option<f32>,
    /// In front of the lake.
    pub(super) near: bool,
    pub(super) seed: u64,
}

pub(super) fn draw(canvas: &mut Canvas, ridge: &Ridge) {
    let height = canvas.height() as f32;
    let fade = (ridge.height * 2.2 * height).max(1.0);
    for x in 0..canvas.width() {
        let ground = ground(canvas, ridge, x as f32);
        let top = ground - trees(canvas, ridge, x as f32);
        for y in top.max(0.0) as u32..canvas.height() {
            // The ridge line is smoothed over one pixel.
            let cover = (y as f32 + 1.0 - top).min(1.0);
            let below = (y as f32 - ridge.level * height).max(0.0) / fade;
            canvas.blend(x, y, ridge.color.mix(ridge.mist, below), cover);
        }
    }
}

/// Mirrors what is above the shore, darker and rippled.
pub(super) fn draw_lake(canvas: &mut Canvas, shore: f32, tint: Color, seed: u64) {
    let (width, height) = (canvas.width(), canvas.height());
    let unit = width.min(height) as f32;
    let shore = (shore * height as f32) as u32;
    for y in shore..height {
        let depth = (y - shore) as f32;
        // Waves look longer and taller the nearer they are.
        let reach = depth / (height - shore) as f32;
        let wave = unit * 0.004 * (0.3 + 2.5 * reach);
        let mirrored = shore as f32 - 1.0 - depth * 1.15;
        for x in 0..width {
            let (u, v) = (x as f32 / unit, depth / unit);
            let ripple = fractal(seed, u * 7.0, v * 70.0 / (0.4 + reach), 2) - 0.5;
            let from_y = (mirrored + ripple * wave * 3.0).clamp(0.0, shore as f32 - 1.0);
            let from_x = (x as f32 + ripple * wave * 4.0).clamp(0.0, width as f32 - 1.0);
            let water = canvas.get(from_x as u32, from_y as u32).mix(tint, 0.18 + 0.12 * reach);
            let shadow = 0.10 + 0.12 * ramp(0.0, 0.5, -ripple);
            let glint = 0.5 * ramp(0.22, 0.4, ripple) * (1.0 - reach);
            let bank = 0.35 * ramp(unit * 0.012, 0.0, depth);
            let color = water.mix(Color::BLACK, shadow + bank).mix(Color::WHITE, 0.25 * glint);
            canvas.set(x, y, color);
        }
    }
}

fn ground(canvas: &Canvas, ridge: &Ridge, x: f32) -> f32 {
    let (width, height) = (canvas.width() as f32, canvas.height() as f32);
    let unit = width.min(height);
    let rise = fractal(ridge.seed, x / unit / ridge.width, 0.0, ridge.roughness) * 2.0 - 1.0;
    // On a tall canvas, hills in proportion would be cliffs.
    ridge.level * height - rise * 1.6 * ridge.height * height.min(unit * 1.4)
}

/// How high trees reach above the ground at `x`: jagged triangles, some of them overlapping.
fn trees(canvas: &Canvas, ridge: &Ridge, x: f32) -> f32 {
    let Some(size) = ridge.trees else { return 0.0 };
    let size = size * canvas.width().min(canvas.height()) as f32;
    let spacing = size * 0.34;
    let slot = (x / spacing).floor();
    let tree = |offset: i32| {
        let index = slot + offset as f32;
        let bits = mix(ridge.seed ^ (index as i64 as u64).wrapping_mul(0x9e37_79b9));
        let share = |shift: u32| ((bits >> shift) & 0xff) as f32 / 255.0;
        // Woods and clearings.
        let wood = ramp(0.40, 0.58, fractal(ridge.seed ^ 1, index * 0.07, 0.0, 2));
        let tall = size * wood * (0.45 + 0.55 * share(0));
        let center = (index + 0.2 + 0.6 * share(8)) * spacing;
        let half = tall * (0.20 + 0.06 * share(16));
        let outward = (x - center).abs() / half.max(0.01);
        // Branches: the outline steps in and out on its way up.
        let branches = 0.10 * (outward * 5.0).fract();
        if outward < 1.0 { tall * (1.0 - outward + branches).min(1.0) } else { 0.0 }
    };
    [-1, 0, 1].map(tree).into_iter().fold(0.0, f32::max)
}
