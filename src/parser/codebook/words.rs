//! The closed word lists, compiled: grammar, numbers, units, dates, and words that tell how sure.

use std::collections::{HashMap, HashSet};

use super::frame::{Trigger, Via};
use super::inflect;
use super::lexicon::{Class, Lexicon};
use super::source::Words;
use crate::parser::{Modifier, Status, Unit};

/// The closed word lists, lower-case.
#[derive(Debug)]
pub(in crate::parser) struct WordLists {
    pub(in crate::parser) determiners: HashSet<String>,
    pub(in crate::parser) prepositions: HashSet<String>,
    pub(in crate::parser) conjunctions: HashSet<String>,
    pub(in crate::parser) subordinators: HashSet<String>,
    pub(in crate::parser) pronouns: HashSet<String>,
    pub(in crate::parser) auxiliaries: HashSet<String>,
    pub(in crate::parser) modals: HashSet<String>,
    pub(in crate::parser) negations: HashSet<String>,
    pub(in crate::parser) partitives: HashSet<String>,
    pub(in crate::parser) adverbs: HashSet<String>,
    /// Every form of every verb that is known, frames' verbs included.
    pub(in crate::parser) verbs: HashSet<String>,
    /// Every form of the verbs of saying.
    pub(in crate::parser) say: HashSet<String>,
    pub(in crate::parser) off_topic: HashSet<String>,
    /// Exact numbers by word.
    pub(in crate::parser) numbers: HashMap<String, f64>,
    /// Multipliers by word ("thousand", "bn").
    pub(in crate::parser) scales: HashMap<String, f64>,
    /// Lower bounds by word ("hundreds").
    pub(in crate::parser) vague: HashMap<String, f64>,
    /// What a number is bounded by, as phrases before it.
    pub(in crate::parser) bounds: Vec<(Vec<String>, Modifier)>,
    /// Units by word, and by class of the counted noun.
    pub(in crate::parser) units: HashMap<String, Unit>,
    pub(in crate::parser) unit_classes: Vec<(Class, Unit)>,
    pub(in crate::parser) miles: HashSet<String>,
    /// Words before an event's own that say how sure it is, longest first.
    pub(in crate::parser) cues: Vec<(Vec<String>, Status)>,
    /// 0 = Monday.
    pub(in crate::parser) weekdays: HashMap<String, i8>,
    /// 1 = January.
    pub(in crate::parser) months: HashMap<String, i8>,
    pub(in crate::parser) today: Vec<Vec<String>>,
    pub(in crate::parser) yesterday: Vec<Vec<String>>,
    pub(in crate::parser) tomorrow: Vec<Vec<String>>,
}

fn phrases(list: &[String]) -> Vec<Vec<String>> {
    list.iter().map(|phrase| phrase.split(' ').map(str::to_owned).collect()).collect()
}

impl WordLists {
    pub(super) fn compile<'a>(
        words: &Words,
        lexicon: &Lexicon,
        triggers: impl Iterator<Item = &'a Trigger>,
    ) -> Self {
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
        // Fighter jets and patrol boats are counted as vehicles, not as the forces that they are too.
        unit_classes.sort_by_key(|(_, unit)| *unit != Unit::Vehicles);
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
            adverbs: set(&words.grammar.adverbs),
            verbs,
            say: forms(&words.say.verbs),
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
            months: months
                .flat_map(|(i, names)| names.iter().map(move |n| (n.clone(), i)))
                .collect(),
            today: phrases(&date.today),
            yesterday: phrases(&date.yesterday),
            tomorrow: phrases(&date.tomorrow),
        }
    }
}
