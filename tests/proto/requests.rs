//! What is sent, and which requests are refused before anything is.

use serde_json::{Value, json, to_value};
use wanvas::proto::error::{Error, ErrorCode};
use wanvas::proto::job::Job;

use crate::harness::{Call, answer, facts, fixture, handle, json, read_request};

const PROVIDERS: [&str; 2] = ["aimlapi", "vtrix"];

#[test]
fn every_member_of_a_request_is_sent_as_the_gateways_document_it() {
    let shared = r#""negativePrompt": "blurry, text", "size": "1280x1280", "count": 4,
                    "enhancePrompt": true, "watermark": false, "seed": 2147483647"#;
    for provider in PROVIDERS {
        let fixture = fixture(&format!("{provider}/request-all-members"));
        let request = format!(r#"{{"prompt": "{}", {shared}}}"#, prompt_of(&fixture));
        let call = Call::with(provider, &request, "{}");
        let (_, sent) = &call.sent[0];
        assert_eq!(sent.method.as_str(), fixture["method"]);
        assert!(sent.url.ends_with(fixture["path"].as_str().expect("a path")), "{}", sent.url);
        assert_eq!(call.body(), fixture["body"]);
    }
}

#[test]
fn the_documented_sample_of_aimlapi_is_sent_with_the_defaults_added() {
    let fixture = fixture("aimlapi/request-documented-sample");
    let prompt = prompt_of(&fixture);
    let request = format!(r#"{{"prompt": "{prompt}", "size": "1440x512"}}"#);
    let call = Call::with("aimlapi", &request, "{}");
    for (name, value) in fixture["body"].as_object().expect("a body") {
        assert_eq!(call.body()[name], *value, "{name}");
    }
}

#[test]
fn a_preset_word_is_sent_in_pixels_and_all_else_as_in_the_fixture() {
    let fixture = fixture("aimlapi/request-preset-word");
    let prompt = prompt_of(&fixture);
    let request = format!(
        r#"{{"prompt": "{prompt}", "size": "landscape_16_9", "seed": 0,
             "enhancePrompt": false, "watermark": true}}"#
    );
    let call = Call::with("aimlapi", &request, "{}");
    for (name, value) in fixture["body"].as_object().expect("a body") {
        let pixels = json!({"height": 736, "width": 1312});
        let expected = if name == "image_size" { &pixels } else { value };
        assert_eq!(call.body()[name], *expected, "{name}");
    }
}

#[test]
fn size_count_rewriting_and_watermark_are_always_sent() {
    let aimlapi = json!({"model": "alibaba/wan2.5-t2i-preview", "prompt": "A red boat",
        "num_images": 1, "image_size": {"width": 1280, "height": 1280},
        "enhance_prompt": true, "watermark": false});
    let vtrix = json!({"model": "wan25_t2i_preview_intl", "input": [{"params": {
        "input": {"prompt": "A red boat"}, "parameters": {
        "size": "1280*1280", "n": 1, "prompt_extend": true, "watermark": false}}}]});
    for (provider, body) in [("aimlapi", aimlapi), ("vtrix", vtrix)] {
        assert_eq!(Call::generate(provider).body(), body);
    }
}

