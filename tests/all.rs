//! All integration tests, in one binary.
mod config;

mod kafka_engine;

mod schedule;
