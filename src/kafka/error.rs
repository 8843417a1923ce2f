//! What can go wrong with a Kafka cluster, and whether repeating helps.

use std::time::Duration;

use rdkafka::error::RDKafkaErrorCode;

use super::topics::{Difference, listed};
use crate::config::ConfigError;
use crate::message::Topic;

/// What went wrong with a Kafka cluster.
#[derive(Debug, thiserror::Error)]
pub enum KafkaError {
    /// No address of a broker is known.
    #[error("no broker is known: set `bootstrap` in [kafka], or give --bootstrap HOST:PORT")]
    NoBootstrap,
    /// A setting in `[kafka.client]` or `[kafka.client-files]` cannot be used.
    #[error("the librdkafka setting `{key}` cannot be used: {why}")]
    Setting {
        /// Its name; never its value.
        key: String,
        /// What is wrong, and what to do.
        why: String,
    },
    /// A file in `[kafka.client-files]` cannot be read.
    #[error(transparent)]
    Settings(#[from] ConfigError),
    /// librdkafka made no client of the settings.
    #[error("librdkafka makes no client of the settings in [kafka.client]: {why}")]
    Client {
        /// In librdkafka's words.
        why: String,
    },
    /// Nothing answered.
    #[error(
        "no broker answered at {bootstrap} within {waited:?} ({heard}); check that it runs, the address \
         in [kafka] bootstrap, and the security settings in [kafka.client]"
    )]
    Unreachable {
        /// The addresses tried.
        bootstrap: String,
        /// How long.
        waited: Duration,
        /// What librdkafka said last.
        heard: String,
    },
    /// Topics are not as they must be.
    #[error("the topics at {bootstrap} are not as borderwire needs them\n  {}", listed(differences).join("\n  "))]
    Topics {
        /// The cluster.
        bootstrap: String,
        /// Each with the command that mends it.
        differences: Vec<Difference>,
    },
    /// Topics are missing and could not be made.
    #[error(
        "cannot create topics at {bootstrap}: {why}; have somebody who may create them run `{command}`{}",
        commands(by_hand)
    )]
    NotCreated {
        /// The cluster.
        bootstrap: String,
        /// What the broker said of which topic.
        why: String,
        /// Our own command that makes all.
        command: String,
        /// The same in Kafka's own commands, one a topic.
        by_hand: Vec<String>,
    },
    /// A record is larger than its topic takes; the same batch can never be written.
    #[error(
        "a record of {bytes} bytes for {topic}, key {key}, is larger than the topic takes (at most \
         {bytes_max} by our own limit); raise max.message.bytes if the topic's is lower, or drop the record"
    )]
    TooLarge {
        /// Where it was to go.
        topic: Topic,
        /// Its key.
        key: String,
        /// Key, headers and value together.
        bytes: usize,
        /// Our own limit; the topic's may be lower.
        bytes_max: usize,
    },
    /// The broker refused a record for good.
    #[error("the broker refused a record for {topic}, key {key}: {why}; {help}")]
    Refused {
        /// Where it was to go.
        topic: String,
        /// Its key.
        key: String,
        /// In librdkafka's words.
        why: String,
        /// What to do.
        help: String,
    },
    /// Not everything was acknowledged; repeat the same batch.
    #[error(
        "{missing} of {records} records were not acknowledged by {bootstrap} within {waited:?} ({heard}); \
         the batch is to be repeated"
    )]
    Unacknowledged {
        /// The cluster.
        bootstrap: String,
        /// How many are unsure.
        missing: usize,
        /// Of how many.
        records: usize,
        /// Since the batch began.
        waited: Duration,
        /// What librdkafka said last.
        heard: String,
    },
    /// Reading stands still.
    #[error(
        "reading {topic} partition {partition} stands still at offset {offset} of {end} for {waited:?} \
         ({heard}); either the broker lags, or an open transaction holds the partition: \
         kafka-transactions.sh --bootstrap-server {bootstrap} find-hanging --broker-id ID"
    )]
    Stalled {
        /// The cluster.
        bootstrap: String,
        /// What was read.
        topic: String,
        /// The first partition that is not read to its end.
        partition: i32,
        /// Next offset to be read.
        offset: i64,
        /// The high watermark.
        end: i64,
        /// Without any progress.
        waited: Duration,
        /// What librdkafka said last.
        heard: String,
    },
    /// A topic that is to be read is not there.
    #[error(
        "there is no topic {topic} at {bootstrap}; `borderwire topics create --bootstrap {bootstrap}` makes it"
    )]
    NoTopic {
        /// The cluster.
        bootstrap: String,
        /// The topic.
        topic: String,
    },
    /// A request failed.
    #[error("{doing} at {bootstrap} failed: {why}")]
    Request {
        /// The cluster.
        bootstrap: String,
        /// What was tried.
        doing: String,
        /// In librdkafka's words.
        why: String,
    },
}

impl KafkaError {
    /// Returns whether it is about the settings, before a broker was asked.
    pub fn is_configuration(&self) -> bool {
        matches!(
            self,
            Self::NoBootstrap | Self::Setting { .. } | Self::Settings(_) | Self::Client { .. }
        )
    }

    /// Returns whether repeating the same call cannot help: somebody must act, or a record must go.
    pub fn is_fatal(&self) -> bool {
        match self {
            Self::NoBootstrap
            | Self::Setting { .. }
            | Self::Settings(_)
            | Self::Client { .. }
            | Self::Topics { .. }
            | Self::NotCreated { .. }
            | Self::TooLarge { .. }
            | Self::NoTopic { .. }
            | Self::Refused { .. } => true,
            Self::Unreachable { .. }
            | Self::Unacknowledged { .. }
            | Self::Stalled { .. }
            | Self::Request { .. } => false,
        }
    }
}

/// Returns what to do about a record that was refused for good, `None` if repeating may help.
pub(super) fn help_for(code: RDKafkaErrorCode, topic: &str) -> Option<String> {
    use RDKafkaErrorCode as Code;
    Some(match code {
        Code::TopicAuthorizationFailed => format!(
            "allow it: kafka-acls.sh --add --allow-principal User:NAME --operation Write \
             --operation Describe --topic {topic}"
        ),
        Code::ClusterAuthorizationFailed => {
            "allow it: kafka-acls.sh --add --allow-principal User:NAME --operation IdempotentWrite \
             --cluster"
                .to_owned()
        }
        Code::InvalidTimestamp => "check the clocks of this machine and of the broker".to_owned(),
        Code::InvalidRecord | Code::InvalidMessage | Code::PolicyViolation => {
            format!("check the settings of {topic}: kafka-configs.sh --describe --topic {topic}")
        }
        _ => return None,
    })
}

fn commands(commands: &[String]) -> String {
    match commands {
        [] => String::new(),
        _ => format!(", or\n  {}", commands.join("\n  ")),
    }
}
