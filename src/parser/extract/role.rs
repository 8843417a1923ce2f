//! Roles: who stands as subject, object or behind a preposition of a trigger.

use super::analysis::Tag;
use super::group::{Group, Head};
use super::party::{Finder, Party};
use crate::parser::codebook::{Class, Form, Frame, Side, Sort, Via};

/// Tokens after a trigger within which its object begins.
const OBJECT_REACH: usize = 12;

/// Tokens after a trigger within which "by X" or "on X" begins.
const PREPOSITION_REACH: usize = 16;

/// Where a trigger stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) via: Via,
}

/// The parties of an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Roles {
    pub(super) actor: Option<Party>,
    pub(super) recipient: Option<Party>,
    /// The actor and who is joined to it, for "each other".
    pub(super) fellow: Option<Party>,
    /// The verb's own group on the object's side, also when it is nobody.
    pub(super) object: Option<usize>,
    pub(super) is_passive: bool,
}

impl Finder<'_, '_> {
    /// Returns the roles of the frame around the trigger.
    pub(super) fn roles(&self, frame: &Frame, spot: Spot) -> Roles {
        match spot.via {
            Via::Verb(form) => self.verb_roles(frame, spot, form),
            Via::Noun | Via::Phrase => self.noun_roles(frame, spot),
        }
    }

    fn verb_roles(&self, frame: &Frame, spot: Spot, form: Form) -> Roles {
        let object = self.object(frame, spot);
        let is_passive = self.is_passive(frame, spot, form, object);
        let (left_side, right_side) =
            if is_passive { (frame.object, frame.subject) } else { (frame.subject, frame.object) };
        let mut roles = Roles { object, is_passive, ..Roles::default() };
        if is_passive {
            let left = self.subject(frame, spot, frame.object, true);
            let left = if frame.object == Side::Nobody { self.patient(spot) } else { left };
            self.set(frame, &mut roles, left_side, left);
            let by = self.after(spot.end, &["by".to_owned()], self.accepts(frame, right_side));
            self.set(frame, &mut roles, right_side, by);
            roles.object = left;
        } else {
            let left = self.subject(
                frame,
                spot,
                frame.subject,
                form != Form::Gerund && form != Form::Base && frame.subject != frame.object,
            );
            self.set(frame, &mut roles, left_side, left);
            self.set(frame, &mut roles, right_side, object);
        }
        if roles.recipient.is_none() {
            let found = self.after(spot.end, &frame.recipient_after, frame.recipient);
            self.set(frame, &mut roles, Side::Recipient, found);
        }
        if roles.actor.is_none() && !frame.actor_after.iter().any(|word| word == "of") {
            let found = self.after(spot.end, &frame.actor_after, frame.actor);
            self.set(frame, &mut roles, Side::Actor, found);
        }
        self.add_fellow(frame, &mut roles);
        roles
    }

    fn accepts(&self, frame: &Frame, side: Side) -> Class {
        match side {
            Side::Actor => frame.actor,
            Side::Recipient => frame.recipient,
            Side::Nobody => Class::default(),
        }
    }

    fn set(&self, frame: &Frame, roles: &mut Roles, side: Side, group: Option<usize>) {
        let Some(party) = group.and_then(|index| self.party(index, self.accepts(frame, side)))
        else {
            return;
        };
        match side {
            Side::Actor if roles.recipient.is_none_or(|other| other.group != party.group) => {
                roles.actor = roles.actor.or(Some(party));
            }
            Side::Recipient if roles.actor.is_none_or(|other| other.group != party.group) => {
                roles.recipient = roles.recipient.or(Some(party));
            }
            _ => {}
        }
    }

    fn add_fellow(&self, frame: &Frame, roles: &mut Roles) {
        let Some(actor) = roles.actor else { return };
        let next = actor.group + 1;
        if self.sentence.groups.get(next).is_some_and(|group| group.is_joined) {
            roles.fellow = self.party(next, frame.actor);
        }
    }

