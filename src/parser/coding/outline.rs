//! Which sentences may tell an event, by their words alone, and so which are parsed.

use super::analysis::Analysis;
use super::scene::OPEN;
use crate::parser::codebook::{Class, Classes, Codebook, Frame, Need, Shape};

/// Sentences before a trigger in which those may be named whom its sentence means.
const BEFORE: usize = 3;

/// Words that may stand for somebody or something named elsewhere.
const PRONOUNS: [&str; 24] = [
    "he",
    "she",
    "it",
    "they",
    "we",
    "i",
    "you",
    "him",
    "her",
    "them",
    "us",
    "me",
    "himself",
    "herself",
    "itself",
    "themselves",
    "ourselves",
    "one",
    "ones",
    "another",
    "anyone",
    "everyone",
    "someone",
    "mine",
];

/// Returns of each sentence whether a frame may fit at a trigger in it.
///
/// What is asked here is weaker than what the coder asks of the parsed sentence: no event is lost.
pub(super) fn tell(
    codebook: &Codebook,
    headline: &[Analysis<'_>],
    sentences: &[Analysis<'_>],
) -> Vec<bool> {
    let movers = codebook.lexicon.classes(["migrant", "migration", "boat"]);
    let all = headline.iter().chain(sentences);
    let around = all.fold(movers, |all, sentence| all.and(sentence.classes));
    let may_tell = |sentence: &Analysis<'_>| {
        let outline = Outline::of(sentence, around);
        let text = &sentence.text[sentence.range.clone()];
        codebook.may_trigger(text, |frame, shape| outline.may_fit(frame, shape))
    };
    sentences.iter().map(may_tell).collect()
}

/// Returns whether the sentence is parsed: it may tell an event, the next ones may and mean somebody
/// whom it names, or it names a place, by which the story is placed.
pub(super) fn needs_parse(at: usize, sentence: &Analysis<'_>, told: &[bool]) -> bool {
    told[at..told.len().min(at + 1 + BEFORE)].contains(&true)
        || sentence.hits.iter().any(|hit| hit.entry.is_place)
}

/// What the words of a sentence are, wherever they stand.
struct Outline<'s, 'a> {
    sentence: &'s Analysis<'a>,
    /// Classes of all words of the document.
    around: Class,
    names_country: bool,
    /// Somebody may be meant who is named elsewhere.
    is_open: bool,
}

impl<'s, 'a> Outline<'s, 'a> {
    fn of(sentence: &'s Analysis<'a>, around: Class) -> Self {
        let is_open = |token: &crate::parser::syntax::Token<'_>| {
            let lower = token.lower.as_str();
            PRONOUNS.contains(&lower)
                || OPEN.contains(&lower)
                || lower.starts_with(|c: char| c.is_ascii_digit())
                || NUMBERS.contains(&lower)
        };
        Self {
            sentence,
            around,
            names_country: sentence.hits.iter().any(|hit| !hit.entry.countries.is_empty()),
            is_open: sentence.sentence.tokens.iter().any(is_open),
        }
    }

    fn may_fit(&self, frame: &Frame, shape: Shape) -> bool {
        let is_verb = matches!(shape, Shape::Verb | Shape::Passive);
        let classes = self.sentence.classes;
        let near = frame.near.is_empty() || self.around.meets(frame.near);
        let here = frame.here.is_empty() || classes.meets(frame.here);
        let subject =
            Classes { class: frame.subject_is.class.and(frame.actor_is), ..frame.subject_is };
        let object = if is_verb { frame.object_is } else { Classes::default() };
        let needs = if is_verb { &frame.needs_verb } else { &frame.needs_noun };
        let may_be_met = |need: &Need| match need {
            Need::Word(class) => classes.meets(*class),
            _ => true,
        };
        near && here
            && self.may_have(subject)
            && self.may_have(object)
            && frame.with.iter().all(|guard| self.may_have(guard.classes))
            && needs.iter().all(|any| any.iter().any(may_be_met))
    }

    /// Returns whether some noun phrase of the sentence may hold a word of the classes.
    fn may_have(&self, classes: Classes) -> bool {
        classes.is_empty()
            || self.is_open
            || self.sentence.classes.meets(classes.class)
            || classes.country && self.names_country
    }
}

/// Numbers in letters, which may stand without a noun: "two were hurt".
const NUMBERS: [&str; 16] = [
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "twenty", "thirty", "forty", "fifty", "zero",
];
