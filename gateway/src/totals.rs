//! Counts of what arrived, for tests that send more than the list of requests holds.

use serde::{Deserialize, Serialize};

use crate::http::Answer;
use crate::provider::Provider;
use crate::route::{Kind, Route};

/// The counts of each gateway since the last reset.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Totals {
    aimlapi: Counts,
    vtrix: Counts,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Counts {
    /// Submits that arrived, whatever became of them.
    submits: u64,
    /// Submits of which a job was made.
    accepted: u64,
    status_checks: u64,
    #[serde(default)]
    streams: u64,
}

impl Totals {
    /// Counts a request that arrived.
    pub(crate) fn count(&mut self, route: &Route) {
        let Some(provider) = route.provider else { return };
        match route.kind {
            Kind::Submit => self.of(provider).submits += 1,
            Kind::Status => self.of(provider).status_checks += 1,
            Kind::Stream => self.of(provider).streams += 1,
            Kind::Image | Kind::Preflight | Kind::Other => {}
        }
    }

    /// Counts a submit of which a job was made.
    pub(crate) fn count_accepted(&mut self, provider: Provider) {
        self.of(provider).accepted += 1;
    }

    pub(crate) fn answer(&self) -> Answer {
        Answer::json(200, self)
    }

    fn of(&mut self, provider: Provider) -> &mut Counts {
        match provider {
            Provider::Aimlapi => &mut self.aimlapi,
            Provider::Vtrix => &mut self.vtrix,
        }
    }
}
