//! `[poll]`: when feeds are asked.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// When feeds are asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Poll {
    /// Time between two polls of a feed. Default 15m.
    #[serde(with = "jiff::fmt::serde::unsigned_duration::friendly::compact::required")]
    pub interval: Duration,
    /// Nothing makes it shorter. Default 1m.
    #[serde(with = "jiff::fmt::serde::unsigned_duration::friendly::compact::required")]
    pub interval_min: Duration,
    /// Nothing makes it longer, neither the publisher's wish nor errors. Default 24h.
    #[serde(with = "jiff::fmt::serde::unsigned_duration::friendly::compact::required")]
    pub interval_max: Duration,
    /// Feeds asked at once. Default 32.
    pub feeds_at_once_max: usize,
    /// Requests to one host at once. Default 2.
    pub host_at_once_max: usize,
}

impl Default for Poll {
    fn default() -> Self {
        Self {
            interval: Duration::from_secs(15 * 60),
            interval_min: Duration::from_secs(60),
            interval_max: Duration::from_secs(24 * 60 * 60),
            feeds_at_once_max: 32,
            host_at_once_max: 2,
        }
    }
}
