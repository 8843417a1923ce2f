//! The thread that commits: takes what polls gave, in order, until it is stored.

use std::sync::{Arc, mpsc as blocking};
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use crate::clock;
use crate::commit::{Commit, CommitError};
use crate::feed::FeedId;
use crate::message::{Batch, Message, Topic};
use crate::telemetry::{self, CommitOutcome, EventChange, Health, Metrics};

/// Records of one commit at most; what waits longer than a commit takes is grouped up to here.
const RECORDS_MAX: usize = 1_000;

/// Bytes of one commit at most, states included.
const BYTES_MAX: usize = 8 << 20;

/// What a poll of one feed has to commit.
#[derive(Debug)]
pub(super) struct Work {
    /// Whose state it carries.
    pub(super) feed: FeedId,
    /// Never empty.
    pub(super) batch: Batch,
}

/// The handle to the thread. Work goes in by `send`, and comes out of `settled` once it is stored.
#[derive(Debug)]
pub(super) struct Committer {
    work: mpsc::UnboundedSender<Work>,
    settled: mpsc::UnboundedReceiver<FeedId>,
    give_up: blocking::Sender<()>,
    thread: std::thread::JoinHandle<Result<(), CommitError>>,
}

impl Committer {
    /// Starts the thread.
    pub(super) fn start(
        commit: Box<dyn Commit>,
        metrics: Arc<Metrics>,
        health: Arc<Health>,
    ) -> std::io::Result<Self> {
        // Unbounded, but a feed is not polled again before its work is settled: never longer than
        // the number of feeds that are polled at once.
        let (work, todo) = mpsc::unbounded_channel();
        let (done, settled) = mpsc::unbounded_channel();
        let (give_up, gave_up) = blocking::channel();
        let worker = Worker { commit, todo, done, gave_up, metrics, health };
        let thread =
            std::thread::Builder::new().name("commit".to_owned()).spawn(move || worker.run())?;
        Ok(Self { work, settled, give_up, thread })
    }

    /// Hands over work. When the thread has ended it goes nowhere; [`Self::settled`] tells.
    pub(super) fn send(&self, work: Work) {
        let _ = self.work.send(work);
    }

    /// Returns the next feed whose work is stored; `None` when the thread has ended.
    pub(super) async fn settled(&mut self) -> Option<FeedId> {
        self.settled.recv().await
    }

    /// Commits what was handed over, for `patience` at most, and ends the thread.
    ///
    /// # Errors
    /// The error of the commit that was given up. Its feeds' states were not advanced, so that the
    /// next start polls and publishes it again.
    pub(super) async fn drain(self, patience: Duration) -> Result<(), CommitError> {
        let Self { work, mut settled, give_up, thread } = self;
        drop(work);
        let all = async { while settled.recv().await.is_some() {} };
        if tokio::time::timeout(patience, all).await.is_err() {
            let _ = give_up.send(());
        }
        let joined = tokio::task::spawn_blocking(move || thread.join()).await;
        match joined {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(stopped) => std::panic::resume_unwind(Box::new(stopped)),
        }
    }
}

/// The thread's side.
struct Worker {
    commit: Box<dyn Commit>,
    todo: mpsc::UnboundedReceiver<Work>,
    done: mpsc::UnboundedSender<FeedId>,
    gave_up: blocking::Receiver<()>,
    metrics: Arc<Metrics>,
    health: Arc<Health>,
}

impl Worker {
    fn run(mut self) -> Result<(), CommitError> {
        let mut left_over = None;
        loop {
            let first = match left_over.take() {
                Some(work) => work,
                None => match self.todo.blocking_recv() {
                    Some(work) => work,
                    None => return Ok(()),
                },
            };
            let (batch, feeds, over) = self.group(first);
            left_over = over;
            self.store(&batch)?;
            for feed in feeds {
                let _ = self.done.send(feed);
            }
        }
    }

    /// Adds to the first what else is waiting, up to the limits; returns what did not fit.
    fn group(&mut self, first: Work) -> (Batch, Vec<FeedId>, Option<Work>) {
        let mut batch = first.batch;
        let mut feeds = vec![first.feed];
        let (mut records, mut size) = weight(&batch);
        while let Ok(work) = self.todo.try_recv() {
            let (more_records, more_bytes) = weight(&work.batch);
            if records + more_records > RECORDS_MAX || size + more_bytes > BYTES_MAX {
                return (batch, feeds, Some(work));
            }
            records += more_records;
            size += more_bytes;
            batch.messages.extend(work.batch.messages);
            batch.states.extend(work.batch.states);
            feeds.push(work.feed);
        }
        (batch, feeds, None)
    }

    /// Tries until the batch is stored; gives up only when told to.
    fn store(&mut self, batch: &Batch) -> Result<(), CommitError> {
        let mut attempt = 0;
        loop {
            let started = Instant::now();
            let result = self.commit.commit(batch);
            let outcome = match result {
                Ok(()) => CommitOutcome::Committed,
                Err(_) => CommitOutcome::Failed,
            };
            self.metrics.committed(outcome, started.elapsed());
            let error = match result {
                Ok(()) => {
                    if attempt > 0 {
                        tracing::info!(attempts = attempt + 1, "committing again");
                    }
                    self.health.committed(clock::now());
                    self.count(batch);
                    return Ok(());
                }
                Err(error) => error,
            };
            attempt += 1;
            let wait = CommitError::retry_after(attempt);
            let text = telemetry::chain(&error);
            self.health.failed(text.clone());
            if attempt == 1 && error.is_temporary() {
                tracing::warn!(error = %text, "cannot commit, trying until it works");
            } else if attempt == 1 {
                tracing::error!(error = %text, "cannot commit, trying until somebody mends it");
            } else {
                tracing::debug!(error = %text, attempt, "still cannot commit");
            }
            if self.given_up_within(wait) {
                return Err(error);
            }
        }
    }

    /// Counts what is stored, by topic, and how long after its publication an event is.
    fn count(&self, batch: &Batch) {
        for topic in Topic::ALL {
            let count = batch.messages.iter().filter(|message| message.topic == *topic).count();
            if count > 0 {
                self.metrics.messages_published(*topic, count as u64);
            }
        }
        let now = clock::now();
        for message in batch.messages.iter().filter(|message| message.topic == Topic::Events) {
            self.metrics.event_latency(message.age(now));
            self.metrics.events_published(change_of(message), 1);
        }
    }

    /// Waits, and returns true at once when told to give up, or when nobody wants the result.
    fn given_up_within(&mut self, wait: Duration) -> bool {
        !matches!(self.gave_up.recv_timeout(wait), Err(blocking::RecvTimeoutError::Timeout))
    }
}

/// Returns what an event's message says of the event, by its type.
fn change_of(message: &Message) -> EventChange {
    match message.header("ce_type").and_then(|kind| kind.split('.').nth(2)) {
        Some("corrected") => EventChange::Corrected,
        Some("retracted") => EventChange::Retracted,
        _ => EventChange::Detected,
    }
}

/// Returns how many records and bytes a batch writes.
fn weight(batch: &Batch) -> (usize, usize) {
    let messages: usize = batch.messages.iter().map(Message::bytes).sum();
    let states: usize =
        batch.states.iter().map(|state| state.value.as_ref().map_or(0, Vec::len)).sum();
    (batch.messages.len() + batch.states.len(), messages + states)
}
