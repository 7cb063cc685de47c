//! A gateway in this very program, for a page whose address names none.

use std::cell::RefCell;

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wanvas_gateway::{Config, Gateway, Request};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{AbortSignal, Request as Sent, RequestInit, Url};

use super::page;

/// Its address: to a browser this machine, where nothing can be sent to by that name.
pub const URL: &str = "http://gateway.localhost";

thread_local! {
    static GATEWAY: RefCell<Gateway> =
        RefCell::new(Gateway::new(Config { api_key: None, job_ms: 50..=150, seed: 25 }));
    static FETCH: Function =
        Closure::<dyn Fn(String, JsValue) -> Promise>::new(begin).into_js_value().unchecked_into();
}

#[wasm_bindgen(module = "/tests/browser/support/page.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    async fn deliver(answer: &Object, signal: &AbortSignal) -> Result<JsValue, JsValue>;
}

/// The `fetch` that reaches it.
pub fn fetch() -> Function {
    FETCH.with(Function::clone)
}

fn begin(url: String, init: JsValue) -> Promise {
    future_to_promise(async move { exchange(&url, init).await })
}

async fn exchange(url: &str, init: JsValue) -> Result<JsValue, JsValue> {
    let given = Reflect::get(&init, &"signal".into()).ok().and_then(|it| it.dyn_into().ok());
    let sent = Sent::new_with_str_and_init(url, &init.unchecked_into::<RequestInit>())?;
    let signal = given.unwrap_or_else(|| sent.signal());
    let request = read(&sent).await?;
    if signal.aborted() {
        return Err(signal.reason());
    }
    let answer =
        GATEWAY.with_borrow_mut(|gateway| gateway.handle(&request, page::now() as u64).at_once());
    let pair = |(name, value): &(String, String)| Array::of2(&name.into(), &value.into());
    let headers: Array = answer.headers.iter().map(pair).collect();
    let told = object([
        ("status", answer.status.into()),
        ("headers", headers.into()),
        ("wait", answer.wait.millis().into()),
        ("delivery", answer.delivery.name().into()),
        ("amount", (answer.delivery.amount() as f64).into()),
        ("body", Uint8Array::from(&*answer.body.into_bytes()).into()),
    ])?;
    deliver(&told, &signal).await
}

/// A request as a gateway reads it.
async fn read(sent: &Sent) -> Result<Request, JsValue> {
    let url = Url::new(&sent.url())?;
    let mut headers = vec![("Host".to_owned(), url.host())];
    for header in sent.headers().entries() {
        let header: Array = header?.unchecked_into();
        let [name, value] = [0, 1].map(|at| header.get(at).as_string().unwrap_or_default());
        headers.push((name, value));
    }
    let body = JsFuture::from(sent.array_buffer()?).await?;
    Ok(Request {
        method: sent.method(),
        path: url.pathname(),
        query: url.search().trim_start_matches('?').to_owned(),
        headers,
        body: Uint8Array::new(&body).to_vec(),
        connection: 0,
    })
}

fn object<const MEMBERS: usize>(members: [(&str, JsValue); MEMBERS]) -> Result<Object, JsValue> {
    let pair = |(name, value): (&str, JsValue)| Array::of2(&name.into(), &value);
    Object::from_entries(&members.into_iter().map(pair).collect::<Array>())
}
