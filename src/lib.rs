//! Wan 2.5 text-to-image for web apps, through hosted gateways.
//!
//! This crate is the engine of the npm package of the same name. In scope: what a gateway allows,
//! what is sent, what an answer means, when to ask again and when to give up. Out of scope: the
//! model, the drawing, and keeping a key secret in a public page, which nothing can.
//!
//! # Where to start
//!
//! - [`proto`] decides. It is pure: it runs on the host, and time and answers are its arguments.
//!   [`proto::call`] has the diagram of a call's states and the loop that drives it;
//!   [`proto::provider`] has an adapter for each gateway.
//! - `client` drives a call, `web` performs what that takes, and `js` is the door to JavaScript. They
//!   are built for wasm32 only.
//! - The workspace member `wanvas-gateway` speaks the gateways' HTTP locally. It shares nothing with
//!   this crate but the documents of the gateways, so that a mistake here is not mirrored there.

pub mod proto;

#[cfg(target_arch = "wasm32")]
pub mod client;
#[cfg(all(target_arch = "wasm32", feature = "js"))]
pub mod js;
#[cfg(target_arch = "wasm32")]
pub mod web;
