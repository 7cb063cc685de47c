//! What is kept of a call, and how another page goes on from it.

use wanvas::proto::error::ErrorCode;
use wanvas::proto::http::Failure;
use wanvas::proto::job::{Input, Job};
use wanvas::proto::journal::Entry;
use wanvas::proto::json::Json;

use crate::harness::{Call, START, answer, config, http, json, with_header};

const DAY: u64 = 86_400_000;

const REQUEST: &str = r#"{"prompt": "A red boat", "negativePrompt": "people", "count": 2}"#;

/// The call that another page makes of an entry, so much later.
fn recovered(entry: &Json, later: u64) -> Call {
    let provider = entry.get("provider").text().expect("a gateway").to_owned();
    let config = config(&provider, "{}");
    let entry = Entry::parse(entry, config.provider).expect("an entry");
    Call::begin(Job::recover(entry, config, START + later, 8))
}

/// What is kept after a submit was accepted.
fn accepted_entry() -> Json {
    let mut call = Call::with("vtrix", REQUEST, "{}");
    call.answer(&answer("vtrix/submit-in-progress"));
    call.kept.expect("an entry")
}

#[test]
fn an_entry_is_kept_before_the_submit_leaves_and_holds_neither_prompt_nor_key() {
    for provider in ["aimlapi", "vtrix"] {
        let call = Call::with(provider, REQUEST, "{}");
        let entry = call.kept.as_ref().expect("an entry");
        assert_eq!(entry.get("provider").text(), Some(provider));
        assert_eq!(entry.get("count").number(), Some(2.0));
        assert_eq!(entry.get("size").text(), Some("1280x1280"));
        assert_eq!(entry.get("submittedAt").number(), Some(START as f64));
        assert_eq!(entry.get("job"), &Json::Null);
        assert!(entry.get("baseUrl").text().expect("an address").starts_with("https://"));
        let names: Vec<_> = entry.members().iter().map(|(name, _)| name.as_str()).collect();
        let known = [
            "version",
            "id",
            "provider",
            "baseUrl",
            "model",
            "count",
            "size",
            "submittedAt",
            "job",
        ];
        assert_eq!(names, known, "and nothing else");
    }
}

#[test]
fn the_job_is_kept_as_soon_as_it_is_known() {
    let entry = accepted_entry();
    assert_eq!(entry.get("job").get("id").text(), Some("task_01"));
}

