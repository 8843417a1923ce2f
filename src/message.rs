//! The wire form: topics, ids, CloudEvents headers, payloads, schema. Nothing else knows it.

mod asyncapi;
mod cloud_event;
mod dead_letter;
mod entry;
mod event;
mod event_revision;
mod feed_status;
mod schema;
mod topic;

use std::time::Duration;

use jiff::Timestamp;

pub use self::asyncapi::asyncapi;
pub use self::dead_letter::{DeadLetterMessage, dead_letter};
pub use self::entry::{EntryMessage, entry};
pub use self::event::EventBody;
pub use self::event_revision::{EventMessage, event_revision};
pub use self::feed_status::{Condition, ErrorBody, FeedStatusMessage, feed_status};
pub use self::schema::{Schema, schemas};
pub use self::topic::{Cleanup, MESSAGE_BYTES_MAX, Topic, partition_of};
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

impl Message {
    /// Returns the first header field of that name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// Returns how long before `now` the source says that it published this; zero where it says later.
    pub fn age(&self, now: Timestamp) -> Duration {
        let time = self.header("ce_time").and_then(|time| time.parse::<Timestamp>().ok());
        time.filter(|time| *time < now)
            .map_or(Duration::ZERO, |time| now.duration_since(time).unsigned_abs())
    }

    /// Returns how many bytes it takes: key, headers and value.
    pub fn bytes(&self) -> usize {
        let headers: usize =
            self.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
        self.key.len() + headers + self.value.as_ref().map_or(0, Vec::len)
    }
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
