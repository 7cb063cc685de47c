//! The gateways that are spoken for, by name.

use serde::{Deserialize, Serialize};

/// A gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Provider {
    Aimlapi,
    Vtrix,
}

impl Provider {
    pub(crate) const ALL: [Self; 2] = [Self::Aimlapi, Self::Vtrix];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Aimlapi => "aimlapi",
            Self::Vtrix => "vtrix",
        }
    }
}