#[test]
fn a_seed_of_zero_is_sent_and_an_absent_one_is_not() {
    let seed = |call: &Call| call.body()["input"][0]["params"]["parameters"]["seed"].clone();
    let zero = Call::with("vtrix", r#"{"prompt": "A boat", "seed": 0}"#, "{}");
    assert_eq!(seed(&zero), json!(0));
    for request in [r#"{"prompt": "A boat"}"#, r#"{"prompt": "A boat", "seed": null}"#] {
        assert_eq!(seed(&Call::with("vtrix", request, "{}")), Value::Null);
    }
}

#[test]
fn another_model_is_sent_and_kept_in_the_handle() {
    let options = r#"{"model": "wan25_t2i_preview"}"#;
    let mut call = Call::accepted(options);
    assert_eq!(call.body()["model"], "wan25_t2i_preview");
    call.check(&answer("vtrix/status-completed"));
    assert_eq!(call.generation().job.as_ref().expect("a job").model, "wan25_t2i_preview");
}

#[test]
fn a_status_check_is_the_documented_one() {
    let fixture = fixture("vtrix/request-status");
    let call = Call::resumed("{}");
    let (_, sent) = &call.sent[0];
    assert_eq!(sent.method.as_str(), fixture["method"]);
    assert!(sent.url.ends_with(fixture["path"].as_str().expect("a path")), "{}", sent.url);
    assert_eq!(sent.body.as_deref().map_or(Value::Null, json), fixture["body"]);
}

#[test]
fn a_prompt_is_text_that_says_something() {
    for prompt in ["null", r#""""#, r#"" \n\t ""#, "5", "[]", "{}", "true"] {
        assert_refused(&format!(r#"{{"prompt": {prompt}}}"#), "prompt");
    }
    assert_refused("{}", "prompt");
}

#[test]
fn prompts_are_counted_in_code_points_without_the_space_around_them_and_never_cut() {
    for provider in PROVIDERS {
        let request = read_request(provider, &prompts(2000, 500)).expect("the longest prompts");
        assert_eq!(request.prompt.chars().count(), 2000);
        assert_eq!(request.negative_prompt.expect("one").chars().count(), 500);
        let error = read_request(provider, &prompts(2001, 500)).expect_err("too long");
        assert_eq!(error.field.as_deref(), Some("prompt"));
        assert!(error.message.contains("2001") && error.message.contains("2000"));
        let error = read_request(provider, &prompts(2000, 501)).expect_err("too long");
        assert_eq!(error.field.as_deref(), Some("negativePrompt"));
        assert!(error.message.contains("501") && error.message.contains("500"));
    }
}

#[test]
fn a_blank_negative_prompt_is_none() {
    let request = json!({"prompt": "A boat", "negativePrompt": "  "});
    assert_eq!(read_request("vtrix", &request).expect("a request").negative_prompt, None);
}

#[test]
fn an_unknown_member_is_refused_by_its_name() {
    for member in ["promt", "n", "negative_prompt", "Size", "__proto__", ""] {
        let request = json!({"prompt": "A boat", member: "x"});
        let error = read_request("vtrix", &request).expect_err(member);
        assert_eq!(error.field.as_deref(), Some(member));
        assert!(error.message.contains("negativePrompt"), "{}", error.message);
    }
}

#[test]
fn a_request_is_an_object() {
    for request in [r#""A boat""#, "null", "[]", "5"] {
        assert_refused(request, "request");
    }
}

#[test]
fn a_count_is_a_whole_number_from_one_to_four() {
    for count in ["0", "5", "1.5", "-1", r#""2""#, "true", "[]", "{}", "1e308"] {
        assert_refused(&format!(r#"{{"prompt": "A boat", "count": {count}}}"#), "count");
    }
    for count in 1_u32..=4 {
        let request = json!({"prompt": "A boat", "count": count});
        let request = read_request("aimlapi", &request).expect("a request");
        assert_eq!(request.count, count);
    }
}

#[test]
fn a_seed_is_a_whole_number_up_to_2147483647() {
    for seed in ["-1", "2147483648", "0.5", r#""7""#, "false"] {
        assert_refused(&format!(r#"{{"prompt": "A boat", "seed": {seed}}}"#), "seed");
    }
    let greatest = json!({"prompt": "A boat", "seed": 2_147_483_647});
    assert_eq!(read_request("vtrix", &greatest).expect("a request").seed, Some(2_147_483_647));
}

#[test]
fn flags_are_true_or_false() {
    for field in ["enhancePrompt", "watermark"] {
        for flag in [r#""yes""#, "0", "1", "[]"] {
            assert_refused(&format!(r#"{{"prompt": "A boat", "{field}": {flag}}}"#), field);
        }
    }
}

#[test]
fn a_size_of_another_kind_is_refused() {
    for size in ["5", "true", "[1280, 1280]", r#""large""#, r#"{"width": 1280}"#] {
        assert_refused(&format!(r#"{{"prompt": "A boat", "size": {size}}}"#), "size");
    }
}

#[test]
fn a_handle_survives_being_kept() {
    let read = |handle: &Value| Job::read(handle, facts("vtrix")).expect("a handle");
    let job = read(&handle());
    let kept = to_value(&job).expect("plain data");
    assert_eq!(kept, handle());
    assert_eq!(read(&kept), job);
}

#[test]
fn a_handle_that_is_none_is_refused() {
    let broken = [
        ("provider", "null"),
        ("provider", r#""fal""#),
        ("provider", "5"),
        ("id", "null"),
        ("id", r#"" ""#),
        ("id", "5"),
        ("submittedAt", "null"),
        ("submittedAt", "-1"),
        ("submittedAt", r#""2026-02-02""#),
        ("count", "null"),
        ("count", "0"),
        ("count", "5"),
        ("count", "1.5"),
    ];
    for (member, value) in broken {
        let error = refused_handle("vtrix", &with_member(member, json(value)));
        assert_eq!(error.field.as_deref(), Some("job"), "{member}: {value}");
    }
    for value in ["null", r#""task_01""#, "[]", "{}"] {
        assert_eq!(refused_handle("vtrix", &json(value)).field.as_deref(), Some("job"), "{value}");
    }
}

#[test]
fn a_handle_whose_id_would_lead_to_another_address_is_refused() {
    for id in [".", ".."] {
        let error = refused_handle("vtrix", &with_member("id", id.into()));
        assert_eq!(error.field.as_deref(), Some("job"), "{id}");
    }
}

#[test]
fn a_handle_of_another_gateway_is_refused_as_a_wrong_provider() {
    let error = refused_handle("aimlapi", &handle());
    assert_eq!(error.field.as_deref(), Some("provider"));
    assert!(error.message.contains("vtrix") && error.message.contains("aimlapi"));
}

fn assert_refused(request: &str, field: &str) {
    for provider in PROVIDERS {
        let error = read_request(provider, &json(request)).expect_err(request);
        assert_eq!(error.code, ErrorCode::InvalidRequest, "{request}");
        assert_eq!(error.field.as_deref(), Some(field), "{request}");
        assert!(!error.may_have_been_charged && !error.retryable(), "{request}");
    }
}

fn refused_handle(provider: &str, handle: &Value) -> Error {
    *Job::read(handle, facts(provider)).expect_err("no handle")
}

fn with_member(name: &str, value: Value) -> Value {
    let mut handle = handle();
    handle[name] = value;
    handle
}

/// A request with prompts of so many four-byte characters, in space that does not count.
fn prompts(prompt: usize, negative: usize) -> Value {
    json!({
        "prompt": format!(" {}\n", "🚀".repeat(prompt)),
        "negativePrompt": "🚀".repeat(negative),
    })
}

fn prompt_of(fixture: &Value) -> &str {
    let body = &fixture["body"];
    let inner = &body["input"][0]["params"]["input"]["prompt"];
    body["prompt"].as_str().or_else(|| inner.as_str()).expect("a prompt")
}
