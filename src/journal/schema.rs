//! The tables of the journal's file, and how an older file becomes a newer one.

use rusqlite::{Connection, TransactionBehavior};

/// Marks the file as ours: "brdw".
pub(super) const APPLICATION_ID: i64 = 0x6272_6477;

/// Each step brings the file from the version of its index to the next.
///
/// A step that was released is never changed; a new version is a new step.
///
/// - `records.id` is `slot << 44 | offset`: one b-tree in the order of partition and offset, so that
///   a fetch is one range of it. Offsets are never given again; gaps are allowed.
/// - `times` holds, for some offsets of a partition, the newest time of all records before it: time
///   look-ups start there, exact also where times are out of order.
/// - `latest` has the newest record of each key of compacted topics; `doomed` what compaction
///   removes, and when.
/// - `headers` and timestamps stand in the form of a v2 record, ready to be copied to a client.
const STEPS: &[&str] = &["
    CREATE TABLE about(name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
    CREATE TABLE topics(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, uuid BLOB NOT NULL);
    CREATE TABLE partitions(
        slot INTEGER PRIMARY KEY, first INTEGER NOT NULL, next INTEGER NOT NULL,
        newest_ms INTEGER NOT NULL, indexed INTEGER NOT NULL);
    CREATE TABLE records(
        id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, key BLOB NOT NULL,
        headers BLOB NOT NULL, value BLOB);
    CREATE TABLE times(
        slot INTEGER, before_ms INTEGER, offset INTEGER,
        PRIMARY KEY(slot, before_ms, offset)) WITHOUT ROWID;
    CREATE TABLE latest(
        slot INTEGER, key BLOB, id INTEGER NOT NULL, PRIMARY KEY(slot, key)) WITHOUT ROWID;
    CREATE TABLE doomed(due_ms INTEGER, id INTEGER, PRIMARY KEY(due_ms, id)) WITHOUT ROWID;
    CREATE TABLE states(feed BLOB NOT NULL UNIQUE, value BLOB NOT NULL);
    CREATE TABLE offsets(
        consumers TEXT, topic TEXT, partition INTEGER, offset INTEGER NOT NULL,
        leader_epoch INTEGER NOT NULL, note TEXT, at_ms INTEGER NOT NULL,
        PRIMARY KEY(consumers, topic, partition)) WITHOUT ROWID;
"];

/// The newest version that this program knows.
pub(super) const VERSION: i64 = STEPS.len() as i64;

/// Returns the version of the file; 0 is a new one.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Brings the file to [`VERSION`], one transaction a step.
pub(super) fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    for step in version(connection)?..VERSION {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(STEPS[step as usize])?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", step + 1)?;
        transaction.commit()?;
    }
    Ok(())
}
