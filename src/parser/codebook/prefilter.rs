//! Whether a text may hold a trigger, before any of it is parsed: by the letters of its words.

use std::collections::HashMap;

use aho_corasick::{AhoCorasick, MatchKind};

use super::inflect;
use super::trigger::{Patterns, Shape};

/// Words that the tokenizer cuts out of others ("cannot", "won't"), so that no boundary is around
/// them: they are taken to stand in every sentence.
const CUT_OUT: &[&str] = &[
    "be", "can", "could", "did", "do", "does", "get", "give", "go", "got", "had", "has", "have",
    "is", "let", "must", "need", "not", "should", "to", "was", "were", "what", "will", "would",
];

/// Automata over the words of topics and of triggers.
#[derive(Debug)]
pub(super) struct Prefilter {
    topics: AhoCorasick,
    forms: AhoCorasick,
    /// Of each form the words that it may be a form of.
    words: Vec<Vec<u32>>,
    /// Of each word the triggers that it is the first word of.
    triggers: Vec<Vec<Trigger>>,
    /// Frames that any verb may be a trigger of.
    any: Vec<usize>,
}

/// A trigger as far as letters tell.
#[derive(Debug, PartialEq, Eq)]
struct Trigger {
    frame: usize,
    shape: Shape,
    /// Words that must stand in the sentence with its first one.
    others: Vec<u32>,
}

/// Words of triggers and their forms, numbered.
#[derive(Default)]
struct Numbered {
    /// By the word, and whether it stands as written.
    numbers: HashMap<(String, bool), u32>,
    forms: HashMap<String, Vec<u32>>,
    /// Irregular forms by the word.
    irregular: HashMap<&'static str, Vec<&'static str>>,
}

/// The lists of the lemmatizer, whose irregular forms are looked for.
const LEMMAS: &str = include_str!("../english/model/lemmas.txt");

impl Numbered {
    fn new() -> Self {
        let mut irregular: HashMap<&str, Vec<&str>> = HashMap::new();
        for (form, base) in LEMMAS.split_whitespace().filter_map(|item| item.split_once('=')) {
            irregular.entry(base).or_default().push(form);
        }
        Self { irregular, ..Self::default() }
    }

    /// Returns the number of a word of a trigger of that shape.
    fn number(&mut self, word: &str, shape: Shape) -> u32 {
        let as_written = shape == Shape::Phrase;
        let next = self.numbers.len() as u32;
        let number = *self.numbers.entry((word.to_owned(), as_written)).or_insert(next);
        if number == next {
            // Every form that the lemmatizer may take for one of the word.
            let mut forms = vec![word.to_owned()];
            if !as_written {
                forms.extend(inflect::all_forms(word));
                let irregular = self.irregular.get(word).into_iter().flatten();
                forms.extend(irregular.map(|form| (*form).to_owned()));
            }
            for form in forms {
                let numbers = self.forms.entry(form).or_default();
                if !numbers.contains(&number) {
                    numbers.push(number);
                }
            }
        }
        number
    }
}

impl Prefilter {
    /// `topics` are phrases without one of which no document is read.
    pub(super) fn compile(topics: &[String], patterns: &Patterns) -> Self {
        let mut numbered = Numbered::new();
        let mut triggers: Vec<Vec<Trigger>> = Vec::new();
        for pattern in patterns.all() {
            let words = || pattern.words.iter().filter(|word| !word.is_empty());
            let tells = words().any(|word| is_told(word));
            let mut numbers = words()
                .filter(|word| is_told(word) || !tells)
                .map(|word| numbered.number(word, pattern.shape));
            let Some(first) = numbers.next() else { continue };
            let others: Vec<u32> = numbers.collect();
            triggers.resize_with(numbered.numbers.len(), Vec::new);
            let trigger = Trigger { frame: pattern.frame, shape: pattern.shape, others };
            let list = &mut triggers[first as usize];
            if !list.contains(&trigger) {
                list.push(trigger);
            }
        }
        let mut sorted: Vec<(String, Vec<u32>)> = numbered.forms.into_iter().collect();
        sorted.sort_unstable();
        let (forms, words): (Vec<String>, Vec<Vec<u32>>) = sorted.into_iter().unzip();
        let mut any: Vec<usize> = patterns.of_any().iter().map(|pattern| pattern.frame).collect();
        any.dedup();
        Self { topics: automaton(topics), forms: automaton(&forms), words, triggers, any }
    }

    /// Returns whether one of the topics' phrases stands in the text, at word boundaries.
    pub(super) fn has_topic(&self, text: &str) -> bool {
        let inside = |c: char| c.is_alphanumeric();
        self.topics.find_iter(text).any(|hit| is_apart(text, hit.start(), hit.end(), inside))
    }

    /// Returns the frames that any verb may be a trigger of.
    pub(super) fn of_any(&self) -> &[usize] {
        &self.any
    }

    /// Returns whether all words of some trigger stand in the text, each in a form that it may have,
    /// and its frame may fit as far as the caller knows.
    pub(super) fn may_trigger(
        &self,
        text: &str,
        mut may_fit: impl FnMut(usize, Shape) -> bool,
    ) -> bool {
        // "3km" are two words, as in the tokenizer.
        let inside = |c: char| c.is_alphabetic();
        let mut stand: Vec<u32> = Vec::new();
        for hit in self.forms.find_iter(text) {
            if !is_apart(text, hit.start(), hit.end(), inside) {
                continue;
            }
            for word in &self.words[hit.pattern().as_usize()] {
                if stand.contains(word) {
                    continue;
                }
                let mut alone = self.triggers[*word as usize]
                    .iter()
                    .filter(|trigger| trigger.others.is_empty());
                if alone.any(|trigger| may_fit(trigger.frame, trigger.shape)) {
                    return true;
                }
                stand.push(*word);
            }
        }
        let triggers = stand.iter().flat_map(|word| &self.triggers[*word as usize]);
        triggers.filter(|trigger| !trigger.others.is_empty()).any(|trigger| {
            trigger.others.iter().all(|word| stand.contains(word))
                && may_fit(trigger.frame, trigger.shape)
        })
    }
}

fn automaton(phrases: &[String]) -> AhoCorasick {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        .build(phrases)
        .expect("the words of the codebook fit an automaton")
}

fn is_apart(text: &str, start: usize, end: usize, inside: impl Fn(char) -> bool) -> bool {
    !text[..start].chars().next_back().is_some_and(&inside)
        && !text[end..].chars().next().is_some_and(&inside)
}

/// Returns whether the word tells: marks, words that are cut out of others, and those whose capitals
/// the automaton does not know stand in every sentence.
fn is_told(word: &str) -> bool {
    !word.is_empty()
        && word.bytes().all(|byte| byte.is_ascii_alphabetic())
        && !CUT_OUT.contains(&word)
}

#[cfg(test)]
mod tests {
    use crate::parser::codebook::Codebook;

    #[test]
    fn irregular_forms_are_looked_for() {
        let codebook = Codebook::embedded();
        for text in ["They shot at the boat.", "The guards beat them.", "Two men swam over."] {
            assert!(codebook.may_trigger(text, |_, _| true), "{text}");
        }
    }

    #[test]
    fn all_words_of_a_trigger_are_asked_for() {
        let codebook = Codebook::embedded();
        for (text, may) in [
            ("Migrants DROWNED off Crete", true),
            ("undrownedly xdrowned drownedé", false),
            ("The ferry set sail.", true),
            ("A red car.", false),
            ("Yellow suns.", false),
        ] {
            assert_eq!(codebook.prefilter.may_trigger(text, |_, _| true), may, "{text}");
        }
    }
}
