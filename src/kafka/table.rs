//! A compacted topic as a table: the newest value of each key, read to the high watermark.
//!
//! The end of a partition as a consumer is told it is not the end of what was written: with
//! `read_committed` it is the last stable offset, which an open transaction holds back, and a table
//! read up to there lacks what was committed after. So the high watermarks are asked for first, by a
//! client that sees everything; then it is waited until all of it is stable, and only then read.

use std::collections::HashMap;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::KafkaError as RdError;
use rdkafka::message::Message as _;
use rdkafka::{Offset, TopicPartitionList};
use tracing::debug;

use super::KafkaError;
use super::client::{self, Place};
use super::heard::{Context, Heard};
use crate::config;

/// Longest wait of one poll.
const POLL: Duration = Duration::from_millis(200);

/// Between two looks whether an open transaction has ended.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// librdkafka assigns partitions only to a client that names a group; none is joined, nothing is
/// committed.
pub(super) const NO_GROUP: &str = "borderwire-no-group";

/// A value, and what decides which of two is newer.
struct Newest {
    partition: i32,
    timestamp: i64,
    value: Option<Vec<u8>>,
}

/// One partition that is being read.
struct Progress {
    next: i64,
    end: i64,
}

/// Returns the newest value of each key, tombstones left out.
pub(super) fn read(
    settings: &config::Kafka,
    topic: &str,
    partitions: i32,
) -> Result<Vec<(String, Vec<u8>)>, KafkaError> {
    let began = Instant::now();
    let reading = Reading { settings, topic, heard: Arc::default() };
    let mut open = reading.ends(partitions)?;
    let consumer = reading.consumer("read_committed")?;
    reading.wait_until_stable(&consumer, &open)?;
    let mut newest = HashMap::new();
    if !open.is_empty() {
        reading.assign(&consumer, &open)?;
        reading.read(&consumer, &mut open, &mut newest)?;
    }
    debug!(topic, keys = newest.len(), elapsed_ms = began.elapsed().as_millis(), "table read");
    Ok(newest
        .into_iter()
        .filter_map(|(key, newest): (String, Newest)| Some((key, newest.value?)))
        .collect())
}

struct Reading<'a> {
    settings: &'a config::Kafka,
    topic: &'a str,
    heard: Arc<Heard>,
}