#[test]
fn every_call_has_an_id_of_its_own() {
    let id = |seed| {
        let call = Call::seeded("vtrix", r#"{"prompt": "A boat"}"#, "{}", seed);
        call.kept.expect("an entry").get("id").text().expect("an id").to_owned()
    };
    assert_ne!(id(1), id(2));
}

#[test]
fn the_own_id_goes_along_where_a_header_asks_for_it() {
    let options = r#"{"headers": {"X-Client-Request-Id": "{id}", "X-Other": "a{id}"}}"#;
    let mut call = Call::with("vtrix", REQUEST, options);
    call.answer(&answer("vtrix/submit-in-progress"));
    call.elapse();
    let entry = call.kept.expect("an entry");
    let id = entry.get("id").text().expect("an id");
    for (_, request) in &call.sent {
        assert_eq!(request.headers[0], ("x-client-request-id".to_owned(), id.to_owned()));
        assert_eq!(request.headers[1].1, "a{id}", "only as the whole value");
    }
    assert!(Call::with("vtrix", REQUEST, "{}").sent[0].1.headers.is_empty(), "else not");
}

#[test]
fn what_is_settled_is_forgotten() {
    let settled: [fn(&mut Call); 9] = [
        |call| call.answer(&answer("vtrix/status-completed")),
        |call| call.answer(&answer("vtrix/status-failed-text-code")),
        |call| call.answer(&http(400, Json::Null)),
        |call| call.answer(&http(503, Json::Null)),
        |call| call.answer(&http(200, json(r#"{"status": "completed", "output": []}"#))),
        |call| call.fail(Failure::Network),
        |call| call.fail(Failure::NoKey),
        |call| call.fail(Failure::Cut),
        |call| call.elapse(),
    ];
    for (index, end) in settled.into_iter().enumerate() {
        let mut call = Call::with("vtrix", REQUEST, "{}");
        assert!(call.kept.is_some());
        end(&mut call);
        assert!(call.result.is_some(), "{index}");
        assert_eq!(call.kept, None, "{index}");
    }
}

#[test]
fn a_job_that_may_yet_bring_pictures_is_kept() {
    let open: [fn(&mut Call); 6] = [
        |call| call.answer(&http(401, Json::Null)),
        |call| call.answer(&http(403, Json::Null)),
        |call| call.answer(&http(400, Json::Null)),
        |call| call.fail(Failure::Redirect),
        |call| call.fail(Failure::TooLong),
        |call| call.fail(Failure::NoKey),
    ];
    for (index, end) in open.into_iter().enumerate() {
        let mut call = Call::accepted("{}");
        call.elapse();
        end(&mut call);
        assert!(call.result.is_some(), "{index}");
        assert!(call.kept.is_some(), "{index}");
    }
    let mut late = Call::accepted(r#"{"timeoutMs": 5000}"#);
    while late.result.is_none() {
        late.elapse();
    }
    assert!(late.kept.is_some());
    let going = Call::accepted(r#"{"wait": false}"#);
    assert!(going.result.is_some() && going.kept.is_some());
}

#[test]
fn nothing_is_kept_while_a_refused_submit_waits_to_be_sent_again() {
    let mut call = Call::generate("vtrix");
    call.answer(&with_header(answer("vtrix/error-429-integer-code"), "retry-after", "5"));
    assert_eq!(call.kept, None);
    call.elapse();
    assert!(call.kept.is_some());
}

#[test]
fn another_page_goes_on_with_the_job_at_once_and_never_submits() {
    let mut call = recovered(&accepted_entry(), 60_000);
    assert_eq!((call.sent.len(), call.submits()), (1, 0));
    call.answer(&answer("vtrix/status-completed"));
    let generation = call.generation();
    let job = generation.job.as_ref().expect("the job");
    assert_eq!((job.id.as_str(), job.submitted_at), ("task_01", START));
    assert_eq!(generation.requested.count, 2);
    assert_eq!(generation.requested.size.map(|size| size.join("x")).as_deref(), Some("1280x1280"));
    assert_eq!(call.kept, None);
}

#[test]
fn a_submit_that_was_cut_off_is_reported_and_not_sent_again() {
    for provider in ["aimlapi", "vtrix"] {
        let entry = Call::with(provider, REQUEST, "{}").kept.expect("an entry");
        let call = recovered(&entry, 1_000);
        assert!(call.sent.is_empty());
        assert_eq!(call.error().code, ErrorCode::SubmitOutcomeUnknown);
        assert!(call.error().may_have_been_charged && !call.error().retryable());
        assert_eq!(call.error().provider, Some(provider));
    }
}

#[test]
fn a_job_older_than_a_day_is_gone() {
    let missing = http(404, Json::Null);
    let mut young = recovered(&accepted_entry(), DAY);
    young.answer(&missing);
    assert!(young.result.is_none(), "a gateway's replicas may not know it yet");
    let mut old = recovered(&accepted_entry(), DAY + 1);
    old.kept = Some(Json::Null);
    old.answer(&missing);
    assert_eq!((old.error().code, old.kept.as_ref()), (ErrorCode::NotFound, None));
    assert_eq!(old.error().job.as_ref().map(|job| job.id.as_str()), Some("task_01"));
    assert!(old.error().may_have_been_charged);
}

#[test]
fn a_job_that_only_seems_old_by_a_wrong_clock_is_delivered() {
    let mut call = recovered(&accepted_entry(), 3 * DAY);
    call.answer(&answer("vtrix/status-completed"));
    assert!(!call.finished().images.is_empty());
}

#[test]
fn a_recovered_job_is_refused_forgotten_or_kept_like_any_other() {
    let mut refused = recovered(&accepted_entry(), 0);
    refused.kept = Some(Json::Null);
    refused.answer(&http(401, Json::Null));
    assert!(refused.kept.is_some(), "the key may be the wrong one");
    let mut failed = recovered(&accepted_entry(), 0);
    failed.kept = Some(Json::Null);
    failed.answer(&answer("vtrix/status-failed-text-code"));
    assert_eq!(failed.kept, None);
}

#[test]
fn an_entry_that_was_tampered_with_does_no_harm() {
    let spoilt = ["null", "7", "[]", r#"{"count": -1, "size": "0x", "submittedAt": "soon"}"#];
    for text in spoilt {
        let config = config("vtrix", "{}");
        let entry = Entry::parse(&json(text), config.provider).expect("an entry without a job");
        let call = Call::begin(Job::recover(entry, config, START, 8));
        assert!(call.sent.is_empty(), "{text}");
        assert!(call.error().may_have_been_charged, "{text}");
    }
    let unreadable = [
        r#"{"job": {"id": "..", "provider": "vtrix"}}"#,
        r#"{"job": {"id": "task_01", "provider": "aimlapi", "count": 1, "submittedAt": 1}}"#,
        r#"{"job": 5}"#,
    ];
    for text in unreadable {
        let provider = config("vtrix", "{}").provider;
        assert!(Entry::parse(&json(text), provider).is_err(), "{text}: its job is not given up");
    }
}

#[test]
fn a_wait_for_a_turn_keeps_nothing() {
    let config = config("vtrix", "{}");
    let entry = Entry::parse(&accepted_entry(), config.provider).expect("an entry");
    let mut call = Call::queued(Job::recover(entry, config, START, 8));
    call.input(Input::Queue);
    assert!(call.sent.is_empty() && call.result.is_none());
}
