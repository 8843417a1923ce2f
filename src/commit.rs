//! Commits: messages and feed state at once, or neither; and the choice between the two engines.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::config;
use crate::journal::{Journal, JournalError};
use crate::kafka::{KafkaError, Publisher};
use crate::message::{Batch, StateRecord, Topic};

/// Where messages and feed state go. One owner, one thread: calls block.
pub trait Commit: Send {
    /// Returns all states that were committed, in no order.
    ///
    /// # Errors
    /// [`CommitError`]; never a part of the states.
    fn restore(&mut self) -> Result<Vec<StateRecord>, CommitError>;

    /// Returns the newest record of each key of a compacted topic.
    ///
    /// # Errors
    /// [`CommitError`].
    fn table(&mut self, topic: Topic) -> Result<Vec<(String, Vec<u8>)>, CommitError>;

    /// Commits the batch; after `Ok` it outlives any crash.
    ///
    /// # Errors
    /// [`CommitError`]. On the journal nothing of the batch is stored then; on Kafka a part of its
    /// messages may be, never its states: committing the same batch again gives the same ids.
    fn commit(&mut self, batch: &Batch) -> Result<(), CommitError>;
}

/// A commit that did not happen.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// On the embedded default.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// On a cluster.
    #[error(transparent)]
    Kafka(#[from] KafkaError),
}

impl CommitError {
    /// Returns whether the same may work later with nobody's help: a broker that is away.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Journal(_) => false,
            Self::Kafka(error) => !error.is_fatal(),
        }
    }

    /// Returns how long to wait before the same batch is tried again, the `attempt`-th time,
    /// counted from 1: half a second, doubled up to half a minute.
    pub fn retry_after(attempt: u32) -> Duration {
        Duration::from_millis(500 << attempt.clamp(1, 7).saturating_sub(1))
            .min(Duration::from_secs(30))
    }
}

/// The engine in use.
pub struct Engine {
    /// Commits go here.
    pub commit: Box<dyn Commit>,
    /// The journal, for its listener, when it is the engine.
    pub journal: Option<Arc<Journal>>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.journal.is_some() { "Engine(journal)" } else { "Engine(kafka)" })
    }
}

/// Opens the engine that the configuration names: `kafka` where it has brokers, else `journal`.
///
/// # Errors
/// [`CommitError`], when the state folder or the cluster cannot be used.
pub fn open(config: &config::Config, state_dir: &Path) -> Result<Engine, CommitError> {
    if config.kafka.bootstrap.is_some() {
        let publisher = Publisher::connect(&config.kafka)?;
        Ok(Engine { commit: Box::new(publisher), journal: None })
    } else {
        let journal = Arc::new(Journal::open(state_dir, &config.journal)?);
        Ok(Engine { commit: Box::new(Arc::clone(&journal)), journal: Some(journal) })
    }
}

impl Commit for Arc<Journal> {
    fn restore(&mut self) -> Result<Vec<StateRecord>, CommitError> {
        Ok(self.states()?)
    }

    fn table(&mut self, topic: Topic) -> Result<Vec<(String, Vec<u8>)>, CommitError> {
        Ok(Journal::table(self, topic)?)
    }

    fn commit(&mut self, batch: &Batch) -> Result<(), CommitError> {
        Ok(self.append(batch)?)
    }
}

impl Commit for Publisher {
    fn restore(&mut self) -> Result<Vec<StateRecord>, CommitError> {
        Ok(self.states()?)
    }

    fn table(&mut self, topic: Topic) -> Result<Vec<(String, Vec<u8>)>, CommitError> {
        Ok(Publisher::table(self, topic)?)
    }

    fn commit(&mut self, batch: &Batch) -> Result<(), CommitError> {
        Ok(self.publish(batch)?)
    }
}
