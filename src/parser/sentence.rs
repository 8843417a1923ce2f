//! Sentences of a text.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

/// Longest sentence that is parsed as one, in bytes: those of reports have 150, those of the
/// preambles of resolutions up to 1,000.
pub(in crate::parser) const SENTENCE_BYTES_MAX: usize = 1_500;

/// Longest sentence that is parsed as one, in words and marks, which bounds what is done for pairs
/// of them.
pub(in crate::parser) const SENTENCE_WORDS_MAX: usize = 250;

/// Bytes before a stop that can tell what it is: the longest abbreviation has five.
const WORD_BYTES_MAX: usize = 32;

/// Longest reference in brackets behind a stop, in bytes: "[12]", "[citation needed]".
const REFERENCE_BYTES_MAX: usize = 24;

/// Titles, which a name follows, in lower case.
const TITLES: &[&str] = &[
    "adm", "amb", "asst", "atty", "brig", "bros", "capt", "cmdr", "col", "comdr", "cpl", "det",
    "dr", "fr", "gen", "gov", "hon", "insp", "lt", "maj", "messrs", "mlle", "mme", "mr", "mrs",
    "ms", "mt", "mx", "pfc", "pres", "prof", "pte", "rep", "reps", "rev", "sen", "sens", "sgt",
    "spc", "supt", "vs",
];

/// What stands before a number, in lower case.
const BEFORE_NUMBERS: &[&str] = &[
    "app", "approx", "apr", "art", "aug", "b", "c", "ca", "ch", "d", "dec", "eq", "est", "feb",
    "fig", "figs", "flt", "hwy", "jan", "jul", "jun", "km", "mar", "max", "min", "no", "nos",
    "nov", "oct", "op", "p", "par", "para", "pp", "rte", "sec", "sep", "sept", "tab", "tel", "v",
    "vol",
];

/// What a name may follow as well as a new sentence, in lower case; American states among them.
const BEFORE_NAMES: &[&str] = &[
    "al", "ala", "apr", "ariz", "aug", "ave", "bldg", "blvd", "calif", "co", "colo", "conn",
    "corp", "dec", "dept", "dist", "ed", "est", "etc", "feb", "fla", "ft", "ga", "ill", "inc",
    "jan", "jr", "jul", "jun", "kan", "ky", "llc", "ltd", "mar", "mass", "md", "mich", "minn",
    "miss", "mont", "neb", "nev", "nov", "oct", "okla", "ont", "ore", "pa", "phil", "que", "rd",
    "sep", "sept", "sq", "sr", "st", "ste", "tel", "tenn", "tex", "univ", "v", "va", "viz", "vt",
    "wash", "wis", "wyo",
];

/// Words that begin sentences and never go on with a name.
static BEGINNINGS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "A About According After All Also Although Among An And Another Any Are As At Because \
     Before Both But By Can Did Do Does Dozens During Each Earlier Even Every Few For From Had \
     Has Have He Her Here His How However Hundreds I If In Instead Is It Its Last Later Many \
     Meanwhile More Most My Nearly Neither No Nobody None Not Nothing Now Of Officials On Once \
     One Only Other Others Our Over People Several She Since So Some Still Such That The Their \
     Then There These They This Those Though Thousands Three To Today Two Under Until Was We \
     Were What When Where Whether Which While Who Why Will With Without Would Yet You Your"
        .split(' ')
        .collect()
});

/// Verbs behind a quoted question: "“Why?” Doe asked."
const SAID: &[&str] = &[
    "added", "asked", "asks", "cried", "replied", "said", "says", "shouted", "told", "wondered",
    "wrote",
];

/// The sentences of a passage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::parser) struct Sentences {
    /// Bytes of the text, in order, apart from each other, without white space around them.
    pub(in crate::parser) ranges: Vec<Range<usize>>,
    /// How many were too long to be parsed as one and stand in pieces among the ranges.
    pub(in crate::parser) too_long: usize,
}

