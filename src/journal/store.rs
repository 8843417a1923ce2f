//! The file: its connections, its topics, and how far each partition is.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension, TransactionBehavior, params};
use tokio::sync::watch;
use uuid::Uuid;

use super::error::JournalError;
use super::lock::Lock;
use super::schema;
use super::upkeep::LOG_BYTES_KEPT;
use crate::message::Topic;

/// Name of the file in the state folder.
const FILE: &str = "borderwire.db";
/// Bits of an offset in a record's id: 17 million million records a partition.
const OFFSET_BITS: u32 = 44;
/// Bits of a partition in its slot.
const PARTITION_BITS: u32 = 10;
/// Most partitions of a topic: what fits into a slot beside the topic.
pub(super) const PARTITIONS_MAX: i32 = 1 << PARTITION_BITS;
/// SQLite's page: a record of about 1 KB with room for several on a page.
pub(super) const PAGE_BYTES: i64 = 8192;
/// Connections for reading that are kept when nobody reads.
const READERS_KEPT_MAX: usize = 4;
/// Longest wait for a lock inside SQLite; only checkpoints ever hold one beside the writer.
const BUSY: Duration = Duration::from_secs(5);

/// The state of one partition, as readers may see it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tip {
    /// Which partition it is, in the tables.
    pub(super) slot: i64,
    /// First offset that may still be there.
    pub(super) first: i64,
    /// Offset of the next record.
    pub(super) next: i64,
    /// Newest time of any record ever, in milliseconds; -1 before the first.
    pub(super) newest_ms: i64,
    /// Last offset with a row in `times`; -1 before the first.
    pub(super) indexed: i64,
}

impl Tip {
    /// Returns the id of the record at the offset.
    pub(super) fn id(self, offset: i64) -> i64 {
        self.slot << OFFSET_BITS | offset
    }
}

/// Returns the slot and the offset of a record's id.
pub(super) fn place_of(id: i64) -> (i64, i64) {
    (id >> OFFSET_BITS, id & ((1 << OFFSET_BITS) - 1))
}

/// The open file.
#[derive(Debug)]
pub(super) struct Store {
    /// The file itself.
    pub(super) path: PathBuf,
    /// Partitions of each topic.
    pub(super) partitions: i32,
    /// Kafka's cluster id: drawn when the file was made.
    pub(super) cluster: String,
    /// Kafka's topic ids, in the order of [`Topic::ALL`].
    pub(super) uuids: Vec<Uuid>,
    /// Counts commits; long polls wait on it.
    pub(super) commits: watch::Sender<u64>,
    /// Bytes written to the log since it was last copied into the file, about.
    pub(super) unmerged: AtomicU64,
    /// Clients of the listener.
    pub(super) connections: AtomicUsize,
    tips: RwLock<Vec<Tip>>,
    readers: Mutex<Vec<Connection>>,
    // After the readers: the last connection to close takes the log away, if it may write.
    writer: Mutex<Connection>,
    // Last, so that it is let go of after the connections are closed.
    _lock: Lock,
}

impl Store {
    /// Opens or makes the file in the folder, with `partitions` for each topic if it is new.
    pub(super) fn open(dir: &Path, partitions: i32) -> Result<Self, JournalError> {
        if !(1..=PARTITIONS_MAX).contains(&partitions) {
            return Err(JournalError::Partitions { found: partitions, max: PARTITIONS_MAX });
        }
        std::fs::create_dir_all(dir)
            .map_err(|source| JournalError::Folder { path: dir.to_owned(), source })?;
        let lock = Lock::take(dir)?;
        let path = dir.join(FILE);
        let failed = |source| failure("open", &path, source);
        let mut writer = open_writer(&path)?;
        let about = set_up(&mut writer, partitions).map_err(failed)?;
        if about.partitions != partitions {
            tracing::warn!(
                configured = partitions,
                kept = about.partitions,
                "partitions are fixed when a journal is made; the configured number is ignored"
            );
        }
        Ok(Self {
            path,
            partitions: about.partitions,
            cluster: about.cluster,
            uuids: about.uuids,
            commits: watch::Sender::new(0),
            unmerged: AtomicU64::new(0),
            connections: AtomicUsize::new(0),
            tips: RwLock::new(about.tips),
            writer: Mutex::new(writer),
            readers: Mutex::default(),
            _lock: lock,
        })
    }

    /// Returns the partition's tip, or `None` where there is no such partition.
    pub(super) fn tip(&self, topic: Topic, partition: i32) -> Option<Tip> {
        self.index(topic, partition).and_then(|index| self.tips().get(index).copied())
    }

    /// Returns where the partition stands among the tips.
    pub(super) fn index(&self, topic: Topic, partition: i32) -> Option<usize> {
        let place = Topic::ALL.iter().position(|known| *known == topic)?;
        let partition = usize::try_from(partition).ok()?;
        let partitions = self.partitions as usize;
        (partition < partitions).then_some(place * partitions + partition)
    }

    /// Returns all tips, topic by topic.
    pub(super) fn tips(&self) -> RwLockReadGuard<'_, Vec<Tip>> {
        self.tips.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows readers the new tips; called after their commit, with the writer still held.
    pub(super) fn show(&self, changed: &[(usize, Tip)]) {
        let mut tips = self.tips.write().unwrap_or_else(PoisonError::into_inner);
        for (index, tip) in changed {
            tips[*index] = *tip;
        }
    }

