//! What every refusal and failure in the fixtures means.

use std::time::Duration;

use serde_json::{Value, json};
use wanvas::proto::error::{Error, ErrorCode};
use wanvas::proto::http::{Body, Failure, HttpResponse};

use crate::harness::{Call, answer, fixture_names, http, task, with_header};

/// What AIML API's refusals of a submit mean. Columns: fixture, code, the gateway's own code, how
/// its name for the request begins, and whether to repeat the call: `safe`, or at the `risk` of
/// paying twice. `-` is none.
const AIMLAPI: &str = "
error-200-data-empty                        protocol               -                       -    risk
error-200-data-null                         protocol               -                       -    risk
error-200-error-member                      generation_failed      -                       -    -
error-200-item-without-image                protocol               -                       -    risk
error-400-message-list                      invalid_request        -                       798b -
error-400-validation                        invalid_request        -                       798b -
error-401-unauthorized                      unauthorized           -                       798b -
error-403-insufficient-credits-kind         insufficient_balance   err_insufficent_credits 798b -
error-403-insufficient-credits-message-list insufficient_balance   err_insufficent_credits 798b -
error-403-out-of-credits                    insufficient_balance   -                       798b -
error-403-plan-rule                         forbidden              -                       798b -
error-404-not-found                         not_found              -                       798b -
error-429-free-tier-limit                   rate_limited           -                       798b safe
error-429-rate-limit                        rate_limited           -                       798b safe
error-500-internal                          submit_outcome_unknown -                       798b risk
error-500-maintenance                       submit_outcome_unknown -                       798b risk
error-502-html                              submit_outcome_unknown -                       -    risk
error-503-unavailable                       submit_outcome_unknown -                       798b risk
error-504-generation-timeout                submit_outcome_unknown -                       798b risk
";

/// The same of Vtrix.
const VTRIX: &str = "
error-400-invalid-parameter    invalid_request        InvalidParameter    -    -
error-401-unauthorized         unauthorized           UNAUTHORIZED        mmsu -
error-402-insufficient-credits insufficient_balance   40201               -    -
error-402-payment-required     insufficient_balance   40200               -    -
error-403-detail               forbidden              -                   -    -
error-429-integer-code         rate_limited           1002                -    safe
error-429-rate-limit-exceeded  rate_limited           RATE_LIMIT_EXCEEDED mmsu safe
error-500-error-as-text        submit_outcome_unknown -                   -    risk
error-500-error-message        submit_outcome_unknown -                   -    risk
error-500-json                 submit_outcome_unknown INTERNAL_ERROR      -    risk
error-500-message-only         submit_outcome_unknown -                   -    risk
error-504-sync-timeout         submit_outcome_unknown SYNC_TIMEOUT        -    risk
submit-without-id              generation_failed      -                   -    -
";

/// The same of the model's own service, whose codes every gateway passes on.
const ALIBABA: &str = "
error-400-arrearage              insufficient_balance   Arrearage                  649b -
error-400-data-inspection-failed content_rejected       DataInspectionFailed       649b -
error-400-invalid-parameter      invalid_request        InvalidParameter           649b -
error-401-invalid-api-key        unauthorized           InvalidApiKey              649b -
error-401-invalid-api-key-nested unauthorized           invalid_api_key            649b -
error-403-access-denied          forbidden              AccessDenied               649b -
error-403-model-access-denied    forbidden              Model.AccessDenied         649b -
error-404-model-not-found        not_found              ModelNotFound              649b -
error-429-allocation-quota       insufficient_balance   Throttling.AllocationQuota 649b -
error-429-burst-rate             rate_limited           Throttling.BurstRate       649b safe
error-429-insufficient-quota     insufficient_balance   insufficient_quota         649b -
error-429-rate-quota             rate_limited           Throttling.RateQuota       649b safe
error-500-internal-error         submit_outcome_unknown InternalError              649b risk
";

/// The same of Vtrix's status checks that tell of a job's bad end.
const FAILED_JOBS: &str = "
status-canceled                  generation_failed -                    - -
status-cancelled                 generation_failed -                    - -
status-completed-output-empty    protocol          -                    - risk
status-completed-output-null     protocol          -                    - risk
status-completed-without-output  protocol          -                    - risk
status-failed-both-messages      generation_failed 110001               - -
status-failed-content-inspection content_rejected  DataInspectionFailed - -
status-failed-error-as-text      generation_failed -                    - -
status-failed-error-message      generation_failed 110001               - -
status-failed-integer-code       generation_failed 110001               - -
status-failed-text-code          generation_failed 002014001            - -
";