    /// The nearest group before a passive verb that no preposition governs, whatever it is.
    fn patient(&self, spot: Spot) -> Option<usize> {
        let from = self.sentence.groups.partition_point(|group| group.end <= spot.start);
        self.sentence.groups[..from].iter().rposition(|group| group.governor.is_none())
    }

    /// Returns whether the verb is passive here.
    fn is_passive(&self, frame: &Frame, spot: Spot, form: Form, object: Option<usize>) -> bool {
        // "be sent to": the codebook's verb is passive itself.
        if self.sentence.tag_at(spot.start) == Tag::Auxiliary {
            return frame.object != Side::Nobody;
        }
        if !matches!(form, Form::Participle | Form::PastOrParticiple) {
            return false;
        }
        let mut at = spot.start;
        while at > 0 && matches!(self.sentence.tag_at(at - 1), Tag::Adverb | Tag::Negation)
            || at > 0
                && matches!(self.sentence.word(at - 1), Some("also" | "since" | "still" | "being"))
                && self.sentence.tag_at(at - 1) != Tag::Auxiliary
        {
            at -= 1;
        }
        let before = at.checked_sub(1);
        if let Some(aux) = before.filter(|i| self.sentence.tag_at(*i) == Tag::Auxiliary) {
            let word = self.sentence.word(aux).unwrap_or("");
            return !matches!(
                word,
                "has" | "have" | "had" | "having" | "'ve" | "do" | "does" | "did" | "'d"
            );
        }
        let has_object = frame.object != Side::Nobody || !frame.object_is.is_empty();
        if self.sentence.word(spot.end) == Some("by") && has_object {
            return true;
        }
        // "were detained and deported": the auxiliary of the first verb holds for the second.
        if let Some(before) = before
            && self.sentence.tag_at(before) == Tag::Conjunction
            && before >= 1
            && object.is_none()
        {
            let aux = (before.saturating_sub(12)..before)
                .rev()
                .take_while(|i| !matches!(self.sentence.tag_at(*i), Tag::Subordinator | Tag::Mark))
                .find(|i| self.sentence.tag_at(*i) == Tag::Auxiliary);
            return aux.is_some_and(|i| {
                matches!(
                    self.sentence.word(i),
                    Some("was" | "were" | "been" | "are" | "is" | "be" | "being")
                )
            });
        }
        // "migrants held in Texas": a participle after its noun, with nothing in the object's place.
        if form == Form::Participle {
            return true;
        }
        let holds_noun = self
            .sentence
            .groups
            .iter()
            .any(|group| group.start > spot.start && group.end <= spot.end);
        let ends_clause = !matches!(self.sentence.word(spot.end), Some("to" | "that" | "back"))
            && self.sentence.tag_at(spot.end) != Tag::Quote;
        let patient = before.and_then(|i| self.sentence.group_at(i)).is_some_and(|(index, _)| {
            let as_object = self.accepts(frame, frame.object);
            let as_subject = self.accepts(frame, frame.subject);
            self.party(index, as_object).is_some() && self.party(index, as_subject).is_none()
        });
        let transitive = frame.object != Side::Nobody && frame.subject != frame.object;
        transitive
            && object.is_none()
            && !holds_noun
            && ends_clause
            && (patient || before.is_none())
    }

