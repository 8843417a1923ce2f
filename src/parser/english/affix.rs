//! What the tokenizer's rules cut off the ends of a chunk of text and out of its middle.
//!
//! After `spacy/lang/punctuation.py`, `spacy/lang/en/punctuation.py` and
//! `spacy/lang/tokenizer_exceptions.py`, 3.8; lengths are in bytes.

use std::ops::Range;

/// Quotation marks of any script, and the comma, which the rules treat alike.
fn is_quote(c: char) -> bool {
    matches!(c, '\'' | '"' | '”' | '“' | '`' | '‘' | '´' | '’' | '‚' | ',' | '„' | '»' | '«')
        || matches!(c, '「' | '」' | '『' | '』' | '（' | '）' | '〔' | '〕' | '【' | '】')
        || matches!(c, '《' | '》' | '〈' | '〉' | '\u{2329}' | '\u{232a}' | '⟦' | '⟧')
}

/// Marks that stand apart at both ends of a word; full stops have rules of their own.
fn is_mark(c: char) -> bool {
    matches!(c, '…' | ',' | ':' | ';' | '!' | '?' | '¿' | '؟' | '¡' | '(' | ')' | '[' | ']')
        || matches!(c, '{' | '}' | '<' | '>' | '_' | '#' | '*' | '&' | '·' | '।' | '،' | '۔')
        || matches!(c, '؛' | '٪' | '。' | '？' | '！' | '，' | '、' | '；' | '：' | '～')
}

fn is_currency(c: char) -> bool {
    matches!(c, '$' | '£' | '€' | '¥' | '฿' | '﷼' | '\u{20a0}'..='\u{20bf}')
}

/// Pictures, arrows and other signs that are neither letters nor marks.
fn is_sign(c: char) -> bool {
    matches!(c, '°' | '©' | '®' | '¦' | '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
        || (matches!(c, '\u{2100}'..='\u{214f}') && !c.is_alphabetic())
}

/// Units that may follow a number without a space.
const UNITS: &[&str] = &[
    "km²", "km³", "km", "m²", "m³", "m/s", "mm²", "mm³", "mm", "mph", "mbar", "mb", "mg", "m",
    "dm²", "dm³", "dm", "cm²", "cm³", "cm", "ha", "µm", "nm", "yd", "in", "ft", "kg", "kb", "km/h",
    "g", "gb", "µg", "t", "tb", "lb", "oz", "hPa", "Pa", "MB", "KB", "GB", "TB", "T", "G", "M",
    "K", "%",
];

/// Longest of the units, in bytes.
const UNIT_BYTES_MAX: usize = 4;

/// Returns the length of the prefix to be cut off, 0 if there is none.
pub(super) fn prefix(text: &str) -> usize {
    let mut characters = text.chars();
    let Some(first) = characters.next() else { return 0 };
    if first.is_ascii_alphanumeric() {
        let dollars = ["US$", "C$", "A$"].iter().find(|sign| text.starts_with(**sign));
        return dollars.map_or(0, |sign| sign.len());
    }
    let second = characters.next();
    match first {
        '.' if second == Some('.') => text.len() - text.trim_start_matches('.').len(),
        '\'' if second == Some('\'') => 2,
        '+' if second.is_some_and(|c| c.is_ascii_digit()) => 0,
        '§' | '%' | '=' | '—' | '–' | '+' => first.len_utf8(),
        _ if is_mark(first) || is_quote(first) || is_currency(first) || is_sign(first) => {
            first.len_utf8()
        }
        _ => 0,
    }
}

/// Returns the length of the suffix to be cut off, 0 if there is none.
pub(super) fn suffix(text: &str) -> usize {
    let mut characters = text.chars();
    let Some(last) = characters.next_back() else { return 0 };
    let before = characters.next_back();
    let digit_before = before.is_some_and(|c| c.is_ascii_digit());
    match last {
        's' | 'S' => match before {
            Some(quote @ ('\'' | '’')) => 1 + quote.len_utf8(),
            _ => unit(text),
        },
        '\'' if before == Some('\'') => 2,
        '.' if before == Some('.') => text.len() - text.trim_end_matches('.').len(),
        '.' => usize::from(stop_is_apart(&text[..text.len() - 1])),
        '+' => usize::from(digit_before),
        '—' | '–' => last.len_utf8(),
        _ if is_mark(last) || is_quote(last) || is_sign(last) => last.len_utf8(),
        _ if is_currency(last) => last.len_utf8() * usize::from(digit_before),
        _ => unit(text),
    }
}

/// Returns whether a full stop after the text is no part of its last word.
fn stop_is_apart(text: &str) -> bool {
    let mut characters = text.chars();
    let Some(last) = characters.next_back() else { return false };
    let before = characters.next_back();
    last.is_ascii_digit()
        || last.is_lowercase()
        || matches!(last, '%' | '²' | '-' | '+')
        || is_quote(last)
        || is_mark(last)
        || (last.is_uppercase() && before.is_some_and(|c| c.is_uppercase() || c == '°'))
}

/// Returns the length of the unit that follows a digit at the end.
fn unit(text: &str) -> usize {
    let bytes = text.as_bytes();
    let tail = &bytes[bytes.len().saturating_sub(UNIT_BYTES_MAX + 1)..];
    let Some(digit) = tail.iter().rposition(u8::is_ascii_digit) else { return 0 };
    let length = tail.len() - digit - 1;
    let rest = &text[text.len() - length..];
    if UNITS.contains(&rest) { length } else { 0 }
}

/// Calls for each part that stands apart within a word, front to back.
pub(super) fn infixes(text: &str, mut found: impl FnMut(Range<usize>)) {
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return;
    }
    let mut characters = text.char_indices().peekable();
    let Some((_, mut before)) = characters.next() else { return };
    while let Some((at, character)) = characters.next() {
        let length = infix(before, &text[at..]);
        before = character;
        if length > 0 {
            found(at..at + length);
            while let Some((_, skipped)) = characters.next_if(|(next, _)| *next < at + length) {
                before = skipped;
            }
        }
    }
}

