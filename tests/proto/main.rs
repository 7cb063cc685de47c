//! The rules and decisions of `src/proto`, on a virtual clock.
#![cfg(not(target_arch = "wasm32"))]

mod answers;
mod checks;
mod deadline;
mod errors;
mod harness;
mod hostile;
mod job;
mod journal;
mod options;
mod polling;
mod properties;
mod requests;
mod resend;
mod sizes;
mod status;
mod turn;
mod wake;
