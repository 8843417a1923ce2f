//! Reading: records as batches for clients, offsets by time, tables and feed states.

use bytes::BytesMut;
use rusqlite::{OptionalExtension, Row};
use uuid::Uuid;

use super::error::JournalError;
use super::store::{Store, Tip, place_of};
use super::wire::batch::BatchWriter;
use crate::feed::FeedId;
use crate::message::{Cleanup, StateRecord, Topic};

/// Records go to clients in batches of about this size: small enough for a client's first look.
const BATCH_BYTES: usize = 256 << 10;

/// Whether a record larger than the limit is given nevertheless.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum First {
    /// Yes, if it is the first: otherwise its reader would never come past it.
    Whatever,
    /// No.
    Bounded,
}

impl Store {
    /// Returns v2 batches from `from` on, about `bytes_max` of them, up to the tip.
    ///
    /// Where the last records are gone by compaction or retention, the last batch covers their
    /// offsets, so that readers come to the end.
    pub(super) fn batches(
        &self,
        tip: Tip,
        from: i64,
        bytes_max: usize,
        first: First,
    ) -> Result<BytesMut, JournalError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT id, at_ms, key, headers, value FROM records
                 WHERE id >= ?1 AND id < ?2 ORDER BY id",
            )?;
            let mut rows = statement.query([tip.id(from), tip.id(tip.next)])?;
            let mut out = BytesMut::new();
            let mut open: Option<BatchWriter> = None;
            // Offsets below it are in `out`, or known to be gone.
            let mut covered = from;
            while let Some(row) = rows.next()? {
                let record = Record::of(row)?;
                let bytes = out.len() + record.bytes() + BatchWriter::HEAD_BYTES;
                if bytes > bytes_max && !(first == First::Whatever && out.is_empty()) {
                    if let Some(batch) = open.take() {
                        batch.finish(&mut out, covered - 1);
                    }
                    return Ok(out);
                }
                if let Some(full) = open.take_if(|batch| batch.bytes(&out) >= BATCH_BYTES) {
                    full.finish(&mut out, covered - 1);
                }
                let batch = open.get_or_insert_with(|| {
                    BatchWriter::begin(&mut out, record.offset, record.at_ms)
                });
                batch.push(&mut out, &record);
                covered = record.offset + 1;
            }
            if open.is_none() && covered < tip.next {
                open = Some(BatchWriter::begin(&mut out, covered, -1));
            }
            if let Some(batch) = open {
                batch.finish(&mut out, tip.next - 1);
            }
            Ok(out)
        })
    }

    /// Returns offset and time of the first record that is not older than `at_ms`.
    pub(super) fn first_since(
        &self,
        tip: Tip,
        at_ms: i64,
    ) -> Result<Option<(i64, i64)>, JournalError> {
        self.read(|connection| {
            let from: Option<i64> = connection
                .prepare_cached(
                    "SELECT offset FROM times WHERE slot = ?1 AND before_ms < ?2
                     ORDER BY before_ms DESC, offset DESC LIMIT 1",
                )?
                .query_row([tip.slot, at_ms], |row| row.get(0))
                .optional()?;
            let from = from.unwrap_or(0).max(tip.first);
            connection
                .prepare_cached(
                    "SELECT id, at_ms FROM records
                     WHERE id >= ?1 AND id < ?2 AND at_ms >= ?3 ORDER BY id LIMIT 1",
                )?
                .query_row([tip.id(from), tip.id(tip.next), at_ms], |row| {
                    Ok((place_of(row.get(0)?).1, row.get(1)?))
                })
                .optional()
        })
    }

    /// Returns the newest value of each key, without those that were deleted, by partition and key.
    pub(super) fn table(&self, topic: Topic) -> Result<Vec<(String, Vec<u8>)>, JournalError> {
        if matches!(topic.cleanup(), Cleanup::Delete(_)) {
            return Err(JournalError::NoTable(topic));
        }
        let mut table = Vec::new();
        for partition in 0..self.partitions {
            let Some(tip) = self.tip(topic, partition) else { continue };
            self.read(|connection| {
                let mut statement = connection.prepare_cached(
                    "SELECT latest.key, value FROM latest JOIN records USING (id)
                     WHERE slot = ?1 AND value IS NOT NULL ORDER BY latest.key",
                )?;
                let mut rows = statement.query([tip.slot])?;
                while let Some(row) = rows.next()? {
                    let key = String::from_utf8_lossy(row.get_ref(0)?.as_blob()?).into_owned();
                    table.push((key, row.get(1)?));
                }
                Ok(())
            })?;
        }
        Ok(table)
    }

    /// Returns what is remembered of each feed.
    pub(super) fn states(&self) -> Result<Vec<StateRecord>, JournalError> {
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT feed, value FROM states ORDER BY feed")?;
            let rows = statement.query_map([], |row| {
                let feed = FeedId::from(Uuid::from_bytes(row.get(0)?));
                Ok(StateRecord { feed, value: Some(row.get(1)?) })
            })?;
            rows.collect()
        })
    }
}

/// A stored record, borrowed from SQLite.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record<'row> {
    pub(super) offset: i64,
    pub(super) at_ms: i64,
    pub(super) key: &'row [u8],
    /// Count and headers, encoded.
    pub(super) headers: &'row [u8],
    pub(super) value: Option<&'row [u8]>,
}

impl<'row> Record<'row> {
    fn of(row: &'row Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            offset: place_of(row.get(0)?).1,
            at_ms: row.get(1)?,
            key: row.get_ref(2)?.as_blob()?,
            headers: row.get_ref(3)?.as_blob()?,
            value: row.get_ref(4)?.as_blob_or_null()?,
        })
    }

    /// Returns its size on the wire, at most.
    pub(super) fn bytes(&self) -> usize {
        const VARINTS: usize = 32;
        VARINTS + self.key.len() + self.headers.len() + self.value.map_or(0, <[u8]>::len)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::message::{Batch, Message, partition_of};

    /// Returns a store with one partition that has records at these times.
    fn store(times: &[i64]) -> (tempfile::TempDir, Store, Tip) {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), 1).unwrap();
        let message = |at_ms: &i64| Message {
            topic: Topic::Events,
            key: "key".to_owned(),
            headers: Vec::new(),
            value: Some(b"value".to_vec()),
            timestamp: Timestamp::from_millisecond(*at_ms).unwrap(),
        };
        let messages = times.iter().map(message).collect();
        let batch = Batch { messages, states: Vec::new() };
        store.append(&batch, Timestamp::UNIX_EPOCH).unwrap();
        let tip = store.tip(Topic::Events, partition_of("key", 1)).unwrap();
        (dir, store, tip)
    }

    #[test]
    fn look_up_by_time_equals_a_search_of_all() {
        // Out of order, with equal times, over several rows of the index.
        let times: Vec<i64> = (0..2_000).map(|n| 1_000 + n * 10 - (n % 7) * 300).collect();
        let (_dir, store, tip) = store(&times);
        for at_ms in (0..22_000).step_by(97).chain(times.iter().copied().take(300)) {
            let expected = times.iter().position(|time| *time >= at_ms);
            let found = store.first_since(tip, at_ms).unwrap();
            assert_eq!(found.map(|(offset, _)| offset as usize), expected, "{at_ms}");
            assert_eq!(found.map(|(_, time)| time), expected.map(|place| times[place]));
        }
    }
}
