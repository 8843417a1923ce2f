//! JSON Feed, with its usual slips mended in front of feed-rs.
//!
//! feed-rs refuses a whole feed for one number where a text should be. So the document is read as
//! plain JSON first, each value is made what the format asks for or left out, and feed-rs gets
//! that.
//!
//! Source: JSON Feed 1.1, <https://www.jsonfeed.org/version/1.1/>.

use chrono::{DateTime, Utc};
use feed_rs::model;
use feed_rs::parser::Builder;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::xml::{ENTRIES_MAX, Origin, warning};
use super::{Reading, date, link};
use crate::parser::entry::{Channel, Entry, Warning};
use crate::parser::html;

/// The version that feed-rs is told, whatever the document says: nothing hangs on it.
const VERSION: &str = "https://jsonfeed.org/version/1.1";

/// Texts of an item that feed-rs reads.
const ITEM_TEXTS: &[&str] = &[
    "id",
    "url",
    "external_url",
    "title",
    "content_html",
    "content_text",
    "summary",
    "date_published",
    "date_modified",
];

/// Returns the feed of the document; the error says what it is instead.
pub fn read(text: &str, origin: &Origin) -> Result<Reading, String> {
    let mut warnings = Vec::new();
    let mut document = parse(text, &mut warnings)?;
    let Some(feed) = document.as_object_mut() else {
        return Err("JSON, but no object".into());
    };
    let Some(items) = feed.remove("items") else {
        return Err("JSON, but no JSON Feed: it has no `items`".into());
    };
    let Value::Array(items) = items else {
        return Err("JSON, but no JSON Feed: its `items` are no array".into());
    };
    if items.len() > ENTRIES_MAX {
        let detail = format!("only the first {ENTRIES_MAX} were read");
        warnings.push(warning("too-many-entries", detail));
    }
    let (mut mended, mut sides) = (Vec::new(), Vec::new());
    for item in items.into_iter().take(ENTRIES_MAX) {
        let Value::Object(item) = item else {
            if warnings.iter().all(|w| w.code != "bad-entry") {
                warnings.push(warning("bad-entry", "an item that is no object was left out"));
            }
            continue;
        };
        let (item, side) = mend_item(item);
        mended.push(item);
        sides.push(side);
    }
    let address =
        |name| text_of(feed.get(name)).and_then(|a| link::absolute(&a, Some(&origin.base)));
    let mut channel = Channel {
        id: text_of(feed.get("feed_url")),
        link: address("home_page_url"),
        language: text_of(feed.get("language")).or_else(|| origin.language.clone()),
        ..Channel::default()
    };
    let mut feed = mend_feed(feed);
    feed.insert("items".into(), Value::Array(mended));

    let bytes = Value::Object(feed).to_string();
    let parser = Builder::new()
        .id_generator(|_, _, _| String::new())
        .timestamp_parser(|text| date::read(text).and_then(to_chrono))
        .sanitize_content(false)
        .build();
    let read = parser.parse(bytes.as_bytes()).map_err(|error| format!("JSON Feed: {error}"))?;

    channel.title = plain(read.title);
    channel.description = plain(read.description);
    let entries = read.entries.into_iter().zip(sides);
    let entries = entries.map(|(entry, side)| entry_of(entry, side, &channel, origin)).collect();
    Ok(Reading { channel, entries, warnings })
}

/// Parses JSON; if it is none, again with raw line breaks in its strings escaped, and again up to
/// the last item that is whole.
fn parse(text: &str, warnings: &mut Vec<Warning>) -> Result<Value, String> {
    let text = text.trim();
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let error = match values.next() {
        Some(Ok(value)) => {
            if values.byte_offset() < text.len() {
                warnings.push(warning("junk-after", "something stands behind the JSON"));
            }
            return Ok(value);
        }
        Some(Err(error)) => error,
        None => return Err("no JSON".into()),
    };
    let escaped = with_escaped_controls(text);
    if let Ok(value) = serde_json::from_str(&escaped) {
        warnings.push(warning("control-character", "line breaks inside of strings"));
        return Ok(value);
    }
    if let Some(value) = up_to_last_item(&escaped).and_then(|t| serde_json::from_str(&t).ok()) {
        warnings.push(warning("truncated", format!("only what stands before {error} was read")));
        return Ok(value);
    }
    Err(format!("no valid JSON: {error}"))
}

/// Returns the text up to the last whole element of an array in the outermost object, closed.
fn up_to_last_item(text: &str) -> Option<String> {
    let (mut open, mut whole) = (Vec::new(), None);
    let (mut in_string, mut escaped) = (false, false);
    for (i, byte) in text.bytes().enumerate() {
        match byte {
            b'{' | b'[' if !in_string => open.push(byte),
            b'}' | b']' if !in_string => {
                open.pop();
                if open == *b"{[" {
                    whole = Some(i + 1);
                }
            }
            _ => {}
        }
        in_string ^= byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
    }
    whole.map(|end| format!("{}]}}", &text[..end]))
}

