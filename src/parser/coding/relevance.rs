//! Whether a document is about borders at all.

use std::collections::HashSet;

use super::analysis::Analysis;
use crate::parser::codebook::{Class, Codebook, Sort};

/// Boats, camps, cells and nationals that together are about people who move.
const HINTS: usize = 3;

/// Returns whether the document is about borders, people who cross them, or states that fight over
/// them, more than about what borrows their words.
pub(super) fn is_relevant(
    codebook: &Codebook,
    headline: &[Analysis<'_>],
    sentences: &[Analysis<'_>],
) -> bool {
    let strong: Class = codebook.lexicon.classes(["border", "migration", "migrant"]);
    let conflict = codebook.lexicon.class("conflict");
    let (mut about, mut fights, mut off) = (0_usize, 0_usize, 0_usize);
    let mut hints = 0_usize;
    let hint = codebook.lexicon.classes(["boat", "camp", "custody"]);
    let mut states = HashSet::new();
    for sentence in headline.iter().chain(sentences) {
        for hit in &sentence.hits {
            let is_about =
                hit.entry.class.meets(strong) || sentence.names_border(hit.tokens.clone());
            // "A cross-border merger" is about no border.
            let start = hit.tokens.start;
            let is_cross =
                |at: usize| sentence.lower(at) == "cross" && sentence.lower(at + 1) == "-";
            let is_adjective = is_cross(start) || start >= 2 && is_cross(start - 2);
            about += usize::from(is_about && !is_adjective);
            fights += usize::from(hit.entry.class.meets(conflict));
            hints += usize::from(hit.entry.sort == Sort::Nationals || hit.entry.class.meets(hint));
            states.extend(hit.entry.countries.iter().copied());
        }
        off += sentence
            .sentence
            .tokens
            .iter()
            .filter(|token| codebook.words.off_topic.contains(&token.lower))
            .count();
    }
    // "Another 177 Cubans were stopped at sea": nobody says that they are migrants.
    about += usize::from(about == 0 && hints >= HINTS);
    let is_short = sentences.len() <= 2;
    let is_conflict = (fights >= 2 || fights == 1 && is_short) && states.len() >= 2;
    if about == 0 {
        // Fights alone are also those of banks and clubs.
        return is_conflict && 2 * off <= fights;
    }
    off <= about + if is_conflict { fights } else { 0 }
}
