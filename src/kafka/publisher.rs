//! Writes batches: messages first, then the feeds' state, each record acknowledged by all replicas.
//!
//! At least once: a batch that failed is repeated whole by the caller, with the same ids. State is
//! written only when every message of its batch is, so a crash between the two repeats messages and
//! loses none.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rdkafka::ClientConfig;
use rdkafka::error::RDKafkaErrorCode;
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{BaseRecord, Producer as _, PurgeConfig, ThreadedProducer};
use tracing::{debug, warn};
use uuid::Uuid;

use super::KafkaError;
use super::client;
use super::delivery::{Failure, Wave};
use super::error::help_for;
use super::heard::{Context, Heard, lock};
use super::table;
use super::topics::{Cluster, Report, Weight};
use crate::config;
use crate::feed::FeedId;
use crate::message::{Batch, MESSAGE_BYTES_MAX, Message, StateRecord, Topic, partition_of};

/// How long a start waits for a broker to answer: one that starts beside us takes some seconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// Part of the commit's time after which librdkafka gives a record up, so that each record's fate is
/// known before the commit is told to have failed.
const GIVE_UP: f64 = 0.8;

/// Shortest time for a record: below it librdkafka and the broker only chase each other.
const GIVE_UP_MIN: Duration = Duration::from_millis(500);

/// Bytes that wait in librdkafka; a batch that is larger waits for room.
const QUEUE_KBYTES: usize = 64 << 10;

/// For records to gather into one request: they come in waves, not one by one.
const LINGER_MILLIS: u32 = 1;

/// Clients made for one batch: a fatal error of librdkafka leaves nothing but a new one.
const CLIENTS_MAX: usize = 3;

/// Between two tries to hand over a record while librdkafka's queue is full.
const ROOM_WAIT: Duration = Duration::from_millis(100);

/// For librdkafka to report what was purged; it does so at once.
const PURGE_WAIT: Duration = Duration::from_secs(2);

/// Longest time that a question for health may take while the cluster is out of reach.
const PING: Duration = Duration::from_secs(1);

type Producer = ThreadedProducer<Context>;

/// Writes batches to a cluster. One batch at a time; share it between threads as it is.
pub struct Publisher {
    settings: config::Kafka,
    partitions: HashMap<Topic, i32>,
    heard: Arc<Heard>,
    /// Its own thread polls it: acknowledgements come as they are, without librdkafka's flush and
    /// its steps of 100 ms (rust-rdkafka pull requests 748 and 777).
    producer: Mutex<Producer>,
    writing: Mutex<()>,
}

/// A record as it is to be written.
struct Outgoing<'a> {
    topic: Topic,
    key: &'a str,
    headers: &'a [(String, String)],
    value: Option<&'a [u8]>,
    timestamp_millis: Option<i64>,
}

impl Outgoing<'_> {
    fn bytes(&self) -> usize {
        let headers: usize =
            self.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
        self.key.len() + headers + self.value.map_or(0, <[u8]>::len)
    }
}

impl<'a> From<&'a Message> for Outgoing<'a> {
    fn from(message: &'a Message) -> Self {
        Self {
            topic: message.topic,
            key: &message.key,
            headers: &message.headers,
            value: message.value.as_deref(),
            timestamp_millis: Some(message.timestamp.as_millisecond()),
        }
    }
}

/// Why a wave of records failed.
enum Broken {
    /// This client is of no use any more; a new one may do it.
    Client(String),
    /// As the caller is to know it.
    Error(KafkaError),
}

impl Publisher {
    /// Connects, makes the topics that are missing, and checks those that are there.
    ///
    /// # Errors
    /// Settings that cannot be used, no broker that answers, topics that are missing and may not be
    /// made, or that are so that the daemon must not start: each says what to do.
    pub fn connect(settings: &config::Kafka) -> Result<Self, KafkaError> {
        let mut publisher = Self::open(settings)?;
        let link = publisher.client();
        let report = Cluster::over(settings, link, &publisher.heard, PATIENCE)?.create()?;
        tell_differences(&report, settings)?;
        publisher.partitions =
            report.found.iter().map(|found| (found.topic, found.partitions())).collect();
        publisher.heard.success(Instant::now());
        Ok(publisher)
    }

