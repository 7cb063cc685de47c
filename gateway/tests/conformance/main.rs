//! The gateway over real HTTP: every rule, every fault.

mod aimlapi;
mod control;
mod cors;
mod faults;
mod files;
mod harness;
mod images;
mod keep_alive;
mod process;
mod shapes;
mod stream;
mod vtrix;
