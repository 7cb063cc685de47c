//! How long jobs take, as far as that is known, and the best time to ask whether one is done.
//!
//! A check costs a request, and a picture that lies ready costs waiting. For jobs of known duration
//! the sum is least where the next check is due after `sqrt(2c / hazard(t))`: `c` is the price of a
//! check, in seconds of waiting, and the hazard is the chance of a job that is not done after `t` to
//! be done in the next moment (Keller, "Optimum checking schedules for systems subject to random
//! failure", Management Science 21, 1974).
//!
//! What is known is a mixture of log-logistic distributions, for which all this is plain arithmetic:
//! a broad one for what is expected of every job, and a narrow one around each that was seen.

use std::time::Duration;

/// The price of a check: so many seconds of waiting for a picture that lies ready.
const CHECK_PRICE: f64 = 0.02;
/// No check sooner than this after the last.
const MIN_INTERVAL: f64 = 0.3;
/// The longest interval, however seldom a job takes that long.
const MAX_INTERVAL: f64 = 30.0;
/// The steps in which the hazard is summed up: a fiftieth of the time, or this.
const MIN_STEP: f64 = 0.05;

/// What is expected of any job.
///
/// No gateway tells how long its jobs take. The model's own documents say one to two minutes
/// (<https://www.alibabacloud.com/help/en/model-studio/text-to-image-v2-api-reference>), its faster
/// editions take some seconds: half of the jobs are expected within 15 s, nine of ten within 45 s.
const EXPECTED: Kernel = Kernel { median: 15.0, steepness: 2 };
/// The steepness around a job that was seen: nine of ten like it take between 0.8 and 1.3 times as
/// long.
const SEEN_STEEPNESS: i32 = 12;
/// So many jobs count, the last ones.
pub const MAX_SEEN: usize = 20;

/// What is known of how long jobs take.
#[derive(Clone, Debug)]
pub struct Durations {
    kernels: Vec<Kernel>,
}

impl Durations {
    /// What is known once jobs took so long, the latest of them last; none need have been seen.
    pub fn seen(durations: &[Duration]) -> Self {
        let mut kernels = vec![EXPECTED];
        for duration in &durations[durations.len().saturating_sub(MAX_SEEN)..] {
            let median = duration.as_secs_f64().max(MIN_STEP);
            kernels.push(Kernel { median, steepness: SEEN_STEEPNESS });
        }
        Durations { kernels }
    }

    /// How long after a check at that age of a job the next is best made: when the checks that are
    /// due by `1 / sqrt(2c / hazard)` a second come to one.
    pub fn interval(&self, age: Duration) -> Duration {
        let checked = age.as_secs_f64();
        let (mut at, mut due) = (checked, 0.0);
        while at < checked + MAX_INTERVAL {
            let step = MIN_STEP.max(at / 50.0);
            let more = step * (self.hazard(at + step / 2.0) / (2.0 * CHECK_PRICE)).sqrt();
            if due + more >= 1.0 {
                at += step * (1.0 - due) / more;
                break;
            }
            due += more;
            at += step;
        }
        Duration::from_secs_f64((at - checked).clamp(MIN_INTERVAL, MAX_INTERVAL))
    }

    /// The chance in a second, at an age in seconds, of a job that is not done to be done.
    fn hazard(&self, age: f64) -> f64 {
        let (mut density, mut going) = (0.0, 0.0);
        for kernel in &self.kernels {
            let survival = kernel.survival(age);
            going += survival;
            density += f64::from(kernel.steepness) * survival * (1.0 - survival) / age;
        }
        density / going
    }
}

/// A log-logistic distribution.
#[derive(Clone, Debug)]
struct Kernel {
    /// Half of the jobs are done by then, in seconds.
    median: f64,
    /// The higher, the more of them take about as long.
    steepness: i32,
}

impl Kernel {
    /// The share of jobs that are not done at an age in seconds.
    fn survival(&self, age: f64) -> f64 {
        1.0 / (1.0 + (age / self.median).powi(self.steepness))
    }
}
