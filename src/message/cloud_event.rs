//! CloudEvents in Kafka's binary mode: the attributes as headers, the payload as the value.
//!
//! Source: CloudEvents 1.0.2, Kafka protocol binding §3.2; extensions `sequence`, `partitionkey`,
//! `recordedtime`.

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::{Message, Topic};
use crate::feed::FeedId;

/// What a message says about itself besides its payload.
pub(super) struct Attributes<'a> {
    /// Where it goes.
    pub(super) topic: Topic,
    /// Key of the record, and the subject that the message is about.
    pub(super) subject: String,
    /// `borderwire.event.detected.v1` …
    pub(super) kind: &'a str,
    /// Unique to this revision; the same when the same is published again.
    pub(super) id: Uuid,
    /// The feed that it comes from.
    pub(super) feed: FeedId,
    /// Name of the payload's schema, as in `urn:borderwire:schema:NAME`.
    pub(super) schema: &'a str,
    /// Of the subject, counted from 1.
    pub(super) revision: u32,
    /// When it happened, or was published; not after `observed_at`.
    pub(super) time: Option<Timestamp>,
    /// When the daemon saw it.
    pub(super) observed_at: Timestamp,
}

/// Returns the address that names a payload's schema.
pub(super) fn schema_urn(name: &str) -> String {
    format!("urn:borderwire:schema:{name}")
}

/// Returns the message with its headers; `sequence` is padded, since it is compared as text.
pub(super) fn message(attributes: &Attributes<'_>, payload: &impl Serialize) -> Message {
    let a = attributes;
    let time = a.time.map_or(a.observed_at, |time| time.min(a.observed_at));
    let headers = [
        ("ce_specversion", "1.0".to_owned()),
        ("ce_id", a.id.to_string()),
        ("ce_source", format!("/feeds/{}", a.feed)),
        ("ce_type", a.kind.to_owned()),
        ("ce_subject", a.subject.clone()),
        ("ce_time", time.to_string()),
        ("ce_recordedtime", a.observed_at.to_string()),
        ("ce_sequence", format!("{:010}", a.revision)),
        ("ce_partitionkey", a.subject.clone()),
        ("ce_dataschema", schema_urn(a.schema)),
        ("content-type", "application/json".to_owned()),
    ];
    Message {
        topic: a.topic,
        key: a.subject.clone(),
        headers: headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        value: Some(
            serde_json::to_vec(payload).expect("payloads have string keys and no other failure"),
        ),
        timestamp: a.observed_at,
    }
}

/// Marks every property as required: a field that is empty is written as null.
pub(super) fn all_required(schema: &mut schemars::Schema) {
    let names: Option<Vec<_>> = schema
        .get("properties")
        .and_then(|properties| properties.as_object())
        .map(|properties| properties.keys().cloned().collect());
    if let Some(names) = names {
        schema.insert("required".to_owned(), names.into());
    }
}
