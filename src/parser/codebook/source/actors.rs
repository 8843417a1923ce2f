//! The shape of the files that tell who is who.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, de};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct States {
    pub(in super::super) state: Vec<State>,
    pub(in super::super) region: Vec<Region>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct State {
    pub(in super::super) id: String,
    pub(in super::super) names: Vec<String>,
    #[serde(default)]
    pub(in super::super) demonyms: Vec<String>,
    pub(in super::super) people: Option<Vec<String>>,
    pub(in super::super) capital: Option<String>,
    /// Other spellings of the capital, and other cities that stand for the government.
    #[serde(default)]
    pub(in super::super) seats: Vec<String>,
    /// Provinces and federal states that act for the state.
    #[serde(default)]
    pub(in super::super) parts: Vec<String>,
}

/// States that are told by where or what they are: "the Baltic country", "the kingdom".
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Region {
    #[serde(default)]
    pub(in super::super) adjectives: Vec<String>,
    #[serde(default)]
    pub(in super::super) nouns: Vec<String>,
    pub(in super::super) states: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in super::super) struct Actors {
    pub(in super::super) named: Vec<Named>,
    pub(in super::super) described: Vec<Described>,
    pub(in super::super) nouns: Vec<Nouns>,
    pub(in super::super) roles: Vec<Nouns>,
    pub(in super::super) offices: Vec<Offices>,
    pub(in super::super) person: Vec<Person>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Named {
    pub(in super::super) id: String,
    /// Classes, parted by spaces.
    pub(in super::super) class: String,
    pub(in super::super) names: Vec<String>,
    #[serde(default)]
    pub(in super::super) held: Vec<Held>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Described {
    pub(in super::super) words: Vec<String>,
    #[serde(default)]
    pub(in super::super) ids: Vec<String>,
    #[serde(default)]
    pub(in super::super) class: String,
    #[serde(default)]
    pub(in super::super) default: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Nouns {
    pub(in super::super) id: String,
    /// Classes, parted by spaces.
    pub(in super::super) class: String,
    pub(in super::super) words: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Offices {
    pub(in super::super) class: String,
    pub(in super::super) words: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Person {
    /// Full names, the usual one first.
    pub(in super::super) names: Vec<String>,
    pub(in super::super) held: Vec<Held>,
    /// What is enough of a name; the last word where nothing is told.
    pub(in super::super) surnames: Option<Vec<String>>,
    #[serde(default)]
    pub(in super::super) she: bool,
}

/// Whom somebody acts for, and from when to when: `ID office FROM..TO`, days or months, both included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Held {
    pub(in super::super) id: String,
    pub(in super::super) from: Option<Date>,
    pub(in super::super) to: Option<Date>,
}

impl Held {
    fn read(text: &str) -> Option<Self> {
        let (rest, span) = text.rsplit_once(' ')?;
        let id = rest.split(' ').next()?;
        let (from, to) = span.split_once("..")?;
        let day = |text: &str, last: bool| -> Option<Option<Date>> {
            match text.len() {
                0 => Some(None),
                7 => {
                    let first: Date = format!("{text}-01").parse().ok()?;
                    Some(Some(if last { first.last_of_month() } else { first }))
                }
                _ => Some(Some(text.parse().ok()?)),
            }
        };
        Some(Self { id: id.to_owned(), from: day(from, false)?, to: day(to, true)? })
    }
}

impl<'de> Deserialize<'de> for Held {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::read(&text).ok_or_else(|| de::Error::custom(format!("{text:?} is no time of office")))
    }
}
