//! Performs what [`crate::proto`] decides, and decides nothing about a job itself.
//!
//! | effect | performed in |
//! | --- | --- |
//! | the calls of the npm package | [`client`] |
//! | drain outputs, perform, feed back | `driver` |
//! | a request over `fetch`, with the key | `fetch` |
//! | a wait until a time | `timer` |
//! | the end of a call by its `AbortSignal` | `abort` |
//! | time and a random seed | `clock` |
//! | JavaScript values and errors | `value`, `error` |

mod abort;
pub mod client;
mod clock;
mod deferred;
mod driver;
mod error;
mod fetch;
mod options;
mod timer;
mod value;
