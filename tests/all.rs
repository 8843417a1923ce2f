//! All integration tests, in one binary.

#![allow(clippy::unwrap_used, reason = "a test that can not go on fails")]

mod absorb;
mod config;
mod deploy;
mod growing;
mod journal_clients;
mod journal_groups;
mod journal_support;
mod kill;
mod messages;
mod process;
mod kafka_engine;

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod fetch;
mod schedule;
mod serve;
mod entries;
mod tidy;
