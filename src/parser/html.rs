//! HTML to text, and HTML without what runs: for people and extractors, not for browsers.

use std::borrow::Cow;

use super::entity;
use super::scan::{Scanner, Tag, Token};

/// Elements that run, load or frame something: they go with all that is in them.
const ACTIVE: &[&str] = &["script", "style", "applet", "object", "frameset"];

/// Elements of that kind that have no content, or whose content is for those who do not load them.
const ACTIVE_TAGS: &[&str] =
    &["embed", "frame", "iframe", "link", "meta", "base", "noscript", "blink"];

/// Elements that a text cannot stand in: what is in them is not for reading.
const UNREAD: &[&str] = &[
    "script", "style", "applet", "object", "iframe", "frameset", "noscript", "template", "svg",
    "math", "select", "textarea", "head", "audio", "video",
];

/// Elements that begin and end a line.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "br",
    "caption",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "legend",
    "li",
    "main",
    "nav",
    "ol",
    "option",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
    "ul",
];

/// Elements that stand inside of a line: with [`BLOCKS`], what tells a tag from "a <b" in a text.
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font",
    "i", "img", "ins", "kbd", "label", "mark", "nobr", "q", "s", "samp", "small", "span", "strike",
    "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "picture", "source", "button",
];

/// Returns the text of the markup: a paragraph, heading, cell or list item a line, no empty lines,
/// references resolved, white space collapsed.
///
/// A text without any tag keeps its blank lines as borders of paragraphs.
pub fn text(markup: &str) -> String {
    let mut lines = Lines::default();
    if !markup.contains('<') {
        for paragraph in markup.split("\n\n").flat_map(|part| part.split("\r\n\r\n")) {
            lines.words(&entity::resolve_html(paragraph));
            lines.end();
        }
        return lines.finish();
    }
    walk(markup, |piece| match piece {
        Piece::Text(text) => lines.words(&entity::resolve_html(text)),
        Piece::Block => lines.end(),
    });
    lines.finish()
}

/// Returns the text of the markup as one line.
pub fn line(markup: &str) -> String {
    let mut lines = Lines::default();
    walk(markup, |piece| match piece {
        Piece::Text(text) => lines.words(&entity::resolve_html(text)),
        Piece::Block => lines.words(" "),
    });
    lines.finish()
}

/// Returns the plain text with its white space collapsed.
pub fn collapsed(text: &str) -> String {
    let mut lines = Lines::default();
    lines.words(text);
    lines.finish()
}

/// Returns the plain text as markup that shows it.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Returns the markup without what runs, loads or frames something: scripts, styles, objects,
/// frames, comments, and attributes that are scripts.
///
/// The rest is kept by the letter. This keeps active content out of what is published; a page that
/// shows it has still to sanitize it.
pub fn inert(markup: &str) -> Cow<'_, str> {
    if !markup.contains('<') {
        return Cow::Borrowed(markup);
    }
    let mut scanner = Scanner::new(markup);
    let mut closers = Closers::default();
    let mut out = String::new();
    let mut kept = 0;
    loop {
        let from = scanner.byte();
        let Some(token) = scanner.next() else { break };
        let drop = match token {
            Token::Text(_) => false,
            Token::CData { .. } | Token::Doctype(_) | Token::Other => true,
            Token::End(name) => is_one_of(name, ACTIVE) || is_one_of(name, ACTIVE_TAGS),
            Token::Start(tag) if is_one_of(tag.name, ACTIVE) => {
                if !tag.empty {
                    closers.pass_over(markup, &mut scanner, tag.name);
                }
                true
            }
            Token::Start(tag) if is_one_of(tag.name, ACTIVE_TAGS) => true,
            Token::Start(tag) => {
                if let Some(plain) = without_scripts(&tag) {
                    out.push_str(&markup[kept..from]);
                    out.push_str(&plain);
                    kept = scanner.byte();
                }
                false
            }
        };
        if drop {
            out.push_str(&markup[kept..from]);
            kept = scanner.byte();
        }
    }
    if kept == 0 {
        return Cow::Borrowed(markup);
    }
    out.push_str(&markup[kept..]);
    Cow::Owned(out)
}

