//! The messages of `borderwire.events.v1` and `borderwire.events-latest.v1`: revisions of events.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::cloud_event::{Attributes, all_required, message};
use super::{EventBody, Message, Topic};
use crate::feed::Feed;
use crate::novelty::{Change, Judged, Reason, Revision};

/// One revision of one event, always with its full state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "EventMessage", transform = all_required)]
pub struct EventMessage {
    /// Key of the record: the same for all revisions.
    pub event_id: Uuid,
    /// The entry that tells it.
    pub entry_id: Uuid,
    /// The feed that the entry is in.
    pub feed_id: Uuid,
    /// Counted from 1.
    pub revision: u32,
    /// `detected`, `corrected` or `retracted`.
    #[schemars(extend("enum" = ["detected", "corrected", "retracted"]))]
    pub change: String,
    /// Fields of `event` that a correction changed; `retracted` among them when it was taken back
    /// before and is told again.
    pub changed: Vec<String>,
    /// Why it was corrected or retracted: `source-edit` or `source-retraction`; null when detected.
    pub reason: Option<String>,
    /// The event as it is now; of a retracted one, as it was.
    pub event: EventBody,
    /// The entry, for people.
    pub entry: EntryRef,
    /// The feed, for people.
    pub feed: FeedRef,
    /// When the daemon saw this revision.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub observed_at: Timestamp,
}

/// The entry that an event comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "EntryRef", transform = all_required)]
pub struct EntryRef {
    /// Plain text.
    pub title: Option<String>,
    /// Address of the page.
    pub link: Option<String>,
    /// When it says it was published.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub published: Option<Timestamp>,
    /// Revision of the entry that gave this revision of the event.
    pub revision: u32,
}

/// The feed that an event comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "FeedRef", transform = all_required)]
pub struct FeedRef {
    /// What people call it.
    pub title: Option<String>,
    /// Where it is asked for.
    pub url: String,
}

/// Returns the messages of a revision: the same record for the log and for the table.
pub fn event_revision(
    feed: &Feed,
    judged: &Judged<'_>,
    revision: &Revision,
    observed_at: Timestamp,
) -> [Message; 2] {
    let (change, kind, changed, reason) = match &revision.change {
        Change::Detected => ("detected", "borderwire.event.detected.v1", &[][..], None),
        Change::Corrected { changed } => {
            ("corrected", "borderwire.event.corrected.v1", &changed[..], Some(Reason::SourceEdit))
        }
        Change::Retracted { reason } => {
            ("retracted", "borderwire.event.retracted.v1", &[][..], Some(*reason))
        }
    };
    let entry = judged.entry;
    let payload = EventMessage {
        event_id: revision.id.uuid(),
        entry_id: judged.id.uuid(),
        feed_id: feed.id.uuid(),
        revision: revision.revision,
        change: change.to_owned(),
        changed: changed.iter().map(|name| (*name).to_owned()).collect(),
        reason: reason.map(|reason| reason_name(reason).to_owned()),
        event: EventBody::from(&revision.event),
        entry: EntryRef {
            title: judged.document.title.clone(),
            link: entry.link.clone(),
            published: entry.published,
            revision: judged.revision,
        },
        feed: FeedRef { title: feed.title.clone(), url: feed.url.to_string() },
        observed_at,
    };
    let body = serde_json::to_string(&payload.event).expect("an event has string keys");
    let name = format!("{}\n{change}\n{body}", revision.revision);
    let attributes = Attributes {
        topic: Topic::Events,
        subject: revision.id.to_string(),
        kind,
        id: Uuid::new_v5(&revision.id.uuid(), name.as_bytes()),
        feed: feed.id,
        schema: "event.v1",
        revision: revision.revision,
        time: entry.updated.or(entry.published),
        observed_at,
    };
    let log = message(&attributes, &payload);
    let table = Message { topic: Topic::EventsLatest, ..log.clone() };
    [log, table]
}

fn reason_name(reason: Reason) -> &'static str {
    match reason {
        Reason::SourceEdit => "source-edit",
        Reason::SourceRetraction => "source-retraction",
    }
}
