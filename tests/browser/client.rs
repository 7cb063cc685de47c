//! `Client`, the door for Rust apps.

use std::cell::RefCell;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use futures_util::future::{Either, select};
use futures_util::{FutureExt, StreamExt};
use serde_json::json;
use wanvas::{Client, ClientBuilder, ErrorCode, GenerateRequest, JobStatus, Phase, Resumed, Size};
use wasm_bindgen_futures::spawn_local;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::BroadcastChannel;

use crate::support::{GATEWAY, Gateway, KEY, fetch, open_picture, sleep, submitted};

fn builder(gateway: wanvas::Gateway) -> ClientBuilder {
    Client::builder(gateway)
        .api_key(KEY)
        .base_url(GATEWAY.as_str())
        .poll_interval(Duration::from_millis(20))
        .fetch(fetch())
}

/// A client of Vtrix with nothing in its journal.
async fn vtrix() -> Client {
    let client = builder(wanvas::Gateway::Vtrix).build().unwrap();
    for entry in client.pending().await {
        client.forget(&entry.id).await;
    }
    client
}

fn a_fox() -> GenerateRequest {
    GenerateRequest::new("a red fox in the snow")
}

#[wasm_bindgen_test]
async fn every_gateway_makes_pictures() {
    for &name in wanvas::Gateway::ALL {
        let gateway = Gateway::fresh().await;
        let client = builder(name).build().unwrap();
        let request = a_fox().negative_prompt("text").size("1280x960").count(2).seed(0);
        let generation =
            client.generate(request.enhance_prompt(false).watermark(true)).await.unwrap();
        assert_eq!(generation.status, JobStatus::Succeeded, "{name}");
        assert_eq!(generation.requested.size, Some(Size::new(1280, 960)), "{name}");
        assert_eq!(generation.warnings, Vec::<String>::new(), "{name}");
        assert!(generation.cost.is_some() && generation.raw.is_some(), "{name}");
        assert_eq!(generation.images.len(), 2, "{name}");
        for image in &generation.images {
            open_picture(&json!(image.src())).await;
        }
        let expected = json!({
            "prompt": "a red fox in the snow", "negativePrompt": "text", "size": [1280, 960],
            "count": 2, "seed": 0, "enhancePrompt": false, "watermark": true,
        });
        assert_eq!(submitted(&gateway.submit().await), expected, "{name}");
    }
}

#[wasm_bindgen_test]
async fn a_job_can_be_kept_looked_at_and_waited_for() {
    let gateway = Gateway::fresh().await;
    gateway.script(json!({ "on": "submit", "fault": "stuck" })).await;
    let client = vtrix().await;
    let submitted = client.submit(a_fox()).await.unwrap();
    assert_eq!((submitted.status, &submitted.images[..]), (JobStatus::Running, &[][..]));
    let stuck = submitted.job.unwrap();
    assert_eq!(client.status(&stuck).await.unwrap().status, JobStatus::Running);
    assert_eq!(gateway.arrived("status").await.len(), 1, "to look once is one check");

    let job = client.submit(a_fox()).await.unwrap().job.unwrap();
    let kept = serde_json::to_string(&job).unwrap();
    let job = serde_json::from_str(&kept).unwrap();
    assert_eq!(client.poll(&job).await.unwrap().images.len(), 1);
}

#[wasm_bindgen_test]
async fn what_breaks_a_rule_is_refused_and_nothing_is_sent() {
    let gateway = Gateway::fresh().await;
    let client = vtrix().await;
    let too_small = a_fox().size(Size::new(100, 100));
    let refused = client.check(&too_small).unwrap_err();
    assert_eq!(refused.suggestion, Some(Size::new(768, 768)));
    let requests = [
        (too_small, "size"),
        (a_fox().size(Size::new(0, 1024)), "size"),
        (a_fox().size("cinema"), "size"),
        (a_fox().count(5), "count"),
        (a_fox().seed(u32::MAX), "seed"),
        (a_fox().negative_prompt("x".repeat(501)), "negativePrompt"),
        (GenerateRequest::new(" "), "prompt"),
    ];
    for (request, field) in requests {
        let error = client.generate(request).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidRequest, "{field}");
        assert_eq!(error.field.as_deref(), Some(field));
        assert!(!error.may_have_been_charged);
    }
    let at = || builder(wanvas::Gateway::Vtrix);
    let options = [
        (at().api_key(" "), "apiKey"),
        (at().base_url("http://example.com"), "baseUrl"),
        (at().base_url("https://[::"), "baseUrl"),
        (at().timeout(Duration::ZERO), "timeoutMs"),
        (at().timeout(Duration::MAX), "timeoutMs"),
        (at().poll_interval(Duration::from_secs(3601)), "pollIntervalMs"),
        (at().concurrency(0), "concurrency"),
        (at().header("Host", "a"), "headers"),
        (at().header("Authorization", "a"), "headers"),
        (Client::builder(wanvas::Gateway::Vtrix), "apiKey"),
    ];
    for (builder, field) in options {
        let error = builder.build().expect_err(field);
        assert_eq!(error.field.as_deref(), Some(field), "{error}");
    }
    assert_eq!(gateway.requests().await.len(), 0);
}

