//! A document as it is read: its headline, its sentences, where it was written, and doubts.

use std::ops::Range;

use super::Document;
use super::entry::Warning;
use super::language::{Language, language};
use super::sentence::{SENTENCE_BYTES_MAX, SENTENCE_WORDS_MAX, sentences};
use super::text::{self, Dateline, Known, Readable};

/// Longest text that is read, in bytes: the longest reports of newspapers stay below it.
pub(in crate::parser) const TEXT_BYTES_MAX: usize = 200_000;

/// What of a document is read; all ranges are bytes.
#[derive(Clone, Debug, Default)]
pub(in crate::parser) struct Report<'d> {
    /// The title, as far as it is read.
    pub(in crate::parser) title: &'d str,
    /// Sentences of the title, for context; empty where the text is the title.
    pub(in crate::parser) headline: Vec<Range<usize>>,
    /// What events are read from: the text, or the title of a document that has no text.
    pub(in crate::parser) text: &'d str,
    /// Sentences of the text, in order; none where it is in a language that nobody here knows.
    pub(in crate::parser) sentences: Vec<Range<usize>>,
    /// Where it says that it was written, nearly always none or one.
    pub(in crate::parser) datelines: Vec<Dateline>,
    /// The text is the title.
    pub(in crate::parser) in_title: bool,
    /// `text-too-long`, `language-unknown`, `sentence-too-long`.
    pub(in crate::parser) doubts: Vec<Warning>,
}

impl<'d> Report<'d> {
    /// Reads the document; `known` is asked for names at the heads of its lines.
    ///
    /// Time is linear in the length of the document, which is read up to [`TEXT_BYTES_MAX`].
    pub(in crate::parser) fn of(document: &'d Document, known: impl Fn(&str) -> Known) -> Self {
        let mut report = Self::default();
        report.title = report.head(document.title.as_deref().unwrap_or(""), "title");
        report.text = report.head(&document.text, "text");
        report.in_title = report.text.trim().is_empty();
        let headline = text::headline(report.title, &known);
        let body = if report.in_title {
            report.text = report.title;
            headline.clone()
        } else {
            text::readable(report.text, &known)
        };
        let first = body.passages.first().map_or(0, |passage| passage.start);
        let title = if report.in_title { "" } else { report.title };
        let language = language(document.language.as_deref(), title, &report.text[first..]);
        if let Language::Unknown(name) = language {
            let detail = format!("no codebook for {name}; no events");
            report.doubts.push(Warning { code: "language-unknown", detail });
            return report;
        }
        if !report.in_title {
            report.headline = report.divided(report.title, &headline);
        }
        report.sentences = report.divided(report.text, &body);
        report.datelines = body.datelines;
        report
    }

    /// Returns what is read of a text, and doubts the rest.
    fn head<'t>(&mut self, text: &'t str, name: &str) -> &'t str {
        if text.len() <= TEXT_BYTES_MAX {
            return text;
        }
        let cut = text.floor_char_boundary(TEXT_BYTES_MAX);
        let detail = format!("the {name} has {} bytes; the first {cut} were read", text.len());
        self.doubts.push(Warning { code: "text-too-long", detail });
        &text[..cut]
    }

    /// Returns the sentences of all passages, and doubts those that had to be cut.
    fn divided(&mut self, text: &str, readable: &Readable) -> Vec<Range<usize>> {
        let mut too_long = 0;
        let mut ranges = Vec::new();
        for passage in &readable.passages {
            let found = sentences(text, passage.clone());
            too_long += found.too_long;
            ranges.extend(found.ranges);
        }
        if too_long > 0 {
            let detail = format!(
                "{too_long} with more than {SENTENCE_WORDS_MAX} words or {SENTENCE_BYTES_MAX} \
                 bytes, read in pieces"
            );
            self.doubts.push(Warning { code: "sentence-too-long", detail });
        }
        ranges
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parser::chance::{PIECES, Random, assert_in_order};

    fn document(title: &str, text: &str) -> Document {
        Document { title: Some(title.into()), text: text.into(), ..Document::default() }
    }

    fn known(name: &str) -> Known {
        if name == "ATHENS" { Known::Place } else { Known::Unknown }
    }

    #[test]
    fn a_document_is_read_without_its_noise() {
        let document = document(
            "Guards see a boat | Border Daily",
            "By Jane Doe\nATHENS (AP) – Guards saw a boat. It sank.\nAdvertisement\nNobody died.",
        );
        let report = Report::of(&document, known);
        let words = |text: &str, ranges: &[Range<usize>]| -> Vec<String> {
            ranges.iter().map(|range| text[range.clone()].to_owned()).collect()
        };
        assert_eq!(words(report.title, &report.headline), ["Guards see a boat"]);
        let sentences = words(report.text, &report.sentences);
        assert_eq!(sentences, ["Guards saw a boat.", "It sank.", "Nobody died."]);
        assert_eq!(report.datelines.len(), 1);
        assert!(report.doubts.is_empty() && !report.in_title);
    }

    #[test]
    fn the_title_stands_in_for_a_text_that_is_missing() {
        let document = document("Guards see a boat | Border Daily", " \n");
        let report = Report::of(&document, known);
        assert!(report.in_title && report.headline.is_empty());
        assert_eq!(
            (report.text, &report.sentences[..]),
            (report.title, std::slice::from_ref(&(0..17)))
        );
    }

    #[test]
    fn what_is_not_read_is_told() {
        let cases = [
            ("language-unknown", "Poliția de frontieră a oprit treizeci de oameni.".to_owned()),
            ("sentence-too-long", "the guards saw a boat and ".repeat(100)),
            ("text-too-long", "The guards saw a boat. ".repeat(10_000)),
        ];
        for (code, text) in cases {
            let document = document("", &text);
            let codes: Vec<_> =
                Report::of(&document, known).doubts.iter().map(|d| d.code).collect();
            assert_eq!(codes, [code]);
        }
    }

    #[test]
    fn sentences_of_any_text_are_in_order() {
        let mut random = Random(10_112_021);
        for _ in 0..1_000 {
            let document = document(&random.text(PIECES, 12), &random.text(PIECES, 60));
            let report = Report::of(&document, known);
            assert_in_order(report.text, &report.sentences);
            assert_in_order(report.title, &report.headline);
        }
    }
}