/// Returns the tag anew without its scripts, `None` where it has none.
fn without_scripts(tag: &Tag<'_>) -> Option<String> {
    let runs = |name: &str, value: &str| {
        let on = name.len() > 2 && name.as_bytes()[..2].eq_ignore_ascii_case(b"on");
        on || value.trim_start().get(..11).is_some_and(|v| v.eq_ignore_ascii_case("javascript:"))
    };
    if !tag.mentions("=") || !tag.attributes().any(|(name, value)| runs(name, value)) {
        return None;
    }
    let mut plain = format!("<{}", tag.name);
    for (name, value) in tag.attributes().filter(|(name, value)| !runs(name, value)) {
        let quote = if value.contains('"') { '\'' } else { '"' };
        plain.extend([" ", name, "="]);
        plain.push(quote);
        plain.push_str(value);
        plain.push(quote);
    }
    plain.push_str(if tag.empty { " />" } else { ">" });
    Some(plain)
}

/// Returns whether the text has a tag that HTML knows: a title "a < b" or "the <Ctrl> key" has none.
pub fn has_markup(text: &str) -> bool {
    text.contains('<')
        && Scanner::new(text).any(|token| match token {
            Token::Start(Tag { name, .. }) | Token::End(name) => {
                [BLOCKS, INLINE, ACTIVE, ACTIVE_TAGS].iter().any(|names| is_one_of(name, names))
            }
            Token::Other | Token::CData { .. } => true,
            Token::Text(_) | Token::Doctype(_) => false,
        })
}

enum Piece<'a> {
    Text(&'a str),
    Block,
}

fn walk<'a>(markup: &'a str, mut each: impl FnMut(Piece<'a>)) {
    let mut scanner = Scanner::new(markup);
    let mut closers = Closers::default();
    while let Some(token) = scanner.next() {
        match token {
            Token::Text(text) => each(Piece::Text(text)),
            Token::CData { text, .. } => each(Piece::Text(text)),
            Token::Start(tag) if is_one_of(tag.name, UNREAD) => {
                if !tag.empty {
                    closers.pass_over(markup, &mut scanner, tag.name);
                }
                each(Piece::Block);
            }
            Token::Start(Tag { name, .. }) | Token::End(name) if is_one_of(name, BLOCKS) => {
                each(Piece::Block);
            }
            Token::Start(_) | Token::End(_) | Token::Doctype(_) | Token::Other => {}
        }
    }
}

/// Finds end tags of elements that are passed over, and remembers which have none any more.
#[derive(Default)]
struct Closers<'a> {
    lacking: Vec<&'a str>,
}

impl<'a> Closers<'a> {
    /// Goes to behind the end tag of that name; stays where there is none, so that an unclosed
    /// `<object>` costs its tag and not the rest of the text. Scripts and styles go to the end.
    fn pass_over(&mut self, markup: &'a str, scanner: &mut Scanner<'a>, name: &'a str) {
        let mut at = scanner.byte();
        let bytes = markup.as_bytes();
        let lacks = self.lacking.iter().any(|lacking| lacking.eq_ignore_ascii_case(name));
        while !lacks && let Some(i) = markup[at..].find("</") {
            at += i + 2;
            let end = at + name.len();
            if bytes.get(at..end).is_some_and(|n| n.eq_ignore_ascii_case(name.as_bytes())) {
                scanner.seek(markup[end..].find('>').map_or(markup.len(), |i| end + i + 1));
                return;
            }
        }
        if is_one_of(name, &["script", "style"]) {
            scanner.seek(markup.len());
        } else if !lacks {
            self.lacking.push(name);
        }
    }
}