    /// Makes the client alone, without asking the cluster anything.
    fn open(settings: &config::Kafka) -> Result<Self, KafkaError> {
        let heard = Arc::default();
        let producer = producer(settings, &heard)?;
        Ok(Self {
            settings: settings.clone(),
            partitions: HashMap::new(),
            heard,
            producer: Mutex::new(producer),
            writing: Mutex::new(()),
        })
    }

    /// Writes the batch: all messages, and when they are acknowledged, all states. Blocks, at most
    /// a little longer than the configured `commit-timeout`.
    ///
    /// # Errors
    /// Unless [`KafkaError::is_fatal`], the same batch is to be published again: some of it may be
    /// written, and writing it twice gives records with the same ids.
    pub fn publish(&self, batch: &Batch) -> Result<(), KafkaError> {
        let _alone = lock(&self.writing);
        let messages: Vec<Outgoing<'_>> = batch.messages.iter().map(Outgoing::from).collect();
        let keys: Vec<String> = batch.states.iter().map(|state| state.feed.to_string()).collect();
        let states: Vec<Outgoing<'_>> = batch
            .states
            .iter()
            .zip(&keys)
            .map(|(state, key)| Outgoing {
                topic: Topic::FeedState,
                key,
                headers: &[],
                value: state.value.as_deref(),
                timestamp_millis: None,
            })
            .collect();
        for record in messages.iter().chain(&states) {
            refuse_too_large(record)?;
        }
        let began = Instant::now();
        let mut clients = 1;
        loop {
            let written = self.write(&messages, began).and_then(|()| self.write(&states, began));
            match written {
                Ok(()) => {
                    debug!(
                        messages = messages.len(),
                        states = states.len(),
                        elapsed_ms = began.elapsed().as_millis(),
                        "batch written"
                    );
                    return Ok(());
                }
                Err(Broken::Error(error)) => {
                    if !error.is_fatal() {
                        self.heard.failure(None);
                    }
                    return Err(error);
                }
                Err(Broken::Client(reason)) => {
                    self.heard.failure(Some(reason.clone()));
                    self.renew()?;
                    if clients == CLIENTS_MAX || began.elapsed() >= self.settings.commit_timeout {
                        let records = messages.len() + states.len();
                        return Err(self.unacknowledged(records, records, began));
                    }
                    clients += 1;
                    warn!(reason, "librdkafka gave up for good; a new client repeats the batch");
                }
            }
        }
    }

    /// Returns what is remembered of each feed, the newest of each, in no order.
    ///
    /// # Errors
    /// As [`Publisher::table`].
    pub fn states(&self) -> Result<Vec<StateRecord>, KafkaError> {
        let table = self.table(Topic::FeedState)?;
        Ok(table
            .into_iter()
            .filter_map(|(key, value)| match key.parse::<Uuid>() {
                Ok(id) => Some(StateRecord { feed: FeedId::from(id), value: Some(value) }),
                Err(_) => {
                    warn!(key, topic = %Topic::FeedState, "a key is no feed id; record skipped");
                    None
                }
            })
            .collect())
    }

    /// Returns the newest value of each key of a compacted topic, tombstones left out, in no order.
    ///
    /// # Errors
    /// [`KafkaError::Stalled`] when nothing more is read for `commit-timeout` and the high watermark
    /// is not reached; what [`KafkaError`] says of the broker else.
    pub fn table(&self, topic: Topic) -> Result<Vec<(String, Vec<u8>)>, KafkaError> {
        table::read(&self.settings, topic.name(), self.partitions_of(topic)?)
    }

    /// Returns whether the cluster did last what it was asked for. While it did not, asks it again,
    /// which takes up to a second.
    pub fn healthy(&self) -> bool {
        if !self.heard.is_down() {
            return true;
        }
        let answered = self.client().client().fetch_metadata(None, PING).is_ok();
        if answered {
            self.heard.success(Instant::now());
        }
        answered
    }

    /// Returns the last trouble since the last success, for people.
    pub fn trouble(&self) -> Option<String> {
        self.heard.last()
    }

    /// Returns when the cluster last acknowledged a record or answered.
    pub fn acknowledged(&self) -> Option<Instant> {
        self.heard.acknowledged()
    }

    fn client(&self) -> Producer {
        lock(&self.producer).clone()
    }

    fn renew(&self) -> Result<(), KafkaError> {
        let new = producer(&self.settings, &self.heard)?;
        *lock(&self.producer) = new;
        Ok(())
    }

