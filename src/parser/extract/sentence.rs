//! Sentences of a text.

use std::ops::Range;

/// Longest sentence in bytes: what is longer is a list or a table, and is cut at a space.
const SENTENCE_BYTES_MAX: usize = 2_000;

/// Words that end in a stop without ending the sentence, lower-case, without the stop.
const ABBREVIATIONS: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "gen", "col", "lt", "sgt", "maj", "capt", "gov", "sen", "rep",
    "st", "jr", "sr", "no", "vs", "etc", "inc", "ltd", "co", "corp", "jan", "feb", "mar", "apr",
    "jun", "jul", "aug", "sept", "sep", "oct", "nov", "dec", "e.g", "i.e", "approx", "ca", "rev",
    "hon", "pres", "min", "cmdr", "adm", "brig", "supt", "fr", "al", "mt", "km", "fig", "op",
];

/// Returns the sentences as ranges of bytes, in order, without white space around them.
///
/// A line break ends a sentence; a stop, question or exclamation mark does when what follows looks
/// like a beginning and what stands before is no abbreviation and no initial.
pub(in crate::parser) fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        split_line(text, line_start..line_start + line.len(), &mut sentences);
        line_start += line.len();
    }
    sentences
}

fn split_line(text: &str, line: Range<usize>, sentences: &mut Vec<Range<usize>>) {
    let mut start = line.start;
    let mut last_space = line.start;
    let mut chars = text[line.clone()].char_indices().peekable();
    while let Some((i, c)) = chars.next() {
        let at = line.start + i;
        if c.is_whitespace() {
            last_space = at;
        }
        if at - start > SENTENCE_BYTES_MAX {
            let cut = if last_space > start { last_space } else { at };
            push(text, start..cut, sentences);
            start = cut;
        }
        if !matches!(c, '.' | '!' | '?' | '…' | '。') {
            continue;
        }
        let mut end = at + c.len_utf8();
        while let Some((j, next)) = chars.peek().copied() {
            if !is_closing(next) {
                break;
            }
            end = line.start + j + next.len_utf8();
            chars.next();
        }
        if ends_here(&text[start..at], c, &text[end..line.end]) {
            push(text, start..end, sentences);
            start = end;
        }
    }
    push(text, start..line.end, sentences);
}

fn is_closing(c: char) -> bool {
    matches!(c, '"' | '\'' | '”' | '’' | ')' | ']' | '»' | '.' | '!' | '?')
}

fn ends_here(before: &str, mark: char, after: &str) -> bool {
    let rest = after.trim_start();
    if rest.len() == after.len() || rest.is_empty() {
        return rest.is_empty();
    }
    let begins = |c: char| {
        c.is_uppercase() || c.is_numeric() || matches!(c, '"' | '“' | '‘' | '\'' | '«' | '(' | '[')
    };
    let begins =
        rest.chars().find(|c| !matches!(c, '—' | '–' | '-' | '•' | '*')).is_some_and(begins)
            || !rest.chars().next().is_some_and(char::is_lowercase) && mark != '.';
    if mark != '.' {
        return begins;
    }
    let last = before.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or("");
    let last = last.trim_start_matches(['"', '“', '\'', '‘']);
    let initial = last.chars().count() == 1 && last.chars().all(char::is_uppercase);
    let dotted = last.contains('.') && last.split('.').all(|part| part.chars().count() == 1);
    if dotted {
        // "the U.S. The" ends, "the U.S. Border Patrol" does not: only a new beginning tells.
        let next = rest.split_whitespace().next().unwrap_or("");
        return ["The", "A", "In", "It", "He", "She", "They", "But", "On", "This"].contains(&next);
    }
    begins && !initial && !ABBREVIATIONS.contains(&last.to_lowercase().as_str())
}

fn push(text: &str, range: Range<usize>, sentences: &mut Vec<Range<usize>>) {
    let written = &text[range.clone()];
    let start = range.start + (written.len() - written.trim_start().len());
    let end = range.end - (written.len() - written.trim_end().len());
    if start < end {
        sentences.push(start..end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        for (text, want) in [
            ("One. Two! Three?", "One.|Two!|Three?"),
            (
                "Gen. J. Smith met Mr. Doe on Nov. 9 in the U.S. Senate. He left.",
                "Gen. J. Smith met Mr. Doe on Nov. 9 in the U.S. Senate.|He left.",
            ),
            ("“Go back.” They went.\nNext line", "“Go back.”|They went.|Next line"),
            ("About 1.5 million fled. 300 died.", "About 1.5 million fled.|300 died."),
            ("They left the U.S. The rest stayed.", "They left the U.S.|The rest stayed."),
        ] {
            let got: Vec<_> = sentences(text).into_iter().map(|range| &text[range]).collect();
            assert_eq!(got.join("|"), want);
        }
    }

    #[test]
    fn an_endless_sentence_is_cut() {
        let text = "word ".repeat(2_000);
        let sentences = sentences(&text);
        assert!(sentences.len() > 4 && sentences.iter().all(|s| s.len() <= SENTENCE_BYTES_MAX + 5));
    }
}
