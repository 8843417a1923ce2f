//! Why no answer came.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use super::guard::{NotAnAddress, Refusal};

/// Why no answer came, or why there is no client to ask with.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// An entry of `fetch.allow` is none.
    #[error("fetch.allow: {0}")]
    Allow(#[from] NotAnAddress),
    /// `fetch.ca-file` is not there, or may not be read.
    #[error("cannot read fetch.ca-file {}", path.display())]
    CaFileUnread {
        /// As configured.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// `fetch.ca-file` is not what it should be.
    #[error("fetch.ca-file {} holds no certificate in PEM form (BEGIN CERTIFICATE)", path.display())]
    CaFileEmpty {
        /// As configured.
        path: PathBuf,
    },
    /// The rest of what can be wrong with the settings or the system.
    #[error("cannot set up the HTTP client: {reason}")]
    Setup {
        /// What, and what to do.
        reason: String,
    },
    /// The guard refuses the address, or one that its name resolves to.
    #[error("{url} is not asked: {why}")]
    Refused {
        /// The hop.
        url: String,
        /// Which rule.
        why: Refusal,
    },
    /// The name has no address, or the resolver does not answer.
    #[error("cannot look up {host}: {reason}")]
    Name {
        /// The name.
        host: String,
        /// What the resolver says.
        reason: String,
    },
    /// Nobody takes the connection.
    #[error("cannot connect to {host}: {reason}")]
    Connect {
        /// Name and port.
        host: String,
        /// What the system says.
        reason: String,
    },
    /// The server does not prove who it is, or cannot agree on how to.
    #[error("no secure connection to {host}: {reason}")]
    Tls {
        /// Name and port.
        host: String,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// Too slow.
    #[error("{phase} within {after:?}")]
    TimedOut {
        /// What was waited for.
        phase: Phase,
        /// The setting.
        after: Duration,
    },
    /// The connection ended early, or what came is not HTTP.
    #[error("the answer of {host} broke off: {reason}")]
    Broken {
        /// Name and port.
        host: String,
        /// What is wrong.
        reason: String,
    },
    /// More bytes than `fetch.body-bytes-max`.
    #[error("the body is larger than fetch.body-bytes-max, {bytes_max} bytes")]
    TooLarge {
        /// The setting.
        bytes_max: usize,
    },
    /// A few bytes that decode to very many: made to harm.
    #[error("the body is a bomb: {received} bytes of {coding} give more than {decoded}")]
    Bomb {
        /// Content coding.
        coding: &'static str,
        /// Bytes as sent.
        received: usize,
        /// Bytes when it was given up.
        decoded: usize,
    },
    /// A content coding that was not asked for.
    #[error("the body has the content coding {coding:?}; asked for: gzip, br, zstd, deflate")]
    Coding {
        /// As sent.
        coding: String,
    },
    /// The body is not what its content coding says, or is cut.
    #[error("the body is broken {coding}: {reason}")]
    Decoding {
        /// Content coding.
        coding: &'static str,
        /// What the decoder says.
        reason: String,
    },
    /// More redirects than `fetch.redirects-max`.
    #[error("more redirects than fetch.redirects-max, {redirects_max}, the last to {url}")]
    TooManyRedirects {
        /// The setting.
        redirects_max: usize,
        /// Where the next would lead.
        url: String,
    },
    /// Redirects that come back to where they were.
    #[error("the redirects go round in a circle: {url} was asked before")]
    RedirectLoop {
        /// Where the circle closes.
        url: String,
    },
    /// From https to http.
    #[error("{from} redirects to {to}, which is not encrypted; if that is right, poll it itself")]
    Downgrade {
        /// The hop.
        from: String,
        /// Where it leads.
        to: String,
    },
    /// A `Location` that is no address.
    #[error("{from} redirects to {location:?}, which is no address: {reason}")]
    Location {
        /// The hop.
        from: String,
        /// As sent.
        location: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// What was waited for in vain; reads as the beginning of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// From look-up to connection.
    Connect,
    /// From the question to the end of the headers.
    Headers,
    /// The next bytes of the body.
    Body,
    /// All of it, redirects included.
    Total,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "no connection",
            Self::Headers => "no headers",
            Self::Body => "no more of the body",
            Self::Total => "no complete answer",
        })
    }
}

impl FetchError {
    /// Returns a short stable name of the situation, for counting.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Allow(_)
            | Self::CaFileUnread { .. }
            | Self::CaFileEmpty { .. }
            | Self::Setup { .. } => "setup",
            Self::Refused { why: Refusal::Scheme(_) | Refusal::Host, .. } => "refused-scheme",
            Self::Refused { why: Refusal::Port(_), .. } => "refused-port",
            Self::Refused { why: Refusal::Address { .. }, .. } => "refused-address",
            Self::Name { .. } => "name",
            Self::Connect { .. } => "connect",
            Self::Tls { .. } => "tls",
            Self::TimedOut { phase: Phase::Connect, .. } => "timeout-connect",
            Self::TimedOut { phase: Phase::Headers, .. } => "timeout-headers",
            Self::TimedOut { phase: Phase::Body, .. } => "timeout-body",
            Self::TimedOut { phase: Phase::Total, .. } => "timeout-total",
            Self::Broken { .. } => "broken",
            Self::TooLarge { .. } => "too-large",
            Self::Bomb { .. } => "bomb",
            Self::Coding { .. } => "coding",
            Self::Decoding { .. } => "decoding",
            Self::TooManyRedirects { .. } => "redirects-too-many",
            Self::RedirectLoop { .. } => "redirect-loop",
            Self::Downgrade { .. } => "redirect-downgrade",
            Self::Location { .. } => "redirect-location",
        }
    }

    /// Returns whether it is about the settings, before anything was asked.
    pub fn is_configuration(&self) -> bool {
        matches!(
            self,
            Self::Allow(_)
                | Self::CaFileUnread { .. }
                | Self::CaFileEmpty { .. }
                | Self::Setup { .. }
        )
    }

    /// Returns whether it often passes by itself, so that asking again soon makes sense.
    pub fn is_temporary(&self) -> bool {
        matches!(
            self,
            Self::Name { .. }
                | Self::Connect { .. }
                | Self::TimedOut { .. }
                | Self::Broken { .. }
                | Self::Decoding { .. }
        )
    }
}
