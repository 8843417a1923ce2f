//! The codebook: all that the extractor knows about the world and its words, as data.
//!
//! The TOML files beside this one are embedded and compiled once: names and nouns into a
//! [`Lexicon`], frames into triggers by their first word, the words of triggers into the prefilter.

mod embed;
mod flaw;
mod frame;
mod gazetteer;
mod inflect;
mod lexicon;
mod measures;
mod neighbours;
mod place_words;
mod prefilter;
mod source;
mod trigger;
mod words;

use std::collections::HashSet;

pub(super) use self::embed::Embeds;
pub(super) use self::frame::{Behind, Classes, Embed, Frame, Need, Negated, Side};
pub(super) use self::gazetteer::{Gazetteer, Place, PlaceIndex, PlaceKind};
pub(super) use self::lexicon::{Class, Entry, Id, Lexicon, Sort};
pub(super) use self::measures::{DateWords, Measure, Measures, Name, NumberWords, Phrase};
pub(super) use self::neighbours::{Neighbours, Side as Bearing};
pub(super) use self::place_words::{PlaceWords, Way};
use self::prefilter::Prefilter;
#[cfg(test)]
pub(super) use self::source::Expected;
use self::source::{Actors, Borders, FrameFile, PlaceWordLists, Places, States, Words};
pub(super) use self::trigger::{Pattern, Patterns, Shape, mark};
pub(super) use self::words::WordLists;
use super::text::Known;

const STATES: &str = include_str!("codebook/states.toml");
const ACTORS: [&str; 8] = [
    include_str!("codebook/actors/bodies.toml"),
    include_str!("codebook/actors/agencies.toml"),
    include_str!("codebook/actors/groups.toml"),
    include_str!("codebook/actors/nouns.toml"),
    include_str!("codebook/actors/people-europe.toml"),
    include_str!("codebook/actors/people-americas.toml"),
    include_str!("codebook/actors/people-africa.toml"),
    include_str!("codebook/actors/people-asia.toml"),
];
const PLACES: [&str; 10] = [
    include_str!("codebook/places/europe-east.toml"),
    include_str!("codebook/places/europe-south.toml"),
    include_str!("codebook/places/europe-west.toml"),
    include_str!("codebook/places/middle-east.toml"),
    include_str!("codebook/places/asia.toml"),
    include_str!("codebook/places/africa.toml"),
    include_str!("codebook/places/americas.toml"),
    include_str!("codebook/places/oceania.toml"),
    include_str!("codebook/places/seas.toml"),
    include_str!("codebook/places/capitals.toml"),
];
const PLACE_WORDS: &str = include_str!("codebook/place-words.toml");
const NEIGHBOURS: &str = include_str!("codebook/neighbours.toml");
const WORDS: &str = include_str!("codebook/words.toml");
const MEASURES: &str = include_str!("codebook/measures.toml");
const FRAMES: [&str; 8] = [
    include_str!("codebook/frames/movement.toml"),
    include_str!("codebook/frames/control.toml"),
    include_str!("codebook/frames/security.toml"),
    include_str!("codebook/frames/harm.toml"),
    include_str!("codebook/frames/help.toml"),
    include_str!("codebook/frames/diplomacy.toml"),
    include_str!("codebook/frames/blame.toml"),
    include_str!("codebook/frames/society.toml"),
];

/// Verbs that matter for who does what in a clause without a subject of its own.
#[derive(Debug)]
pub(super) struct ClauseLists {
    pub(super) light: HashSet<String>,
    pub(super) subject_control: HashSet<String>,
    pub(super) object_control: HashSet<String>,
}

impl ClauseLists {
    fn compile(words: source::ClauseWords) -> Self {
        let set = |list: Vec<String>| list.into_iter().collect();
        Self {
            light: set(words.light),
            subject_control: set(words.subject_control),
            object_control: set(words.object_control),
        }
    }
}

/// Classes of words without one of which a text tells nothing.
const TOPICS: [&str; 6] = ["border", "migration", "migrant", "conflict", "boat", "camp"];

/// A compiled codebook.
#[derive(Debug)]
pub(super) struct Codebook {
    pub(super) lexicon: Lexicon,
    pub(super) gazetteer: Gazetteer,
    pub(super) neighbours: Neighbours,
    pub(super) place_words: PlaceWords,
    pub(super) frames: Vec<Frame>,
    pub(super) words: WordLists,
    pub(super) measures: Measures,
    pub(super) patterns: Patterns,
    pub(super) embeds: Embeds,
    pub(super) clause: ClauseLists,
    prefilter: Prefilter,
}

