//! Status checks that are refused: which end the call, and which are tried again.

use serde_json::{Value, json};
use wanvas::proto::error::ErrorCode;

use crate::harness::{Call, answer, http};

#[test]
fn a_status_check_that_is_refused_for_good_ends_the_call_and_keeps_the_job() {
    let refusals = [
        (400, ErrorCode::InvalidRequest),
        (401, ErrorCode::Unauthorized),
        (402, ErrorCode::InsufficientBalance),
        (403, ErrorCode::Forbidden),
        (410, ErrorCode::InvalidRequest),
    ];
    for (status, code) in refusals {
        let mut call = Call::accepted("{}");
        call.check(&http(status, json!({})));
        assert_eq!((call.error().code, call.error().status), (code, Some(status)));
        assert!(call.error().job.is_some() && call.error().may_have_been_charged, "{status}");
        assert!(!call.error().retryable(), "{status}");
    }
}

#[test]
fn a_status_check_that_fails_in_passing_is_tried_again() {
    let passing = [408, 425, 429, 500, 502, 503, 504, 520].map(|status| http(status, Value::Null));
    let unread = http(200, json!({}));
    for trouble in passing.iter().chain([&answer("vtrix/error-500-text"), &unread]) {
        let mut call = Call::accepted("{}");
        call.check(trouble);
        assert!(call.result.is_none(), "{trouble:?}");
        call.check(&answer("vtrix/status-completed"));
        assert_eq!(call.finished().images.len(), 1);
    }
}

#[test]
fn a_job_unknown_three_times_in_a_row_is_not_found() {
    let unknown = answer("vtrix/error-404-detail");
    let mut call = Call::accepted("{}");
    for answer in [&unknown, &unknown, &answer("vtrix/status-in-progress"), &unknown, &unknown] {
        call.check(answer);
        assert!(call.result.is_none());
    }
    call.check(&unknown);
    assert_eq!(call.error().code, ErrorCode::NotFound);
    assert!(call.error().job.is_some());
}
