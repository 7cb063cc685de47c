//! What comes back.

use js_sys::JSON;
use wanvas::proto::http::Failure;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{failed, fetch, header, sent, text};
use crate::support::page::replaced;

#[wasm_bindgen_test]
async fn an_answer_comes_as_it_is() {
    let fetch = fetch("return new Response('no {', { status: 404, headers: { 'X-A': 'b' } })");
    let answer = sent(&fetch).await.unwrap();
    assert_eq!((answer.status, answer.text.as_str()), (404, "no {"));
    assert_eq!(header(&answer, "x-a"), Some("b"));
    assert!(header(&answer, "content-type").unwrap().starts_with("text/plain"));
    assert_eq!(text("return new Response(null, { status: 204 })").await, "");
}

#[wasm_bindgen_test]
async fn no_redirect_is_followed() {
    let redirects = [
        "return { type: 'opaqueredirect', status: 0 }",
        "return Response.redirect('https://other.test', 307)",
        "return new Response(null, { status: 301 })",
    ];
    for redirect in redirects {
        assert_eq!(failed(redirect).await, (Failure::Redirect, None), "{redirect}");
    }
    assert_eq!(
        sent(&fetch("return new Response(null, { status: 304 })")).await.unwrap().status,
        304
    );
}

#[wasm_bindgen_test]
async fn text_is_whole_wherever_it_is_parted() {
    let bytes = "const bytes = new TextEncoder().encode('a\u{feff}é€😀');";
    let parted = "return new Response(streamOf([...bytes].map((byte) => new Uint8Array([byte]))))";
    assert_eq!(text(&format!("{bytes} {parted}")).await, "a\u{feff}é€😀");
    let broken = "return new Response(new Uint8Array([97, 0xff, 0xe2, 0x82, 98]))";
    assert_eq!(text(broken).await, "a\u{fffd}\u{fffd}b");
}

#[wasm_bindgen_test]
async fn chunks_are_whatever_holds_bytes() {
    let views = "const { buffer } = new Uint8Array([97, 98, 99, 100]);
        const chunks = [
            new Uint8Array(buffer, 1, 2), new Uint8Array(), new DataView(buffer, 3),
            new Uint16Array(buffer), structuredClone(new Uint8Array([101])),
        ];";
    let fake = "return { status: 200, body: streamOf(chunks) }";
    assert_eq!(text(&format!("{views} {fake}")).await, "bcdabcde");
    let detached = "const chunk = new Uint8Array([97]);
        structuredClone(chunk.buffer, { transfer: [chunk.buffer] });
        return { status: 200, body: streamOf([chunk]) }";
    assert_eq!(failed(detached).await.0, Failure::Cut);
    let others = [
        "'text'",
        "7",
        "undefined",
        "null",
        "{}",
        "[1]",
        "{ byteLength: 1 }",
        "Object.defineProperty(new Uint8Array(1), 'byteLength', { get() { throw 7 } })",
        "Object.defineProperty(new Uint8Array(1), 'byteLength', { value: 1e9 })",
    ];
    for other in others {
        let fake = format!("return {{ status: 200, body: streamOf([({other})]) }}");
        assert_eq!(failed(&fake).await.0, Failure::Cut, "{other}");
    }
}

const MEBIBYTES: &str = "function* mebibytes(count) {
        const chunk = new Uint8Array(1024 * 1024).fill(97);
        for (let index = 0; index < count; index += 1) yield chunk;
    }";

#[wasm_bindgen_test]
async fn the_longest_answer_has_64_mebibytes() {
    let longest = format!("{MEBIBYTES} return {{ status: 200, body: streamOf(mebibytes(64)) }}");
    assert_eq!(text(&longest).await.len(), 64 * 1024 * 1024);
    let told = js_sys::Object::new();
    let _told = replaced("told", told.clone());
    let longer =
        format!("{MEBIBYTES} return {{ status: 200, body: streamOf(mebibytes(Infinity), told) }}");
    assert_eq!(failed(&longer).await, (Failure::TooLong, None));
    assert_eq!(JSON::stringify(&told).unwrap(), r#"{"cancelled":1}"#);
    let whole = "const text = () => 'a'.repeat(64 * 1024 * 1024 + 1); return { status: 200, text }";
    assert_eq!(failed(whole).await, (Failure::TooLong, None));
}

#[wasm_bindgen_test]
async fn a_callers_own_response_need_know_little() {
    let fake = "const headers = new Map([['Retry-After', '7'], ['n', 7]]);
        return { status: 429, headers, text: async () => 'é' }";
    let answer = sent(&fetch(fake)).await.unwrap();
    assert_eq!((answer.status, answer.text.as_str()), (429, "é"));
    assert_eq!(answer.headers, [("retry-after".to_owned(), "7".to_owned())]);
    for least in ["text: () => ''", "body: null, text: () => ''", "body: {}, text: () => ''"] {
        assert_eq!(text(&format!("return {{ status: 200, {least} }}")).await, "");
    }
    for headers in ["null", "{}", "7"] {
        let fake = format!("return {{ status: 200, headers: {headers}, text: () => '' }}");
        assert!(sent(&fetch(&fake)).await.unwrap().headers.is_empty());
    }
}

#[wasm_bindgen_test]
async fn another_realms_response_is_one_too() {
    let other = "const frame = document.body.appendChild(document.createElement('iframe'));
        const { Response } = frame.contentWindow;
        return new Response('é', { status: 201, headers: { a: 'b' } })";
    let answer = sent(&fetch(other)).await.unwrap();
    assert_eq!((answer.status, answer.text.as_str()), (201, "é"));
    assert_eq!(header(&answer, "a"), Some("b"));
}
