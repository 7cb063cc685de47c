//! Everything that can go wrong on the way: the promised code, who pays, and one submit each time.

mod status;
mod submit;
