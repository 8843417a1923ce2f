//! A page for people: the feeds that it links to.
//!
//! Source: HTML, link type `alternate`; RSS Advisory Board, RSS autodiscovery.

use url::Url;

use super::link;
use crate::parser::entity;
use crate::parser::scan::{Scanner, Token};

/// Feeds of one page that are told.
const FEEDS_MAX: usize = 32;

/// Returns the feeds that the page links to, absolute, in its order, each once.
pub fn feeds(text: &str, url: &Url) -> Vec<String> {
    let mut base = url.clone();
    let mut feeds = Vec::new();
    for token in Scanner::new(text) {
        let Token::Start(tag) = token else { continue };
        let Some(href) = tag.attribute("href") else { continue };
        let href = entity::resolve_html(href);
        if tag.name.eq_ignore_ascii_case("base") {
            base = link::base(&href, Some(url)).unwrap_or(base);
        } else if tag.name.eq_ignore_ascii_case("link")
            && tag.attribute("rel").is_some_and(is_alternate)
            && tag.attribute("type").is_some_and(is_feed)
            && let Some(feed) = link::absolute(&href, Some(&base))
            && !feeds.contains(&feed)
        {
            feeds.push(feed);
            if feeds.len() == FEEDS_MAX {
                break;
            }
        }
    }
    feeds
}

fn is_alternate(rel: &str) -> bool {
    let is_word = |word: &str| ["alternate", "feed"].iter().any(|w| word.eq_ignore_ascii_case(w));
    rel.split_ascii_whitespace().any(is_word)
}

fn is_feed(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(
        kind.as_str(),
        "application/rss+xml"
            | "application/atom+xml"
            | "application/feed+json"
            | "application/json"
            | "application/rdf+xml"
            | "application/xml"
            | "text/xml"
    )
}
