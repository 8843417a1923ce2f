//! All integration tests, in one binary.

#![allow(clippy::unwrap_used, reason = "a test that can not go on fails")]

mod absorb;
mod config;
mod growing;
mod journal_clients;
mod journal_support;
mod kill;
mod messages;
mod process;
mod kafka_engine;

mod schedule;
mod serve;
mod entries;
