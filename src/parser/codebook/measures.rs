//! The words of dates and quantities, compiled.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Deserializer};

use super::inflect;
use super::lexicon::{Class, Lexicon};
use crate::parser::Unit;

/// A phrase, cut as the reader of dates and quantities cuts the text.
pub(in crate::parser) type Phrase = Vec<String>;

/// The words of dates and quantities.
#[derive(Debug)]
pub(in crate::parser) struct Measures {
    pub(in crate::parser) date: DateWords,
    pub(in crate::parser) number: NumberWords,
    pub(in crate::parser) unit: Units,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    date: DateWords,
    number: NumberWords,
    unit: BTreeMap<String, Vec<String>>,
}

impl Measures {
    /// Returns whether the word names a weekday or a month, and nothing else.
    pub(in crate::parser) fn is_day_or_month(&self, word: &str) -> bool {
        let DateWords { weekdays, months, doubtful_months, .. } = &self.date;
        weekdays.contains_key(word) || months.contains_key(word) && !doubtful_months.contains(word)
    }

    pub(super) fn compile(text: &str, lexicon: &Lexicon) -> Result<Self, toml::de::Error> {
        let Source { date, number, unit } = toml::from_str(text)?;
        Ok(Self { date, number, unit: Units::compile(unit, lexicon) })
    }
}

/// The words of dates; the keys are explained in the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::parser) struct DateWords {
    /// 0 = Monday; the full name and its abbreviations.
    #[serde(deserialize_with = "numbered_from_0")]
    pub(in crate::parser) weekdays: HashMap<String, Name>,
    /// 1 = January.
    #[serde(deserialize_with = "numbered_from_1")]
    pub(in crate::parser) months: HashMap<String, Name>,
    pub(in crate::parser) doubtful_months: HashSet<String>,
    /// Name to first month.
    #[serde(deserialize_with = "pairs")]
    pub(in crate::parser) seasons: HashMap<String, i8>,
    pub(in crate::parser) doubtful_seasons: HashSet<String>,
    /// Month and day.
    #[serde(deserialize_with = "triples")]
    pub(in crate::parser) holidays: Vec<(Phrase, i8, i8)>,
    /// First and last day from that of publication.
    #[serde(deserialize_with = "triples")]
    pub(in crate::parser) days: Vec<(Phrase, i8, i8)>,
    #[serde(deserialize_with = "couples")]
    pub(in crate::parser) text_days: Vec<(Phrase, i8)>,
    pub(in crate::parser) times: HashSet<String>,
    /// 0 = hour, then day, week, fortnight, weekend, month, quarter, year, decade.
    #[serde(deserialize_with = "numbered_from_0")]
    pub(in crate::parser) units: HashMap<String, Name>,
    pub(in crate::parser) last: HashSet<String>,
    pub(in crate::parser) next: HashSet<String>,
    pub(in crate::parser) early: HashSet<String>,
    pub(in crate::parser) middle: HashSet<String>,
    pub(in crate::parser) late: HashSet<String>,
    #[serde(deserialize_with = "phrases")]
    pub(in crate::parser) since: Vec<Phrase>,
    #[serde(deserialize_with = "phrases")]
    pub(in crate::parser) from: Vec<Phrase>,
    #[serde(deserialize_with = "phrases")]
    pub(in crate::parser) until: Vec<Phrase>,
    #[serde(deserialize_with = "phrases")]
    pub(in crate::parser) by: Vec<Phrase>,
    #[serde(deserialize_with = "phrases")]
    pub(in crate::parser) before: Vec<Phrase>,
    #[serde(deserialize_with = "phrases")]
    pub(in crate::parser) after: Vec<Phrase>,
    #[serde(deserialize_with = "phrases")]
    pub(in crate::parser) to: Vec<Phrase>,
    pub(in crate::parser) prepositions: HashSet<String>,
    pub(in crate::parser) compared: HashSet<String>,
    pub(in crate::parser) superlatives: HashSet<String>,
    pub(in crate::parser) ahead: HashSet<String>,
    pub(in crate::parser) scheduled: HashSet<String>,
    pub(in crate::parser) lasting: HashSet<String>,
    pub(in crate::parser) apart: HashSet<String>,
    pub(in crate::parser) names_before: HashSet<String>,
    pub(in crate::parser) names_after: HashSet<String>,
}

/// One of several names of the same thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::parser) struct Name {
    pub(in crate::parser) number: i8,
    pub(in crate::parser) is_short: bool,
}

