//! Decides, and touches nothing: no browser, no clock, no randomness, no network.
//!
//! Time, seed and answers come in as arguments; requests, waits and results go out as plain data.
//! Every rule of a gateway and every decision about a job is here, where host tests reach it.

#![forbid(unsafe_code)]

pub mod call;
pub mod config;
pub mod durations;
pub mod error;
pub mod event_stream;
pub mod facts;
pub mod gateway;
pub mod generation;
pub mod given;
pub mod http;
pub mod image;
pub mod job;
pub mod journal;
mod lenient;
pub mod provider;
mod refusal;
pub mod request;
mod retry_after;
pub mod schedule;
pub mod secret;
pub mod size;
pub mod time;
