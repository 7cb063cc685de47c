//! Sends a request with the key, and reads the whole answer.

pub mod body;
mod response;

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{AbortSignal, Request, RequestCache, RequestInit, RequestRedirect};

use self::body::Body;
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

/// An answer of which the body is still to come; the request is given up when it is dropped.
pub struct Opened {
    /// The HTTP status, from 200.
    pub status: u16,
    /// The headers that a page may see, names in lower case.
    pub headers: Vec<(String, String)>,
    response: Response,
    abort: AbortGuard,
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

/// Sends a request, as [`open`] does, and reads the answer. A failure that may come of leaving the page
/// is told only if the page stays.
pub async fn send(
    fetch: &Function,
    request: &HttpRequest,
    authorization: Option<&str>,
    on_sent: impl FnOnce(),
) -> Result<Answer, Failed> {
    let page = leave::watch();
    let answer = async { open(fetch, request, authorization, on_sent).await?.whole().await };
    let answer = answer.await;
    if let Err(Failed { thrown: Some(_), .. }) = &answer {
        page.stays().await;
    }
    answer
}

/// Sends a request by a caller's `fetch`, or the platform's, and waits for the answer to begin.
///
/// `authorization` is the value of that header. `on_sent` is called just before the request is sent:
/// if it is not, nothing was. Dropping the future gives the request up; the signal that `fetch` was
/// given is aborted, unless the answer has come whole.
pub async fn open(
    fetch: &Function,
    request: &HttpRequest,
    authorization: Option<&str>,
    on_sent: impl FnOnce(),
) -> Result<Opened, Failed> {
    let unsent = |thrown| Failed { failure: Failure::Unreachable, thrown: Some(thrown) };
    let abort = AbortGuard::new().map_err(unsent)?;
    let init = init(request, authorization, &abort.signal()).map_err(unsent)?;
    // Refuses what `fetch` would, such as an address or a header that is impossible here.
    Request::new_with_str_and_init(&request.url, &init).map_err(unsent)?;
    on_sent();
    // Unbound: browsers refuse a `fetch` that is called as another object's method.
    let called = fetch.call2(&JsValue::UNDEFINED, &request.url.as_str().into(), &init);
    let returned = match called {
        Ok(promise) => settled(&promise).await,
        Err(thrown) => Err(thrown),
    };
    let response = returned.and_then(Response::of).map_err(no_answer)?;
    if response.is_redirect().map_err(cut)? {
        return Err(Failed { failure: Failure::Redirect, thrown: None });
    }
    let status = response.status().map_err(cut)?;
    let headers = response.headers().map_err(cut)?;
    Ok(Opened { status, headers, response, abort })
}

impl Opened {
    /// The body, piece by piece; none where it does not come as a stream.
    pub fn body(&self) -> Option<Body> {
        self.response.body().ok().flatten()
    }

    async fn whole(self) -> Result<Answer, Failed> {
        let text = self.response.text().await.map_err(cut)?;
        let text = text.ok_or(Failed { failure: Failure::TooLong, thrown: None })?;
        self.abort.release();
        Ok(Answer { status: self.status, headers: self.headers, text })
    }
}

fn cut(thrown: JsValue) -> Failed {
    Failed { failure: Failure::Cut, thrown: Some(thrown) }
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
