//! The thread that keeps the file small: checkpoints, compaction, retention, vacuum.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::Connection;

use super::error::JournalError;
use super::retention::Slice;
use super::store::Store;
use crate::clock;
use crate::message::Topic;

/// How often the write-ahead log is looked at.
const CHECK_EVERY: Duration = Duration::from_millis(200);
/// The write-ahead log is copied into the file once about so much was written to it.
const LOG_BYTES: u64 = 4 << 20;
/// Length that the log keeps when it starts anew: a commit that overwrites is synced faster than one
/// that makes the log longer.
pub(super) const LOG_BYTES_KEPT: i64 = 16 << 20;
/// Rounds of compaction and retention: one a minute, counted in checks.
const ROUND_EVERY: u32 = 300;
/// Pause between two slices, for appends that wait.
const PAUSE: Duration = Duration::from_millis(2);
/// Offsets of a group without members are forgotten so long after its last commit.
const OFFSETS_KEPT: jiff::SignedDuration = jiff::SignedDuration::from_hours(30 * 24);

/// The running thread; dropped, it ends.
#[derive(Debug)]
pub(super) struct Upkeep {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Upkeep {
    /// Starts the thread.
    pub(super) fn start(store: Arc<Store>) -> Result<Self, JournalError> {
        let (stop, stopped) = channel();
        let path = store.path.clone();
        let thread = std::thread::Builder::new()
            .name("journal-upkeep".to_owned())
            .spawn(move || keep(&store, &stopped))
            .map_err(|source| JournalError::Folder { path, source })?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Upkeep {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the journal's upkeep had panicked");
        }
    }
}

fn keep(store: &Store, stopped: &Receiver<()>) {
    // The first round comes after a while: a start has other things to do.
    let mut checks = 1_u32;
    while stopped.recv_timeout(CHECK_EVERY) == Err(RecvTimeoutError::Timeout) {
        if store.unmerged.load(Ordering::Relaxed) > LOG_BYTES
            && let Err(error) = store.checkpoint()
        {
            tracing::warn!(%error, "could not checkpoint the journal");
        }
        if checks.is_multiple_of(ROUND_EVERY)
            && let Err(error) = store.round(clock::now(), stopped)
        {
            tracing::warn!(%error, "could not remove old records of the journal");
        }
        checks = checks.wrapping_add(1);
    }
    // What is open at the end is short: the next start reads a small log.
    if let Err(error) = store.checkpoint() {
        tracing::warn!(%error, "could not checkpoint the journal at its end");
    }
}

impl Store {
    /// Copies the write-ahead log into the file.
    ///
    /// Most of it is copied while appends go on; then they wait for the little that came since, so
    /// that the log starts anew and cannot grow for ever under a writer that never rests.
    fn checkpoint(&self) -> Result<(), JournalError> {
        let failed = |source| self.failure("checkpoint", source);
        let connection = Connection::open(&self.path).map_err(failed)?;
        // Closing the last connection would checkpoint, this one is never the last.
        let copy = || connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
        copy().map_err(failed)?;
        let _writer = self.writer();
        copy().map_err(failed)?;
        self.unmerged.store(0, Ordering::Relaxed);
        Ok(())
    }

    /// Returns the length of the write-ahead log, 0 where there is none.
    pub(super) fn wal_bytes(&self) -> u64 {
        let mut wal = self.path.clone().into_os_string();
        wal.push("-wal");
        std::fs::metadata(PathBuf::from(wal)).map_or(0, |wal| wal.len())
    }

    /// Removes all that may go at `now`, slice by slice, unless it is stopped.
    pub(super) fn round(&self, now: Timestamp, stopped: &Receiver<()>) -> Result<(), JournalError> {
        self.until_done(stopped, || self.compact_slice(now))?;
        for topic in Topic::ALL {
            for partition in 0..self.partitions {
                self.until_done(stopped, || self.retain_slice(*topic, partition, now))?;
            }
        }
        self.forget_offsets(now - OFFSETS_KEPT)?;
        self.until_done(stopped, || self.vacuum_slice())
    }

    fn until_done(
        &self,
        stopped: &Receiver<()>,
        mut slice: impl FnMut() -> Result<Slice, JournalError>,
    ) -> Result<(), JournalError> {
        while slice()? == Slice::More {
            if stopped.recv_timeout(PAUSE) != Err(RecvTimeoutError::Timeout) {
                break;
            }
        }
        Ok(())
    }
}