#[wasm_bindgen_test]
async fn a_job_of_another_gateway_is_refused() {
    Gateway::fresh().await;
    let job = vtrix().await.submit(a_fox()).await.unwrap().job.unwrap();
    let client = builder(wanvas::Gateway::Aimlapi).build().unwrap();
    let error = client.poll(&job).await.unwrap_err();
    assert_eq!(error.field.as_deref(), Some("provider"), "{error}");
}

#[wasm_bindgen_test]
async fn each_step_of_a_call_is_told() {
    Gateway::fresh().await;
    let phases = Rc::new(RefCell::new(Vec::new()));
    let told = Rc::clone(&phases);
    let tell = move |event: &wanvas::Progress| told.borrow_mut().push(event.phase);
    let client = builder(wanvas::Gateway::Vtrix).on_progress(tell).build().unwrap();
    client.generate(a_fox()).await.unwrap();
    let phases = phases.borrow();
    assert_eq!(phases[0], Phase::Submitting);
    assert!(phases.contains(&Phase::Running), "{phases:?}");
}

#[wasm_bindgen_test]
async fn a_key_is_asked_for_and_without_one_nothing_is_sent() {
    let gateway = Gateway::fresh().await;
    let at = || builder(wanvas::Gateway::Vtrix).without_journal();
    let given = at().api_key_from(|| async { Ok::<_, String>(KEY.to_owned()) }).build().unwrap();
    given.generate(a_fox()).await.unwrap();
    for answer in [Err("signed out"), Ok(String::new()), Ok("two words".to_owned())] {
        let before = gateway.arrived("submit").await.len();
        let client = at().api_key_from(move || std::future::ready(answer.clone()));
        let error = client.build().unwrap().generate(a_fox()).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Unauthorized);
        assert_eq!(gateway.arrived("submit").await.len(), before);
    }
}

#[wasm_bindgen_test]
async fn a_dropped_call_leaves_its_job_to_resume() {
    let gateway = Gateway::fresh().await;
    let client = vtrix().await;
    let slow = builder(wanvas::Gateway::Vtrix).poll_interval(Duration::from_secs(60));
    let slow = slow.build().unwrap();
    let call = slow.generate(a_fox());
    // Until it is accepted; what waits for it then is dropped.
    let accepted = async {
        while client.pending().await.first().is_none_or(|entry| entry.job.is_none()) {
            sleep(10).await;
        }
    };
    futures_util::future::select(pin!(call), pin!(accepted)).await;

    let mut resumed = client.resume();
    let Resumed { entry, result, .. } = resumed.next().await.unwrap();
    assert_eq!(result.unwrap().images.len(), 1);
    assert_eq!(entry.size, Some(Size::new(1280, 1280)));
    assert_eq!(client.pending().await.len(), 1, "the app is still dealing with it");
    assert!(resumed.next().await.is_none());
    assert_eq!(client.pending().await.len(), 0, "the app came for more");
    assert_eq!(gateway.arrived("submit").await.len(), 1);
}

#[wasm_bindgen_test]
async fn every_stream_gets_the_pictures_and_one_that_is_dropped_keeps_them() {
    let gateway = Gateway::fresh().await;
    let client = vtrix().await;
    client.submit(a_fox()).await.unwrap();
    let told = Rc::new(RefCell::new(Vec::new()));
    for _ in 0..2 {
        let (client, told) = (client.clone(), Rc::clone(&told));
        spawn_local(async move {
            let mut resumed = client.resume();
            let Resumed { result, .. } = resumed.next().await.unwrap();
            told.borrow_mut().push(result.unwrap().images);
        });
    }
    while told.borrow().len() < 2 {
        sleep(10).await;
    }
    assert_eq!(told.borrow()[0], told.borrow()[1]);
    assert_eq!(client.pending().await.len(), 1, "nobody came for more");
    assert_eq!(gateway.arrived("submit").await.len(), 1);
}

#[wasm_bindgen_test]
async fn a_failure_says_whether_it_was_charged_and_every_stream_is_told() {
    let gateway = Gateway::fresh().await;
    let client = vtrix().await;
    gateway.script(json!({ "on": "submit", "fault": "failed" })).await;
    client.submit(a_fox()).await.unwrap();
    let results = [client.resume(), client.resume()].map(|stream| async {
        let mut resumed = pin!(stream);
        resumed.next().await.unwrap().result.unwrap_err()
    });
    for error in futures_util::future::join_all(results).await {
        assert_eq!(error.code, ErrorCode::GenerationFailed);
        assert!(!error.may_have_been_charged && error.job.is_some(), "{error:?}");
    }
}

