//! OPML, the lists of feeds that readers exchange: out of a text, and into one.

use std::borrow::Cow;
use std::time::Duration;

use jiff::fmt::friendly::{SpanParser, SpanPrinter};
use quick_xml::Reader;
use quick_xml::escape::{escape, unescape_with};
use quick_xml::events::{BytesStart, Event};
use url::Url;

use super::Feed;

/// Deepest folder that a feed keeps; what is nested deeper stands in the last of these.
pub const FOLDERS_MAX: usize = 8;

/// Namespace of the one thing that we add: `interval`, how often a feed is asked.
const NAMESPACE: &str = "urn:borderwire:opml";

/// What an OPML file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outlines {
    /// The feeds, in the order of the file, each with its line, counted from 1.
    pub feeds: Vec<(usize, Feed)>,
    /// What could not be taken, each with its line.
    pub doubts: Vec<(usize, String)>,
}

/// These bytes are no OPML.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no OPML: it has no `opml` element around it{}", .0.as_ref().map(|found| format!(", but `{found}`")).unwrap_or_default())]
pub struct NoOpml(Option<String>);

/// Returns the feeds of an OPML file, and what is doubtful about it.
///
/// Folders become categories, outermost first; a feed that stands in no folder takes those of its
/// `category`. Taken as they come: a bare `&`, a missing `head` or `body`, tags that do not match,
/// attributes in any case, `feed:` addresses. A feed that stands there twice is given twice.
///
/// Source: OPML 1.0 and 2.0, "subscription lists".
///
/// # Errors
/// The first element is not `opml`.
pub fn read(bytes: &[u8]) -> Result<Outlines, NoOpml> {
    let text = decode(bytes);
    let mut reader = Reader::from_str(&text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut lines = Lines { text: &text, byte: 0, line: 1 };
    let mut found = Outlines::default();
    // The folders around us, and whether each outline around us is one.
    let mut folders: Vec<String> = Vec::new();
    let mut around: Vec<bool> = Vec::new();
    let mut inside = false;
    loop {
        let line = lines.at(usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX));
        match reader.read_event() {
            Ok(Event::Start(tag)) if is(&tag, "opml") => inside = true,
            Ok(Event::Start(tag) | Event::Empty(tag)) if !inside => {
                return Err(NoOpml(Some(tag.name().as_ref().to_owned())));
            }
            Ok(Event::Start(tag)) if is(&tag, "outline") => {
                let name = outline(&tag, line, &folders, &mut found);
                around.push(name.is_some());
                folders.extend(name);
            }
            Ok(Event::Empty(tag)) if is(&tag, "outline") => {
                if let Some(name) = outline(&tag, line, &folders, &mut found) {
                    found.doubts.push((line, format!("outline `{name}` has no xmlUrl")));
                }
            }
            Ok(Event::End(tag)) if tag.local_name().as_ref().eq_ignore_ascii_case("outline") => {
                if around.pop() == Some(true) {
                    folders.pop();
                }
            }
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => {
                found.doubts.push((line, format!("the rest can not be read: {error}")));
                break;
            }
        }
    }
    if inside { Ok(found) } else { Err(NoOpml(None)) }
}

/// Returns an OPML 2.0 file of the feeds, each in the folders of its categories.
///
/// Feeds of one folder stand together, folders in the order of their first feed.
pub fn write(title: &str, feeds: &[Feed]) -> String {
    let mut top = Folder::default();
    for feed in feeds {
        let mut folder = &mut top;
        for name in &feed.categories {
            let at = folder.inner.iter().position(|(known, _)| known == name);
            let at = at.unwrap_or_else(|| {
                folder.inner.push((name.clone(), Folder::default()));
                folder.inner.len() - 1
            });
            folder = &mut folder.inner[at].1;
        }
        folder.feeds.push(feed);
    }
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\"{}>\n  <head>\n    \
         <title>{}</title>\n  </head>\n  <body>\n",
        if feeds.iter().any(|feed| feed.interval.is_some()) {
            format!(" xmlns:borderwire=\"{NAMESPACE}\"")
        } else {
            String::new()
        },
        escape(title)
    );
    top.write(2, &mut text);
    text.push_str("  </body>\n</opml>\n");
    text
}

