//! How soon a picture is told of, and for how many checks, where jobs take long or short.

use std::f64::consts::TAU;
use std::time::Duration;

use fastrand::Rng;
use wanvas::proto::durations::Durations;
use wanvas::proto::schedule::PollSchedule;

/// The price of a check, in seconds of waiting.
const PRICE: f64 = 0.02;
/// The step of the times at which the best schedule may check, in seconds.
const GRID: f64 = 0.05;
/// Each of so many pages has seen other jobs, and waits for so many.
const PAGES: u64 = 200;
const JOBS: usize = 100;

#[test]
fn before_any_job_was_seen_checks_are_good_for_a_usual_one() {
    let told = simulate(|_| Vec::new(), log_normal(10.0, 0.35));
    assert!(told.late < 0.05 && told.checks < 13.0, "{told:?}");
}

#[test]
fn checks_cost_little_more_than_the_best_for_jobs_of_a_kind_that_was_seen() {
    for median in [3.0, 10.0, 25.0, 60.0, 90.0] {
        let job = log_normal(median, 0.35);
        let told = simulate(|random| several(random, &job), &job);
        assert!(told.beside_best < 1.15, "{median} s: {told:?}");
        assert!(told.late < 0.03 && told.checks < 14.0 || median != 10.0, "{told:?}");
    }
}

#[test]
fn jobs_that_are_faster_or_slower_than_expected_are_soon_known() {
    for median in [3.0, 60.0] {
        let job = log_normal(median, 0.35);
        let after = |seen: usize| {
            let first = |random: &mut Rng| several(random, &job)[..seen].to_vec();
            simulate(first, &job).beside_best
        };
        let costs = [after(0), after(1), after(5), after(20)];
        assert!(costs.is_sorted_by(|before, after| before > after), "{median} s: {costs:?}");
    }
}

#[test]
fn jobs_that_queue_now_and_then_are_not_checked_often_in_between() {
    let (at_once, queued) = (log_normal(8.0, 0.2), log_normal(30.0, 0.2));
    let job = |random: &mut Rng| if random.bool() { at_once(random) } else { queued(random) };
    let told = simulate(|random| several(random, job), job);
    assert!(told.beside_best < 1.15, "{told:?}");
}

#[test]
fn one_odd_job_changes_little() {
    let job = log_normal(10.0, 0.35);
    for odd in [0.05, 600.0] {
        let told = simulate(|random| [several(random, &job), vec![odd]].concat(), &job);
        assert!(told.beside_best < 1.15, "{odd} s: {told:?}");
    }
}

#[test]
fn the_last_twenty_jobs_count() {
    let seen = |old: u64, new: u64| {
        let durations = [vec![Duration::from_secs(old)], vec![Duration::from_secs(new); 20]];
        Durations::seen(&durations.concat()).interval(Duration::from_secs(5))
    };
    assert_eq!(seen(90, 10), seen(5, 10));
    assert_ne!(seen(90, 10), seen(90, 11));
}

#[test]
fn an_interval_has_bounds_at_every_age_whatever_was_seen() {
    let ends = [0, 1, 1_000, 86_400_000, u64::MAX].map(Duration::from_millis);
    for seen in ends {
        let durations = Durations::seen(&[seen; 20]);
        for age in ends {
            let interval = durations.interval(age).as_millis();
            assert!((300..=30_000).contains(&interval), "{seen:?} {age:?}: {interval}");
        }
    }
}

/// What the pages were told of their jobs.
#[derive(Debug)]
struct Told {
    /// How long a picture lay ready, as a share of the time it took.
    late: f64,
    /// Checks for a job.
    checks: f64,
    /// What that costs, as a multiple of what the best schedule for just these jobs would.
    beside_best: f64,
}

/// Has every page wait for jobs, once it has seen some.
fn simulate(seen: impl Fn(&mut Rng) -> Vec<f64>, job: impl Fn(&mut Rng) -> f64) -> Told {
    let mut random = Rng::with_seed(1);
    let (mut jobs, mut waited, mut checks) = (Vec::new(), 0.0, 0.0);
    for page in 0..PAGES {
        let mut schedule = PollSchedule::new(None, page);
        let seen = seen(&mut random);
        let seen: Vec<_> = seen.into_iter().map(Duration::from_secs_f64).collect();
        schedule.learn(Durations::seen(&seen));
        for _ in 0..JOBS {
            let took = job(&mut random);
            let mut at = 0.0;
            while at < took {
                at += schedule.next(Duration::from_secs_f64(at)).as_secs_f64();
                checks += 1.0;
            }
            waited += at - took;
            jobs.push(took);
        }
    }
    Told {
        late: waited / jobs.iter().sum::<f64>(),
        checks: checks / jobs.len() as f64,
        beside_best: (waited + PRICE * checks) / least_cost(jobs),
    }
}

/// The least that waiting for those jobs can cost with one schedule for all, found backwards from
/// the longest.
fn least_cost(mut jobs: Vec<f64>) -> f64 {
    jobs.sort_by(f64::total_cmp);
    let steps = (jobs[jobs.len() - 1] / GRID).ceil() as usize;
    // How many jobs are done at each step, and what they took in all.
    let mut done = vec![(0.0, 0.0)];
    let mut left = jobs.iter().peekable();
    for step in 1..=steps {
        let (mut count, mut sum) = done[step - 1];
        while let Some(job) = left.next_if(|job| **job <= step as f64 * GRID) {
            (count, sum) = (count + 1.0, sum + job);
        }
        done.push((count, sum));
    }
    // What is to be paid yet after a check at each step.
    let mut costs = vec![0.0; steps + 1];
    for from in (0..steps).rev() {
        let going = jobs.len() as f64 - done[from].0;
        let next = from + 1..=steps.min(from + 600);
        let cost = next.map(|to| {
            let (count, sum) = (done[to].0 - done[from].0, done[to].1 - done[from].1);
            PRICE * going + count * to as f64 * GRID - sum + costs[to]
        });
        costs[from] = cost.fold(f64::INFINITY, f64::min);
    }
    costs[0]
}

/// As many jobs as are remembered.
fn several(random: &mut Rng, job: impl Fn(&mut Rng) -> f64) -> Vec<f64> {
    (0..20).map(|_| job(random)).collect()
}

/// Jobs of a log-normal duration, by the Box-Muller transform.
fn log_normal(median: f64, sigma: f64) -> impl Fn(&mut Rng) -> f64 {
    move |random| {
        let radius = (-2.0 * (1.0 - random.f64()).ln()).sqrt();
        median * (sigma * radius * (TAU * random.f64()).cos()).exp()
    }
}
