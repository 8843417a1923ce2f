//! What is remembered of a feed's entries and their events.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use jiff::Timestamp;
use uuid::Uuid;

use super::identity::{EntryId, Rule, normal};
use super::judge::{Judgement, Novelty};
use crate::parser::{Document, Event};

/// Entries that left the document are remembered as long as this, should they come back.
const REMEMBERED: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Bytes that the stored state of one feed takes at most, about: half of the largest record.
const WEIGHT_MAX: usize = 2 << 20;

/// A fingerprint of an entry's normalized title and text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ContentHash(pub Uuid);

impl ContentHash {
    /// Returns the fingerprint of what a reader sees: markup, addresses and dates do not count,
    /// since feeds change those at every poll.
    pub fn of(document: &Document) -> Self {
        let title = normal(document.title.as_deref().unwrap_or(""));
        let text = normal(&document.text);
        Self(Uuid::new_v5(&Uuid::nil(), format!("{title}\n{text}").as_bytes()))
    }
}

/// What is remembered of one feed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Memory {
    /// Which fields identify its entries; only ever demoted.
    pub rule: Rule,
    /// The entries seen.
    pub entries: BTreeMap<EntryId, Seen>,
}

/// What is remembered of one entry.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// Of its newest revision.
    pub hash: ContentHash,
    /// Of the newest, counted from 1.
    pub revision: u32,
    /// When a document last held it.
    pub last_seen: Timestamp,
    /// Its events, retracted ones included, since their ordinals are taken.
    pub events: Vec<SeenEvent>,
}

/// What is remembered of one event.
#[derive(Clone, Debug, PartialEq)]
pub struct SeenEvent {
    /// Counted from 0 among the entry's events of that kind, in the order of first sight.
    pub ordinal: u32,
    /// Counted from 1.
    pub revision: u32,
    /// It was taken back.
    pub retracted: bool,
    /// As last published.
    pub event: Event,
}

impl Memory {
    /// Returns the memory after the document that was judged, with the events that each new or
    /// changed entry has now (see [`super::revise`]).
    pub fn learn(
        &self,
        judgement: &Judgement<'_>,
        mut events: BTreeMap<EntryId, Vec<SeenEvent>>,
        now: Timestamp,
    ) -> Self {
        let mut next = self.clone();
        if judgement.rule != self.rule {
            // Ids of the old rule are met no more, but for entries that it did not identify either.
            let met: HashSet<_> = judgement.entries.iter().map(|judged| judged.id).collect();
            next.entries.retain(|id, _| met.contains(id));
            next.rule = judgement.rule;
        }
        for judged in &judgement.entries {
            match judged.novelty {
                Novelty::Known => {
                    if let Some(seen) = next.entries.get_mut(&judged.id) {
                        seen.last_seen = now;
                    }
                }
                Novelty::New | Novelty::Changed => {
                    let events = events.remove(&judged.id).unwrap_or_default();
                    let seen = Seen {
                        hash: judged.hash,
                        revision: judged.revision,
                        last_seen: now,
                        events,
                    };
                    next.entries.insert(judged.id, seen);
                }
            }
        }
        next.forget(now);
        next
    }

    /// Forgets entries that no document has held for long, oldest first; never one of the newest
    /// document, which all bear its time.
    fn forget(&mut self, now: Timestamp) {
        self.entries
            .retain(|_, seen| now.duration_since(seen.last_seen).unsigned_abs() <= REMEMBERED);
        let mut weight = self.weight();
        if weight <= WEIGHT_MAX {
            return;
        }
        let mut ages: Vec<_> =
            self.entries.iter().map(|(id, seen)| (seen.last_seen, *id)).collect();
        ages.sort();
        for (last_seen, id) in ages {
            if weight <= WEIGHT_MAX || last_seen >= now {
                return;
            }
            weight -= self.entries.remove(&id).map_or(0, |seen| seen.weight());
        }
    }
}

impl Memory {
    /// Returns about how many bytes it takes in the stored state; rather too many than too few.
    pub fn weight(&self) -> usize {
        self.entries.values().map(Seen::weight).sum()
    }
}

impl Seen {
    /// Returns about how many bytes it takes in the stored state.
    fn weight(&self) -> usize {
        let event = |seen: &SeenEvent| 800 + seen.event.evidence.sentence.len();
        160 + self.events.iter().map(event).sum::<usize>()
    }
}
