//! Documents to events: sentences, noun groups, frames of the codebook.

pub(super) mod language;
pub(super) mod sentence;

use super::codebook::Codebook;
use super::coding::{Coder, Input, Scope};
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
    coder: Coder,
}

impl Parser {
    /// Returns the parser with the codebook that is built in.
    pub fn embedded() -> Self {
        Self { coder: Coder::new(Codebook::embedded()) }
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
        if !self.coder.codebook.may_tell(title, body) {
            return Extraction { doubts, ..Extraction::default() };
        }
        let published = document.published;
        let input = Input { title, body, in_title, published, scope: Scope::Borders };
        let (events, reasons) = self.coder.events(input).into_iter().unzip();
        Extraction { events, reasons, doubts }
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
