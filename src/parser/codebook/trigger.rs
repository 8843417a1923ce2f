//! Triggers over a parse: which lemmas carry an event of a frame.

use std::collections::{BTreeMap, HashMap};

use super::flaw::Flaw;
use super::inflect::{self, Form};
use super::lexicon;
use super::source::FrameSource;

/// How the words of a trigger stand in the sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::parser) enum Shape {
    /// A verb in any form; its further words follow it in its clause, in their order.
    Verb,
    /// The same, in the passive voice alone.
    Passive,
    /// Nouns side by side, in singular or plural.
    Noun,
    /// As written, side by side.
    Phrase,
}

/// One trigger of one frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::parser) struct Pattern {
    /// Index of its frame.
    pub(in crate::parser) frame: usize,
    pub(in crate::parser) shape: Shape,
    /// Lemmas, of a phrase and of a passive verb the words as written; never empty.
    pub(in crate::parser) words: Vec<String>,
    /// The [`mark`]s of all words but the first: a sentence that lacks one lacks the word.
    pub(in crate::parser) marks: u128,
}

/// Returns one bit that stands for the word, and for others.
pub(in crate::parser) fn mark(word: &str) -> u128 {
    // FNV-1a.
    let hash = word.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    });
    1 << (hash >> 57)
}

/// The trigger that stands for any verb.
const ANY: &str = "*";

/// All triggers by their first word.
#[derive(Debug, Default)]
pub(in crate::parser) struct Patterns {
    by_word: HashMap<String, Vec<Pattern>>,
    /// Verbs again, by their participles: "stranded" is tagged as an adjective, too.
    by_participle: HashMap<String, Vec<Pattern>>,
}

impl Patterns {
    /// Adds the triggers of a frame; `@name` stands for each verb of that class.
    ///
    /// # Errors
    /// The trigger whose class is unknown.
    pub(super) fn add(
        &mut self,
        source: &FrameSource,
        frame: usize,
        classes: &BTreeMap<String, Vec<String>>,
    ) -> Result<(), Flaw> {
        for verb in &source.verbs {
            let (shape, verb) = match verb.strip_prefix("be ") {
                Some(participle) => (Shape::Passive, participle),
                None => (Shape::Verb, verb.as_str()),
            };
            let Some(named) = verb.strip_prefix('@') else {
                self.push(frame, shape, words(verb));
                continue;
            };
            let (class, rest) = named.split_once(' ').unwrap_or((named, ""));
            let known = || classes.keys().map(String::as_str);
            let unknown = || Flaw::unknown("verbs", "class of [verbs]", class, known());
            let verbs = classes.get(class).ok_or_else(unknown)?;
            for verb in verbs {
                self.push(frame, shape, words(&format!("{verb} {rest}")));
            }
        }
        for noun in &source.nouns {
            self.push(frame, Shape::Noun, words(noun));
        }
        for phrase in &source.phrases {
            self.push(frame, Shape::Phrase, words(phrase));
        }
        Ok(())
    }

    fn push(&mut self, frame: usize, shape: Shape, words: Vec<String>) {
        let Some(first) = words.first() else { return };
        let list = self.by_word.entry(first.clone()).or_default();
        let marks = words[1..].iter().fold(0, |marks, word| marks | mark(word));
        let pattern = Pattern { frame, shape, words, marks };
        if list.contains(&pattern) {
            return;
        }
        list.push(pattern.clone());
        if shape == Shape::Verb {
            for (form, kind) in inflect::verb(&pattern.words[0]) {
                if matches!(kind, Form::Participle | Form::PastOrParticiple) {
                    self.by_participle.entry(form).or_default().push(pattern.clone());
                }
            }
        }
    }

    /// Returns the triggers that begin with the word.
    pub(in crate::parser) fn of(&self, word: &str) -> &[Pattern] {
        self.by_word.get(word).map_or(&[], Vec::as_slice)
    }

    /// Returns the triggers whose verb has this participle.
    pub(in crate::parser) fn of_participle(&self, word: &str) -> &[Pattern] {
        self.by_participle.get(word).map_or(&[], Vec::as_slice)
    }

    /// Returns the triggers that any verb is.
    pub(in crate::parser) fn of_any(&self) -> &[Pattern] {
        self.of(ANY)
    }

    /// Returns every trigger, in no order.
    pub(super) fn all(&self) -> impl Iterator<Item = &Pattern> {
        self.by_word.values().flatten()
    }
}

/// Splits a trigger into words as the tokenizer does; `~` is a gap, which every verb allows.
fn words(trigger: &str) -> Vec<String> {
    let told = |word: &String| !word.is_empty() && word != "~";
    lexicon::split(trigger).into_iter().filter(told).collect()
}
