//! RSS, Atom and CDF of every version to entries, whatever state the document is in.
//!
//! One walk over the tokens. Only what structures a feed (channel, entry, groups) is on a stack; a
//! field is the stretch up to its end tag, whatever stands in it. So a mistake inside of a field
//! stays inside of it: an end tag that is missing costs that field, an entry that never ends the
//! entry, and nothing the feed.

mod ends;
mod fields;

use std::borrow::Cow;
use std::rc::Rc;

use url::Url;

pub use self::ends::DEPTH_MAX;
use self::ends::Found;
use super::draft::Draft;
use super::inner::{Dialect, Inner};
use super::namespace::{Namespace, Namespaces, Outermost};
use super::vocabulary::{self, Field};
use super::{Reading, date, link};
use crate::parser::entity::{self, Own};
use crate::parser::entry::{Entry, Warning};
use crate::parser::scan::{Scanner, Tag, Token};

/// Entries of one document that are read; what is behind them is told and left.
pub const ENTRIES_MAX: usize = 2_000;

/// Channels and groups within each other; deeper ones are read as if they were not there.
const PLACES_MAX: usize = 32;

/// What a document is read with.
#[derive(Debug)]
pub struct Origin {
    /// Base of relative addresses where the document names none.
    pub base: Url,
    /// Language that HTTP names.
    pub language: Option<String>,
}

/// Why a document gave no feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Miss {
    /// It is HTML.
    Page,
    /// The root is something else.
    Root(String),
    /// It has no elements.
    NoElement,
}

/// Returns the feed of the document.
///
/// # Errors
/// [`Miss`], when no element of it begins a feed.
pub fn read(text: &str, origin: &Origin) -> Result<Reading, Miss> {
    let mut walk = Walk {
        scanner: Scanner::new(text),
        text,
        origin,
        own: Own::default(),
        namespaces: Namespaces::default(),
        places: Vec::new(),
        dialect: Dialect::Rss,
        is_eager: false,
        stays_eager: false,
        channel: Draft::default(),
        entry: None,
        entries: Vec::new(),
        is_full: false,
    };
    walk.find_root()?;
    walk.read();
    Ok(walk.finish())
}

/// What an open element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Channel,
    Entry,
    Group,
}

/// An open element that structures the feed.
#[derive(Debug)]
struct Open<'a> {
    name: &'a str,
    place: Place,
    base: Option<Rc<Url>>,
    language: Option<&'a str>,
}

struct Walk<'a> {
    scanner: Scanner<'a>,
    text: &'a str,
    origin: &'a Origin,
    own: Own<'a>,
    namespaces: Namespaces<'a>,
    places: Vec<Open<'a>>,
    dialect: Dialect,
    /// A field of this entry had no end: from here on, each ends where the next begins.
    is_eager: bool,
    /// Such a field reached into the next entry: each entry starts like that from here on, so that
    /// no stretch of the document is searched more than twice.
    stays_eager: bool,
    channel: Draft,
    entry: Option<Draft>,
    entries: Vec<Entry>,
    is_full: bool,
}

impl<'a> Walk<'a> {
    /// Goes to behind the tag that begins the feed.
    fn find_root(&mut self) -> Result<(), Miss> {
        let mut first = None;
        let mut has_page_parts = false;
        while let Some(token) = self.scanner.next() {
            let tag = match token {
                Token::Start(tag) => tag,
                Token::Doctype(doctype) => {
                    self.own = Own::declared(doctype);
                    continue;
                }
                Token::Text(text) if !text.trim().is_empty() => {
                    self.channel.warn("junk-before", || excerpt(text));
                    continue;
                }
                _ => continue,
            };
            self.namespaces.enter(&tag, 0, Outermost::Yes);
            let (namespace, local) = self.namespaces.resolve(tag.name);
            let is_like = |names: &[&str]| names.iter().any(|n| local.eq_ignore_ascii_case(n));
            match vocabulary::field(namespace, local) {
                Field::Channel => {
                    if is_like(&["feed"]) {
                        self.dialect = Dialect::Atom;
                    }
                    self.open(&tag, Place::Channel);
                    return Ok(());
                }
                // An Atom document may be a single entry (RFC 4287 §2).
                Field::Entry => {
                    if is_like(&["entry"]) {
                        self.dialect = Dialect::Atom;
                    }
                    self.begin_entry(&tag);
                    return Ok(());
                }
                _ if is_like(&["html"]) => return Err(Miss::Page),
                _ => {}
            }
            self.namespaces.leave(0);
            has_page_parts |= is_like(&["head", "body", "title"]);
            first.get_or_insert(tag.name);
        }
        match first {
            _ if has_page_parts => Err(Miss::Page),
            Some(name) => Err(Miss::Root(name.to_owned())),
            None => Err(Miss::NoElement),
        }
    }

