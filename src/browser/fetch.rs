//! A request over `fetch`. The only place that handles the key.

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

use super::options::Options;
use super::value;
use crate::proto::http::{Body, Failure, HttpRequest, HttpResponse};
use crate::proto::job::Input;
use crate::proto::json::Json;

/// How many characters are read of an answer that is not JSON.
const MAX_TEXT: u32 = 1000;

#[wasm_bindgen]
extern "C" {
    // By its members, not its class: a caller's own `fetch` may give another, or nonsense.
    type Response;
    #[wasm_bindgen(catch, method, getter, structural)]
    fn status(this: &Response) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, method, getter, structural, js_name = type)]
    fn kind(this: &Response) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, method, getter, structural)]
    fn headers(this: &Response) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, method, structural)]
    fn text(this: &Response) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Object, js_name = fromEntries)]
    fn from_entries(entries: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = JSON, js_name = parse)]
    fn json_parse(text: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = JSON, js_name = stringify)]
    fn json_stringify(value: &JsValue) -> Result<JsValue, JsValue>;
}

/// What came of a request.
pub struct Fetched {
    /// The news for the job.
    pub input: Input,
    /// The answer's JSON as it came, or what was thrown in place of an answer.
    pub raw: JsValue,
}

/// Sends a request and reads the whole answer; gives the request up when dropped.
pub async fn fetch(request: HttpRequest, options: &Options, secrets: &mut Vec<String>) -> Fetched {
    match attempt(request, options, secrets).await {
        Ok(fetched) => fetched,
        Err((failure, raw)) => Fetched {
            input: Input::Failure(failure),
            raw,
        },
    }
}

async fn attempt(
    request: HttpRequest,
    options: &Options,
    secrets: &mut Vec<String>,
) -> Result<Fetched, (Failure, JsValue)> {
    let network = |thrown| (Failure::Network, thrown);
    let mut headers = options.config.headers.clone();
    if let Some(key) = &options.key {
        let key = key.get().await.map_err(|thrown| (Failure::NoKey, thrown))?;
        headers.push(("authorization".to_owned(), ["Bearer ", &key].concat()));
        if !secrets.contains(&key) {
            secrets.push(key);
        }
    }
    let abort = AbortOnDrop(AbortController::new().map_err(network)?);
    let init = init(&request, headers, &abort.0);
    let answer = options
        .fetch
        // Unbound: browsers refuse a `fetch` that is called as another object's method.
        .call2(&JsValue::UNDEFINED, &request.url.into(), &init)
        .map_err(network)?;
    let answer = settled(answer).await.map_err(network)?;
    read(answer.unchecked_into()).await
}

/// The second argument of `fetch`.
fn init(
    request: &HttpRequest,
    mut headers: Vec<(String, String)>,
    abort: &AbortController,
) -> JsValue {
    if request.body.is_some() {
        headers.push(("content-type".to_owned(), "application/json".to_owned()));
    }
    let headers = headers
        .into_iter()
        .map(|(name, value)| (name, value.into()))
        .collect();
    let init = value::from_json(&Json::object([
        ("method", request.method.into()),
        ("headers", Json::Object(headers)),
        // The key would go with a redirect, wherever it leads.
        ("redirect", "manual".into()),
        // A cached status would be told for ever.
        ("cache", "no-store".into()),
    ]));
    if let Some(body) = &request.body {
        let body = json_stringify(&value::from_json(body)).unwrap_or_default();
        value::set(&init, "body", &body);
    }
    value::set(&init, "signal", &abort.signal());
    init
}

async fn read(answer: Response) -> Result<Fetched, (Failure, JsValue)> {
    let network = |thrown| (Failure::Network, thrown);
    let cut = |thrown| (Failure::Cut, thrown);
    if !answer.is_object() {
        let nonsense = js_sys::TypeError::new("fetch gave no response").into();
        return Err(network(nonsense));
    }
    let status = answer.status().map_err(network)?.as_f64().unwrap_or(0.0) as u16;
    let kind = answer.kind().map_err(network)?;
    if kind == "opaqueredirect" || (300..400).contains(&status) {
        return Err((Failure::Redirect, JsValue::UNDEFINED));
    }
    let headers = answer
        .headers()
        .and_then(|headers| from_entries(&headers))
        .unwrap_or_default();
    let text = settled(answer.text().map_err(cut)?).await.map_err(cut)?;
    let (body, raw) = match json_parse(&text) {
        Ok(raw) => (Body::Json(value::to_json(&raw)), raw),
        Err(_) => {
            let start = js_sys::JsString::from(text.clone()).slice(0, MAX_TEXT);
            (Body::Text(start.into()), text)
        }
    };
    let answer = HttpResponse {
        status,
        headers: value::to_json(&headers),
        body,
    };
    Ok(Fetched {
        input: Input::Answer(answer),
        raw,
    })
}

async fn settled(value: JsValue) -> Result<JsValue, JsValue> {
    JsFuture::from(Promise::resolve(&value)).await
}

/// Aborts the request it belongs to when dropped; after the answer that does nothing.
struct AbortOnDrop(AbortController);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
