//! Repeatable pseudo-random numbers.

use serde::{Deserialize, Serialize};

/// SplitMix64: small, fast, and good enough for pictures and identifiers that guard nothing.
///
/// Source: <https://prng.di.unimi.it/splitmix64.c>.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// A number from `low` up to, but not including, `high`.
    pub(crate) fn between(&mut self, low: f32, high: f32) -> f32 {
        // The upper 24 bits are what an `f32` holds exactly.
        let unit = (self.bits() >> 40) as f32 / (1u32 << 24) as f32;
        low + unit * (high - low)
    }

    /// A whole number from `low` to `high`, both included.
    pub(crate) fn pick(&mut self, low: u64, high: u64) -> u64 {
        match high.saturating_sub(low).checked_add(1) {
            Some(choices) => low + self.bits() % choices,
            None => self.bits(),
        }
    }

    /// An identifier in the form of a UUID.
    pub(crate) fn id(&mut self) -> String {
        let (a, b) = (self.bits(), self.bits());
        format!(
            "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
            a >> 32,
            (a >> 16) & 0xffff,
            a & 0xfff,
            b >> 52,
            b & 0xffff_ffff_ffff
        )
    }
}

/// Spreads every bit of the input over all bits of the output.
pub(crate) fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_identifiers() {
        let (mut one, mut other) = (Random::new(7), Random::new(7));
        assert_eq!(one.id(), other.id());
        assert_ne!(one.id(), Random::new(8).id());
    }

    #[test]
    fn picks_stay_within_both_bounds() {
        let mut random = Random::new(1);
        let picks: Vec<u64> = (0..200).map(|_| random.pick(3, 5)).collect();
        assert!((3..=5).all(|wanted| picks.contains(&wanted)));
        assert!(picks.iter().all(|pick| (3..=5).contains(pick)));
        assert_eq!(random.pick(9, 9), 9);
    }
}
