//! Places: which words of a sentence tell where, and in which states that is.

mod border;
mod grounds;
mod reader;
mod site;
#[cfg(test)]
mod tests;

use std::ops::Range;

pub(super) use self::grounds::Grounds;
pub(super) use self::site::{Happening, Site};
use super::analysis::Analysis;
use crate::parser::Point;
use crate::parser::codebook::{Codebook, Id, PlaceIndex, Way};

/// Words about a place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PlaceMention {
    /// The noun phrase, without the preposition before it.
    pub(super) tokens: Range<usize>,
    /// The noun that the others hang on.
    pub(super) head: usize,
    /// The preposition before it, or the verb that it is the object of.
    pub(super) governor: Option<usize>,
    pub(super) way: Way,
    /// The states that it lies in or between, as far as the words and the document tell.
    pub(super) countries: Vec<Id>,
    pub(super) is_border: bool,
    /// Stands before a noun that is no place ("Texas lawmakers").
    pub(super) is_weak: bool,
    /// Stands in capitals at the head of the text, where the report was written.
    pub(super) is_dateline: bool,
    /// The place of the gazetteer that it names.
    pub(super) place: Option<PlaceIndex>,
    pub(super) point: Option<Point>,
    /// The rule that found it.
    pub(super) rule: &'static str,
}

/// Returns the places of the sentence, in its order.
///
/// What the words leave open ("the border", "its islands") is filled from the document.
pub(super) fn places(
    codebook: &Codebook,
    analysis: &Analysis<'_>,
    grounds: &Grounds,
) -> Vec<PlaceMention> {
    reader::Reader { codebook, analysis, grounds }.places()
}
