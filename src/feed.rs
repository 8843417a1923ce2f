//! A feed: what is polled, under an id that outlives its address.

pub mod opml;

use std::fmt;
use std::time::Duration;

use url::Url;
use uuid::Uuid;

/// The namespace of all feed ids, drawn once for this project.
const NAMESPACE: Uuid = Uuid::from_u128(0x6f0d_6f3e_52a4_4c0b_9d7a_1f5e_b07d_e52a);

/// The id of a feed: UUIDv5 of the address under which it was first added.
///
/// A redirect adopted later does not change it, so that consumers keep one key for one feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FeedId(Uuid);

impl FeedId {
    /// Returns the id of the feed that was first added under `url`.
    pub fn of(url: &Url) -> Self {
        Self(Uuid::new_v5(&NAMESPACE, url.as_str().as_bytes()))
    }

    /// Returns the UUID itself, the namespace of the ids of this feed's entries.
    pub fn uuid(self) -> Uuid {
        self.0
    }
}

impl From<Uuid> for FeedId {
    fn from(uuid: Uuid) -> Self {
        Self(uuid)
    }
}

impl fmt::Display for FeedId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One feed to watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// Key of all that is kept and published about it.
    pub id: FeedId,
    /// Where it is asked for: `http` or `https`.
    pub url: Url,
    /// What people call it, if anybody said.
    pub title: Option<String>,
    /// The folders it stands in, outermost first; a region, for the list that we ship.
    pub categories: Vec<String>,
    /// Language of its texts as a BCP 47 tag, where the list tells; a document's own text decides.
    pub language: Option<String>,
    /// How often it is asked at most, where its owner wants another interval than the default.
    pub interval: Option<Duration>,
}

impl Feed {
    /// Returns a feed that is known by its address alone.
    pub fn at(url: Url) -> Self {
        Self {
            id: FeedId::of(&url),
            url,
            title: None,
            categories: Vec::new(),
            language: None,
            interval: None,
        }
    }
}
