//! Kafka's wire form, as far as the crate kafka-protocol does not give it safely.

pub(super) mod batch;
pub mod frame;
pub(super) mod shape;
