//! Elements to the fields of an entry or a channel.

use std::borrow::Cow;

use jiff::Timestamp;

use super::{Walk, excerpt, tag_of};
use crate::parser::entity::{self, Flaw};
use crate::parser::html;
use crate::parser::read::inner::{Inner, Said};
use crate::parser::read::vocabulary::Field;
use crate::parser::read::{date, link};
use crate::parser::scan::{Scanner, Tag, Token};

impl<'a> Walk<'a> {
    /// Fills the field of the entry, or of the channel where none is open.
    pub(super) fn take(&mut self, field: Field, tag: &Tag<'a>, inner: Inner<'a>) {
        match field {
            Field::Title(rank) => {
                if self.draft().title.wants(rank) {
                    let said = self.said(tag, &inner);
                    let said = said.unwrap_or_else(|| Said::Plain(self.text(&inner)));
                    let line = said.line();
                    if !line.is_empty() {
                        self.draft().title.offer(rank, line);
                    }
                }
            }
            Field::Summary(rank) => self.take_summary(rank, tag, &inner),
            Field::Content(rank) => {
                if let Some(markup) = self.markup(tag, &inner) {
                    self.draft().content.offer(rank, markup);
                }
            }
            Field::Link(rank) => self.take_link(rank, tag, &inner),
            Field::Id(rank) => self.take_id(rank, tag, &inner),
            Field::Published(rank) => {
                if let Some(instant) = self.instant(tag, &inner) {
                    self.draft().published.offer_last(rank, instant);
                }
            }
            Field::Updated(rank) => {
                if let Some(instant) = self.instant(tag, &inner) {
                    let draft = self.draft();
                    draft.updated.offer_last(rank, instant);
                    // dc:date is all that RSS 1.0 has: when it was published, as far as it tells.
                    if rank == 5 {
                        draft.published.offer_last(rank, instant);
                    }
                }
            }
            Field::Author(rank) => {
                let name = self.person(&inner);
                self.draft().author(rank, name);
            }
            Field::Category => {
                let attribute = ["term", "text", "label"].iter().find_map(|n| tag.attribute(n));
                let term = match attribute {
                    Some(value) => entity::resolve(value, &self.own).0,
                    None => self.text(&inner),
                };
                let term = html::collapsed(&term);
                self.draft().category(term);
            }
            Field::Categories => {
                let terms = self.text(&inner);
                for term in terms.split(',') {
                    self.draft().category(html::collapsed(term));
                }
            }
            Field::Language(rank) => {
                let language = tag_of(&self.text(&inner));
                if !language.is_empty() {
                    self.draft().language.offer(rank, language);
                }
            }
            Field::TimeToLive => {
                let minutes = self.text(&inner).trim().parse().ok();
                self.channel.ttl_minutes = minutes.or(self.channel.ttl_minutes);
            }
            Field::UpdatePeriod => {
                self.channel.period.0 =
                    period_minutes(&self.text(&inner)).or(self.channel.period.0);
            }
            Field::UpdateFrequency => {
                self.channel.period.1 = self.text(&inner).trim().parse().ok();
            }
            Field::Entry | Field::Channel | Field::Group | Field::Unread => {}
        }
    }

    fn take_summary(&mut self, rank: u8, tag: &Tag<'a>, inner: &Inner<'a>) {
        let is_channel = self.entry.is_none();
        let wants = self.draft().summary.wants(rank);
        // A second one beside RSS's description is the full text.
        let second = rank == 0 && !is_channel && self.draft().summary.value().is_some();
        if !wants && !second {
            return;
        }
        let value = if is_channel {
            self.said(tag, inner).map(|said| said.line())
        } else {
            self.markup(tag, inner)
        };
        let Some(value) = value.filter(|value| !value.is_empty()) else { return };
        if wants {
            self.draft().summary.offer(rank, value);
        } else if self.draft().summary.value() != Some(&value) {
            self.draft().content.offer(9, value);
        }
    }

    fn take_link(&mut self, rank: u8, tag: &Tag<'a>, inner: &Inner<'a>) {
        let rel = tag.attribute("rel").unwrap_or("alternate").trim();
        let rel = rel.rsplit('/').next().unwrap_or(rel);
        if !rel.is_empty() && !rel.eq_ignore_ascii_case("alternate") {
            return;
        }
        let text = match tag.attribute("href") {
            Some(href) => entity::resolve(href, &self.own).0,
            None => self.text(inner),
        };
        // A page before what is another form of it.
        let kind = tag.attribute("type").unwrap_or_default();
        let rank = if kind.is_empty() || kind.contains("html") { rank } else { rank + 1 };
        if text.trim().is_empty() || !self.draft().link.wants(rank) {
            return;
        }
        match link::absolute(&text, Some(&self.base(tag))) {
            Some(link) => self.draft().link.offer(rank, link),
            None => self.draft().warn("bad-link", || excerpt(&text)),
        }
    }

