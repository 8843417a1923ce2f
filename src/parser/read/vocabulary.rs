//! Which element of which vocabulary fills which field, and which wins where several do.

use super::namespace::Namespace;

/// Names longer than this are in no vocabulary.
const NAME_BYTES_MAX: usize = 20;

/// A field that an element fills. The number is its rank: of two that fill one field the lower
/// wins, and of equals the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The next entry begins.
    Entry,
    /// The feed itself, or its channel.
    Channel,
    /// Its children count as if they stood outside of it.
    Group,
    /// The headline.
    Title(u8),
    /// The address of its page.
    Link(u8),
    /// What it is known by.
    Id(u8),
    /// An abstract, a teaser, or what describes the feed.
    Summary(u8),
    /// The full text.
    Content(u8),
    /// When it came out.
    Published(u8),
    /// When it was changed.
    Updated(u8),
    /// Who wrote it.
    Author(u8),
    /// What it is about.
    Category,
    /// Several categories with commas between them.
    Categories,
    /// The language it is in.
    Language(u8),
    /// Minutes to leave the feed alone.
    TimeToLive,
    /// The length of a period by name.
    UpdatePeriod,
    /// How often the feed changes in such a period.
    UpdateFrequency,
    /// Nothing that is read, children included.
    Unread,
}

impl Field {
    /// Returns whether the field holds markup, in which HTML's own elements occur.
    pub fn is_markup(self) -> bool {
        matches!(self, Self::Summary(_) | Self::Content(_))
    }
}

/// Returns the field that the element fills, in a feed or in an entry.
pub fn field(namespace: Namespace, local: &str) -> Field {
    let mut buffer = [0; NAME_BYTES_MAX];
    let Some(buffer) = buffer.get_mut(..local.len()) else { return Field::Unread };
    buffer.copy_from_slice(local.as_bytes());
    buffer.make_ascii_lowercase();
    let local = std::str::from_utf8(buffer).unwrap_or_default();
    match namespace {
        Namespace::Feed => own(local),
        // In RSS, Atom's elements fill what RSS's own leave open.
        Namespace::Atom => match own(local) {
            Field::Entry => Field::Entry,
            Field::Link(_) => Field::Link(2),
            Field::Updated(rank) => Field::Updated(rank),
            Field::Published(rank) => Field::Published(rank + 3),
            Field::Id(_) => Field::Id(3),
            Field::Summary(_) => Field::Summary(3),
            Field::Content(_) => Field::Content(3),
            Field::Author(_) => Field::Author(1),
            _ => Field::Unread,
        },
        Namespace::DublinCore => match local {
            "title" => Field::Title(1),
            "description" => Field::Summary(2),
            "date" => Field::Updated(5),
            "creator" | "author" => Field::Author(0),
            "subject" => Field::Category,
            "language" => Field::Language(1),
            _ => Field::Unread,
        },
        Namespace::Terms => match local {
            "issued" => Field::Published(2),
            "created" => Field::Published(4),
            "modified" => Field::Updated(2),
            _ => Field::Unread,
        },
        Namespace::Content if local == "encoded" => Field::Content(0),
        Namespace::Xhtml if matches!(local, "body" | "div") => Field::Content(1),
        Namespace::Itunes => match local {
            "title" => Field::Title(3),
            "summary" => Field::Summary(4),
            "subtitle" => Field::Summary(6),
            "author" => Field::Author(2),
            "category" => Field::Category,
            "keywords" => Field::Categories,
            _ => Field::Unread,
        },
        Namespace::Media => match local {
            "title" => Field::Title(2),
            "description" | "text" => Field::Summary(5),
            "category" => Field::Category,
            "group" | "content" => Field::Group,
            _ => Field::Unread,
        },
        Namespace::Syndication => match local {
            "updateperiod" => Field::UpdatePeriod,
            "updatefrequency" => Field::UpdateFrequency,
            _ => Field::Unread,
        },
        Namespace::Rdf if local == "rdf" => Field::Channel,
        Namespace::Content | Namespace::Xhtml | Namespace::Rdf | Namespace::Other => Field::Unread,
    }
}

/// Elements of RSS, Atom and CDF themselves, in lower case.
fn own(local: &str) -> Field {
    match local {
        "item" | "entry" => Field::Entry,
        "rss" | "rdf" | "feed" | "channel" => Field::Channel,
        "title" => Field::Title(0),
        "link" => Field::Link(0),
        "guid" | "id" => Field::Id(0),
        "description" | "summary" | "subtitle" | "tagline" | "abstract" => Field::Summary(0),
        "content" | "body" | "fullitem" => Field::Content(1),
        "pubdate" | "published" => Field::Published(0),
        "issued" => Field::Published(1),
        "created" => Field::Published(3),
        "updated" | "lastbuilddate" => Field::Updated(0),
        "modified" => Field::Updated(1),
        "author" => Field::Author(0),
        "category" | "keyword" => Field::Category,
        "tags" | "keywords" => Field::Categories,
        "language" => Field::Language(0),
        "ttl" => Field::TimeToLive,
        _ => Field::Unread,
    }
}
