//! The JSON Schemas of the payloads, out of their types.

use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::cloud_event::schema_urn;
use super::{DeadLetterMessage, EntryMessage, EventMessage, FeedStatusMessage, Topic};

/// The schema of one payload.
#[derive(Clone, Debug, PartialEq)]
pub struct Schema {
    /// `event.v1` …; also its file name, with `.json`.
    pub name: &'static str,
    /// The topics whose records it describes.
    pub topics: &'static [Topic],
    /// JSON Schema 2020-12.
    pub document: Value,
}

/// Returns the schemas of all payloads, sorted by name.
pub fn schemas() -> Vec<Schema> {
    let make = |name, topics, mut document: schemars::Schema| {
        document.insert("$id".to_owned(), schema_urn(name).into());
        Schema { name, topics, document: document.to_value() }
    };
    let generator = || SchemaSettings::draft2020_12().into_generator();
    vec![
        make(
            "dead-letter.v1",
            &[Topic::DeadLetters],
            generator().into_root_schema_for::<DeadLetterMessage>(),
        ),
        make("entry.v1", &[Topic::Entries], generator().into_root_schema_for::<EntryMessage>()),
        make(
            "event.v1",
            &[Topic::Events, Topic::EventsLatest, Topic::Replay],
            generator().into_root_schema_for::<EventMessage>(),
        ),
        make(
            "feed-status.v1",
            &[Topic::FeedStatus],
            generator().into_root_schema_for::<FeedStatusMessage>(),
        ),
    ]
}