    fn read(&mut self) {
        while !self.is_full
            && let Some(token) = self.scanner.next()
        {
            match token {
                Token::Start(tag) => self.start(&tag),
                Token::End(name) => self.end(name),
                Token::Text(text) if self.places.is_empty() && !text.trim().is_empty() => {
                    self.channel.warn("junk-after", || excerpt(text));
                }
                Token::Text(_) | Token::CData { .. } | Token::Doctype(_) | Token::Other => {}
            }
        }
    }

    fn finish(mut self) -> Reading {
        if !self.is_full && !self.places.is_empty() {
            let place = self.places.last().map_or("", |open| open.name).to_owned();
            self.channel.warn("truncated", || match self.entry {
                Some(_) => format!("the document ends inside of `{place}`, which is left out"),
                None => format!("the document ends inside of `{place}`"),
            });
        }
        if let Some(prefix) = self.namespaces.undeclared {
            self.channel.warn("undeclared-namespace", || format!("`{prefix}` read as usual"));
        }
        if let Some(language) = &self.origin.language {
            self.channel.language.offer(9, language.clone());
        }
        // Who wrote the feed wrote its entries, where Atom says no other (RFC 4287 §4.2.1).
        let authors = match self.dialect {
            Dialect::Atom => self.channel.authors(),
            Dialect::Rss => Vec::new(),
        };
        let (channel, warnings) = self.channel.channel();
        // The channel's language may stand behind the entries.
        for entry in &mut self.entries {
            if entry.language.is_none() {
                entry.language.clone_from(&channel.language);
            }
            if entry.authors.is_empty() {
                entry.authors.clone_from(&authors);
            }
        }
        Reading { channel, entries: self.entries, warnings }
    }

    fn start(&mut self, tag: &Tag<'a>) {
        let depth = self.places.len();
        let (namespace, local) = self.enter(tag, depth);
        let field = vocabulary::field(namespace, local);
        match field {
            Field::Entry => return self.begin_entry(tag),
            Field::Channel if self.entry.is_none() => return self.open(tag, Place::Channel),
            Field::Group if self.entry.is_some() => return self.open(tag, Place::Group),
            // iTunes puts categories into categories.
            Field::Category if namespace == Namespace::Itunes && self.entry.is_some() => {
                self.take(field, tag, Inner::default());
                return self.open(tag, Place::Group);
            }
            _ => {}
        }
        let found = self.find_end(tag, field);
        match found {
            Found::Field(inner) => self.take(field, tag, inner),
            Found::Cut => {}
            Found::TooDeep => {
                let name = tag.name;
                self.channel.warn("too-deep", || {
                    format!("`{name}` nests more than {DEPTH_MAX} elements; its entry is left out")
                });
                self.leave_entry();
            }
        }
        self.namespaces.leave(depth + 1);
    }

    fn end(&mut self, name: &str) {
        let is_it = |open: &Open<'_>| open.name.eq_ignore_ascii_case(name);
        if let Some(at) = self.places.iter().rposition(is_it) {
            self.close_to(at);
        }
    }

    /// Takes in the declarations of a tag, and returns what its name means.
    fn enter(&mut self, tag: &Tag<'a>, depth: usize) -> (Namespace, &'a str) {
        let local = tag.name.rsplit(':').next().unwrap_or_default();
        let outermost = match depth < 2 && local.eq_ignore_ascii_case("channel") {
            true => Outermost::Yes,
            false => Outermost::No,
        };
        self.namespaces.enter(tag, depth + 1, outermost);
        self.namespaces.resolve(tag.name)
    }

    fn open(&mut self, tag: &Tag<'a>, place: Place) {
        if place == Place::Channel {
            self.channel_attributes(tag);
        }
        if tag.empty || self.places.len() >= PLACES_MAX {
            return;
        }
        let outer = self.places.last();
        let base = match tag.attribute("xml:base") {
            Some(text) => {
                let outer = outer.and_then(|o| o.base.as_deref()).unwrap_or(&self.origin.base);
                let base = link::base(text, Some(outer));
                if base.is_none() {
                    self.draft().warn("bad-base", || excerpt(text));
                }
                base.map(Rc::new)
            }
            None => None,
        };
        let outer = self.places.last();
        let base = base.or_else(|| outer.and_then(|open| open.base.clone()));
        let language = tag.attribute("xml:lang").or_else(|| outer.and_then(|open| open.language));
        if place == Place::Channel
            && let Some(language) = language
        {
            self.channel.language.offer(4, tag_of(language));
        }
        self.places.push(Open { name: tag.name, place, base, language });
    }

