//! Words of a text, as spaCy's rules for English cut them: affixes, exceptions, infixes.

use std::collections::HashMap;
use std::ops::Range;

use super::affix;
use super::hash::murmur2;

/// Chunks that are cut otherwise than by rule: `chunk⇥part␁norm⇥part␁norm`, the norm empty where it
/// is what the part has anyhow.
static EXCEPTIONS: &str = include_str!("model/exceptions.tsv");
/// Norms of words that are not their lower case: `word⇥norm`, or `#hash⇥norm`.
static NORMS: &str = include_str!("model/norms.tsv");

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Bytes in the text.
    pub(super) range: Range<usize>,
    /// The norm that an exception gives it.
    pub(super) norm: Option<&'static str>,
    pub(super) after: After,
}

/// What follows a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum After {
    Space,
    /// Another word, or the end.
    Word,
}

/// A part of an exception.
struct Part {
    bytes: usize,
    norm: Option<&'static str>,
}

/// The rules' tables.
pub(super) struct Tokenizer {
    exceptions: HashMap<&'static str, Vec<Part>>,
    norms: HashMap<u64, &'static str>,
}

impl Tokenizer {
    pub(super) fn embedded() -> Self {
        let part = |field: &'static str| {
            let (part, norm) = field.split_once('\u{1}').unwrap_or((field, ""));
            Part { bytes: part.len(), norm: (!norm.is_empty()).then_some(norm) }
        };
        let exceptions = EXCEPTIONS.lines().filter_map(|line| {
            let (chunk, parts) = line.split_once('\t')?;
            Some((chunk, parts.split('\t').map(part).collect()))
        });
        let norms = NORMS.lines().filter_map(|line| {
            let (word, norm) = line.split_once('\t')?;
            let hash = word.strip_prefix('#').and_then(|hash| hash.parse().ok());
            Some((hash.unwrap_or_else(|| murmur2(word.as_bytes(), 1)), norm))
        });
        Self { exceptions: exceptions.collect(), norms: norms.collect() }
    }

    /// Returns the norm of a word that no exception gives one, where it is not just its lower case.
    pub(super) fn norm(&self, word: &str) -> Option<&'static str> {
        self.norms.get(&murmur2(word.as_bytes(), 1)).copied()
    }

    /// Appends the words of a part of the text; spaces, tabs and line breaks are no words.
    pub(super) fn run(&self, text: &str, range: Range<usize>, pieces: &mut Vec<Piece>) {
        let mut rest = &text[range.clone()];
        while let Some(first) = rest.find(|c: char| !c.is_whitespace()) {
            rest = &rest[first..];
            let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
            self.cut(&rest[..length], range.end - rest.len(), pieces);
            if let Some(last) = pieces.last_mut() {
                last.after = After::Space;
            }
            rest = &rest[length..];
        }
        if let Some(last) = pieces.last_mut() {
            last.after = After::Word;
        }
    }

    /// Appends the words of a chunk that stands between spaces, `start` bytes into the text.
    fn cut(&self, chunk: &str, start: usize, pieces: &mut Vec<Piece>) {
        let mut push = |range: Range<usize>, norm| {
            if !range.is_empty() {
                let range = start + range.start..start + range.end;
                pieces.push(Piece { range, norm, after: After::Word });
            }
        };
        let (mut from, mut to) = (0, chunk.len());
        let mut suffixes = Vec::new();
        // Affixes go one of each side at a time, until what remains is an exception or has none.
        let exception = loop {
            let rest = &chunk[from..to];
            if rest.is_empty() {
                break None;
            }
            if let Some(parts) = self.exceptions.get(rest) {
                break Some(parts);
            }
            let prefix = affix::prefix(rest);
            let mut without_prefix = None;
            if prefix > 0 {
                without_prefix = self.exceptions.get(&rest[prefix..]);
            }
            if without_prefix.is_some() {
                push(from..from + prefix, None);
                from += prefix;
                break without_prefix;
            }
            let suffix = affix::suffix(&rest[prefix..]);
            if suffix > 0
                && let Some(parts) = self.exceptions.get(&rest[..rest.len() - suffix])
            {
                suffixes.push(to - suffix..to);
                to -= suffix;
                break Some(parts);
            }
            if prefix == 0 && suffix == 0 {
                break None;
            }
            push(from..from + prefix, None);
            from += prefix;
            if suffix > 0 {
                suffixes.push(to - suffix..to);
                to -= suffix;
            }
        };
        if let Some(parts) = exception {
            for Part { bytes, norm } in parts {
                push(from..from + bytes, *norm);
                from += bytes;
            }
        } else if affix::is_address(&chunk[from..to]) {
            push(from..to, None);
        } else {
            let mut begun = from;
            affix::infixes(&chunk[from..to], |infix| {
                push(begun..from + infix.start, None);
                push(from + infix.start..from + infix.end, None);
                begun = from + infix.end;
            });
            push(begun..to, None);
        }
        for suffix in suffixes.into_iter().rev() {
            push(suffix, None);
        }
    }
}