#[derive(Default)]
struct Folder<'a> {
    inner: Vec<(String, Folder<'a>)>,
    feeds: Vec<&'a Feed>,
}

impl Folder<'_> {
    fn write(&self, depth: usize, text: &mut String) {
        let indent = "  ".repeat(depth);
        for feed in &self.feeds {
            let title = feed.title.as_deref().unwrap_or(feed.url.as_str());
            text.push_str(&format!("{indent}<outline type=\"rss\" text=\"{}\"", escape(title)));
            text.push_str(&format!(" xmlUrl=\"{}\"", escape(feed.url.as_str())));
            if let Some(language) = &feed.language {
                text.push_str(&format!(" language=\"{}\"", escape(language)));
            }
            if let Some(interval) = &feed.interval {
                let interval = SpanPrinter::new().unsigned_duration_to_string(interval);
                text.push_str(&format!(" borderwire:interval=\"{interval}\""));
            }
            text.push_str("/>\n");
        }
        for (name, folder) in &self.inner {
            text.push_str(&format!("{indent}<outline text=\"{}\">\n", escape(name.as_str())));
            folder.write(depth + 1, text);
            text.push_str(&format!("{indent}</outline>\n"));
        }
    }
}

/// Takes the feed of an outline, or returns the folder's name where it is none.
fn outline(
    tag: &BytesStart<'_>,
    line: usize,
    folders: &[String],
    found: &mut Outlines,
) -> Option<String> {
    let attributes = Attributes::of(tag);
    let name = attributes.value("title").or_else(|| attributes.value("text"));
    let Some(address) = attributes.value("xmlUrl") else {
        return match attributes.value("type").as_deref() {
            Some(kind @ ("include" | "link")) => {
                found.doubts.push((line, format!("outline of type `{kind}` is not followed")));
                None
            }
            _ => Some(name.unwrap_or_else(|| "(without a name)".to_owned())),
        };
    };
    let url = match address_of(&address) {
        Ok(url) => url,
        Err(why) => {
            found.doubts.push((line, format!("xmlUrl `{address}` {why}")));
            return None;
        }
    };
    let mut feed = Feed::at(url);
    feed.categories = folders.iter().take(FOLDERS_MAX).cloned().collect();
    if feed.categories.is_empty() {
        let first = attributes.value("category").unwrap_or_default();
        let first = first.split(',').next().unwrap_or_default();
        feed.categories = first
            .split('/')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .take(FOLDERS_MAX)
            .map(str::to_owned)
            .collect();
    }
    feed.title = name;
    feed.language = attributes.value("language");
    if let Some(text) = attributes.value("borderwire:interval") {
        feed.interval = interval(&text);
        if feed.interval.is_none() {
            let doubt = format!("borderwire:interval `{text}` is no duration such as `15m`");
            found.doubts.push((line, doubt));
        }
    }
    found.feeds.push((line, feed));
    None
}

/// Returns the address of a feed, or why it is none.
///
/// # Errors
/// Half a sentence: what is wrong with it.
pub fn address_of(text: &str) -> Result<Url, String> {
    let text = text.trim();
    // `feed:https://…` and `feed://…` are what browsers once handed to readers.
    let text = match text.split_once(':') {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("feed") => match rest {
            web if web.starts_with("//") => Cow::Owned(format!("http:{web}")),
            whole => Cow::Borrowed(whole),
        },
        _ => Cow::Borrowed(text),
    };
    let url = Url::parse(&text).map_err(|error| format!("is no address: {error}"))?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        other => Err(format!("is asked for by `{other}`; feeds are asked for by http or https")),
    }
}

/// Returns a duration such as `15m`, where it is one and longer than nothing.
pub fn interval(text: &str) -> Option<Duration> {
    SpanParser::new().parse_unsigned_duration(text).ok().filter(|interval| !interval.is_zero())
}

