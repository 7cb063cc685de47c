//! When the next status check is due.

use std::time::Duration;

use fastrand::Rng;

use super::durations::Durations;
use super::time::millis;

/// The first wait after a failed check lies between nothing and this, each further one up to
/// twice as high.
const BACKOFF_BASE: Duration = Duration::from_secs(1);
/// The highest that a wait after failed checks can be.
const BACKOFF_MAX: Duration = Duration::from_secs(30);
/// The longest wait that a gateway's `Retry-After` is believed; the shortest is the base above.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(60);

/// The waits between one job's status checks.
#[derive(Debug)]
pub struct PollSchedule {
    interval: Option<Duration>,
    durations: Durations,
    failures: u32,
    random: Rng,
}

impl PollSchedule {
    /// A schedule of a fixed interval, or of intervals that suit what is known of such jobs, with
    /// jitter, so that many pages do not check in step. The same seed gives the same waits.
    pub fn new(interval: Option<Duration>, seed: u64) -> Self {
        let durations = Durations::seen(&[]);
        PollSchedule { interval, durations, failures: 0, random: Rng::with_seed(seed) }
    }

    /// Tells how long such jobs took.
    pub fn learn(&mut self, durations: Durations) {
        self.durations = durations;
    }

    /// The wait before the next check of a job of that age, after a submit or a check that was
    /// answered.
    pub fn next(&mut self, age: Duration) -> Duration {
        self.failures = 0;
        if let Some(interval) = self.interval {
            return interval;
        }
        let wait = self.durations.interval(age);
        // A tenth more or less.
        wait - wait / 10 + self.below(wait / 5)
    }

    /// The wait after a check that failed: what the gateway asked for, or a random time below a
    /// ceiling that doubles from failure to failure (full jitter), but no less than a fixed interval.
    pub fn backoff(&mut self, retry_after: Option<Duration>) -> Duration {
        let ceiling = BACKOFF_BASE.saturating_mul(1 << self.failures.min(16)).min(BACKOFF_MAX);
        self.failures += 1;
        let wait = match retry_after {
            // A zero would have the gateway asked without a pause.
            Some(wait) => wait.max(BACKOFF_BASE).min(RETRY_AFTER_MAX),
            None => self.below(ceiling),
        };
        wait.max(self.interval.unwrap_or_default())
    }

    /// A random time from none to the bound.
    fn below(&mut self, bound: Duration) -> Duration {
        Duration::from_millis(self.random.u64(..=millis(bound)))
    }
}
