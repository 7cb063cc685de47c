//! Drives: a call from its turn to its end, with its page of the journal.
//!
//! | File | What it does |
//! | --- | --- |
//! | [`caller`] | what a call has of its caller: options, key, `fetch`, journal |
//! | [`call`] | does what [`crate::proto::call`] says, and tells it what came of it |
//! | [`stream`] | gives what the stream of a job says |
//! | [`journal`] | keeps jobs in a store, and knows which are settled |
//! | [`page`] | a call's page of the journal |
//! | [`store`] | what a journal is kept in |
//! | [`seen`] | remembers how long jobs took |
//! | [`outcome`] | how a call ended, and who is told of it |
//! | [`resume`] | goes on with jobs whose page is gone |
//!
//! Every future can be dropped at any time: that is how a call is aborted. It leaves no timer, no
//! listener, no request and no lock behind, and its job in the journal; but a submit that has left is
//! waited for, so that the journal has its job.

pub mod call;
pub mod caller;
pub mod journal;
pub mod outcome;
pub mod page;
pub mod resume;
pub mod seen;
pub mod store;
pub mod stream;
