//! Noise by its words: lines that are nothing else, heads of lines, and what stands inside of them.

use std::ops::Range;

use super::dateline::Stands;
use super::phrases::{PHRASES, Reach, is_apart};
use super::{Known, Noise, dateline};

/// Longest line, in bytes, that a phrase at its head takes as a whole: more is a paragraph.
const START_LINE_BYTES_MAX: usize = 300;

/// Longest caption, in bytes, that a mark at its head takes as a whole.
const CAPTION_BYTES_MAX: usize = 600;

/// Longest line, in bytes, that the name of a picture's agency takes as a whole.
const CREDIT_BYTES_MAX: usize = 120;

/// Longest line of a date, a byline or tags, in bytes.
const SHORT_LINE_BYTES_MAX: usize = 160;

/// Longest brackets, in bytes, that are looked into.
const BRACKET_BYTES_MAX: usize = 240;

/// Bytes of a line that are compared with its possible beginnings.
const HEAD_BYTES_MAX: usize = 64;

/// A stretch of a line that is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) range: Range<usize>,
    pub(super) noise: Noise,
}

/// Returns what the line is, if it is nothing but noise.
pub(super) fn of_line(line: &str) -> Option<Noise> {
    let bare = unbracketed(line.trim_start_matches(is_list_mark).trim_end_matches(is_end_mark));
    let head = lower(&bare[..bare.floor_char_boundary(HEAD_BYTES_MAX)]);
    if !bare.contains(char::is_alphanumeric) {
        return Some(Noise::Mark);
    }
    if bare.len() < HEAD_BYTES_MAX
        && let Some(noise) = PHRASES.line(head.trim_end_matches(is_end_mark))
    {
        return Some(noise);
    }
    if line.len() <= START_LINE_BYTES_MAX
        && let Some(noise) = PHRASES.start(&head)
    {
        return Some(noise);
    }
    if line.len() <= CAPTION_BYTES_MAX && PHRASES.begins_caption(&head) {
        return Some(Noise::Credit);
    }
    if line.len() <= START_LINE_BYTES_MAX && line.contains("contributed to this ") {
        return Some(Noise::Reporters);
    }
    if line.len() <= SHORT_LINE_BYTES_MAX {
        return short_line(bare, &head);
    }
    None
}

/// Returns the words of a line that stands in brackets as a whole.
fn unbracketed(line: &str) -> &str {
    let within = match line.chars().next() {
        Some('(') => line[1..].strip_suffix(')'),
        Some('[') => line[1..].strip_suffix(']'),
        _ => None,
    };
    within.filter(|within| !within.contains(['(', '['])).unwrap_or(line)
}

fn short_line(bare: &str, head: &str) -> Option<Noise> {
    let mut words = bare.split_whitespace().filter(|word| word.contains(char::is_alphanumeric));
    if words.clone().all(is_address) {
        return Some(Noise::Address);
    }
    if words.clone().all(|word| word.starts_with(['#', '@']) || is_address(word)) {
        return Some(Noise::Tags);
    }
    if bare.contains(|c: char| c.is_ascii_digit()) && words.clone().all(is_time) {
        return Some(Noise::Time);
    }
    if head.starts_with("by ") && is_byline(bare) {
        return Some(Noise::Byline);
    }
    // "— Border Watch (@borderwatch) November 8, 2021" under a quoted message.
    if bare.contains("(@") && words.next_back().is_some_and(is_time) {
        return Some(Noise::Byline);
    }
    // A credit in brackets is cut out of its line, which stays.
    let is_credit = bare.len() <= CREDIT_BYTES_MAX
        && !bare.contains(". ")
        && !bare.contains(['(', '['])
        && PHRASES.has_credit(bare);
    is_credit.then_some(Noise::Credit)
}

