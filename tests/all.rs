//! All integration tests, in one binary.

#![allow(clippy::unwrap_used, reason = "a test that finds nothing has failed")]
#![allow(clippy::print_stderr, reason = "tests say which seeds they ran and what they skipped")]

mod journal;
mod journal_clients;
mod journal_groups;
mod journal_support;
mod journal_wire;
