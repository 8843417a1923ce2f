//! A tolerant scan of XML and HTML: tags, texts and CDATA in the order of the source, no error.
//!
//! What is not markup by the letter is text: a `<` before a blank, a tag that never ends. Nothing is
//! copied and nothing is read twice, so the time is linear in the length whatever the source is.

use std::iter;

/// How far a `<` inside of a quoted attribute lets us look for the closing quote, in bytes.
const QUOTED_LOOKAHEAD: usize = 1024;

/// How a CDATA section begins.
pub const CDATA: &str = "<![CDATA[";

/// One piece of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// Characters between tags, references unresolved.
    Text(&'a str),
    /// What stands in a CDATA section; `closed` is false when the source ends before `]]>`.
    CData {
        /// Verbatim characters.
        text: &'a str,
        /// Whether `]]>` was found.
        closed: bool,
    },
    /// `<name …>` or `<name …/>`.
    Start(Tag<'a>),
    /// `</name>`.
    End(&'a str),
    /// `<!DOCTYPE …>`, from its first `<` to its last `>`.
    Doctype(&'a str),
    /// A comment, a processing instruction, an XML declaration.
    Other,
}

/// A start tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag<'a> {
    /// Name with its prefix, as written.
    pub name: &'a str,
    /// What stands between the name and `>` or `/>`.
    attributes: &'a str,
    /// Whether it ends in `/>`.
    pub empty: bool,
}

impl<'a> Tag<'a> {
    /// Returns the attributes as written, references unresolved, doubles and all.
    pub fn attributes(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let mut rest = self.attributes;
        iter::from_fn(move || {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
            if rest.is_empty() {
                return None;
            }
            // A stray `=` or quote is a name of its own, so that the iterator always moves on.
            let stop = |c: char| c.is_ascii_whitespace() || c == '=' || c == '/';
            let end = rest.find(stop).unwrap_or(rest.len());
            let end = if end == 0 { 1 } else { end };
            let (name, after) = rest.split_at(end);
            let Some(value) = after.trim_start().strip_prefix('=') else {
                rest = after;
                return Some((name, ""));
            };
            let value = value.trim_start();
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (value, after) = match quote {
                Some(quote) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
                None => value
                    .split_at(value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len())),
            };
            rest = after;
            Some((name, value))
        })
    }

    /// Returns the first attribute of that name, whatever its case, references unresolved.
    pub fn attribute(&self, name: &str) -> Option<&'a str> {
        if self.attributes.is_empty() {
            return None;
        }
        self.attributes().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Returns whether the text occurs anywhere among the attributes: cheap, to skip a closer look.
    pub fn mentions(&self, text: &str) -> bool {
        !self.attributes.is_empty() && self.attributes.contains(text)
    }
}

/// Walks over a source.
#[derive(Clone, Debug)]
pub struct Scanner<'a> {
    source: &'a str,
    at: usize,
    comment_end: Needle,
    cdata_end: Needle,
    instruction_end: Needle,
    lacks_doctype_end: bool,
}

impl<'a> Scanner<'a> {
    /// Starts at the beginning of the source.
    pub fn new(source: &'a str) -> Self {
        Self {
            source,
            at: 0,
            comment_end: Needle::new("-->"),
            cdata_end: Needle::new("]]>"),
            instruction_end: Needle::new("?>"),
            lacks_doctype_end: false,
        }
    }

    /// Returns the byte at which the next token starts.
    pub fn byte(&self) -> usize {
        self.at
    }

    /// Goes on at that byte, which must be one at which a token or a tag starts.
    pub fn seek(&mut self, at: usize) {
        self.at = at;
    }

