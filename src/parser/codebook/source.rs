//! The shape of the codebook's files.

mod actors;

use std::collections::BTreeMap;

use serde::Deserialize;

pub(super) use self::actors::{
    Actors, Described, Held, Named, Nouns, Offices, Person, Region, State, States,
};
use super::gazetteer::{PlaceKind, Source};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Places {
    pub(super) place: Vec<Place>,
}

/// Places of one kind in the same states.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Place {
    pub(super) kind: PlaceKind,
    pub(super) countries: Vec<String>,
    /// The state on the other side of the border or strait that they are known for.
    pub(super) border: Option<String>,
    pub(super) at: Vec<Row>,
}

/// Names parted by "|", with "?" after them where other things have them too; degrees north and
/// east, WGS 84; the source of these.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Row {
    At(String, f64, f64, Source),
    /// Without a source, as users write it.
    Told(String, f64, f64),
    Somewhere((String,)),
}

/// Words around places.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct PlaceWordLists {
    /// Nouns of a line between states.
    pub(super) border: Vec<String>,
    /// Nouns that are a border where "border" stands before them.
    pub(super) border_part: Vec<String>,
    /// Nouns that make a place of a state's name.
    pub(super) ground: Vec<String>,
    /// Prepositions before where something is, comes from, goes to.
    pub(super) at: Vec<String>,
    pub(super) from: Vec<String>,
    pub(super) to: Vec<String>,
    /// Verbs whose object is where somebody goes to, comes from, or is.
    pub(super) entering: Vec<String>,
    pub(super) leaving: Vec<String>,
    pub(super) crossing: Vec<String>,
    /// First halves of pairs to their states ("sino").
    pub(super) prefix: BTreeMap<String, String>,
}

/// Which states border on each other.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Borders {
    /// Of each state its neighbours with the side that they are on ("NE"; empty for around).
    pub(super) land: BTreeMap<String, BTreeMap<String, String>>,
    pub(super) sea: SeaBorders,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SeaBorders {
    /// "FRA-GBR", each once.
    pub(super) pairs: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Words {
    pub(super) class: BTreeMap<String, Vec<String>>,
    pub(super) off_topic: WordList,
    pub(super) say: Say,
    pub(super) partitive: WordList,
    /// Verbs by meaning, which frames name with `@`.
    #[serde(default)]
    pub(super) verbs: BTreeMap<String, Vec<String>>,
    /// Words that embed a clause or a noun of happening, by what they make of it.
    #[serde(default)]
    pub(super) embed: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub(super) clause: ClauseWords,
}

/// Verbs that matter for who does what in a clause without a subject of its own.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct ClauseWords {
    /// Verbs that say little besides the noun that they govern ("carry out", "launch").
    pub(super) light: Vec<String>,
    /// Verbs whose subject, not their object, does what the infinitive says ("promise").
    pub(super) subject_control: Vec<String>,
    /// Verbs whose object does what "of X-ing", "for X-ing" or "from X-ing" says ("accuse").
    pub(super) object_control: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WordList {
    pub(super) words: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Say {
    pub(super) verbs: Vec<String>,
}

/// A frame as written; the keys are explained in [`super::Frame`].
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct FrameSource {
    pub(super) name: String,
    pub(super) kind: String,
    #[serde(default)]
    pub(super) verbs: Vec<String>,
    #[serde(default)]
    pub(super) nouns: Vec<String>,
    #[serde(default)]
    pub(super) phrases: Vec<String>,
    pub(super) subject: Option<String>,
    pub(super) object: Option<String>,
    #[serde(default)]
    pub(super) object_is: Vec<String>,
    #[serde(default)]
    pub(super) actor_is: Vec<String>,
    #[serde(default)]
    pub(super) not_object: Vec<String>,
    #[serde(default)]
    pub(super) actor: Vec<String>,
    #[serde(default)]
    pub(super) recipient: Vec<String>,
    pub(super) actor_after: Option<Vec<String>>,
    #[serde(default)]
    pub(super) recipient_after: Vec<String>,
    #[serde(default)]
    pub(super) needs: Vec<String>,
    #[serde(default)]
    pub(super) needs_verb: Vec<String>,
    #[serde(default)]
    pub(super) needs_noun: Vec<String>,
    #[serde(default)]
    pub(super) near: Vec<String>,
    #[serde(default)]
    pub(super) here: Vec<String>,
    #[serde(default)]
    pub(super) not: Vec<String>,
    pub(super) unit: Option<Vec<String>>,
    pub(super) as_unit: Option<String>,
    #[serde(default)]
    pub(super) adds: bool,
    #[serde(default)]
    pub(super) at_home: Option<String>,
    #[serde(default)]
    pub(super) speaker: bool,
    #[serde(default)]
    pub(super) mutual: bool,
    #[serde(default)]
    pub(super) conditional: bool,
    #[serde(default)]
    pub(super) not_verbs: Vec<String>,
    #[serde(default)]
    pub(super) subject_is: Vec<String>,
    #[serde(default)]
    pub(super) not_subject: Vec<String>,
    #[serde(default)]
    pub(super) with: Vec<String>,
    #[serde(default)]
    pub(super) with_not: Vec<String>,
    #[serde(default)]
    pub(super) under: Vec<String>,
    #[serde(default)]
    pub(super) not_under: Vec<String>,
    #[serde(default)]
    pub(super) priority: i8,
    #[serde(default)]
    pub(super) beside: bool,
    pub(super) negated: Option<String>,
    #[serde(default)]
    pub(super) not_status: Vec<String>,
    pub(super) status: Option<String>,
    #[serde(default)]
    pub(super) examples: Vec<Example>,
    #[serde(default)]
    pub(super) nothing: Vec<String>,
}

/// A sentence, and events that it must give.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::parser) struct Example {
    pub(in crate::parser) text: String,
    pub(in crate::parser) gives: Vec<Expected>,
}

/// What an event of an example must be; what is left out may be anything.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::parser) struct Expected {
    pub(in crate::parser) kind: String,
    pub(in crate::parser) actor: Option<String>,
    pub(in crate::parser) recipient: Option<String>,
    pub(in crate::parser) attribution: Option<String>,
    pub(in crate::parser) countries: Option<Vec<String>>,
    /// `START`, `START..END`, or `START..` for what goes on.
    pub(in crate::parser) date: Option<String>,
    /// `VALUE UNIT MODIFIER`.
    pub(in crate::parser) quantity: Option<String>,
    pub(in crate::parser) status: Option<String>,
}
