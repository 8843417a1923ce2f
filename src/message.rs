//! The wire form: topics, ids, CloudEvents headers, payloads, schema. Nothing else knows it.

mod event;
mod topic;

pub use self::event::{ActorBody, DateBody, EventBody, EvidenceBody, QuantityBody};
pub use self::topic::{Cleanup, MESSAGE_BYTES_MAX, Topic, partition_of};

use jiff::Timestamp;

use crate::feed::FeedId;

/// One message for one topic, ready to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Where it goes.
    pub topic: Topic,
    /// Never empty; decides the partition by [`partition_of`].
    pub key: String,
    /// Header fields in order; CloudEvents' binary mode.
    pub headers: Vec<(String, String)>,
    /// JSON; `None` is a tombstone of a compacted topic.
    pub value: Option<Vec<u8>>,
    /// Time of the record: that of observation.
    pub timestamp: Timestamp,
}

/// What the daemon remembers of one feed, as stored under the feed's id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateRecord {
    /// Its key.
    pub feed: FeedId,
    /// JSON; `None` forgets the feed.
    pub value: Option<Vec<u8>>,
}

/// What is committed at once, or not at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// In the order in which consumers are to see them.
    pub messages: Vec<Message>,
    /// Written after the messages.
    pub states: Vec<StateRecord>,
}
