//! The rules and decisions of `src/proto`, on a virtual clock.
#![cfg(not(target_arch = "wasm32"))]

mod answers;
mod call;
mod checks;
mod deadline;
mod durations;
mod errors;
mod event_stream;
mod harness;
mod hostile;
mod journal;
mod options;
mod polling;
mod properties;
mod requests;
mod resend;
mod secret;
mod sizes;
mod status;
mod stream;
mod turn;
mod wake;