/// Returns the sentences of a passage of the text.
///
/// A stop, question or exclamation mark ends a sentence where what follows looks like a beginning
/// and what stands before is no abbreviation and no initial; quoted sentences end inside of their
/// quotation. A sentence beyond [`SENTENCE_BYTES_MAX`] or [`SENTENCE_WORDS_MAX`] is cut, between
/// clauses where that can be told, else between words. Time is linear in the length of the passage.
///
/// Measured against the crate sentencex 0.1.33 on paragraphs of UD English-GUM that were not looked
/// at (2,123 borders inside of paragraphs): F 96.7 against 95.6; on UD English-PUD (800) 99.9 against
/// 99.8.
pub(in crate::parser) fn sentences(text: &str, passage: Range<usize>) -> Sentences {
    let mut found = Sentences::default();
    let mut start = passage.start;
    let mut at = passage.start;
    while let Some(mark) = text[at..passage.end].find(is_mark).map(|offset| at + offset) {
        let end = after_closing(&text[..passage.end], mark);
        if ends_here(text, start..passage.end, mark, end) {
            found.add(text, start..end);
            let rest = &text[end..passage.end];
            start = end + (rest.len() - rest.trim_start().len());
        }
        at = end;
    }
    found.add(text, start..passage.end);
    found
}

impl Sentences {
    fn add(&mut self, text: &str, range: Range<usize>) {
        let mut rest = trimmed(text, range);
        let mut is_cut = false;
        while let Some(cut) = cut(&text[rest.clone()]) {
            self.ranges.push(trimmed(text, rest.start..rest.start + cut));
            rest = trimmed(text, rest.start + cut..rest.end);
            is_cut = true;
        }
        self.too_long += usize::from(is_cut);
        if !rest.is_empty() {
            self.ranges.push(rest);
        }
    }
}

/// Returns where a sentence is to be cut that is too long: in the second half of what may stay
/// together, so that no byte is looked at more than twice.
fn cut(sentence: &str) -> Option<usize> {
    if sentence.len() <= SENTENCE_WORDS_MAX {
        return None;
    }
    let (mut words, mut in_word) = (0, false);
    // The last place of each sort in the second half: between clauses, at a comma, between words.
    let mut places = [None; 3];
    let mut before = ' ';
    for (at, c) in sentence.char_indices() {
        let is_inner = c.is_alphanumeric();
        words += usize::from(!(c.is_whitespace() || in_word && is_inner));
        in_word = is_inner;
        if words > SENTENCE_WORDS_MAX || at >= SENTENCE_BYTES_MAX {
            let place = places.into_iter().flatten().next();
            return Some(place.unwrap_or(at)).filter(|cut| *cut > 0);
        }
        if c.is_whitespace() && (at > SENTENCE_BYTES_MAX / 2 || words > SENTENCE_WORDS_MAX / 2) {
            let sort = match before {
                ';' | ':' | '–' | '—' | '.' | '!' | '?' => 0,
                ',' | ')' | '”' => 1,
                _ => 2,
            };
            places[sort] = Some(at);
        }
        before = c;
    }
    None
}

fn is_mark(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '。' | '؟' | '।')
}

fn is_closing(c: char) -> bool {
    matches!(c, '"' | '\'' | '”' | '’' | ')' | ']' | '»')
}

fn is_opening(c: char) -> bool {
    matches!(c, '"' | '\'' | '“' | '‘' | '«' | '„' | '(' | '[')
}

/// Returns where the marks, closing quotes and references end that begin at the mark.
fn after_closing(text: &str, mark: usize) -> usize {
    let mut end = mark;
    loop {
        let rest = &text[end..];
        let Some(next) = rest.chars().next() else { return end };
        if is_mark(next) || end > mark && is_closing(next) {
            end += next.len_utf8();
        } else if let Some(length) = reference(rest) {
            end += length;
        } else {
            return end;
        }
    }
}

