//! What can go wrong with the journal, and what to do about it.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use thiserror::Error;

use crate::message::Topic;

/// What can go wrong with the journal.
#[derive(Debug, Error)]
pub enum JournalError {
    /// The folder cannot be created, or nothing can be written in it.
    #[error(
        "could not write in the state folder {}; give this user the right to, or choose another \
         folder with `state-dir` in [daemon]",
        path.display()
    )]
    Folder {
        /// The folder, or the file in it.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Another process has the same journal open.
    #[error(
        "the journal is in use by {}: {} is locked; stop that process, or give this one a folder \
         of its own with `state-dir` in [daemon]",
        holder.map_or_else(|| "another process".to_owned(), |pid| format!("process {pid}")),
        path.display()
    )]
    Locked {
        /// The lock file.
        path: PathBuf,
        /// Process id, where the holder wrote one.
        holder: Option<u32>,
    },
    /// The file is of a later version of borderwire.
    #[error(
        "{} has schema {found}, this borderwire knows up to {known}; run the later version that \
         wrote it, or restore a copy from before",
        path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// What the file says.
        found: i64,
        /// The newest we know.
        known: i64,
    },
    /// The file is a database, but none of ours, or none at all.
    #[error("{} is no journal of borderwire; move it away, or choose another folder with `state-dir` in [daemon]", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The configured number of partitions is out of bounds.
    #[error("`partitions` in [journal] is {found}; give a number from 1 to {max}")]
    Partitions {
        /// As configured.
        found: i32,
        /// The largest.
        max: i32,
    },
    /// A message that no consumer could be given.
    #[error("message {key:?} for {topic} is {bytes} bytes, the limit is {max}")]
    TooLarge {
        /// Where it was to go.
        topic: Topic,
        /// Its key.
        key: String,
        /// Key, headers and value.
        bytes: usize,
        /// The limit.
        max: usize,
    },
    /// Only compacted topics have a newest record for each key.
    #[error("{0} is not compacted, so it cannot be read as a table")]
    NoTable(Topic),
    /// The disk is full; nothing of the batch was stored.
    #[error("the disk of {} is full; free some space, the write is tried again", path.display())]
    DiskFull {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// The file is ours, and something in it was overwritten or is missing.
    #[error(
        "{} is damaged; put a copy from before in its place, or move it away with its -wal file: \
         borderwire then begins anew, and publishes again what the feeds still show",
        path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// SQLite failed; of a write, nothing was stored.
    #[error(
        "could not {doing} the journal {}; check the file, its rights and the disk, or choose another \
         folder with `state-dir` in [daemon]",
        path.display()
    )]
    Database {
        /// What was tried, as a verb.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// The listener's address is in use.
    #[error(
        "{address} is in use, so Kafka clients could not be served there; stop what listens on it, \
         or choose another address with `listen` in [journal]"
    )]
    PortTaken {
        /// As configured.
        address: SocketAddr,
    },
    /// The listener's address cannot be had.
    #[error(
        "could not listen on {address}; choose an address of this machine with `listen` in [journal]"
    )]
    Listen {
        /// As configured.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The journal is being closed.
    #[error("the journal is closing")]
    Closing,
}

impl JournalError {
    /// Returns whether the same call may succeed later with nothing changed in the program.
    pub fn can_retry(&self) -> bool {
        match self {
            Self::DiskFull { .. } => true,
            Self::Database { source, .. } => matches!(
                source.sqlite_error_code(),
                Some(
                    rusqlite::ErrorCode::DatabaseBusy
                        | rusqlite::ErrorCode::DatabaseLocked
                        | rusqlite::ErrorCode::SystemIoFailure
                        | rusqlite::ErrorCode::CannotOpen
                        | rusqlite::ErrorCode::OutOfMemory
                )
            ),
            _ => false,
        }
    }
}
