//! All integration tests, in one binary.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]
#![allow(clippy::print_stderr, reason = "tests say which seeds they ran and what they skipped")]

mod absorb;
mod bad_feeds;
mod bad_input;
mod broker_away;
mod codebook;
mod config;
mod demo;
mod deploy;
mod entries;
mod extract;
mod fetch;
mod growing;
mod host_limits;
mod journal;
mod journal_clients;
mod journal_groups;
mod journal_support;
mod journal_wire;
mod kafka_broker;
mod kafka_engine;
mod kill;
mod messages;
mod process;
mod schedule;
mod serve;
mod tidy;
