//! A frame's event with its roles filled.

use super::cast::{Cast, Who};
use super::date::{DateMention, Tense as Looks};
use super::quantity::Count;
use super::scene::{Candidate, Scene};
use super::telling::Telling;
use crate::parser::codebook::{Class, Frame, Id, Need, Negated, Shape, Side};
use crate::parser::{DateSpan, Kind, Quantity, Status, Unit};

/// An event of a sentence, before text and offsets are put to it.
#[derive(Clone, Debug)]
pub(super) struct Draft<'c> {
    pub(super) candidate: Candidate<'c>,
    pub(super) actor: Option<Who>,
    pub(super) recipient: Option<Who>,
    pub(super) countries: Vec<Id>,
    pub(super) date: Option<DateSpan>,
    pub(super) quantity: Option<Quantity>,
    pub(super) status: Status,
    pub(super) attribution: Option<Who>,
}

impl Draft<'_> {
    /// Returns how many slots are filled.
    pub(super) fn filled(&self) -> usize {
        usize::from(self.actor.is_some())
            + usize::from(self.recipient.is_some())
            + usize::from(self.quantity.is_some())
            + usize::from(self.date.is_some())
    }
}

/// Speech acts: they are made by being told.
pub(super) fn is_speech(kind: Kind) -> bool {
    use Kind::*;
    matches!(kind, Support | Consult | Agree | Request | Accuse | Deny | Threaten)
}

/// Kinds of which a single person is a number: "a woman drowned" is one death.
fn is_personal(kind: Kind) -> bool {
    use Kind::*;
    matches!(
        kind,
        Death
            | Rescue
            | Hardship
            | Crossing
            | CrossingAttempt
            | Stranding
            | Detention
            | Deportation
            | Aid
    )
}

