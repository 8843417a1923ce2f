//! An outlet: who publishes, in which format, and how its server behaves.

use serde::Deserialize;
use url::Url;

use super::NAME_BASE;
use crate::feed::FeedId;

/// One publisher with one feed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Outlet {
    /// Short, for the items to name it.
    pub name: String,
    /// Where its feed is, below the server's root.
    pub path: String,
    /// What people call it.
    pub title: String,
    pub(super) format: Format,
    pub(super) body: Body,
    #[serde(default)]
    pub(super) charset: Charset,
    #[serde(default)]
    pub(super) guid: Guid,
    #[serde(default)]
    pub(super) build_date: BuildDate,
    /// How many of its newest items the feed shows.
    pub window: usize,
    pub(super) validator: Validator,
    #[serde(default, rename = "outage")]
    pub(super) outages: Vec<Outage>,
}

impl Outlet {
    /// Returns the address under which the feed is known, which is not where it is served.
    pub(super) fn name_url(&self) -> Url {
        Url::parse(&format!("{NAME_BASE}{}", self.path)).expect("a path of the script fits a URL")
    }

    /// Returns the id of its feed, the same in each run.
    pub fn feed_id(&self) -> FeedId {
        FeedId::of(&self.name_url())
    }

    /// Returns the address of the site, with a slash at the end.
    pub(super) fn site(&self) -> String {
        format!("{NAME_BASE}{}/", self.name)
    }

    /// Returns the address of the page of the item of that id.
    pub(super) fn page(&self, id: &str) -> String {
        format!("{}{id}", self.site())
    }
}

/// The format of a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Format {
    /// RSS 2.0.
    Rss2,
    /// RSS 1.0, which is RDF.
    Rss1,
    /// Atom, RFC 4287.
    Atom,
    /// JSON Feed 1.1.
    JsonFeed,
    /// RSS 2.0 as a careless program writes it: no XML.
    Damaged,
}

/// How the text of an item stands in the feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Body {
    /// Without markup.
    Plain,
    /// HTML, escaped.
    Html,
    /// XHTML elements (Atom only).
    Xhtml,
}

/// How the feed is encoded; declared in HTTP and in the document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(super) enum Charset {
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    #[serde(rename = "iso-8859-1")]
    Latin1,
}

impl Charset {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Latin1 => "iso-8859-1",
        }
    }
}

/// Whether items carry an id of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Guid {
    #[default]
    Own,
    /// Only a link.
    None,
}

/// What the feed says about when it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum BuildDate {
    /// When something in it changed last.
    #[default]
    LastChange,
    /// Now, so that no two responses are equal though nothing is new.
    EachRequest,
}

/// What the server gives to ask with again. RFC 9110 §8.8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Validator {
    None,
    Etag,
    LastModified,
    Both,
}

/// Minutes in which the server of an outlet gives an error.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Outage {
    pub(super) from: i32,
    /// Included.
    pub(super) to: i32,
    pub(super) status: u16,
    /// Seconds of real time.
    pub(super) retry_after_seconds: Option<u32>,
}
