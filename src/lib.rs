//! Wan 2.5 text-to-image for web apps, through hosted gateways.
//!
//! This crate is the engine of the npm package of the same name. In scope: what a gateway allows,
//! what is sent, what an answer means, when to ask again and when to give up. Out of scope: the
//! model, the drawing, and keeping a key secret in a public page, which nothing can.
//!
//! # Where to start
//!
//! - [`proto`] decides. It is pure: it runs on the host, and time and answers are its arguments.
//!   [`proto::job`] has the diagram of a call's states and the loop that drives it;
//!   [`proto::provider`] has an adapter for each gateway.
//! - `browser` is the door to JavaScript, built for wasm32 only. The modules of JavaScript beside it
//!   perform what is decided: `index.js` is the package's entry, `index.d.ts` its documentation.
//! - The workspace member `wanvas-gateway` speaks the gateways' HTTP locally. It shares nothing with
//!   this crate but the documents of the gateways, so that a mistake here is not mirrored there.

// A fourteenth of the package is what the standard library would add of formatting and panics.
#![no_std]

extern crate alloc;
#[cfg(not(feature = "engine"))]
extern crate std;

pub mod proto;

#[cfg(target_arch = "wasm32")]
pub mod browser;
