//! Follows topics of any Kafka, the journal's listener included, without joining a group.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::KafkaError as RdError;
use rdkafka::message::{BorrowedMessage, Headers as _, Message as _};
use rdkafka::types::RDKafkaErrorCode;
use rdkafka::{Offset, TopicPartitionList};
use tracing::debug;

use super::KafkaError;
use super::client::{self, Place};
use super::heard::{Context, Heard};
use super::table::NO_GROUP;
use crate::config;
use crate::message::Topic;

/// How long a person at a terminal waits for a broker.
const PATIENCE: Duration = Duration::from_secs(3);

/// Where reading starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// With the oldest record that is kept.
    Beginning,
    /// With what comes from now on.
    Now,
    /// With the first record of this time or later, by the time of records.
    Time(Timestamp),
}

/// A record as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Name of its topic.
    pub topic: String,
    /// Its partition.
    pub partition: i32,
    /// Its place in the partition.
    pub offset: i64,
    /// Its time, if it has one.
    pub timestamp: Option<Timestamp>,
    /// Its key.
    pub key: Option<Vec<u8>>,
    /// Its headers in order; names may repeat.
    pub headers: Vec<(String, Option<Vec<u8>>)>,
    /// Its value; `None` is a tombstone.
    pub value: Option<Vec<u8>>,
}

/// What came of waiting for a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// A record.
    Record(Box<Record>),
    /// Nothing in that time.
    Idle,
    /// All up to the time given to [`Reader::until`] is read.
    End,
}

/// Where reading ends. From then on one topic is read after the other, since librdkafka tells the
/// end of a partition by its number alone.
struct Ends {
    /// Of the topic that is being read: the end of each partition that has more.
    now: HashMap<Place, i64>,
    /// Of the topics after it.
    later: Vec<HashMap<Place, i64>>,
}

/// Reads topics record by record, in order within each partition.
pub struct Reader {
    settings: config::Kafka,
    heard: Arc<Heard>,
    consumer: BaseConsumer<Context>,
    /// First offset of each partition that is not read yet.
    next: HashMap<Place, i64>,
    ends: Option<Ends>,
}

impl Reader {
    /// Starts to read `topics`; without any, all that are there of borderwire's public ones.
    ///
    /// # Errors
    /// Settings that cannot be used, no broker that answers, a topic that is not there.
    pub fn open(
        settings: &config::Kafka,
        topics: &[String],
        start: Start,
    ) -> Result<Self, KafkaError> {
        let heard = Arc::default();
        let mut configured = client::base(settings)?;
        configured
            .set("group.id", NO_GROUP)
            .set("enable.auto.commit", "false")
            .set("auto.offset.reset", "earliest")
            .set("enable.partition.eof", "true")
            .set("isolation.level", "read_committed");
        let consumer: BaseConsumer<Context> = client::create(&configured, &heard)?;
        let mut reader =
            Self { settings: settings.clone(), heard, consumer, next: HashMap::new(), ends: None };
        let places = reader.places(topics)?;
        reader.next = reader.starts(&places, start)?;
        reader.assign(reader.next.keys())?;
        Ok(reader)
    }

    /// Ends reading before the first record of that time or later; with a time that has not come,
    /// at what is there now.
    ///
    /// # Errors
    /// A request that fails.
    pub fn until(&mut self, time: Timestamp) -> Result<(), KafkaError> {
        let places: Vec<Place> = self.next.keys().cloned().collect();
        let mut topics: HashMap<String, HashMap<Place, i64>> = HashMap::new();
        for (place, end) in self.offsets_at(&places, time)? {
            if self.next.get(&place).is_some_and(|next| *next < end) {
                topics.entry(place.0.clone()).or_default().insert(place, end);
            }
        }
        self.ends = Some(Ends { now: HashMap::new(), later: topics.into_values().collect() });
        Ok(())
    }

