//! Performs: the effects of a browser, and of whatever else runs web apps, one to a file.
//!
//! | File | Effect |
//! | --- | --- |
//! | [`address`] | reads addresses |
//! | [`fetch`] | sends a request and reads the answer |
//! | [`protocol`] | sees whether a connection carries many requests |
//! | [`timer`] | waits for a time |
//! | [`clock`] | tells the time |
//! | [`random`] | makes seeds |
//! | [`signal`] | hears a caller's abort |
//! | [`wake`] | hears that waiting may be over |
//! | [`leave`] | hears that the page is being left |
//! | [`lane`] | lets only so many of a page's calls run at once |
//! | [`locks`] | keeps others from a job |
//! | [`channel`] | tells others of a job's end |
//! | [`indexed_db`] | stores entries |
//! | [`patience`] | waits for a storage that may never answer |
//! | [`task`] | does what nobody need wait for |
//! | [`json`] | reads plain data |
//!
//! Whatever one of them starts is undone when its future or its guard is dropped: no timer, no
//! listener, no request and no lock is left behind.
//!
//! A crash of the engine drops nothing, so what must not outlive it is undone from outside it: see
//! `life.js`.
//!
//! Pages, workers and servers differ in what they have. What is absent, throws or refuses is done
//! without, and what a caller gives is judged by what it can do, since it may come from another
//! realm.

mod abort;
pub mod address;
pub mod channel;
pub mod clock;
pub mod fetch;
pub mod indexed_db;
pub mod json;
pub mod lane;
pub mod leave;
mod life;
pub mod listener;
pub mod locks;
pub mod patience;
pub mod promise;
pub mod protocol;
pub mod random;
pub mod signal;
pub mod task;
pub mod timer;
pub mod wake;
