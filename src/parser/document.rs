//! A document: the plain text of an entry, or any text that somebody hands to the parser.

use jiff::civil::Date;

/// A text to extract events from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// The caller's name for it; given back, otherwise unused.
    pub id: String,
    /// Headline, plain text.
    pub title: Option<String>,
    /// Plain text, a paragraph a line; all offsets are Unicode code points of it.
    pub text: String,
    /// Day of publication, against which "yesterday" is resolved; `None` leaves such dates open.
    pub published: Option<Date>,
    /// BCP 47 tag where it is known.
    pub language: Option<String>,
}

impl Document {
    /// Returns the text of an entry, its id left empty.
    pub fn from_entry(entry: &super::Entry) -> Self {
        Self {
            title: entry.title.clone(),
            text: entry.content.clone().or(entry.summary.clone()).unwrap_or_default(),
            ..Self::default()
        }
    }
}