    /// Returns the next record of any partition.
    ///
    /// # Errors
    /// What cannot mend itself. A broker that is gone for a while is waited for: see
    /// [`Reader::trouble`].
    pub fn next(&mut self, at_most: Duration) -> Result<Next, KafkaError> {
        let deadline = Instant::now() + at_most;
        loop {
            if self.is_at_end()? {
                return Ok(Next::End);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            match self.consumer.poll(left) {
                Some(Ok(message)) => {
                    let record = owned(&message);
                    drop(message);
                    self.heard.success(Instant::now());
                    if self.takes(&record) {
                        return Ok(Next::Record(Box::new(record)));
                    }
                }
                Some(Err(RdError::PartitionEOF(partition))) => {
                    self.finish(partition);
                }
                Some(Err(error)) => self.bear(&error)?,
                None if left.is_zero() => return Ok(Next::Idle),
                None => {}
            }
        }
    }

    /// Returns the last trouble since the last record, for people.
    pub fn trouble(&self) -> Option<String> {
        self.heard.last()
    }

    /// Returns whether all is read; turns to the next topic where one is.
    fn is_at_end(&mut self) -> Result<bool, KafkaError> {
        let Some(ends) = &mut self.ends else { return Ok(false) };
        if !ends.now.is_empty() {
            return Ok(false);
        }
        let Some(next) = ends.later.pop() else { return Ok(true) };
        ends.now = next;
        let Some(ends) = &self.ends else { return Ok(true) };
        self.assign(ends.now.keys())?;
        Ok(false)
    }

    /// Nothing more is in the partition: its last offsets before the end can be marks of
    /// transactions, which give no record.
    fn finish(&mut self, partition: i32) {
        if let Some(ends) = &mut self.ends {
            ends.now.retain(|place, _| place.1 != partition);
        }
    }

    /// Notes how far reading is, and returns whether the record lies before the end.
    fn takes(&mut self, record: &Record) -> bool {
        let place = (record.topic.clone(), record.partition);
        let next = record.offset + 1;
        let takes = match &mut self.ends {
            None => true,
            Some(ends) => {
                let end = ends.now.get(&place).copied();
                if end.is_some_and(|end| next >= end) {
                    ends.now.remove(&place);
                }
                end.is_some_and(|end| record.offset < end)
            }
        };
        self.next.insert(place, next);
        takes
    }

    /// Lets pass what librdkafka mends by itself.
    fn bear(&self, error: &RdError) -> Result<(), KafkaError> {
        use RDKafkaErrorCode as Code;
        let hopeless = match (error, error.rdkafka_error_code()) {
            (RdError::MessageConsumptionFatal(_), _) => true,
            (_, Some(code)) => matches!(
                code,
                Code::TopicAuthorizationFailed
                    | Code::UnknownTopicOrPartition
                    | Code::UnknownTopic
                    | Code::UnknownPartition
                    | Code::Authentication
            ),
            _ => false,
        };
        if hopeless {
            return Err(self.failed("reading", error));
        }
        debug!("reading: {}", client::why(error));
        Ok(())
    }

    fn places(&self, topics: &[String]) -> Result<Vec<Place>, KafkaError> {
        let metadata = client::metadata(&self.settings, self.consumer.client(), PATIENCE)
            .inspect_err(|_| while self.consumer.poll(Duration::ZERO).is_some() {})
            .map_err(|error| match error {
                KafkaError::Unreachable { bootstrap, waited, heard } => KafkaError::Unreachable {
                    bootstrap,
                    waited,
                    heard: self.heard.last().unwrap_or(heard),
                },
                other => other,
            })?;
        let there: HashMap<&str, usize> = metadata
            .topics()
            .iter()
            .filter(|topic| !topic.partitions().is_empty())
            .map(|topic| (topic.name(), topic.partitions().len()))
            .collect();
        let public =
            Topic::ALL.iter().filter(|topic| !topic.is_internal()).map(|topic| topic.name());
        let wanted: Vec<&str> = match topics {
            [] => public.filter(|name| there.contains_key(name)).collect(),
            _ => topics.iter().map(String::as_str).collect(),
        };
        let missing = wanted.iter().find(|name| !there.contains_key(*name)).copied();
        if let Some(topic) = missing.or(wanted.is_empty().then_some(Topic::Events.name())) {
            return Err(KafkaError::NoTopic {
                bootstrap: client::bootstrap(&self.settings),
                topic: topic.to_owned(),
            });
        }
        Ok(wanted
            .into_iter()
            .flat_map(|name| (0..there[name] as i32).map(move |at| (name.to_owned(), at)))
            .collect())
    }

    fn starts(&self, places: &[Place], start: Start) -> Result<HashMap<Place, i64>, KafkaError> {
        match start {
            Start::Beginning => self.offsets(places, Offset::Beginning),
            Start::Now => self.offsets(places, Offset::End),
            Start::Time(time) => self.offsets_at(places, time),
        }
    }

    /// Returns the offset of the first record of that time or later, and the end where none is.
    fn offsets_at(
        &self,
        places: &[Place],
        time: Timestamp,
    ) -> Result<HashMap<Place, i64>, KafkaError> {
        let mut offsets = self.offsets(places, Offset::End)?;
        let millis = Offset::Offset(time.as_millisecond().max(0));
        offsets.extend(self.offsets(places, millis)?);
        Ok(offsets)
    }

    fn offsets(&self, places: &[Place], at: Offset) -> Result<HashMap<Place, i64>, KafkaError> {
        client::offsets(&self.settings, &self.consumer, places, at)
    }

    fn assign<'a>(&self, places: impl Iterator<Item = &'a Place>) -> Result<(), KafkaError> {
        let mut list = TopicPartitionList::new();
        for place in places {
            let offset = Offset::Offset(self.next[place]);
            list.add_partition_offset(&place.0, place.1, offset)
                .map_err(|error| self.failed("reading", &error))?;
        }
        self.consumer.assign(&list).map_err(|error| self.failed("reading", &error))
    }

    fn failed(&self, doing: &str, error: &RdError) -> KafkaError {
        KafkaError::Request {
            bootstrap: client::bootstrap(&self.settings),
            doing: doing.to_owned(),
            why: client::why(error),
        }
    }
}

fn owned(message: &BorrowedMessage<'_>) -> Record {
    let headers = message.headers().into_iter().flat_map(|headers| headers.iter());
    Record {
        topic: message.topic().to_owned(),
        partition: message.partition(),
        offset: message.offset(),
        timestamp: message
            .timestamp()
            .to_millis()
            .and_then(|millis| Timestamp::from_millisecond(millis).ok()),
        key: message.key().map(<[u8]>::to_vec),
        headers: headers
            .map(|header| (header.key.to_owned(), header.value.map(<[u8]>::to_vec)))
            .collect(),
        value: message.payload().map(<[u8]>::to_vec),
    }
}
