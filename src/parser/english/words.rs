//! Words met so far, each with a number and the features that the networks see.

use std::collections::HashMap;

use super::hash::string_id;
use super::tokenizer::{After, Piece, Tokenizer};
use super::vectors::Features;

/// Words that are kept; a sentence with more than are left is still numbered to its end.
const WORDS_MAX: usize = 16_384;
/// Bytes of text that are kept.
const BYTES_MAX: usize = 1 << 20;

/// One of the words that are written alike; what tells them apart to the networks.
struct Word {
    norm: Option<&'static str>,
    after: After,
    number: u32,
}

/// Numbers of words, forgotten all at once when they are too many.
#[derive(Default)]
pub(super) struct Words {
    numbers: HashMap<Box<str>, Vec<Word>>,
    features: Vec<Features>,
    lower: Vec<Box<str>>,
    bytes: usize,
}

impl Words {
    /// Whether it is time to forget, between two sentences.
    pub(super) fn is_full(&self) -> bool {
        self.features.len() >= WORDS_MAX || self.bytes >= BYTES_MAX
    }

    pub(super) fn clear(&mut self) {
        self.numbers.clear();
        self.features.clear();
        self.lower.clear();
        self.bytes = 0;
    }

    /// Returns the features of the words, by their numbers.
    pub(super) fn features(&self) -> &[Features] {
        &self.features
    }

    /// Returns a word in lower case, with straight apostrophes.
    pub(super) fn lower(&self, number: u32) -> &str {
        &self.lower[number as usize]
    }

    /// Returns the number of a word of the text.
    pub(super) fn number(&mut self, text: &str, piece: &Piece, tokenizer: &Tokenizer) -> u32 {
        let word = &text[piece.range.clone()];
        let is_it = |known: &&Word| known.norm == piece.norm && known.after == piece.after;
        let alike = self.numbers.get(word).map_or(&[][..], Vec::as_slice);
        if let Some(known) = alike.iter().find(is_it) {
            return known.number;
        }
        let number = self.features.len() as u32;
        let lower = word.to_lowercase();
        let norm = piece.norm.or_else(|| tokenizer.norm(word)).unwrap_or(&lower);
        let ends = |count| word.char_indices().rev().nth(count).map_or(0, |(at, _)| at);
        let prefix = &word[..word.chars().next().map_or(0, char::len_utf8)];
        self.features.push([
            string_id(norm),
            string_id(prefix),
            string_id(&word[ends(2)..]),
            string_id(&shape(word)),
            u64::from(piece.after == After::Space),
            0,
        ]);
        self.lower.push(lower.replace('’', "'").into());
        self.bytes += 2 * word.len();
        let known = Word { norm: piece.norm, after: piece.after, number };
        match self.numbers.get_mut(word) {
            Some(alike) => alike.push(known),
            None => drop(self.numbers.insert(word.into(), vec![known])),
        }
        number
    }
}

/// Returns a word's outline: letters as x and X, digits as d, runs cut after four.
///
/// Source: `word_shape` of `spacy/lang/lex_attrs.py`, 3.8.
fn shape(word: &str) -> String {
    /// Words as long as this have one shape.
    const LONG: usize = 100;
    const RUN_MAX: usize = 4;
    if word.len() >= LONG && word.chars().count() >= LONG {
        return "LONG".to_owned();
    }
    let mut shape = String::with_capacity(word.len());
    let (mut last, mut run) = (None, 0);
    for character in word.chars() {
        let outline = match character {
            _ if character.is_alphabetic() && character.is_uppercase() => 'X',
            _ if character.is_alphabetic() => 'x',
            '0'..='9' => 'd',
            other => other,
        };
        run = if last == Some(outline) { run + 1 } else { 0 };
        last = Some(outline);
        if run < RUN_MAX {
            shape.push(outline);
        }
    }
    shape
}
