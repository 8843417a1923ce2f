//! `[kafka]`: an Apache Kafka cluster in place of the journal.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// An Apache Kafka cluster in place of the journal.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Kafka {
    /// Brokers as `host:port,host:port`; absent, the journal is used.
    pub bootstrap: Option<String>,
    /// Partitions of each topic; fixed when the topics are made. Default 32.
    pub partitions: i32,
    /// Copies of each partition. Default 3, and what the cluster has where it has fewer brokers.
    pub replication: i32,
    /// Longest time for a commit before it counts as failed. Default 30s.
    #[serde(with = "jiff::fmt::serde::unsigned_duration::friendly::compact::required")]
    pub commit_timeout: Duration,
    /// Settings handed to librdkafka as they are (`security.protocol`, `sasl.mechanism` …), with
    /// or without quotes around their names. Passwords belong into `client-files`.
    pub client: BTreeMap<String, String>,
    /// The same, with the value in a file: name of the setting to path. For passwords.
    pub client_files: BTreeMap<String, std::path::PathBuf>,
}

impl Default for Kafka {
    fn default() -> Self {
        Self {
            bootstrap: None,
            partitions: 32,
            replication: 3,
            commit_timeout: Duration::from_secs(30),
            client: BTreeMap::new(),
            client_files: BTreeMap::new(),
        }
    }
}
