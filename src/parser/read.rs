//! Bytes of a capture to entries.
//!
//! Bytes become UTF-8 (`decode`), then a walk that is made for broken documents reads RSS, Atom and
//! CDF (`xml`), or JSON Feed is mended and read by feed-rs (`json`).
//!
//! Why not feed-rs for XML too: it refuses a whole feed for one bad element, knows no namespace but
//! the right one, and carries neither `rdf:about` nor which date was which. A pass that mends all
//! that has to know each field already. And a document that is broken now and then must give the
//! same entries then and now, so one reader has to read both states. The tests hold it to what
//! feed-rs finds in documents that are fine.
//!
//! Codes of warnings, for counting:
//! - of the bytes: `charset-conflict`, `charset-guessed`, `charset-unknown`, `control-character`;
//! - of the document: `junk-before`, `junk-after`, `truncated`, `undeclared-namespace`,
//!   `too-many-entries`, `too-deep`, `bad-entry`, and `no-entries-though-items`, the alarm: entries
//!   are in the bytes and none came out;
//! - of an element, in its entry or in the channel: `bad-date`, `bad-link`, `bad-base`,
//!   `bad-field`, `content-type`, `bare-ampersand`, `unknown-entity`, `bad-reference`,
//!   `unclosed-element`, `unclosed-cdata`, `unclosed-entry`.

mod date;
mod decode;
mod draft;
mod inner;
mod json;
mod link;
mod namespace;
mod page;
mod vocabulary;
mod xml;

use std::borrow::Cow;
use std::panic::{self, AssertUnwindSafe};

use self::xml::{Miss, Origin};
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
/// [`NotAFeed`], when there is no feed in the bytes; anything less is a warning. A bug that panics
/// in here is one too: it costs this document, not the process.
pub fn read(capture: &Capture) -> Result<Reading, NotAFeed> {
    panic::catch_unwind(AssertUnwindSafe(|| read_body(capture))).unwrap_or_else(|_| {
        Err(NotAFeed::Unknown("the reader panicked on this document, which is a bug of it".into()))
    })
}

fn read_body(capture: &Capture) -> Result<Reading, NotAFeed> {
    let (text, oddities) = decode::decode(&capture.body, capture.header("content-type"));
    if text.trim().is_empty() {
        return Err(NotAFeed::Empty);
    }
    let origin = origin(capture);
    let mut reading = if text.trim_start().starts_with(['{', '[']) {
        json::read(&text, &origin).map_err(NotAFeed::Unknown)?
    } else {
        xml::read(&text, &origin).map_err(|miss| match miss {
            Miss::Page => NotAFeed::Page { feeds: page::feeds(&text, &capture.url) },
            Miss::Root(name) => {
                NotAFeed::Unknown(format!("no feed: the first element is `{}`", shortened(&name)))
            }
            Miss::NoElement => {
                NotAFeed::Unknown(format!("no feed: it begins with `{}`", shortened(text.trim())))
            }
        })?
    };
    reading.warnings.splice(0..0, oddities);
    if reading.entries.is_empty() && (text.contains("<item") || text.contains("<entry")) {
        let detail = "`<item` or `<entry` occurs, and no entry was found";
        reading.warnings.push(xml::warning("no-entries-though-items", detail));
    }
    Ok(reading)
}

/// Returns what the response says about the document.
///
/// Source: RFC 9110 §8.7 (`Content-Location`), §8.5 (`Content-Language`).
fn origin(capture: &Capture) -> Origin {
    let location = capture.header("content-location");
    let base = location.and_then(|location| link::base(location, Some(&capture.url)));
    let language = capture.header("content-language").map(str::trim);
    // Several languages are those of the audience, not of the text.
    let language = language.filter(|language| !language.is_empty() && !language.contains(','));
    Origin {
        base: base.unwrap_or_else(|| capture.url.clone()),
        language: language.map(str::to_owned),
    }
}

fn shortened(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(60) {
        Some((end, _)) => Cow::Owned(format!("{} …", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests;
