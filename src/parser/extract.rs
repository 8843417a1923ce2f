//! Documents to events: sentences, noun groups, frames of the codebook.

mod examples;

use super::codebook::{Codebook, CodebookError, CodebookFile};
use super::coding::{Coder, Scope};
use super::entry::Warning;
use super::report::Report;
use super::{Document, Event, Reason};

pub use self::examples::{Miss, Trial};

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

    /// Returns the parser with files over the codebook that is built in.
    ///
    /// They may add words to classes, actors, places and frames; a frame of a name that is known
    /// takes the place of that one.
    ///
    /// # Errors
    /// All that is wrong in the files, each with its line and what to do.
    pub fn with_codebook(files: &[CodebookFile]) -> Result<Self, CodebookError> {
        Ok(Self { coder: Coder::new(Codebook::with(files)?) })
    }

    /// Returns the events of the document.
    ///
    /// Events come from the text; a document without text gives those of its title. Never fails:
    /// what is not read is told in the doubts. Time is linear in the length of the text.
    pub fn extract(&self, document: &Document) -> Extraction {
        let report = Report::of(document, |name| self.coder.codebook.known(name));
        let (events, reasons) = if self.coder.codebook.may_tell(report.title, report.text) {
            self.coder.events(&report, document.published, Scope::Borders).into_iter().unzip()
        } else {
            (Vec::new(), Vec::new())
        };
        let doubts = report.doubts;
        Extraction { events, reasons, doubts }
    }
}

#[cfg(test)]
mod tests;
