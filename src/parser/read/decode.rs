//! Bytes to UTF-8: byte order mark, valid UTF-8, HTTP's charset, the declaration, in that order.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::parser::entity;
use crate::parser::entry::Warning;

/// How far into a document an XML declaration is looked for, in bytes: behind banners and blanks.
const DECLARATION_WITHIN: usize = 64 * 1024;

/// Bytes that are looked at together.
const STRIDE: usize = 256;

/// Returns the body as text, without byte order marks and characters that no text may have, and
/// what was odd about it.
///
/// `content_type` is HTTP's header. A label that contradicts valid UTF-8 is wrong: no text in
/// another encoding happens to be valid UTF-8, beyond a word or two.
pub fn decode<'b>(body: &'b [u8], content_type: Option<&str>) -> (Cow<'b, str>, Vec<Warning>) {
    let mut warnings = Vec::new();
    let text = to_text(body, content_type, &mut warnings);
    let text = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_start_matches('\u{feff}')),
        Cow::Owned(text) if text.starts_with('\u{feff}') => {
            Cow::Owned(text.trim_start_matches('\u{feff}').to_owned())
        }
        text => text,
    };
    (without_controls(text, &mut warnings), warnings)
}

fn to_text<'b>(
    body: &'b [u8],
    content_type: Option<&str>,
    warnings: &mut Vec<Warning>,
) -> Cow<'b, str> {
    if let Some(text) = utf_32(body) {
        return Cow::Owned(text);
    }
    if let Some((encoding, mark)) = Encoding::for_bom(body) {
        let (text, malformed) = encoding.decode_without_bom_handling(&body[mark..]);
        // A mark before bytes that are something else is a leftover of some editor.
        if !malformed || encoding != UTF_8 {
            note_malformed(encoding, malformed, warnings);
            return text;
        }
        return by_label(&body[mark..], content_type, warnings);
    }
    if let Some(encoding) = utf_16_without_mark(body) {
        let (text, malformed) = encoding.decode_without_bom_handling(body);
        note_malformed(encoding, malformed, warnings);
        return text;
    }
    by_label(body, content_type, warnings)
}

fn by_label<'b>(
    body: &'b [u8],
    content_type: Option<&str>,
    warnings: &mut Vec<Warning>,
) -> Cow<'b, str> {
    let http = content_type.and_then(charset);
    let declared = declaration(body);
    let labels = [("the HTTP header", http), ("the XML declaration", declared)];
    let found =
        labels.iter().find_map(|(place, label)| Some((*place, encoding(label.as_deref()?)?)));

    if let Ok(text) = std::str::from_utf8(body) {
        match found {
            // Seven-bit encodings are valid UTF-8 whatever they say.
            Some((_, encoding)) if !encoding.is_ascii_compatible() && body.contains(&0x1b) => {
                return encoding.decode_without_bom_handling(body).0;
            }
            Some((place, encoding)) if encoding != UTF_8 && !body.is_ascii() => {
                warn(
                    warnings,
                    "charset-conflict",
                    format!(
                        "{place} says {}, the bytes are UTF-8 and read as such",
                        encoding.name()
                    ),
                );
            }
            _ => {}
        }
        return Cow::Borrowed(text);
    }
    for (place, label) in &labels {
        let Some(label) = label.as_deref() else { continue };
        let Some(encoding) = encoding(label) else {
            warn(warnings, "charset-unknown", format!("{place} says `{}`", shortened(label)));
            continue;
        };
        let (text, malformed) = encoding.decode_without_bom_handling(body);
        if !malformed {
            return text;
        }
        warn(
            warnings,
            "charset-conflict",
            format!("{place} says {}, the bytes are something else", encoding.name()),
        );
    }
    // No label holds. Bytes that are UTF-8 for the most part are UTF-8 with damage.
    let (text, _) = UTF_8.decode_without_bom_handling(body);
    let (damaged, whole) = text.chars().filter(|c| !c.is_ascii()).fold((0, 0), |(d, w), c| {
        if c == char::REPLACEMENT_CHARACTER { (d + 1, w) } else { (d, w + 1) }
    });
    let (guess, text) = if whole > damaged {
        (UTF_8, text)
    } else {
        let encoding = found.map(|(_, e)| e).filter(|e| *e != UTF_8).unwrap_or(WINDOWS_1252);
        (encoding, encoding.decode_without_bom_handling(body).0)
    };
    warn(warnings, "charset-guessed", format!("the bytes were read as {}", guess.name()));
    text
}

fn note_malformed(encoding: &'static Encoding, malformed: bool, warnings: &mut Vec<Warning>) {
    if malformed {
        warn(
            warnings,
            "charset-conflict",
            format!("the bytes begin as {} and are not all of it", encoding.name()),
        );
    }
}

fn encoding(label: &str) -> Option<&'static Encoding> {
    let encoding = Encoding::for_label(label.as_bytes())?;
    // Bytes that are UTF-16 were found before by their marks and zeros: the label is left over.
    (encoding != UTF_16LE && encoding != UTF_16BE).then_some(encoding)
}

/// Returns the charset of a `Content-Type`.
fn charset(content_type: &str) -> Option<String> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']).trim();
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then(|| value.to_owned())
    })
}

/// Returns the encoding that an XML declaration near the start names.
fn declaration(body: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&body[..body.len().min(DECLARATION_WITHIN)]);
    let from = head.find("<?xml")?;
    let declaration = &head[from..from + head[from..].find("?>")?];
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    Some(value[1..].split(quote).next()?.trim().to_owned())
}

