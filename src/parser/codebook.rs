//! The codebook: all that the extractor knows about the world and its words, as data.
//!
//! The TOML files beside this one are embedded and compiled once: names and nouns into a
//! [`Lexicon`], frames into triggers by their first word, first words into the prefilter.

mod frame;
mod inflect;
mod lexicon;
mod source;

use std::collections::{HashMap, HashSet};

use aho_corasick::{AhoCorasick, MatchKind};

pub(super) use self::inflect::Form;
pub(super) use self::frame::{Frame, Need, Part, Side, Trigger, Via};
pub(super) use self::lexicon::{Class, Entry, Id, Lexicon, Sort};
#[cfg(test)]
pub(super) use self::source::Expected;
use self::source::{Actors, FrameFile, Places, States, Words};

const STATES: &str = include_str!("codebook/states.toml");
const ACTORS: &str = include_str!("codebook/actors.toml");
const PLACES: &str = include_str!("codebook/places.toml");
const WORDS: &str = include_str!("codebook/words.toml");
const FRAMES: [&str; 7] = [
    include_str!("codebook/frames/movement.toml"),
    include_str!("codebook/frames/control.toml"),
    include_str!("codebook/frames/security.toml"),
    include_str!("codebook/frames/harm.toml"),
    include_str!("codebook/frames/help.toml"),
    include_str!("codebook/frames/diplomacy.toml"),
    include_str!("codebook/frames/society.toml"),
];

/// A compiled codebook.
#[derive(Debug)]
pub(super) struct Codebook {
    pub(super) lexicon: Lexicon,
    pub(super) frames: Vec<Frame>,
    /// Triggers by the first word of their form, longest first.
    pub(super) triggers: HashMap<String, Vec<Trigger>>,
    pub(super) words: WordLists,
    prefilter: AhoCorasick,
}

/// The closed word lists, lower-case.
#[derive(Debug)]
pub(super) struct WordLists {
    pub(super) determiners: HashSet<String>,
    pub(super) prepositions: HashSet<String>,
    pub(super) conjunctions: HashSet<String>,
    pub(super) subordinators: HashSet<String>,
    pub(super) pronouns: HashSet<String>,
    pub(super) auxiliaries: HashSet<String>,
    pub(super) modals: HashSet<String>,
    pub(super) negations: HashSet<String>,
    pub(super) partitives: HashSet<String>,
    /// Every form of every verb that is known, frames' verbs included.
    pub(super) verbs: HashSet<String>,
    /// Every form of the verbs of saying.
    pub(super) say: HashSet<String>,
    /// Every form of the verbs that blame somebody for what they report.
    pub(super) blame: HashSet<String>,
    pub(super) off_topic: HashSet<String>,
    /// Exact numbers by word.
    pub(super) numbers: HashMap<String, f64>,
    /// Multipliers by word ("thousand", "bn").
    pub(super) scales: HashMap<String, f64>,
    /// Lower bounds by word ("hundreds").
    pub(super) vague: HashMap<String, f64>,
    /// What a number is bounded by, as phrases before it.
    pub(super) bounds: Vec<(Vec<String>, crate::parser::Modifier)>,
    /// Units by word, and by class of the counted noun.
    pub(super) units: HashMap<String, crate::parser::Unit>,
    pub(super) unit_classes: Vec<(Class, crate::parser::Unit)>,
    pub(super) miles: HashSet<String>,
    /// Words before an event's own that say how sure it is, longest first.
    pub(super) cues: Vec<(Vec<String>, crate::parser::Status)>,
    /// 0 = Monday.
    pub(super) weekdays: HashMap<String, i8>,
    /// 1 = January.
    pub(super) months: HashMap<String, i8>,
    pub(super) today: Vec<Vec<String>>,
    pub(super) yesterday: Vec<Vec<String>>,
    pub(super) tomorrow: Vec<Vec<String>>,
}

impl Codebook {
    /// Compiles the embedded files.
    pub(super) fn embedded() -> Self {
        let valid = "the embedded codebook is valid, which its test shows";
        let words: Words = toml::from_str(WORDS).expect(valid);
        let states: States = toml::from_str(STATES).expect(valid);
        let actors: Actors = toml::from_str(ACTORS).expect(valid);
        let places: Places = toml::from_str(PLACES).expect(valid);
        let lexicon = Lexicon::compile(&states, &actors, &places, &words.class);
        let mut frames = Vec::new();
        let mut triggers: HashMap<String, Vec<Trigger>> = HashMap::new();
        for text in FRAMES {
            let file: FrameFile = toml::from_str(text).expect(valid);
            for source in file.frame {
                let index = frames.len();
                for trigger in frame::triggers(&source, index) {
                    triggers.entry(trigger.first().to_owned()).or_default().push(trigger);
                }
                frames.push(Frame::compile(source, &lexicon).expect(valid));
            }
        }
        for list in triggers.values_mut() {
            list.sort_by_key(|trigger| std::cmp::Reverse(trigger.parts.len()));
        }
        let lists = WordLists::compile(&words, &lexicon, triggers.values().flatten());
        let mut stems: Vec<&str> = triggers.keys().map(String::as_str).collect();
        stems.sort_unstable();
        let prefilter = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest)
            .build(&stems)
            .expect("the trigger words fit an automaton");
        Self { lexicon, frames, triggers, words: lists, prefilter }
    }

    /// Returns whether a trigger's first word stands somewhere in the text, at word boundaries.
    pub(super) fn has_trigger(&self, text: &str) -> bool {
        let inside = |c: char| c.is_alphanumeric();
        self.prefilter.find_iter(text).any(|hit| {
            !text[..hit.start()].chars().next_back().is_some_and(inside)
                && !text[hit.end()..].chars().next().is_some_and(inside)
        })
    }
}

