//! A local gateway: the HTTP of hosted gateways for Wan 2.5 text-to-image, without a key, a
//! network or a model.
//!
//! [`Gateway::handle`] decides everything: a request and the time go in, an answer comes out, with
//! instructions for its delivery. It reads no clock, opens no socket and draws no randomness but
//! from [`Config::seed`], so it also runs inside a page. `server`, behind the feature of that
//! name, carries it over HTTP.
//!
//! | call | what it is |
//! | --- | --- |
//! | `POST /v1/images/generations` | AIML API: waits, then answers with the pictures |
//! | `POST /model/v1/generation` | Vtrix: makes a job |
//! | `GET /model/v1/generation/task/{id}` | Vtrix: how the job is |
//! | `GET /model/v1/generation/task/{id}/stream` | Vtrix: events, the last when the job is over |
//! | `GET /images/{id}.png` | a picture, by the signed link in an answer |
//! | `POST /__gateway/scenario` | appends faults for the next matching requests |
//! | `GET /__gateway/requests` | lists the last 10,000 requests that arrived |
//! | `GET /__gateway/totals` | counts each gateway's submits, accepted ones and status checks |
//! | `POST /__gateway/reset` | forgets faults, requests, counts and jobs |
//!
//! # Faults
//!
//! A scenario is one fault, or an array of them, in JSON. `on` (`submit`, `status`, `stream` or
//! `image`) and `fault` are required; `provider` narrows it to one gateway, `times` repeats it
//! (default 1; 0 until reset), `after` lets so many matching requests pass first. Faults queue up: a
//! request goes to the first one that matches it.
//!
//! | `fault` | members | what happens |
//! | --- | --- | --- |
//! | `delay` | `ms` | the answer comes later |
//! | `answer` | `status`, `body` or `text`, `headers` | this is the answer, and nothing is done |
//! | `slow` | `ms` | the body comes in small pieces, the last of them after so long |
//! | `hang` | | all is done, but no byte of an answer ever comes |
//! | `cut` | `when` | closes the connection `before` acting, `after` acting, or in the `body` |
//! | `bad_json` | | all is done, but the JSON breaks off |
//! | `silent` | | the stream stays open and says nothing |
//! | `unfinished` | | the stream ends at half the job's time, and tells no end |
//! | `pieces` | | the stream says first that pieces are ready, counted by a cursor that jumps |
//! | `huge` | `bytes` | all is done, but white space before the JSON makes the answer so long |
//! | `stuck` | | the job never ends |
//! | `vanished` | | the job is accepted, but status checks do not find it (Vtrix only) |
//! | `requeued` | | the job goes back from running to queued on its way (Vtrix only) |
//! | `failed` | `code`, `message` | the job fails |
//! | `refused_content` | | content inspection refuses the job |
//! | `partial` | `images` | only so many pictures come back |
//! | `duplicated` | | every picture comes twice, by the same link |
//! | `hostile_links` | | links are `javascript:`, `data:` and such, not `http:` |
//! | `rate_limited` | `retryAfter` | 429, with this `Retry-After` or none |

#![forbid(unsafe_code)]

mod aimlapi;
mod control;
mod cors;
mod exchange;
mod gateway;
mod http;
mod jobs;
mod journal;
mod links;
mod memory;
mod picture;
mod provider;
mod random;
mod refusal;
mod route;
mod scenario;
#[cfg(feature = "server")]
pub mod server;
mod totals;
mod vtrix;

pub use gateway::{Config, Gateway};
pub use http::{Answer, Body, Delivery, Events, Request, Wait};
pub use picture::{Mark, Picture};
