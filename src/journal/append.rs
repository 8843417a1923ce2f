//! Writing: a batch of messages and feed states in one transaction.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::error::JournalError;
use super::retention::Keep;
use super::store::{Store, Tip, write_tip};
use super::wire::batch::encode_headers;
use crate::message::{Batch, MESSAGE_BYTES_MAX, Message, partition_of};

/// Records between two rows of `times`: a look-up by time reads at most so many.
const INDEX_EVERY: i64 = 256;

impl Store {
    /// Stores the batch; `now` decides when what it supersedes may go.
    pub(super) fn append(&self, batch: &Batch, now: Timestamp) -> Result<(), JournalError> {
        let states = batch.states.iter().filter_map(|state| state.value.as_ref());
        let mut bytes: usize = states.map(Vec::len).sum();
        for message in &batch.messages {
            bytes += checked_bytes(message)?;
        }
        let failed = |source| self.failure("write to", source);
        let mut writer = self.writer();
        let transaction =
            writer.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let mut tips: BTreeMap<usize, (Tip, Keep)> = BTreeMap::new();
        for message in &batch.messages {
            let partition = partition_of(&message.key, self.partitions);
            let index = self
                .index(message.topic, partition)
                .expect("every topic has all partitions, and `partition_of` stays among them");
            let (tip, keep) =
                tips.entry(index).or_insert_with(|| (self.tips()[index], Keep::of(message.topic)));
            write_record(&transaction, tip, *keep, message, now).map_err(failed)?;
        }
        for (tip, _) in tips.values() {
            write_tip(&transaction, *tip).map_err(failed)?;
        }
        write_states(&transaction, batch).map_err(failed)?;
        transaction.commit().map_err(failed)?;
        let changed: Vec<(usize, Tip)> =
            tips.into_iter().map(|(index, (tip, _))| (index, tip)).collect();
        self.show(&changed);
        self.wrote(bytes);
        drop(writer);
        self.commits.send_modify(|count| *count += 1);
        Ok(())
    }
}

/// Returns the length of the message, if it is not too long.
fn checked_bytes(message: &Message) -> Result<usize, JournalError> {
    let bytes = message.bytes();
    if bytes <= MESSAGE_BYTES_MAX {
        return Ok(bytes);
    }
    Err(JournalError::TooLarge {
        topic: message.topic,
        key: message.key.chars().take(100).collect(),
        bytes,
        max: MESSAGE_BYTES_MAX,
    })
}

fn write_record(
    connection: &Connection,
    tip: &mut Tip,
    keep: Keep,
    message: &Message,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let (offset, key) = (tip.next, message.key.as_bytes());
    let at_ms = message.timestamp.as_millisecond();
    if tip.indexed < 0 || offset - tip.indexed >= INDEX_EVERY {
        connection.prepare_cached("INSERT INTO times VALUES(?1, ?2, ?3)")?.execute(params![
            tip.slot,
            tip.newest_ms,
            offset
        ])?;
        tip.indexed = offset;
    }
    let id = tip.id(offset);
    connection
        .prepare_cached("INSERT INTO records VALUES(?1, ?2, ?3, ?4, ?5)")?
        .execute(params![id, at_ms, key, encode_headers(&message.headers), message.value])?;
    if keep.compacted {
        supersede(connection, *tip, key, id, now.as_millisecond() + keep.superseded_ms)?;
        if message.value.is_none() {
            doom(connection, now.as_millisecond() + keep.tombstone_ms, id)?;
        }
    }
    tip.next += 1;
    tip.newest_ms = tip.newest_ms.max(at_ms);
    Ok(())
}

/// Makes `id` the newest record of its key, and lets the earlier one go at `due_ms`.
fn supersede(
    connection: &Connection,
    tip: Tip,
    key: &[u8],
    id: i64,
    due_ms: i64,
) -> rusqlite::Result<()> {
    let earlier: Option<i64> = connection
        .prepare_cached("SELECT id FROM latest WHERE slot = ?1 AND key = ?2")?
        .query_row(params![tip.slot, key], |row| row.get(0))
        .optional()?;
    if let Some(earlier) = earlier {
        doom(connection, due_ms, earlier)?;
    }
    connection
        .prepare_cached("INSERT OR REPLACE INTO latest VALUES(?1, ?2, ?3)")?
        .execute(params![tip.slot, key, id])?;
    Ok(())
}

fn doom(connection: &Connection, due_ms: i64, id: i64) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT OR IGNORE INTO doomed VALUES(?1, ?2)")?
        .execute([due_ms, id])?;
    Ok(())
}

fn write_states(connection: &Connection, batch: &Batch) -> rusqlite::Result<()> {
    for state in &batch.states {
        let feed = state.feed.uuid();
        match &state.value {
            Some(value) => connection
                .prepare_cached(
                    "INSERT INTO states VALUES(?1, ?2)
                     ON CONFLICT(feed) DO UPDATE SET value = excluded.value",
                )?
                .execute(params![feed.as_bytes(), value])?,
            None => connection
                .prepare_cached("DELETE FROM states WHERE feed = ?1")?
                .execute([feed.as_bytes()])?,
        };
    }
    Ok(())
}
