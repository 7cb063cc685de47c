//! What `fetch` gave, judged by what it can do: it may be another realm's, or a caller's own.

use js_sys::{ArrayBuffer, JsString, Reflect, TypeError, Uint8Array};
use wasm_bindgen::prelude::*;

use super::settled;

/// The longest answer that is read, in bytes: four pictures as base64 have a third of it.
const MAX_BODY: usize = 64 * 1024 * 1024;

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
    fn body(this: &Given) -> Result<Option<Body>, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn text(this: &Given) -> Result<JsValue, JsValue>;

    type Body;

    #[wasm_bindgen(method, getter, catch, js_name = getReader)]
    fn reader_getter(this: &Body) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = getReader)]
    fn get_reader(this: &Body) -> Result<StreamReader, JsValue>;

    type StreamReader;

    #[wasm_bindgen(method, catch)]
    fn read(this: &StreamReader) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn cancel(this: &StreamReader) -> Result<JsValue, JsValue>;

    type Chunk;

    #[wasm_bindgen(method, getter, catch)]
    fn done(this: &Chunk) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter, catch)]
    fn value(this: &Chunk) -> Result<JsValue, JsValue>;
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
        let entries = if given.is_object() { js_sys::try_iter(&given)? } else { None };
        let mut headers = Vec::new();
        for entry in entries.into_iter().flatten() {
            let entry = entry?;
            let name = Reflect::get_u32(&entry, 0)?.as_string();
            let value = Reflect::get_u32(&entry, 1)?.as_string();
            if let (Some(name), Some(value)) = (name, value) {
                headers.push((name.to_ascii_lowercase(), value));
            }
        }
        Ok(headers)
    }

    /// The body; none if it is too long, of which no more is read then.
    pub async fn text(&self) -> Result<Option<String>, JsValue> {
        match self.0.body()? {
            Some(body) if body.reader_getter()?.is_truthy() => {
                Reader(body.get_reader()?).text().await
            }
            // A caller's own `fetch` may know no streams.
            _ => whole(settled(&self.0.text()?).await?),
        }
    }
}

fn no_response() -> JsValue {
    TypeError::new("fetch gave no response").into()
}

fn no_body() -> JsValue {
    TypeError::new("fetch gave a body that is none").into()
}

/// A text that came at once.
fn whole(text: JsValue) -> Result<Option<String>, JsValue> {
    let text: JsString = text.dyn_into().map_err(|_| no_body())?;
    // No text has fewer bytes than UTF-16 units.
    let is_too_long = text.length() as usize > MAX_BODY;
    Ok((!is_too_long).then(|| text.into()))
}

/// Reads a body; cancels what is left of it when dropped.
struct Reader(StreamReader);

impl Reader {
    async fn text(self) -> Result<Option<String>, JsValue> {
        let mut bytes = Vec::new();
        loop {
            let chunk: Chunk = settled(&self.0.read()?).await?.unchecked_into();
            if chunk.done()?.is_truthy() {
                return Ok(Some(decode(bytes)));
            }
            let chunk = chunk.value()?;
            let chunk = as_bytes(&chunk).ok_or_else(no_body)?;
            if bytes.len() + chunk.length() as usize > MAX_BODY {
                return Ok(None);
            }
            append(&mut bytes, &chunk);
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        if let Ok(cancelled) = self.0.cancel() {
            // Awaited by nobody, but heard: a rejection would be reported as unhandled.
            drop(settled(&cancelled));
        }
    }
}

/// The bytes that a chunk is a view of; none if it is no view. By no class, as it may be another
/// realm's.
fn as_bytes(chunk: &JsValue) -> Option<Uint8Array> {
    if !ArrayBuffer::is_view(chunk) {
        return None;
    }
    let view: &Uint8Array = chunk.unchecked_ref();
    Some(match view.byte_length() {
        // Also of a buffer that was transferred, of which no other view can be made.
        0 => Uint8Array::new_with_length(0),
        length => {
            Uint8Array::new_with_byte_offset_and_length(&view.buffer(), view.byte_offset(), length)
        }
    })
}

fn append(bytes: &mut Vec<u8>, chunk: &Uint8Array) {
    let length = bytes.len();
    bytes.resize(length + chunk.length() as usize, 0);
    chunk.copy_to(&mut bytes[length..]);
}

fn decode(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| {
        // Only what is no UTF-8 is worth a second copy.
        String::from_utf8_lossy(error.as_bytes()).into_owned()
    })
}