fn is_one_of(name: &str, names: &[&str]) -> bool {
    let local = name.rsplit_once(':').map_or(name, |(_, local)| local);
    names.iter().any(|n| n.eq_ignore_ascii_case(local))
}

/// Text in lines, written once from the front.
#[derive(Default)]
struct Lines {
    out: String,
    /// A blank is due before the next word of this line.
    blank: bool,
    /// The current line has words.
    begun: bool,
}

impl Lines {
    fn words(&mut self, text: &str) {
        for c in text.chars() {
            if c.is_whitespace() || c == '\u{feff}' {
                self.blank = true;
            } else {
                if !self.begun && !self.out.is_empty() {
                    self.out.push('\n');
                } else if self.begun && self.blank {
                    self.out.push(' ');
                }
                self.out.push(c);
                self.begun = true;
                self.blank = false;
            }
        }
    }

    fn end(&mut self) {
        self.begun = false;
        self.blank = false;
    }

    fn finish(self) -> String {
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_lines_of_text() {
        let check = |markup: &str, expected: &str| assert_eq!(text(markup), expected, "{markup}");
        check(
            "<p>Two boats  were\n stopped.</p><p>Nobody was hurt.</p>",
            "Two boats were stopped.\nNobody was hurt.",
        );
        check("<h2>Border</h2>Closed<br>since <b>Mon</b>day", "Border\nClosed\nsince Monday");
        check("<ul><li>one</li><li>two</li></ul>", "one\ntwo");
        check("a &amp; b &lt; c&nbsp;d", "a & b < c d");
        check("<script>if (a < b) {}</script>seen<style>p {}</style>", "seen");
        check("<script>never closed", "");
        check("<object>kept", "kept");
        check("before <!-- not this --> after", "before after");
        check("plain\n\nparagraphs\nof two lines", "plain\nparagraphs of two lines");
        check("5 < 6", "5 < 6");
        check("<table><tr><td>Riga</td><td>12</td></tr></table>", "Riga\n12");
        check("<p>one</p>\n\n<p> </p><p>two</p>", "one\ntwo");
        check("<a href=x>Two</a>, <i>three</i>.", "Two, three.");
        check("<figure><img alt=x><figcaption>The gate</figcaption></figure>", "The gate");
        check("<xhtml:p>one</xhtml:p><xhtml:p>two</xhtml:p>", "one\ntwo");
        check("", "");
    }

    #[test]
    fn inert_markup_is_kept_by_the_letter() {
        let check = |markup: &str, expected: &str| assert_eq!(inert(markup), expected, "{markup}");
        check("<p class='a'>x &amp; <b>y</b>", "<p class='a'>x &amp; <b>y</b>");
        check("a<script>b</script>c", "ac");
        check("a<SCRIPT src=x />c", "ac");
        check("a<iframe src=x></iframe><embed src=y>c", "ac");
        check("a<object>b", "ab");
        check("a<object><p>b</p></object>c", "ac");
        check("a<!-- b -->c", "ac");
        check("a<!-- b", "a");
        check("<a href=\"javascript:x()\" title=t>b</a>", "<a title=\"t\">b</a>");
        check("<img src=a onerror='x()'>", "<img src=\"a\">");
    }

    #[test]
    fn only_tags_that_html_knows_are_markup() {
        for text in ["a < b", "the <Ctrl> key", "2 > 1", "<5 dead", "no & markup"] {
            assert!(!has_markup(text), "{text}");
        }
        for text in ["<b>a", "a<br/>b", "x</p>", "a <!-- b -->", "<script>x"] {
            assert!(has_markup(text), "{text}");
        }
    }

    #[test]
    fn unclosed_elements_cost_linear_time() {
        let markup = "<object><div>".repeat(200_000);
        assert_eq!(text(&markup), "");
        assert_eq!(inert(&markup).len(), 200_000 * 5);
    }
}
