//! Retention and compaction: what may go, removed in slices so short that appends hardly wait.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::error::JournalError;
use super::store::{PAGE_BYTES, Store, Tip, place_of, write_tip};
use crate::message::Topic;

/// Records that one slice looks at: a millisecond or two under the writer's lock.
const SLICE_RECORDS: usize = 256;
/// Free pages that one slice gives back to the file system: 2 MiB.
const SLICE_PAGES: u32 = 256;
/// How long a superseded record stays for readers that follow; Kafka does not compact the segment
/// that is being written, so its readers see it too.
const SUPERSEDED_KEPT: Duration = Duration::from_secs(10 * 60);
/// Kafka's default of `delete.retention.ms`.
const TOMBSTONE_KEPT_MS: i64 = 24 * 60 * 60 * 1000;

/// A topic's settings, read for what they mean here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Keep {
    /// Only the newest record of each key stays.
    pub(super) compacted: bool,
    /// A superseded record stays so long after it was superseded.
    pub(super) superseded_ms: i64,
    /// A tombstone stays so long.
    pub(super) tombstone_ms: i64,
    /// A record stays so long; `None` for ever.
    pub(super) kept_ms: Option<i64>,
}

impl Keep {
    /// Reads the topic's settings.
    pub(super) fn of(topic: Topic) -> Self {
        let settings = topic.settings();
        let setting = |name| {
            settings.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
        };
        let millis = |name| setting(name).and_then(|value| value.parse::<i64>().ok());
        let policy = setting("cleanup.policy").unwrap_or("delete");
        let superseded_ms = SUPERSEDED_KEPT.as_millis() as i64;
        Self {
            compacted: policy.contains("compact"),
            superseded_ms: superseded_ms.min(millis("max.compaction.lag.ms").unwrap_or(i64::MAX)),
            tombstone_ms: millis("delete.retention.ms").unwrap_or(TOMBSTONE_KEPT_MS),
            kept_ms: millis("retention.ms")
                .filter(|kept_ms| *kept_ms >= 0 && policy.contains("delete")),
        }
    }
}

/// What a slice did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slice {
    /// There is more to do.
    More,
    /// Nothing is left.
    Done,
}

impl Store {
    /// Removes some of what compaction made superfluous by `now`.
    pub(super) fn compact_slice(&self, now: Timestamp) -> Result<Slice, JournalError> {
        self.slice("compact", |connection| {
            let due: Vec<(i64, i64)> = connection
                .prepare_cached("SELECT due_ms, id FROM doomed WHERE due_ms <= ?1 LIMIT ?2")?
                .query_map(params![now.as_millisecond(), SLICE_RECORDS as i64], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })?
                .collect::<rusqlite::Result<_>>()?;
            for (due_ms, id) in &due {
                remove(connection, *id)?;
                connection
                    .prepare_cached("DELETE FROM doomed WHERE due_ms = ?1 AND id = ?2")?
                    .execute([due_ms, id])?;
            }
            Ok((slice_of(due.len()), None))
        })
    }

    /// Removes some of the partition's records that are too old at `now`, from its start up to the
    /// first that is not.
    pub(super) fn retain_slice(
        &self,
        topic: Topic,
        partition: i32,
        now: Timestamp,
    ) -> Result<Slice, JournalError> {
        let keep = Keep::of(topic);
        let (Some(kept_ms), Some(index)) = (keep.kept_ms, self.index(topic, partition)) else {
            return Ok(Slice::Done);
        };
        let cutoff_ms = now.as_millisecond() - kept_ms;
        self.slice("remove old records from", |connection| {
            let mut tip = self.tips()[index];
            let old = old_records(connection, tip, cutoff_ms)?;
            let Some(last) = old.last() else { return Ok((Slice::Done, None)) };
            tip.first = place_of(*last).1 + 1;
            for id in &old {
                if keep.compacted {
                    remove(connection, *id)?;
                } else {
                    connection
                        .prepare_cached("DELETE FROM records WHERE id = ?1")?
                        .execute([id])?;
                }
            }
            // The last row at or below the start stays: look-ups begin there.
            connection
                .prepare_cached(
                    "DELETE FROM times WHERE slot = ?1 AND offset <
                     (SELECT max(offset) FROM times WHERE slot = ?1 AND offset <= ?2)",
                )?
                .execute([tip.slot, tip.first])?;
            write_tip(connection, tip)?;
            Ok((slice_of(old.len()), Some((index, tip))))
        })
    }

    /// Gives some free pages back to the file system.
    pub(super) fn vacuum_slice(&self) -> Result<Slice, JournalError> {
        let failed = |source| self.failure("shrink", source);
        let writer = self.writer();
        let free: u32 =
            writer.pragma_query_value(None, "freelist_count", |row| row.get(0)).map_err(failed)?;
        if free == 0 {
            return Ok(Slice::Done);
        }
        // A step frees one page, so it is stepped to its end.
        let pragma = format!("PRAGMA incremental_vacuum({SLICE_PAGES})");
        let step_all = |writer: &Connection| -> rusqlite::Result<()> {
            let mut statement = writer.prepare(&pragma)?;
            let mut steps = statement.query([])?;
            while steps.next()?.is_some() {}
            Ok(())
        };
        step_all(&writer).map_err(failed)?;
        self.wrote(SLICE_PAGES as usize * PAGE_BYTES as usize);
        Ok(if free > SLICE_PAGES { Slice::More } else { Slice::Done })
    }

    /// Runs one short transaction, and shows the tip that it changed.
    fn slice(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Connection) -> rusqlite::Result<(Slice, Option<(usize, Tip)>)>,
    ) -> Result<Slice, JournalError> {
        let failed = |source| self.failure(doing, source);
        let mut writer = self.writer();
        let transaction =
            writer.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let (slice, tip) = work(&transaction).map_err(failed)?;
        transaction.commit().map_err(failed)?;
        self.show(tip.as_slice());
        if slice == Slice::More || tip.is_some() {
            self.wrote(0);
        }
        Ok(slice)
    }
}

fn slice_of(done: usize) -> Slice {
    if done < SLICE_RECORDS { Slice::Done } else { Slice::More }
}

fn old_records(connection: &Connection, tip: Tip, cutoff_ms: i64) -> rusqlite::Result<Vec<i64>> {
    let mut old = Vec::new();
    let mut statement = connection.prepare_cached(
        "SELECT id, at_ms FROM records WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT ?3",
    )?;
    let mut rows =
        statement.query(params![tip.id(tip.first), tip.id(tip.next), SLICE_RECORDS as i64])?;
    while let Some(row) = rows.next()? {
        if row.get::<_, i64>(1)? >= cutoff_ms {
            break;
        }
        old.push(row.get(0)?);
    }
    Ok(old)
}

/// Removes the record of a compacted topic, and its key where it was the newest of it.
fn remove(connection: &Connection, id: i64) -> rusqlite::Result<()> {
    let key: Option<Vec<u8>> = connection
        .prepare_cached("SELECT key FROM records WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    let Some(key) = key else { return Ok(()) };
    connection
        .prepare_cached("DELETE FROM latest WHERE slot = ?1 AND key = ?2 AND id = ?3")?
        .execute(params![place_of(id).0, key, id])?;
    connection.prepare_cached("DELETE FROM records WHERE id = ?1")?.execute([id])?;
    Ok(())
}
