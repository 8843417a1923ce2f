//! Settings to clients of librdkafka, and the questions that all of them ask.

use std::collections::HashMap;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use rdkafka::client::Client;
use rdkafka::config::{FromClientConfigAndContext, RDKafkaLogLevel};
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::KafkaError as RdError;
use rdkafka::metadata::Metadata;
use rdkafka::types::RDKafkaErrorCode;
use rdkafka::{ClientConfig, Offset, TopicPartitionList};

use super::KafkaError;
use super::heard::{Context, Heard};
use crate::config;

/// Settings that our guarantees stand on.
const OURS: &[&str] = &[
    "acks",
    "bootstrap.servers",
    "enable.auto.commit",
    "enable.idempotence",
    "enable.partition.eof",
    "group.id",
    "isolation.level",
    "log.queue",
    "message.timeout.ms",
    "metadata.broker.list",
    "request.required.acks",
    "transactional.id",
];

/// Longest time between two tries to connect; librdkafka's own 10 s make a restart look long.
const RECONNECT_MAX: Duration = Duration::from_secs(2);

/// Longest time to ask for offsets, while the broker may be starting or moving partitions.
const OFFSETS_TIMEOUT: Duration = Duration::from_secs(10);

/// Between two looks, while nothing answers, whether a broker has rejected us.
const LOOK: Duration = Duration::from_millis(500);

/// Between two tries of what passes by itself.
const AGAIN: Duration = Duration::from_millis(100);

/// Returns what every client is made with.
pub(super) fn base(settings: &config::Kafka) -> Result<ClientConfig, KafkaError> {
    let bootstrap = settings.bootstrap.as_deref().map(str::trim).unwrap_or_default();
    if bootstrap.is_empty() {
        return Err(KafkaError::NoBootstrap);
    }
    let mut client = ClientConfig::new();
    client
        .set("bootstrap.servers", bootstrap)
        .set("client.id", "borderwire")
        .set("reconnect.backoff.max.ms", RECONNECT_MAX.as_millis().to_string())
        .set("socket.keepalive.enable", "true")
        .set_log_level(RDKafkaLogLevel::Info);
    for (key, value) in settings.client_settings()? {
        if OURS.contains(&key.as_str()) {
            return Err(KafkaError::Setting {
                key,
                why: "borderwire sets it itself; remove it from [kafka.client]".to_owned(),
            });
        }
        client.set(key, value.expose());
    }
    client.create_native_config().map_err(setting_error)?;
    Ok(client)
}

/// Makes a client, with an error that names the setting but never a secret's value.
pub(super) fn create<T: FromClientConfigAndContext<Context>>(
    client: &ClientConfig,
    heard: &Arc<Heard>,
) -> Result<T, KafkaError> {
    client.create_with_context(Context { heard: Arc::clone(heard) }).map_err(setting_error)
}

fn setting_error(error: RdError) -> KafkaError {
    match error {
        RdError::ClientConfig(_, why, key, value) => {
            // librdkafka quotes the value, which can be a secret.
            let why = why.replace(&format!("\"{value}\""), "it has");
            KafkaError::Setting {
                key,
                why: format!("{why}; names and values are in librdkafka's CONFIGURATION.md"),
            }
        }
        RdError::ClientCreation(why) => KafkaError::Client { why },
        other => KafkaError::Client { why: other.to_string() },
    }
}

/// Asks the cluster what it has, waiting for a broker to answer.
///
/// # Errors
/// [`KafkaError::Unreachable`] after `patience`, with what librdkafka said meanwhile.
pub(super) fn metadata(
    settings: &config::Kafka,
    client: &Client<Context>,
    patience: Duration,
) -> Result<Metadata, KafkaError> {
    let heard = &client.context().heard;
    let began = Instant::now();
    loop {
        let left = patience.saturating_sub(began.elapsed());
        let error = match client.fetch_metadata(None, left.min(LOOK)) {
            Ok(metadata) => return Ok(metadata),
            Err(error) => error,
        };
        // A broker that is starting is worth waiting for, one that rejects us is not.
        if began.elapsed() >= patience || heard.is_rejected() {
            return Err(KafkaError::Unreachable {
                bootstrap: bootstrap(settings),
                waited: Duration::from_millis(began.elapsed().as_millis() as u64),
                heard: heard.last().unwrap_or_else(|| why(&error)),
            });
        }
    }
}

/// A partition of a topic.
pub(super) type Place = (String, i32);

