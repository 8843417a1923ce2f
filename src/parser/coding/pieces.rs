//! A sentence's tokens cut finer, so that numbers and dates read alike however they are spaced.

use std::ops::Range;

use crate::parser::syntax::Sentence;

/// What a piece is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Make {
    /// ASCII digits, with stops and commas between them.
    Number,
    /// Letters, with stops between single ones ("a.m"), or an apostrophe and letters ("'s").
    Word,
    /// Any other character.
    Mark,
}

/// A part of a token: "12th" gives "12" and "th", "€350m" three, "mid-August" three.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece<'t> {
    pub(super) text: &'t str,
    /// In lower case, with straight apostrophes; all dashes are "-".
    pub(super) lower: String,
    pub(super) make: Make,
    /// The token that it is cut from.
    pub(super) token: usize,
    /// No space stands before it.
    pub(super) is_glued: bool,
}

/// The pieces of a sentence, in order.
#[derive(Clone, Debug)]
pub(super) struct Pieces<'t> {
    pieces: Vec<Piece<'t>>,
}

impl<'t> Pieces<'t> {
    pub(super) fn new(sentence: &Sentence<'t>) -> Self {
        let mut pieces = Vec::with_capacity(sentence.len() + 8);
        let mut last_end = None;
        for (index, token) in sentence.tokens.iter().enumerate() {
            let mut is_glued = last_end == Some(token.start);
            for (text, make) in cut(token.text) {
                let lower = lower(text);
                pieces.push(Piece { text, lower, make, token: index, is_glued });
                is_glued = true;
            }
            last_end = Some(token.end());
        }
        Self { pieces }
    }

    pub(super) fn len(&self) -> usize {
        self.pieces.len()
    }

    pub(super) fn get(&self, at: usize) -> Option<&Piece<'t>> {
        self.pieces.get(at)
    }

    /// Returns the piece in lower case; the empty string past the end.
    pub(super) fn lower(&self, at: usize) -> &str {
        self.pieces.get(at).map_or("", |piece| &piece.lower)
    }

    /// Returns the piece that stands so many before; the empty string before the first.
    pub(super) fn before(&self, at: usize, back: usize) -> &str {
        at.checked_sub(back).map_or("", |at| self.lower(at))
    }

    /// Returns whether the piece is written with a capital first.
    pub(super) fn is_capital(&self, at: usize) -> bool {
        self.pieces.get(at).is_some_and(|piece| piece.text.starts_with(char::is_uppercase))
    }

    pub(super) fn is_number(&self, at: usize) -> bool {
        self.pieces.get(at).is_some_and(|piece| piece.make == Make::Number)
    }

    pub(super) fn is_word(&self, at: usize) -> bool {
        self.pieces.get(at).is_some_and(|piece| piece.make == Make::Word)
    }

    pub(super) fn is_glued(&self, at: usize) -> bool {
        self.pieces.get(at).is_some_and(|piece| piece.is_glued)
    }

    /// Returns whether the phrase starts at the piece.
    pub(super) fn starts_with(&self, at: usize, phrase: &[String]) -> bool {
        phrase.iter().enumerate().all(|(i, word)| self.lower(at + i) == word)
    }

    /// Returns whether the phrase ends right before the piece.
    pub(super) fn ends_with(&self, at: usize, phrase: &[String]) -> bool {
        at.checked_sub(phrase.len()).is_some_and(|start| self.starts_with(start, phrase))
    }

    /// Returns the tokens that hold the pieces, which are not none.
    pub(super) fn tokens(&self, pieces: Range<usize>) -> Range<usize> {
        let token = |at: usize| self.pieces.get(at).map_or(0, |piece| piece.token);
        token(pieces.start)..token(pieces.end.saturating_sub(1).max(pieces.start)) + 1
    }
}

fn lower(text: &str) -> String {
    match text {
        "–" | "—" | "‐" | "‑" | "−" => "-".to_owned(),
        _ => text.to_lowercase().replace('’', "'"),
    }
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’')
}

/// Cuts a word, which has no spaces, into numbers, words and marks.
fn cut(word: &str) -> impl Iterator<Item = (&str, Make)> {
    let mut rest = word;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let (length, make) = if first.is_ascii_digit() {
            (number(rest), Make::Number)
        } else if first.is_alphabetic() {
            (letters(rest), Make::Word)
        } else if is_apostrophe(first) && rest.chars().nth(1).is_some_and(char::is_alphabetic) {
            let mark = first.len_utf8();
            (mark + letters(&rest[mark..]), Make::Word)
        } else {
            (first.len_utf8(), Make::Mark)
        };
        let (piece, after) = rest.split_at(length);
        rest = after;
        Some((piece, make))
    })
}

/// Bytes of the number at the start: a stop or comma belongs to it when digits follow.
fn number(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut end = 0;
    while is_digit(end) || matches!(bytes.get(end), Some(b',' | b'.')) && is_digit(end + 1) {
        end += 1;
    }
    end
}

/// Bytes of the letters at the start: a stop belongs to them between single letters.
fn letters(text: &str) -> usize {
    let mut end = 0;
    let mut run = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c.is_alphabetic() || is_mark_of_letter(c) && run > 0 {
            run += 1;
        } else if c == '.' && run == 1 && chars.peek().is_some_and(|(_, next)| next.is_alphabetic())
        {
            run = 0;
        } else {
            break;
        }
        end = at + c.len_utf8();
    }
    end
}

/// Combining accents stay with their letter.
fn is_mark_of_letter(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_into_numbers_words_and_marks() {
        for (word, want) in [
            ("12th", "12 th"),
            ("€350m", "€ 350 m"),
            ("US$1.2bn", "us $ 1.2 bn"),
            ("mid-August", "mid - august"),
            ("2021–12–12", "2021 - 12 - 12"),
            ("a.m.", "a.m ."),
            ("Dec.", "dec ."),
            ("3,000,", "3,000 ,"),
            ("24-year-old", "24 - year - old"),
            ("month’s", "month 's"),
            ("4:38", "4 : 38"),
            ("%", "%"),
        ] {
            let pieces: Vec<_> = cut(word).map(|(text, _)| lower(text)).collect();
            assert_eq!(pieces.join(" "), want, "{word}");
        }
    }
}
