//! The messages of `borderwire.entries.v1`: each revision of each entry, normalized.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::cloud_event::{Attributes, all_required, message};
use super::{Message, Topic};
use crate::feed::Feed;
use crate::novelty::{Judged, Novelty, Rule};

/// One revision of one entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "EntryMessage", transform = all_required)]
pub struct EntryMessage {
    /// Key of the record.
    pub entry_id: Uuid,
    /// The feed that it is in.
    pub feed_id: Uuid,
    /// Counted from 1.
    pub revision: u32,
    /// `new` or `changed`.
    pub novelty: String,
    /// Which fields identify the entries of this feed: `guid`, `link`, `link+title` or `hash`.
    pub identity: String,
    /// The id that the feed gives it, if it gives one.
    pub source_id: Option<String>,
    /// Plain text.
    pub title: Option<String>,
    /// Address of the page.
    pub link: Option<String>,
    /// When it says it was published; null when unreadable or not told, never the time of polling.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub published: Option<Timestamp>,
    /// When it says it was changed.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub updated: Option<Timestamp>,
    /// Plain text, a paragraph a line; the offsets of events count its code points.
    pub text: String,
    /// Names, in order.
    pub authors: Vec<String>,
    /// Terms, in order.
    pub categories: Vec<String>,
    /// BCP 47 tag as the feed says.
    pub language: Option<String>,
    /// What was wrong with it in the feed, and what was done about it.
    pub warnings: Vec<String>,
    /// When the daemon saw this revision.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub observed_at: Timestamp,
}

/// Returns the message of a new or changed entry.
pub fn entry(feed: &Feed, rule: Rule, judged: &Judged<'_>, observed_at: Timestamp) -> Message {
    let entry = judged.entry;
    let payload = EntryMessage {
        entry_id: judged.id.uuid(),
        feed_id: feed.id.uuid(),
        revision: judged.revision,
        novelty: judged.novelty.as_str().to_owned(),
        identity: rule.as_str().to_owned(),
        source_id: entry.id.clone(),
        title: judged.document.title.clone(),
        link: entry.link.clone(),
        published: entry.published,
        updated: entry.updated,
        text: judged.document.text.clone(),
        authors: entry.authors.clone(),
        categories: entry.categories.clone(),
        language: entry.language.clone(),
        warnings: entry.warnings.iter().map(ToString::to_string).collect(),
        observed_at,
    };
    let kind = match judged.novelty {
        Novelty::Changed => "borderwire.entry.changed.v1",
        Novelty::New | Novelty::Known => "borderwire.entry.new.v1",
    };
    let name = format!("{}\n{}", judged.revision, judged.hash.0);
    let attributes = Attributes {
        topic: Topic::Entries,
        subject: judged.id.to_string(),
        kind,
        id: Uuid::new_v5(&judged.id.uuid(), name.as_bytes()),
        feed: feed.id,
        schema: "entry.v1",
        revision: judged.revision,
        time: entry.updated.or(entry.published),
        observed_at,
    };
    message(&attributes, &payload)
}