/// "[12]", " [citation needed]": encyclopedias and reports of bodies put them behind the stop.
fn reference(rest: &str) -> Option<usize> {
    let bracket = rest.trim_start_matches(' ');
    let within = bracket.strip_prefix('[')?;
    let within = &within[..within.floor_char_boundary(REFERENCE_BYTES_MAX)];
    let (content, _) = within.split_once(']')?;
    let is_reference = content.bytes().all(|b| b.is_ascii_digit()) || content.ends_with(" needed");
    (is_reference && !content.is_empty() && rest.len() - bracket.len() <= 1)
        .then(|| rest.len() - bracket.len() + content.len() + 2)
}

/// Returns whether the sentence that begins at `within.start` ends with the marks at `mark..end`.
fn ends_here(text: &str, within: Range<usize>, mark: usize, end: usize) -> bool {
    let after = &text[end..within.end];
    let rest = after.trim_start();
    if rest.is_empty() {
        return true;
    }
    let marks = &text[mark..end];
    let is_stop = marks.trim_end_matches(is_closing) == ".";
    let before = last_word(&text[within.start..mark]);
    if rest.len() == after.len() {
        return is_stop && lost_its_space(before, rest);
    }
    if !begins(rest) {
        return false;
    }
    if !is_stop {
        return !is_asked(marks, rest);
    }
    // "1. Guards", "IV. Guards": the number of an item or a heading.
    if &text[within.start..mark] == before && is_item(before) {
        return false;
    }
    let is_quoted = marks.len() > 1;
    is_quoted || ends_with_stop(before, rest)
}

/// Returns the word before a mark, without what opens it.
fn last_word(before: &str) -> &str {
    let from = before.ceil_char_boundary(before.len().saturating_sub(WORD_BYTES_MAX));
    let word = before[from..].rsplit(|c: char| c.is_whitespace() || is_opening(c) || c == '—');
    word.into_iter().next().unwrap_or("")
}

/// "…the border.The guards…": feeds lose spaces where markup was.
fn lost_its_space(before: &str, rest: &str) -> bool {
    let small = before.chars().rev().take_while(|c| c.is_lowercase()).count();
    let word = first_word(rest);
    small >= 3 && (word.len() > 1 && BEGINNINGS.contains(word) || rest.starts_with('“'))
}

/// Returns whether a sentence may begin like this.
fn begins(rest: &str) -> bool {
    let mut opened = rest.trim_start_matches(|c: char| {
        is_opening(c) || c.is_whitespace() || matches!(c, '—' | '–' | '-' | '•' | '*' | '¿' | '¡')
    });
    opened = opened.trim_start_matches(['$', '€', '£', '#', '@']);
    opened.chars().next().is_some_and(|c| !c.is_lowercase() && c.is_alphanumeric())
}

/// "“Why?” Doe asked": the question is part of a longer sentence.
fn is_asked(marks: &str, rest: &str) -> bool {
    marks.ends_with(['"', '”', '’', '\''])
        && rest
            .split_whitespace()
            .take(4)
            .any(|word| is_in(SAID, word.trim_end_matches(|c: char| !c.is_alphanumeric())))
}

/// Decides by the word before a single stop, and by what follows it.
fn ends_with_stop(before: &str, rest: &str) -> bool {
    let next = first_word(rest);
    let is_number = rest.starts_with(|c: char| c.is_ascii_digit());
    let is_beginning = BEGINNINGS.contains(next) || rest.starts_with(['“', '‘', '«']);
    let lower = before.to_lowercase();
    if lower.contains('.') && lower.split('.').all(|part| part.chars().count() == 1) {
        return match lower.as_str() {
            "e.g" | "i.e" => false,
            "a.m" | "p.m" => !is_number && !is_time(next),
            _ => is_beginning,
        };
    }
    let is_capital = before.starts_with(char::is_uppercase);
    if is_capital && before.chars().count() == 1 && before != "I" {
        return is_beginning && next != "A";
    }
    if is_capital && is_in(TITLES, lower.as_str()) || matches!(lower.as_str(), "vs" | "approx") {
        return false;
    }
    if is_number && is_in(BEFORE_NUMBERS, lower.as_str()) {
        return false;
    }
    let is_short = is_in(BEFORE_NAMES, lower.as_str())
        && (is_capital || matches!(lower.as_str(), "al" | "etc" | "v" | "viz" | "est"));
    !is_short || is_beginning
}

