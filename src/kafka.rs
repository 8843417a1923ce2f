//! Apache Kafka: the only folder that knows rdkafka.
//!
//! A [`Publisher`] writes batches: messages first, the feeds' state last, every record acknowledged
//! by all replicas before the next step. State is read back to the high watermark. [`topics`] makes
//! and checks the topics, a [`Reader`] follows them without a group.

mod client;
mod delivery;
mod error;
mod heard;
mod publisher;
mod reader;
mod table;
pub mod topics;

pub use self::error::KafkaError;
pub use self::publisher::Publisher;
pub use self::reader::{Next, Reader, Record, Start};
