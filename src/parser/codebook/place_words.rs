//! Words around places: nouns of borders and ground, prepositions and verbs of a way.

use std::collections::{HashMap, HashSet};

use super::lexicon::{Id, Lexicon};
use super::source::PlaceWordLists;

/// Which way words lead: where something is, where it comes from, where it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::parser) enum Way {
    At,
    From,
    To,
}

/// Compiled lists of `place-words.toml`.
#[derive(Debug, Default)]
pub(in crate::parser) struct PlaceWords {
    border: HashSet<String>,
    border_part: HashSet<String>,
    ground: HashSet<String>,
    ways: HashMap<String, Way>,
    verbs: HashMap<String, Way>,
    prefixes: HashMap<String, Id>,
}

impl PlaceWords {
    pub(super) fn compile(lists: PlaceWordLists, lexicon: &Lexicon) -> Self {
        let mut words = Self {
            border: lists.border.into_iter().collect(),
            border_part: lists.border_part.into_iter().collect(),
            ground: lists.ground.into_iter().collect(),
            ..Self::default()
        };
        let ways = [(lists.at, Way::At), (lists.from, Way::From), (lists.to, Way::To)];
        for (list, way) in ways {
            words.ways.extend(list.into_iter().map(|word| (word, way)));
        }
        let verbs =
            [(lists.crossing, Way::At), (lists.leaving, Way::From), (lists.entering, Way::To)];
        for (list, way) in verbs {
            words.verbs.extend(list.into_iter().map(|word| (word, way)));
        }
        for (prefix, code) in lists.prefix {
            let id = lexicon.id(&code).expect("states of prefixes are known");
            words.prefixes.insert(prefix, id);
        }
        words
    }

    pub(in crate::parser) fn is_border(&self, lemma: &str) -> bool {
        self.border.contains(lemma)
    }

    /// Whether "border" before the noun makes a border of it.
    pub(in crate::parser) fn is_border_part(&self, lemma: &str) -> bool {
        self.border_part.contains(lemma)
    }

    /// Whether a state before the noun makes a place of it.
    pub(in crate::parser) fn is_ground(&self, lemma: &str) -> bool {
        self.ground.contains(lemma)
    }

    /// Returns which way a preposition leads, if it stands before places.
    pub(in crate::parser) fn way(&self, preposition: &str) -> Option<Way> {
        self.ways.get(preposition).copied()
    }

    /// Returns which way a verb leads whose object is the place.
    pub(in crate::parser) fn way_of_verb(&self, lemma: &str) -> Option<Way> {
        self.verbs.get(lemma).copied()
    }

    /// Returns the states of a pair in one word: "Sino-Indian", "U.S.-Mexico", "Greek–Turkish".
    pub(in crate::parser) fn pair(&self, lexicon: &Lexicon, text: &str) -> Vec<Id> {
        let mut halves = text.split(['-', '–', '—']);
        let (Some(first), Some(second), None) = (halves.next(), halves.next(), halves.next())
        else {
            // The tokenizer cuts "Sino-Indian" in three.
            return self.prefixes.get(&text.to_lowercase()).copied().into_iter().collect();
        };
        let state = |half: &str| {
            let lower = half.to_lowercase();
            let word = |i: usize| (i == 0).then_some(lower.as_str());
            let entry = lexicon.longest(word, |_| half).and_then(|(entry, _)| entry.id);
            entry.filter(|id| lexicon.is_state(*id)).or_else(|| self.prefixes.get(&lower).copied())
        };
        [state(first), state(second)].into_iter().flatten().collect()
    }
}