/// Returns whether the word is in a list, which must be sorted.
fn is_in(list: &[&str], word: &str) -> bool {
    list.binary_search(&word).is_ok()
}

fn is_item(word: &str) -> bool {
    let is_digits = word.bytes().all(|b| b.is_ascii_digit());
    (1..=3).contains(&word.len())
        && (is_digits || word.bytes().all(|b| matches!(b, b'I' | b'V' | b'X')))
}

/// "9 a.m. Monday", "9 a.m. GMT".
fn is_time(word: &str) -> bool {
    const DAYS: &[&str] =
        &["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let is_zone = (2..=4).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_uppercase());
    DAYS.contains(&word) || is_zone
}

fn first_word(rest: &str) -> &str {
    let rest = rest.trim_start_matches(is_opening);
    rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("")
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let within = text[range.clone()].trim_end();
    let end = range.start + within.len();
    end - within.trim_start().len()..end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parser::chance::{PIECES, Random, assert_in_order, hostile};

    fn check(cases: &[(&str, &str)]) {
        for (text, want) in cases {
            let found = sentences(text, 0..text.len()).ranges;
            let got: Vec<_> = found.into_iter().map(|range| &text[range]).collect();
            assert_eq!(got.join("|"), *want);
        }
    }

    #[test]
    fn lists_of_words_are_sorted() {
        for list in [TITLES, BEFORE_NUMBERS, BEFORE_NAMES, SAID] {
            assert!(list.is_sorted(), "{list:?}");
        }
    }

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        check(&[
            ("One. Two! Three?", "One.|Two!|Three?"),
            ("They came. 300 died.", "They came.|300 died."),
            ("What?! Nobody knew.", "What?!|Nobody knew."),
            ("They waited … Nobody came.", "They waited …|Nobody came."),
            ("They waited ... and left.", "They waited ... and left."),
            ("About 1.5 million fled. 300 died.", "About 1.5 million fled.|300 died."),
            ("They came (at night). Guards saw it.", "They came (at night).|Guards saw it."),
            (
                "They came.[3] Guards saw it. [4] [5] He left.",
                "They came.[3]|Guards saw it. [4] [5]|He left.",
            ),
            ("The border was shut.The guards left.", "The border was shut.|The guards left."),
            (
                "See border.example.org or Node.js. He did.",
                "See border.example.org or Node.js.|He did.",
            ),
            ("It rose by 3.The end.", "It rose by 3.The end."),
            ("$5 was paid. $6 was not. €7 was.", "$5 was paid.|$6 was not.|€7 was."),
            ("  One.  \u{a0}Two.  ", "One.|Two."),
            ("", ""),
        ]);
    }

    #[test]
    fn abbreviations_and_initials_end_no_sentence() {
        check(&[
            (
                "Gen. J. R. Smith met Mr. Doe and Lt. Roe on Nov. 9 in the U.S. Senate. He left.",
                "Gen. J. R. Smith met Mr. Doe and Lt. Roe on Nov. 9 in the U.S. Senate.|He left.",
            ),
            ("They left the U.S. The rest stayed.", "They left the U.S.|The rest stayed."),
            ("The U.N. Security Council met.", "The U.N. Security Council met."),
            (
                "At 9 a.m. Monday he left. At 9 p.m. GMT, too.",
                "At 9 a.m. Monday he left.|At 9 p.m. GMT, too.",
            ),
            ("They met at 9 a.m. Guards came.", "They met at 9 a.m.|Guards came."),
            (
                "Post No. 5 was shut. He said no. Then he left.",
                "Post No. 5 was shut.|He said no.|Then he left.",
            ),
            (
                "Near St. Julian it ended on Dec. 12. It rained.",
                "Near St. Julian it ended on Dec. 12.|It rained.",
            ),
            (
                "They had none since Dec. The camp is full.",
                "They had none since Dec.|The camp is full.",
            ),
            (
                "Tents, food, etc. were sent. Doe Inc. paid.",
                "Tents, food, etc. were sent.|Doe Inc. paid.",
            ),
            ("Serbia vs. Kosovo. That was it.", "Serbia vs. Kosovo.|That was it."),
            ("Some, e.g. Doe, left, i.e. Roe too.", "Some, e.g. Doe, left, i.e. Roe too."),
            (
                "In Yuma, Ariz. Doe waited. On p. 5. It ended.",
                "In Yuma, Ariz. Doe waited.|On p. 5.|It ended.",
            ),
            ("1. Guards came. IV. Guards left.", "1. Guards came.|IV. Guards left."),
        ]);
    }

    #[test]
    fn quotations_are_split_and_their_speaker_stays() {
        check(&[
            ("“Go back.” They went.", "“Go back.”|They went."),
            ("“They came. They went.” He left.", "“They came.|They went.”|He left."),
            (
                "“Who came?” he asked. “Nobody!” Doe said.",
                "“Who came?” he asked.|“Nobody!” Doe said.",
            ),
            ("\"Go back,\" he said. \"Now.\"", "\"Go back,\" he said.|\"Now.\""),
            ("He said ‘no.’ “Why?” I asked.", "He said ‘no.’|“Why?” I asked."),
        ]);
    }

    #[test]
    fn a_sentence_that_is_too_long_is_cut_between_clauses() {
        let clause = "the guards came to the border and saw that nobody was there";
        let text = format!("{}; {clause}.", vec![clause; 30].join("; "));
        let found = sentences(&text, 0..text.len());
        assert_eq!(found.too_long, 1);
        assert_eq!(found.ranges.len(), 2);
        assert!(found.ranges.iter().all(|range| text[range.clone()].ends_with([';', '.'])));
        let one = sentences(&text[..SENTENCE_BYTES_MAX - 10], 0..SENTENCE_BYTES_MAX - 10);
        assert_eq!((one.ranges.len(), one.too_long), (2, 1), "too many words");
    }

    #[test]
    fn any_text_is_divided_without_loss_and_within_the_limits() {
        const SEED: u64 = 9_112_021;
        let mut random = Random(SEED);
        let texts = (0..3_000).map(|_| random.text(PIECES, 90));
        let texts: Vec<_> =
            texts.chain(hostile(30_000).into_iter().map(|(_, text)| text)).collect();
        for text in &texts {
            let found = sentences(text, 0..text.len()).ranges;
            assert_in_order(text, &found);
            let mut end = 0;
            for range in found.iter().chain([&(text.len()..text.len())]) {
                assert_eq!(text[end..range.start].trim(), "", "lost in {text:?}");
                end = range.end;
            }
            for range in &found {
                assert!(range.len() < SENTENCE_BYTES_MAX + 4, "{range:?} of {text:?}");
                assert_eq!(text[range.clone()].trim(), &text[range.clone()]);
            }
        }
    }

    #[test]
    fn a_passage_is_divided_by_itself() {
        let text = "One. Two. Three.";
        assert_eq!(sentences(text, 5..9).ranges, std::slice::from_ref(&(5..9)));
        assert_eq!(sentences(text, 2..12).ranges, [2..4, 5..9, 10..12]);
    }
}