    fn markup(&mut self) -> Option<Token<'a>> {
        let rest = &self.source[self.at..];
        match rest.as_bytes().get(1)? {
            b'!' if rest.starts_with("<!--") => Some(self.comment(rest)),
            b'!' if rest.starts_with(CDATA) => Some(self.cdata()),
            b'!' if rest
                .as_bytes()
                .get(2)
                .is_some_and(|b| b.is_ascii_alphabetic() || *b == b'[') =>
            {
                Some(self.declaration(rest))
            }
            b'?' => Some(self.instruction(rest)),
            b'/' if rest.as_bytes().get(2).is_some_and(|b| starts_name(*b)) => {
                let end = rest[2..].find(['>', '<']).map_or(rest.len(), |i| i + 2);
                let name = rest[2..end].split(|c: char| c.is_ascii_whitespace() || c == '/').next();
                self.at += end + usize::from(rest.as_bytes().get(end) == Some(&b'>'));
                Some(Token::End(name.unwrap_or_default()))
            }
            b if starts_name(*b) => Some(Token::Start(self.tag(rest))),
            _ => None,
        }
    }

    fn comment(&mut self, rest: &'a str) -> Token<'a> {
        let end = self.comment_end.find(self.source, self.at + 4).map(|i| i + 3 - self.at);
        self.at += end.or_else(|| first_close(rest)).unwrap_or(rest.len());
        Token::Other
    }

    fn instruction(&mut self, rest: &'a str) -> Token<'a> {
        let end = self.instruction_end.find(self.source, self.at + 2).map(|i| i + 2 - self.at);
        self.at += end.or_else(|| first_close(rest)).unwrap_or(rest.len());
        Token::Other
    }

    fn cdata(&mut self) -> Token<'a> {
        let from = self.at + CDATA.len();
        let (text, closed) = match self.cdata_end.find(self.source, from) {
            Some(end) => {
                self.at = end + "]]>".len();
                (&self.source[from..end], true)
            }
            None => {
                self.at = self.source.len();
                (&self.source[from..], false)
            }
        };
        Token::CData { text, closed }
    }

    fn declaration(&mut self, rest: &'a str) -> Token<'a> {
        let end = if self.lacks_doctype_end { None } else { declaration_end(rest) };
        self.lacks_doctype_end |= end.is_none();
        let end = end.or_else(|| first_close(rest)).unwrap_or(rest.len());
        self.at += end;
        let is_doctype = rest.get(2..9).is_some_and(|word| word.eq_ignore_ascii_case("doctype"));
        if is_doctype { Token::Doctype(&rest[..end]) } else { Token::Other }
    }

    fn tag(&mut self, rest: &'a str) -> Tag<'a> {
        let bytes = rest.as_bytes();
        let name_end = bytes[1..]
            .iter()
            .position(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>' | b'<'))
            .map_or(rest.len(), |i| i + 1);
        let end = tag_end(bytes, name_end);
        let closed = bytes.get(end) == Some(&b'>');
        self.at += end + usize::from(closed);
        let inner = rest[name_end..end].trim_end();
        let empty = inner.ends_with('/');
        Tag {
            name: &rest[1..name_end],
            attributes: if empty { &inner[..inner.len() - 1] } else { inner },
            empty,
        }
    }
}

/// An end that is looked for again and again, each stretch of the source searched but once.
#[derive(Clone, Debug)]
struct Needle {
    text: &'static str,
    /// The last search: from where, and what it found. No other end lies between the two.
    searched: Option<(usize, Option<usize>)>,
}

impl Needle {
    fn new(text: &'static str) -> Self {
        Self { text, searched: None }
    }

    /// Returns the first byte of the next occurrence at `from` or later.
    fn find(&mut self, source: &str, from: usize) -> Option<usize> {
        if let Some((searched, found)) = self.searched
            && from >= searched
            && found.is_none_or(|found| from <= found)
        {
            return found;
        }
        let found = source.get(from..).and_then(|rest| rest.find(self.text)).map(|i| from + i);
        self.searched = Some((from, found));
        found
    }
}

impl<'a> Iterator for Scanner<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let bytes = self.source.as_bytes();
        if self.at >= bytes.len() {
            return None;
        }
        if bytes[self.at] == b'<'
            && let Some(token) = self.markup()
        {
            return Some(token);
        }
        let from = self.at;
        let mut to = from + usize::from(bytes[from] == b'<');
        loop {
            match self.source[to..].find('<') {
                None => to = bytes.len(),
                Some(i) => {
                    to += i;
                    let opens = |b: &u8| starts_name(*b) || matches!(b, b'/' | b'!' | b'?');
                    if !bytes.get(to + 1).is_some_and(opens) {
                        to += 1;
                        continue;
                    }
                }
            }
            break;
        }
        self.at = to;
        Some(Token::Text(&self.source[from..to]))
    }
}

fn starts_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

fn first_close(rest: &str) -> Option<usize> {
    rest.find('>').map(|i| i + 1)
}

/// Returns one past the `>` of `<!DOCTYPE … [ … ]>`.
fn declaration_end(rest: &str) -> Option<usize> {
    let mut subset = false;
    let mut quote = None;
    for (i, byte) in rest.bytes().enumerate() {
        match (quote, byte) {
            (Some(q), b) if q == b => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') if subset => quote = Some(byte),
            (None, b'[') => subset = true,
            (None, b']') => subset = false,
            (None, b'>') if !subset => return Some(i + 1),
            _ => {}
        }
    }
    None
}

/// Returns where the tag ends: at its `>`, or at the `<` of the next where it never ends.
fn tag_end(bytes: &[u8], from: usize) -> usize {
    let mut after_equals = false;
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'>' | b'<' => return at,
            b'"' | b'\'' if after_equals => match quoted_end(bytes, at + 1, byte) {
                Some(end) => at = end,
                // The quote is never closed: the tag ends at the first `>`.
                None => {
                    return bytes[from..]
                        .iter()
                        .position(|b| matches!(b, b'>' | b'<'))
                        .map_or(bytes.len(), |i| i + from);
                }
            },
            _ => {}
        }
        after_equals = byte == b'=' || (after_equals && byte.is_ascii_whitespace());
        at += 1;
    }
    bytes.len()
}