    /// Returns the group that is the verb's subject.
    fn subject(&self, frame: &Frame, spot: Spot, side: Side, is_finite: bool) -> Option<usize> {
        let accepts = self.accepts(frame, side);
        let groups = &self.sentence.groups;
        let from = groups.partition_point(|group| group.end <= spot.start);
        let mut fallback = None;
        let mut right = spot.start;
        for index in (0..from).rev() {
            let group = &groups[index];
            let gap = group.end..right;
            right = group.start;
            let mut relative = false;
            let mut blocked = false;
            for at in gap {
                match self.sentence.tag_at(at) {
                    Tag::Subordinator
                        if matches!(
                            self.sentence.word(at),
                            Some("who" | "which" | "that" | "whom")
                        ) && at == group.end
                            || at == group.end + 1
                                && self.sentence.word(group.end) == Some(",")
                                && self.sentence.word(at) == Some("who")
                            || self.sentence.word(at) == Some("which") && at == group.end + 1 =>
                    {
                        relative = true;
                    }
                    Tag::Subordinator if is_finite => blocked = true,
                    Tag::Mark if self.sentence.word(at) == Some(";") => blocked = true,
                    _ => {}
                }
            }
            if blocked {
                break;
            }
            if !group.is_somebody() && !self.is_thing_for(group, accepts)
                || group.is_joined && index > 0
            {
                // The first of a joined pair stands for it.
                if group.is_joined
                    && self.party(index, accepts).is_some()
                    && self.party(index - 1, accepts).is_none()
                    && group.governor.is_none()
                {
                    return Some(index);
                }
                continue;
            }
            if self.party(index, accepts).is_none() {
                continue;
            }
            let is_object = group.start > 0
                && self.sentence.tag_at(group.start - 1) == Tag::Verb
                && is_finite
                && !relative;
            if relative || group.governor.is_none() && !is_object {
                return Some(index);
            }
            let link = group.governor.and_then(|i| self.sentence.word(i)).unwrap_or("");
            if matches!(
                link,
                "of" | "by"
                    | "for"
                    | "from"
                    | "among"
                    | "with"
                    | "including"
                    | "against"
                    | "on"
                    | ""
            ) {
                fallback = fallback.or(Some(index));
            }
        }
        let movers = self.codebook.lexicon.classes(["migrant", "people"]);
        fallback.filter(|index| {
            let class = groups[*index].class;
            class.meets(movers) && accepts.meets(movers)
                || !is_finite
                || groups[*index].governor.is_none()
        })
    }

    /// Boats and drones act and suffer too, where the frame says so.
    fn is_thing_for(&self, group: &Group, accepts: Class) -> bool {
        let things = self.codebook.lexicon.classes(["boat", "aircraft", "vehicle"]);
        let counted = group.head == Head::Thing
            && (self.sentence.tag_at(group.end - 1) == Tag::Number
                || matches!(
                    self.sentence.word(group.end - 1),
                    Some("many" | "others" | "some" | "most" | "several")
                ));
        group.class.meets(things) && group.class.meets(accepts) || counted
    }

    /// Returns the group in the object's place: next after the verb, behind no preposition.
    fn object(&self, frame: &Frame, spot: Spot) -> Option<usize> {
        let inside = self.sentence.groups.iter().position(|group| {
            group.start >= spot.start && group.end <= spot.end && group.is_somebody()
        });
        // "pushed the migrants back": the object stands in the trigger's gap.
        if let Some(index) = inside
            && self.party(index, self.accepts(frame, frame.object)).is_some()
        {
            return Some(index);
        }
        let from = self.sentence.groups.partition_point(|group| group.start < spot.end);
        let group = self.sentence.groups.get(from)?;
        let clear = (spot.end..group.start).all(|i| {
            matches!(self.sentence.tag_at(i), Tag::Adverb | Tag::Quote)
                || matches!(
                    self.sentence.word(i),
                    Some(
                        "back"
                            | "up"
                            | "out"
                            | "also"
                            | "more"
                            | "than"
                            | "at"
                            | "least"
                            | "about"
                            | "over"
                    )
                )
        });
        let governed = group.governor.is_some_and(|i| {
            i >= spot.end
                && !matches!(self.sentence.word(i), Some("about" | "over" | "than" | "up"))
        });
        (clear && !governed && group.start <= spot.end + OBJECT_REACH).then_some(from)
    }

