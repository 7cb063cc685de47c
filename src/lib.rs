//! Wan 2.5 text-to-image for web apps, through hosted gateways.
//!
//! A prompt becomes pictures by a [`Client`] of a gateway:
//!
//! ```no_run
//! use wanvas::{Client, Gateway, GenerateRequest};
//!
//! # async fn example() -> wanvas::Result<()> {
//! let client = Client::builder(Gateway::Vtrix).api_key("any").build()?;
//! let generation = client.generate(GenerateRequest::new("a lighthouse at dusk")).await?;
//! let src = generation.images[0].src();
//! # Ok(())
//! # }
//! ```
//!
//! One call pays for one submit at most, whatever fails. A journal in IndexedDB keeps each job until
//! its pictures are delivered; what a reload cut short goes on by [`Client::resume`]. What a gateway
//! does not take is refused before anything is sent, and every [`Error`] says whether it may have been
//! charged.
//!
//! It runs where web apps do, compiled to `wasm32-unknown-unknown`. For a server that renders the same
//! app it compiles too, and panics there if a client is built: the rules need no browser, calls do.
//!
//! # Features
//!
//! `js`, on by default, exports `generate()`, `poll()` and the other functions of the npm package to
//! JavaScript. A Rust app does without: `default-features = false`.

/// The examples of the README, which are compiled with the others.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

#[doc(inline)]
pub use self::proto::{
    error::{Error, ErrorCode, Result},
    facts::Facts,
    gateway::Gateway,
    generation::{Cost, Currency, Generation, JobStatus, Phase, Progress, Requested},
    given::size::WantedSize,
    image::{Image, MediaType},
    job::Job,
    journal::Entry,
    request::GenerateRequest,
    size::{Preset, Size, SizeRule},
    time::Timestamp,
};

pub use self::api::{Client, ClientBuilder, Resumed};

mod api;

// What follows is public for the tests alone. `proto` decides and is pure: it runs on the host, with
// time and answers as its arguments. `client` drives a call, `web` performs what that takes, and `js`
// is the door to JavaScript, as `api` is the one for Rust.
#[doc(hidden)]
pub mod proto;

#[doc(hidden)]
pub mod client;
#[cfg(feature = "js")]
#[doc(hidden)]
pub mod js;
#[doc(hidden)]
pub mod web;
