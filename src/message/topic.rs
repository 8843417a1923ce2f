//! The topics: names, keys, and the settings they are created with.

use std::fmt;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A topic that borderwire writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Topic {
    /// Each revision of each entry, normalized.
    Entries,
    /// Detected, corrected and retracted events: the product.
    Events,
    /// The same as a table: the newest revision of each event.
    EventsLatest,
    /// Heartbeats, gaps, errors and back-off of each feed.
    FeedStatus,
    /// What could not be read, with why.
    DeadLetters,
    /// What replays give, with original times.
    Replay,
    /// The feeds to watch.
    Feeds,
    /// What is remembered of each feed.
    FeedState,
    /// How far each replay is.
    ReplayState,
}

/// What Kafka may throw away, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cleanup {
    /// Records older than this go; `None` keeps them for ever.
    Delete(Option<Duration>),
    /// The newest record of each key stays.
    Compact,
    /// The newest record of each key stays, and goes when it is older than this.
    CompactAndDelete(Duration),
}

impl Topic {
    /// All topics, in the order of the documentation.
    pub const ALL: &[Self] = &[
        Self::Entries,
        Self::Events,
        Self::EventsLatest,
        Self::FeedStatus,
        Self::DeadLetters,
        Self::Replay,
        Self::Feeds,
        Self::FeedState,
        Self::ReplayState,
    ];

    /// Returns the name on the broker.
    pub fn name(self) -> &'static str {
        match self {
            Self::Entries => "borderwire.entries.v1",
            Self::Events => "borderwire.events.v1",
            Self::EventsLatest => "borderwire.events-latest.v1",
            Self::FeedStatus => "borderwire.feed-status.v1",
            Self::DeadLetters => "borderwire.dead-letters.v1",
            Self::Replay => "borderwire.replay.v1",
            Self::Feeds => "_borderwire.feeds.v1",
            Self::FeedState => "_borderwire.feed-state.v1",
            Self::ReplayState => "_borderwire.replay-state.v1",
        }
    }

    /// Returns the topic of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|topic| topic.name() == name)
    }

    /// Returns whether only the daemon itself reads it.
    pub fn is_internal(self) -> bool {
        self.name().starts_with('_')
    }

    /// Returns what its keys are, for people.
    pub fn key(self) -> &'static str {
        match self {
            Self::Entries => "entry id",
            Self::Events | Self::EventsLatest | Self::Replay => "event id",
            Self::FeedStatus | Self::DeadLetters | Self::Feeds | Self::FeedState => "feed id",
            Self::ReplayState => "run",
        }
    }

    /// Returns one sentence about what it holds.
    pub fn about(self) -> &'static str {
        match self {
            Self::Entries => "Each revision of each entry, normalized.",
            Self::Events => "Events detected, corrected and retracted.",
            Self::EventsLatest => "The newest revision of each event, as a table.",
            Self::FeedStatus => "Heartbeats, gaps, errors and back-off of each feed.",
            Self::DeadLetters => "What could not be read, with why.",
            Self::Replay => "What replays give, with original times.",
            Self::Feeds => "The feeds to watch.",
            Self::FeedState => "What the daemon remembers of each feed.",
            Self::ReplayState => "How far each replay is.",
        }
    }

    /// Returns what may be thrown away, and when.
    pub fn cleanup(self) -> Cleanup {
        match self {
            Self::Entries => Cleanup::Delete(Some(400 * DAY)),
            Self::Events | Self::Replay => Cleanup::Delete(None),
            Self::EventsLatest | Self::Feeds | Self::FeedState | Self::ReplayState => {
                Cleanup::Compact
            }
            Self::FeedStatus => Cleanup::CompactAndDelete(30 * DAY),
            Self::DeadLetters => Cleanup::Delete(Some(90 * DAY)),
        }
    }

    /// Returns the topic's settings under Kafka's own names, sorted by name.
    ///
    /// Source: Kafka documentation, "Topic configs". The replay topic carries original times, so
    /// its segments must not roll by time; the internal ones are compacted often, since a restart
    /// reads them whole.
    pub fn settings(self) -> Vec<(&'static str, String)> {
        let millis = |duration: Duration| duration.as_millis().to_string();
        let retention = |kept: Option<Duration>| kept.map_or_else(|| "-1".to_owned(), millis);
        let mut settings = match self.cleanup() {
            Cleanup::Delete(kept) => {
                vec![("cleanup.policy", "delete".to_owned()), ("retention.ms", retention(kept))]
            }
            Cleanup::Compact => vec![("cleanup.policy", "compact".to_owned())],
            Cleanup::CompactAndDelete(kept) => {
                vec![
                    ("cleanup.policy", "compact,delete".to_owned()),
                    ("retention.ms", millis(kept)),
                ]
            }
        };
        match self {
            Self::Replay => {
                settings.push(("segment.bytes", (64 << 20).to_string()));
                settings.push(("segment.ms", millis(3650 * DAY)));
            }
            Self::Feeds | Self::FeedState | Self::ReplayState => {
                settings.push(("delete.retention.ms", millis(7 * DAY)));
                settings.push(("max.compaction.lag.ms", millis(DAY)));
                settings.push(("segment.ms", millis(DAY / 4)));
            }
            _ => {}
        }
        settings.push(("max.message.bytes", MESSAGE_BYTES_MAX.to_string()));
        settings.sort();
        settings
    }
}

/// Largest record, key and headers included: a feed of 2,000 entries remembered in one record.
pub const MESSAGE_BYTES_MAX: usize = 4 << 20;

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Returns the partition that Kafka's own clients choose for the key, in `0..partitions`.
///
/// Source: Kafka `BuiltInPartitioner`, murmur2 over the key's bytes, sign bit cleared.
pub fn partition_of(key: &str, partitions: i32) -> i32 {
    (murmur2(key.as_bytes()) & 0x7fff_ffff) as i32 % partitions.max(1)
}

/// MurmurHash 2 by Austin Appleby, 32 bits, with Kafka's seed.
fn murmur2(data: &[u8]) -> u32 {
    const SEED: u32 = 0x9747_b28c;
    const M: u32 = 0x5bd1_e995;
    let mut h = SEED ^ data.len() as u32;
    let mut words = data.chunks_exact(4);
    for word in &mut words {
        let mut k = u32::from_le_bytes([word[0], word[1], word[2], word[3]]).wrapping_mul(M);
        k ^= k >> 24;
        h = h.wrapping_mul(M) ^ k.wrapping_mul(M);
    }
    let rest = words.remainder();
    if !rest.is_empty() {
        for (i, byte) in rest.iter().enumerate() {
            h ^= u32::from(*byte) << (8 * i);
        }
        h = h.wrapping_mul(M);
    }
    h ^= h >> 13;
    h = h.wrapping_mul(M);
    h ^ h >> 15
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn murmur2_equals_that_of_kafkas_java_client() {
        // Values of org.apache.kafka.common.utils.UtilsTest.
        let cases: [(&str, i32); 6] = [
            ("21", -973_932_308),
            ("foobar", -790_332_482),
            ("a-little-bit-long-string", -985_981_536),
            ("a-little-bit-longer-string", -1_486_304_829),
            ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971),
            ("abc", 479_470_107),
        ];
        for (key, hash) in cases {
            assert_eq!(murmur2(key.as_bytes()) as i32, hash, "{key}");
        }
    }

    #[test]
    fn names_are_read_back() {
        for topic in Topic::ALL {
            assert_eq!(Topic::named(topic.name()), Some(*topic));
        }
    }
}
