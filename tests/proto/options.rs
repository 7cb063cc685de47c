//! Which options are taken, and where a key may go.

use std::time::Duration;

use serde_json::json;
use wanvas::proto::config::{Config, Options};
use wanvas::proto::error::{Error, ErrorCode, Result};

use crate::harness::{Call, config, json};

#[test]
fn a_provider_is_one_that_is_known() {
    for provider in ["null", r#""fal""#, r#""Vtrix""#, "5", r#""""#] {
        let error = parse(&format!(r#"{{"provider": {provider}}}"#), true).err().expect("refused");
        assert_eq!(error.field.as_deref(), Some("provider"), "{provider}");
        assert!(error.message.contains("aimlapi or vtrix"), "{}", error.message);
    }
}

#[test]
fn options_are_an_object_of_known_members() {
    for options in ["null", "[]", r#""vtrix""#] {
        assert_eq!(parse(options, true).err().expect("refused").field.as_deref(), Some("options"));
    }
    for member in ["timeout", "apikey", "base_url", "retries"] {
        assert_eq!(refused(&format!(r#""{member}": 1"#), true).field.as_deref(), Some(member));
    }
}

#[test]
fn what_concerns_the_shell_alone_is_let_through() {
    let options = json!({
        "provider": "vtrix", "apiKey": "k", "signal": {}, "fetch": [], "onProgress": [],
    });
    assert!(Options::read(&options).is_ok());
}

#[test]
fn times_are_whole_milliseconds_within_bounds() {
    for (field, greatest) in [("timeoutMs", 86_400_000), ("pollIntervalMs", 3_600_000)] {
        for time in ["0", "-1", "1.5", r#""1000""#, "true", &(greatest + 1).to_string()] {
            let error = refused(&format!(r#""{field}": {time}"#), true);
            assert_eq!(error.field.as_deref(), Some(field), "{time}");
        }
        for time in ["1", &greatest.to_string(), "null"] {
            let taken = taken(&format!(r#""{field}": {time}"#), true);
            assert!(taken.timeout > Duration::ZERO, "{time}");
        }
    }
    assert_eq!(taken(r#""model": null"#, true).timeout, Duration::from_millis(600_000));
    assert_eq!(taken(r#""model": null"#, true).poll_interval, None);
}

#[test]
fn a_stream_is_wanted_or_not() {
    for (options, wanted) in [
        ("{}", true),
        (r#"{"stream": null}"#, true),
        (r#"{"stream": "auto"}"#, true),
        (r#"{"stream": "never"}"#, false),
        (r#"{"stream": "auto", "pollIntervalMs": 500}"#, false),
    ] {
        assert_eq!(config("vtrix", options).stream, wanted, "{options}");
    }
    for stream in ["true", "\"always\"", "1", "\"\""] {
        let options = json(&format!(r#"{{"provider": "vtrix", "stream": {stream}}}"#));
        let error = Options::read(&options).expect_err(stream);
        assert_eq!(error.field.as_deref(), Some("stream"), "{stream}");
    }
}

#[test]
fn waiting_is_a_flag_and_a_model_is_text() {
    assert_eq!(refused(r#""wait": "no""#, true).field.as_deref(), Some("wait"));
    assert_eq!(refused(r#""model": 5"#, true).field.as_deref(), Some("model"));
    assert!(taken(r#""wait": null"#, true).wait && !taken(r#""wait": false"#, true).wait);
}

#[test]
fn without_a_key_there_must_be_a_relay() {
    let error = refused(r#""wait": true"#, false);
    assert_eq!(error.field.as_deref(), Some("apiKey"));
    assert!(error.message.contains("baseUrl"), "{}", error.message);
    for relay in ["https://relay.example", "http://relay.example", "/relay", "/"] {
        taken(&format!(r#""baseUrl": "{relay}""#), false);
    }
    taken(r#""headers": {"Authorization": "Key abc"}"#, false);
}

#[test]
fn a_key_goes_over_https_or_to_this_machine() {
    let safe = [
        "https://relay.example",
        "HTTPS://relay.example:8443/wan",
        "http://127.0.0.1",
        "http://127.0.0.1:8080",
        "http://127.1.2.3:1/path",
        "http://localhost",
        "HTTP://LOCALHOST:8080",
        "http://x.localhost:3000",
        "http://[::1]",
        "http://[::1]:8080/wan",
    ];
    for url in safe {
        taken(&format!(r#""baseUrl": "{url}""#), true);
    }
}

#[test]
fn a_key_does_not_go_to_what_only_looks_like_this_machine() {
    let tricks = [
        "http://relay.example",
        "http://127.0.0.1.evil.com",
        "http://127.evil.com",
        "http://127.0.0.evil",
        "http://127.0.0.256",
        "http://localhost@evil.com",
        "http://localhost:80@evil.com",
        "https://user:password@relay.example",
        r"http://localhost\\@evil.com",
        r"http://localhost\\.evil.com",
        "http://localhost.evil.com",
        "http://evil.com/localhost",
        "http://evillocalhost",
        "http://127.0.0.1%2eevil",
        "http://127.0.0.1%2eevil.com",
        "http://[::1].evil.com",
        "http://[::1]@evil.com",
        "http://[::2]",
        "http://0.0.0.0",
        "http://localhost#@evil.com",
        "http://evil.com?@localhost",
        "http://evil.com\\t/",
        "http://ｌocalhost",
    ];
    for url in tricks {
        let error = refused(&format!(r#""baseUrl": "{url}""#), true);
        assert_eq!(error.field.as_deref(), Some("baseUrl"), "{url}");
    }
}

#[test]
fn a_host_that_only_begins_like_an_address_of_this_machine_is_a_name_like_any_other() {
    // A browser takes a host for an IPv4 address only if its last part is a number without a sign.
    let error = refused(r#""baseUrl": "http://127.0.0.+1""#, true);
    assert_eq!(error.field.as_deref(), Some("baseUrl"));
}

#[test]
fn an_authorization_header_is_a_key_too() {
    let headers = r#""headers": {"authorization": "Bearer k"}"#;
    let error = refused(&format!(r#""baseUrl": "http://relay.example", {headers}"#), false);
    assert_eq!(error.field.as_deref(), Some("baseUrl"));
    assert_eq!(refused(headers, true).field.as_deref(), Some("headers"));
}

#[test]
fn a_path_of_the_page_itself_is_taken_only_without_a_key() {
    assert_eq!(refused(r#""baseUrl": "/relay""#, true).field.as_deref(), Some("baseUrl"));
    assert_eq!(taken(r#""baseUrl": "/relay/""#, false).base_url, "/relay");
}

#[test]
fn an_address_that_is_none_is_refused_with_a_key_or_without() {
    let urls = [
        "//evil.com",
        "relay.example",
        "ftp://relay.example",
        "javascript:alert(1)",
        "https://",
        "https:///path",
        "http:relay.example",
        "https://a b",
        "https://a/?q=1",
        "https://a/#f",
        "/relay?q=1",
        r"/\\evil.com",
        "https://é.example",
    ];
    for url in urls {
        for has_key in [true, false] {
            let error = refused(&format!(r#""baseUrl": "{url}""#), has_key);
            assert_eq!(error.field.as_deref(), Some("baseUrl"), "{url}");
        }
    }
    assert_eq!(refused(r#""baseUrl": 5"#, true).field.as_deref(), Some("baseUrl"));
}

#[test]
fn requests_go_to_the_base_url_with_or_without_a_slash_at_its_end() {
    for base in ["https://relay.example/wan", "https://relay.example/wan//"] {
        let call = Call::with(
            "aimlapi",
            r#"{"prompt": "A boat"}"#,
            &format!(r#"{{"baseUrl": "{base}"}}"#),
        );
        assert_eq!(call.sent[0].1.url, "https://relay.example/wan/v1/images/generations");
    }
}

#[test]
fn the_callers_headers_go_with_every_request() {
    let mut call = Call::accepted(r#"{"headers": {"X-Project": "boats", "x-trace": "a b"}}"#);
    call.elapse();
    let headers = [("x-project", "boats"), ("x-trace", "a b")];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
    for (_, request) in &call.sent {
        assert_eq!(request.headers, headers);
    }
}

#[test]
fn headers_that_http_forbids_are_refused_without_repeating_their_value() {
    let broken = [
        r#"["X-A", "secret"]"#,
        r#""X-A: secret""#,
        r#"{"X A": "secret"}"#,
        r#"{"": "secret"}"#,
        r#"{"X-A": "secret\r\nX-B: 1"}"#,
        r#"{"X-A": "secret\u0000"}"#,
        r#"{"X-A": " secret"}"#,
        r#"{"X-A": "sécret"}"#,
        r#"{"X-A": ["secret"]}"#,
        r#"{"X-A": null}"#,
        r#"{"X:A": "secret"}"#,
        r#"{"Host": "secret"}"#,
        r#"{"content-length": "secret"}"#,
        r#"{"Transfer-Encoding": "secret"}"#,
    ];
    for headers in broken {
        let error = refused(&format!(r#""headers": {headers}"#), true);
        assert_eq!(error.field.as_deref(), Some("headers"), "{headers}");
        assert!(!error.message.contains("cret"), "{}", error.message);
    }
}

fn parse(options: &str, has_key: bool) -> Result<Config> {
    Options::read(&json(options))?.check(has_key)
}

/// Options of a Vtrix call with those members.
fn taken(members: &str, has_key: bool) -> Config {
    parse(&format!(r#"{{"provider": "vtrix", {members}}}"#), has_key)
        .unwrap_or_else(|error| panic!("{members}: {}", error.message))
}

fn refused(members: &str, has_key: bool) -> Error {
    let options = format!(r#"{{"provider": "vtrix", {members}}}"#);
    let Err(error) = parse(&options, has_key) else {
        panic!("{members} is taken");
    };
    assert_eq!(error.code, ErrorCode::InvalidRequest, "{members}");
    *error
}
