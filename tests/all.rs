//! All integration tests, in one binary.

#![allow(clippy::unwrap_used, reason = "a test that can not go on fails")]

mod config;
mod deploy;
mod growing;
mod journal_clients;
mod journal_support;
mod kill;
mod messages;
mod process;
mod schedule;
mod serve;
mod tidy;
