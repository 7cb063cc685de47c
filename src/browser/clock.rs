//! What the pure side never asks for itself: the time and a random seed.

/// Now, in Unix milliseconds.
pub fn now() -> u64 {
    js_sys::Date::now() as u64
}

/// A seed for jitter; nothing that must be hard to guess.
pub fn seed() -> u64 {
    // 2^53: as many bits as a random number of JavaScript holds.
    (js_sys::Math::random() * 9_007_199_254_740_992.0) as u64
}
