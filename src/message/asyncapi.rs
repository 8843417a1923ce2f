//! The AsyncAPI document of the public topics, out of the topics and schemas themselves.
//!
//! Source: AsyncAPI 3.0.0; Kafka bindings 0.5.0.

use serde_json::{Map, Value, json};

use super::{Cleanup, Topic, schemas};

/// Returns the AsyncAPI document: a channel for each public topic, with its settings.
pub fn asyncapi() -> Value {
    let schemas = schemas();
    let mut channels = Map::new();
    let mut operations = Map::new();
    let mut messages = Map::new();
    for schema in &schemas {
        messages.insert(
            schema.name.to_owned(),
            json!({
                "name": schema.name,
                "contentType": "application/json",
                "headers": { "$ref": "#/components/schemas/cloud-event-headers" },
                "payload": {
                    "schemaFormat": "application/schema+json;version=draft-2020-12",
                    "schema": schema.document,
                },
                "bindings": { "kafka": { "key": { "type": "string" }, "bindingVersion": "0.5.0" } },
            }),
        );
        for topic in schema.topics {
            channels.insert(topic.name().to_owned(), channel(*topic, schema.name));
            operations.insert(
                format!("publish-{}", topic.name()),
                json!({
                    "action": "send",
                    "channel": { "$ref": format!("#/channels/{}", topic.name()) },
                }),
            );
        }
    }
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "borderwire",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Border-crisis events out of news feeds, as CloudEvents 1.0 in Kafka's \
                            binary mode. MESSAGES.md says what consumers may rely on.",
            "license": { "name": "Apache-2.0" },
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {
            "messages": messages,
            "schemas": { "cloud-event-headers": headers() },
        },
    })
}

fn channel(topic: Topic, message: &str) -> Value {
    let policy: &[&str] = match topic.cleanup() {
        Cleanup::Delete(_) => &["delete"],
        Cleanup::Compact => &["compact"],
        Cleanup::CompactAndDelete(_) => &["compact", "delete"],
    };
    let mut settings = Map::new();
    for (name, value) in topic.settings() {
        let value = match value.parse::<i64>() {
            Ok(number) => number.into(),
            Err(_) if name == "cleanup.policy" => json!(policy),
            Err(_) => value.into(),
        };
        settings.insert(name.to_owned(), value);
    }
    json!({
        "address": topic.name(),
        "description": format!("{} Key: {}.", topic.about(), topic.key()),
        "messages": { message: { "$ref": format!("#/components/messages/{message}") } },
        "bindings": {
            "kafka": {
                "topic": topic.name(),
                "topicConfiguration": settings,
                "bindingVersion": "0.5.0",
            },
        },
    })
}

fn headers() -> Value {
    let text = |about: &str| json!({ "type": "string", "description": about });
    json!({
        "type": "object",
        "required": ["ce_specversion", "ce_id", "ce_source", "ce_type", "ce_subject", "ce_time", "content-type"],
        "properties": {
            "ce_specversion": { "type": "string", "const": "1.0" },
            "ce_id": text("UUIDv5 of this revision; the same when it is published again."),
            "ce_source": text("/feeds/ and the feed's id."),
            "ce_type": text("borderwire.event.detected.v1 and the like."),
            "ce_subject": text("What the message is about: the record's key."),
            "ce_time": text("When the source published it, RFC 3339; never after ce_recordedtime."),
            "ce_recordedtime": text("When the daemon saw it, RFC 3339."),
            "ce_sequence": text("Revision of the subject, ten digits, compared as text."),
            "ce_partitionkey": text("The record's key."),
            "ce_dataschema": text("Name of the payload's JSON Schema."),
            "content-type": { "type": "string", "const": "application/json" },
        },
    })
}
