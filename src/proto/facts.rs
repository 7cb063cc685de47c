//! What never changes about a gateway.

use super::gateway::Gateway;
use super::size::{Preset, SizeRule};

/// What never changes about a gateway.
#[derive(Debug)]
#[non_exhaustive]
pub struct Facts {
    /// Its name.
    pub gateway: Gateway,
    /// Where its requests go.
    pub base_url: &'static str,
    /// Its name for the model.
    pub model: &'static str,
    /// What a size menu offers; the first is the default.
    pub presets: &'static [Preset],
    /// The sizes it takes.
    pub size_rule: SizeRule,
}
