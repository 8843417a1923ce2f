//! Bytes of a capture to entries.

use super::entry::{Channel, Entry, Warning};
use crate::capture::Capture;

/// What a capture's body held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The feed about itself.
    pub channel: Channel,
    /// In the order of the document.
    pub entries: Vec<Entry>,
    /// What was wrong with the feed as a whole.
    pub warnings: Vec<Warning>,
}

/// The bytes are no feed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAFeed {
    /// Nothing but white space.
    #[error("the body is empty")]
    Empty,
    /// A page for people, with the feeds that it links to.
    #[error("this is an HTML page{}", links(.feeds))]
    Page {
        /// Absolute addresses.
        feeds: Vec<String>,
    },
    /// Neither XML nor JSON of a known form.
    #[error("{0}")]
    Unknown(String),
}

fn links(feeds: &[String]) -> String {
    if feeds.is_empty() { String::new() } else { format!("; it links to {}", feeds.join(", ")) }
}

/// Returns the feed that the capture's body holds.
///
/// # Errors
/// [`NotAFeed`], when there is no feed in the bytes; anything less is a warning.
pub fn read(_capture: &Capture) -> Result<Reading, NotAFeed> {
    Err(NotAFeed::Empty)
}
