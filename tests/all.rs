//! All integration tests, in one binary.
mod config;

mod schedule;

mod journal_clients;
mod journal_support;
mod serve;
