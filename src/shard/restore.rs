//! Restoring: feeds and their states out of what was committed.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use url::Url;
use uuid::Uuid;

use super::state::{FeedState, StateError};
use crate::commit::{Commit, CommitError};
use crate::feed::{Feed, FeedId};
use crate::message::Topic;

/// Why a shard cannot start from what was committed.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// It cannot be read.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// A state in it cannot be used. To go on without it would publish the feed's entries again.
    #[error("cannot restore feed {feed}")]
    State {
        /// Whose.
        feed: FeedId,
        /// Why.
        source: StateError,
    },
}

/// Returns the states that were committed.
///
/// # Errors
/// [`RestoreError`]; a part of the states is never returned.
pub fn restore(commit: &mut dyn Commit) -> Result<HashMap<FeedId, FeedState>, RestoreError> {
    let records = commit.restore()?;
    let mut states = HashMap::with_capacity(records.len());
    for record in records {
        let Some(value) = record.value else { continue };
        let state = FeedState::from_json(&value)
            .map_err(|source| RestoreError::State { feed: record.feed, source })?;
        states.insert(record.feed, state);
    }
    Ok(states)
}

/// The value of a record of `_borderwire.feeds.v1`; its key is the feed's id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedRecord {
    /// Where it is asked for.
    pub url: Url,
    /// What people call it.
    #[serde(default)]
    pub title: Option<String>,
    /// Its folders, outermost first.
    #[serde(default)]
    pub categories: Vec<String>,
    /// BCP 47 tag.
    #[serde(default)]
    pub language: Option<String>,
    /// Seconds between two polls.
    #[serde(default)]
    pub interval_seconds: Option<u64>,
}

/// Returns the feeds of the feeds topic, and what of it could not be read.
///
/// # Errors
/// [`CommitError`], when the topic cannot be read.
pub fn feeds_of_topic(commit: &mut dyn Commit) -> Result<(Vec<Feed>, Vec<String>), CommitError> {
    let mut feeds = Vec::new();
    let mut doubts = Vec::new();
    for (key, value) in commit.table(Topic::Feeds)? {
        let read = Uuid::parse_str(&key).map_err(|error| error.to_string()).and_then(|id| {
            let record: FeedRecord =
                serde_json::from_slice(&value).map_err(|error| error.to_string())?;
            Ok(Feed {
                id: FeedId::from(id),
                url: record.url,
                title: record.title,
                categories: record.categories,
                language: record.language,
                interval: record.interval_seconds.map(std::time::Duration::from_secs),
            })
        });
        match read {
            Ok(feed) => feeds.push(feed),
            Err(error) => doubts.push(format!("record {key} of {}: {error}", Topic::Feeds)),
        }
    }
    feeds.sort_by_key(|feed| feed.id);
    Ok((feeds, doubts))
}
