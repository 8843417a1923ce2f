//! The events of one sentence: the best frame at each trigger, told once.

use super::cast::{Cast, Who};
use super::draft::Draft;
use super::scene::Scene;
use crate::parser::syntax::Label;

/// Events of one sentence: what is beyond is a list of words, no news.
const EVENTS_MAX: usize = 12;

impl<'a> Scene<'_, 'a> {
    /// Returns the events of the sentence in the order of their triggers.
    pub(super) fn drafts(&self, cast: &Cast<'_>) -> Vec<Draft<'a>> {
        let mut drafts: Vec<Draft<'a>> = Vec::new();
        for at in 0..self.analysis.len() {
            let mut taken = false;
            for candidate in self.candidates(at) {
                let beside = candidate.frame.beside;
                if taken && !beside {
                    continue;
                }
                let Some(draft) = self.draft(candidate, cast) else { continue };
                taken |= !beside;
                let (draft, back) = self.both_ways(draft, cast);
                self.add(&mut drafts, draft);
                drafts.extend(back);
            }
            if drafts.len() >= EVENTS_MAX {
                break;
            }
        }
        drafts.sort_by_key(|draft| draft.candidate.spot.head);
        drafts
    }

    /// Adds the draft unless the sentence gives that event already.
    fn add(&self, drafts: &mut Vec<Draft<'a>>, draft: Draft<'a>) {
        for other in drafts.iter_mut() {
            let shares = other
                .candidate
                .spot
                .tokens
                .iter()
                .any(|token| draft.candidate.spot.tokens.contains(token));
            let same_kind = other.candidate.frame.kind == draft.candidate.frame.kind;
            if shares && !draft.candidate.frame.beside && !other.candidate.frame.beside {
                if draft.candidate.spot.tokens.len() > other.candidate.spot.tokens.len() {
                    *other = draft;
                }
                return;
            }
            if same_kind && !self.are_two(other, &draft) {
                if draft.filled() > other.filled() {
                    *other = draft;
                }
                return;
            }
        }
        drafts.push(draft);
    }

    /// Returns whether two events of one kind are two happenings.
    fn are_two(&self, a: &Draft<'_>, b: &Draft<'_>) -> bool {
        let differ =
            |x: Option<f64>, y: Option<f64>| matches!((x, y), (Some(x), Some(y)) if x != y);
        if differ(a.quantity.map(|q| q.value), b.quantity.map(|q| q.value)) {
            return true;
        }
        if self.is_one_clause(a.candidate.spot.head, b.candidate.spot.head) {
            return false;
        }
        let ids =
            |x: &Option<Who>, y: &Option<Who>| matches!((x, y), (Some(x), Some(y)) if x.id != y.id);
        ids(&a.actor, &b.actor)
            || ids(&a.recipient, &b.recipient)
            || a.status != b.status
            || matches!((a.date, b.date), (Some(x), Some(y)) if x.start != y.start)
    }

    /// Returns whether one of the tokens hangs on the other without a clause between.
    fn is_one_clause(&self, a: usize, b: usize) -> bool {
        let (low, high) = if self.analysis.sentence.is_under(a, b) { (a, b) } else { (b, a) };
        if !self.analysis.sentence.is_under(low, high) {
            return false;
        }
        let mut at = low;
        while at != high {
            if matches!(
                self.analysis.label(at),
                Label::Conj | Label::Advcl | Label::Relcl | Label::Ccomp | Label::Parataxis
            ) {
                return false;
            }
            at = self.analysis.head(at);
        }
        true
    }
}
