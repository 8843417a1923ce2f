//! An entry: one item of a feed, whatever format it came in.

use std::fmt;

use jiff::Timestamp;

/// What a feed says about itself. Texts are plain, absent values `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Channel {
    /// The feed's own id (Atom `id`, JSON Feed `feed_url`); never our key.
    pub id: Option<String>,
    /// Plain text.
    pub title: Option<String>,
    /// The site that the feed belongs to, absolute.
    pub link: Option<String>,
    /// Subtitle or description.
    pub description: Option<String>,
    /// BCP 47 tag as written.
    pub language: Option<String>,
    /// When it last changed, as it says.
    pub updated: Option<Timestamp>,
    /// How long it wants to be left alone, in minutes (RSS `ttl`, `sy:updatePeriod`).
    pub ttl_minutes: Option<u32>,
}

/// One item of a feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The identity that the format gives (RSS `guid`, Atom `id`, RSS 1.0 `rdf:about`, JSON Feed
    /// `id`), `None` where it gives none: nothing is made up here.
    pub id: Option<String>,
    /// Plain text: no markup, entities resolved, whitespace collapsed.
    pub title: Option<String>,
    /// Absolute address of the page.
    pub link: Option<String>,
    /// When it says it was published, in UTC; `None` when unreadable or not told, never "now".
    pub published: Option<Timestamp>,
    /// When it says it was changed, in UTC.
    pub updated: Option<Timestamp>,
    /// Summary with its markup as sent.
    pub summary: Option<String>,
    /// Full text with its markup as sent.
    pub content: Option<String>,
    /// Names, in order.
    pub authors: Vec<String>,
    /// Terms, in order.
    pub categories: Vec<String>,
    /// BCP 47 tag of this entry, or of what it stands in.
    pub language: Option<String>,
    /// What was wrong with this entry and what was done about it.
    pub warnings: Vec<Warning>,
}

/// Something in the input that was not as the format says, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Warning {
    /// Short and stable, for counting: `bad-date`, `charset-conflict`, `undeclared-namespace` …
    pub code: &'static str,
    /// For a person: what, where, and what was done.
    pub detail: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.detail)
    }
}
