//! Documents to events: sentences, noun groups, frames of the codebook.

mod analysis;
mod context;
mod date;
mod events;
mod group;
mod party;
mod place;
mod quantity;
mod relevance;
mod role;
mod scene;
mod speech;
mod status;
mod token;

use std::ops::Range;

use self::analysis::Analysis;
use self::context::Context;
use self::events::Source;
use super::codebook::Codebook;
use super::entry::Warning;
use super::report::Report;
use super::{Document, Event, Reason};

/// What a document gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extraction {
    /// In the order of the text.
    pub events: Vec<Event>,
    /// For each of the events, why its slots hold what they hold.
    pub reasons: Vec<Vec<Reason>>,
    /// What was left out, and why (`language-unknown`, `text-too-long` …).
    pub doubts: Vec<Warning>,
}

/// The event extractor: a compiled codebook, made once and shared.
#[derive(Debug)]
pub struct Parser {
    codebook: Codebook,
}

impl Parser {
    /// Returns the parser with the codebook that is built in.
    pub fn embedded() -> Self {
        Self { codebook: Codebook::embedded() }
    }

    /// Returns the events of the document.
    ///
    /// Events come from the text; a document without text gives those of its title. Never fails:
    /// what is not read is told in the doubts. Time is linear in the length of the text.
    pub fn extract(&self, document: &Document) -> Extraction {
        let report = Report::of(document, |name| self.codebook.known(name));
        let Report { title, text, in_title, doubts, .. } = report;
        if report.sentences.is_empty() || !self.codebook.has_trigger(text) {
            return Extraction { doubts, ..Extraction::default() };
        }
        let analyses = |text, ranges: Vec<Range<usize>>| -> Vec<Analysis<'_>> {
            ranges
                .into_iter()
                .map(|range| Analysis::new(&self.codebook, text, range, document.published))
                .collect()
        };
        let headline = analyses(title, report.headline);
        let sentences = analyses(text, report.sentences);
        let events = self.events(text, &headline, &sentences, in_title);
        let reasons = vec![Vec::new(); events.len()];
        Extraction { events, reasons, doubts }
    }

    fn events(
        &self,
        text: &str,
        headline: &[Analysis<'_>],
        sentences: &[Analysis<'_>],
        in_title: bool,
    ) -> Vec<Event> {
        if !relevance::is_relevant(&self.codebook, headline, sentences) {
            return Vec::new();
        }
        let mut context = Context::of(&self.codebook, headline, sentences);
        let mut events = Vec::new();
        let (mut byte, mut point) = (0, 0);
        for sentence in sentences {
            point += text[byte..sentence.range.start].chars().count();
            let start = point;
            point += text[sentence.range.clone()].chars().count();
            byte = sentence.range.end;
            let source = Source { text, start, end: point, in_title };
            events.extend(events::events(&self.codebook, sentence, &mut context, source));
        }
        events
    }
}

#[cfg(test)]
mod tests;
