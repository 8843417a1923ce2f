//! Makes the topics that are missing, and checks those that are there.

mod difference;

use std::collections::HashMap;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use rdkafka::admin::{
    AdminClient, AdminOptions, NewTopic, OwnedResourceSpecifier, ResourceSpecifier,
    TopicReplication,
};
use rdkafka::metadata::Metadata;
use rdkafka::producer::{Producer as _, ThreadedProducer};
use rdkafka::types::RDKafkaErrorCode;
use tracing::info;

use self::difference::differences;
pub use self::difference::{Difference, Found, Wanted, Weight, listed};
use super::KafkaError;
use super::client;
use super::heard::{Context, Heard};
use crate::config;
use crate::message::Topic;

/// How long a person at a terminal waits for a broker.
const PATIENCE: Duration = Duration::from_secs(5);

/// Longest time of one request of administration.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(20);

/// Between two looks whether new topics have leaders.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// What a cluster has of our topics.
#[derive(Clone, Debug)]
pub struct Report {
    /// What was asked of it.
    pub wanted: Wanted,
    /// What it has.
    pub found: Vec<Found>,
    /// What was made just now.
    pub created: Vec<Topic>,
    /// What is not as it must be.
    pub differences: Vec<Difference>,
}

impl Report {
    /// Returns the partitions of a topic, `None` if it is missing.
    pub fn partitions(&self, topic: Topic) -> Option<i32> {
        self.found.iter().find(|found| found.topic == topic).map(Found::partitions)
    }

    /// Returns whether anything needs mending: notes do not.
    pub fn is_good(&self) -> bool {
        self.differences.iter().all(|difference| difference.weight == Weight::Note)
    }
}

/// Returns what the cluster has of our topics, and what is not as it must be.
///
/// # Errors
/// Settings that cannot be used, an unreachable broker, a request that fails.
pub fn check(settings: &config::Kafka) -> Result<Report, KafkaError> {
    Cluster::connect(settings)?.report(Vec::new())
}

/// Makes the topics that are missing, and returns what the cluster has then.
///
/// # Errors
/// As [`check`], and [`KafkaError::NotCreated`] with the commands for somebody who may.
pub fn create(settings: &config::Kafka) -> Result<Report, KafkaError> {
    Cluster::connect(settings)?.create()
}

/// The administration of one cluster.
pub(super) struct Cluster<'a> {
    settings: &'a config::Kafka,
    /// Polled by its own thread, so that what librdkafka has to say is heard.
    link: ThreadedProducer<Context>,
    admin: AdminClient<Context>,
    patience: Duration,
}

impl<'a> Cluster<'a> {
    fn connect(settings: &'a config::Kafka) -> Result<Self, KafkaError> {
        let heard = Arc::default();
        let link = client::create(&client::base(settings)?, &heard)?;
        Self::over(settings, link, &heard, PATIENCE)
    }

    /// Uses a client that is there already.
    pub(super) fn over(
        settings: &'a config::Kafka,
        link: ThreadedProducer<Context>,
        heard: &Arc<Heard>,
        patience: Duration,
    ) -> Result<Self, KafkaError> {
        // Before the second client is made: one that cannot connect leaves lines of its own.
        client::metadata(settings, link.client(), patience)?;
        let admin = client::create(&client::base(settings)?, heard)?;
        Ok(Self { settings, link, admin, patience })
    }

    fn metadata(&self) -> Result<Metadata, KafkaError> {
        client::metadata(self.settings, self.link.client(), self.patience)
    }

    /// Makes what is missing and reports.
    pub(super) fn create(&self) -> Result<Report, KafkaError> {
        let mut report = self.report(Vec::new())?;
        let missing: Vec<(Topic, i32)> = Topic::ALL
            .iter()
            .filter(|topic| report.partitions(**topic).is_none())
            .map(|topic| (*topic, report.wanted.partitions_of(*topic, &report.found)))
            .collect();
        if missing.is_empty() {
            return Ok(report);
        }
        self.make(&missing, &report.wanted)?;
        let created: Vec<Topic> = missing.iter().map(|(topic, _)| *topic).collect();
        info!(topics = created.len(), partitions = missing[0].1, "topics created");
        let deadline = Instant::now() + REQUEST_TIMEOUT;
        while !self.all_led(&created)? {
            if Instant::now() >= deadline {
                return Err(self.failed(
                    "waiting for leaders of new topics",
                    format!("none for all within {REQUEST_TIMEOUT:?}"),
                ));
            }
            thread::park_timeout(LOOK_AGAIN);
        }
        report = self.report(created)?;
        Ok(report)
    }

