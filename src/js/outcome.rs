//! What callers are told of how a call ended.

use js_sys::{JSON, Object, Reflect};
use wasm_bindgen::prelude::*;

use super::error::wanvas_error;
use super::view::{ErrorView, GenerationView, to_js};
use crate::client::call::Ended;
use crate::client::page::Page;
use crate::proto::http::TEXT_MAX;

/// A call whose end the caller is being given.
pub struct Given {
    /// The call's page of the journal.
    pub page: Page,
    /// Whether nothing is left to wait for.
    pub is_settled: bool,
}

impl Given {
    /// The caller has dealt with it: the journal may forget the call.
    pub fn delivered(mut self) {
        if self.is_settled {
            self.page.forget();
        }
    }
}

/// How a call ended, as JavaScript is told; all who wait for its job too are told at once.
pub fn told(ended: Ended) -> (Result<JsValue, JsValue>, Given) {
    let Ended { result, raw, is_settled, page } = ended;
    let set = |object: &JsValue, name: &str, value: &JsValue| {
        // A plain object of our own takes it.
        let _ = Reflect::set(object, &name.into(), value);
    };
    let outcome = Object::new();
    let result = match result {
        Ok(generation) => {
            let view = to_js(&GenerationView::from(&generation));
            if !page.warnings.is_empty() {
                set(&view, "warnings", &to_js(&page.warnings));
            }
            set(&view, "raw", &raw.map_or(JsValue::UNDEFINED, |text| parsed(&text)));
            set(&outcome, "generation", &view);
            Ok(view)
        }
        Err(failed) => {
            set(&outcome, "error", &to_js(&ErrorView::from(&*failed.error)));
            Err(wanvas_error(&failed.error, failed.thrown))
        }
    };
    if is_settled {
        page.announce(&outcome);
    }
    (result, Given { page, is_settled })
}

/// An answer, or an entry, as `JSON.parse` gives it; its beginning, where it is no JSON.
pub fn parsed(text: &str) -> JsValue {
    let start = || JsValue::from(text.chars().take(TEXT_MAX).collect::<String>());
    JSON::parse(text).unwrap_or_else(|_| start())
}