    fn take_id(&mut self, rank: u8, tag: &Tag<'a>, inner: &Inner<'a>) {
        let text = self.text(inner);
        let id = text.trim();
        if id.is_empty() {
            return;
        }
        let is_permalink = tag.attribute("isPermaLink").is_none_or(|v| v.trim() != "false");
        let local = tag.name.rsplit(':').next().unwrap_or_default();
        let is_guid = local.eq_ignore_ascii_case("guid");
        let looks_like_page = id.starts_with("http://") || id.starts_with("https://");
        let draft = self.draft();
        if is_guid && is_permalink && looks_like_page {
            draft.link.offer(6, id.to_owned());
        }
        draft.id.offer(rank, id.to_owned());
    }

    fn instant(&mut self, tag: &Tag<'a>, inner: &Inner<'a>) -> Option<Timestamp> {
        let text = self.text(inner);
        let instant = date::read(&text);
        if instant.is_none() && !text.trim().is_empty() {
            let name = tag.name;
            self.draft().warn("bad-date", || format!("`{name}` says `{}`", excerpt(&text)));
        }
        instant
    }

    /// Returns the name of a person, or what stands in the place of one.
    fn person(&mut self, inner: &Inner<'a>) -> String {
        if inner.has_elements {
            let mut field = "";
            let (mut name, mut mail) = (String::new(), String::new());
            for token in Scanner::new(inner.raw) {
                let text = match token {
                    Token::Start(tag) => {
                        field = tag.name.rsplit(':').next().unwrap_or_default();
                        continue;
                    }
                    Token::End(_) => {
                        field = "";
                        continue;
                    }
                    Token::Text(text) => entity::resolve(text, &self.own).0,
                    Token::CData { text, .. } => Cow::Borrowed(text),
                    Token::Doctype(_) | Token::Other => continue,
                };
                match field {
                    "name" => name.push_str(&text),
                    "email" => mail.push_str(&text),
                    _ => {}
                }
            }
            let name = html::collapsed(&name);
            return if name.is_empty() { mail.trim().to_owned() } else { name };
        }
        named(&html::collapsed(&self.text(inner)))
    }

    fn text(&mut self, inner: &Inner<'a>) -> Cow<'a, str> {
        let (text, flaw) = inner.text(&self.own);
        self.note(flaw);
        text
    }

    fn said(&mut self, tag: &Tag<'a>, inner: &Inner<'a>) -> Option<Said<'a>> {
        let (said, flaw) = inner.said(tag, self.dialect, &self.own);
        self.note(flaw);
        if said.is_none() {
            let name = tag.name;
            self.draft().warn("content-type", || format!("`{name}` is no text by its type"));
        }
        said
    }

    fn markup(&mut self, tag: &Tag<'a>, inner: &Inner<'a>) -> Option<String> {
        Some(self.said(tag, inner)?.markup()).filter(|markup| !markup.is_empty())
    }

    fn note(&mut self, flaw: Flaw) {
        let (code, detail) = match flaw {
            Flaw::None => return,
            Flaw::BareAmpersand => ("bare-ampersand", "an `&` begins no reference"),
            Flaw::UnknownEntity => ("unknown-entity", "a reference that nobody knows"),
            Flaw::BadReference => ("bad-reference", "`&#` without a number"),
        };
        self.draft().warn(code, || detail.to_owned());
    }
}

/// Returns the name out of "mail (name)", "name (mail)" and "name <mail>", all of it otherwise.
fn named(text: &str) -> String {
    if let Some((before, rest)) = text.split_once('(')
        && let Some(within) = rest.strip_suffix(')')
        && before.contains('@') != within.contains('@')
    {
        return if before.contains('@') { within } else { before }.trim().to_owned();
    }
    match text.split_once('<') {
        Some((name, mail)) if mail.contains('@') && !name.trim().is_empty() => {
            name.trim().trim_matches('"').to_owned()
        }
        _ => text.to_owned(),
    }
}

/// Returns the length of an `sy:updatePeriod` in minutes.
///
/// Source: RSS 1.0 module syndication; the misspellings are from real feeds.
fn period_minutes(text: &str) -> Option<u32> {
    Some(match text.trim().to_ascii_lowercase().as_str() {
        "hourly" => 60,
        "daily" | "dayly" => 24 * 60,
        "weekly" => 7 * 24 * 60,
        "monthly" => 30 * 24 * 60,
        "yearly" => 365 * 24 * 60,
        _ => return None,
    })
}