fn is(tag: &BytesStart<'_>, name: &str) -> bool {
    tag.local_name().as_ref().eq_ignore_ascii_case(name)
}

/// The attributes of a tag, by their names in lower case.
struct Attributes(Vec<(String, String)>);

impl Attributes {
    fn of(tag: &BytesStart<'_>) -> Self {
        let mut attributes = tag.html_attributes();
        let attributes = attributes.with_checks(false).flatten().map(|attribute| {
            (attribute.key.as_ref().to_ascii_lowercase(), unescaped(&attribute.value))
        });
        Self(attributes.collect())
    }

    /// Returns the value, trimmed, of the attribute that is not empty.
    fn value(&self, name: &str) -> Option<String> {
        let value = self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        value.map(|(_, value)| value.trim().to_owned()).filter(|value| !value.is_empty())
    }
}

/// Resolves XML's own entities and character references, and leaves every other `&` as it is.
fn unescaped(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('&') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(ENTITY_BYTES_MAX).position(|byte| byte == b';');
        let entity = end.map_or("&", |end| &rest[..=end]);
        match unescape_with(entity, quick_xml::escape::resolve_xml_entity) {
            Ok(resolved) if entity.len() > 1 => text.push_str(&resolved),
            _ => text.push_str(entity),
        }
        rest = &rest[entity.len()..];
    }
    text.push_str(rest);
    text
}

/// Longest reference that is looked at: `&#x0010FFFF;` and some zeros.
const ENTITY_BYTES_MAX: usize = 16;

/// Makes text of the bytes: byte order mark, valid UTF-8, the XML declaration, Windows-1252.
fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, length)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[length..]).0;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]);
    let declared = head
        .split_once("encoding=")
        .and_then(|(_, rest)| rest.trim_start_matches(['"', '\'']).split(['"', '\'']).next())
        .and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()));
    declared.unwrap_or(encoding_rs::WINDOWS_1252).decode_without_bom_handling(bytes).0
}

/// Counts lines along with a reader that only goes forward.
struct Lines<'a> {
    text: &'a str,
    byte: usize,
    line: usize,
}

