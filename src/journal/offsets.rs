//! Offsets of consumer groups: written many at once, so that a hundred consumers share one fsync.

use std::sync::Arc;
use std::thread::JoinHandle;

use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior, params};
use tokio::sync::{mpsc, oneshot};

use super::error::JournalError;
use super::store::Store;
use crate::clock;

/// Commits that wait at once; the next ones wait before they are taken.
const WAITING_MAX: usize = 256;
/// Groups that may have offsets here; one more is refused until others are deleted or forgotten.
pub(super) const GROUPS_STORED_MAX: usize = 10_000;

/// How far a group is in a partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Committed {
    pub(super) topic: String,
    pub(super) partition: i32,
    pub(super) offset: i64,
    pub(super) leader_epoch: i32,
    /// Whatever the consumer wrote beside it.
    pub(super) note: Option<String>,
}

/// One group's commit, and who waits for it.
struct Job {
    group: String,
    change: Change,
    done: oneshot::Sender<Outcome>,
}

/// How a job went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Written,
    Failed,
}

/// What happens to a group's offsets.
enum Change {
    Commit(Vec<Committed>),
    Forget,
    /// The group has members: its offsets are not old.
    Touch,
}

/// The thread that writes offsets; dropped, it writes what waits, and ends.
#[derive(Debug)]
pub(super) struct OffsetWriter {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl OffsetWriter {
    /// Starts the thread.
    pub(super) fn start(store: Arc<Store>) -> Result<Self, JournalError> {
        let (jobs, waiting) = mpsc::channel(WAITING_MAX);
        let path = store.path.clone();
        let thread = std::thread::Builder::new()
            .name("journal-offsets".to_owned())
            .spawn(move || write_all(&store, waiting))
            .map_err(|source| JournalError::Folder { path, source })?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Stores the group's offsets; returns once they are on disk.
    pub(super) async fn commit(
        &self,
        group: String,
        offsets: Vec<Committed>,
    ) -> Result<(), JournalError> {
        self.run(group, Change::Commit(offsets)).await
    }

    /// Forgets the group's offsets.
    pub(super) async fn forget(&self, group: String) -> Result<(), JournalError> {
        self.run(group, Change::Forget).await
    }

    /// Makes the group's offsets count as new.
    pub(super) async fn touch(&self, group: String) -> Result<(), JournalError> {
        self.run(group, Change::Touch).await
    }

    async fn run(&self, group: String, change: Change) -> Result<(), JournalError> {
        let jobs = self.jobs.as_ref().ok_or(JournalError::Closing)?;
        let (done, written) = oneshot::channel();
        let sent = jobs.send(Job { group, change, done }).await;
        sent.map_err(|_closed| JournalError::Closing)?;
        match written.await {
            Ok(Outcome::Written) => Ok(()),
            // The thread has logged why.
            Ok(Outcome::Failed) | Err(_) => Err(JournalError::Closing),
        }
    }
}

impl Drop for OffsetWriter {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the journal's writer of offsets had panicked");
        }
    }
}

fn write_all(store: &Store, mut waiting: mpsc::Receiver<Job>) {
    let mut jobs = Vec::new();
    while let Some(first) = waiting.blocking_recv() {
        jobs.push(first);
        while let Ok(job) = waiting.try_recv() {
            jobs.push(job);
        }
        let written = store.write_offsets(&jobs, clock::now()).unwrap_or_else(|error| {
            tracing::warn!(%error, "could not store offsets of consumer groups");
            vec![Outcome::Failed; jobs.len()]
        });
        for (job, outcome) in jobs.drain(..).zip(written) {
            // Whoever hung up meanwhile needs no answer.
            let _gone = job.done.send(outcome);
        }
    }
}

impl Store {
    fn write_offsets(&self, jobs: &[Job], now: Timestamp) -> Result<Vec<Outcome>, JournalError> {
        let failed = |source| self.failure("write offsets to", source);
        let at_ms = now.as_millisecond();
        let mut writer = self.writer();
        let transaction =
            writer.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let write = |job: &Job| -> rusqlite::Result<Outcome> {
            match &job.change {
                Change::Commit(_) if !has_room(&transaction, &job.group)? => {
                    let (group, max) = (&job.group, GROUPS_STORED_MAX);
                    tracing::warn!(group, max, "refused offsets of one more consumer group");
                    return Ok(Outcome::Failed);
                }
                Change::Commit(offsets) => {
                    let mut insert = transaction.prepare_cached(
                        "INSERT OR REPLACE INTO offsets VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                    )?;
                    for to in offsets {
                        let (offset, epoch) = (to.offset, to.leader_epoch);
                        insert.execute(params![
                            job.group,
                            to.topic,
                            to.partition,
                            offset,
                            epoch,
                            to.note,
                            at_ms
                        ])?;
                    }
                }
                Change::Forget => {
                    transaction
                        .prepare_cached("DELETE FROM offsets WHERE consumers = ?1")?
                        .execute([&job.group])?;
                }
                Change::Touch => {
                    transaction
                        .prepare_cached("UPDATE offsets SET at_ms = ?2 WHERE consumers = ?1")?
                        .execute(params![job.group, at_ms])?;
                }
            }
            Ok(Outcome::Written)
        };
        let outcomes = jobs.iter().map(write).collect::<Result<_, _>>().map_err(failed)?;
        transaction.commit().map_err(failed)?;
        self.wrote(0);
        Ok(outcomes)
    }

    /// Returns all offsets of the group, by topic and partition.
    pub(super) fn offsets(&self, group: &str) -> Result<Vec<Committed>, JournalError> {
        self.read(|connection| {
            connection
                .prepare_cached(
                    "SELECT topic, partition, offset, leader_epoch, note FROM offsets
                     WHERE consumers = ?1 ORDER BY topic, partition",
                )?
                .query_map([group], |row| {
                    Ok(Committed {
                        topic: row.get(0)?,
                        partition: row.get(1)?,
                        offset: row.get(2)?,
                        leader_epoch: row.get(3)?,
                        note: row.get(4)?,
                    })
                })?
                .collect()
        })
    }

    /// Returns the groups that have offsets, at most `max` of them.
    pub(super) fn groups(&self, max: usize) -> Result<Vec<String>, JournalError> {
        self.read(|connection| {
            connection
                .prepare_cached("SELECT DISTINCT consumers FROM offsets ORDER BY 1 LIMIT ?1")?
                .query_map([max as i64], |row| row.get(0))?
                .collect()
        })
    }

    /// Forgets the offsets of groups that have not committed since.
    pub(super) fn forget_offsets(&self, before: Timestamp) -> Result<(), JournalError> {
        let writer = self.writer();
        let forgotten = writer
            .prepare_cached(
                "DELETE FROM offsets WHERE consumers IN
                 (SELECT consumers FROM offsets GROUP BY 1 HAVING max(at_ms) < ?1 LIMIT 100)",
            )
            .and_then(|mut delete| delete.execute([before.as_millisecond()]));
        forgotten.map(|_rows| ()).map_err(|source| self.failure("remove offsets from", source))
    }
}

/// Returns whether the group has offsets already, or there are not too many others.
fn has_room(connection: &Connection, group: &str) -> rusqlite::Result<bool> {
    if connection
        .prepare_cached("SELECT 1 FROM offsets WHERE consumers = ?1 LIMIT 1")?
        .exists([group])?
    {
        return Ok(true);
    }
    let groups: i64 = connection
        .prepare_cached("SELECT count(DISTINCT consumers) FROM offsets")?
        .query_row([], |row| row.get(0))?;
    Ok(groups < GROUPS_STORED_MAX as i64)
}
