//! The contract of the messages: what is checked in is what the program gives, and what earlier
//! versions wrote is read by this one.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use borderwire::message::{
    self, DeadLetterMessage, EntryMessage, EventMessage, FeedStatusMessage, Topic,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn json(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

#[test]
fn checked_in_schemas_are_those_of_the_types() {
    let mend = "run `cargo run -- schema --write schema` and review the difference";
    let folder = root().join("schema");
    let mut names = BTreeSet::from(["asyncapi.json".to_owned()]);
    assert_eq!(json(&folder.join("asyncapi.json")), message::asyncapi(), "asyncapi: {mend}");
    for schema in message::schemas() {
        let file = format!("{}.json", schema.name);
        assert_eq!(json(&folder.join(&file)), schema.document, "{file}: {mend}");
        names.insert(file);
    }
    let found: BTreeSet<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(found, names, "files in schema/ that no type gives");
}

#[test]
fn asyncapi_has_a_channel_for_each_public_topic_with_the_settings_it_is_created_with() {
    let document = message::asyncapi();
    let channels = document["channels"].as_object().unwrap();
    let wanted: BTreeSet<_> =
        Topic::ALL.iter().filter(|topic| !topic.is_internal()).map(|topic| topic.name()).collect();
    assert_eq!(channels.keys().map(String::as_str).collect::<BTreeSet<_>>(), wanted);
    for topic in Topic::ALL.iter().filter(|topic| !topic.is_internal()) {
        let kafka = &channels[topic.name()]["bindings"]["kafka"];
        assert_eq!(kafka["topic"], topic.name());
        let settings = kafka["topicConfiguration"].as_object().unwrap();
        for (name, value) in topic.settings() {
            let told = match &settings[name] {
                Value::Array(parts) => {
                    parts.iter().map(|part| part.as_str().unwrap()).collect::<Vec<_>>().join(",")
                }
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            assert_eq!(told, value, "{topic} {name}");
        }
        for message in channels[topic.name()]["messages"].as_object().unwrap().values() {
            let path = message["$ref"].as_str().unwrap().trim_start_matches('#');
            assert!(document.pointer(path).is_some(), "{topic}: {path} leads nowhere");
        }
    }
}

/// Reads each golden payload of one schema with its type, and holds it against today's schema.
fn check<T: Serialize + DeserializeOwned>(schema: &str) -> usize {
    let document = message::schemas().into_iter().find(|s| s.name == schema).unwrap().document;
    let validator = jsonschema::validator_for(&document).unwrap();
    let mut files: Vec<PathBuf> = fs::read_dir(root().join("tests/golden/payloads"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with(schema))
        .collect();
    files.sort();
    for path in &files {
        let payload = json(path);
        if let Err(error) = validator.validate(&payload) {
            panic!("{}: {error}", path.display());
        }
        let read: T = serde_json::from_value(payload.clone())
            .unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        assert_eq!(serde_json::to_value(&read).unwrap(), payload, "{}", path.display());
    }
    files.len()
}

#[test]
fn payloads_of_every_earlier_version_are_read() {
    assert!(check::<EventMessage>("event.v1") >= 3);
    assert!(check::<EntryMessage>("entry.v1") >= 2);
    assert!(check::<FeedStatusMessage>("feed-status.v1") >= 2);
    assert!(check::<DeadLetterMessage>("dead-letter.v1") >= 1);
}
