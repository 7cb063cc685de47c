//! What goes wrong, in which no way of it does harm.

use wanvas::proto::http::Failure;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{failed, text};

#[wasm_bindgen_test]
async fn an_answer_may_break_off() {
    let broken = "return new Response(new ReadableStream({
        pull(stream) { stream.error(new TypeError('broken off')) },
    }))";
    assert_eq!(failed(broken).await, (Failure::Cut, Some("TypeError: broken off".to_owned())));
    let read = "const response = new Response('{}'); response.body.getReader(); return response";
    assert_eq!(failed(read).await.0, Failure::Cut);
}

#[wasm_bindgen_test]
async fn no_answer_may_come() {
    let network = (Failure::Network, Some("TypeError: no network".to_owned()));
    assert_eq!(failed("throw new TypeError('no network')").await, network);
    assert_eq!(failed("return Promise.reject(new TypeError('no network'))").await, network);
    for thrown in ["undefined", "null", "7", "'text'", "{ cause: null }", "{ code: 'ECONNRESET' }"]
    {
        assert_eq!(failed(&format!("throw ({thrown})")).await.0, Failure::Network, "{thrown}");
    }
    let hostile = "const get = () => { throw 7 };
        throw Object.defineProperties({ toString: () => '' }, { cause: { get }, code: { get } })";
    assert_eq!(failed(hostile).await.0, Failure::Network);
}

#[wasm_bindgen_test]
async fn a_runtime_may_tell_that_nothing_was_sent() {
    let thrown = [
        "Object.assign(new Error(), { code: 'ConnectionRefused' })",
        "new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } })",
        "new TypeError('fetch failed', { cause: { code: 'ENOTFOUND' } })",
        "{ cause: {}, code: 'ENOTFOUND' }",
    ];
    for thrown in thrown {
        let failed = failed(&format!("throw ({thrown})")).await;
        assert_eq!(failed.0, Failure::Unreachable, "{thrown}");
    }
}

#[wasm_bindgen_test]
async fn what_is_no_response_is_none() {
    let none = Some("TypeError: fetch gave no response".to_owned());
    for nothing in ["undefined", "null", "0", "''", "Promise.resolve()"] {
        let failed = failed(&format!("return {nothing}")).await;
        assert_eq!(failed, (Failure::Network, none.clone()), "{nothing}");
    }
    let others = ["{}", "7", "'text'", "Response.error()", "{ status: 199 }", "{ status: NaN }"];
    for other in others {
        let failed = failed(&format!("return ({other})")).await;
        assert_eq!(failed, (Failure::Cut, none.clone()), "{other}");
    }
}

#[wasm_bindgen_test]
async fn a_hostile_response_does_no_harm() {
    let hostile = [
        "get type() { throw 7 }",
        "get status() { throw 7 }",
        "status: 200n",
        "status: Symbol()",
        "status: 200, get headers() { throw 7 }",
        "status: 200, headers: [7]",
        "status: 200, headers: [null]",
        "status: 200, headers: { [Symbol.iterator]() { throw 7 } }",
        "status: 200, headers: { [Symbol.iterator]: () => ({ next() { throw 7 } }) }",
        "status: 200, headers: [{ get 0() { throw 7 } }]",
        "status: 200, headers: {
            [Symbol.iterator]: () => ({ next: () => ({ get done() { throw 7 } }) }),
        }",
        "status: 200, get body() { throw 7 }",
        "status: 200, body: { getReader: 7 }",
        "status: 200, body: { getReader() { throw 7 } }",
        "status: 200, body: { getReader() {} }",
        "status: 200, body: { getReader: () => ({ read() { throw 7 }, cancel() { throw 7 } }) }",
        "status: 200, body: { getReader: () => ({ read: () => 7 }) }",
        "status: 200, body: { getReader: () => ({ async read() { throw 7 } }) }",
        "status: 200, body: { getReader: () => ({ async read() {} }) }",
        "status: 200",
        "status: 200, text() { throw 7 }",
        "status: 200, text() {}",
        "status: 200, text: () => 7",
    ];
    for hostile in hostile {
        let failed = failed(&format!("return {{ {hostile} }}")).await;
        assert_eq!(failed.0, Failure::Cut, "{hostile}");
    }
}

#[wasm_bindgen_test]
async fn a_hostile_promise_does_no_harm() {
    assert_eq!(failed("return { get then() { throw 7 } }").await.0, Failure::Network);
    assert_eq!(failed("return { then() { throw 7 } }").await.0, Failure::Network);
    let own = "const promise = Promise.resolve(new Response('{}'));
        promise.then = () => { throw 7 };
        return promise";
    assert_eq!(failed(own).await.0, Failure::Network);
    let twice = "return { then(resolve, reject) {
        resolve({ status: 200, text: () => 'once' });
        resolve({ status: 200, text: () => 'twice' });
        reject(7);
    } }";
    assert_eq!(text(twice).await, "once");
}