impl<'a> Scene<'_, 'a> {
    /// Returns the event of the frame, `None` where a role that it needs is not there.
    pub(super) fn draft(&self, candidate: Candidate<'a>, cast: &Cast<'_>) -> Option<Draft<'a>> {
        let frame = candidate.frame;
        let is_speech = is_speech(frame.kind);
        let status = self.status(frame, &candidate.telling)?;
        if frame.not_status.contains(&status) {
            return None;
        }
        let (mut actor, mut recipient) = self.roles(&candidate, cast);
        let credited =
            cast.credited(self.analysis, self.clauses, candidate.spot.head, &candidate.telling);
        let voice = cast.voice(self.analysis, self.clauses);
        let speaker = credited.or_else(|| cast.quoted(self.analysis));
        if is_speech && frame.speaker && actor.is_none() {
            actor = speaker
                .clone()
                .or(voice)
                .filter(|who| frame.actor.is_empty() || who.class.meets(frame.actor));
        }
        if let (Some(a), Some(r)) = (&actor, &recipient)
            && (a.tokens == r.tokens || a.id == r.id && is_speech)
        {
            recipient = None;
        }
        let quantity = self.quantity(&candidate, &actor, &recipient);
        let date = self.date(&candidate);
        let attribution = if is_speech { None } else { speaker };
        let draft = Draft {
            actor,
            recipient,
            countries: Vec::new(),
            date,
            quantity,
            status,
            attribution,
            candidate,
        };
        self.needs_are_met(frame, &draft).then_some(draft)
    }

    fn status(&self, frame: &Frame, telling: &Telling) -> Option<Status> {
        let speech = is_speech(frame.kind);
        if telling.is_negated && frame.negated == Negated::Nothing {
            let told = telling.under.meets(self.senses.say);
            return (told && !speech).then_some(Status::Denied);
        }
        if speech && telling.status == Status::Denied {
            return None;
        }
        match telling.status {
            Status::Occurred => Some(frame.status),
            other => Some(other),
        }
    }

    fn roles(&self, candidate: &Candidate<'_>, cast: &Cast<'_>) -> (Option<Who>, Option<Who>) {
        let (frame, arguments) = (candidate.frame, &candidate.arguments);
        let (mut actor, mut recipient) = (None, None);
        let mut set = |side: Side, at: Option<usize>| {
            let Some(at) = at else { return };
            let (slot, accepts) = match side {
                Side::Actor => (&mut actor, frame.actor),
                Side::Recipient => (&mut recipient, frame.recipient),
                Side::Nobody => return,
            };
            if slot.is_none() {
                *slot = self.somebody(cast, at, accepts);
            }
        };
        // Where both sides are the same role, the object is whom it is about.
        set(frame.object, arguments.object);
        set(frame.subject, arguments.subject);
        let is_noun = candidate.spot.shape == Shape::Noun;
        for behind in &arguments.behind {
            let listed = |list: &[String]| list.contains(&behind.preposition);
            if listed(&frame.recipient_after) && recipient.is_none() {
                recipient = self.somebody(cast, behind.object, frame.recipient);
            } else if listed(&frame.actor_after)
                && actor.is_none()
                && (is_noun || behind.preposition != "of")
            {
                actor = self.somebody(cast, behind.object, frame.actor);
            }
        }
        (actor, recipient)
    }

    fn somebody(&self, cast: &Cast<'_>, at: usize, accepts: Class) -> Option<Who> {
        let who = cast.who(self.analysis, at, accepts)?;
        let fits = accepts.is_empty() || who.class.is_empty() || who.class.meets(accepts);
        fits.then_some(who)
    }

    /// Returns how many it is about: what is counted in the words of who does or suffers it, else in
    /// its object, subject or behind its prepositions.
    fn quantity(
        &self,
        candidate: &Candidate<'_>,
        actor: &Option<Who>,
        recipient: &Option<Who>,
    ) -> Option<Quantity> {
        let frame = candidate.frame;
        let fits = |count: &&Count| {
            frame.units.contains(&count.quantity.unit)
                || frame.as_unit == Some(count.quantity.unit)
                || frame.as_unit.is_some()
                    && matches!(count.quantity.unit, Unit::People | Unit::Troops)
        };
        let made = |count: &Count| {
            let unit = match (frame.as_unit, count.quantity.unit) {
                (Some(unit), Unit::People | Unit::Troops) => unit,
                (_, unit) => unit,
            };
            Quantity { unit, ..count.quantity }
        };
        let within = |range: std::ops::Range<usize>, single: bool| {
            self.counts
                .iter()
                .filter(fits)
                .filter(|count| !count.is_part && (single || !count.is_singular))
                .find(|count| range.contains(&count.head) || range.contains(&count.tokens.start))
                .map(made)
        };
        let phrase = |at: usize| self.analysis.noun_phrase(at);
        let a = self.analysis;
        let persons = [recipient, actor].into_iter().flatten().map(|who| who.tokens.clone());
        let arguments = [candidate.arguments.object, candidate.arguments.subject];
        let own = phrase(candidate.spot.head);
        let near: Vec<_> =
            persons.chain(arguments.into_iter().flatten().map(phrase)).chain([own]).collect();
        for single in [false, true] {
            if single && !is_personal(frame.kind) {
                break;
            }
            if let Some(found) = near.iter().find_map(|range| within(range.clone(), single)) {
                return Some(found);
            }
        }
        let behind = candidate
            .arguments
            .behind
            .iter()
            .filter(|behind| !matches!(behind.preposition.as_str(), "by" | "after" | "since"))
            .find_map(|behind| within(phrase(behind.object), false));
        // "a 1,000-strong force", "by 20 %": a count that hangs on the trigger some other way.
        behind.or_else(|| {
            self.counts
                .iter()
                .filter(fits)
                .filter(|count| !count.is_part && !count.is_singular)
                .find(|count| a.head(count.head) == candidate.spot.head)
                .map(made)
        })
    }

    /// Returns when it happens: the date that hangs on the trigger, on the clause that carries it or
    /// on what it stands under, but not one that tells when it was said.
    fn date(&self, candidate: &Candidate<'_>) -> Option<DateSpan> {
        let head = candidate.spot.head;
        let looks = match candidate.telling.tense {
            super::telling::Tense::Past => Looks::Past,
            super::telling::Tense::Present => Looks::Present,
            super::telling::Tense::Future => Looks::Future,
        };
        let mention = self
            .dates
            .iter()
            .filter(|mention| !mention.is_yardstick)
            .filter_map(|mention| {
                self.steps_to(candidate, head, mention).map(|rank| (rank, mention))
            })
            .min_by_key(|(rank, mention)| (*rank, mention.tokens.start))?
            .1;
        mention.span(looks)
    }

    /// How far a date is from the trigger; `None` where it is another clause's.
    fn steps_to(
        &self,
        candidate: &Candidate<'_>,
        head: usize,
        mention: &DateMention,
    ) -> Option<usize> {
        use crate::parser::syntax::Label::{Advcl, Ccomp, Conj, Relcl};
        let a = self.analysis;
        let governor = mention.governor;
        if candidate.spot.tokens.contains(&governor) {
            return Some(0);
        }
        if a.sentence.is_under(governor, head) {
            let mut at = governor;
            let mut steps = 0;
            while at != head {
                let leaves = matches!(a.label(at), Relcl | Advcl | Ccomp)
                    || a.label(at) == Conj && self.clauses.is_verb(at);
                if leaves {
                    return None;
                }
                at = a.head(at);
                steps += 1;
            }
            return Some(steps);
        }
        let above: Vec<usize> = a.sentence.heads(head).collect();
        let position = above.iter().position(|at| *at == governor)?;
        let says = |at: &usize| {
            self.clauses.is_verb(*at) && self.codebook.words.say.contains(a.lower(*at))
        };
        if !is_speech(candidate.frame.kind) && above[..=position].iter().any(says) {
            return None;
        }
        let path = std::iter::once(&head).chain(&above[..position]);
        let apart = path.filter(|at| matches!(a.label(**at), Relcl | Advcl)).count();
        Some(10 + position + 10 * apart)
    }

    fn needs_are_met(&self, frame: &Frame, draft: &Draft<'_>) -> bool {
        let spot = &draft.candidate.spot;
        let is_verb = matches!(spot.shape, Shape::Verb | Shape::Passive);
        let needs = if is_verb { &frame.needs_verb } else { &frame.needs_noun };
        let below = self.analysis.subtree(spot.head);
        let classes = self
            .analysis
            .hits
            .iter()
            .filter(|hit| {
                below.contains(&hit.tokens.start) && !spot.tokens.contains(&hit.tokens.start)
            })
            .fold(Class::default(), |all, hit| all.and(hit.entry.class));
        let met = |need: &Need| match need {
            Need::Actor => draft.actor.is_some(),
            Need::Recipient => draft.recipient.is_some(),
            Need::Quantity => draft.quantity.is_some(),
            Need::Place => !draft.countries.is_empty(),
            Need::Date => draft.date.is_some(),
            Need::Word(class) => classes.meets(*class),
        };
        if !needs.iter().all(|any| any.iter().any(met)) {
            return false;
        }
        !frame.adds
            || is_verb
            || draft.actor.is_some()
            || draft.date.is_some()
            || draft.quantity.is_some()
            || !draft.candidate.arguments.behind.is_empty()
    }
}