/// The words of numbers; the keys are explained in the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::parser) struct NumberWords {
    #[serde(deserialize_with = "pairs")]
    pub(in crate::parser) words: HashMap<String, f64>,
    #[serde(deserialize_with = "pairs")]
    pub(in crate::parser) ordinals: HashMap<String, f64>,
    pub(in crate::parser) ordinal_ends: HashSet<String>,
    #[serde(deserialize_with = "pairs")]
    pub(in crate::parser) scales: HashMap<String, f64>,
    #[serde(deserialize_with = "pairs")]
    pub(in crate::parser) short_scales: HashMap<String, f64>,
    #[serde(deserialize_with = "pairs")]
    pub(in crate::parser) plurals: HashMap<String, f64>,
    #[serde(deserialize_with = "pairs")]
    pub(in crate::parser) fractions: HashMap<String, f64>,
    #[serde(deserialize_with = "phrases")]
    pub(in crate::parser) about: Vec<Phrase>,
    #[serde(deserialize_with = "phrases")]
    pub(in crate::parser) at_least: Vec<Phrase>,
    #[serde(deserialize_with = "phrases")]
    pub(in crate::parser) at_most: Vec<Phrase>,
    #[serde(deserialize_with = "phrases")]
    pub(in crate::parser) about_behind: Vec<Phrase>,
    #[serde(deserialize_with = "phrases")]
    pub(in crate::parser) at_least_behind: Vec<Phrase>,
    #[serde(deserialize_with = "phrases")]
    pub(in crate::parser) at_most_behind: Vec<Phrase>,
    pub(in crate::parser) neutral: HashSet<String>,
    pub(in crate::parser) indices: HashSet<String>,
    pub(in crate::parser) ages: HashSet<String>,
    pub(in crate::parser) metres: HashSet<String>,
    pub(in crate::parser) strong: HashSet<String>,
    pub(in crate::parser) tolls: HashSet<String>,
    pub(in crate::parser) no_amount: HashSet<String>,
    pub(in crate::parser) containers: HashSet<String>,
    pub(in crate::parser) collectives: HashSet<String>,
    #[serde(deserialize_with = "phrases")]
    pub(in crate::parser) parts_before: Vec<Phrase>,
    #[serde(deserialize_with = "phrases")]
    pub(in crate::parser) parts_behind: Vec<Phrase>,
}

/// What a counted noun is measured in: a unit of the events, and how many of it one is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::parser) struct Measure {
    pub(in crate::parser) unit: Unit,
    pub(in crate::parser) factor: f64,
}

/// Units of nouns.
#[derive(Debug)]
pub(in crate::parser) struct Units {
    by_word: HashMap<String, Measure>,
    by_class: Vec<(Class, Unit)>,
    pub(in crate::parser) currencies: HashSet<String>,
}

impl Units {
    fn compile(mut source: BTreeMap<String, Vec<String>>, lexicon: &Lexicon) -> Self {
        let currencies = source.remove("currencies").unwrap_or_default().into_iter().collect();
        let mut by_word = HashMap::new();
        let mut by_class = Vec::new();
        for (name, list) in source {
            let measure = match name.as_str() {
                "miles" => Measure { unit: Unit::Km, factor: 1.609_344 },
                "nautical-miles" => Measure { unit: Unit::Km, factor: 1.852 },
                "weeks" => Measure { unit: Unit::Days, factor: 7.0 },
                _ => Measure {
                    unit: Unit::named(&name).expect("the codebook's units are those of the events"),
                    factor: 1.0,
                },
            };
            for word in list {
                match word.strip_prefix('@') {
                    Some(class) => by_class.push((lexicon.class(class), measure.unit)),
                    None => by_word
                        .extend(inflect::noun_forms(&word).into_iter().map(|form| (form, measure))),
                }
            }
        }
        // Fighter jets and patrol boats are counted as vehicles, not as the forces that they are too.
        by_class.sort_by_key(|(_, unit)| (*unit != Unit::Vehicles, unit.as_str()));
        Self { by_word, by_class, currencies }
    }

    /// Returns what the noun, one word or two, is measured in.
    pub(in crate::parser) fn of_word(&self, words: &str) -> Option<Measure> {
        self.by_word.get(words).copied()
    }

    /// Returns what nouns of the classes are measured in.
    pub(in crate::parser) fn of_class(&self, class: Class) -> Option<Unit> {
        self.by_class.iter().find(|(known, _)| known.meets(class)).map(|(_, unit)| *unit)
    }
}

fn cut(phrase: &str) -> Phrase {
    phrase.split(' ').map(str::to_owned).collect()
}

/// Longest first.
fn sorted<T>(mut list: Vec<T>, length: impl Fn(&T) -> usize) -> Vec<T> {
    list.sort_by_key(|item| std::cmp::Reverse(length(item)));
    list
}

fn phrases<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Phrase>, D::Error> {
    let list = Vec::<String>::deserialize(from)?;
    Ok(sorted(list.iter().map(|text| cut(text)).collect(), Vec::len))
}

fn couples<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<(Phrase, i8)>, D::Error> {
    let list = Vec::<(String, i8)>::deserialize(from)?;
    Ok(sorted(list.into_iter().map(|(text, a)| (cut(&text), a)).collect(), |item| item.0.len()))
}

fn triples<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<(Phrase, i8, i8)>, D::Error> {
    let list = Vec::<(String, i8, i8)>::deserialize(from)?;
    Ok(sorted(list.into_iter().map(|(text, a, b)| (cut(&text), a, b)).collect(), |item| {
        item.0.len()
    }))
}

fn pairs<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    from: D,
) -> Result<HashMap<String, T>, D::Error> {
    Ok(Vec::<(String, T)>::deserialize(from)?.into_iter().collect())
}

fn numbered(list: Vec<Vec<String>>, first: i8) -> HashMap<String, Name> {
    let number = |(number, names): (i8, Vec<String>)| {
        names.into_iter().enumerate().map(move |(i, name)| (name, Name { number, is_short: i > 0 }))
    };
    (first..).zip(list).flat_map(number).collect()
}

fn numbered_from_0<'de, D: Deserializer<'de>>(from: D) -> Result<HashMap<String, Name>, D::Error> {
    Ok(numbered(Deserialize::deserialize(from)?, 0))
}

fn numbered_from_1<'de, D: Deserializer<'de>>(from: D) -> Result<HashMap<String, Name>, D::Error> {
    Ok(numbered(Deserialize::deserialize(from)?, 1))
}