fn quoted_end(bytes: &[u8], from: usize, quote: u8) -> Option<usize> {
    let stop = from + bytes[from..].iter().position(|b| *b == quote || *b == b'<')?;
    if bytes[stop] == quote {
        return Some(stop);
    }
    let near = &bytes[stop..bytes.len().min(stop + QUOTED_LOOKAHEAD)];
    let end = stop + near.iter().position(|b| *b == quote)?;
    let closes =
        bytes.get(end + 1).is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'));
    closes.then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expected: &str) {
        let told: Vec<String> = Scanner::new(source)
            .map(|token| match token {
                Token::Text(text) => format!("'{text}'"),
                Token::CData { text, closed: true } => format!("[{text}]"),
                Token::CData { text, closed: false } => format!("[{text}"),
                Token::Start(tag) => {
                    let attributes: String =
                        tag.attributes().map(|(name, value)| format!(" {name}={value}")).collect();
                    format!("<{}{attributes}{}>", tag.name, if tag.empty { "/" } else { "" })
                }
                Token::End(name) => format!("</{name}>"),
                Token::Doctype(text) => format!("!{}", text.len()),
                Token::Other => "-".into(),
            })
            .collect();
        assert_eq!(told.join(" "), expected, "{source}");
    }

    #[test]
    fn well_formed_sources_give_their_tokens() {
        check("<a b='1' c=\"2\">x</a>", "<a b=1 c=2> 'x' </a>");
        check("<a/><b  />", "<a/> <b/>");
        check("<?xml version='1.0'?><!-- <a> --><a/>", "- - <a/>");
        check("<![CDATA[<b> & ]]>x", "[<b> & ] 'x'");
        check("<!DOCTYPE r [<!ENTITY a 'x>y'>]><r/>", "!32 <r/>");
        check("<a href=\"x>y\"/>", "<a href=x>y/>");
    }

    #[test]
    fn broken_sources_give_what_can_be_told() {
        check("5 < 6 & 7", "'5 < 6 & 7'");
        check("<a b=1 c>x", "<a b=1 c=> 'x'");
        check("<a b='1' b='2'/>", "<a b=1 b=2/>");
        check("<a b=\"1>x</a>", "<a b=1> 'x' </a>");
        check("<a <b>x", "<a> <b> 'x'");
        check("</a <b>", "</a> <b>");
        check("<![CDATA[x", "[x");
        check("<!-- x <a>y", "- 'y'");
        check("<", "'<'");
        check("a</", "'a' '</'");
        check("<a ==\"\"", "<a ==>");
    }
}
