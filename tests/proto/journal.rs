//! What is kept of a call, and how another page goes on from it.

use serde_json::{Value, json};
use wanvas::proto::call::{Call as Machine, Input, Output};
use wanvas::proto::error::ErrorCode;
use wanvas::proto::gateway::Gateway;
use wanvas::proto::http::Failure;
use wanvas::proto::journal::{Entry, Stored};

use wanvas::proto::request::GenerateRequest;

use crate::harness::{Call, START, answer, at, config, facts, http, json, submit, with_header};

const DAY: u64 = 86_400_000;

const REQUEST: &str = r#"{"prompt": "A red boat", "negativePrompt": "people", "count": 2}"#;

/// The call that another page makes of an entry, so much later.
fn recovered(entry: &Entry, later: u64) -> Call {
    let provider = entry.provider.name();
    let entry = Entry::read(&json!(entry), facts(provider)).expect("an entry");
    Call::begin(Machine::recover(entry, config(provider, "{}"), at(START + later), 8))
}

/// What is kept after a submit was accepted.
fn accepted_entry() -> Entry {
    let mut call = Call::with("vtrix", REQUEST, "{}");
    call.answer(&answer("vtrix/submit-in-progress"));
    call.kept.expect("an entry")
}

/// The call's own id, in what is kept of it.
fn own_id(call: &Call) -> String {
    let id = call.kept.as_ref().expect("an entry").id.clone();
    assert!(!id.trim().is_empty(), "an id");
    id
}

#[test]
fn an_entry_is_kept_before_the_submit_leaves_and_holds_neither_prompt_nor_key() {
    for provider in ["aimlapi", "vtrix"] {
        let call = Call::with(provider, REQUEST, "{}");
        let text = serde_json::to_string(&call.kept.expect("an entry")).expect("JSON");
        let entry = json(&text);
        assert_eq!(entry["provider"], provider);
        assert_eq!(entry["count"], 2);
        assert_eq!(entry["size"], "1280x1280");
        assert_eq!((&entry["calledAt"], &entry["submittedAt"]), (&json!(START), &json!(START)));
        assert_eq!(entry["job"], Value::Null);
        assert!(entry["baseUrl"].as_str().expect("an address").starts_with("https://"));
        let parts: Vec<_> = text.split('"').collect();
        let members = parts.windows(2).filter(|pair| pair[1].starts_with(':'));
        let names: Vec<_> = members.map(|pair| pair[0]).collect();
        let known = [
            "version",
            "id",
            "provider",
            "baseUrl",
            "model",
            "count",
            "size",
            "calledAt",
            "submittedAt",
            "job",
        ];
        assert_eq!(names, known, "and nothing else");
    }
}

#[test]
fn the_job_is_kept_as_soon_as_it_is_known() {
    assert_eq!(json!(accepted_entry())["job"]["id"], "task_01");
}

