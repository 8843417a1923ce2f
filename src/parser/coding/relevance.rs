//! Whether a document is about borders at all.

use std::collections::HashSet;

use super::analysis::Analysis;
use crate::parser::codebook::{Class, Codebook};

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
    let mut states = HashSet::new();
    for sentence in headline.iter().chain(sentences) {
        for hit in &sentence.hits {
            let is_about =
                hit.entry.class.meets(strong) || sentence.names_border(hit.tokens.clone());
            about += usize::from(is_about);
            fights += usize::from(hit.entry.class.meets(conflict));
            states.extend(hit.entry.countries.iter().copied());
        }
        off += sentence
            .sentence
            .tokens
            .iter()
            .filter(|token| codebook.words.off_topic.contains(&token.lower))
            .count();
    }
    let is_short = sentences.len() <= 2;
    let is_conflict = (fights >= 2 || fights == 1 && is_short) && states.len() >= 2;
    (about > 0 || is_conflict) && off <= about + if is_conflict { fights } else { 0 }
}