fn phrases(list: &[String]) -> Vec<Vec<String>> {
    list.iter().map(|phrase| phrase.split(' ').map(str::to_owned).collect()).collect()
}

impl WordLists {
    fn compile<'a>(
        words: &Words,
        lexicon: &Lexicon,
        triggers: impl Iterator<Item = &'a Trigger>,
    ) -> Self {
        use crate::parser::{Modifier, Status, Unit};

        let set = |list: &[String]| list.iter().cloned().collect::<HashSet<_>>();
        let forms = |list: &[String]| {
            list.iter().flat_map(|verb| inflect::verb_forms(verb)).collect::<HashSet<_>>()
        };
        let mut verbs = forms(&words.grammar.verbs);
        verbs.extend(forms(&words.say.verbs));
        verbs.extend(triggers.filter_map(|trigger| match trigger.via {
            Via::Verb(_) => Some(trigger.first().to_owned()),
            Via::Noun | Via::Phrase => None,
        }));
        let mut bounds = Vec::new();
        for (list, modifier) in [
            (&words.number.about, Modifier::About),
            (&words.number.at_least, Modifier::AtLeast),
            (&words.number.at_most, Modifier::AtMost),
        ] {
            bounds.extend(phrases(list).into_iter().map(|phrase| (phrase, modifier)));
        }
        bounds.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
        let mut units = HashMap::new();
        let mut unit_classes = Vec::new();
        let mut miles = HashSet::new();
        for (name, list) in &words.unit {
            let unit = if name == "miles" { Some(Unit::Km) } else { Unit::named(name) };
            let unit = unit.expect("the codebook's units are those of the events");
            for word in list {
                match word.strip_prefix('@') {
                    Some(class) => unit_classes.push((lexicon.class(class), unit)),
                    None => {
                        for form in inflect::noun_forms(word) {
                            if name == "miles" {
                                miles.insert(form.clone());
                            }
                            units.insert(form, unit);
                        }
                    }
                }
            }
        }
        let mut cues = Vec::new();
        for (list, status) in [
            (&words.status.planned, Status::Planned),
            (&words.status.possible, Status::Possible),
            (&words.status.denied, Status::Denied),
            (&words.status.alleged, Status::Alleged),
        ] {
            cues.extend(phrases(list).into_iter().map(|phrase| (phrase, status)));
        }
        cues.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
        let date = &words.date;
        let months = (1..).zip(&date.months);
        Self {
            determiners: set(&words.grammar.determiners),
            prepositions: set(&words.grammar.prepositions),
            conjunctions: set(&words.grammar.conjunctions),
            subordinators: set(&words.grammar.subordinators),
            pronouns: set(&words.grammar.pronouns),
            auxiliaries: set(&words.grammar.auxiliaries),
            modals: set(&words.grammar.modals),
            negations: set(&words.grammar.negations),
            partitives: set(&words.grammar.partitives),
            verbs,
            say: forms(&words.say.verbs),
            blame: forms(&words.say.blame),
            off_topic: set(&words.off_topic.words),
            numbers: words.number.words.iter().cloned().collect(),
            scales: words.number.scales.iter().cloned().collect(),
            vague: words.number.vague.iter().cloned().collect(),
            bounds,
            units,
            unit_classes,
            miles,
            cues,
            weekdays: (0..).zip(&date.weekdays).map(|(i, name)| (name.clone(), i)).collect(),
            months: months.flat_map(|(i, names)| names.iter().map(move |n| (n.clone(), i))).collect(),
            today: phrases(&date.today),
            yesterday: phrases(&date.yesterday),
            tomorrow: phrases(&date.tomorrow),
        }
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
    fn the_prefilter_asks_for_whole_words() {
        let codebook = Codebook::embedded();
        assert!(codebook.has_trigger("Migrants DROWNED off Crete"));
        assert!(!codebook.has_trigger("undrownedly xdrowned drownedé"));
    }
}
