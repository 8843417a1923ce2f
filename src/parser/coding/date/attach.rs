//! Which date of its sentence a happening has.

use super::{Bound, DateMention, Tense};
use crate::parser::codebook::DateWords;
use crate::parser::syntax::{Label, Sentence, Tag};

/// Steps up the tree that still join a happening to a date.
const STEPS_MAX: usize = 10;

/// Tokens before a verb among which its "after" is looked for.
const MARK_REACH: usize = 10;

/// Returns the date, by its place among the mentions, that the verb or noun of a happening has:
/// the nearest in the tree of those that hang on it or on its clause, `None` where none does.
pub(super) fn attached(
    sentence: &Sentence<'_>,
    words: &DateWords,
    mentions: &[DateMention],
    trigger: usize,
) -> Option<usize> {
    let costs = mentions.iter().enumerate().filter_map(|(at, mention)| {
        let is_of_event = !mention.is_yardstick
            && !matches!(mention.bound, Bound::Before | Bound::After)
            && !mention.tokens.contains(&trigger);
        let joint = Joint { sentence, words, mention, trigger };
        let steps = is_of_event.then(|| joint.steps()).flatten()?;
        Some((steps, mention.head.abs_diff(trigger), at))
    });
    costs.min().map(|(_, _, at)| at)
}

/// A date and a happening of one sentence.
struct Joint<'a, 't> {
    sentence: &'a Sentence<'t>,
    words: &'a DateWords,
    mention: &'a DateMention,
    trigger: usize,
}

impl Joint<'_, '_> {
    /// Returns how many steps it is from the happening up to where the date hangs, or to where both
    /// meet; `None` where a clause of its own lies between.
    fn steps(&self) -> Option<usize> {
        let mut above = Vec::with_capacity(STEPS_MAX);
        let mut at = Some(self.trigger);
        while let Some(token) = at.filter(|_| above.len() < STEPS_MAX) {
            // "On Sunday, when guards were killed" hangs on Sunday.
            if token == self.mention.governor || self.mention.tokens.contains(&token) {
                return Some(above.len());
            }
            above.push(token);
            at = self.above_happening(token);
        }
        let mut at = self.mention.governor;
        for step in 1..STEPS_MAX {
            at = self.above_date(at)?;
            if let Some(steps) = above.iter().position(|token| *token == at) {
                return Some(2 * step + steps);
            }
        }
        None
    }

    /// Returns the head of a word of the happening, where its date may hang.
    ///
    /// Content clauses ("said on Monday that …"), relative ones and those with "after" have dates of
    /// their own or none.
    fn above_happening(&self, at: usize) -> Option<usize> {
        use Label::*;
        let token = &self.sentence.tokens[at];
        if token.head == at {
            return None;
        }
        let is_after_comma =
            || at > 0 && token.tag == Tag::VBG && self.sentence.tokens[at - 1].tag == Tag::Comma;
        let passes = match token.label {
            // "Expressed concern on Monday about the crisis at the border, offering support".
            Acl | Advcl if is_after_comma() => return self.verb_above(at),
            // "Said on Saturday that troops had entered": a report of the day.
            Ccomp => {
                self.mention.is_day() && token.head == self.mention.governor && self.is_past(at)
            }
            Relcl => self.mention.tokens.contains(&token.head),
            Acl | Parataxis => false,
            // "Due to the closure" is two prepositions.
            Pcomp => !token.tag.is_verb(),
            Advcl => !self.is_apart(at),
            Prep => !self.words.apart.contains(&token.lower),
            Conj => self.mention.bound != Bound::Since || !token.tag.is_verb(),
            // "Agreed last week to send troops" tells no day of the sending.
            Xcomp => {
                let above = &self.sentence.tokens[token.head];
                self.mention.tense == Tense::Future || !self.words.ahead.contains(&above.lemma)
            }
            _ => true,
        };
        passes.then_some(token.head)
    }

    /// Returns the head of a word that the date hangs on, where the happening may be.
    fn above_date(&self, at: usize) -> Option<usize> {
        use Label::*;
        let token = &self.sentence.tokens[at];
        if token.head == at {
            return None;
        }
        let is_day = self.mention.is_day();
        let passes = match token.label {
            Prep | Pobj | Dobj | Attr | Agent | Dative | Npadvmod | Oprd => is_day,
            Xcomp | Conj => true,
            // "Drowned when boats capsized on Friday"; "since the crisis began this summer".
            Advcl => self.mention.bound == Bound::Since || is_day && !self.is_apart(at),
            // "The flight scheduled on Friday", "an attempt to cross on Friday".
            Acl => is_day,
            // "The clashes that broke out on Monday".
            Relcl => token.head == self.trigger,
            _ => false,
        };
        passes.then_some(token.head)
    }

    /// Returns the verb above, whatever lies between.
    fn verb_above(&self, at: usize) -> Option<usize> {
        self.sentence.heads(at).take(STEPS_MAX).find(|at| self.sentence.tokens[*at].tag.is_verb())
    }

    /// "After restrictions were imposed" tells of another day.
    fn is_apart(&self, verb: usize) -> bool {
        self.has(verb, |token| {
            matches!(token.label, Label::Mark | Label::Advmod | Label::Prep)
                && self.words.apart.contains(&token.lower)
        })
    }

    fn is_past(&self, verb: usize) -> bool {
        let tag = self.sentence.tokens[verb].tag;
        tag == Tag::VBD
            || tag == Tag::VBN
                && self.has(verb, |token| matches!(token.lower.as_str(), "had" | "was" | "were"))
    }

    /// Returns whether such a word hangs on the verb shortly before it.
    fn has(
        &self,
        verb: usize,
        is_such: impl Fn(&crate::parser::syntax::Token<'_>) -> bool,
    ) -> bool {
        self.sentence.tokens[verb.saturating_sub(MARK_REACH)..verb]
            .iter()
            .any(|token| token.head == verb && is_such(token))
    }
}
