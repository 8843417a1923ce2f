//! The embedded default: one SQLite file of records, feed states and group offsets, which unmodified
//! Kafka clients read.
//!
//! [`Journal::append`] stores messages and feed states in one transaction and returns once they are
//! on disk, so events and states cannot part, and a process that is killed loses nothing that it was
//! told is stored. [`Listener`] serves the reading side of Kafka's protocol from the same file:
//! metadata, offsets, fetches and consumer groups. The daemon is the only writer.
//!
//! Inside, in the order in which a record meets it: `lock` (one process), `schema` (tables), `store`
//! (connections, tips), `append`, `read`, `offsets`, `retention` and `upkeep`; then `wire` (what the
//! crate kafka-protocol does not give safely), `group` (who reads which partition; no I/O) and
//! `serve` (a connection, and an answer for each kind of request).

mod append;
mod error;
mod group;
mod lock;
mod offsets;
mod read;
mod retention;
mod schema;
mod serve;
mod store;
mod upkeep;
pub mod wire;

pub use self::error::JournalError;
pub use self::serve::Listener;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::channel;

use jiff::Timestamp;

use self::offsets::OffsetWriter;
use self::store::Store;
use self::upkeep::Upkeep;
use crate::clock;
use crate::config;
use crate::message::{Batch, StateRecord, Topic};

/// The open journal. Shared as `Arc<Journal>`; its threads end and its lock goes when it is dropped.
#[derive(Debug)]
pub struct Journal {
    // Before the store: both threads hold it, and end first.
    _upkeep: Upkeep,
    offsets: OffsetWriter,
    store: Arc<Store>,
}

/// Figures for metrics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts {
    /// The file, without its log.
    pub file_bytes: u64,
    /// The write-ahead log beside it.
    pub log_bytes: u64,
    /// Clients of the listener.
    pub connections: usize,
    /// Of each topic, the records ever appended: the sum of the ends of its partitions.
    pub appended: Vec<(Topic, u64)>,
}

impl Journal {
    /// Opens the journal of the folder, and makes it where there is none.
    ///
    /// All topics have `settings.partitions` partitions from then on; another number later is
    /// ignored, with a warning. Blocks for some milliseconds.
    ///
    /// # Errors
    /// Where the folder cannot be written, another process has the journal, or the file is of a
    /// later version; each says what to do.
    pub fn open(dir: &Path, settings: &config::Journal) -> Result<Self, JournalError> {
        let store = Arc::new(Store::open(dir, settings.partitions)?);
        Ok(Self {
            _upkeep: Upkeep::start(Arc::clone(&store))?,
            offsets: OffsetWriter::start(Arc::clone(&store))?,
            store,
        })
    }

    /// Stores the messages in their order and then the states, all or nothing; returns once they are
    /// on disk. Blocks for as long as the disk takes.
    ///
    /// # Errors
    /// Nothing was stored then; [`JournalError::can_retry`] tells whether to try again.
    pub fn append(&self, batch: &Batch) -> Result<(), JournalError> {
        self.store.append(batch, clock::now())
    }

    /// Returns what is remembered of each feed.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn states(&self) -> Result<Vec<StateRecord>, JournalError> {
        self.store.states()
    }

    /// Returns the newest value of each key of a compacted topic, deleted keys left out.
    ///
    /// # Errors
    /// Where the file cannot be read, or the topic is not compacted.
    pub fn table(&self, topic: Topic) -> Result<Vec<(String, Vec<u8>)>, JournalError> {
        self.store.table(topic)
    }

    /// Returns the number of partitions that each topic has.
    pub fn partitions(&self) -> i32 {
        self.store.partitions
    }

    /// Removes all that retention and compaction let go at `now`; the journal does so itself once a
    /// minute.
    ///
    /// # Errors
    /// Where the file cannot be written; what was removed stays removed.
    pub fn clean(&self, now: Timestamp) -> Result<(), JournalError> {
        let (_running, stopped) = channel();
        self.store.round(now, &stopped)
    }

    /// Returns figures for metrics, without waiting for readers or writers.
    pub fn counts(&self) -> Counts {
        let partitions = self.store.partitions as usize;
        let tips = self.store.tips();
        let ends = tips.chunks(partitions).map(|tips| tips.iter().map(|tip| tip.next as u64).sum());
        Counts {
            file_bytes: std::fs::metadata(&self.store.path).map_or(0, |file| file.len()),
            log_bytes: self.store.wal_bytes(),
            connections: self.store.connections.load(Ordering::Relaxed),
            appended: Topic::ALL.iter().copied().zip(ends).collect(),
        }
    }
}