#[test]
fn every_call_has_an_id_of_its_own() {
    let id = |seed| {
        let call = Call::seeded("vtrix", r#"{"prompt": "A boat"}"#, "{}", seed);
        own_id(&call)
    };
    assert_ne!(id(1), id(2));
}

#[test]
fn the_own_id_goes_along_where_a_header_asks_for_it() {
    let options = r#"{"headers": {"X-Client-Request-Id": "{id}", "X-Other": "a{id}"}}"#;
    let mut call = Call::with("vtrix", REQUEST, options);
    call.answer(&answer("vtrix/submit-in-progress"));
    call.elapse();
    let id = own_id(&call);
    for (_, request) in &call.sent {
        assert_eq!(request.headers[0], ("x-client-request-id".to_owned(), id.clone()));
        assert_eq!(request.headers[1].1, "a{id}", "only as the whole value");
    }
    assert!(Call::with("vtrix", REQUEST, "{}").sent[0].1.headers.is_empty(), "else not");
}

#[test]
fn what_is_settled_is_forgotten() {
    let settled: [fn(&mut Call); 9] = [
        |call| call.answer(&answer("vtrix/status-completed")),
        |call| call.answer(&answer("vtrix/status-failed-text-code")),
        |call| call.answer(&http(400, Value::Null)),
        |call| call.answer(&http(503, Value::Null)),
        |call| call.answer(&http(200, json!({"status": "completed", "output": []}))),
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
        |call| call.answer(&http(401, Value::Null)),
        |call| call.answer(&http(403, Value::Null)),
        |call| call.answer(&http(400, Value::Null)),
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
fn a_refused_submit_that_waits_to_be_sent_again_is_kept_as_one_that_never_left() {
    let mut call = Call::generate("vtrix");
    let submitted_at = |call: &Call| call.kept.as_ref().expect("an entry").submitted_at;
    assert_eq!(submitted_at(&call), Some(at(START)));
    call.answer(&with_header(answer("vtrix/error-429-integer-code"), "retry-after", "5"));
    assert_eq!(submitted_at(&call), None);
    call.elapse();
    assert_eq!(submitted_at(&call), Some(at(call.now)));
}

#[test]
fn a_call_is_kept_from_its_wait_for_a_turn_on() {
    let mut call = Call::queued(submit("aimlapi", REQUEST, "{}", 7));
    call.input(Input::Queue);
    let entry = call.kept.clone().expect("an entry");
    assert_eq!((entry.called_at, entry.submitted_at), (at(START), None));
    let recovered = recovered(&entry, 1_000);
    assert!(recovered.sent.is_empty());
    let error = recovered.error();
    assert_eq!(error.code, ErrorCode::NotSent);
    assert!(!error.may_have_been_charged && error.retryable());
    call.now += 5_000;
    call.input(Input::Turn { online: true });
    let entry = call.kept.expect("an entry");
    assert_eq!((entry.called_at, entry.submitted_at), (at(START), Some(at(START + 5_000))));
}

#[test]
fn the_pictures_are_kept_before_they_are_told() {
    for (provider, fixture) in
        [("aimlapi", "aimlapi/success-documented-sample"), ("vtrix", "vtrix/status-completed")]
    {
        let mut call = Call::with(provider, REQUEST, "{}");
        call.answer(&answer(fixture));
        let kept = call.kept_pictures.as_ref().expect("pictures");
        assert_eq!(kept.generation.as_deref(), Some(call.finished()));
        let stored = Stored::of(json!(kept)).expect("an entry");
        let images = stored.generation().expect("pictures")["images"].clone();
        assert_eq!(images, json!(call.finished().images));
    }
    let mut recovered = recovered(&accepted_entry(), 0);
    recovered.answer(&answer("vtrix/status-completed"));
    assert!(recovered.kept_pictures.is_some());
    let mut resumed = Call::resumed("{}");
    resumed.answer(&answer("vtrix/status-completed"));
    assert_eq!(resumed.kept_pictures, None, "whose call is in no journal");
}

#[test]
fn the_callers_words_are_in_all_that_is_told_of_a_call() {
    let labelled = || {
        let request = GenerateRequest::read(&json(REQUEST)).expect("a request");
        let request = request.id("own").tag(json!({"album": [7]}));
        let checked = request.check(facts("vtrix")).expect("a request");
        Machine::submit(checked, config("vtrix", "{}"), at(START), 7)
    };
    let tag = json!({"album": [7]});
    let mut call = Call::begin(labelled());
    call.answer(&answer("vtrix/status-completed"));
    let entry = call.kept_pictures.as_ref().expect("an entry");
    assert_eq!((entry.id.as_str(), &entry.tag), ("own", &tag));
    for event in &call.events {
        assert_eq!((event.id.as_str(), &event.tag), ("own", &tag));
    }
    let generation = call.finished();
    assert_eq!((generation.id.as_str(), &generation.tag), ("own", &tag));
    for (_, request) in &call.sent {
        assert!(!format!("{request:?}").contains("album"), "they are sent nowhere");
    }
    let mut failed = Call::begin(labelled());
    failed.answer(&http(401, Value::Null));
    assert_eq!((failed.error().id.as_deref(), &failed.error().tag), (Some("own"), &tag));
    let entry = Call::begin(labelled()).kept.expect("an entry");
    let error = recovered(&entry, 0).error().clone();
    assert_eq!((error.id.as_deref(), &error.tag), (Some("own"), &tag));
}

#[test]
fn a_submit_that_has_left_is_worth_its_answer_though_the_caller_waits_no_more() {
    let mut aimlapi = Call::with("aimlapi", REQUEST, "{}");
    aimlapi.input(Input::GivenUp { sent: true });
    assert!(aimlapi.result.is_none());
    assert_eq!(aimlapi.wait, u64::MAX, "however long that takes");
    aimlapi.answer(&answer("aimlapi/success-documented-sample"));
    assert!(aimlapi.kept_pictures.is_some());
    let mut vtrix = Call::with("vtrix", REQUEST, "{}");
    vtrix.input(Input::GivenUp { sent: true });
    vtrix.answer(&answer("vtrix/submit-in-progress"));
    assert_eq!((vtrix.sent.len(), vtrix.listened.len()), (1, 0), "nothing is sent any more");
    assert!(vtrix.result.is_some());
    assert!(vtrix.kept.as_ref().is_some_and(|entry| entry.job.is_some()));
    let mut refused = Call::with("vtrix", REQUEST, "{}");
    refused.input(Input::GivenUp { sent: true });
    refused.answer(&with_header(answer("vtrix/error-429-integer-code"), "retry-after", "5"));
    assert_eq!(refused.error().code, ErrorCode::RateLimited, "it is not sent again");
}

#[test]
fn a_submit_that_the_journal_would_deny_is_not_sent() {
    let mut machine = submit("vtrix", REQUEST, "{}", 7);
    machine.handle_input(Input::Turn { online: true }, at(START));
    assert!(matches!(machine.poll_output(), Output::Keep(_)));
    machine.handle_input(Input::NotKept, at(START));
    let Output::Done { result: Err(error), settled: true } = machine.poll_output() else {
        panic!("it is over, and nothing was sent")
    };
    assert_eq!((error.code, error.may_have_been_charged), (ErrorCode::NotSent, false));
    assert!(error.retryable());
}

#[test]
fn kept_pictures_are_given_until_their_links_are_over() {
    let link = |expires_at| json!({"url": "https://example.com/1.png", "expiresAt": expires_at});
    let entry = |images: &[Value], job| {
        let generation = json!({"status": "succeeded", "images": images});
        let entry = json!({"version": 1, "id": "1", "job": job, "generation": generation});
        Stored::of(entry).expect("an entry")
    };
    let job = json!({"id": "task_01"});
    let fresh = link(START + 1);
    for images in [vec![fresh.clone()], vec![json!({"base64": "iVBO"})], vec![fresh.clone(); 2]] {
        assert!(entry(&images, job.clone()).lasting_generation(at(START)).is_some());
    }
    let over = [fresh, link(START)];
    assert!(
        entry(&over, job).lasting_generation(at(START)).is_none(),
        "the job may bring new ones"
    );
    assert!(entry(&over, Value::Null).lasting_generation(at(START)).is_some(), "nothing else does");
}

#[test]
fn a_call_that_is_given_up_ends_at_once_where_nothing_is_under_way() {
    let mut queued = Call::queued(submit("aimlapi", REQUEST, "{}", 7));
    queued.input(Input::Queue);
    let unsent = Call::with("aimlapi", REQUEST, "{}");
    let mut checking = Call::accepted("{}");
    checking.elapse();
    let calls = [(queued, true), (unsent, false), (Call::accepted("{}"), true), (checking, true)];
    for (mut call, sent) in calls {
        let requests = call.sent.len();
        call.input(Input::GivenUp { sent });
        assert!(call.result.is_some());
        assert_eq!(call.sent.len(), requests);
        let has_job = call.error().job.is_some();
        assert_eq!(call.kept.is_some(), has_job);
    }
}

#[test]
fn another_page_goes_on_with_the_job_at_once_and_never_submits() {
    let mut call = recovered(&accepted_entry(), 60_000);
    assert_eq!((call.sent.len(), call.submits()), (1, 0));
    call.answer(&answer("vtrix/status-completed"));
    let generation = call.generation();
    let job = generation.job.as_ref().expect("the job");
    assert_eq!((job.id.as_str(), job.submitted_at), ("task_01", at(START)));
    assert_eq!(generation.requested.count, 2);
    assert_eq!(
        generation.requested.size.map(|size| size.to_string()).as_deref(),
        Some("1280x1280")
    );
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
        assert_eq!(call.error().provider.map(Gateway::name), Some(provider));
    }
}

#[test]
fn a_job_older_than_a_day_is_gone() {
    let missing = http(404, Value::Null);
    let mut young = recovered(&accepted_entry(), DAY);
    young.answer(&missing);
    assert!(young.result.is_none(), "a gateway's replicas may not know it yet");
    let mut old = recovered(&accepted_entry(), DAY + 1);
    old.kept = Some(accepted_entry());
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
    refused.kept = Some(accepted_entry());
    refused.answer(&http(401, Value::Null));
    assert!(refused.kept.is_some(), "the key may be the wrong one");
    let mut failed = recovered(&accepted_entry(), 0);
    failed.kept = Some(accepted_entry());
    failed.answer(&answer("vtrix/status-failed-text-code"));
    assert_eq!(failed.kept, None);
}

#[test]
fn an_entry_that_was_tampered_with_does_no_harm() {
    let spoilt = ["null", "7", "[]", r#"{"count": -1, "size": "0x", "submittedAt": "soon"}"#];
    for text in spoilt {
        let entry = Entry::read(&json(text), facts("vtrix")).expect("an entry without a job");
        let call = Call::begin(Machine::recover(entry, config("vtrix", "{}"), at(START), 8));
        assert!(call.sent.is_empty(), "{text}");
        assert!(call.error().may_have_been_charged, "{text}");
    }
    let unreadable = [
        r#"{"job": {"id": "..", "provider": "vtrix"}}"#,
        r#"{"job": {"id": "task_01", "provider": "aimlapi", "count": 1, "submittedAt": 1}}"#,
        r#"{"job": 5}"#,
    ];
    for text in unreadable {
        let entry = Entry::read(&json(text), facts("vtrix"));
        assert!(entry.is_err(), "{text}: its job is not given up");
    }
}

#[test]
fn a_recovered_call_keeps_nothing_while_it_waits_for_its_turn() {
    let entry = Entry::read(&json!(accepted_entry()), facts("vtrix")).expect("an entry");
    let mut call = Call::queued(Machine::recover(entry, config("vtrix", "{}"), at(START), 8));
    call.input(Input::Queue);
    assert!(call.sent.is_empty() && call.kept.is_none() && call.result.is_none());
}

#[test]
fn the_entries_of_a_call_are_those_at_its_address_oldest_first() {
    let entry = |id: &str, provider: &str, base_url: &str, called_at: u64| {
        json!({
            "version": 1, "id": id, "provider": provider, "baseUrl": base_url,
            "calledAt": called_at, "submittedAt": null, "job": null,
        })
    };
    let home = "https://cloud.vtrix.ai";
    let entries = [
        entry("late", "vtrix", home, 3),
        entry("early", "vtrix", home, 1),
        entry("elsewhere", "vtrix", "https://relay.example.com", 2),
        entry("another", "aimlapi", home, 2),
        json!({"version": 2, "id": "later version", "provider": "vtrix", "baseUrl": home}),
        json!({"version": 1, "id": 7, "provider": "vtrix", "baseUrl": home}),
        json!(null),
    ];
    let stored: Vec<_> = entries.into_iter().filter_map(Stored::of).collect();
    let ours = Stored::ours(&stored, &config("vtrix", "{}"));
    let ids: Vec<_> = ours.iter().map(Stored::id).collect();
    assert_eq!(ids, ["early", "late"]);
}

#[test]
fn an_entry_is_found_by_its_job() {
    let stored = Stored::of(json!(accepted_entry())).expect("an entry");
    assert!(stored.is_of("vtrix", "task_01"));
    assert!(!stored.is_of("aimlapi", "task_01") && !stored.is_of("vtrix", "task_02"));
}
