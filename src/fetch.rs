//! Asking a feed over HTTP: one request in, one capture out, or an error that says what to do.
//!
//! The only folder that knows reqwest. A [`Client`] keeps connections; [`Client::get`] follows
//! redirects itself and has each of them, and each address that a name resolves to, pass the
//! [`Guard`], so that no publisher can make the daemon ask a machine of its owner's network.
//! Bodies are decoded here, under a limit of bytes and of ratio.
//!
//! The environment's proxies are used (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`).
//! A proxy resolves names itself, so behind one the guard sees schemes, ports and literal
//! addresses, but not where a name leads: the proxy has to refuse private addresses then.

mod body;
mod challenge;
mod client;
mod error;
mod guard;
mod resolver;

use std::net::SocketAddr;
use std::time::Duration;

use url::Url;

pub use self::challenge::challenge;
pub use self::client::Client;
pub use self::error::{FetchError, Phase};
pub use self::guard::{Guard, NotAnAddress, Refusal};

use crate::capture::Capture;

/// What to ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// `http` or `https`. A user and password in it are sent to this origin alone, and stand in
    /// no capture, hop or error.
    pub url: Url,
    /// `ETag` of the last answer, verbatim; sent as `If-None-Match`.
    pub etag: Option<String>,
    /// `Last-Modified` of the last answer, verbatim; sent as `If-Modified-Since`.
    pub last_modified: Option<String>,
}

impl Request {
    /// Returns a request without conditions.
    pub fn of(url: Url) -> Self {
        Self { url, etag: None, last_modified: None }
    }
}

/// An answer, whatever its status, and the way to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// The last answer. The body of one that is no success is cut at 64 KiB.
    pub capture: Capture,
    /// All answers in order: the redirects, then the one that was captured.
    pub hops: Vec<Hop>,
    /// From the first look-up to the last byte.
    pub elapsed: Duration,
}

/// One answer on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// What was asked.
    pub url: Url,
    /// What it answered.
    pub status: u16,
    /// Who answered: the server, or the proxy before it.
    pub address: Option<SocketAddr>,
    /// From the question to the end of the headers.
    pub elapsed: Duration,
}
