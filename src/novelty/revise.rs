//! The events of a changed entry against those that were published of it before.

use std::collections::HashSet;
use std::fmt;

use uuid::Uuid;

use super::identity::EntryId;
use super::memory::SeenEvent;
use crate::parser::{Document, Event, Kind};

/// How alike two events of one kind must be to be the same event told again, in `[0, 1]`.
///
/// A sentence in which one number changed scores above 0.8, two sentences of one story that share
/// only their actors about 0.3.
const ALIKE_MIN: f64 = 0.45;

/// The id of an event: UUIDv5 of its entry, its kind, and its ordinal at first sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventId(Uuid);

impl EventId {
    /// Returns the id of the entry's event of that kind and ordinal; never of extracted values,
    /// which a correction changes.
    pub fn of(entry: EntryId, kind: Kind, ordinal: u32) -> Self {
        Self(Uuid::new_v5(&entry.uuid(), format!("{kind}\n{ordinal}").as_bytes()))
    }

    /// Returns the UUID itself, the namespace of the ids of its revisions.
    pub fn uuid(self) -> Uuid {
        self.0
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What became of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Seen for the first time.
    Detected,
    /// Told differently, or again after it was taken back.
    Corrected {
        /// Names of the fields that differ, in the order of the message.
        changed: Vec<&'static str>,
    },
    /// Told no more by an entry that is still there.
    Retracted {
        /// Why, as far as the entry says.
        reason: Reason,
    },
}

/// Why an event was taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The text was changed, and tells it no more.
    SourceEdit,
    /// The publisher says that the text is withdrawn.
    SourceRetraction,
}

/// One revision of one event, to be published.
#[derive(Clone, Debug, PartialEq)]
pub struct Revision {
    /// Which event.
    pub id: EventId,
    /// Counted from 1.
    pub revision: u32,
    /// What became of it.
    pub change: Change,
    /// As it is now; for a retraction, as it was.
    pub event: Event,
}

/// Returns what to publish of an entry's events, and what to remember of them.
///
/// Events are matched to earlier ones by kind and likeness of evidence before new ordinals are
/// given, so that a sentence inserted above renames nothing. An event that differs only in where
/// it stands in the text is published no more. `reason` is that of the retractions, if there are any.
pub fn revise(
    entry: EntryId,
    known: &[SeenEvent],
    found: Vec<Event>,
    reason: Reason,
) -> (Vec<Revision>, Vec<SeenEvent>) {
    let matches = matched(known, &found);
    let mut revisions = Vec::new();
    let mut next: Vec<SeenEvent> = known.to_vec();
    let mut told = vec![false; known.len()];
    for (event, earlier) in found.into_iter().zip(matches) {
        let Some(earlier) = earlier else {
            let ordinal = next.iter().filter(|seen| seen.event.kind == event.kind).count() as u32;
            let id = EventId::of(entry, event.kind, ordinal);
            next.push(SeenEvent { ordinal, revision: 1, retracted: false, event: event.clone() });
            revisions.push(Revision { id, revision: 1, change: Change::Detected, event });
            continue;
        };
        told[earlier] = true;
        let seen = &mut next[earlier];
        let changed = differences(seen, &event);
        if !changed.is_empty() {
            seen.revision += 1;
            seen.retracted = false;
            revisions.push(Revision {
                id: EventId::of(entry, event.kind, seen.ordinal),
                revision: seen.revision,
                change: Change::Corrected { changed },
                event: event.clone(),
            });
        }
        seen.event = event;
    }
    for (seen, told) in next.iter_mut().zip(told) {
        if !told && !seen.retracted {
            seen.retracted = true;
            seen.revision += 1;
            revisions.push(Revision {
                id: EventId::of(entry, seen.event.kind, seen.ordinal),
                revision: seen.revision,
                change: Change::Retracted { reason },
                event: seen.event.clone(),
            });
        }
    }
    (revisions, next)
}

/// Words with which publishers take a text back, in its title or its first lines.
const WITHDRAWALS: &[&str] =
    &["withdrawn", "retracted", "retraction", "has been removed", "kill notice", "mandatory kill"];

/// How far into a text such a word is looked for, in code points.
const WITHDRAWAL_WITHIN: usize = 200;

impl Reason {
    /// Returns why this text tells less than it did.
    pub fn of(document: &Document) -> Self {
        let head: String = document.text.chars().take(WITHDRAWAL_WITHIN).collect();
        let head = format!("{} {head}", document.title.as_deref().unwrap_or("")).to_lowercase();
        if WITHDRAWALS.iter().any(|words| head.contains(words)) {
            Self::SourceRetraction
        } else {
            Self::SourceEdit
        }
    }
}

