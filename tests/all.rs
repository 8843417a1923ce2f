//! All integration tests, in one binary.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod absorb;
mod bad_feeds;
mod bad_input;
mod config;
mod deploy;
mod entries;
mod fetch;
mod growing;
mod journal_clients;
mod journal_support;
mod kafka_engine;
mod kill;
mod messages;
mod process;
mod schedule;
mod serve;
mod tidy;
