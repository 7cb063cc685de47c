//! What `fetch` gave, judged by what it can do: it may be another realm's, or a caller's own.

use js_sys::{Array, JsString, Object, Reflect, Symbol, TypeError};
use wasm_bindgen::prelude::*;

use super::body::{self, Body};
use super::settled;

const REDIRECTS: [u16; 5] = [301, 302, 303, 307, 308];

#[wasm_bindgen]
extern "C" {
    type Given;

    #[wasm_bindgen(method, getter, catch)]
    fn status(this: &Given) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter, catch, js_name = type)]
    fn kind(this: &Given) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter, catch)]
    fn headers(this: &Given) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter, catch)]
    fn body(this: &Given) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn text(this: &Given) -> Result<JsValue, JsValue>;
}

/// An answer whose body is not read yet.
pub struct Response(Given);

impl Response {
    /// The answer that a value is; nothing is none.
    pub fn of(given: JsValue) -> Result<Self, JsValue> {
        if given.is_falsy() {
            return Err(no_response());
        }
        Ok(Response(given.unchecked_into()))
    }

    /// Whether it leads elsewhere; a browser tells no more of it.
    pub fn is_redirect(&self) -> Result<bool, JsValue> {
        let is_opaque = self.0.kind()? == "opaqueredirect";
        Ok(is_opaque || self.status().is_ok_and(|status| REDIRECTS.contains(&status)))
    }

    /// The HTTP status, from 200.
    pub fn status(&self) -> Result<u16, JsValue> {
        let status = self.0.status()?.as_f64().filter(|status| *status >= 200.0);
        status.map(|status| status as u16).ok_or_else(no_response)
    }

    /// The headers, names in lower case; none where there is no list of them.
    pub fn headers(&self) -> Result<Vec<(String, String)>, JsValue> {
        let given = self.0.headers()?;
        let is_list = given.is_object() && Reflect::get(&given, &Symbol::iterator())?.is_function();
        if !is_list {
            return Ok(Vec::new());
        }
        // An object of our own, no part of which can throw.
        let headers = Object::entries(&Object::from_entries(&given)?);
        let headers = headers.iter().filter_map(|header| {
            let header: Array = header.unchecked_into();
            let name = header.get(0).as_string()?.to_ascii_lowercase();
            Some((name, header.get(1).as_string()?))
        });
        Ok(headers.collect())
    }

    /// The body as a stream, where it is one.
    pub fn body(&self) -> Result<Option<Body>, JsValue> {
        Body::of(self.0.body()?)
    }

    /// The body; none if it is longer than 64 MiB, when no more of it is read.
    pub async fn text(&self) -> Result<Option<String>, JsValue> {
        match self.body()? {
            Some(body) => body.text().await,
            // A caller's own `fetch` may know no streams.
            None => whole(settled(&self.0.text()?).await?),
        }
    }
}

fn no_response() -> JsValue {
    TypeError::new("fetch gave no response").into()
}

/// A body that came as text.
fn whole(text: JsValue) -> Result<Option<String>, JsValue> {
    let text: JsString = text.dyn_into().map_err(|_| body::no_body())?;
    // No text has fewer bytes than UTF-16 units.
    let is_too_long = text.length() as usize > body::MAX_LENGTH;
    Ok((!is_too_long).then(|| text.into()))
}