/// Returns for each found event the index of the known one that it is, best pairs first.
fn matched(known: &[SeenEvent], found: &[Event]) -> Vec<Option<usize>> {
    let mut pairs = Vec::new();
    for (i, seen) in known.iter().enumerate() {
        for (j, event) in found.iter().enumerate() {
            let score = alike(&seen.event, event);
            if score >= ALIKE_MIN {
                pairs.push((score, i, j));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut taken = vec![false; known.len()];
    let mut matches = vec![None; found.len()];
    for (_, i, j) in pairs {
        if !taken[i] && matches[j].is_none() {
            taken[i] = true;
            matches[j] = Some(i);
        }
    }
    matches
}

/// Returns how likely two events are one told twice, in `[0, 1]`; 0 for different kinds.
fn alike(a: &Event, b: &Event) -> f64 {
    if a.kind != b.kind {
        return 0.0;
    }
    fn words(event: &Event) -> HashSet<String> {
        event
            .evidence
            .sentence
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect()
    }
    let (wa, wb) = (words(a), words(b));
    let shared = wa.intersection(&wb).count() as f64;
    let all = wa.union(&wb).count().max(1) as f64;
    let same = |yes: bool| if yes { 1.0 } else { 0.0 };
    let id = |actor: &Option<crate::parser::Actor>| actor.as_ref().map(|actor| actor.id.clone());
    0.6 * shared / all
        + 0.2 * same(a.evidence.trigger == b.evidence.trigger)
        + 0.1 * same(id(&a.actor) == id(&b.actor))
        + 0.1 * same(id(&a.recipient) == id(&b.recipient))
}

/// Returns the names of the message's fields in which the event differs from what was published.
fn differences(seen: &SeenEvent, now: &Event) -> Vec<&'static str> {
    let was = &seen.event;
    let fields = [
        ("actor", was.actor != now.actor),
        ("recipient", was.recipient != now.recipient),
        ("countries", was.countries != now.countries),
        ("place", was.place != now.place),
        ("date", was.date != now.date),
        ("quantity", was.quantity != now.quantity),
        ("status", was.status != now.status),
        ("attribution", was.attribution != now.attribution),
        ("evidence", was.evidence.sentence != now.evidence.sentence),
        ("retracted", seen.retracted),
    ];
    fields.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parser::{Actor, Evidence, Modifier, Quantity, Status, Unit};

    const ENTRY: Uuid = Uuid::from_u128(7);

    fn event(kind: Kind, actor: &str, number: Option<f64>, sentence: &str) -> Event {
        Event {
            kind,
            actor: Some(Actor { text: actor.to_owned(), id: actor.to_owned() }),
            recipient: None,
            countries: Vec::new(),
            place: None,
            date: None,
            quantity: number.map(|value| Quantity {
                value,
                unit: Unit::People,
                modifier: Modifier::Exact,
            }),
            status: Status::Occurred,
            attribution: None,
            evidence: Evidence {
                start: 0,
                end: sentence.len(),
                trigger: "held".to_owned(),
                sentence: sentence.to_owned(),
                in_title: false,
            },
            point: None,
            confidence: 0.5,
            frame: "test".to_owned(),
        }
    }

    fn summary(revisions: &[Revision]) -> Vec<String> {
        revisions
            .iter()
            .map(|r| {
                let change = match &r.change {
                    Change::Detected => "detected".to_owned(),
                    Change::Corrected { changed } => format!("corrected {}", changed.join(",")),
                    Change::Retracted { .. } => "retracted".to_owned(),
                };
                format!("{} r{} {change}", r.event.kind, r.revision)
            })
            .collect()
    }

    #[test]
    fn corrected_number_keeps_the_id_and_inserted_sentence_renames_nothing() {
        let entry = EntryId::from(ENTRY);
        let first = event(
            Kind::Detention,
            "LTU",
            Some(12.0),
            "Guards held 12 people near the river on Monday.",
        );
        let (told, seen) = revise(entry, &[], vec![first.clone()], Reason::SourceEdit);
        assert_eq!(summary(&told), ["detention r1 detected"]);
        let above = event(
            Kind::Detention,
            "POL",
            Some(3.0),
            "In the south police also arrested three drivers.",
        );
        let mended = event(
            Kind::Detention,
            "LTU",
            Some(14.0),
            "Guards held 14 people near the river on Monday.",
        );
        let (revised, seen) = revise(entry, &seen, vec![above, mended], Reason::SourceEdit);
        assert_eq!(
            summary(&revised),
            ["detention r1 detected", "detention r2 corrected quantity,evidence"]
        );
        assert_eq!(revised[1].id, told[0].id);
        assert_ne!(revised[0].id, told[0].id);
        let (again, _) = revise(
            entry,
            &seen,
            seen.iter().map(|s| s.event.clone()).collect(),
            Reason::SourceEdit,
        );
        assert!(again.is_empty());
    }

    #[test]
    fn event_told_no_more_is_retracted_once_and_comes_back_as_a_correction() {
        let entry = EntryId::from(ENTRY);
        let only = event(Kind::Pushback, "POL", None, "Guards pushed the group back.");
        let (_, seen) = revise(entry, &[], vec![only.clone()], Reason::SourceEdit);
        let (gone, seen) = revise(entry, &seen, Vec::new(), Reason::SourceEdit);
        assert_eq!(summary(&gone), ["pushback r2 retracted"]);
        let (nothing, seen) = revise(entry, &seen, Vec::new(), Reason::SourceEdit);
        assert!(nothing.is_empty());
        let (back, _) = revise(entry, &seen, vec![only], Reason::SourceEdit);
        assert_eq!(summary(&back), ["pushback r3 corrected retracted"]);
    }

    #[test]
    fn event_that_only_moved_in_the_text_is_not_published_again() {
        let entry = EntryId::from(ENTRY);
        let mut moved = event(Kind::Rescue, "ESP", Some(40.0), "A ship saved 40 people.");
        let (_, seen) = revise(entry, &[], vec![moved.clone()], Reason::SourceEdit);
        moved.evidence.start += 100;
        moved.evidence.end += 100;
        let (told, seen) = revise(entry, &seen, vec![moved], Reason::SourceEdit);
        assert!(told.is_empty());
        assert_eq!(seen[0].event.evidence.start, 100);
    }
}
