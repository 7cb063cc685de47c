//! Sky, sun or moon, stars and clouds.

use super::canvas::Canvas;
use super::color::Color;
use super::noise::{fractal, ramp};
use crate::random::mix;

/// Lengths and positions are shares of the canvas; radii are shares of its shorter side.
pub(super) struct Sky {
    /// Top, middle, horizon.
    pub(super) colors: [Color; 3],
    /// The sun or the moon, and its glow.
    pub(super) light: Color,
    pub(super) cloud: Color,
    pub(super) stars: bool,
    pub(super) horizon: f32,
    pub(super) sun: (f32, f32),
    pub(super) sun_radius: f32,
    /// From 0, clear, to 1.
    pub(super) cloud_cover: f32,
    pub(super) seed: u64,
    pub(super) cloud_seed: u64,
}

pub(super) fn draw(canvas: &mut Canvas, sky: &Sky) {
    let (width, height) = (canvas.width() as f32, canvas.height() as f32);
    let unit = width.min(height);
    let (sun_x, sun_y) = (sky.sun.0 * width, sky.sun.1 * height);
    let edge = 1.5 / unit;
    canvas.fill(|x, y| {
        let (u, v) = (x as f32 / unit, y as f32 / unit);
        let depth = y as f32 / height / sky.horizon;
        let mut color = gradient(&sky.colors, depth);
        if sky.stars {
            color = color.mix(Color::WHITE, star(sky.seed, x, y, unit) * (1.0 - depth));
        }

        let distance = (x as f32 - sun_x).hypot(y as f32 - sun_y) / unit;
        let beyond = (distance - sky.sun_radius).max(0.0);
        color = color.mix(sky.light, 0.55 * falloff(beyond, 0.09) + 0.25 * falloff(beyond, 0.35));
        let disc = ramp(sky.sun_radius + edge, sky.sun_radius - edge, distance);
        color = color.mix(sky.light, disc);

        // Clouds thin out towards the horizon, and below it there are none.
        if depth > 1.0 {
            return color;
        }
        let cover = fractal(sky.cloud_seed, u * 1.6, v * 6.0, 4);
        let threshold = 0.72 - 0.3 * sky.cloud_cover;
        let cloud = ramp(threshold, threshold + 0.25, cover) * ramp(1.0, 0.75, depth);
        color.mix(sky.cloud, 0.65 * cloud)
    });
}

fn gradient(colors: &[Color; 3], depth: f32) -> Color {
    if depth < 0.55 {
        colors[0].mix(colors[1], depth / 0.55)
    } else {
        colors[1].mix(colors[2], (depth - 0.55) / 0.45)
    }
}

/// 1 at distance 0, a quarter at `reach`, and never quite 0.
fn falloff(distance: f32, reach: f32) -> f32 {
    let relative = 1.0 + distance / reach;
    1.0 / (relative * relative)
}

/// How much of a star there is at a pixel: at most one in each cell of a grid, small and round.
fn star(seed: u64, x: u32, y: u32, unit: f32) -> f32 {
    let cell = (unit / 36.0).max(4.0);
    let (column, row) = ((x as f32 / cell) as u64, (y as f32 / cell) as u64);
    let bits = mix(seed ^ column << 32 ^ row);
    if bits & 7 > 2 {
        return 0.0;
    }
    let share = |shift: u32| ((bits >> shift) & 0xff) as f32 / 255.0;
    let at = |index: u64, share: f32| (index as f32 + 0.15 + 0.7 * share) * cell;
    let distance = (x as f32 - at(column, share(8))).hypot(y as f32 - at(row, share(16)));
    let radius = unit / 1100.0 * (0.7 + share(24)) + 0.3;
    (0.35 + 0.65 * share(32)) * ramp(radius + 0.8, radius - 0.5, distance)
}
