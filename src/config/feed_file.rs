//! `feeds.toml`: the list of feeds that a person keeps by hand.

use std::path::Path;

use jiff::fmt::friendly::SpanPrinter;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::Problem;
use super::key;
use super::load::{Origin, line_of};
use crate::feed::{Feed, FeedId, opml};

const KEYS: &[&str] = &["url", "title", "categories", "language", "interval"];

const HEADER: &str = "[[feed]]";

/// Returns the feeds of the text, each with the line of its first key.
///
/// # Errors
/// Everything that is wrong with it.
pub(super) fn parse(path: &Path, text: &str) -> Result<Vec<(usize, Feed)>, Vec<Problem>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let tables = tables(path, text).map_err(|problem| vec![problem])?;
    let mut problems = Vec::new();
    let mut feeds = Vec::new();
    for table in tables {
        let line = line_of(text, start_of(&table));
        match feed(path, text, line, table.into_inner()) {
            Ok(feed) => feeds.push((line, feed)),
            Err(wrong) => problems.extend(wrong),
        }
    }
    if problems.is_empty() { Ok(feeds) } else { Err(problems) }
}

/// Returns the text with one more feed at its end; what stands there stays as it is.
pub(super) fn with(text: &str, feed: &Feed) -> String {
    let between = match text {
        "" => "",
        ended if ended.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    format!("{text}{between}{}", feed_as_toml(feed))
}

/// Returns the feed as it stands in a `feeds.toml`.
pub fn feed_as_toml(feed: &Feed) -> String {
    let mut text = format!("{HEADER}\nurl = {}\n", quoted(feed.url.as_str()));
    if let Some(title) = &feed.title {
        text.push_str(&format!("title = {}\n", quoted(title)));
    }
    if !feed.categories.is_empty() {
        let categories: Vec<String> = feed.categories.iter().map(|name| quoted(name)).collect();
        text.push_str(&format!("categories = [{}]\n", categories.join(", ")));
    }
    if let Some(language) = &feed.language {
        text.push_str(&format!("language = {}\n", quoted(language)));
    }
    if let Some(interval) = &feed.interval {
        let interval = SpanPrinter::new().unsigned_duration_to_string(interval);
        text.push_str(&format!("interval = {}\n", quoted(&interval)));
    }
    text
}

/// Returns the text without that feed, or nothing where it is not in it.
///
/// The lines from its `[[feed]]` to its last key go; comments before and after them stay.
///
/// # Errors
/// The text is wrong, or the feed is written in a way that only a person can take out.
pub(super) fn without(path: &Path, text: &str, id: FeedId) -> Result<Option<String>, Problem> {
    for table in tables(path, text)? {
        let table = table.into_inner();
        let is_it = table
            .get("url")
            .and_then(|url| url.get_ref().as_str())
            .is_some_and(|url| opml::address_of(url).is_ok_and(|url| FeedId::of(&url) == id));
        if !is_it {
            continue;
        }
        let first = table.keys().map(|key| key.span().start).min().unwrap_or_default();
        let last = table.values().map(|value| value.span().end).max().unwrap_or_default();
        let by_hand = || {
            let line = line_of(text, first);
            Problem::new(format!(
                "the feed at {}:{line} is not written as {HEADER}; take it out by hand",
                path.display()
            ))
        };
        let above = &text[..first];
        let start = above.rfind(HEADER).ok_or_else(by_hand)?;
        let between = &text[start + HEADER.len()..first];
        if !between.lines().all(|line| line.trim().is_empty() || line.trim().starts_with('#')) {
            return Err(by_hand());
        }
        let end = text[last..].find('\n').map_or(text.len(), |at| last + at + 1);
        // One empty line goes with it, so that the rest keeps its spacing.
        let end = if text[end..].starts_with('\n') { end + 1 } else { end };
        return Ok(Some(format!("{}{}", &text[..start], &text[end..])));
    }
    Ok(None)
}

fn tables<'t>(path: &Path, text: &'t str) -> Result<Vec<Spanned<DeTable<'t>>>, Problem> {
    let at = |byte: usize| Origin::File(path.to_owned(), line_of(text, byte));
    let document = DeTable::parse(text).map_err(|error| {
        let origin = at(error.span().map_or(text.len(), |span| span.start));
        Problem::new(format!("no TOML at {origin}: {}", error.message()))
    })?;
    let mut tables = Vec::new();
    for (key, value) in document.into_inner() {
        let origin = at(key.span().start);
        let wrong = || {
            Problem::new(format!(
                "`{}` at {origin}: feeds are written as {HEADER} and their keys below it",
                key.get_ref()
            ))
        };
        if key.get_ref() != "feed" {
            return Err(wrong());
        }
        let DeValue::Array(array) = value.into_inner() else { return Err(wrong()) };
        for element in array {
            let span = element.span();
            let DeValue::Table(table) = element.into_inner() else { return Err(wrong()) };
            tables.push(Spanned::new(span, table));
        }
    }
    Ok(tables)
}

fn start_of(table: &Spanned<DeTable<'_>>) -> usize {
    let first = table.get_ref().keys().map(|key| key.span().start).min();
    first.unwrap_or(table.span().start)
}

fn feed(path: &Path, text: &str, line: usize, table: DeTable<'_>) -> Result<Feed, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut read = Read::default();
    for (key, value) in table {
        let origin = Origin::File(path.to_owned(), line_of(text, key.span().start));
        let key = key.into_inner();
        if let Err(why) = read.take(&key, value.get_ref()) {
            problems.push(Problem::new(format!("`{key}` of the feed at {origin} {why}")));
        }
    }
    match read.url {
        Some(url) if problems.is_empty() => Ok(Feed {
            title: read.title,
            categories: read.categories,
            language: read.language,
            interval: read.interval,
            ..Feed::at(url)
        }),
        None if problems.is_empty() => {
            let path = path.display();
            Err(vec![Problem::new(format!("the feed at {path}:{line} has no `url`"))])
        }
        _ => Err(problems),
    }
}

#[derive(Default)]
struct Read {
    url: Option<url::Url>,
    title: Option<String>,
    categories: Vec<String>,
    language: Option<String>,
    interval: Option<std::time::Duration>,
}

impl Read {
    fn take(&mut self, key: &str, value: &DeValue<'_>) -> Result<(), String> {
        let text = || value.as_str().ok_or_else(|| "wants a text in quotes".to_owned());
        match key {
            "url" => {
                let address = text()?;
                let url = opml::address_of(address).map_err(|why| format!("`{address}` {why}"))?;
                self.url = Some(url);
            }
            "title" => self.title = Some(text()?.to_owned()),
            "language" => self.language = Some(text()?.to_owned()),
            "interval" => {
                let interval = opml::interval(text()?);
                self.interval = Some(interval.ok_or("wants a duration such as \"15m\"")?);
            }
            "categories" => {
                let texts: Option<Vec<String>> = value.as_array().and_then(|list| {
                    list.iter().map(|one| one.get_ref().as_str().map(str::to_owned)).collect()
                });
                let texts = texts.ok_or("wants a list of texts")?;
                if texts.len() > opml::FOLDERS_MAX {
                    return Err(format!("has more than {} folders", opml::FOLDERS_MAX));
                }
                self.categories = texts;
            }
            unknown => {
                return Err(match key::nearest(unknown, KEYS.iter().copied()) {
                    Some(meant) => format!("is unknown; did you mean `{meant}`?"),
                    None => format!("is unknown; there are `{}`", KEYS.join("`, `")),
                });
            }
        }
        Ok(())
    }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
