//! Which date of its sentence a happening has.

use super::{Bound, DateMention};
use crate::parser::codebook::DateWords;
use crate::parser::syntax::{Label, Sentence};

/// Steps up the tree that still join a happening to a date.
const STEPS_MAX: usize = 10;

/// Returns the date, by its place among the mentions, that the verb or noun of a happening has:
/// one that hangs on it or on what governs it within the same clause, `None` where none does.
///
/// Content clauses ("said on Monday that …"), relative ones and clauses with "after" have dates of
/// their own or none.
pub(super) fn attached(
    sentence: &Sentence<'_>,
    words: &DateWords,
    mentions: &[DateMention],
    trigger: usize,
) -> Option<usize> {
    let cost = |mention: &DateMention| {
        if mention.is_yardstick || matches!(mention.bound, Bound::Before | Bound::After) {
            return None;
        }
        if mention.tokens.contains(&trigger) {
            return None;
        }
        let up = above(sentence, words, trigger, mention);
        let down = || below(sentence, mention, trigger);
        up.or_else(down).map(|cost| (cost, mention.head.abs_diff(trigger)))
    };
    let costs = mentions.iter().enumerate().filter_map(|(at, mention)| Some((cost(mention)?, at)));
    costs.min().map(|(_, at)| at)
}

/// Steps from the happening up to what governs the date.
fn above(
    sentence: &Sentence<'_>,
    words: &DateWords,
    trigger: usize,
    mention: &DateMention,
) -> Option<usize> {
    let mut at = trigger;
    for step in 0..STEPS_MAX {
        // "On Sunday, when guards were killed" hangs on Sunday.
        if at == mention.governor || mention.tokens.contains(&at) {
            return Some(step);
        }
        let token = sentence.tokens.get(at)?;
        if token.head == at {
            return None;
        }
        use Label::*;
        let passes = match token.label {
            Ccomp | Acl | Pcomp | Parataxis => false,
            Relcl => mention.tokens.contains(&token.head),
            Advcl => !is_apart(sentence, words, at),
            Prep => !words.apart.contains(&token.lower),
            _ => true,
        };
        if !passes {
            return None;
        }
        at = token.head;
    }
    None
}

/// "After restrictions were imposed" tells of another day.
fn is_apart(sentence: &Sentence<'_>, words: &DateWords, verb: usize) -> bool {
    let from = verb.saturating_sub(STEPS_MAX);
    (from..verb).any(|at| {
        let token = &sentence.tokens[at];
        token.head == verb
            && matches!(token.label, Label::Mark | Label::Advmod | Label::Prep)
            && words.apart.contains(&token.lower)
    })
}

/// Steps from what governs the date up to the happening: "migrants off the island on Friday".
fn below(sentence: &Sentence<'_>, mention: &DateMention, trigger: usize) -> Option<usize> {
    let mut at = mention.governor;
    for step in 1..STEPS_MAX {
        let token = sentence.tokens.get(at)?;
        if token.head == at {
            return None;
        }
        use Label::*;
        let passes = match token.label {
            Prep | Pobj | Dobj | Attr | Agent | Dative | Npadvmod | Oprd => mention.is_day(),
            Xcomp | Conj => true,
            _ => false,
        };
        if !passes {
            return None;
        }
        at = token.head;
        if at == trigger {
            return Some(step + 1);
        }
    }
    None
}
