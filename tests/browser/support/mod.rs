//! What the tests share: the package, the gateway's test control, and watches on the page.

mod gateway;
mod package;
mod page;

pub use gateway::{GATEWAY, Gateway, SAME_GATEWAY_OTHER_ORIGIN, submitted};
pub use package::{Failure, KEY, Options, Outcome, PROVIDERS, Package, package, settled};
pub use page::{
    ConsoleWatch, Controller, Events, ListenerWatch, Recorder, TimerWatch, answering_fetch,
    dispatch, endless_fetch, engine_bytes, engine_response, every_text_in, function,
    generate_in_worker, open_picture, page_url, parsing_ms, reachable, set_clock, sleep, stored,
    structured_clone, timeout_signal, unreadable_values,
};

/// A request that every gateway takes.
pub fn a_fox() -> serde_json::Value {
    serde_json::json!({ "prompt": "a red fox in the snow" })
}
