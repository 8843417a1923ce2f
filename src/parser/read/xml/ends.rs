//! Where a field ends, also where its end tag is missing.

use super::Walk;
use crate::parser::read::inner::Inner;
use crate::parser::read::vocabulary::Field;
use crate::parser::scan::{CDATA, Tag, Token};

/// Elements open at once in one field; no text nests like that, and the entry is left out.
pub const DEPTH_MAX: usize = 65_536;

/// What the search for the end of a field found.
pub enum Found<'a> {
    /// The stretch up to its end.
    Field(Inner<'a>),
    /// The document ends in it.
    Cut,
    /// It nests deeper than [`DEPTH_MAX`].
    TooDeep,
}

impl<'a> Walk<'a> {
    /// Finds the end of the field that the tag began, and goes behind it.
    pub(super) fn find_end(&mut self, tag: &Tag<'a>, field: Field) -> Found<'a> {
        if tag.empty {
            return Found::Field(Inner::default());
        }
        let from = self.scanner.byte();
        let mut inner = Inner::default();
        let (mut same, mut depth) = (0_usize, 0_usize);
        let mut swallowed_entry = false;
        loop {
            let at = self.scanner.byte();
            let is_end = match self.scanner.next() {
                Some(Token::Text(_)) => false,
                Some(Token::Doctype(_) | Token::Other) => {
                    inner.is_mixed = true;
                    false
                }
                Some(Token::CData { text, closed }) => {
                    inner.is_mixed = true;
                    if !closed || text.contains(CDATA) {
                        self.cut_cdata(text, at, tag.name);
                    }
                    false
                }
                Some(Token::Start(other)) => {
                    let begins_entry = self.begins_entry(other.name);
                    swallowed_entry |= begins_entry;
                    if begins_entry && self.entry.is_none() {
                        self.is_eager = true;
                    }
                    let is_end =
                        self.is_eager && (begins_entry || self.begins_field(other.name, field));
                    if !is_end {
                        inner.has_elements = true;
                        inner.is_mixed = true;
                        if !other.empty && !is_void(other.name) {
                            depth += 1;
                            same += usize::from(other.name.eq_ignore_ascii_case(tag.name));
                        }
                        if depth > DEPTH_MAX {
                            return Found::TooDeep;
                        }
                    }
                    is_end
                }
                Some(Token::End(name)) if name.eq_ignore_ascii_case(tag.name) => {
                    depth = depth.saturating_sub(1);
                    if same == 0 {
                        inner.raw = &self.text[from..at];
                        return Found::Field(inner);
                    }
                    same -= 1;
                    false
                }
                Some(Token::End(name)) => {
                    inner.is_mixed = true;
                    depth = depth.saturating_sub(1);
                    self.places.iter().rev().any(|open| open.name.eq_ignore_ascii_case(name))
                }
                None if swallowed_entry => true,
                None => return Found::Cut,
            };
            if !is_end {
                continue;
            }
            // Something ends or begins that the field cannot hold: its end tag is missing.
            if self.is_eager {
                self.scanner.seek(at);
                inner.raw = &self.text[from..at];
                let name = tag.name;
                self.draft().warn("unclosed-element", || format!("`{name}` has no end tag"));
                return Found::Field(inner);
            }
            // Look again, now for where the next field begins.
            self.is_eager = true;
            self.stays_eager |= swallowed_entry;
            self.scanner.seek(from);
            inner = Inner::default();
            (same, depth, swallowed_entry) = (0, 0, false);
        }
    }

    /// Ends a CDATA section before the end tag of its element, where `]]>` was forgotten.
    fn cut_cdata(&mut self, text: &'a str, at: usize, name: &str) {
        let mut from = 0;
        while let Some(i) = text[from..].find("</") {
            from += i;
            let end = text.get(from + 2..from + 2 + name.len());
            if end.is_some_and(|end| end.eq_ignore_ascii_case(name)) {
                self.scanner.seek(at + CDATA.len() + from);
                self.draft().warn("unclosed-cdata", || format!("in `{name}`"));
                return;
            }
            from += 2;
        }
    }

    fn begins_entry(&mut self, name: &'a str) -> bool {
        let local = name.rsplit(':').next().unwrap_or(name);
        (local.eq_ignore_ascii_case("item") || local.eq_ignore_ascii_case("entry"))
            && self.meaning(name) == Field::Entry
    }

    /// Returns whether an element of that name ends a field that has no end of its own.
    fn begins_field(&mut self, name: &'a str, current: Field) -> bool {
        let meaning = self.meaning(name);
        let is_html = ["title", "link", "body", "div", "summary", "content", "category"]
            .iter()
            .any(|html| html.eq_ignore_ascii_case(name));
        meaning != Field::Unread && !(current.is_markup() && is_html)
    }
}

/// HTML's elements without an end tag: they do not nest.
fn is_void(name: &str) -> bool {
    ["br", "img", "hr", "input", "wbr", "meta", "link", "source", "col", "area", "param", "embed"]
        .iter()
        .any(|void| void.eq_ignore_ascii_case(name))
}