/// Returns whether the line names its writers and nothing else: "By Jane Doe and John Roe, Reuters".
fn is_byline(line: &str) -> bool {
    let words = line.split_whitespace().skip(1);
    let is_name = |word: &str| {
        let first = word.chars().find(|c| c.is_alphanumeric());
        first.is_none_or(|c| c.is_uppercase()) || PHRASES.is_link(&lower(word)) || is_time(word)
    };
    line.len() > "by ".len() && words.clone().count() <= 16 && words.clone().all(is_name)
}

/// Returns the length of the list mark, kicker or byline that the line begins with.
pub(super) fn head(line: &str, known: impl Fn(&str) -> Known) -> Option<(usize, Noise)> {
    let marks = list_marks(line);
    if marks > 0 {
        return Some((marks, Noise::Mark));
    }
    if let Some(length) = kicker(line) {
        return Some((length, Noise::Kicker));
    }
    byline(line, known).map(|length| (length, Noise::Byline))
}

/// "• ", "- ", "1. ", "(a) " before the text of an item.
fn list_marks(line: &str) -> usize {
    let rest = line.trim_start_matches(is_list_mark);
    // A minus belongs to its number.
    let is_minus = rest.starts_with(|c: char| c.is_ascii_digit());
    if rest.len() < line.len() && !(is_minus && line[..line.len() - rest.len()].ends_with('-')) {
        return line.len() - rest.len();
    }
    let number = line.trim_start_matches('(');
    let mark = number.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = number.len() - mark.len();
    let rest = mark.trim_start_matches(['.', ')']);
    let has_space = rest.starts_with(char::is_whitespace);
    let follows = rest.trim_start().starts_with(|c: char| c.is_uppercase() || is_quote(c));
    if (1..=2).contains(&digits) && rest.len() < mark.len() && has_space && follows {
        line.len() - rest.len()
    } else {
        0
    }
}

/// "BREAKING: ", "UPDATE 2-", "EXCLUSIVE | ".
fn kicker(line: &str) -> Option<usize> {
    let words = PHRASES.kicker(line)?;
    let rest = line[words.len()..].trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
    let glued = rest.strip_prefix(['-', ':', '|', '–', '—'])?;
    let rest = glued.trim_start();
    let begins =
        rest.starts_with(|c: char| !c.is_lowercase() && (c.is_alphanumeric() || is_quote(c)));
    begins.then_some(line.len() - rest.len())
}

/// "By Jane Doe ATHENS (Reuters) – …": names before a dateline in capitals, which stays.
fn byline(line: &str, known: impl Fn(&str) -> Known) -> Option<usize> {
    let rest = line.strip_prefix("By ").or_else(|| line.strip_prefix("BY "))?;
    let head = &rest[..rest.floor_char_boundary(SHORT_LINE_BYTES_MAX)];
    let mut names = 0;
    for word in head.split_inclusive(' ') {
        let at = line.len() - rest.len() + names;
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        let is_upper = letters >= 3 && !word.contains(char::is_lowercase);
        if names > 0 && is_upper && dateline::at_head(&line[at..], Stands::First, &known).is_some()
        {
            return Some(at);
        }
        let is_name = word.starts_with(char::is_uppercase) || PHRASES.is_link(word.trim());
        if !is_name {
            return None;
        }
        names += word.len();
    }
    None
}

/// Returns what is noise inside of the line, in order and apart from each other.
pub(super) fn inside(line: &str) -> Vec<Cut> {
    let mut cuts: Vec<Cut> = Vec::new();
    let end = without_tail(line);
    let mut from = 0;
    for hit in PHRASES.inside.find_iter(&line[..end]) {
        if hit.start() < from || !begins_here(line, hit.range()) {
            continue;
        }
        let (noise, reach) = PHRASES.inside_is[hit.pattern().as_usize()];
        let written = &line[hit.range()];
        let after = &line[hit.end()..line.floor_char_boundary(hit.end() + START_LINE_BYTES_MAX)];
        if written.eq_ignore_ascii_case("the post") && !after.contains("appeared first on") {
            continue;
        }
        let until = match reach {
            Reach::Words => hit.end(),
            Reach::Line => end,
            Reach::Sentence => sentence_end(&line[..end], hit.end()),
        };
        cuts.push(Cut { range: hit.start()..until, noise });
        from = until;
        if from == end {
            break;
        }
    }
    if end < line.len() {
        cuts.push(Cut { range: end..line.len(), noise: Noise::Mark });
    }
    cuts.extend(credits(line));
    cuts.sort_by_key(|cut| (cut.range.start, std::cmp::Reverse(cut.range.end)));
    let mut end = 0;
    cuts.retain(|cut| {
        let is_apart = cut.range.start >= end;
        end = if is_apart { cut.range.end } else { end };
        is_apart
    });
    cuts
}