/// Returns the encoding of UTF-16 without a mark, told by the zeros beside its first `<`.
///
/// Source: XML 1.0, appendix F.1.
fn utf_16_without_mark(body: &[u8]) -> Option<&'static Encoding> {
    match body {
        [b'<' | b'{', 0, second, 0, ..] if *second != 0 => Some(UTF_16LE),
        [0, b'<' | b'{', 0, second, ..] if *second != 0 => Some(UTF_16BE),
        _ => None,
    }
}

/// Returns the text of UTF-32, which encoding_rs leaves out as browsers do; `None` if it is not.
///
/// Source: XML 1.0, appendix F.1.
fn utf_32(body: &[u8]) -> Option<String> {
    let number: fn([u8; 4]) -> u32 = match body {
        [0xff, 0xfe, 0, 0, ..] | [b'<', 0, 0, 0, ..] => u32::from_le_bytes,
        [0, 0, 0xfe, 0xff, ..] | [0, 0, 0, b'<', ..] => u32::from_be_bytes,
        _ => return None,
    };
    let character = |bytes: &[u8]| {
        let bytes = bytes.try_into().ok()?;
        Some(char::from_u32(number(bytes)).unwrap_or(char::REPLACEMENT_CHARACTER))
    };
    Some(body.chunks_exact(4).filter_map(character).collect())
}

/// Drops what XML 1.0 does not allow in a text, and reads C1 controls as windows-1252 means them.
fn without_controls<'t>(text: Cow<'t, str>, warnings: &mut Vec<Warning>) -> Cow<'t, str> {
    let is_control = |c: char| {
        matches!(c, '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
            && c != '\r'
    };
    // Nearly every document has none: found in strides that the compiler can make wide.
    let suspicious = text.as_bytes().chunks(STRIDE).any(|stride| {
        stride.iter().fold(false, |found, b| {
            found
                | (*b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r'))
                | matches!(b, 0x7f | 0xc2 | 0xef)
        })
    }) && text.chars().any(is_control);
    if !suspicious {
        return text;
    }
    let mut controls = 0;
    let cleaned = text
        .chars()
        .filter_map(|c| {
            if !is_control(c) {
                return Some(c);
            }
            controls += 1;
            let meant = ('\u{80}'..='\u{9f}').contains(&c).then(|| entity::windows_1252(c as u8));
            meant.filter(|c| !c.is_control())
        })
        .collect();
    warn(warnings, "control-character", format!("{controls} characters that no text may have"));
    Cow::Owned(cleaned)
}

fn shortened(label: &str) -> String {
    label.chars().take(40).collect()
}

fn warn(warnings: &mut Vec<Warning>, code: &'static str, detail: String) {
    warnings.push(Warning { code, detail });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &[u8], content_type: Option<&str>, expected: &str, codes: &[&str]) {
        let (text, warnings) = decode(body, content_type);
        let found: Vec<_> = warnings.iter().map(|w| w.code).collect();
        assert_eq!((text.as_ref(), found.as_slice()), (expected, codes), "{body:?}");
    }

    #[test]
    fn the_mark_counts_first() {
        check(b"\xef\xbb\xbf<a>\xc3\xa9", Some("text/xml; charset=iso-8859-1"), "<a>é", &[]);
        check(b"\xef\xbb\xbf\xef\xbb\xbf<a>", None, "<a>", &[]);
        check(b"\xff\xfe<\0a\0>\0", None, "<a>", &[]);
        check(b"\xfe\xff\0<\0a\0>", Some("text/xml; charset=utf-8"), "<a>", &[]);
        check(b"\xff\xfe\0\0<\0\0\0a\0\0\0", None, "<a", &[]);
        check(b"<\0a\0>\0", None, "<a>", &[]);
    }

    #[test]
    fn valid_utf_8_counts_more_than_any_label() {
        let declared = "<?xml version='1.0' encoding='iso-8859-1'?>é";
        check(declared.as_bytes(), None, declared, &["charset-conflict"]);
        check("é".as_bytes(), Some("text/xml; charset=windows-1251"), "é", &["charset-conflict"]);
        check(b"<?xml encoding='utf-16'?>a", None, "<?xml encoding='utf-16'?>a", &[]);
    }

    #[test]
    fn http_counts_more_than_the_declaration() {
        check(b"\xc4", Some("text/xml;charset=\"windows-1251\""), "Д", &[]);
        check(b"<?xml encoding='koi8-r'?>\xc4", None, "<?xml encoding='koi8-r'?>д", &[]);
        check(
            b"<?xml encoding='koi8-r'?>\xc4",
            Some("text/xml; charset=windows-1251"),
            "<?xml encoding='koi8-r'?>Д",
            &[],
        );
        check(
            b"\xe4",
            Some("text/xml; charset=x-nowhere"),
            "ä",
            &["charset-unknown", "charset-guessed"],
        );
    }

    #[test]
    fn wrong_labels_are_seen_through() {
        check(
            b"<?xml encoding='utf-8'?>\xe4",
            None,
            "<?xml encoding='utf-8'?>ä",
            &["charset-conflict", "charset-guessed"],
        );
        check(b"\xc3\xa9\xc3\xa9\xc3", None, "éé\u{fffd}", &["charset-guessed"]);
    }

    #[test]
    fn controls_are_dropped_or_read_as_windows_1252() {
        check(b"a\x0bb\x00c\td\r\n", None, "abc\td\r\n", &["control-character"]);
        check("don\u{92}t".as_bytes(), None, "don’t", &["control-character"]);
    }
}
