//! References: `&amp;`, `&#8217;` and what feeds write in their place, to the characters they mean.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashMap;

/// The longest name of a reference, `CounterClockwiseContourIntegral`, has 31 letters.
const NAME_BYTES_MAX: usize = 32;

/// Entities that one document may declare for itself; real ones declare a handful.
const OWN_MAX: usize = 64;

/// Bytes that a document's own entities may add to it: what a bomb is stopped by.
const OWN_BYTES_MAX: usize = 1 << 20;

/// What was wrong with the references of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Flaw {
    /// Nothing.
    #[default]
    None,
    /// An `&` that begins no reference, kept as it is.
    BareAmpersand,
    /// A name that nobody knows, kept as it is.
    UnknownEntity,
    /// `&#` without a number, kept as it is.
    BadReference,
}

/// The entities that a document declares in its DTD: plain values, no files, no nesting.
#[derive(Debug, Default)]
pub struct Own<'a> {
    values: HashMap<&'a str, &'a str>,
    spent: Cell<usize>,
}

impl<'a> Own<'a> {
    /// Reads the internal subset of a `<!DOCTYPE … [ … ]>`.
    ///
    /// `SYSTEM` and `PUBLIC` entities and parameter entities are passed over: nothing is fetched.
    pub fn declared(doctype: &'a str) -> Self {
        let mut own = Self::default();
        for piece in doctype.split("<!ENTITY").skip(1).take(OWN_MAX) {
            let Some((name, rest)) =
                piece.trim_start().split_once(|c: char| c.is_ascii_whitespace())
            else {
                continue;
            };
            let rest = rest.trim_start();
            let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
                continue;
            };
            if let Some((value, _)) = rest[1..].split_once(quote) {
                own.values.entry(name).or_insert(value);
            }
        }
        own
    }

    /// Returns the value of that entity, with references left in it, while the budget lasts.
    fn value(&self, name: &str) -> Option<&'a str> {
        let value = *self.values.get(name)?;
        let spent = self.spent.get() + value.len();
        self.spent.set(spent);
        (spent <= OWN_BYTES_MAX).then_some(value)
    }
}

/// Returns the text with its references resolved once, and the first flaw.
///
/// HTML's names count everywhere, since feeds use them without declaring them. Numbers 128 to 159
/// mean windows-1252, as in browsers.
pub fn resolve<'t>(text: &'t str, own: &Own<'_>) -> (Cow<'t, str>, Flaw) {
    let Some(first) = text.find('&') else { return (Cow::Borrowed(text), Flaw::None) };
    let mut flaw = Flaw::None;
    let mut out = String::with_capacity(text.len());
    out.push_str(&text[..first]);
    let mut rest = &text[first..];
    while !rest.is_empty() {
        let used = reference(rest, own, &mut out).unwrap_or_else(|found| {
            if flaw == Flaw::None {
                flaw = found;
            }
            out.push('&');
            1
        });
        let next = rest[used..].find('&').map_or(rest.len(), |i| i + used);
        out.push_str(&rest[used..next]);
        rest = &rest[next..];
    }
    (Cow::Owned(out), flaw)
}

/// Returns the text with HTML's references resolved.
pub fn resolve_html(text: &str) -> Cow<'_, str> {
    thread_local! {
        static NONE: Own<'static> = Own::default();
    }
    NONE.with(|none| resolve(text, none).0)
}

/// Puts out what the reference at the start of `rest` means, and returns its length in bytes.
fn reference(rest: &str, own: &Own<'_>, out: &mut String) -> Result<usize, Flaw> {
    let bytes = rest.as_bytes();
    // Nearly all references of escaped markup are of these.
    for (written, meant) in [("&lt;", '<'), ("&gt;", '>'), ("&amp;", '&'), ("&quot;", '"')] {
        if bytes.starts_with(written.as_bytes()) {
            out.push(meant);
            return Ok(written.len());
        }
    }
    let end = bytes[1..]
        .iter()
        .take(NAME_BYTES_MAX)
        .position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'#' | b'_' | b'-' | b'.' | b':')))
        .map_or(bytes.len().min(NAME_BYTES_MAX), |i| i + 1);
    let closed = bytes.get(end) == Some(&b';');
    let name = rest.get(1..end).filter(|name| !name.is_empty()).ok_or(Flaw::BareAmpersand)?;
    if let Some(number) = name.strip_prefix('#') {
        let digits = number.strip_prefix(['x', 'X']);
        let value = match digits {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => number.parse(),
        };
        let value = value.map_err(|_| Flaw::BadReference)?;
        out.extend(character(value));
        return Ok(end + usize::from(closed));
    }
    if !closed {
        return Err(Flaw::BareAmpersand);
    }
    if let Some(value) = own.value(name) {
        out.push_str(&resolve_html(value));
    } else {
        let written = &rest[..=end];
        let meant = html_escape::decode_html_entities(written);
        if meant == written {
            return Err(Flaw::UnknownEntity);
        }
        out.push_str(&meant);
    }
    Ok(end + 1)
}

/// Returns the character of that number; `None` for those that no text may have.
fn character(number: u32) -> Option<char> {
    match number {
        0x80..=0x9f => Some(windows_1252(number as u8)),
        9 | 10 | 13 => char::from_u32(number),
        0..0x20 | 0x7f | 0xfffe | 0xffff => None,
        _ => char::from_u32(number),
    }
}

/// Returns what windows-1252 has in the place of that C1 control, itself where it has nothing.
pub fn windows_1252(byte: u8) -> char {
    let decoded = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&[byte]).0.chars().next();
    decoded.unwrap_or(char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str, flaw: Flaw) {
        let own = Own::declared(
            "<!DOCTYPE r [<!ENTITY hq 'Head &amp; quarters'><!ENTITY f SYSTEM 'file:///x'>]>",
        );
        let (got, found) = resolve(text, &own);
        assert_eq!((got.as_ref(), found), (expected, flaw), "{text}");
    }

    #[test]
    fn references_become_characters() {
        check("a &amp; b &lt; &#8217; &#x2019; &#X41;", "a & b < ’ ’ A", Flaw::None);
        check("&eacute;&nbsp;&mdash;&euro;", "é\u{a0}—€", Flaw::None);
        check("&#146;&#128;", "’€", Flaw::None);
        check("&hq;", "Head & quarters", Flaw::None);
    }

    #[test]
    fn broken_references_stay_or_go() {
        check("AT&T & co", "AT&T & co", Flaw::BareAmpersand);
        check("?a=1&b=2", "?a=1&b=2", Flaw::BareAmpersand);
        check("&foo;", "&foo;", Flaw::UnknownEntity);
        check("&f;", "&f;", Flaw::UnknownEntity);
        check("a&#xZZ;b", "a&#xZZ;b", Flaw::BadReference);
        check("a&#0;b&#x1F;c", "abc", Flaw::None);
        check("&#8217", "’", Flaw::None);
        check("&", "&", Flaw::BareAmpersand);
    }

    #[test]
    fn own_entities_stop_when_the_budget_is_spent() {
        let value = "x".repeat(1000);
        let doctype = format!("<!DOCTYPE r [<!ENTITY a '{value}'>]>");
        let own = Own::declared(&doctype);
        let length = resolve(&"&a;".repeat(100_000), &own).0.len();
        assert!(length < 2 * OWN_BYTES_MAX, "{length}");
    }
}
