//! All integration tests, in one binary.

mod journal;
mod journal_clients;
mod journal_groups;
mod journal_support;
mod journal_wire;
