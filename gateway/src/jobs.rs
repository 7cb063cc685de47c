//! Orders for pictures, and the jobs made of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::http::Wait;
use crate::picture::{Mark, Picture};
use crate::provider::Provider;

/// The largest seed at both gateways.
pub(crate) const MAX_SEED: u32 = 2_147_483_647;
/// Task ids live for a day at the upstream vendor, so older jobs are forgotten.
const JOB_LIFE_MS: u64 = 24 * 60 * 60 * 1000;

/// A request for pictures that has passed its gateway's checks; defaults are filled in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Order {
    pub(crate) model: String,
    pub(crate) prompt: String,
    pub(crate) negative_prompt: String,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) count: u32,
    /// `None` lets the gateway choose.
    pub(crate) seed: Option<u32>,
    pub(crate) mark: Mark,
}

impl Order {
    /// The pictures to draw, each with the seed after the one before.
    pub(crate) fn pictures(&self, seed: u32) -> Vec<Picture> {
        let picture = |index| {
            let seed = seed.wrapping_add(index) & MAX_SEED;
            let (prompt, negative) = (self.prompt.as_str(), self.negative_prompt.as_str());
            Picture::new(prompt, negative, seed, self.width, self.height, self.mark)
        };
        (0..self.count).map(picture).collect()
    }
}

/// A job that was accepted.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Job {
    pub(crate) id: String,
    pub(crate) provider: Provider,
    pub(crate) model: String,
    /// Unix milliseconds.
    pub(crate) accepted_at: u64,
    /// How long it takes; for `Forever` it never ends.
    pub(crate) length: Wait,
    pub(crate) outcome: Outcome,
    /// What an answer makes of the links to its pictures.
    pub(crate) links: Links,
    /// Whether it goes back from running to queued on its way.
    pub(crate) requeued: bool,
}

/// The links to pictures in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Links {
    /// One for each picture.
    True,
    /// The same one twice for each picture.
    Twice,
    /// For each picture an address that no page may open.
    Hostile,
}

/// How a job ends.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Outcome {
    Pictures(Vec<Picture>),
    Failed { code: Option<String>, message: Option<String> },
    RefusedContent,
}

impl Job {
    /// How far it is at `now`: 0 to just under 1, or `None` once it has ended.
    pub(crate) fn progress(&self, now: u64) -> Option<f64> {
        let elapsed = now.saturating_sub(self.accepted_at) as f64;
        match self.length {
            Wait::Ms(length) if elapsed >= length as f64 => None,
            Wait::Ms(length) => Some(two_decimals(elapsed / length as f64)),
            // Ever slower, and never there: half of it takes ten seconds.
            Wait::Forever => Some(two_decimals(elapsed / (elapsed + 10_000.0))),
        }
    }

    /// Whether it waits at `now`, so that a client which asks a few times while it lasts sees it
    /// queued, running, queued and running again.
    pub(crate) fn is_queued(&self, now: u64) -> bool {
        let waits = |progress| progress < 0.1 || (0.4..0.7).contains(&progress);
        self.requeued && self.progress(now).is_some_and(waits)
    }

    /// When it ended or will end, in Unix milliseconds; never comes for a stuck one.
    pub(crate) fn ends_at(&self) -> u64 {
        match self.length {
            Wait::Ms(length) => self.accepted_at.saturating_add(length),
            Wait::Forever => u64::MAX,
        }
    }
}

/// The jobs that can be asked for, in an order, so that equal ones are saved as equal text.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Jobs(BTreeMap<String, Job>);

impl Jobs {
    pub(crate) fn insert(&mut self, job: Job) {
        let now = job.accepted_at;
        self.0.retain(|_, old| now.saturating_sub(old.accepted_at) < JOB_LIFE_MS);
        self.0.insert(job.id.clone(), job);
    }

    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Job> {
        self.0.get(id)
    }
}

/// Rounds down, so that a job that runs never shows as done.
fn two_decimals(progress: f64) -> f64 {
    (progress * 100.0).floor().min(99.0) / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(length: Wait) -> Job {
        Job {
            id: "j".into(),
            provider: Provider::Vtrix,
            model: "m".into(),
            accepted_at: 1000,
            length,
            outcome: Outcome::Pictures(Vec::new()),
            links: Links::True,
            requeued: false,
        }
    }

    #[test]
    fn progress_grows_until_the_job_ends() {
        let job = job(Wait::Ms(400));
        let seen: Vec<_> = [1000, 1100, 1399, 1400].map(|now| job.progress(now)).into();
        assert_eq!(seen, [Some(0.0), Some(0.25), Some(0.99), None]);
    }

    #[test]
    fn a_requeued_job_is_seen_to_go_back_and_then_ends() {
        let job = Job { requeued: true, ..job(Wait::Ms(100)) };
        for interval in 20..30 {
            let asked_at = (0..).map(|check| 1000 + check * interval);
            let mut seen: Vec<bool> =
                asked_at.take_while(|now| *now < 1100).map(|now| job.is_queued(now)).collect();
            seen.dedup();
            assert_eq!(seen, [true, false, true, false], "every {interval} ms");
        }
        assert!(!job.is_queued(1100));
    }

    #[test]
    fn a_stuck_job_advances_and_never_ends() {
        let job = job(Wait::Forever);
        assert_eq!(job.progress(11_000), Some(0.5));
        assert_eq!(job.progress(u64::MAX), Some(0.99));
    }

    #[test]
    fn seeds_count_up_within_the_legal_range() {
        let order = Order {
            model: "m".into(),
            prompt: "p".into(),
            negative_prompt: String::new(),
            width: 8,
            height: 8,
            count: 2,
            seed: None,
            mark: Mark::None,
        };
        let seeds: Vec<u32> =
            order.pictures(MAX_SEED).iter().map(|picture| picture.seed()).collect();
        assert_eq!(seeds, [MAX_SEED, 0]);
    }

    #[test]
    fn jobs_are_forgotten_after_a_day() {
        let mut jobs = Jobs::default();
        jobs.insert(job(Wait::Ms(1)));
        let next = Job { id: "k".into(), accepted_at: 1000 + JOB_LIFE_MS, ..job(Wait::Ms(1)) };
        jobs.insert(next);
        assert!(jobs.get("j").is_none());
        assert!(jobs.get("k").is_some());
    }
}
