//! Smooth random fields.

use crate::random::mix;

/// Several octaves of noise at `(x, y)`, from 0 to 1; features are about 1 wide.
pub(super) fn fractal(seed: u64, x: f32, y: f32, octaves: u32) -> f32 {
    let (mut sum, mut weight, mut scale) = (0.0, 0.5, 1.0);
    for octave in 0..octaves {
        sum += weight * smooth(seed ^ u64::from(octave) << 56, x * scale, y * scale);
        weight *= 0.5;
        scale *= 2.03;
    }
    sum / (1.0 - weight * 2.0)
}

/// Goes smoothly from 0, at `low` and below, to 1, at `high` and above.
pub(super) fn ramp(low: f32, high: f32, value: f32) -> f32 {
    ease(((value - low) / (high - low)).clamp(0.0, 1.0))
}

/// Value noise: random numbers at whole coordinates, blended between.
fn smooth(seed: u64, x: f32, y: f32) -> f32 {
    let (left, top) = (x.floor(), y.floor());
    let (across, down) = (ease(x - left), ease(y - top));
    let corner = |dx: i64, dy: i64| {
        let (x, y) = (left as i64 + dx, top as i64 + dy);
        let key = (x as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (y as u64).rotate_left(32);
        (mix(seed ^ key) >> 40) as f32 / (1u32 << 24) as f32
    };
    let blend = |from: f32, to: f32, share: f32| from + (to - from) * share;
    let above = blend(corner(0, 0), corner(1, 0), across);
    let below = blend(corner(0, 1), corner(1, 1), across);
    blend(above, below, down)
}

fn ease(share: f32) -> f32 {
    share * share * (3.0 - 2.0 * share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_stays_in_range_and_has_no_jumps() {
        let at = |step: u32| fractal(5, step as f32 * 0.01 - 3.0, 0.5, 4);
        let values: Vec<f32> = (0..600).map(at).collect();
        assert!(values.iter().all(|value| (0.0..=1.0).contains(value)));
        assert!(values.windows(2).all(|pair| (pair[0] - pair[1]).abs() < 0.1));
        assert!(values.iter().any(|value| (value - values[0]).abs() > 0.1));
    }

    #[test]
    fn a_ramp_is_flat_outside_its_ends() {
        assert_eq!([1.0, 2.0, 3.0, 4.0].map(|value| ramp(2.0, 3.0, value)), [0.0, 0.0, 1.0, 1.0]);
        assert_eq!(ramp(3.0, 2.0, 2.0), 1.0);
    }
}