fn with_escaped_controls(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let (mut in_string, mut escaped) = (false, false);
    for c in text.chars() {
        match c {
            '\n' if in_string => out.push_str("\\n"),
            '\r' if in_string => out.push_str("\\r"),
            '\t' if in_string => out.push_str("\\t"),
            c => out.push(c),
        }
        in_string ^= c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
    }
    out
}

/// What feed-rs has no place for.
#[derive(Debug, Default)]
struct Side {
    language: Option<String>,
    warnings: Vec<Warning>,
}

fn mend_feed(feed: &Map<String, Value>) -> Map<String, Value> {
    let mut mended = Map::new();
    mended.insert("version".into(), VERSION.into());
    mended.insert("title".into(), text_of(feed.get("title")).unwrap_or_default().into());
    if let Some(text) = text_of(feed.get("description")) {
        mended.insert("description".into(), text.into());
    }
    let names = authors(feed);
    if !names.is_empty() {
        mended.insert("authors".into(), Value::Array(names));
    }
    mended
}

/// Returns the item with each value as the format asks for.
fn mend_item(item: Map<String, Value>) -> (Value, Side) {
    let mut mended = Map::new();
    let mut side = Side { language: text_of(item.get("language")), ..Side::default() };
    for name in ITEM_TEXTS {
        let Some(value) = item.get(*name).filter(|value| !value.is_null()) else { continue };
        match text_of(Some(value)) {
            Some(text) => {
                if !value.is_string() {
                    let detail = format!("`{name}` is no string and was made one");
                    side.warnings.push(warning("bad-field", detail));
                }
                if name.starts_with("date_") && date::read(&text).is_none() {
                    let text: String = text.chars().take(60).collect();
                    side.warnings.push(warning("bad-date", format!("`{name}` says `{text}`")));
                }
                mended.insert((*name).into(), text.into());
            }
            None => {
                let detail = format!("`{name}` is no string and was left out");
                side.warnings.push(warning("bad-field", detail));
            }
        }
    }
    let names = authors(&item);
    if !names.is_empty() {
        mended.insert("authors".into(), Value::Array(names));
    }
    let tags = match item.get("tags") {
        Some(Value::Array(tags)) => tags.iter().filter_map(|tag| text_of(Some(tag))).collect(),
        other => text_of(other).into_iter().collect::<Vec<_>>(),
    };
    if !tags.is_empty() {
        mended.insert("tags".into(), json!(tags));
    }
    (Value::Object(mended), side)
}

/// Returns `authors` and the older `author` as objects with a name.
fn authors(object: &Map<String, Value>) -> Vec<Value> {
    let list = match object.get("authors") {
        Some(Value::Array(list)) => list.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    let name = |author: &Value| match author {
        Value::Object(author) => text_of(author.get("name")),
        author => text_of(Some(author)),
    };
    list.iter()
        .chain(object.get("author"))
        .filter_map(name)
        .map(|name| json!({ "name": name }))
        .collect()
}

/// Returns a text, or a number or truth value as one; `None` for what has no text, or an empty one.
fn text_of(value: Option<&Value>) -> Option<String> {
    let text = match value? {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    (!text.trim().is_empty()).then_some(text)
}

fn plain(text: Option<model::Text>) -> Option<String> {
    text.map(|text| html::collapsed(&text.content)).filter(|text| !text.is_empty())
}

fn entry_of(entry: model::Entry, side: Side, channel: &Channel, origin: &Origin) -> Entry {
    let page = entry.links.first();
    let link = page.and_then(|page| link::absolute(&page.href, Some(&origin.base)));
    let content = entry.content.and_then(|content| {
        let is_plain = content.content_type.subty() == "plain";
        let body = content.body.filter(|body| !body.is_empty())?;
        Some(if is_plain { from_plain(&body) } else { html::inert(&body).into_owned() })
    });
    Entry {
        id: Some(entry.id.trim().to_owned()).filter(|id| !id.is_empty()),
        title: plain(entry.title),
        link,
        published: entry.published.and_then(from_chrono),
        updated: entry.updated.and_then(from_chrono),
        summary: entry.summary.map(|summary| from_plain(&summary.content)),
        content,
        authors: entry.authors.into_iter().filter_map(|author| author.name).collect(),
        categories: entry.categories.into_iter().map(|category| category.term).collect(),
        language: side.language.or_else(|| channel.language.clone()),
        warnings: side.warnings,
    }
}

/// Returns a plain text as markup that keeps its lines.
fn from_plain(text: &str) -> String {
    html::escaped(text.trim()).replace('\n', "<br>\n")
}

fn to_chrono(instant: Timestamp) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(instant.as_second(), 0)
}

fn from_chrono(instant: DateTime<Utc>) -> Option<Timestamp> {
    Timestamp::from_second(instant.timestamp()).ok()
}
