//! Documents to events: sentences, noun groups, frames of the codebook.

mod analysis;
mod context;
mod date;
mod events;
mod group;
mod language;
mod party;
mod place;
mod quantity;
mod relevance;
mod role;
mod scene;
mod sentence;
mod speech;
mod status;
mod token;

use self::analysis::Analysis;
use self::context::Context;
use self::events::Source;
use super::codebook::Codebook;
use super::entry::Warning;
use super::{Document, Event, Reason};

/// Longest text that is read, in bytes: the longest reports of newspapers stay below it.
pub const TEXT_BYTES_MAX: usize = 200_000;

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
        let mut doubts = Vec::new();
        let title = head(document.title.as_deref().unwrap_or(""), "title", &mut doubts);
        let text = head(&document.text, "text", &mut doubts);
        let in_title = text.trim().is_empty();
        let body = if in_title { title } else { text };
        if !language::is_english(document.language.as_deref(), body) {
            let detail = match &document.language {
                Some(tag) => format!("no codebook for the language {tag:?}; no events"),
                None => "the text is not in English; no events".to_owned(),
            };
            doubts.push(Warning { code: "language-unknown", detail });
            return Extraction { doubts, ..Extraction::default() };
        }
        if !self.codebook.has_trigger(body) {
            return Extraction { doubts, ..Extraction::default() };
        }
        let analyses = |text| -> Vec<Analysis<'_>> {
            sentence::sentences(text)
                .into_iter()
                .map(|range| Analysis::new(&self.codebook, text, range, document.published))
                .collect()
        };
        let headline = if in_title { Vec::new() } else { analyses(title) };
        let sentences = analyses(body);
        let events = self.events(body, &headline, &sentences, in_title);
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

/// Returns what is read of a text, and doubts the rest.
fn head<'t>(text: &'t str, name: &str, doubts: &mut Vec<Warning>) -> &'t str {
    if text.len() <= TEXT_BYTES_MAX {
        return text;
    }
    let cut = text.floor_char_boundary(TEXT_BYTES_MAX);
    let detail = format!("the {name} has {} bytes; the first {cut} were read", text.len());
    doubts.push(Warning { code: "text-too-long", detail });
    &text[..cut]
}

#[cfg(test)]
mod tests;
