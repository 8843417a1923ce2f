//! Tokens: words, numbers and marks of a sentence, with where they stand in the text.

use std::ops::Range;

/// One word, number or mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token<'t> {
    /// As written.
    pub(super) text: &'t str,
    /// Lower-case, typographic apostrophes made plain.
    pub(super) word: String,
    /// Bytes of the whole text.
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Token<'_> {
    /// Returns whether it starts with a capital letter.
    pub(super) fn is_capital(&self) -> bool {
        self.text.starts_with(char::is_uppercase)
    }

    /// Returns whether it is a number in digits.
    pub(super) fn is_digits(&self) -> bool {
        self.text.starts_with(|c: char| c.is_ascii_digit())
    }

    /// Returns whether it is a mark and no word.
    pub(super) fn is_mark(&self) -> bool {
        !self.text.starts_with(char::is_alphanumeric) && !self.word.starts_with('\'')
            || self.word == "'"
    }
}

/// Returns the tokens of a stretch of the text.
///
/// Possessive 's and n't stand alone, as do currency signs and the hyphen after a number; initials
/// and abbreviations of single letters ("U.S.") keep their stops, other hyphened words stay whole.
pub(super) fn tokens(text: &str, range: Range<usize>) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = range.start;
    while let Some(c) = text[at..range.end].chars().next() {
        let rest = &text[at..range.end];
        let length = if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        } else if c.is_ascii_digit() {
            number(rest)
        } else if c.is_alphanumeric() {
            word(rest)
        } else if is_apostrophe(c) {
            clitic(rest)
        } else {
            c.len_utf8()
        };
        push(&mut tokens, text, at, at + length);
        at += length;
    }
    tokens
}

fn push<'t>(tokens: &mut Vec<Token<'t>>, text: &'t str, start: usize, end: usize) {
    let written = &text[start..end];
    let word = written.to_lowercase().replace('’', "'");
    if let Some(stem) = word.strip_suffix("n't")
        && !stem.is_empty()
        && written.is_ascii()
    {
        let split = end - 3;
        push(tokens, text, start, split);
        tokens.push(Token { text: &text[split..end], word: "n't".to_owned(), start: split, end });
        return;
    }
    tokens.push(Token { text: written, word, start, end });
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’')
}

/// "3,000", "1.5": stops and commas only between digits.
fn number(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut end = 0;
    while end < bytes.len() {
        let inner =
            matches!(bytes[end], b',' | b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        if !bytes[end].is_ascii_digit() && !inner {
            break;
        }
        end += 1;
    }
    end
}

fn word(rest: &str) -> usize {
    // "U.S.", "N.Y.", "J.": letters each followed by a stop, at least two of them.
    let initials = rest
        .as_bytes()
        .chunks_exact(2)
        .take_while(|pair| pair[0].is_ascii_alphabetic() && pair[1] == b'.');
    let initials = 2 * initials.count();
    if initials >= 4 {
        return initials;
    }
    // "J." before a surname.
    if initials == 2
        && rest.as_bytes()[0].is_ascii_uppercase()
        && rest.as_bytes().get(2) == Some(&b' ')
    {
        return 2;
    }
    let mut end = 0;
    let mut chars = rest.char_indices().peekable();
    while let Some((i, c)) = chars.next() {
        let next = chars.peek().map(|(_, c)| *c);
        if c.is_alphanumeric() {
            end = i + c.len_utf8();
        } else if c == '-' && next.is_some_and(char::is_alphanumeric) {
            continue;
        } else if is_apostrophe(c) && next.is_some_and(char::is_alphabetic) {
            let after = &rest[i + c.len_utf8()..];
            let tail: String = after.chars().take_while(|c| c.is_alphabetic()).take(4).collect();
            let clitic = matches!(tail.as_str(), "s" | "re" | "ve" | "ll" | "d" | "m" | "S");
            if clitic {
                break;
            }
        } else {
            break;
        }
    }
    end
}

/// "'s", "'re" after a word, or the apostrophe alone.
fn clitic(rest: &str) -> usize {
    let mark = rest.chars().next().map_or(1, char::len_utf8);
    let tail = &rest[mark..];
    let letters = tail.chars().take_while(|c| c.is_alphabetic()).count();
    for clitic in ["s", "re", "ve", "ll", "d", "m", "S"] {
        if tail.starts_with(clitic) && letters == clitic.len() {
            return mark + clitic.len();
        }
    }
    mark
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_numbers_and_marks_come_apart() {
        for (text, want) in [
            ("Latvia's 3,000 troops.", "Latvia|'s|3,000|troops|."),
            ("the U.S. doesn’t say", "the|U.S.|doesn’t|say"),
            ("it doesn't, J. Smith", "it|does|n't|,|J.|Smith"),
            ("a 500-km fence, £1.5m", "a|500|-|km|fence|,|£|1.5|m"),
            ("N'Djamena push-back “x”", "N'Djamena|push-back|“|x|”"),
            ("guards’ post – no", "guards|’|post|–|no"),
        ] {
            let got: Vec<_> = tokens(text, 0..text.len()).iter().map(|t| t.text).collect();
            assert_eq!(got.join("|"), want);
        }
    }
}