#[wasm_bindgen_test]
async fn a_job_whose_end_a_later_version_told_is_kept() {
    let gateway = Gateway::fresh().await;
    let client = vtrix().await;
    gateway.script(json!({ "on": "submit", "fault": "stuck" })).await;
    client.submit(a_fox()).await.unwrap();
    let [entry] = <[_; 1]>::try_from(client.pending().await).unwrap();
    let mut waiting = client.resume();
    let (work, waits) = async move { waiting.next().await.is_some() }.remote_handle();
    spawn_local(work);
    // That has the job then, and the next one waits for news of it.
    while gateway.arrived("status").await.is_empty() {
        sleep(10).await;
    }
    let mut told = client.resume();
    let tell = async {
        let end = json!({ "error": { "code": "of_tomorrow", "message": "new" } });
        let message = json!({ "id": entry.id, "outcome": end }).to_string();
        let message = js_sys::JSON::parse(&message).unwrap();
        let channel = BroadcastChannel::new("wanvas/1").unwrap();
        loop {
            channel.post_message(&message).unwrap();
            sleep(50).await;
        }
    };
    let outcome = match select(told.next(), pin!(tell)).await {
        Either::Left((outcome, _)) => outcome.unwrap(),
        Either::Right((never, _)) => never,
    };
    let error = outcome.result.unwrap_err();
    assert_eq!((error.code, error.may_have_been_charged), (ErrorCode::Protocol, true));
    assert_eq!(error.job, entry.job);
    assert!(told.next().await.is_none());
    drop(waits);
    assert_eq!(client.pending().await.len(), 1);
    client.forget(&entry.id).await;
}

#[wasm_bindgen_test]
async fn pictures_are_the_journals_until_they_are_handed_over() {
    let gateway = Gateway::fresh().await;
    let client = vtrix().await;
    let labelled = || a_fox().id("own").tag("album");
    let refusing = builder(wanvas::Gateway::Vtrix).deliver(async |_, _| Err("the disk is full"));
    let error = refusing.build().unwrap().generate(labelled()).await.unwrap_err();
    assert_eq!((error.code, error.id.as_deref()), (ErrorCode::NotDelivered, Some("own")));
    assert!(error.may_have_been_charged && error.message.ends_with("the disk is full"), "{error}");
    let error = client.generate(labelled()).await.unwrap_err();
    assert_eq!(error.field.as_deref(), Some("id"), "it is unfinished");
    let [entry] = <[_; 1]>::try_from(client.pending().await).unwrap();
    let kept = entry.generation.unwrap();
    let requests = gateway.requests().await.len();
    // A stream that is dropped has not handed over either.
    let Resumed { entry, result, .. } = client.resume_only("own").next().await.unwrap();
    assert_eq!((result.unwrap(), entry.tag), ((*kept).clone(), "album".into()));
    let taken = Rc::<RefCell<Vec<_>>>::default();
    let taking = builder(wanvas::Gateway::Vtrix).deliver({
        let taken = Rc::clone(&taken);
        move |generation, entry| {
            taken.borrow_mut().push((generation, entry.id));
            async { Ok::<_, String>(()) }
        }
    });
    let taking = taking.build().unwrap();
    let mut resumed = taking.resume();
    assert!(resumed.next().await.unwrap().result.is_ok());
    assert_eq!(*taken.borrow(), [(*kept, "own".to_owned())]);
    assert!(client.pending().await.is_empty());
    assert!(resumed.next().await.is_none());
    assert_eq!(gateway.requests().await.len(), requests);
}

#[wasm_bindgen_test]
async fn a_future_that_is_dropped_in_its_submit_keeps_what_that_brings() {
    let gateway = Gateway::fresh().await;
    let client = builder(wanvas::Gateway::Aimlapi).build().unwrap();
    gateway.script(json!({ "on": "submit", "fault": "delay", "ms": 1000 })).await;
    {
        let call = pin!(client.generate(a_fox()));
        let arrived = pin!(async {
            while gateway.arrived("submit").await.is_empty() {
                sleep(10).await;
            }
        });
        assert!(matches!(select(call, arrived).await, Either::Right(_)));
    }
    while client.pending().await.iter().all(|entry| entry.generation.is_none()) {
        sleep(10).await;
    }
    let mut resumed = client.resume();
    assert!(resumed.next().await.unwrap().result.is_ok());
    assert!(resumed.next().await.is_none());
    assert_eq!(gateway.arrived("submit").await.len(), 1);
}