impl Codebook {
    /// Compiles the embedded files.
    pub(super) fn embedded() -> Self {
        let valid = "the embedded codebook is valid, which its test shows";
        let words: Words = toml::from_str(WORDS).expect(valid);
        let states: States = toml::from_str(STATES).expect(valid);
        let actors: Vec<Actors> =
            ACTORS.iter().map(|text| toml::from_str(text).expect(valid)).collect();
        let places: Vec<Places> =
            PLACES.iter().map(|text| toml::from_str(text).expect(valid)).collect();
        let lexicon = Lexicon::compile(&states, &actors, &places, &words.class);
        let gazetteer = Gazetteer::compile(&places, &lexicon);
        let borders: Borders = toml::from_str(NEIGHBOURS).expect(valid);
        let neighbours = Neighbours::compile(&borders, &lexicon);
        let lists: PlaceWordLists = toml::from_str(PLACE_WORDS).expect(valid);
        let place_words = PlaceWords::compile(lists, &lexicon);
        let embeds = Embeds::compile(&words.embed);
        let measures = Measures::compile(MEASURES, &lexicon).expect(valid);
        let mut patterns = Patterns::default();
        let mut frames = Vec::new();
        for text in FRAMES {
            let file: FrameFile = toml::from_str(text).expect(valid);
            for source in file.frame {
                let index = frames.len();
                patterns.add(&source, index, &words.verbs).expect(valid);
                frames.push(Frame::compile(source, &lexicon, &embeds).expect(valid));
            }
        }
        let lists = WordLists::compile(&words);
        let clause = ClauseLists::compile(words.clause);
        let topics = lexicon.phrases_of(lexicon.classes(TOPICS.iter().copied()));
        let prefilter = Prefilter::compile(&topics, &patterns);
        Self {
            lexicon,
            frames,
            words: lists,
            measures,
            prefilter,
            patterns,
            embeds,
            clause,
            gazetteer,
            neighbours,
            place_words,
        }
    }

    /// Returns whether a word about borders, about those who cross them or about states that fight
    /// stands in the texts, and a trigger in one of them: without both no document is read further.
    pub(super) fn may_tell(&self, title: &str, body: &str) -> bool {
        [title, body].into_iter().any(|text| self.prefilter.has_topic(text))
            && [title, body].into_iter().any(|text| self.prefilter.may_trigger(text, |_, _| true))
    }

    /// Returns whether all words of some trigger stand in the sentence, in a form that they may have,
    /// and its frame may fit as far as the caller knows; for frames of any verb only the latter.
    pub(super) fn may_trigger(
        &self,
        sentence: &str,
        mut may_fit: impl FnMut(&Frame, Shape) -> bool,
    ) -> bool {
        let mut fits = |frame: usize, shape| may_fit(&self.frames[frame], shape);
        self.prefilter.may_trigger(sentence, &mut fits)
            || self.prefilter.of_any().iter().any(|frame| fits(*frame, Shape::Verb))
    }

    /// Returns what a name at the head of a text stands for: the whole of it, in any case.
    pub(super) fn known(&self, name: &str) -> Known {
        match self.entry(name) {
            None => Known::Unknown,
            Some(entry) if entry.is_place => Known::Place,
            Some(_) => Known::Other,
        }
    }

    /// Returns the state of a place as datelines write it ("KASTANIES, Greece"): by its name or by
    /// that of its region.
    pub(super) fn state_of(&self, place: &str) -> Option<Id> {
        let parts = place.split([',', '/', '[', ']', '.']).map(str::trim);
        [place].into_iter().chain(parts).find_map(|name| match self.entry(name)?.countries[..] {
            [one] => Some(one),
            _ => None,
        })
    }

    fn entry(&self, name: &str) -> Option<&Entry> {
        let words = lexicon::split(name);
        let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
        let word = |at: usize| lower.get(at).map(String::as_str);
        let spelled = |at: usize| words.get(at).map_or("", String::as_str);
        let (entry, length) = self.lexicon.longest(word, spelled)?;
        (length == words.len()).then_some(entry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_codebook_covers_every_kind_with_examples() {
        let codebook = Codebook::embedded();
        for kind in crate::parser::Kind::ALL {
            assert!(codebook.frames.iter().any(|frame| frame.kind == *kind), "{kind}");
        }
        for frame in &codebook.frames {
            assert!(frame.examples.len() >= 2, "{} has too few examples", frame.name);
            assert!(!frame.nothing.is_empty(), "{} has no counter-example", frame.name);
        }
    }

    #[test]
    fn names_of_places_are_known_in_any_case() {
        let codebook = Codebook::embedded();
        for (name, known) in [
            ("ATHENS", Known::Place),
            ("Athens", Known::Place),
            ("Poland", Known::Place),
            ("NATO", Known::Other),
            ("migrants", Known::Other),
            ("Athens tower", Known::Unknown),
            ("", Known::Unknown),
        ] {
            assert_eq!(codebook.known(name), known, "{name}");
        }
    }
}