    /// Returns the first fitting group behind one of the prepositions, within the clause.
    fn after(&self, from: usize, prepositions: &[String], accepts: Class) -> Option<usize> {
        let first = self.sentence.groups.partition_point(|group| group.start < from);
        for index in first..self.sentence.groups.len() {
            let group = &self.sentence.groups[index];
            if group.start > from + PREPOSITION_REACH {
                break;
            }
            let stops = (from..group.start).any(|i| {
                self.sentence.word(i) == Some(";")
                    || matches!(
                        self.sentence.word(i),
                        Some("who" | "which" | "while" | "because" | "when")
                    )
            });
            if stops {
                break;
            }
            let link =
                group.governor.filter(|i| *i + 1 >= from).and_then(|i| self.sentence.word(i));
            // "its border with Belarus" tells where, not with whom.
            let border = self.class("border");
            let of_border = matches!(link, Some("with" | "between" | "of" | "to"))
                && index > first
                && self.sentence.groups[index - 1].words.meets(border)
                && group.start <= self.sentence.groups[index - 1].end + 2;
            if of_border {
                continue;
            }
            if !group.is_joined
                && link.is_some_and(|link| prepositions.iter().any(|p| p == link))
                && self.party(index, accepts).is_some()
            {
                return Some(index);
            }
        }
        None
    }

    fn noun_roles(&self, frame: &Frame, spot: Spot) -> Roles {
        let mut roles = Roles::default();
        let own = self
            .sentence
            .group_at(spot.start)
            .map(|(index, group)| (index, group.start, group.owner));
        let start = own.map_or(spot.start, |(_, start, _)| start);
        // "between Greece and Turkey" fills both.
        if frame.actor_after.iter().any(|p| p == "between")
            && let Some(first) = self.after(spot.end, &["between".to_owned()], frame.actor)
        {
            self.set(frame, &mut roles, Side::Actor, Some(first));
            let second = Some(first + 1)
                .filter(|i| self.sentence.groups.get(*i).is_some_and(|g| g.is_joined));
            self.set(frame, &mut roles, Side::Recipient, second);
        }
        let by = self.after(spot.end, &frame.actor_after, frame.actor);
        self.set(frame, &mut roles, Side::Actor, by);
        let to = self.after(spot.end, &frame.recipient_after, frame.recipient);
        self.set(frame, &mut roles, Side::Recipient, to);
        // "Belarus's deportations", "migrant deaths": what stands before the noun in its group.
        if let Some((index, group_start, _)) = own {
            let hits = self
                .sentence
                .hits
                .iter()
                .filter(|hit| group_start <= hit.start && hit.end <= spot.start);
            for hit in hits {
                let Some(id) = hit.entry.id else { continue };
                let party = Party {
                    id,
                    class: hit.entry.class,
                    start: hit.start,
                    end: hit.end,
                    group: index,
                };
                let is_noun = hit.entry.sort == Sort::Noun;
                if roles.recipient.is_none()
                    && is_noun
                    && hit.entry.class.meets(frame.recipient)
                    && frame.object == Side::Recipient
                {
                    roles.recipient = Some(party);
                } else if roles.actor.is_none()
                    && (frame.actor.is_empty() || hit.entry.class.meets(frame.actor))
                    && frame.subject == Side::Actor
                {
                    roles.actor = Some(party);
                }
            }
        }
        // "Latvia held an exercise": the subject of the verb that carries the noun.
        if roles.actor.is_none() && frame.subject == Side::Actor && start > 0 {
            let verb = (start.saturating_sub(6)..start)
                .rev()
                .find(|i| matches!(self.sentence.tag_at(*i), Tag::Verb | Tag::Auxiliary));
            let close = verb.filter(|verb| {
                (*verb + 1..start).all(|i| {
                    !matches!(self.sentence.tag_at(i), Tag::Comma | Tag::Subordinator | Tag::Mark)
                })
            });
            if let Some(verb) = close {
                let carrier = Spot { start: verb, end: verb + 1, via: spot.via };
                let left = self.subject(frame, carrier, Side::Actor, true);
                self.set(frame, &mut roles, Side::Actor, left);
            }
        }
        if roles.recipient.is_none() && frame.subject == Side::Recipient {
            let carrier = Spot { start, end: spot.end, via: spot.via };
            let left = self.subject(frame, carrier, Side::Recipient, false);
            self.set(frame, &mut roles, Side::Recipient, left);
        }
        self.add_fellow(frame, &mut roles);
        roles
    }
}
