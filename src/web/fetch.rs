//! Sends a request with the key, and reads the whole answer.

mod body;
mod response;

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{AbortSignal, Request, RequestCache, RequestInit, RequestRedirect};

use self::response::Response;
use super::abort::AbortGuard;
use super::leave;
use super::promise::settled;
use crate::proto::http::{Failure, HttpRequest};

/// An answer that arrived whole, as it came.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The HTTP status, from 200.
    pub status: u16,
    /// The headers that a page may see, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, of up to 64 MiB, with U+FFFD for what is no UTF-8.
    pub text: String,
}

/// Why there is no answer.
#[derive(Clone, Debug)]
pub struct Failed {
    /// What happened.
    pub failure: Failure,
    /// What was thrown, if anything was.
    pub thrown: Option<JsValue>,
}

/// The platform's own `fetch`, where it has one.
pub fn global() -> Option<Function> {
    Reflect::get(&js_sys::global(), &"fetch".into()).ok()?.dyn_into().ok()
}

/// Sends a request by a caller's `fetch`, or the platform's, and reads the answer.
///
/// `authorization` is the value of that header. `on_sent` is called just before the request is sent:
/// if it is not, nothing was. Dropping the future gives the request up; the signal that `fetch` was
/// given is aborted however it ends. A failure that may come of leaving the page is told only if the
/// page stays.
pub async fn send(
    fetch: &Function,
    request: &HttpRequest,
    authorization: Option<&str>,
    on_sent: impl FnOnce(),
) -> Result<Answer, Failed> {
    let unsent = |thrown| Failed { failure: Failure::Unreachable, thrown: Some(thrown) };
    let abort = AbortGuard::new().map_err(unsent)?;
    let init = init(request, authorization, &abort.signal()).map_err(unsent)?;
    // Refuses what `fetch` would, such as an address or a header that is impossible here.
    Request::new_with_str_and_init(&request.url, &init).map_err(unsent)?;
    on_sent();
    let page = leave::watch();
    let answer = exchange(fetch, &request.url, &init).await;
    if let Err(Failed { thrown: Some(_), .. }) = &answer {
        page.stays().await;
    }
    answer
}

/// The second argument of `fetch`: plain objects, which any `fetch` can read.
fn init(
    request: &HttpRequest,
    authorization: Option<&str>,
    signal: &AbortSignal,
) -> Result<RequestInit, JsValue> {
    let init = RequestInit::new();
    init.set_method(request.method.as_str());
    let headers = Array::new();
    let add = |name: &str, value: &str| headers.push(&Array::of2(&name.into(), &value.into()));
    for (name, value) in &request.headers {
        add(name, value);
    }
    if let Some(body) = &request.body {
        add("content-type", "application/json");
        init.set_body(&body.into());
    }
    if let Some(authorization) = authorization {
        add("authorization", authorization);
    }
    init.set_headers_record_from_str_to_str(&Object::from_entries(&headers)?);
    // The key would go with a redirect, wherever it leads.
    init.set_redirect(RequestRedirect::Manual);
    // A cached status would be told for ever.
    init.set_cache(RequestCache::NoStore);
    init.set_signal(Some(signal));
    Ok(init)
}

async fn exchange(fetch: &Function, url: &str, init: &RequestInit) -> Result<Answer, Failed> {
    // Unbound: browsers refuse a `fetch` that is called as another object's method.
    let called = fetch.call2(&JsValue::UNDEFINED, &url.into(), init);
    let returned = match called {
        Ok(promise) => settled(&promise).await,
        Err(thrown) => Err(thrown),
    };
    let response = returned.and_then(Response::of).map_err(no_answer)?;
    let failed = |failure| Failed { failure, thrown: None };
    let cut = |thrown| Failed { failure: Failure::Cut, thrown: Some(thrown) };
    if response.is_redirect().map_err(cut)? {
        return Err(failed(Failure::Redirect));
    }
    let status = response.status().map_err(cut)?;
    let headers = response.headers().map_err(cut)?;
    let text = response.text().await.map_err(cut)?;
    let text = text.ok_or_else(|| failed(Failure::TooLong))?;
    Ok(Answer { status, headers, text })
}

#[wasm_bindgen]
extern "C" {
    /// Whatever was thrown.
    type Thrown;

    #[wasm_bindgen(method, getter, catch)]
    fn cause(this: &Thrown) -> Result<Thrown, JsValue>;

    #[wasm_bindgen(method, getter, catch)]
    fn code(this: &Thrown) -> Result<JsValue, JsValue>;
}

/// Codes of a connection that was never made, where a runtime tells: nothing was sent.
const UNREACHABLE: [&str; 3] = ["ECONNREFUSED", "ENOTFOUND", "ConnectionRefused"];

fn no_answer(thrown: JsValue) -> Failed {
    let code_of = |thrown: &Thrown| thrown.code().ok()?.as_string();
    let error: &Thrown = thrown.unchecked_ref();
    let code = error.cause().ok().as_ref().and_then(code_of).or_else(|| code_of(error));
    let is_unreachable = code.is_some_and(|code| UNREACHABLE.contains(&code.as_str()));
    let failure = if is_unreachable { Failure::Unreachable } else { Failure::Network };
    Failed { failure, thrown: Some(thrown) }
}
