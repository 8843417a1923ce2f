//! The tense in which a date's governing word looks at it.

#![allow(clippy::if_same_then_else, reason = "each line is one case, told apart from the next")]

use crate::parser::codebook::DateWords;
use crate::parser::syntax::{Label, Sentence, Tag};

use super::Tense;

/// Heads above a date that are asked for their tense: deeper sentences are no news.
const HEADS_MAX: usize = 16;

/// What the dependents of a token say of its tense.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Around {
    has_modal: bool,
    has_past: bool,
    has_present: bool,
    has_to: bool,
    /// "planned", "upcoming" before a noun.
    is_ahead: bool,
    /// A clause with "since".
    is_since: bool,
}

/// The tense marks of a sentence, gathered once.
pub(super) struct Tenses<'s, 't> {
    sentence: &'s Sentence<'t>,
    words: &'s DateWords,
    around: Vec<Around>,
}

impl<'s, 't> Tenses<'s, 't> {
    pub(super) fn new(sentence: &'s Sentence<'t>, words: &'s DateWords) -> Self {
        let mut around = vec![Around::default(); sentence.len()];
        for token in &sentence.tokens {
            let Some(of) = around.get_mut(token.head) else { continue };
            match token.label {
                Label::Aux | Label::Auxpass => match token.lower.as_str() {
                    "to" => of.has_to = true,
                    "had" | "was" | "were" | "did" | "have" | "has" | "'ve" | "'d" => {
                        of.has_past = true;
                    }
                    _ if token.tag == Tag::MD => of.has_modal = true,
                    _ if matches!(token.tag, Tag::VBD) => of.has_past = true,
                    _ => of.has_present = true,
                },
                Label::Amod | Label::Compound | Label::Acl => {
                    of.is_ahead |= words.scheduled.contains(&token.lower);
                }
                Label::Mark | Label::Prep => of.is_since |= token.lower == "since",
                _ => {}
            }
        }
        Self { sentence, words, around }
    }

    /// Returns whether the token's clause is one with "since".
    pub(super) fn is_since(&self, at: usize) -> bool {
        let token = self.sentence.tokens.get(at);
        token.is_some_and(|token| token.tag.is_verb())
            && self.around.get(at).is_some_and(|around| around.is_since)
    }

    /// Returns how the token, which governs a date, looks at it: backwards unless something says
    /// otherwise.
    pub(super) fn of(&self, governor: usize) -> Tense {
        let mut at = governor;
        for _ in 0..HEADS_MAX {
            let Some(token) = self.sentence.tokens.get(at) else { break };
            let around = self.around[at];
            if token.tag.is_verb() {
                if around.has_modal {
                    return Tense::Future;
                }
                let is_scheduled = token.tag == Tag::VBN && self.is_scheduled(at);
                if is_scheduled || around.has_present && self.looks_ahead(at) {
                    return Tense::Future;
                }
                if !around.has_to {
                    match token.tag {
                        Tag::VBD => return Tense::Past,
                        _ if around.has_past => return Tense::Past,
                        Tag::VBZ | Tag::VBP => return Tense::Present,
                        _ if around.has_present => return Tense::Present,
                        Tag::VBN => return Tense::Past,
                        _ => {}
                    }
                }
            } else if token.tag == Tag::MD {
                return Tense::Future;
            } else if around.is_ahead || self.is_scheduled(at) {
                return Tense::Future;
            }
            if token.head == at {
                break;
            }
            // "plans to meet on Friday", "is to meet".
            let above = token.head;
            if around.has_to && (self.looks_ahead(above) || self.is_being(above)) {
                return Tense::Future;
            }
            at = above;
        }
        Tense::Past
    }

    fn looks_ahead(&self, at: usize) -> bool {
        let token = self.sentence.tokens.get(at);
        token.is_some_and(|token| {
            self.words.ahead.contains(&token.lemma) || self.words.ahead.contains(&token.lower)
        })
    }

    fn is_scheduled(&self, at: usize) -> bool {
        let token = self.sentence.tokens.get(at);
        token.is_some_and(|token| {
            self.words.scheduled.contains(&token.lemma)
                || self.words.scheduled.contains(&token.lower)
        })
    }

    fn is_being(&self, at: usize) -> bool {
        let token = self.sentence.tokens.get(at);
        token.is_some_and(|token| matches!(token.lower.as_str(), "is" | "are" | "'s" | "'re"))
    }
}
