//! What stands in an element, and what it says as plain text or as markup.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

use crate::parser::entity::{self, Flaw, Own};
use crate::parser::html;
use crate::parser::scan::{CDATA, Scanner, Tag, Token};

/// base64 as mail writes it, with or without its padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// What stands between the start tag and the end tag of an element.
#[derive(Clone, Copy, Debug, Default)]
pub struct Inner<'a> {
    /// As received.
    pub raw: &'a str,
    /// Elements stand in it.
    pub has_elements: bool,
    /// Something but characters stands in it: elements, CDATA, comments, stray end tags.
    pub is_mixed: bool,
}

/// How a text construct is meant where it does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// A text is HTML once its references are resolved.
    Rss,
    /// A text is a text unless its type says otherwise.
    Atom,
}

/// The text of a field, and whether it is markup.
#[derive(Debug)]
pub enum Said<'a> {
    /// Nothing of it is markup.
    Plain(Cow<'a, str>),
    /// HTML.
    Markup(Cow<'a, str>),
}

impl<'a> Inner<'a> {
    /// Returns the characters, references resolved, tags left out, and the first flaw.
    pub fn text(&self, own: &Own<'_>) -> (Cow<'a, str>, Flaw) {
        if !self.is_mixed {
            return entity::resolve(self.raw, own);
        }
        let mut out = String::with_capacity(self.raw.len());
        let mut flaw = Flaw::None;
        for token in Scanner::new(self.raw) {
            match token {
                Token::Text(text) => {
                    let (text, found) = entity::resolve(text, own);
                    if flaw == Flaw::None {
                        flaw = found;
                    }
                    out.push_str(&text);
                }
                Token::CData { text, .. } => out.push_str(text),
                Token::Start(_) | Token::End(_) | Token::Doctype(_) | Token::Other => {}
            }
        }
        (Cow::Owned(out), flaw)
    }

    /// Returns what a text construct says; `None` where its type is none of a text.
    ///
    /// Source: RFC 4287 §3.1 and §4.1.3; Atom 0.3 `mode`; RSS 2.0, `description`.
    pub fn said(&self, tag: &Tag<'_>, dialect: Dialect, own: &Own<'_>) -> (Option<Said<'a>>, Flaw) {
        let kind = tag.attribute("type").unwrap_or_default().trim().to_ascii_lowercase();
        let mode = tag.attribute("mode").unwrap_or_default();
        let is_html = kind.contains("html");
        // A media type that is no text: a picture, a document, or a text in base64.
        let is_media = !is_html
            && kind.split_once('/').is_some_and(|(class, sub)| {
                matches!(class, "image" | "audio" | "video" | "application") && !sub.contains("xml")
            });
        if mode == "base64" || is_media {
            let (text, flaw) = self.text(own);
            let said = unpacked(&text).map(|text| match is_html || html::has_markup(&text) {
                true => Said::Markup(Cow::Owned(text)),
                false => Said::Plain(Cow::Owned(text)),
            });
            return (said, flaw);
        }
        if self.has_elements {
            return (Some(Said::Markup(self.unwrapped())), Flaw::None);
        }
        let (text, flaw) = self.text(own);
        let is_markup = is_html
            || (dialect == Dialect::Rss && !kind.ends_with("plain"))
            || html::has_markup(&text);
        (Some(if is_markup { Said::Markup(text) } else { Said::Plain(text) }), flaw)
    }

    /// Returns the markup with the bounds of its CDATA sections left out.
    fn unwrapped(&self) -> Cow<'a, str> {
        let raw = strip_div(self.raw.trim());
        if !raw.contains(CDATA) {
            return Cow::Borrowed(raw);
        }
        Cow::Owned(raw.replace(CDATA, "").replace("]]>", ""))
    }
}

impl Said<'_> {
    /// Returns it as one line of plain text.
    pub fn line(&self) -> String {
        match self {
            Self::Plain(text) => html::collapsed(text),
            Self::Markup(text) if html::has_markup(text) => html::line(text),
            Self::Markup(text) => html::collapsed(&entity::resolve_html(text)),
        }
    }

    /// Returns it as markup without what runs.
    pub fn markup(&self) -> String {
        match self {
            Self::Plain(text) => html::escaped(text.trim()),
            Self::Markup(text) => html::inert(text.trim()).into_owned(),
        }
    }
}

/// Returns the text that is written in base64, `None` where it is none or no text.
fn unpacked(text: &str) -> Option<String> {
    let packed: String = text.split_ascii_whitespace().collect();
    let text = String::from_utf8(BASE64.decode(packed).ok()?).ok()?;
    (!text.contains(|c: char| c.is_control() && !c.is_whitespace())).then_some(text)
}

/// Returns what stands in the one `div` that Atom wraps XHTML in.
///
/// Source: RFC 4287 §3.1.1.3.
fn strip_div(raw: &str) -> &str {
    let mut scanner = Scanner::new(raw);
    let Some(Token::Start(tag)) = scanner.next() else { return raw };
    let is_div = tag.name.rsplit(':').next().is_some_and(|local| local.eq_ignore_ascii_case("div"));
    let end = raw.rfind("</").filter(|at| raw[*at + 2..].trim_end_matches('>').trim() == tag.name);
    match end {
        Some(end) if is_div && tag.mentions("xmlns") && end >= scanner.byte() => {
            raw[scanner.byte()..end].trim()
        }
        _ => raw,
    }
}
