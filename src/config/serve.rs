//! `[serve]`: health and metrics.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

/// Health and metrics.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Serve {
    /// Address of `/livez`, `/readyz` and `/metrics`. Default 127.0.0.1:9464.
    pub listen: SocketAddr,
}

impl Default for Serve {
    fn default() -> Self {
        Self { listen: SocketAddr::from(([127, 0, 0, 1], 9464)) }
    }
}
