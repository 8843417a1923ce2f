//! What a number counts: the noun, by the parse where it tells, else by the words that follow.

use crate::parser::Unit;
use crate::parser::codebook::{Class, Measure, Measures};
use crate::parser::coding::analysis::Analysis;
use crate::parser::syntax::{Label, Tag};

/// Words of a noun phrase that are looked through for its noun.
const REACH: usize = 9;

/// What a number counts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counted {
    /// The noun's token.
    pub(super) head: usize,
    pub(super) measure: Measure,
    pub(super) class: Class,
    /// Its unit is that of the noun, and not just supposed.
    pub(super) is_named: bool,
}

/// Looks for what numbers count.
#[derive(Clone, Copy)]
pub(super) struct Finder<'a, 's> {
    pub(super) analysis: &'a Analysis<'s>,
    pub(super) measures: &'a Measures,
}

impl Finder<'_, '_> {
    /// Returns what is counted by a number whose last token that is, the next one being `next`.
    pub(super) fn counted(&self, number: usize, next: usize) -> Option<Counted> {
        let by_parse = self.by_parse(number, next);
        // "Four more 'third country' deportees": a noun that nothing is measured in is no head.
        let is_measured = |head: &usize| self.measured(*head).is_named;
        let head = by_parse
            .filter(is_measured)
            .or_else(|| self.by_words(next).filter(is_measured))
            .or(by_parse)
            .or_else(|| self.by_words(next))?;
        Some(self.measured(head))
    }

    /// The noun that the parser hangs the number on.
    fn by_parse(&self, number: usize, next: usize) -> Option<usize> {
        let analysis = self.analysis;
        let mut at = number;
        for _ in 0..3 {
            if !matches!(
                analysis.label(at),
                Label::Nummod | Label::Quantmod | Label::Amod | Label::Compound | Label::Det
            ) {
                break;
            }
            at = analysis.head(at);
        }
        let is_near = at >= next && at < next + REACH;
        let is_noun = analysis.tag(at).is_noun();
        let is_plain = |at: usize| {
            !matches!(analysis.tag(at), Tag::VBD | Tag::VBZ | Tag::VBP | Tag::MD | Tag::Stop)
        };
        (at != number && is_near && is_noun && (next..at).all(is_plain)).then_some(at)
    }

    /// The last noun of the words that follow, behind "of" too.
    fn by_words(&self, next: usize) -> Option<usize> {
        let analysis = self.analysis;
        let mut at = next;
        if analysis.lower(at) == "of" {
            at += 1;
        }
        let end = (at + REACH).min(analysis.len());
        let mut noun = None;
        while at < end {
            let tag = analysis.tag(at);
            match tag {
                Tag::NNS | Tag::NNPS => {
                    // "Two guards Sunday": a plural ends the phrase, unless a plural follows.
                    noun = Some(at);
                    if !matches!(analysis.tag(at + 1), Tag::NNS | Tag::NN) {
                        break;
                    }
                }
                Tag::NN | Tag::NNP => noun = Some(at),
                Tag::CD | Tag::VBN | Tag::VBG | Tag::JJ | Tag::JJR | Tag::JJS if noun.is_none() => {
                }
                Tag::RB
                | Tag::RBS
                | Tag::RBR
                | Tag::PDT
                | Tag::DT
                | Tag::PRPS
                | Tag::OpenQuote
                | Tag::CloseQuote
                    if noun.is_none() => {}
                Tag::HYPH | Tag::POS => {}
                Tag::JJ | Tag::VBN | Tag::VBG if analysis.tag(at + 1).is_noun() => {}
                Tag::CC if noun.is_none() && at > next => {}
                Tag::OpenQuote | Tag::CloseQuote => {}
                _ => break,
            }
            at += 1;
        }
        noun
    }

    /// Returns what the noun is measured in, people where its word does not tell.
    pub(super) fn measured(&self, head: usize) -> Counted {
        let analysis = self.analysis;
        let class = analysis.class_at(head);
        let plain = |unit| Measure { unit, factor: 1.0 };
        // "Members of the guard" are what stands behind "of".
        if self.measures.number.containers.contains(analysis.lower(head)) {
            let inner =
                (analysis.lower(head + 1) == "of").then(|| self.by_words(head + 2)).flatten();
            let own = self.measure(head);
            let inner = inner.filter(|inner| self.measure(*inner).is_some());
            return match (inner, own) {
                (Some(inner), _) => {
                    let measure = self.measure(inner).unwrap_or(plain(Unit::People));
                    Counted {
                        head,
                        measure,
                        class: class.and(analysis.class_at(inner)),
                        is_named: true,
                    }
                }
                (None, Some(measure)) => Counted { head, measure, class, is_named: true },
                (None, None) => {
                    Counted { head, measure: plain(Unit::Other), class, is_named: false }
                }
            };
        }
        match self.measure(head) {
            Some(measure) => Counted { head, measure, class, is_named: true },
            None => Counted { head, measure: plain(Unit::Other), class, is_named: false },
        }
    }

    /// Returns what the noun is measured in, if its word or its class tells.
    pub(super) fn measure(&self, head: usize) -> Option<Measure> {
        let (analysis, units) = (self.analysis, &self.measures.unit);
        if head > 0 {
            let two = format!("{} {}", analysis.lower(head - 1), analysis.lower(head));
            if let Some(measure) = units.of_word(&two) {
                return Some(measure);
            }
        }
        let hit = analysis.hit_at(head);
        let by_class = hit
            .filter(|hit| {
                hit.tokens.end == head + 1 || analysis.label(hit.tokens.end - 1) == Label::Compound
            })
            .and_then(|hit| units.of_class(hit.entry.class))
            .map(|unit| Measure { unit, factor: 1.0 });
        units
            .of_word(analysis.lower(head))
            .or_else(|| units.of_word(analysis.lemma(head)))
            .or(by_class)
    }

    /// Returns whether the noun is one of a kind that is counted, and no group of many.
    pub(super) fn is_single(&self, head: usize) -> bool {
        let analysis = self.analysis;
        let lemma = analysis.lemma(head);
        matches!(analysis.tag(head), Tag::NN)
            && !self.measures.number.collectives.contains(lemma)
            && !self.measures.number.collectives.contains(analysis.lower(head))
            && self.measure(head).is_some_and(|measure| {
                matches!(measure.unit, Unit::People | Unit::Deaths | Unit::Vehicles | Unit::Troops)
            })
            && analysis.label(head) != Label::Compound
    }
}
