//! The identity of an entry: by which of its fields, and the id that follows.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use crate::feed::FeedId;
use crate::parser::Entry;

/// The id of an entry: UUIDv5 of its feed, the rule, and the value that the rule reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryId(Uuid);

impl EntryId {
    /// Returns the UUID itself, the namespace of the ids of this entry's events.
    pub fn uuid(self) -> Uuid {
        self.0
    }
}

impl From<Uuid> for EntryId {
    fn from(uuid: Uuid) -> Self {
        Self(uuid)
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Which fields tell one entry of a feed from another, from the most to the least telling.
///
/// An entry that lacks the field of its feed's rule is identified by the next rule that it has the
/// fields for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rule {
    /// The id that the format gives.
    #[default]
    Guid,
    /// The address of the page.
    Link,
    /// Address and title together.
    LinkTitle,
    /// Title and text.
    Hash,
}

impl Rule {
    /// Returns the name that messages and states use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Guid => "guid",
            Self::Link => "link",
            Self::LinkTitle => "link+title",
            Self::Hash => "hash",
        }
    }

    /// Returns the rule of that name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Guid, Self::Link, Self::LinkTitle, Self::Hash]
            .into_iter()
            .find(|rule| rule.as_str() == name)
    }

    /// Returns the next rule down, `None` after the last.
    pub fn demoted(self) -> Option<Self> {
        match self {
            Self::Guid => Some(Self::Link),
            Self::Link => Some(Self::LinkTitle),
            Self::LinkTitle => Some(Self::Hash),
            Self::Hash => None,
        }
    }

    /// Returns the entry's id under this rule, or under the first one below it that it has the
    /// fields for.
    pub fn identify(self, feed: FeedId, entry: &Entry) -> EntryId {
        let mut rule = self;
        loop {
            if let Some(value) = rule.value(entry) {
                let name = format!("{}:{value}", rule.as_str());
                return EntryId(Uuid::new_v5(&feed.uuid(), name.as_bytes()));
            }
            rule = rule.demoted().unwrap_or(Self::Hash);
        }
    }

    /// What the rule reads; always something for [`Rule::Hash`].
    fn value(self, entry: &Entry) -> Option<String> {
        let filled = |field: &Option<String>| {
            field.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        match self {
            Self::Guid => filled(&entry.id),
            Self::Link => filled(&entry.link),
            Self::LinkTitle => {
                Some(format!("{}\n{}", filled(&entry.link)?, normal(&filled(&entry.title)?)))
            }
            Self::Hash => {
                let text = entry.content.as_deref().or(entry.summary.as_deref()).unwrap_or("");
                let title = entry.title.as_deref().unwrap_or("");
                Some(format!("{}\n{}", normal(title), normal(text)))
            }
        }
    }
}

/// Returns the text in Unicode's composed form with its white space collapsed: what is compared.
pub(super) fn normal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.nfc());
    }
    out
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;

    fn feed() -> FeedId {
        FeedId::of(&Url::parse("https://news.example/feed.xml").unwrap())
    }

    #[test]
    fn id_is_that_of_the_first_rule_that_the_entry_has_fields_for() {
        let entry = |id: Option<&str>, link: Option<&str>, title: &str| Entry {
            id: id.map(str::to_owned),
            link: link.map(str::to_owned),
            title: Some(title.to_owned()),
            ..Entry::default()
        };
        let by_guid = Rule::Guid.identify(feed(), &entry(Some("a"), Some("https://x/1"), "One"));
        assert_eq!(by_guid, Rule::Guid.identify(feed(), &entry(Some(" a "), None, "Other")));
        let by_link = Rule::Guid.identify(feed(), &entry(None, Some("https://x/1"), "One"));
        assert_eq!(
            by_link,
            Rule::Link.identify(feed(), &entry(Some("a"), Some("https://x/1"), ""))
        );
        assert_ne!(by_guid, by_link);
        let bare = Rule::Guid.identify(feed(), &entry(None, None, "One  title"));
        assert_eq!(bare, Rule::Hash.identify(feed(), &entry(Some("a"), None, "One title")));
    }

    #[test]
    fn composed_and_decomposed_letters_are_the_same_text() {
        assert_eq!(normal(" Cafe\u{301}\n open "), "Caf\u{e9} open");
    }
}