/// Fixtures of errors that a table cannot tell: each has a test of its own below.
const TOLD_APART: [&str; 3] =
    ["alibaba/status-failed-data-inspection", "vtrix/error-404-detail", "vtrix/error-500-text"];

#[test]
fn every_refusal_of_a_submit_is_understood() {
    for (provider, table) in [("aimlapi", AIMLAPI), ("vtrix", VTRIX)] {
        for row in rows(provider, table) {
            row.compare(&refused_submit(provider, &answer(&row.fixture)));
        }
    }
}

#[test]
fn refusals_of_the_models_own_service_mean_the_same_at_every_gateway() {
    for row in rows("alibaba", ALIBABA) {
        for provider in ["aimlapi", "vtrix"] {
            row.compare(&refused_submit(provider, &answer(&row.fixture)));
        }
    }
}

#[test]
fn every_bad_end_of_a_job_is_understood_and_the_job_kept_in_the_error() {
    for row in rows("vtrix", FAILED_JOBS) {
        let mut call = Call::accepted("{}");
        call.check(&answer(&row.fixture));
        row.compare(call.error());
        let job = call.error().job.as_ref().map(|job| job.id.as_str());
        assert_eq!(job, Some("task_01"), "{}", row.fixture);
    }
}

#[test]
fn no_fixture_of_an_error_is_forgotten() {
    for name in ["alibaba/", "/error-"].into_iter().flat_map(fixture_names) {
        assert!(knows(&name), "{name} is in no table");
    }
}

#[test]
fn a_failed_job_of_the_models_own_service_is_understood_inside_a_gateways_answer() {
    let upstream = answer("alibaba/status-failed-data-inspection");
    let failure = json!({"error": upstream.json()["output"]});
    let mut vtrix = Call::accepted("{}");
    vtrix.check(&task("failed", &failure.to_string()));
    let aimlapi = refused_submit("aimlapi", &http(200, failure));
    for error in [vtrix.error(), &aimlapi] {
        assert_eq!(error.code, ErrorCode::ContentRejected);
        assert_eq!(error.provider_code.as_deref(), Some("DataInspectionFailed"));
        assert!(!error.may_have_been_charged && !error.retryable());
    }
}

