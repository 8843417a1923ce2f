//! How sure an event is told to be, from the words before it.

use super::analysis::{Analysis, Tag};
use super::role::Spot;
use crate::parser::Status;
use crate::parser::codebook::{Codebook, Form, Via};

/// Tokens before a trigger within which its modal or its governing verb stands.
const REACH: usize = 7;

/// What the words before a trigger make of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Telling {
    /// Nothing but that it happened.
    Plain,
    As(Status),
    /// "Did not": no event at all.
    Negated,
    /// An infinitive that nothing makes a plan: a purpose, a wish.
    Purpose,
}

/// Returns how the sentence tells the event at the trigger.
pub(super) fn telling(codebook: &Codebook, sentence: &Analysis<'_>, spot: Spot) -> Telling {
    let from = clause_start(sentence, spot.start);
    if is_kept_from(sentence, spot) {
        return Telling::As(Status::Possible);
    }
    // The cue nearest to the trigger counts.
    let is_verb = matches!(spot.via, Via::Verb(_));
    for end in (from + 1..=spot.start).rev() {
        let no_noun = !is_verb
            && spot.start - end <= 2
            && matches!(sentence.word(end - 1), Some("no" | "not" | "n't"));
        if no_noun {
            return Telling::Negated;
        }
        let near_negation = sentence.tag_at(end - 1) == Tag::Negation && is_verb;
        if near_negation && spot.start - end <= 2 {
            return Telling::Negated;
        }
        let cue = codebook
            .words
            .cues
            .iter()
            .find(|(phrase, _)| phrase.len() <= end - from && sentence.ends_with(end, phrase));
        let Some((phrase, status)) = cue else { continue };
        // "would" and "may" belong to a verb; "expected to" and the like to an infinitive.
        let modal = phrase.len() == 1 && matches!(sentence.tag_at(end - 1), Tag::Modal);
        let infinitive = phrase.last().is_some_and(|word| word == "to");
        let base = matches!(spot.via, Via::Verb(Form::Base));
        let passive = sentence.word(end) == Some("be") || sentence.word(end) == Some("have");
        if is_verb && (modal || infinitive) && !base && !passive && spot.start > end + 1 {
            continue;
        }
        return Telling::As(*status);
    }
    if matches!(spot.via, Via::Verb(Form::Base))
        && spot.start > 0
        && sentence.word(spot.start - 1) == Some("to")
    {
        const DONE: &[&str] = &[
            "began",
            "begun",
            "started",
            "continued",
            "continue",
            "continues",
            "managed",
            "forced",
            "able",
            "helped",
            "used",
            "had",
            "have",
            "has",
            "moved",
            "trying",
            "rushed",
            "attempting",
            "attempt",
            "allowed",
            "refused",
            "failed",
            "sought",
            "seeking",
            "struggling",
            "struggle",
            "appeared",
            "reported",
            "known",
            "voted",
        ];
        let before = spot.start.checked_sub(2).and_then(|i| sentence.word(i)).unwrap_or("");
        if !DONE.contains(&before) {
            return Telling::Purpose;
        }
    }
    if matches!(spot.via, Via::Noun) && is_ahead(sentence, spot) {
        return Telling::As(Status::Planned);
    }
    Telling::Plain
}

/// "Blocked the government from deporting": what is kept from happening.
fn is_kept_from(sentence: &Analysis<'_>, spot: Spot) -> bool {
    const KEEPING: &[&str] = &["block", "stop", "prevent", "bar", "ban", "keep", "deter"];
    let after_from = spot.start > 0 && sentence.word(spot.start - 1) == Some("from");
    let gerund = matches!(spot.via, Via::Verb(Form::Gerund));
    let from = spot.start.saturating_sub(REACH + 2);
    after_from
        && gerund
        && (from..spot.start).any(|i| {
            sentence.tag_at(i) == Tag::Verb
                && sentence.word(i).is_some_and(|word| KEEPING.iter().any(|k| word.starts_with(k)))
        })
}

/// "The drill … will begin": the verb of which the noun is the subject tells.
fn is_ahead(sentence: &Analysis<'_>, spot: Spot) -> bool {
    /// Tokens between a subject with its relative clause and its verb.
    const VERB_REACH: usize = 14;
    let to = (spot.end + VERB_REACH).min(sentence.len());
    let is_subject = (0..spot.start).all(|i| sentence.tag_at(i) != Tag::Verb);
    is_subject
        && (spot.end..to)
            .any(|i| sentence.word(i) == Some("will") && sentence.tag_at(i) == Tag::Modal)
}

fn clause_start(sentence: &Analysis<'_>, at: usize) -> usize {
    let from = at.saturating_sub(REACH);
    (from..at)
        .rev()
        .find(|i| {
            matches!(sentence.tag_at(*i), Tag::Comma | Tag::Mark)
                || sentence.tag_at(*i) == Tag::Subordinator
                    && !matches!(sentence.word(*i), Some("if" | "whether" | "that" | "unless"))
        })
        .map_or(from, |i| i + 1)
}
