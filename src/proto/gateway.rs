//! The names of the gateways.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A gateway known here. As data it is its name, the `provider` of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Gateway {
    /// AIML API, which answers in one request.
    Aimlapi,
    /// Vtrix, which gives a job to wait for.
    Vtrix,
}

impl Gateway {
    /// Every gateway known here.
    pub const ALL: &'static [Gateway] = &[Gateway::Aimlapi, Gateway::Vtrix];

    /// Its name.
    ///
    /// ```
    /// assert_eq!(wanvas::Gateway::Vtrix.name(), "vtrix");
    /// ```
    pub fn name(self) -> &'static str {
        match self {
            Gateway::Aimlapi => "aimlapi",
            Gateway::Vtrix => "vtrix",
        }
    }

    /// The gateway of that name.
    ///
    /// ```
    /// use wanvas::Gateway;
    ///
    /// assert_eq!(Gateway::by_name("vtrix"), Some(Gateway::Vtrix));
    /// assert_eq!(Gateway::by_name("none of them"), None);
    /// ```
    pub fn by_name(name: &str) -> Option<Self> {
        Gateway::ALL.iter().copied().find(|gateway| gateway.name() == name)
    }
}

impl fmt::Display for Gateway {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