#[test]
fn a_failed_job_has_no_picture_to_pay_for_whatever_code_it_failed_with() {
    for code in ["Throttling.RateQuota", "InvalidParameter", "Arrearage", "InternalError"] {
        let mut call = Call::accepted("{}");
        call.check(&task("failed", &format!(r#"{{"error": {{"code": "{code}"}}}}"#)));
        assert!(!call.error().may_have_been_charged, "{code}: {:?}", call.error());
    }
}

#[test]
fn a_status_alone_says_enough_to_decide_by() {
    let statuses = [
        (302, ErrorCode::Protocol),
        (400, ErrorCode::InvalidRequest),
        (401, ErrorCode::Unauthorized),
        (402, ErrorCode::InsufficientBalance),
        (403, ErrorCode::Forbidden),
        (404, ErrorCode::NotFound),
        (408, ErrorCode::SubmitOutcomeUnknown),
        (413, ErrorCode::InvalidRequest),
        (422, ErrorCode::InvalidRequest),
        (429, ErrorCode::RateLimited),
        (500, ErrorCode::SubmitOutcomeUnknown),
        (524, ErrorCode::SubmitOutcomeUnknown),
    ];
    for (status, code) in statuses {
        let error = refused_submit("vtrix", &http(status, Value::Null));
        assert_eq!((error.code, error.status), (code, Some(status)));
    }
}

#[test]
fn a_job_that_failed_by_a_limit_is_told_by_its_code_alone() {
    for code in ["limit_requests", "limit_burst_rate", "Throttling", "1002"] {
        let mut call = Call::accepted("{}");
        call.check(&task("failed", &format!(r#"{{"error": {{"code": "{code}"}}}}"#)));
        assert_eq!(call.error().code, ErrorCode::RateLimited, "{code}");
    }
}

#[test]
fn a_refusal_without_a_code_is_understood_by_its_words_about_content_or_money() {
    let words = [
        (400, "The prompt may contain inappropriate content.", ErrorCode::ContentRejected),
        (400, "Data Inspection failed", ErrorCode::ContentRejected),
        (403, "Insufficient balance", ErrorCode::InsufficientBalance),
        (403, "You are out of credits", ErrorCode::InsufficientBalance),
        (403, "Your plan does not include this", ErrorCode::Forbidden),
        (400, "Unknown size; see the balance of your account", ErrorCode::InvalidRequest),
    ];
    for (status, message, code) in words {
        let error = refused_submit("vtrix", &http(status, json!({"message": message})));
        assert_eq!(error.code, code, "{message}");
    }
}

#[test]
fn an_answer_that_is_no_json_is_told_in_its_own_words_unless_it_is_a_page() {
    let text = refused_submit("vtrix", &answer("vtrix/error-500-text"));
    assert!(text.message.contains("(HTTP 500): Internal Server Error"), "{}", text.message);
    let page = refused_submit("aimlapi", &answer("aimlapi/error-502-html"));
    assert!(page.message.contains("502") && !page.message.contains('<'), "{}", page.message);
}

#[test]
fn the_message_carries_the_gateways_reason_at_a_bounded_length() {
    let list = refused_submit("aimlapi", &answer("aimlapi/error-400-message-list"));
    assert!(list.message.contains("must not be greater than 4"), "{}", list.message);
    let mut both = Call::accepted("{}");
    both.check(&answer("vtrix/status-failed-both-messages"));
    assert!(both.error().message.ends_with("vendor rejected"), "{}", both.error().message);
    let long = json!({"message": "é".repeat(100_000)});
    let long = refused_submit("aimlapi", &http(400, long));
    assert!(long.message.chars().count() < 400, "{}", long.message.len());
}

#[test]
fn a_prompt_that_the_gateway_repeats_is_in_no_error() {
    let request = r#"{"prompt": " A red boat ", "negativePrompt": "blurred sails"}"#;
    let echo = "no: A red boat, without blurred sails, A red boat";
    let refusal = http(400, json!({"message": echo}));
    let mut refused = Call::with("vtrix", request, "{}");
    refused.answer(&refusal);
    let mut failed = Call::with("vtrix", request, "{}");
    failed.answer(&answer("vtrix/submit-in-progress"));
    failed.check(&task("failed", &format!(r#"{{"error": "{echo}"}}"#)));
    let mut timed_out = Call::with("vtrix", request, "{}");
    timed_out.answer(&answer("vtrix/submit-in-progress"));
    while timed_out.result.is_none() {
        timed_out.elapse();
        timed_out.answer(&http(503, json!({"message": echo})));
    }
    for call in [refused, failed, timed_out] {
        let message = &call.error().message;
        assert!(message.contains("no: …, without …, …"), "{message}");
    }
}

#[test]
fn a_prompt_that_would_be_cut_in_two_is_in_no_error_either() {
    let prompt = "boat ".repeat(90);
    let echo = format!("{} {prompt}", "x".repeat(280));
    let request = format!(r#"{{"prompt": "{prompt}"}}"#);
    let mut call = Call::with("vtrix", &request, "{}");
    call.answer(&http(400, json!({"message": echo})));
    assert!(!call.error().message.contains("boat"), "{}", call.error().message);
}

#[test]
fn a_prompt_takes_nothing_out_of_our_own_words() {
    let mut call = Call::with("vtrix", r#"{"prompt": "gateway"}"#, "{}");
    call.answer(&http(401, json!({"message": "gateway: no such key"})));
    assert_eq!(call.error().message, "the gateway does not accept the key: …: no such key");
}

#[test]
fn a_breakdown_leaves_the_outcome_open_whatever_it_says_of_the_reason() {
    for status in [408, 500, 502, 503, 504] {
        for code in ["Throttling.RateQuota", "InvalidParameter", "Arrearage"] {
            let body = json!({"error": {"code": code}});
            let error = refused_submit("vtrix", &http(status, body));
            assert_eq!(error.code, ErrorCode::SubmitOutcomeUnknown, "{status} {code}");
            assert!(error.may_have_been_charged && !error.retryable(), "{status} {code}");
            assert_eq!(error.provider_code.as_deref(), Some(code));
        }
    }
}

#[test]
fn a_key_that_cannot_be_had_for_a_check_ends_the_call_and_keeps_the_job() {
    let mut call = Call::accepted("{}");
    call.elapse();
    call.fail(Failure::NoKey);
    assert_eq!(call.error().code, ErrorCode::Unauthorized);
    assert!(call.error().may_have_been_charged && call.error().job.is_some());
}

#[test]
fn a_content_refusal_by_a_check_means_that_there_is_no_picture_to_pay_for() {
    let mut call = Call::accepted("{}");
    call.check(&answer("alibaba/error-400-data-inspection-failed"));
    assert_eq!(call.error().code, ErrorCode::ContentRejected);
    assert!(!call.error().may_have_been_charged && call.error().job.is_some());
}

#[test]
fn an_error_in_a_good_answer_names_the_request_for_the_gateways_support() {
    let body = json!({"error": {"message": "Something wrong"}});
    let failed = with_header(http(200, body), "x-inference-id", "V1StGXR8");
    let failed = refused_submit("aimlapi", &failed);
    assert_eq!(failed.request_id.as_deref(), Some("V1StGXR8"));
    let mut call = Call::accepted("{}");
    call.check(&task("failed", r#"{"error": "vendor rejected", "request_id": "mmsu_01"}"#));
    assert_eq!(call.error().request_id.as_deref(), Some("mmsu_01"));
}

#[test]
fn a_refused_submit_says_how_long_to_wait() {
    let refused = with_header(answer("vtrix/error-429-integer-code"), "retry-after", "17");
    let error = refused_submit("vtrix", &refused);
    assert_eq!(error.retry_after, Some(Duration::from_secs(17)));
    let unsaid = refused_submit("vtrix", &answer("vtrix/error-429-integer-code"));
    assert_eq!(unsaid.retry_after, None);
}

#[test]
fn a_submit_answered_with_something_other_than_json_may_have_been_accepted() {
    let text = HttpResponse {
        body: Body::Text(r#"{"id": "task_01", "sta"#.to_owned()),
        ..http(200, Value::Null)
    };
    for provider in ["aimlapi", "vtrix"] {
        let error = refused_submit(provider, &text);
        assert_eq!(error.code, ErrorCode::Protocol);
        assert!(error.may_have_been_charged && !error.retryable());
    }
}

/// Whether a fixture is in one of the tables or has a test of its own.
pub fn knows(name: &str) -> bool {
    let tables =
        [("aimlapi", AIMLAPI), ("vtrix", VTRIX), ("alibaba", ALIBABA), ("vtrix", FAILED_JOBS)];
    let mut rows = tables.into_iter().flat_map(|(folder, table)| rows(folder, table));
    TOLD_APART.contains(&name) || rows.any(|row| row.fixture == name)
}

/// What a table expects of one fixture.
struct Row<'a> {
    fixture: String,
    code: &'a str,
    provider_code: Option<&'a str>,
    request_id: Option<&'a str>,
    repeat: &'a str,
}

fn rows<'a>(folder: &str, table: &'a str) -> impl Iterator<Item = Row<'a>> {
    let some = |cell| Some(cell).filter(|cell| *cell != "-");
    table.trim().lines().map(move |line| {
        let cells: Vec<_> = line.split_whitespace().collect();
        let [fixture, code, provider_code, request_id, repeat] = cells[..] else {
            panic!("not five columns: {line}");
        };
        Row {
            fixture: format!("{folder}/{fixture}"),
            code,
            provider_code: some(provider_code),
            request_id: some(request_id),
            repeat,
        }
    })
}

impl Row<'_> {
    fn compare(&self, error: &Error) {
        let name = &self.fixture;
        assert_eq!(error.code.as_str(), self.code, "{name}: {}", error.message);
        assert_eq!(error.provider_code.as_deref(), self.provider_code, "{name}");
        let request_id = error.request_id.as_deref().map(|id| &id[..4]);
        assert_eq!(request_id, self.request_id, "{name}");
        assert_eq!(error.retryable(), self.repeat == "safe", "{name}");
        assert_eq!(error.may_have_been_charged, self.repeat == "risk", "{name}");
        assert!(error.provider.is_some() && !error.message.is_empty(), "{name}");
        let status = answer(name).status;
        assert!(status == 200 || error.status == Some(status), "{name}: {:?}", error.status);
    }
}

fn refused_submit(provider: &str, answer: &HttpResponse) -> Error {
    let mut call = Call::generate(provider);
    call.answer(answer);
    // A rate limit is met again at each attempt.
    while call.result.is_none() {
        call.elapse();
        call.answer(answer);
    }
    assert!(call.sent.len() == 1 || answer.status == 429, "nothing else is sent again");
    call.error().clone()
}