    fn partitions_of(&self, topic: Topic) -> Result<i32, KafkaError> {
        self.partitions.get(&topic).copied().ok_or_else(|| KafkaError::NoTopic {
            bootstrap: client::bootstrap(&self.settings),
            topic: topic.name().to_owned(),
        })
    }

    /// Hands the records over, and waits until each is acknowledged. When it returns, none of them
    /// is on its way any more: a straggler could overtake the batch that repeats it.
    fn write(&self, records: &[Outgoing<'_>], began: Instant) -> Result<(), Broken> {
        if records.is_empty() {
            return Ok(());
        }
        let producer = self.client();
        let wave = Arc::new(Wave::default());
        let deadline = began + self.settings.commit_timeout;
        let mut refused = None;
        for record in records {
            if let Err(code) = self.send(&producer, record, &wave, deadline)? {
                refused = Some(Failure {
                    topic: record.topic.name().to_owned(),
                    key: record.key.to_owned(),
                    bytes: record.bytes(),
                    code,
                });
                break;
            }
        }
        let mut missing = 0;
        if refused.is_none() {
            missing = wave.settled(deadline);
        }
        if refused.is_some() || missing > 0 {
            producer.purge(PurgeConfig::default().queue().inflight());
            wave.settled(Instant::now() + PURGE_WAIT);
        }
        let (failed, first) = wave.failures();
        let Some(failure) = refused.or(first) else {
            return match missing {
                0 => Ok(()),
                _ => Err(Broken::Error(self.unacknowledged(missing, records.len(), began))),
            };
        };
        if let Some((code, reason)) = producer.client().fatal_error() {
            return Err(Broken::Client(format!("{code}: {reason}")));
        }
        Err(Broken::Error(self.error(failure, failed.max(missing).max(1), records, began)))
    }

    /// Hands one record over, waiting for room in librdkafka's queue; gives its code on refusal.
    fn send(
        &self,
        producer: &Producer,
        record: &Outgoing<'_>,
        wave: &Arc<Wave>,
        deadline: Instant,
    ) -> Result<Result<(), RDKafkaErrorCode>, Broken> {
        let partitions = self.partitions_of(record.topic).map_err(Broken::Error)?;
        let partition = partition_of(record.key, partitions);
        loop {
            let mut outgoing = BaseRecord::with_opaque_to(record.topic.name(), Arc::clone(wave))
                .partition(partition)
                .key(record.key);
            if !record.headers.is_empty() {
                outgoing = outgoing.headers(headers(record.headers));
            }
            if let Some(value) = record.value {
                outgoing = outgoing.payload(value);
            }
            if let Some(millis) = record.timestamp_millis {
                outgoing = outgoing.timestamp(millis);
            }
            wave.enter();
            let Err((error, _)) = producer.send(outgoing) else { return Ok(Ok(())) };
            wave.withdraw();
            let code = error.rdkafka_error_code().unwrap_or(RDKafkaErrorCode::Unknown);
            if code != RDKafkaErrorCode::QueueFull || Instant::now() >= deadline {
                return Ok(Err(code));
            }
            wave.room(ROOM_WAIT);
        }
    }

    fn error(
        &self,
        failure: Failure,
        missing: usize,
        records: &[Outgoing<'_>],
        began: Instant,
    ) -> KafkaError {
        if failure.code == RDKafkaErrorCode::MessageSizeTooLarge
            && let Some(topic) = Topic::named(&failure.topic)
        {
            let record = records.iter().find(|one| one.topic == topic && one.key == failure.key);
            return KafkaError::TooLarge {
                topic,
                bytes: record.map_or(failure.bytes, Outgoing::bytes),
                key: failure.key,
                bytes_max: MESSAGE_BYTES_MAX,
            };
        }
        if let Some(help) = help_for(failure.code, &failure.topic) {
            return KafkaError::Refused {
                topic: failure.topic,
                key: failure.key,
                why: failure.code.to_string(),
                help,
            };
        }
        if self.heard.last().is_none() {
            let trouble = format!("{}: {}", failure.topic, failure.code);
            self.heard.failure(Some(trouble));
        }
        self.unacknowledged(missing, records.len(), began)
    }

    fn unacknowledged(&self, missing: usize, records: usize, began: Instant) -> KafkaError {
        KafkaError::Unacknowledged {
            bootstrap: client::bootstrap(&self.settings),
            missing,
            records,
            waited: Duration::from_millis(began.elapsed().as_millis() as u64),
            heard: self.heard.last().unwrap_or_else(|| "no error was told".to_owned()),
        }
    }
}

/// Makes a client that writes.
fn producer(settings: &config::Kafka, heard: &Arc<Heard>) -> Result<Producer, KafkaError> {
    let mut configured = client::base(settings)?;
    let give_up = settings.commit_timeout.mul_f64(GIVE_UP).max(GIVE_UP_MIN);
    configured
        .set("enable.idempotence", "true")
        .set("acks", "all")
        .set("message.timeout.ms", give_up.as_millis().to_string());
    default(&mut configured, "compression.type", "zstd");
    default(&mut configured, "linger.ms", LINGER_MILLIS);
    default(&mut configured, "message.max.bytes", MESSAGE_BYTES_MAX);
    default(&mut configured, "queue.buffering.max.kbytes", QUEUE_KBYTES);
    client::create(&configured, heard)
}

/// Sets what the configuration leaves open.
fn default(client: &mut ClientConfig, key: &str, value: impl ToString) {
    if client.get(key).is_none() {
        client.set(key, value.to_string());
    }
}

fn headers(headers: &[(String, String)]) -> OwnedHeaders {
    headers.iter().fold(OwnedHeaders::new_with_capacity(headers.len()), |all, (key, value)| {
        all.insert(Header { key, value: Some(value) })
    })
}

fn refuse_too_large(record: &Outgoing<'_>) -> Result<(), KafkaError> {
    let bytes = record.bytes();
    if bytes <= MESSAGE_BYTES_MAX {
        return Ok(());
    }
    Err(KafkaError::TooLarge {
        topic: record.topic,
        key: record.key.to_owned(),
        bytes,
        bytes_max: MESSAGE_BYTES_MAX,
    })
}

fn tell_differences(report: &Report, settings: &config::Kafka) -> Result<(), KafkaError> {
    let mut refusals = Vec::new();
    for difference in &report.differences {
        if difference.weight == Weight::Refusal {
            refusals.push(difference.clone());
        } else if difference.weight == Weight::Warning {
            let (topic, what) = (difference.topic.name(), &difference.what);
            warn!(topic, mend = difference.mend, "topic {what}");
        }
    }
    if let Some(partitions) = report.partitions(Topic::Feeds)
        && partitions != settings.partitions
    {
        warn!(
            partitions,
            configured = settings.partitions,
            "the cluster's number of partitions counts, not the configured one"
        );
    }
    if refusals.is_empty() {
        return Ok(());
    }
    Err(KafkaError::Topics { bootstrap: client::bootstrap(settings), differences: refusals })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use rdkafka::mocking::MockCluster;
    use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr};

    use super::*;

    /// librdkafka's own test double: no real broker can be made to refuse a sequence at will.
    #[test]
    fn a_fatal_error_gives_a_new_client_that_writes_the_whole_batch() {
        let cluster = MockCluster::new(1).unwrap();
        cluster.create_topic(Topic::Events.name(), 1, 1).unwrap();
        let settings = config::Kafka {
            bootstrap: Some(cluster.bootstrap_servers()),
            ..config::Kafka::default()
        };
        let mut publisher = Publisher::open(&settings).unwrap();
        publisher.partitions = Topic::ALL.iter().map(|topic| (*topic, 1)).collect();
        let message = Message {
            topic: Topic::Events,
            key: "key".to_owned(),
            headers: Vec::new(),
            value: Some(b"value".to_vec()),
            timestamp: Timestamp::UNIX_EPOCH,
        };
        let batch = Batch { messages: vec![message; 3], states: Vec::new() };
        publisher.publish(&batch).unwrap();

        let refusal = RDKafkaRespErr::RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER;
        cluster.request_errors(RDKafkaApiKey::Produce, &[refusal]);
        let before = publisher.client();
        publisher.publish(&batch).unwrap();
        assert!(before.client().fatal_error().is_some());
        assert!(publisher.client().client().fatal_error().is_none());
        assert!(publisher.healthy());
        publisher.publish(&batch).unwrap();

        // A client that is refused each time is not made for ever.
        cluster.request_errors(RDKafkaApiKey::Produce, &[refusal; 10]);
        let error = publisher.publish(&batch).unwrap_err();
        assert!(matches!(error, KafkaError::Unacknowledged { .. }), "{error}");
        assert!(!publisher.heard.last().unwrap().is_empty() && !error.is_fatal());
    }
}
