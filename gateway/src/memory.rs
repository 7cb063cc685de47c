//! What a gateway remembers of the requests before.

use crate::jobs::Jobs;
use crate::journal::Journal;
use crate::scenario::Scenario;
use crate::totals::Totals;

/// All that a reset forgets. Random choices are not in it and go on, so that no identifier returns.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) jobs: Jobs,
    pub(crate) journal: Journal,
    pub(crate) totals: Totals,
    pub(crate) scenario: Scenario,
}
