//! What the tests share: the calls, the gateway and its test control, and watches on the page.

mod call;
mod gateway;
mod linked;
pub mod package;
mod page;

pub use call::{
    Failure, KEY, Options, Outcome, PROVIDERS, begin_generate, check, forget_durations, generate,
    is_own_error, nearest_size, pending, poll, poll_value, settled, sizes,
};
pub use gateway::{GATEWAY, Gateway, SAME_GATEWAY_OTHER_ORIGIN, fetch, is_over_http, submitted};
pub use page::{
    ConsoleWatch, Controller, Events, ListenerWatch, Recorder, TimerWatch, answering_fetch,
    dispatch, endless_fetch, every_text_in, function, open_picture, parsing_ms, reachable,
    set_clock, sleep, stored, structured_clone, timeout_signal, unreadable_values,
};

/// A request that every gateway takes.
pub fn a_fox() -> serde_json::Value {
    serde_json::json!({ "prompt": "a red fox in the snow" })
}
