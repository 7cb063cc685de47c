//! A body that comes as a stream.

use js_sys::{ArrayBuffer, TypeError, Uint8Array};
use wasm_bindgen::prelude::*;

use super::settled;

/// The longest body that is read, in bytes: four pictures as base64 have a third of it.
pub const MAX_LENGTH: usize = 64 * 1024 * 1024;

#[wasm_bindgen]
extern "C" {
    type Stream;

    #[wasm_bindgen(method, getter, catch, js_name = getReader)]
    fn get_reader_method(this: &Stream) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = getReader)]
    fn get_reader(this: &Stream) -> Result<Reader, JsValue>;

    type Reader;

    #[wasm_bindgen(method, catch)]
    fn read(this: &Reader) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn cancel(this: &Reader) -> Result<JsValue, JsValue>;

    /// What a reader read.
    type Read;

    #[wasm_bindgen(method, getter, catch)]
    fn done(this: &Read) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter, catch)]
    fn value(this: &Read) -> Result<JsValue, JsValue>;

    /// A view of bytes.
    type View;

    #[wasm_bindgen(method, getter, catch)]
    fn buffer(this: &View) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter, catch, js_name = byteOffset)]
    fn byte_offset(this: &View) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter, catch, js_name = byteLength)]
    fn byte_length(this: &View) -> Result<JsValue, JsValue>;

    /// Of ours, as `js-sys` does not catch what the constructor throws.
    #[wasm_bindgen(js_name = Uint8Array, extends = Uint8Array)]
    type Bytes;

    #[wasm_bindgen(constructor, js_class = Uint8Array, catch)]
    fn new(buffer: &JsValue, offset: &JsValue, length: &JsValue) -> Result<Bytes, JsValue>;
}

/// A body under way, cancelled when dropped; whole, there is nothing to cancel any more.
pub struct Body(Reader);

impl Body {
    /// The stream that a value is, if it is one.
    pub fn of(value: JsValue) -> Result<Option<Self>, JsValue> {
        if value.is_null_or_undefined() {
            return Ok(None);
        }
        let stream: Stream = value.unchecked_into();
        let is_stream = stream.get_reader_method()?.is_truthy();
        is_stream.then(|| stream.get_reader().map(Body)).transpose()
    }

    /// The text, with U+FFFD for what is no UTF-8; none if it is too long.
    pub async fn text(self) -> Result<Option<String>, JsValue> {
        let mut bytes = Vec::new();
        while let Some(piece) = self.piece().await? {
            if bytes.len() + piece.len() > MAX_LENGTH {
                return Ok(None);
            }
            bytes.extend(piece);
        }
        Ok(Some(decode(bytes)))
    }

    /// The next piece; none at the end.
    pub async fn piece(&self) -> Result<Option<Vec<u8>>, JsValue> {
        let read: Read = settled(&self.0.read()?).await?.unchecked_into();
        if read.done()?.is_truthy() {
            return Ok(None);
        }
        Ok(Some(bytes_of(read.value()?)?.to_vec()))
    }
}

impl Drop for Body {
    fn drop(&mut self) {
        if let Ok(cancelled) = self.0.cancel() {
            // Heard, though by nobody: a rejection would be reported as unhandled.
            drop(settled(&cancelled));
        }
    }
}

/// What is thrown for a body that is none.
pub fn no_body() -> JsValue {
    TypeError::new("fetch gave no bytes and no text").into()
}

/// The bytes that a chunk is a view of, of whatever realm.
fn bytes_of(chunk: JsValue) -> Result<Uint8Array, JsValue> {
    if !ArrayBuffer::is_view(&chunk) {
        return Err(no_body());
    }
    let view: View = chunk.unchecked_into();
    let bytes = Bytes::new(&view.buffer()?, &view.byte_offset()?, &view.byte_length()?)?;
    Ok(bytes.into())
}

fn decode(bytes: Vec<u8>) -> String {
    // Only what is no UTF-8 is copied.
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
