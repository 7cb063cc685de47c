//! Whether many requests to a server share one connection, as far as a page may see.
//!
//! By HTTP/1.1 a browser opens six connections to a host, for all of its pages, and a stream occupies
//! one of them.

use std::cell::RefCell;

use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::{Request, Url};

#[wasm_bindgen]
extern "C" {
    type Global;

    #[wasm_bindgen(method, getter, catch)]
    fn performance(this: &Global) -> Result<Performance, JsValue>;

    type Performance;

    /// Absent in some runtimes.
    #[wasm_bindgen(method, catch, js_name = getEntriesByType)]
    fn entries(this: &Performance, kind: &str) -> Result<Array, JsValue>;

    type Entry;

    #[wasm_bindgen(method, getter)]
    fn name(this: &Entry) -> String;

    /// Empty where the server is another's who does not allow to see it; absent of some entries.
    #[wasm_bindgen(method, getter, js_name = nextHopProtocol)]
    fn next_hop_protocol(this: &Entry) -> Option<String>;
}

thread_local! {
    /// The origins of servers that are known for it.
    static KNOWN: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// The origin of an address, which may be relative to the page.
pub fn origin(url: &str) -> Option<String> {
    let absolute = Request::new_with_str(url).ok()?.url();
    Some(Url::new(&absolute).ok()?.origin())
}

/// Whether they do, by what was seen of earlier requests to the server of that origin.
pub fn is_multiplexed(server: &str) -> bool {
    if KNOWN.with_borrow(|known| known.iter().any(|known| known == server)) {
        return true;
    }
    let performance = js_sys::global().unchecked_into::<Global>().performance();
    let entries = performance.and_then(|performance| performance.entries("resource"));
    let is_seen = entries.unwrap_or_default().iter().any(|entry| {
        let entry: Entry = entry.unchecked_into();
        let protocol = entry.next_hop_protocol().unwrap_or_default();
        matches!(protocol.as_str(), "h2" | "h3")
            && Url::new(&entry.name()).is_ok_and(|url| url.origin() == server)
    });
    if is_seen {
        KNOWN.with_borrow_mut(|known| known.push(server.to_owned()));
    }
    is_seen
}
