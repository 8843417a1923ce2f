//! The state of a feed: what is remembered between polls and restarts, and how it is stored.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::message::{Condition, EventBody};
use crate::novelty::{ContentHash, EntryId, Memory, Rule, Seen, SeenEvent};
use crate::schedule::Pace;

/// Version of the stored form. A newer one is refused, since guessing would publish twice.
const VERSION: u32 = 1;

/// What is remembered of one feed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FeedState {
    /// `ETag` of the last document, verbatim.
    pub etag: Option<String>,
    /// `Last-Modified` of the last document, verbatim.
    pub last_modified: Option<String>,
    /// Fingerprint of the last body that was read.
    pub body: Option<Uuid>,
    /// Fingerprint of the last body that was no feed.
    pub unreadable: Option<Uuid>,
    /// When to ask again, and what that follows from.
    pub pace: Pace,
    /// Its entries and their events.
    pub memory: Memory,
    /// How it was when that was last told; `None` before the first poll.
    pub condition: Option<Condition>,
    /// The code of what was wrong then.
    pub error: Option<String>,
    /// When that was.
    pub told_at: Option<Timestamp>,
}

/// A stored state that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// Written by a later version.
    #[error("state of version {found}, this program reads up to {VERSION}: run the newer program")]
    Newer {
        /// The version found.
        found: u32,
    },
    /// Not what this program writes.
    #[error("damaged state: {0}")]
    Damaged(#[from] serde_json::Error),
    /// A name in it that no version knows.
    #[error("damaged state: unknown identity rule `{0}`")]
    Rule(String),
}

impl FeedState {
    /// Returns the stored form.
    pub fn to_json(&self) -> Vec<u8> {
        let entries = self.memory.entries.iter().map(|(id, seen)| StoredEntry {
            id: id.uuid(),
            hash: seen.hash.0,
            revision: seen.revision,
            last_seen: seen.last_seen,
            events: seen
                .events
                .iter()
                .map(|seen| StoredEvent {
                    ordinal: seen.ordinal,
                    revision: seen.revision,
                    retracted: seen.retracted,
                    event: EventBody::from(&seen.event),
                })
                .collect(),
        });
        let stored = Stored {
            version: VERSION,
            etag: self.etag.clone(),
            last_modified: self.last_modified.clone(),
            body: self.body,
            unreadable: self.unreadable,
            pace: self.pace.clone(),
            rule: self.memory.rule.as_str().to_owned(),
            entries: entries.collect(),
            condition: self.condition,
            error: self.error.clone(),
            told_at: self.told_at,
        };
        serde_json::to_vec(&stored).expect("a state has string keys")
    }

    /// Returns the state that was stored.
    ///
    /// # Errors
    /// [`StateError`], when it is of a later version or damaged.
    pub fn from_json(json: &[u8]) -> Result<Self, StateError> {
        let version: Version = serde_json::from_slice(json)?;
        if version.version > VERSION {
            return Err(StateError::Newer { found: version.version });
        }
        let stored: Stored = serde_json::from_slice(json)?;
        let rule = Rule::named(&stored.rule).ok_or(StateError::Rule(stored.rule))?;
        let entries: BTreeMap<_, _> = stored
            .entries
            .into_iter()
            .map(|entry| {
                let events = entry.events.into_iter().map(|seen| SeenEvent {
                    ordinal: seen.ordinal,
                    revision: seen.revision,
                    retracted: seen.retracted,
                    event: seen.event.into(),
                });
                let seen = Seen {
                    hash: ContentHash(entry.hash),
                    revision: entry.revision,
                    last_seen: entry.last_seen,
                    events: events.collect(),
                };
                (EntryId::from(entry.id), seen)
            })
            .collect();
        Ok(Self {
            etag: stored.etag,
            last_modified: stored.last_modified,
            body: stored.body,
            unreadable: stored.unreadable,
            pace: stored.pace,
            memory: Memory { rule, entries },
            condition: stored.condition,
            error: stored.error,
            told_at: stored.told_at,
        })
    }
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    version: u32,
    etag: Option<String>,
    last_modified: Option<String>,
    body: Option<Uuid>,
    unreadable: Option<Uuid>,
    pace: Pace,
    rule: String,
    entries: Vec<StoredEntry>,
    condition: Option<Condition>,
    #[serde(default)]
    error: Option<String>,
    told_at: Option<Timestamp>,
}

#[derive(Serialize, Deserialize)]
struct StoredEntry {
    id: Uuid,
    hash: Uuid,
    revision: u32,
    last_seen: Timestamp,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    events: Vec<StoredEvent>,
}

#[derive(Serialize, Deserialize)]
struct StoredEvent {
    ordinal: u32,
    revision: u32,
    #[serde(default)]
    retracted: bool,
    event: EventBody,
}
