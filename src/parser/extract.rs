//! Documents to events.

use super::entry::Warning;
use super::{Document, Event};

/// What a document gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extraction {
    /// In the order of the text.
    pub events: Vec<Event>,
    /// What was left out, and why (`language-unknown`, `text-too-long` …).
    pub doubts: Vec<Warning>,
}

/// The event extractor: a compiled codebook, made once and shared.
#[derive(Debug)]
pub struct Parser {
    _codebook: (),
}

impl Parser {
    /// Returns the parser with the codebook that is built in.
    pub fn embedded() -> Self {
        Self { _codebook: () }
    }

    /// Returns the events of the document.
    pub fn extract(&self, _document: &Document) -> Extraction {
        Extraction::default()
    }
}
