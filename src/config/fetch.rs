//! `[fetch]`: how feeds are asked.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How feeds are asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Fetch {
    /// Longest time from look-up to connection. Default 10s.
    #[serde(with = "jiff::fmt::serde::unsigned_duration::friendly::compact::required")]
    pub connect_timeout: Duration,
    /// Longest time without a byte. Default 15s.
    #[serde(with = "jiff::fmt::serde::unsigned_duration::friendly::compact::required")]
    pub read_timeout: Duration,
    /// Longest time for the whole, redirects included. Default 60s.
    #[serde(with = "jiff::fmt::serde::unsigned_duration::friendly::compact::required")]
    pub total_timeout: Duration,
    /// Largest body after decoding, in bytes. Default 8 MiB.
    pub body_bytes_max: usize,
    /// Redirects followed. Default 10.
    pub redirects_max: usize,
    /// What we say we are. Default `borderwire/VERSION`.
    pub user_agent: String,
    /// Addresses that may be asked although they are not public, as CIDR blocks or host names;
    /// loopback and private networks are refused otherwise. Default none.
    pub allow: Vec<String>,
    /// Certificates to trust besides those of the system, as PEM. Default none.
    pub ca_file: Option<PathBuf>,
}

impl Default for Fetch {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(15),
            total_timeout: Duration::from_secs(60),
            body_bytes_max: 8 << 20,
            redirects_max: 10,
            user_agent: concat!("borderwire/", env!("CARGO_PKG_VERSION")).to_owned(),
            allow: Vec::new(),
            ca_file: None,
        }
    }
}
