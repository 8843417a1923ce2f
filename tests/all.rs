//! All integration tests, in one binary.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod absorb;
mod config;
mod deploy;
mod entries;
mod fetch;
mod growing;
#![allow(clippy::unwrap_used, reason = "a test that finds nothing has failed")]
#![allow(clippy::print_stderr, reason = "tests say which seeds they ran and what they skipped")]

mod journal;
mod journal_clients;
mod journal_support;
mod kafka_engine;
mod kill;
mod messages;
mod process;
mod schedule;
mod serve;
mod tidy;
