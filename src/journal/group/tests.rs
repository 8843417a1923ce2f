//! Group state machine: tests.
