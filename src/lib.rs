//! borderwire polls news feeds, extracts border-crisis events, and publishes them to Kafka topics.
//!
//! Data moves left to right through three groups of modules, and a module uses only modules that
//! are declared above it (checked by `tests/tidy.rs`):
//!
//! - **core**: values in, values out. A [`feed`] is what we poll, a [`capture`] is one response as
//!   received; the [`parser`] makes entries of its bytes, documents of entries and events of
//!   documents; `novelty` tells what is new against what was seen; `schedule` says when to ask
//!   again; `message` is the only module that knows the wire form. No I/O, clock, randomness, logs.
//! - **shell**: one folder for each kind of I/O: `clock`, `config`, `telemetry`, `fetch` (the only
//!   one that knows reqwest), `journal` (SQLite, and the reading side of Kafka's protocol), `kafka`
//!   (the only one that knows rdkafka), `commit` (the trait over the two).
//! - **composition**: `shard` (restore, poll, commit: one owner of some feeds), `serve` (health and
//!   metrics), `demo`, `cli`.
//!
//! The parser alone, for use as a library, is `default-features = false, features = ["parser"]`.

#![cfg_attr(not(test), warn(clippy::unwrap_used))]

pub mod feed;

pub mod capture;

pub mod parser;

#[cfg(feature = "daemon")]
pub mod novelty;

#[cfg(feature = "daemon")]
pub mod schedule;

#[cfg(feature = "daemon")]
pub mod message;

#[cfg(feature = "daemon")]
pub mod clock;

#[cfg(feature = "daemon")]
pub mod config;

#[cfg(feature = "daemon")]
pub mod telemetry;

#[cfg(feature = "daemon")]
pub mod fetch;

#[cfg(feature = "daemon")]
pub mod journal;

#[cfg(feature = "daemon")]
pub mod kafka;

#[cfg(feature = "daemon")]
pub mod commit;

#[cfg(feature = "daemon")]
pub mod shard;

#[cfg(feature = "daemon")]
pub mod serve;

#[cfg(feature = "daemon")]
pub mod demo;

#[cfg(feature = "daemon")]
pub mod cli;
