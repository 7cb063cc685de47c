//! Keeping the key out of what a gateway repeats.

use wanvas::proto::http::{HttpRequest, Method};
use wanvas::proto::secret::{of, redacted};

#[test]
fn the_secret_is_what_follows_the_scheme() {
    let request = HttpRequest {
        method: Method::Get,
        url: "https://gateway.example/".into(),
        headers: Vec::new(),
        body: None,
    };
    let secret = |authorization| of(&request, authorization);
    assert_eq!(secret(Some("Bearer sk-0123456789")), Some("sk-0123456789"));
    assert_eq!(secret(Some("sk-0123456789")), Some("sk-0123456789"));
    assert_eq!(secret(Some("Bearer local")), None, "a short word is no secret");
    assert_eq!(secret(None), None);
    let own = vec![("authorization".to_owned(), "Key own-0123456789".to_owned())];
    let request = HttpRequest { headers: own, ..request };
    assert_eq!(of(&request, None), Some("own-0123456789"));
    assert_eq!(of(&request, Some("Bearer sk-0123456789")), Some("sk-0123456789"));
}

#[test]
fn a_secret_is_taken_out_wherever_it_is_repeated() {
    let text = r#"{"message": "no key sk-0123456789", "keys": ["sk-0123456789"]}"#;
    let clean = r#"{"message": "no key …", "keys": ["…"]}"#;
    assert_eq!(redacted(text, Some("sk-0123456789")), clean);
    assert_eq!(redacted(text, None), text);
}

#[test]
fn an_escape_of_json_hides_no_secret() {
    let escaped = [
        (r#"{"m":"\u0073k-0123456789"}"#, "sk-0123456789"),
        (r#"{"m":"sk\/0123456789"}"#, "sk/0123456789"),
        (r#"{"m":"sk\"012345\\6789"}"#, r#"sk"012345\6789"#),
    ];
    for (text, secret) in escaped {
        assert_eq!(redacted(text, Some(secret)), r#"{"m":"…"}"#, "{text}");
    }
}
