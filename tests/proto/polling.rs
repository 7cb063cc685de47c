//! When the status of a job is checked.

use std::time::Duration;

use serde_json::Value;
use wanvas::proto::call::Input;
use wanvas::proto::durations::Durations;
use wanvas::proto::http::{Failure, HttpResponse};

use crate::harness::{Call, LATENCY, START, answer, http, with_header};

#[test]
fn the_first_check_comes_two_seconds_after_the_submit_was_accepted() {
    let pauses = (0..200).map(|seed| intervals(seed, 1)[0].1);
    assert_spread(pauses, 1_870, 2_290);
}

#[test]
fn the_intervals_suit_the_age_of_the_job() {
    let known = Durations::seen(&[]);
    let runs: Vec<_> = (0..200).map(|seed| intervals(seed, 40)).collect();
    for at in 0..40 {
        let shares = runs.iter().map(|run| {
            let (age, pause) = run[at];
            pause * 1_000 / known.interval(Duration::from_millis(age)).as_millis() as u64
        });
        assert_spread(shares, 897, 1_102);
    }
}

#[test]
fn what_was_seen_of_such_jobs_counts_from_the_next_check_on() {
    let mut call = Call::accepted("{}");
    call.input(Input::Seen(vec![Duration::from_secs(90); 20]));
    call.check(&answer("vtrix/status-in-progress"));
    assert!(call.pause() > 3_000, "{}", call.pause());
    let mut call = Call::accepted(r#"{"pollIntervalMs": 1234}"#);
    call.input(Input::Seen(vec![Duration::from_secs(90); 20]));
    call.check(&answer("vtrix/status-in-progress"));
    assert_eq!(call.pause(), 1_234);
}

#[test]
fn a_job_that_was_done_between_two_checks_took_until_between_them() {
    let mut call = Call::accepted(r#"{"pollIntervalMs": 4000}"#);
    call.check(&answer("vtrix/status-in-progress"));
    call.check(&answer("vtrix/status-completed"));
    // The submit and each check are answered after the latency.
    let (going, done) = (2 * LATENCY + 4_000, 3 * LATENCY + 8_000);
    assert_eq!(call.seen, Some(Duration::from_millis((going + done) / 2)));
}

#[test]
fn how_long_a_job_took_that_nobody_watched_is_not_known() {
    let mut rarely = Call::accepted(r#"{"pollIntervalMs": 6000}"#);
    rarely.check(&answer("vtrix/status-completed"));
    let mut resumed = Call::resumed("{}");
    resumed.answer(&answer("vtrix/status-completed"));
    let mut failed = Call::accepted("{}");
    failed.check(&answer("vtrix/status-failed-text-code"));
    let mut at_once = Call::generate("aimlapi");
    at_once.answer(&answer("aimlapi/success-four-images"));
    for call in [rarely, resumed, failed, at_once] {
        assert!(call.result.is_some());
        assert_eq!(call.seen, None);
    }
}

#[test]
fn the_same_seed_gives_the_same_intervals_and_another_seed_others() {
    assert_eq!(intervals(1, 7), intervals(1, 7));
    assert_ne!(intervals(1, 7), intervals(2, 7));
}

#[test]
fn a_fixed_interval_is_kept_exactly() {
    let mut call = Call::accepted(r#"{"pollIntervalMs": 1234}"#);
    for _ in 0..5 {
        assert_eq!(call.pause(), 1_234);
        call.check(&answer("vtrix/status-in-progress"));
    }
    for _ in 0..12 {
        call.check(&http(503, Value::Null));
        assert!(call.pause() >= 1_234, "a failed check is not repeated sooner");
    }
}

#[test]
fn failed_checks_are_repeated_after_random_waits_below_a_ceiling_that_doubles() {
    let ceilings = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000];
    let runs: Vec<_> = (0..200).map(|seed| backoffs(seed, ceilings.len(), trouble)).collect();
    for (at, ceiling) in ceilings.into_iter().enumerate() {
        assert_spread(runs.iter().map(|run| run[at]), 0, ceiling);
    }
}

#[test]
fn every_kind_of_failure_on_the_way_is_backed_off_from() {
    for failure in [Failure::Network, Failure::Cut, Failure::Unreachable] {
        let fail = |call: &mut Call| {
            call.elapse();
            call.fail(failure);
        };
        let longest = (0..50).map(|seed| backoffs(seed, 6, fail)[5]).max();
        assert!(longest > Some(16_000), "{failure:?}: {longest:?}");
    }
}

#[test]
fn a_check_that_is_answered_ends_the_backoff() {
    let mut call = Call::accepted("{}");
    call.check(&answer("vtrix/status-in-progress"));
    for _ in 0..6 {
        trouble(&mut call);
    }
    call.check(&answer("vtrix/status-in-progress"));
    let known = Durations::seen(&[]);
    let interval = known.interval(Duration::from_millis(call.now - START)).as_millis() as u64;
    assert!((interval * 9 / 10..=interval * 11 / 10).contains(&call.pause()), "{}", call.pause());
    trouble(&mut call);
    assert!(call.pause() <= 1_000, "{}", call.pause());
}

#[test]
fn a_check_without_an_answer_is_given_up_after_thirty_seconds() {
    let mut call = Call::accepted("{}");
    call.elapse();
    assert_eq!(call.pause(), 30_000);
    call.elapse();
    assert!(call.pause() <= 1_000, "another check comes soon");
    call.check(&answer("vtrix/status-completed"));
    assert_eq!(call.finished().images.len(), 1);
}

#[test]
fn a_gateway_that_says_how_long_to_wait_is_obeyed() {
    for status in [408, 425, 429, 500, 503] {
        for (header, wait) in [("0", 1_000), ("1", 1_000), ("59", 59_000), (" 7 ", 7_000)] {
            assert_eq!(pause_after("{}", status, header), wait, "{status} {header}");
        }
    }
    for header in ["61", "86400", "99999999999999999999999"] {
        assert_eq!(pause_after("{}", 429, header), 60_000, "{header}");
    }
    for (header, wait) in [("1", 5_000), ("20", 20_000)] {
        assert_eq!(pause_after(r#"{"pollIntervalMs": 5000}"#, 429, header), wait, "{header}");
    }
}

#[test]
fn a_date_to_wait_for_is_obeyed() {
    // The check of a fixed interval of 20 s is answered after twice the latency.
    let answered = START + 20_000 + 2 * LATENCY;
    let until = |seconds: u64| START + seconds * 1_000 - answered;
    let dates = [
        ("Mon, 02 Feb 2026 02:40:50 GMT", until(50)),
        ("Mon, 02 Feb 2026 02:41:15 GMT", until(75)),
        ("Mon, 02 Feb 2026 02:42:00 GMT", 60_000),
        ("Thu, 01 Jan 2099 00:00:00 GMT", 60_000),
    ];
    for (date, wait) in dates {
        assert_eq!(pause_after(r#"{"pollIntervalMs": 20000}"#, 503, date), wait, "{date}");
    }
    for past in ["Mon, 02 Feb 2026 02:39:59 GMT", "Sun, 06 Nov 1994 08:49:37 GMT"] {
        assert_eq!(pause_after("{}", 503, past), 1_000, "no time, but no burst: {past}");
    }
}

#[test]
fn a_wait_that_makes_no_sense_is_ignored() {
    let nonsense = [
        "",
        "soon",
        "-5",
        "1.5",
        "+5",
        "1e3",
        "0x10",
        "5 seconds",
        "Mon, 02 Feb 2026",
        "Mon, 02 Feb 2026 02:40:50 CET",
        "Mon, 02 Foo 2026 02:40:50 GMT",
        "Mon, 99 Feb 2026 02:40:50 GMT",
        "Mon, 02 Feb 2026 25:40:50 GMT",
        "Mon, 00 Feb 2026 02:40:50 GMT",
        "Mon, 02 Feb 0000 02:40:50 GMT",
        "ééééééééééééé GMT",
        "Mon, é2 Feb 2026 2:40:50 GMT",
    ];
    let unsaid = pause_after("{}", 503, "");
    for header in nonsense {
        assert_eq!(pause_after("{}", 503, header), unsaid, "{header}");
    }
}

#[test]
fn dates_are_read_by_the_calendar() {
    let dates = [
        ("Thu, 01 Jan 1970 00:00:01 GMT", 1),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
        ("Tue, 29 Feb 2000 23:59:60 GMT", 951_868_800),
        ("Thu, 29 Feb 2024 12:00:00 GMT", 1_709_208_000),
        ("Thu, 31 Dec 2026 23:59:59 GMT", 1_798_761_599),
        ("Mon, 01 Mar 2100 00:00:00 GMT", 4_107_542_400),
    ];
    for (date, seconds) in dates {
        let mut call = Call::generate("aimlapi");
        call.now = 0;
        call.answer(&with_header(http(400, Value::Null), "retry-after", date));
        let wait = Duration::from_millis(seconds * 1_000 - LATENCY);
        assert_eq!(call.error().retry_after, Some(wait), "{date}");
    }
}

/// The first pauses of a call whose job goes on, with the age of the job when they begin.
fn intervals(seed: u64, count: usize) -> Vec<(u64, u64)> {
    let mut call = Call::seeded("vtrix", r#"{"prompt": "A boat"}"#, "{}", seed);
    call.answer(&answer("vtrix/submit-in-progress"));
    let pauses = (0..count).map(|_| {
        let pause = (call.now - START, call.pause());
        call.check(&answer("vtrix/status-in-progress"));
        pause
    });
    pauses.collect()
}

/// The pauses after each of several failed checks.
fn backoffs(seed: u64, count: usize, fail: impl Fn(&mut Call)) -> Vec<u64> {
    let mut call = Call::seeded("vtrix", r#"{"prompt": "A boat"}"#, "{}", seed);
    call.answer(&answer("vtrix/submit-in-progress"));
    let pauses = (0..count).map(|_| {
        fail(&mut call);
        call.pause()
    });
    pauses.collect()
}

fn trouble(call: &mut Call) {
    call.check(&http(503, Value::Null));
}

/// The pause after a first check that is answered with that status and `Retry-After`.
fn pause_after(options: &str, status: u16, header: &str) -> u64 {
    let refused: HttpResponse = with_header(http(status, Value::Null), "retry-after", header);
    let mut call = Call::accepted(options);
    call.check(&refused);
    call.pause()
}

/// Every one lies within the bounds, and together they fill nearly all of the space between.
fn assert_spread(pauses: impl Iterator<Item = u64>, least: u64, most: u64) {
    let pauses: Vec<_> = pauses.collect();
    let (low, high) = (pauses.iter().min().expect("one"), pauses.iter().max().expect("one"));
    assert!(*low >= least && *high <= most, "{low} to {high} is not in {least} to {most}");
    let tenth = (most - least) / 10;
    assert!(low - least < tenth && most - high < tenth, "{low} to {high} in {least} to {most}");
}