/// Returns the offset of each place at `Offset::Beginning`, at `Offset::End` as far as the
/// consumer's isolation lets it see, or of the first record at `Offset::Offset(milliseconds)` or
/// later; a place where there is no such record is left out. One request to each broker. What
/// passes by itself (a leader that is being chosen) is waited for.
///
/// # Errors
/// [`KafkaError::Request`] after [`OFFSETS_TIMEOUT`].
pub(super) fn offsets(
    settings: &config::Kafka,
    consumer: &BaseConsumer<Context>,
    places: &[Place],
    at: Offset,
) -> Result<HashMap<Place, i64>, KafkaError> {
    if places.is_empty() {
        return Ok(HashMap::new());
    }
    let deadline = Instant::now() + OFFSETS_TIMEOUT;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let error = match offsets_once(consumer, places, at, left) {
            Ok(offsets) => return Ok(offsets),
            Err(error) => error,
        };
        if passes_by_itself(&error) && Instant::now() + AGAIN < deadline {
            thread::park_timeout(AGAIN);
            continue;
        }
        // What the client has to say waits in its queue.
        while consumer.poll(Duration::ZERO).is_some() {}
        return Err(KafkaError::Request {
            bootstrap: bootstrap(settings),
            doing: format!("asking for offsets of {}", places[0].0),
            why: consumer.context().heard.last().unwrap_or_else(|| why(&error)),
        });
    }
}

fn offsets_once(
    consumer: &BaseConsumer<Context>,
    places: &[Place],
    at: Offset,
    at_most: Duration,
) -> Result<HashMap<Place, i64>, RdError> {
    // Kafka's request by time knows -1 as the end and -2 as the beginning, as librdkafka does.
    let mut times = TopicPartitionList::with_capacity(places.len());
    for (topic, partition) in places {
        times.add_partition_offset(topic, *partition, at)?;
    }
    let found = consumer.offsets_for_times(times, at_most)?;
    let mut offsets = HashMap::new();
    for element in found.elements() {
        element.error()?;
        if let Offset::Offset(offset) = element.offset() {
            offsets.insert((element.topic().to_owned(), element.partition()), offset);
        }
    }
    Ok(offsets)
}

fn passes_by_itself(error: &RdError) -> bool {
    use RDKafkaErrorCode as Code;
    matches!(
        error.rdkafka_error_code(),
        Some(
            Code::NotLeaderForPartition
                | Code::LeaderNotAvailable
                | Code::FencedLeaderEpoch
                | Code::UnknownLeaderEpoch
                | Code::OffsetNotAvailable
                | Code::UnknownTopicOrPartition
        )
    )
}

/// Returns the configured addresses, for errors.
pub(super) fn bootstrap(settings: &config::Kafka) -> String {
    settings.bootstrap.clone().unwrap_or_default()
}

/// Returns librdkafka's words for an error, without those of its wrapper.
pub(super) fn why(error: &RdError) -> String {
    error.rdkafka_error_code().map_or_else(|| error.to_string(), |code| code.to_string())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn settings(client: &[(&str, &str)]) -> config::Kafka {
        config::Kafka {
            bootstrap: Some("127.0.0.1:1".to_owned()),
            client: client.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            ..config::Kafka::default()
        }
    }

    #[test]
    fn settings_that_cannot_be_used_are_named() {
        let cases = [
            (("sasl.mechanismus", "PLAIN"), "sasl.mechanismus"),
            (("security.protocol", "quantum"), "security.protocol"),
            (("acks", "0"), "acks"),
            (("group.id", "mine"), "group.id"),
        ];
        for (setting, name) in cases {
            let error = base(&settings(&[setting])).unwrap_err();
            assert!(matches!(&error, KafkaError::Setting { key, .. } if key == name), "{error}");
            assert!(error.is_fatal() && error.to_string().contains(name), "{error}");
        }
        assert!(base(&settings(&[("socket.timeout.ms", "5000")])).is_ok());
        assert!(matches!(base(&config::Kafka::default()), Err(KafkaError::NoBootstrap)));
    }

    #[test]
    fn secrets_come_from_files_and_stay_out_of_errors() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        fs::write(&path, "hunter2\n").unwrap();
        let mut settings = settings(&[]);
        settings.client_files.insert("sasl.password".to_owned(), path.clone());
        assert_eq!(base(&settings).unwrap().get("sasl.password"), Some("hunter2"));

        settings.client_files.insert("security.protocol".to_owned(), path);
        let error = base(&settings).unwrap_err();
        assert!(matches!(error, KafkaError::Setting { .. }), "{error}");
        assert!(!error.to_string().contains("hunter2"), "{error}");

        settings.client_files.insert("sasl.password".to_owned(), folder.path().join("none"));
        let error = base(&settings).unwrap_err();
        assert!(matches!(error, KafkaError::Settings(_)), "{error}");
    }
}
