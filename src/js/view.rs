//! What JavaScript sees of a size menu.

use serde::Serialize;

use crate::proto::size::{Preset, Size};

/// An item of a size menu.
#[derive(Serialize)]
pub struct PresetView {
    name: &'static str,
    width: u32,
    height: u32,
    ratio: String,
}

impl From<&Preset> for PresetView {
    fn from(preset: &Preset) -> Self {
        let Size { width, height } = preset.size;
        let ratio = format!("{}:{}", preset.ratio.0, preset.ratio.1);
        PresetView { name: preset.name, width, height, ratio }
    }
}