    fn channel_attributes(&mut self, tag: &Tag<'a>) {
        // CDF puts them here.
        if let Some(href) = tag.attribute("href")
            && let Some(link) = link::absolute(href, Some(&self.origin.base))
        {
            self.channel.link.offer(1, link);
        }
        if let Some(instant) = tag.attribute("lastmod").and_then(date::read) {
            self.channel.updated.offer(1, instant);
        }
    }

    fn begin_entry(&mut self, tag: &Tag<'a>) {
        if let Some(at) = self.places.iter().position(|open| open.place == Place::Entry) {
            self.draft().warn("unclosed-entry", || "the next begins before its end".to_owned());
            self.close_to(at);
        }
        if self.entries.len() >= ENTRIES_MAX {
            self.is_full = true;
            self.channel
                .warn("too-many-entries", || format!("only the first {ENTRIES_MAX} were read"));
            return;
        }
        self.is_eager = self.stays_eager;
        self.entry = Some(Draft::default());
        self.open(tag, Place::Entry);
        self.entry_attributes(tag);
        if tag.empty {
            self.finish_entry(None);
        }
    }

    fn entry_attributes(&mut self, tag: &Tag<'a>) {
        let base = self.base(tag).into_owned();
        let Some(entry) = &mut self.entry else { return };
        for (name, value) in tag.attributes() {
            let local = name.rsplit(':').next().unwrap_or(name);
            if local.eq_ignore_ascii_case("about") {
                let (id, _) = entity::resolve(value, &self.own);
                entry.id.offer(1, id.trim().to_owned());
            } else if name.eq_ignore_ascii_case("href") {
                if let Some(link) = link::absolute(value, Some(&base)) {
                    entry.link.offer(1, link);
                }
            } else if name.eq_ignore_ascii_case("lastmod")
                && let Some(instant) = date::read(value)
            {
                entry.updated.offer(1, instant);
            }
        }
    }

    /// Closes open elements down to that one; an entry among them is done.
    fn close_to(&mut self, at: usize) {
        let entry = self.places[at..].iter().position(|open| open.place == Place::Entry);
        if let Some(i) = entry {
            let language = self.places[at + i].language;
            self.finish_entry(language);
        }
        self.places.truncate(at);
        self.namespaces.leave(at + 1);
    }

    fn finish_entry(&mut self, language: Option<&str>) {
        let Some(mut draft) = self.entry.take() else { return };
        if let Some(language) = language {
            draft.language.offer(4, tag_of(language));
        }
        self.is_eager = self.stays_eager;
        self.entries.push(draft.entry());
    }

    /// Leaves the entry out and goes on behind it.
    fn leave_entry(&mut self) {
        self.entry = None;
        if let Some(at) = self.places.iter().position(|open| open.place == Place::Entry) {
            self.places.truncate(at);
            self.namespaces.leave(at + 1);
        }
    }

    fn draft(&mut self) -> &mut Draft {
        self.entry.as_mut().unwrap_or(&mut self.channel)
    }

    /// Returns what relative addresses in the tag are relative to.
    ///
    /// In RSS, which has no rule for it, the channel's own link comes before the address of the
    /// document: feeds are often served from another host than the site.
    fn base(&self, tag: &Tag<'a>) -> Cow<'a, Url> {
        let outer = self.places.last().and_then(|open| open.base.as_deref());
        if let Some(text) = tag.attribute("xml:base")
            && let Some(base) = link::base(text, Some(outer.unwrap_or(&self.origin.base)))
        {
            return Cow::Owned(base);
        }
        if let Some(outer) = outer {
            return Cow::Owned(outer.clone());
        }
        let site = self.channel.link.value().filter(|_| self.entry.is_some());
        match site.and_then(|link| Url::parse(link).ok()) {
            Some(site) if self.dialect == Dialect::Rss && !site.cannot_be_a_base() => {
                Cow::Owned(site)
            }
            _ => Cow::Borrowed(&self.origin.base),
        }
    }

    fn meaning(&mut self, name: &'a str) -> Field {
        let (namespace, local) = self.namespaces.resolve(name);
        vocabulary::field(namespace, local)
    }
}

/// Returns a language tag as BCP 47 writes it: hyphens, no blanks.
fn tag_of(text: &str) -> String {
    text.trim().replace('_', "-")
}

/// Returns the beginning of a text, for a warning.
fn excerpt(text: &str) -> String {
    text.trim().chars().take(60).collect()
}

/// Returns a warning of the feed as a whole.
pub fn warning(code: &'static str, detail: impl Into<String>) -> Warning {
    Warning { code, detail: detail.into() }
}