impl Lines<'_> {
    /// Returns the line of the first text after that byte, counted from 1.
    fn at(&mut self, byte: usize) -> usize {
        let byte = byte.clamp(self.byte, self.text.len());
        let passed = &self.text.as_bytes()[self.byte..byte];
        self.line += passed.iter().filter(|byte| **byte == b'\n').count();
        self.byte = byte;
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feeds(text: &str) -> Vec<(usize, String, Option<String>, Vec<String>)> {
        let found = read(text.as_bytes()).unwrap();
        found
            .feeds
            .into_iter()
            .map(|(line, feed)| (line, feed.url.into(), feed.title, feed.categories))
            .collect()
    }

    #[test]
    fn folders_become_categories() {
        let text = "<?xml version='1.0'?>\n<opml version='2.0'>\n<head><title>t</title></head><body>\n\
            <outline text='Europe'>\n  <outline text='Baltic'>\n\
            <outline type='rss' text='One' title='First' xmlUrl='https://one.example/rss'/>\n\
            </outline>\n<outline xmlurl='HTTPS://two.example'></outline></outline>\n\
            <outline text='Three' xmlUrl='http://three.example/a?b=1&c=2' category='/Asia/East,/x'/>\n\
            </body></opml>";
        let named = |name: &str| Some(name.to_owned());
        let folders = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(
            feeds(text),
            [
                (
                    6,
                    "https://one.example/rss".into(),
                    named("First"),
                    folders(&["Europe", "Baltic"])
                ),
                (8, "https://two.example/".into(), None, folders(&["Europe"])),
                (
                    9,
                    "http://three.example/a?b=1&c=2".into(),
                    named("Three"),
                    folders(&["Asia", "East"])
                ),
            ]
        );
    }

    #[test]
    fn what_readers_write_is_taken_as_it_comes() {
        let cases = [
            // Byte order mark, and no head or body.
            "\u{feff}<opml><outline text='A &amp; B &#233; &c &nbsp;' xmlUrl='https://a.example/'/></opml>",
            // An address as browsers once handed it over.
            "<OPML><Outline text='A & B é &c &nbsp;' xmlUrl=' feed:https://a.example/ '/></OPML>",
            // A feed around others, an end without a start, and no end at all.
            "<opml></outline><outline text='A &#x26; B é &c &nbsp;' xmlUrl='https://a.example/'>",
        ];
        for text in cases {
            let found = read(text.as_bytes()).unwrap();
            assert_eq!(found.feeds.len(), 1, "{text} {found:?}");
            let feed = &found.feeds[0].1;
            assert_eq!(feed.url.as_str(), "https://a.example/");
            assert_eq!(feed.title.as_deref(), Some("A & B é &c &nbsp;"));
        }
    }

    #[test]
    fn what_can_not_be_taken_is_told_with_its_line_and_the_rest_is_kept() {
        let text = "<opml>\n<outline text='a' xmlUrl='ftp://a.example/'/>\n\
            <outline text='b' xmlUrl='not an address'/>\n<outline text='c'/>\n\
            <outline type='include' url='https://x.example/more.opml'/>\n\
            <outline xmlUrl='https://e.example/' xmlns:borderwire='urn:borderwire:opml' \
            borderwire:interval='often'/>\n<outline text='<";
        let found = read(text.as_bytes()).unwrap();
        assert_eq!(found.feeds.len(), 1);
        let told: Vec<(usize, &str)> =
            found.doubts.iter().map(|(line, why)| (*line, why.as_str())).collect();
        assert_eq!(
            told[0],
            (
                2,
                "xmlUrl `ftp://a.example/` is asked for by `ftp`; feeds are asked for by http or https"
            )
        );
        assert_eq!(told[1].0, 3);
        assert_eq!(told[2], (4, "outline `c` has no xmlUrl"));
        assert_eq!(told[3], (5, "outline of type `include` is not followed"));
        assert_eq!(told[4], (6, "borderwire:interval `often` is no duration such as `15m`"));
        assert!(told[5].1.starts_with("the rest can not be read"), "{told:?}");
    }

    #[test]
    fn what_is_no_opml_is_refused() {
        for text in
            ["", "plain", "<rss version='2.0'><channel/></rss>", "<html><opml/></html>", "{}"]
        {
            assert!(read(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn older_encodings_are_read() {
        let latin: Vec<u8> = b"<?xml version='1.0' encoding='ISO-8859-1'?><opml><outline text='Fronti\xe8re' xmlUrl='https://a.example/'/></opml>".to_vec();
        let utf16: Vec<u8> =
            "\u{feff}<opml><outline text='Frontière' xmlUrl='https://a.example/'/></opml>"
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect();
        for bytes in [latin, utf16] {
            assert_eq!(read(&bytes).unwrap().feeds[0].1.title.as_deref(), Some("Frontière"));
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let mut feeds = Vec::new();
        for (address, folders) in [
            ("https://a.example/?x=1&y=2", &["Europe & Asia", "\"Baltic\""][..]),
            ("https://b.example/", &[]),
            ("https://c.example/", &["Europe & Asia"]),
        ] {
            let mut feed = Feed::at(Url::parse(address).unwrap());
            feed.title = Some(format!("<{address}>"));
            feed.categories = folders.iter().map(|name| (*name).to_owned()).collect();
            feed.language = Some("en".to_owned());
            feed.interval = Some(Duration::from_secs(5400));
            feeds.push(feed);
        }
        let found = read(write("mine", &feeds).as_bytes()).unwrap();
        assert_eq!(found.doubts, []);
        let mut back: Vec<Feed> = found.feeds.into_iter().map(|(_, feed)| feed).collect();
        back.sort_by(|a, b| a.url.cmp(&b.url));
        assert_eq!(back, feeds);
    }
}
