//! When the next status check is due.

/// The first check of a job: sooner, none has ever been finished.
const FIRST_CHECK_MS: u64 = 2_000;
/// The longest interval; the model's own documents advise ten seconds.
const MAX_INTERVAL_MS: u64 = 10_000;
/// The first wait after a failed check lies between nothing and this, each further one up to
/// twice as high.
const BACKOFF_BASE_MS: u64 = 1_000;
/// The highest that a wait after failed checks can be.
const BACKOFF_MAX_MS: u64 = 30_000;
/// The longest wait that a gateway's `Retry-After` is believed; the shortest is the base above.
const RETRY_AFTER_MAX_MS: u64 = 60_000;

/// The waits between one job's status checks.
#[derive(Debug)]
pub struct PollSchedule {
    interval_ms: Option<u64>,
    next_ms: u64,
    failures: u32,
    random: Random,
}

impl PollSchedule {
    /// A schedule of a fixed interval, or one that grows from 2 s to 10 s with jitter, so that many
    /// pages do not check in step. The same seed gives the same waits.
    pub fn new(interval_ms: Option<u64>, seed: u64) -> Self {
        PollSchedule { interval_ms, next_ms: FIRST_CHECK_MS, failures: 0, random: Random(seed) }
    }

    /// The wait before the next check, in milliseconds, after a submit or a check that was answered.
    pub fn next(&mut self) -> u64 {
        self.failures = 0;
        if let Some(interval) = self.interval_ms {
            return interval;
        }
        let wait = self.next_ms;
        self.next_ms = (wait + wait / 2).min(MAX_INTERVAL_MS);
        // A tenth more or less.
        wait - wait / 10 + self.random.below(wait / 5)
    }

    /// The wait after a check that failed: what the gateway asked for, or a random time below a
    /// ceiling that doubles from failure to failure (full jitter), but no less than a fixed interval.
    pub fn backoff(&mut self, retry_after_ms: Option<u64>) -> u64 {
        let ceiling = (BACKOFF_BASE_MS << self.failures.min(16)).min(BACKOFF_MAX_MS);
        self.failures += 1;
        let wait = match retry_after_ms {
            // A zero would have the gateway asked without a pause.
            Some(wait) => wait.clamp(BACKOFF_BASE_MS, RETRY_AFTER_MAX_MS),
            None => self.random.below(ceiling),
        };
        wait.max(self.interval_ms.unwrap_or(0))
    }
}

/// SplitMix64, <https://prng.di.unimi.it/splitmix64.c>: enough to spread waits, and a few bytes.
#[derive(Debug)]
struct Random(u64);

impl Random {
    /// A number from 0 to the bound, the bound included.
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (bits ^ (bits >> 31)) % (bound + 1)
    }
}
