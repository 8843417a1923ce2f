//! How far an event is to be trusted: a sum of signs that speak for it and against it.
//!
//! The weights are those of a logistic regression on 38 coded documents of border news, where an
//! event is right when its kind and its sentence are. `cargo test confidence_is_calibrated --
//! --nocapture` prints the weights that the code of the day would get, and the table below, in which
//! each event is judged by weights that other documents gave:
//!
//! | confidence | events | mean | right |
//! |---|---|---|---|
//! | 0.0–0.5 | 2 | 0.46 | 0.50 |
//! | 0.5–0.6 | 13 | 0.56 | 0.46 |
//! | 0.6–0.7 | 48 | 0.66 | 0.60 |
//! | 0.7–0.8 | 65 | 0.76 | 0.77 |
//! | 0.8–0.9 | 105 | 0.86 | 0.88 |
//! | 0.9–1.0 | 90 | 0.94 | 0.96 |
//!
//! 323 events, 0.817 right: a Brier score of 0.131 where their share alone gives 0.149.
//!
//! The frames were written with an eye on the same documents, so that elsewhere somewhat fewer will
//! be right; texts that are not about borders give far worse events, if any.

use super::analysis::Analysis;
use super::draft::Draft;
use crate::parser::codebook::{Lexicon, Shape};
use crate::parser::syntax::{Label, Tag};
use crate::parser::{Reason, Status};

/// What the signs are read from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading<'r> {
    pub(super) lexicon: &'r Lexicon,
    pub(super) analysis: &'r Analysis<'r>,
    pub(super) draft: &'r Draft<'r>,
    /// States that it happens in.
    pub(super) countries: usize,
    /// Index of the sentence in its text.
    pub(super) sentence: usize,
    /// Events of the sentence, this one too.
    pub(super) events: usize,
}

/// Something about an event that makes it more or less likely to be right.
pub(super) struct Sign {
    pub(super) name: &'static str,
    /// By how much it raises the logarithm of the odds.
    pub(super) weight: f64,
    pub(super) is_met: fn(&Reading<'_>) -> bool,
}

/// The logarithm of the odds of an event without a sign.
pub(super) const BIAS: f64 = 0.84;

/// The signs, those that speak for an event first.
pub(super) const SIGNS: &[Sign] = &[
    Sign {
        name: "a verb in the past tense",
        weight: 0.35,
        is_met: |r| r.analysis.tag(r.draft.candidate.spot.head) == Tag::VBD,
    },
    Sign {
        name: "the main verb or what somebody says",
        weight: 0.90,
        is_met: |r| {
            matches!(r.analysis.label(r.draft.candidate.spot.head), Label::Root | Label::Ccomp)
        },
    },
    Sign { name: "a noun", weight: 0.12, is_met: |r| r.draft.candidate.spot.shape == Shape::Noun },
    Sign {
        name: "three words or more carry it",
        weight: 0.02,
        is_met: |r| r.draft.candidate.spot.tokens.len() >= 3,
    },
    Sign { name: "its number is told", weight: 0.54, is_met: |r| r.draft.quantity.is_some() },
    Sign {
        name: "the sentence names a border",
        weight: 0.85,
        is_met: |r| r.analysis.classes.meets(r.lexicon.class("border")),
    },
    Sign { name: "it is between two states", weight: 0.30, is_met: |r| r.countries >= 2 },
    Sign { name: "told to whom", weight: 0.38, is_met: |r| r.draft.recipient.is_some() },
    Sign {
        name: "it befalls people who move",
        weight: 0.50,
        is_met: |r| {
            r.draft.recipient.as_ref().is_some_and(|who| r.lexicon.id_name(who.id) == "MIG")
        },
    },
    Sign { name: "in the first sentence", weight: 0.31, is_met: |r| r.sentence == 0 },
    Sign {
        name: "planned or possible",
        weight: -0.24,
        is_met: |r| matches!(r.draft.status, Status::Planned | Status::Possible),
    },
    Sign { name: "in a clause beside", weight: -0.39, is_met: is_beside },
    Sign { name: "a side is a guess", weight: -0.34, is_met: is_guess },
    Sign { name: "one of several in its sentence", weight: -0.39, is_met: |r| r.events >= 2 },
];

/// Rules of who somebody is that go by what stands elsewhere, or by nothing.
const GUESSES: [&str; 6] = [
    "pronoun",
    "unknown name",
    "text of whom was spoken of",
    "countries",
    "some country",
    "country at hand",
];

impl Reading<'_> {
    /// Returns the share of events with these signs that should be right, in hundredths.
    pub(super) fn confidence(&self) -> f64 {
        let met = SIGNS.iter().filter(|sign| (sign.is_met)(self));
        let odds = BIAS + met.map(|sign| sign.weight).sum::<f64>();
        (100.0 / (1.0 + (-odds).exp())).round() / 100.0
    }

    /// Returns what spoke for the event and against it: the signs, each with its weight.
    pub(super) fn reason(&self) -> Reason {
        let mut rule = format!("{BIAS:+.2}");
        for sign in SIGNS.iter().filter(|sign| (sign.is_met)(self)) {
            rule.push_str(&format!(", {} {:+.2}", sign.name, sign.weight));
        }
        Reason { slot: "confidence", rule, words: String::new(), spans: Vec::new() }
    }
}

/// Returns whether the trigger stands in or below an adverbial clause or one put in.
fn is_beside(reading: &Reading<'_>) -> bool {
    let a = reading.analysis;
    let head = reading.draft.candidate.spot.head;
    std::iter::once(head)
        .chain(a.sentence.heads(head))
        .any(|at| matches!(a.label(at), Label::Advcl | Label::Parataxis))
}

fn is_guess(reading: &Reading<'_>) -> bool {
    let Draft { actor, recipient, .. } = reading.draft;
    let is_other = |who: &super::cast::Who| reading.lexicon.id_name(who.id) == "OTH";
    [actor, recipient].into_iter().flatten().any(|who| GUESSES.contains(&who.rule))
        || actor.as_ref().is_some_and(is_other)
}
