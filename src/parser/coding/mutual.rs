//! What two sides do to each other: one event for each.

use super::cast::{Cast, Who};
use super::draft::Draft;
use super::scene::{Candidate, Scene};

/// Verbs that say by themselves that both do it ("traded accusations").
const BOTH_WAYS: [&str; 4] = ["trade", "exchange", "swap", "hurl"];

impl<'a> Scene<'_, 'a> {
    /// Returns the draft, and the one the other way round where two sides do it to each other.
    pub(super) fn both_ways(
        &self,
        draft: Draft<'a>,
        cast: &Cast<'_>,
    ) -> (Draft<'a>, Option<Draft<'a>>) {
        if !draft.candidate.frame.mutual || !self.is_mutual(&draft.candidate) {
            return (draft, None);
        }
        let Some((one, other)) = self.sides(&draft, cast) else { return (draft, None) };
        let back =
            Draft { actor: Some(other.clone()), recipient: Some(one.clone()), ..draft.clone() };
        (Draft { actor: Some(one), recipient: Some(other), ..draft }, Some(back))
    }

    fn is_mutual(&self, candidate: &Candidate<'_>) -> bool {
        let a = self.analysis;
        let head = candidate.spot.head;
        let each_other = a.subtree(head).any(|at| match a.lower(at) {
            "each" => a.lower(at + 1) == "other",
            "one" => a.lower(at + 1) == "another",
            "mutual" => true,
            _ => false,
        });
        each_other
            || self.is_each_the_other()
            || candidate.spot.tokens.len() > 1 && BOTH_WAYS.contains(&a.lemma(head))
    }

    /// "Each side says the other began".
    fn is_each_the_other(&self) -> bool {
        let a = self.analysis;
        let each = (0..a.len()).find(|at| a.lower(*at) == "each");
        each.is_some_and(|each| {
            (each + 2..a.len()).any(|at| a.lower(at) == "other" && a.lower(at - 1) == "the")
        })
    }

    /// Who the two are: coordinated subjects, else the two states of the text's border.
    fn sides(&self, draft: &Draft<'_>, cast: &Cast<'_>) -> Option<(Who, Who)> {
        let recipient = draft.candidate.frame.recipient;
        if let (Some(one), Some(subject)) = (&draft.actor, draft.candidate.arguments.subject) {
            let other = self
                .beside(subject)
                .into_iter()
                .filter_map(|at| cast.who(self.analysis, at, recipient))
                .find(|who| who.id != one.id);
            if let Some(other) = other {
                return Some((one.clone(), other));
            }
        }
        let tokens = draft.actor.as_ref().map_or(0..0, |who| who.tokens.clone());
        cast.rivals(tokens)
    }
}