/// Returns whether a sentence begins with these words; at the head of a line none is cut, since the
/// whole line was judged before.
fn begins_here(line: &str, words: Range<usize>) -> bool {
    let before = line[..words.start].trim_end();
    let written = &line[words.clone()];
    let is_end = before.ends_with(|c: char| {
        matches!(c, '.' | '!' | '?' | '…' | ')' | ']' | '”' | '"' | '’' | '|')
    });
    is_end
        && before.len() < words.start
        && !written.starts_with(char::is_lowercase)
        && is_apart(line, words)
}

/// Returns where the sentence ends in which the byte stands.
fn sentence_end(line: &str, from: usize) -> usize {
    let mut rest = line[from..].char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let is_last = rest.peek().is_none_or(|(_, next)| next.is_whitespace());
        if matches!(c, '.' | '!' | '?') && is_last {
            return from + at + c.len_utf8();
        }
    }
    line.len()
}

/// Returns where the line ends without the addresses, tags and marks of omission behind it.
fn without_tail(line: &str) -> usize {
    let mut kept = line.len();
    let mut end = line.len();
    let mut tags = 0;
    loop {
        let rest = line[..end].trim_end();
        let last = rest.rsplit(char::is_whitespace).next().unwrap_or("");
        end = rest.len() - last.len();
        if last.starts_with('#') {
            // One may be a word of the sentence, several or one behind it are not.
            tags += 1;
            let before = line[..end].trim_end();
            if tags > 1 || before.ends_with(['.', '!', '?', '…', '”', '"']) {
                kept = before.len();
            }
        } else if end > 0 && (is_address(last) || is_omission(last)) {
            kept = line[..end].trim_end().len();
        } else {
            return kept;
        }
    }
}

/// "[…]", "[+1234", "»" and the like, with which shortened texts end.
fn is_omission(word: &str) -> bool {
    matches!(word, "[…]" | "[...]" | "[…" | "(…)" | "(...)" | "»" | ">>" | "→")
}

/// Returns credits in brackets that stand before, between or behind sentences.
fn credits(line: &str) -> impl Iterator<Item = Cut> + '_ {
    let opens = line.char_indices().filter(|(_, c)| matches!(c, '(' | '['));
    opens.filter_map(|(start, open)| {
        let close = if open == '(' { ')' } else { ']' };
        let head = &line[start..line.floor_char_boundary(start + BRACKET_BYTES_MAX)];
        let end = start + head.find(close)? + 1;
        let words = &line[start + 1..end - 1];
        let is_credit = PHRASES.has_credit(words)
            || PHRASES.begins_caption(&lower(&words[..words.floor_char_boundary(HEAD_BYTES_MAX)]));
        let before = line[..start].trim_end();
        let after = line[end..].trim_start();
        let is_between = before.is_empty()
            || before.ends_with(['.', '!', '?', '”', '"'])
            || after.is_empty()
            || after == ".";
        (is_credit && is_between).then_some(Cut { range: start..end, noise: Noise::Credit })
    })
}

