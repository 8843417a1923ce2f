//! `[journal]`: the embedded default.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

/// The embedded default, in use while `[kafka] bootstrap` is absent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Journal {
    /// Where Kafka clients read. It has no passwords: keep it on loopback, or behind a firewall.
    /// Default 127.0.0.1:9092.
    pub listen: SocketAddr,
    /// Host name that clients are told to come back to. Default: the address they came in by.
    pub advertise: Option<String>,
    /// Partitions of each topic; fixed when the journal is made. Default 8.
    pub partitions: i32,
    /// Clients at once. Default 256.
    pub connections_max: usize,
}

impl Default for Journal {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 9092)),
            advertise: None,
            partitions: 8,
            connections_max: 256,
        }
    }
}
