//! Decides, and touches nothing: no browser, no clock, no randomness, no network.
//!
//! Time, seed and answers come in as arguments; requests, waits and results go out as plain data.
//! Every rule of a gateway and every decision about a job is here, where host tests reach it.

#![forbid(unsafe_code)]

pub mod config;
pub mod error;
pub mod generation;
pub mod handle;
pub mod http;
pub mod job;
pub mod journal;
pub mod json;
pub mod provider;
mod refusal;
pub mod request;
mod retry_after;
mod schedule;
pub mod size;
mod text;
