//! Composition: a sky, hills behind hills, often a lake.

use super::canvas::Canvas;
use super::color::Color;
use super::hills::{self, Ridge};
use super::sky::{self, Sky};
use crate::random::Random;

/// The colors of one hour of the day.
struct Palette {
    /// Sky: top, middle, horizon.
    sky: [Color; 3],
    light: Color,
    cloud: Color,
    /// Hills: farthest, nearest.
    hills: [Color; 2],
    stars: bool,
}

/// Draws the scene that belongs to a prompt and a seed. A negative prompt turns its hues a little
/// and moves its clouds.
pub(super) fn draw(canvas: &mut Canvas, prompt: u64, negative_prompt: u64, seed: u32) {
    let mut random = Random::new(prompt ^ crate::random::mix(u64::from(seed) + 1));
    let mut variation = Random::new(negative_prompt);
    let turn = random.between(-22.0, 22.0) + variation.between(-12.0, 12.0);
    let palette = Palette::pick(&mut random, turn);

    let horizon = random.between(0.56, 0.68);
    let sky = Sky {
        colors: palette.sky,
        light: palette.light,
        cloud: palette.cloud,
        stars: palette.stars,
        horizon,
        sun: (random.between(0.18, 0.82), random.between(0.16, 0.46)),
        sun_radius: random.between(0.045, 0.085),
        cloud_cover: random.between(0.1, 0.75),
        seed: random.bits(),
        cloud_seed: random.bits() ^ variation.bits(),
    };
    sky::draw(canvas, &sky);

    let shore = (random.pick(0, 9) < 6).then(|| random.between(0.70, 0.80));
    let ridges = ridges(&mut random, &palette, horizon, shore);
    let (near, far): (Vec<Ridge>, Vec<Ridge>) = ridges.into_iter().partition(|ridge| ridge.near);
    far.iter().for_each(|ridge| hills::draw(canvas, ridge));
    if let Some(shore) = shore {
        hills::draw_lake(canvas, shore, palette.sky[1], random.bits());
    }
    near.iter().for_each(|ridge| hills::draw(canvas, ridge));
}

/// From the farthest to the nearest. With a lake, the near ones lie on this side of it.
fn ridges(random: &mut Random, palette: &Palette, horizon: f32, shore: Option<f32>) -> Vec<Ridge> {
    let count = random.pick(5, 7) as usize;
    let bottom = 0.98;
    let near_count = if shore.is_some() { 1 } else { 2 };
    let ridge = |index: usize| {
        let nearness = index as f32 / (count - 1) as f32;
        let near = index + near_count >= count;
        let foot = shore.unwrap_or(bottom);
        let level = if near && shore.is_some() {
            random.between(0.90, 0.95)
        } else {
            horizon + (foot - horizon) * nearness * 0.9
        };
        let color = palette.hills[0].mix(palette.hills[1], nearness.powf(0.8));
        Ridge {
            level,
            height: random.between(0.07, 0.13) * (1.0 - 0.35 * nearness),
            width: 0.22 + 0.25 * nearness,
            roughness: if nearness < 0.5 { 6 } else { 4 },
            color,
            mist: color.mix(palette.sky[2], 0.62 - 0.45 * nearness),
            trees: (nearness > 0.55).then_some(0.018 + 0.055 * (nearness - 0.5)),
            near,
            seed: random.bits(),
        }
    };
    (0..count).map(ridge).collect()
}

impl Palette {
    fn pick(random: &mut Random, turn: f32) -> Self {
        let color = |lightness, chroma, hue: f32| Color::oklch(lightness, chroma, hue + turn);
        match random.pick(0, 5) {
            0 => Self {
                sky: [color(0.58, 0.10, 265.0), color(0.80, 0.08, 330.0), color(0.92, 0.08, 65.0)],
                light: color(0.98, 0.05, 85.0),
                cloud: color(0.93, 0.05, 20.0),
                hills: [color(0.74, 0.07, 320.0), color(0.24, 0.06, 285.0)],
                stars: false,
            },
            1 => Self {
                sky: [color(0.60, 0.13, 250.0), color(0.78, 0.09, 235.0), color(0.95, 0.04, 200.0)],
                light: color(0.99, 0.03, 100.0),
                cloud: color(0.98, 0.01, 230.0),
                hills: [color(0.78, 0.06, 230.0), color(0.34, 0.08, 150.0)],
                stars: false,
            },
            2 => Self {
                sky: [color(0.34, 0.10, 285.0), color(0.58, 0.15, 350.0), color(0.84, 0.14, 62.0)],
                light: color(0.93, 0.13, 80.0),
                cloud: color(0.70, 0.14, 15.0),
                hills: [color(0.56, 0.12, 345.0), color(0.17, 0.05, 300.0)],
                stars: false,
            },
            3 => Self {
                sky: [color(0.17, 0.06, 270.0), color(0.29, 0.08, 262.0), color(0.50, 0.09, 230.0)],
                light: color(0.96, 0.03, 100.0),
                cloud: color(0.42, 0.06, 255.0),
                hills: [color(0.38, 0.07, 250.0), color(0.11, 0.03, 265.0)],
                stars: true,
            },
            4 => Self {
                sky: [color(0.70, 0.08, 215.0), color(0.86, 0.05, 130.0), color(0.94, 0.09, 88.0)],
                light: color(0.99, 0.06, 95.0),
                cloud: color(0.97, 0.03, 80.0),
                hills: [color(0.78, 0.09, 75.0), color(0.33, 0.09, 40.0)],
                stars: false,
            },
            _ => Self {
                sky: [color(0.26, 0.07, 285.0), color(0.46, 0.10, 200.0), color(0.76, 0.12, 165.0)],
                light: color(0.97, 0.05, 150.0),
                cloud: color(0.70, 0.12, 170.0),
                hills: [color(0.46, 0.08, 205.0), color(0.13, 0.04, 250.0)],
                stars: true,
            },
        }
    }
}