/// Returns the length of the infix that the text begins with, after a character before it.
fn infix(before: char, text: &str) -> usize {
    let mut characters = text.chars();
    let Some(first) = characters.next() else { return 0 };
    if first.is_ascii_alphanumeric() {
        return 0;
    }
    let after = characters.next().unwrap_or(' ');
    let length = first.len_utf8();
    let within = |holds: bool| if holds { length } else { 0 };
    let letter_or_digit = before.is_alphabetic() || before.is_ascii_digit();
    match first {
        '.' if after == '.' => text.len() - text.trim_start_matches('.').len(),
        '.' => within(
            (before.is_lowercase() || is_quote(before))
                && (after.is_uppercase() || is_quote(after)),
        ),
        ',' => within(before.is_alphabetic() && after.is_alphabetic()),
        '+' | '-' | '*' | '^'
            if before.is_ascii_digit() && (after.is_ascii_digit() || after == '-') =>
        {
            length
        }
        '-' | '–' | '—' | '~' if letter_or_digit => {
            let most = match first {
                '-' => 3,
                '—' => 2,
                _ => 1,
            };
            let rest = text.trim_start_matches(first);
            let dashes = (text.len() - rest.len()) / length;
            let is_letter = rest.starts_with(char::is_alphabetic);
            if dashes <= most && is_letter { dashes * length } else { 0 }
        }
        ':' | '<' | '>' | '=' | '/' => within(letter_or_digit && after.is_alphabetic()),
        '…' => length,
        _ => within(is_sign(first)),
    }
}

/// Returns whether the text is an address of the web or of mail, which stays whole.
pub(super) fn is_address(text: &str) -> bool {
    let is_scheme = |text: &str| {
        text.len() >= 2 && text.chars().all(|c| c.is_alphanumeric() || "+-._".contains(c))
    };
    let rest = match text.split_once("://") {
        Some((scheme, rest)) if is_scheme(scheme) => rest,
        _ => text,
    };
    let rest = match rest.rsplit_once('@') {
        Some((user, host)) if !user.is_empty() => host,
        _ => rest,
    };
    let host = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let host = match host.rsplit_once(':') {
        Some((host, port)) if (2..=5).contains(&port.len()) && is_digits(port) => host,
        Some(_) => return false,
        None => host,
    };
    let Some((domain, top)) = host.rsplit_once('.') else { return false };
    let is_name = |name: &str| {
        name.starts_with(char::is_alphanumeric)
            && name.ends_with(char::is_alphanumeric)
            && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
    };
    (2..=63).contains(&top.len())
        && top.chars().all(char::is_lowercase)
        && domain.split('.').all(is_name)
}
