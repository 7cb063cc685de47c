//! Wan 2.5 text-to-image for web apps.

pub mod proto;

#[cfg(target_arch = "wasm32")]
pub mod browser;
