//! The codebook: all that the extractor knows about the world and its words, as data.
//!
//! The TOML files beside this one are embedded and compiled once: names and nouns into a
//! [`Lexicon`], frames into triggers by their first word, the words of triggers into the prefilter.

mod additions;
mod catalogue;
mod embed;
mod file;
mod flaw;
mod frame;
mod gazetteer;
mod inflect;
mod lexicon;
mod lint;
mod measures;
mod neighbours;
mod place_words;
mod prefilter;
mod source;
mod trigger;
mod words;

use std::collections::{BTreeMap, HashSet};

use self::additions::{Additions, Sourced};
pub use self::catalogue::{Catalogue, FrameLine, WordList};
pub(super) use self::embed::Embeds;
pub use self::file::CodebookFile;
use self::file::Lined;
pub use self::flaw::{CodebookError, Fault};
pub(super) use self::frame::{Behind, Classes, Embed, Frame, Need, Negated, Side};
pub(super) use self::gazetteer::{Gazetteer, Place, PlaceIndex, PlaceKind};
pub(super) use self::lexicon::{Class, Entry, Id, Lexicon, Sort};
pub use self::lint::lint;
pub(super) use self::measures::{DateWords, Measure, Measures, Name, NumberWords, Phrase};
pub(super) use self::neighbours::{Neighbours, Side as Bearing};
pub(super) use self::place_words::{PlaceWords, Way};
use self::prefilter::Prefilter;
pub(super) use self::source::Expected;
use self::source::{Actors, Borders, PlaceWordLists, Places, States, Words};
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
/// Names, under which faults and lists tell where a frame stands, and texts.
const FRAMES: [(&str, &str); 8] = [
    ("built-in movement.toml", include_str!("codebook/frames/movement.toml")),
    ("built-in control.toml", include_str!("codebook/frames/control.toml")),
    ("built-in security.toml", include_str!("codebook/frames/security.toml")),
    ("built-in harm.toml", include_str!("codebook/frames/harm.toml")),
    ("built-in help.toml", include_str!("codebook/frames/help.toml")),
    ("built-in diplomacy.toml", include_str!("codebook/frames/diplomacy.toml")),
    ("built-in blame.toml", include_str!("codebook/frames/blame.toml")),
    ("built-in society.toml", include_str!("codebook/frames/society.toml")),
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
    /// Verbs by meaning, which triggers name with `@`.
    verbs: BTreeMap<String, Vec<String>>,
}

impl Codebook {
    /// Compiles the embedded files.
    pub(super) fn embedded() -> Self {
        Self::with(&[]).expect("the embedded codebook is valid, which its test shows")
    }

    /// Compiles the embedded files with users' files over them.
    ///
    /// A frame of a user's file takes the place of an earlier one of that name.
    ///
    /// # Errors
    /// All that is wrong in the users' files.
    pub(super) fn with(files: &[CodebookFile]) -> Result<Self, CodebookError> {
        let valid = "the embedded files have the shape of their structs, which their tests show";
        let mut words: Words = toml::from_str(WORDS).expect(valid);
        let states: States = toml::from_str(STATES).expect(valid);
        let mut actors: Vec<Actors> =
            ACTORS.iter().map(|text| toml::from_str(text).expect(valid)).collect();
        let mut places: Vec<Places> =
            PLACES.iter().map(|text| toml::from_str(text).expect(valid)).collect();
        let mut additions = Additions::read(&FRAMES, files);
        let passed = additions.passed(&actors, &words);
        if !passed.is_empty() {
            return Err(CodebookError::of(passed));
        }
        let mut faults = additions.faults(&states, &actors, &words);
        additions.merge(&mut words, &mut actors, &mut places);
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
        for Sourced { file, frame } in additions.frames(&mut faults) {
            let Lined { value, place } = frame;
            let compiled = patterns
                .add(&value, frames.len(), &words.verbs)
                .and_then(|()| Frame::compile(value, &lexicon, &embeds));
            match compiled {
                Ok(frame) => frames.push(Frame { file, line: place.line, ..frame }),
                Err(flaw) => faults.push(place.fault(&file, flaw)),
            }
        }
        if !faults.is_empty() {
            return Err(CodebookError::of(faults));
        }
        let lists = WordLists::compile(&words);
        let clause = ClauseLists::compile(words.clause);
        let topics = lexicon.phrases_of(lexicon.classes(TOPICS.iter().copied()));
        let prefilter = Prefilter::compile(&topics, &patterns);
        Ok(Self {
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
            verbs: words.verbs,
        })
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