/// Returns where the headline ends before the name of its publisher, if one stands behind it.
///
/// "… | Border Daily", "… - Border Daily": aggregators add it.
pub(super) fn publisher(title: &str) -> Option<usize> {
    if let Some((head, _)) = title.rsplit_once(" | ") {
        let words = head.split_whitespace().count();
        return (words >= 3).then(|| head.trim_end().len());
    }
    let (at, dash) = title.rmatch_indices([' ', '\u{a0}']).find_map(|(at, _)| {
        let dash = [" - ", " – ", " — "].into_iter().find(|dash| title[at..].starts_with(dash))?;
        Some((at, dash))
    })?;
    let (head, name) = (&title[..at], &title[at + dash.len()..]);
    let names = name.split_whitespace().count();
    let is_name = names <= 4
        && name.split_whitespace().all(|word| {
            word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || c == '&')
                || PHRASES.is_link(word)
                || word.contains('.')
        });
    let is_known = PHRASES.is_agency(name) || is_address(name) || ends_like_publisher(name);
    (is_name && is_known && head.split_whitespace().count() >= 3).then(|| head.trim_end().len())
}

/// Returns whether the name ends as those of papers and stations do.
fn ends_like_publisher(name: &str) -> bool {
    const ENDS: &[&str] = &[
        "News",
        "Times",
        "Post",
        "Journal",
        "Daily",
        "Herald",
        "Guardian",
        "Tribune",
        "Telegraph",
        "Standard",
        "Observer",
        "Independent",
        "Mail",
        "Express",
        "Today",
        "Radio",
        "TV",
        "Press",
        "Online",
        "Review",
        "Monitor",
        "Chronicle",
        "Gazette",
        "Star",
        "Sun",
        "World",
        "Jazeera",
        "Agency",
        "Newspaper",
        "Magazine",
        "Reporter",
        "Mirror",
        "Insider",
        "Economist",
        "Weekly",
    ];
    name.split_whitespace().next_back().is_some_and(|last| ENDS.contains(&last))
}

/// Returns whether the word is an address of the web or of mail.
fn is_address(word: &str) -> bool {
    let word =
        word.trim_matches(|c: char| matches!(c, '(' | ')' | '[' | ']' | '<' | '>' | ',' | ';'));
    let word = word.trim_end_matches(['.', '/']);
    if word.contains("://") || word.starts_with("www.") || word.starts_with("pic.twitter.com") {
        return true;
    }
    let (name, host) = word.split_once('@').unwrap_or(("", word));
    let host_is_plain = host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
    if !name.is_empty() {
        return host_is_plain && host.contains('.');
    }
    const ENDS: &[&str] = &[".com", ".org", ".net", ".info", ".eu", ".co.uk", ".news"];
    let host = word.split('/').next().unwrap_or(word);
    word.is_ascii() && host.len() > 4 && ENDS.iter().any(|end| host.ends_with(end))
}

/// Returns whether the word stands in lines that tell a time.
fn is_time(word: &str) -> bool {
    let word = lower(word);
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let digits =
        word.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ':' | '.' | '/' | '-'));
    let is_number = digits.len() < word.len();
    PHRASES.is_time(word)
        || is_number
            && (digits.is_empty()
                || matches!(digits, "st" | "nd" | "rd" | "th" | "am" | "pm" | "h" | "z")
                || is_iso_time(word))
}

/// "2021-11-08t12:30:00z", "2021-11-08t12:30:00+01:00".
fn is_iso_time(word: &str) -> bool {
    word.len() >= 16
        && word
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'-' | b':' | b't' | b'z' | b'.' | b'+'))
}

fn lower(text: &str) -> String {
    text.to_lowercase().replace('’', "'")
}

fn is_list_mark(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '•' | '·'
                | '▪'
                | '■'
                | '●'
                | '◦'
                | '‣'
                | '*'
                | '»'
                | '›'
                | '>'
                | '→'
                | '►'
                | '▶'
                | '✓'
                | '|'
                | '-'
                | '–'
                | '—'
                | '_'
                | '='
                | '~'
        )
}

fn is_end_mark(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            ':' | '.'
                | '…'
                | '!'
                | '»'
                | '›'
                | '>'
                | '→'
                | '►'
                | '*'
                | '|'
                | '-'
                | '–'
                | '—'
                | '_'
                | '='
                | '~'
        )
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '‘' | '\'' | '«' | '„')
}
