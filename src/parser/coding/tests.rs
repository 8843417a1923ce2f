//! The model and the codebook, loaded once for tests, and sentences without a parse.

mod confidence;
pub(super) mod gold;
mod plover;

use std::sync::OnceLock;

use crate::parser::codebook::Codebook;
use crate::parser::english::{English, Entities, Scratch};
use crate::parser::syntax::{Label, Sentence, Tag, Token};

pub(super) struct Tools {
    pub(super) english: English,
    pub(super) codebook: Codebook,
}

pub(super) fn tools() -> &'static Tools {
    static TOOLS: OnceLock<Tools> = OnceLock::new();
    TOOLS.get_or_init(|| Tools { english: English::embedded(), codebook: Codebook::embedded() })
}

/// Returns the text as one parsed sentence, with names.
pub(super) fn parse(text: &str) -> Sentence<'_> {
    tools().english.parse(text, 0..text.len(), &mut Scratch::default(), Entities::Find)
}

/// A sentence without a parse: every word hangs on itself.
pub(super) fn bare(text: &str) -> Sentence<'_> {
    let mut tokens = Vec::new();
    let mut start = 0;
    for word in text.split(' ') {
        if !word.is_empty() {
            tokens.push(Token {
                text: word,
                start,
                lower: word.to_lowercase(),
                lemma: word.to_lowercase(),
                tag: Tag::NN,
                head: tokens.len(),
                label: Label::Root,
            });
        }
        start += word.len() + 1;
    }
    Sentence::new(tokens, Vec::new())
}

/// xorshift64*, seeded: the same scraps in every run.
pub(super) fn random(state: &mut u64) -> usize {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    (state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize
}
