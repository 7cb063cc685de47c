//! The rules and decisions of `src/proto`, on a virtual clock.
#![cfg(not(target_arch = "wasm32"))]

mod answers;
mod checks;
mod deadline;
mod errors;
mod harness;
mod hostile;
mod job;
mod options;
mod polling;
mod properties;
mod requests;
mod sizes;
mod status;
mod wake;