    /// Notes that a commit has written so many bytes, and the pages that every commit writes.
    pub(super) fn wrote(&self, bytes: usize) {
        const PAGES: u64 = 8;
        let written = bytes as u64 + PAGES * PAGE_BYTES as u64;
        self.unmerged.fetch_add(written, Ordering::Relaxed);
    }

    /// Waits for the one writer. A panic of an earlier holder has rolled its transaction back.
    pub(super) fn writer(&self) -> MutexGuard<'_, Connection> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `read` on a connection for reading; writers do not wait for it, nor it for them.
    pub(super) fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, JournalError> {
        let kept = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let failed = |source| failure("read", &self.path, source);
        let connection = match kept {
            Some(connection) => connection,
            None => open_reader(&self.path).map_err(failed)?,
        };
        let result = read(&connection).map_err(failed);
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < READERS_KEPT_MAX {
            readers.push(connection);
        }
        result
    }

    /// Says what was tried on this file.
    pub(super) fn failure(&self, doing: &'static str, source: rusqlite::Error) -> JournalError {
        failure(doing, &self.path, source)
    }
}

fn failure(doing: &'static str, path: &Path, source: rusqlite::Error) -> JournalError {
    let path = path.to_owned();
    match source.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DiskFull) => JournalError::DiskFull { path, source },
        Some(rusqlite::ErrorCode::NotADatabase) => JournalError::Foreign { path },
        Some(rusqlite::ErrorCode::DatabaseCorrupt) => JournalError::Damaged { path, source },
        _ => JournalError::Database { doing, path, source },
    }
}

fn open_writer(path: &Path) -> Result<Connection, JournalError> {
    let failed = |source| failure("open", path, source);
    let mut connection = Connection::open(path).map_err(failed)?;
    let version = schema::version(&connection).map_err(failed)?;
    let owner: i64 =
        connection.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(failed)?;
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(failed)?;
    if owner != schema::APPLICATION_ID && (version != 0 || tables != 0) {
        return Err(JournalError::Foreign { path: path.to_owned() });
    }
    if version > schema::VERSION {
        return Err(JournalError::Newer {
            path: path.to_owned(),
            found: version,
            known: schema::VERSION,
        });
    }
    let mut prepare = || -> rusqlite::Result<()> {
        connection.busy_timeout(BUSY)?;
        // Both only count before the first table is made.
        connection.pragma_update(None, "page_size", PAGE_BYTES)?;
        connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        // Checkpoints are made by the upkeep, off the path of commits.
        connection.pragma_update(None, "wal_autocheckpoint", 0)?;
        connection.pragma_update(None, "journal_size_limit", LOG_BYTES_KEPT)?;
        connection.pragma_update(None, "cache_size", -8192)?;
        connection.set_prepared_statement_cache_capacity(64);
        schema::migrate(&mut connection)
    };
    prepare().map_err(failed)?;
    Ok(connection)
}

fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "cache_size", -2048)?;
    Ok(connection)
}

/// What a file says about itself.
struct About {
    partitions: i32,
    cluster: String,
    uuids: Vec<Uuid>,
    tips: Vec<Tip>,
}

/// Makes what is missing, and reads the rest.
fn set_up(connection: &mut Connection, configured: i32) -> rusqlite::Result<About> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute(
        "INSERT OR IGNORE INTO about VALUES('partitions', ?1), ('cluster', lower(hex(randomblob(11))))",
        [configured],
    )?;
    let about = "SELECT value FROM about WHERE name = ?1";
    let partitions: i32 = transaction.query_row(about, ["partitions"], |row| row.get(0))?;
    let cluster: String = transaction.query_row(about, ["cluster"], |row| row.get(0))?;
    let (mut uuids, mut tips) = (Vec::new(), Vec::new());
    for topic in Topic::ALL {
        transaction.execute(
            "INSERT OR IGNORE INTO topics(name, uuid) VALUES(?1, randomblob(16))",
            [topic.name()],
        )?;
        let (id, uuid): (i64, [u8; 16]) = transaction.query_row(
            "SELECT id, uuid FROM topics WHERE name = ?1",
            [topic.name()],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        uuids.push(Uuid::from_bytes(uuid));
        for partition in 0..partitions {
            let slot = id << PARTITION_BITS | i64::from(partition);
            tips.push(read_tip(&transaction, slot)?);
        }
    }
    transaction.commit()?;
    Ok(About { partitions, cluster, uuids, tips })
}

fn read_tip(connection: &Connection, slot: i64) -> rusqlite::Result<Tip> {
    let found = connection
        .prepare_cached("SELECT first, next, newest_ms, indexed FROM partitions WHERE slot = ?1")?
        .query_row([slot], |row| {
            Ok(Tip {
                slot,
                first: row.get(0)?,
                next: row.get(1)?,
                newest_ms: row.get(2)?,
                indexed: row.get(3)?,
            })
        })
        .optional()?;
    if let Some(tip) = found {
        return Ok(tip);
    }
    let tip = Tip { slot, first: 0, next: 0, newest_ms: -1, indexed: -1 };
    write_tip(connection, tip)?;
    Ok(tip)
}

/// Stores the tip; part of the caller's transaction.
pub(super) fn write_tip(connection: &Connection, tip: Tip) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO partitions VALUES(?1, ?2, ?3, ?4, ?5)")?
        .execute(params![tip.slot, tip.first, tip.next, tip.newest_ms, tip.indexed])?;
    Ok(())
}
