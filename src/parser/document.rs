//! A document: the plain text of an entry, or any text that somebody hands to the parser.

use jiff::civil::Date;
use jiff::tz::Offset;
use unicode_normalization::UnicodeNormalization;

use super::{Entry, html};

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
    /// Returns the text of the entry: its full text or its summary, whichever says more, a
    /// paragraph or heading a line, in NFC. `id` is left empty for the caller.
    ///
    /// An entry that has a title alone gives an empty text. The day is that of publication in UTC,
    /// of the last change where no other is told.
    pub fn from_entry(entry: &Entry) -> Self {
        let read = |markup: &Option<String>| markup.as_deref().map(html::text).unwrap_or_default();
        let (content, summary) = (read(&entry.content), read(&entry.summary));
        let text = if content.len() >= summary.len() { content } else { summary };
        Self {
            id: String::new(),
            title: entry.title.as_deref().map(|title| title.nfc().collect()),
            text: text.nfc().collect(),
            published: entry
                .published
                .or(entry.updated)
                .map(|instant| Offset::UTC.to_datetime(instant).date()),
            language: entry.language.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(summary: Option<&str>, content: Option<&str>, expected: &str) {
        let entry = Entry {
            summary: summary.map(str::to_owned),
            content: content.map(str::to_owned),
            ..Entry::default()
        };
        assert_eq!(Document::from_entry(&entry).text, expected, "{summary:?} {content:?}");
    }

    #[test]
    fn the_longer_of_summary_and_content_is_the_text() {
        let full = "<p>Two boats were stopped.</p><p>Nobody was hurt.</p>";
        check(Some("Two boats"), Some(full), "Two boats were stopped.\nNobody was hurt.");
        check(
            Some("Two boats were stopped at sea."),
            Some("<img src=x>"),
            "Two boats were stopped at sea.",
        );
        check(Some("Two boats"), None, "Two boats");
        check(None, None, "");
    }

    #[test]
    fn texts_are_normalized_and_the_day_is_that_of_utc() {
        let entry = Entry {
            title: Some("Cafe\u{301}".into()),
            summary: Some("e\u{301}tat&nbsp;d&#8217;urgence".into()),
            published: Some("2026-11-23T23:30:00-02:00".parse().unwrap()),
            updated: Some("2026-12-01T00:00:00Z".parse().unwrap()),
            language: Some("fr".into()),
            ..Entry::default()
        };
        let expected = Document {
            id: String::new(),
            title: Some("Café".into()),
            text: "état d’urgence".into(),
            published: Some("2026-11-24".parse().unwrap()),
            language: Some("fr".into()),
        };
        assert_eq!(Document::from_entry(&entry), expected);
    }
}