impl Reading<'_> {
    fn consumer(&self, isolation: &str) -> Result<BaseConsumer<Context>, KafkaError> {
        let mut configured = client::base(self.settings)?;
        configured
            .set("group.id", NO_GROUP)
            .set("enable.auto.commit", "false")
            .set("auto.offset.reset", "earliest")
            .set("enable.partition.eof", "true")
            .set("isolation.level", isolation);
        client::create(&configured, &self.heard)
    }

    /// Returns where reading starts and ends in each partition that holds anything.
    fn ends(&self, partitions: i32) -> Result<HashMap<i32, Progress>, KafkaError> {
        let everything = self.consumer("read_uncommitted")?;
        let starts = self.offsets(&everything, 0..partitions, Offset::Beginning)?;
        let ends = self.offsets(&everything, 0..partitions, Offset::End)?;
        let span = |(partition, end): (i32, i64)| {
            let next = starts.get(&partition).copied().unwrap_or(0);
            (end > next).then_some((partition, Progress { next, end }))
        };
        Ok(ends.into_iter().filter_map(span).collect())
    }

    fn offsets(
        &self,
        consumer: &BaseConsumer<Context>,
        partitions: impl IntoIterator<Item = i32>,
        at: Offset,
    ) -> Result<HashMap<i32, i64>, KafkaError> {
        let places: Vec<Place> =
            partitions.into_iter().map(|partition| (self.topic.to_owned(), partition)).collect();
        let offsets = client::offsets(self.settings, consumer, &places, at)?;
        Ok(offsets.into_iter().map(|((_, partition), offset)| (partition, offset)).collect())
    }

    /// Waits until no open transaction holds back what lies below the ends.
    fn wait_until_stable(
        &self,
        consumer: &BaseConsumer<Context>,
        open: &HashMap<i32, Progress>,
    ) -> Result<(), KafkaError> {
        let deadline = Instant::now() + self.settings.commit_timeout;
        loop {
            let stable = self.offsets(consumer, open.keys().copied(), Offset::End)?;
            let held = open.iter().find_map(|(partition, progress)| {
                let next = stable.get(partition).copied().unwrap_or(progress.next);
                let end = progress.end;
                (next < end).then_some((*partition, Progress { next, end }))
            });
            let Some((partition, progress)) = held else { return Ok(()) };
            if Instant::now() >= deadline {
                return Err(self.stalled(partition, &progress));
            }
            thread::park_timeout(LOOK_AGAIN);
        }
    }

    fn assign(
        &self,
        consumer: &BaseConsumer<Context>,
        open: &HashMap<i32, Progress>,
    ) -> Result<(), KafkaError> {
        // The list must be gone before the consumer is: dropping them in the other order hangs.
        let mut list = TopicPartitionList::new();
        let mut assigned = Ok(());
        for (partition, progress) in open {
            let offset = Offset::Offset(progress.next);
            assigned = assigned.and(list.add_partition_offset(self.topic, *partition, offset));
        }
        assigned.and_then(|()| consumer.assign(&list)).map_err(|error| KafkaError::Request {
            bootstrap: client::bootstrap(self.settings),
            doing: format!("reading {}", self.topic),
            why: client::why(&error),
        })
    }

    fn read(
        &self,
        consumer: &BaseConsumer<Context>,
        open: &mut HashMap<i32, Progress>,
        newest: &mut HashMap<String, Newest>,
    ) -> Result<(), KafkaError> {
        let patience = self.settings.commit_timeout;
        let mut moved = Instant::now();
        while !open.is_empty() {
            match consumer.poll(POLL) {
                Some(Ok(record)) => {
                    moved = Instant::now();
                    let partition = record.partition();
                    let Some(progress) = open.get_mut(&partition) else { continue };
                    progress.next = record.offset() + 1;
                    let key = String::from_utf8_lossy(record.key().unwrap_or_default());
                    let value = Newest {
                        partition,
                        timestamp: record.timestamp().to_millis().unwrap_or(i64::MIN),
                        value: record.payload().map(<[u8]>::to_vec),
                    };
                    keep(newest, key.into_owned(), value);
                    if progress.next >= progress.end {
                        open.remove(&partition);
                    }
                }
                // All up to `end` was stable before reading began: what is not here was compacted
                // away, or is a transaction's mark.
                Some(Err(RdError::PartitionEOF(partition))) => {
                    moved = Instant::now();
                    open.remove(&partition);
                }
                // Told through the context; librdkafka connects again by itself.
                Some(Err(error)) => debug!(topic = self.topic, "reading: {}", client::why(&error)),
                None => {}
            }
            if moved.elapsed() >= patience
                && let Some((partition, progress)) = open.iter().min_by_key(|(at, _)| **at)
            {
                return Err(self.stalled(*partition, progress));
            }
        }
        Ok(())
    }

    fn stalled(&self, partition: i32, progress: &Progress) -> KafkaError {
        KafkaError::Stalled {
            bootstrap: client::bootstrap(self.settings),
            topic: self.topic.to_owned(),
            partition,
            offset: progress.next,
            end: progress.end,
            waited: self.settings.commit_timeout,
            heard: self.heard.last().unwrap_or_else(|| "no error was told".to_owned()),
        }
    }
}

/// Keeps the newer of two: by offset within a partition; by time where partitions were added later
/// and a key moved.
fn keep(newest: &mut HashMap<String, Newest>, key: String, value: Newest) {
    match newest.get(&key) {
        Some(known) if known.partition != value.partition && known.timestamp > value.timestamp => {}
        _ => {
            newest.insert(key, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newer_value_is_kept_wherever_it_lies() {
        // Partition, timestamp and value of two records, in the order of reading.
        let cases = [
            ([(0, 1, "a"), (0, 2, "b")], "b"),
            ([(0, 2, "a"), (0, 1, "b")], "b"),
            ([(0, 2, "a"), (1, 1, "b")], "a"),
            ([(1, 1, "a"), (0, 2, "b")], "b"),
        ];
        for (records, expected) in cases {
            let mut newest = HashMap::new();
            for (partition, timestamp, value) in records {
                let value = Some(value.as_bytes().to_vec());
                let record = Newest { partition, timestamp, value };
                keep(&mut newest, "key".to_owned(), record);
            }
            assert_eq!(newest["key"].value.as_deref(), Some(expected.as_bytes()), "{records:?}");
        }
    }
}
