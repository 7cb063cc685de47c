//! What to do.
#![forbid(unsafe_code)]
