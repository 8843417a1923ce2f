//! A parsed sentence with the phrases of the lexicon that stand in it.

use std::ops::Range;

use crate::parser::codebook::{Class, Entry, Lexicon};
use crate::parser::syntax::{Label, Sentence, Tag};

/// A phrase of the lexicon in a sentence.
#[derive(Clone, Debug)]
pub(super) struct Hit<'c> {
    pub(super) tokens: Range<usize>,
    pub(super) entry: &'c Entry,
}

/// A sentence with all that is known of it before clauses are read.
#[derive(Debug)]
pub(super) struct Analysis<'a> {
    /// The whole text.
    pub(super) text: &'a str,
    /// Bytes of the sentence in the text.
    pub(super) range: Range<usize>,
    pub(super) sentence: Sentence<'a>,
    /// Longest phrases, left to right, without overlap.
    pub(super) hits: Vec<Hit<'a>>,
    hit_at: Vec<Option<usize>>,
    /// Classes of all words.
    pub(super) classes: Class,
}

impl<'a> Analysis<'a> {
    pub(super) fn new(
        lexicon: &'a Lexicon,
        text: &'a str,
        range: Range<usize>,
        sentence: Sentence<'a>,
    ) -> Self {
        let mut analysis = Self {
            text,
            range,
            hits: Vec::new(),
            hit_at: vec![None; sentence.len()],
            classes: Class::default(),
            sentence,
        };
        analysis.look_up(lexicon);
        analysis
    }

    fn look_up(&mut self, lexicon: &'a Lexicon) {
        let mut at = 0;
        let tokens = &self.sentence.tokens;
        while at < tokens.len() {
            let word = |i: usize| tokens.get(at + i).map(|token| token.lower.as_str());
            let spelled = |i: usize| tokens.get(at + i).map_or("", |token| token.text);
            let Some((entry, length)) = lexicon.longest(word, spelled) else {
                at += 1;
                continue;
            };
            self.hit_at[at..at + length].fill(Some(self.hits.len()));
            self.hits.push(Hit { tokens: at..at + length, entry });
            self.classes = self.classes.and(entry.class);
            // "Border police" is a force; the sentence is about a border all the same.
            if self.names_border(at..at + length) {
                self.classes = self.classes.and(lexicon.class("border"));
            }
            at += length;
        }
    }

    /// Returns whether one of the tokens is a border, though in a longer name of another thing.
    pub(super) fn names_border(&self, mut tokens: Range<usize>) -> bool {
        tokens.any(|at| matches!(self.lower(at), "border" | "borders" | "frontier"))
    }

    /// Returns how many tokens it has.
    pub(super) fn len(&self) -> usize {
        self.sentence.len()
    }

    /// Returns the phrase of the lexicon that covers the token.
    pub(super) fn hit_at(&self, at: usize) -> Option<&Hit<'a>> {
        self.hit_at.get(at).copied().flatten().map(|index| &self.hits[index])
    }

    /// Returns the classes of the phrase that covers the token.
    pub(super) fn class_at(&self, at: usize) -> Class {
        self.hit_at(at).map_or(Class::default(), |hit| hit.entry.class)
    }

    /// Returns the token in lower case; the empty string past the end.
    pub(super) fn lower(&self, at: usize) -> &str {
        #[cfg(test)]
        looks::add();
        self.sentence.tokens.get(at).map_or("", |token| &token.lower)
    }

    /// Returns the token's dictionary form; the empty string past the end.
    pub(super) fn lemma(&self, at: usize) -> &str {
        #[cfg(test)]
        looks::add();
        self.sentence.tokens.get(at).map_or("", |token| &token.lemma)
    }

    /// Returns the token's tag; a stop past the end.
    pub(super) fn tag(&self, at: usize) -> Tag {
        #[cfg(test)]
        looks::add();
        self.sentence.tokens.get(at).map_or(Tag::Stop, |token| token.tag)
    }

    /// Returns the token's relation to its head; punctuation past the end.
    pub(super) fn label(&self, at: usize) -> Label {
        #[cfg(test)]
        looks::add();
        self.sentence.tokens.get(at).map_or(Label::Punct, |token| token.label)
    }

    /// Returns the head of the token, its own index for a root.
    pub(super) fn head(&self, at: usize) -> usize {
        #[cfg(test)]
        looks::add();
        self.sentence.tokens[at].head
    }

    /// Returns the words of the tokens, as the text has them.
    pub(super) fn words(&self, tokens: Range<usize>) -> &'a str {
        let all = &self.sentence.tokens;
        match (all.get(tokens.start), tokens.end.checked_sub(1).and_then(|last| all.get(last))) {
            (Some(first), Some(last)) if first.start < last.end() => {
                &self.text[first.start..last.end()]
            }
            _ => "",
        }
    }

    /// Returns the tokens of the noun phrase around its head, without relative clauses,
    /// appositions, coordinated phrases, and what hangs on it behind a preposition other than "of".
    pub(super) fn noun_phrase(&self, head: usize) -> Range<usize> {
        let mut range = head..head + 1;
        for child in self.sentence.children(head) {
            use Label::*;
            let belongs = match self.label(child) {
                Det | Amod | Compound | Nmod | Nummod | Poss | Quantmod | Predet | Case
                | Advmod => true,
                Prep => child > head && self.lower(child) == "of",
                _ => false,
            };
            if belongs {
                let under = self.subtree(child);
                if under.end == range.start || under.start == range.end || under.end <= head {
                    range = range.start.min(under.start)..range.end.max(under.end);
                }
            }
        }
        range
    }

    /// Returns the stretch of tokens that hang on the token, itself included.
    pub(super) fn subtree(&self, head: usize) -> Range<usize> {
        self.sentence.subtree(head)
    }
}

#[cfg(test)]
pub(in crate::parser) mod looks {
    //! How often a word was looked at: work, without a clock.

    use std::cell::Cell;

    thread_local! {
        static LOOKS: Cell<u64> = const { Cell::new(0) };
    }

    pub(super) fn add() {
        LOOKS.set(LOOKS.get() + 1);
    }

    /// Returns how often this thread has looked at words since it was asked last.
    pub(in crate::parser) fn take() -> u64 {
        LOOKS.replace(0)
    }
}