    fn make(&self, missing: &[(Topic, i32)], wanted: &Wanted) -> Result<(), KafkaError> {
        let kept: Vec<_> = missing.iter().map(|(topic, _)| topic.settings()).collect();
        let topics: Vec<NewTopic<'_>> = missing
            .iter()
            .zip(&kept)
            .map(|((topic, partitions), settings)| {
                let replication = TopicReplication::Fixed(wanted.replication);
                let new = NewTopic::new(topic.name(), *partitions, replication);
                settings.iter().fold(new, |new, (key, value)| new.set(key, value))
            })
            .collect();
        let results = wait(self.admin.create_topics(&topics, &options()))
            .map_err(|error| self.failed("creating topics", client::why(&error)))?;
        let refused: Vec<(String, RDKafkaErrorCode)> = results
            .into_iter()
            .filter_map(Result::err)
            // Somebody else was faster.
            .filter(|(_, code)| *code != RDKafkaErrorCode::TopicAlreadyExists)
            .collect();
        let Some((topic, code)) = refused.first() else { return Ok(()) };
        Err(KafkaError::NotCreated {
            bootstrap: wanted.bootstrap.clone(),
            why: format!("{topic}: {code}"),
            command: wanted.create_all(),
            by_hand: missing
                .iter()
                .filter(|(topic, _)| refused.iter().any(|(name, _)| name == topic.name()))
                .map(|(topic, partitions)| wanted.create(*topic, *partitions))
                .collect(),
        })
    }

    fn all_led(&self, topics: &[Topic]) -> Result<bool, KafkaError> {
        let metadata = self.metadata()?;
        Ok(topics.iter().all(|topic| {
            metadata.topics().iter().any(|found| {
                found.name() == topic.name()
                    && !found.partitions().is_empty()
                    && found.partitions().iter().all(|partition| partition.leader() >= 0)
            })
        }))
    }

    fn report(&self, created: Vec<Topic>) -> Result<Report, KafkaError> {
        let metadata = self.metadata()?;
        let mut brokers: Vec<i32> = metadata.brokers().iter().map(|broker| broker.id()).collect();
        brokers.sort_unstable();
        let mut found: Vec<Found> = metadata
            .topics()
            .iter()
            .filter(|topic| !topic.partitions().is_empty())
            .filter_map(|topic| {
                let mut partitions: Vec<_> = topic.partitions().iter().collect();
                partitions.sort_by_key(|partition| partition.id());
                Some(Found {
                    topic: Topic::named(topic.name())?,
                    replicas: partitions.iter().map(|one| one.replicas().to_vec()).collect(),
                    settings: None,
                })
            })
            .collect();
        found.sort_by_key(|found| Topic::ALL.iter().position(|topic| *topic == found.topic));
        let mut settings = self.topic_settings(&found)?;
        for found in &mut found {
            found.settings = settings.remove(found.topic.name());
        }
        let wanted = Wanted::of(self.settings, brokers);
        let differences = differences(&found, &wanted);
        Ok(Report { wanted, found, created, differences })
    }

    /// Returns the settings of each topic that we may read.
    fn topic_settings(
        &self,
        found: &[Found],
    ) -> Result<HashMap<String, HashMap<String, String>>, KafkaError> {
        if found.is_empty() {
            return Ok(HashMap::new());
        }
        let topics: Vec<ResourceSpecifier<'_>> =
            found.iter().map(|found| ResourceSpecifier::Topic(found.topic.name())).collect();
        let described = wait(self.admin.describe_configs(&topics, &options()))
            .map_err(|error| self.failed("reading the settings of topics", client::why(&error)))?;
        let mut settings = HashMap::new();
        for resource in described.into_iter().flatten() {
            let OwnedResourceSpecifier::Topic(name) = resource.specifier else { continue };
            let entries = resource.entries.into_iter();
            let values = entries.filter_map(|entry| Some((entry.name, entry.value?)));
            settings.insert(name, values.collect());
        }
        Ok(settings)
    }

    fn failed(&self, doing: &str, why: String) -> KafkaError {
        KafkaError::Request {
            bootstrap: client::bootstrap(self.settings),
            doing: doing.to_owned(),
            why,
        }
    }
}

fn options() -> AdminOptions {
    AdminOptions::new()
        .request_timeout(Some(REQUEST_TIMEOUT))
        .operation_timeout(Some(REQUEST_TIMEOUT))
}

/// Waits for a future on this thread, whether or not a runtime is around.
fn wait<F: Future>(future: F) -> F::Output {
    struct Unpark(Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    loop {
        match future.as_mut().poll(&mut TaskContext::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}
