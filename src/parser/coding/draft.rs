//! A frame's event with its roles filled.

use super::cast::{Cast, Who};
use super::date;
use super::quantity::{self, Count};
use super::reasons::{Found, Why};
use super::scene::{Candidate, Scene};
use super::telling::Telling;
use crate::parser::codebook::{Class, Classes, Frame, Need, Negated, Shape, Side};
use crate::parser::syntax::{Label, Tag};
use crate::parser::{DateSpan, Kind, Quantity, Status, Unit};

/// An event of a sentence, before text and offsets are put to it.
#[derive(Clone, Debug)]
pub(super) struct Draft<'c> {
    pub(super) candidate: Candidate<'c>,
    pub(super) actor: Option<Who>,
    pub(super) recipient: Option<Who>,
    pub(super) date: Option<DateSpan>,
    pub(super) quantity: Option<Quantity>,
    pub(super) status: Status,
    pub(super) attribution: Option<Who>,
    pub(super) why: Why,
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

/// Returns whether none of the words of one are words of the other.
fn are_apart(a: &Who, b: &Who) -> bool {
    a.tokens.end <= b.tokens.start || b.tokens.end <= a.tokens.start
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
        let (status, status_rule) = self.status(frame, &candidate.telling)?;
        if frame.not_status.contains(&status) {
            return None;
        }
        if !self.pronouns_fit(&candidate, cast) {
            return None;
        }
        // "Two wounded men were let over": said by the way.
        let head = candidate.spot.head;
        let is_beside = frame.kind == Kind::Hardship
            && candidate.spot.tokens.len() == 1
            && self.analysis.label(head) == Label::Amod
            && matches!(self.analysis.lower(head), "wounded" | "injured" | "hurt" | "sick" | "ill");
        if is_beside {
            return None;
        }
        let moves = matches!(frame.kind, Kind::Crossing | Kind::CrossingAttempt);
        if moves && self.clauses.is_generic(candidate.spot.head) {
            return None;
        }
        let (mut actor, mut recipient) = self.roles(&candidate, cast);
        let credited =
            cast.credited(self.analysis, self.clauses, candidate.spot.head, &candidate.telling);
        let voice = cast.voice(self.analysis, self.clauses);
        let speaker = credited.or_else(|| cast.quoted(self.analysis));
        let is_spoken = is_speech && frame.speaker && actor.is_none();
        if is_spoken {
            actor = speaker
                .clone()
                .or(voice)
                .filter(|who| frame.actor.is_empty() || who.class.meets(frame.actor));
        }
        // One body may speak to its own: "the senator urged his colleagues in Congress".
        if let (Some(a), Some(r)) = (&actor, &recipient)
            && (a.tokens == r.tokens
                || a.id == r.id && is_speech && (is_spoken || !are_apart(a, r)))
        {
            recipient = None;
        }
        // What he says is made by being said, whatever governs the word in it.
        let (status, status_rule) = if is_spoken && status != Status::Occurred {
            (Status::Occurred, "made by being told")
        } else {
            (status, status_rule)
        };
        let (quantity, counted) = self.quantity(&candidate, &actor, &recipient).unzip();
        let (date, dated) = self.date(&candidate).unzip();
        let is_known = self.clauses.is_known(candidate.spot.head);
        let attribution =
            speaker.filter(|who| !is_known && (!is_speech || who.rule == "according to"));
        let is_blamed = status == Status::Occurred && self.is_blamed(frame, &actor, &attribution);
        let (status, status_rule) = if is_blamed {
            (Status::Alleged, "told by another of whom is blamed")
        } else {
            (status, status_rule)
        };
        let why = Why {
            date: dated.unwrap_or_default(),
            quantity: counted.unwrap_or_default(),
            status: status_rule,
        };
        let draft = Draft { actor, recipient, date, quantity, status, attribution, why, candidate };
        self.needs_are_met(frame, &draft).then_some(draft)
    }

    /// Returns the status and the rule that gave it.
    fn status(&self, frame: &Frame, telling: &Telling) -> Option<(Status, &'static str)> {
        let speech = is_speech(frame.kind);
        if telling.is_negated
            && frame.negated == Negated::Nothing
            && !self.is_turned_down(telling, speech)
        {
            let told = telling.under.meets(self.senses.say);
            return (told && !speech).then_some((Status::Denied, "told not to be so"));
        }
        if speech && telling.status == Status::Denied {
            return None;
        }
        use Kind::*;
        let (status, rule) = match (frame.kind, telling.status) {
            // A speech act is made by being told, whatever it says.
            (Accuse | Deny | Threaten | Support, status) => {
                if status == Status::Planned && telling.rule != "modal" {
                    (Status::Planned, telling.rule)
                } else {
                    (Status::Occurred, "made by being told")
                }
            }
            // What is tried is an attempt that was made.
            (CrossingAttempt, Status::Possible) if telling.under.meets(self.senses.attempt) => {
                (Status::Occurred, "an attempt was made")
            }
            (_, status) => (status, telling.rule),
        };
        let is_open = status == Status::Occurred && frame.status != Status::Occurred;
        Some(if is_open { (frame.status, "as the frame has it") } else { (status, rule) })
    }

    /// "Refused the demand", "ignored the warning": what was said was said, whoever will not hear it.
    fn is_turned_down(&self, telling: &Telling, is_speech: bool) -> bool {
        const TURN_DOWN: [&str; 10] = [
            "refuse", "reject", "dismiss", "ignore", "decline", "resist", "spurn", "rebuff",
            "defy", "deny",
        ];
        let word = telling.word.filter(|at| self.analysis.tag(*at).is_verb());
        is_speech && word.is_some_and(|at| TURN_DOWN.contains(&self.analysis.lemma(at)))
    }

    /// What somebody else says that a state or a gang did to people is not established.
    fn is_blamed(&self, frame: &Frame, actor: &Option<Who>, attribution: &Option<Who>) -> bool {
        use Kind::*;
        let Some(source) = attribution else { return false };
        let lexicon = &self.codebook.lexicon;
        let by_state = matches!(frame.kind, Pushback | Assault | Smuggling)
            && actor
                .as_ref()
                .is_some_and(|actor| actor.id != source.id && lexicon.is_state(actor.id))
            && !source.class.meets(lexicon.class("media"));
        // What migrants and villagers tell of what was done to them.
        let by_people =
            matches!(frame.kind, Pushback | Assault | Smuggling | Detention | Deportation | Death)
                && source.class.meets(lexicon.classes(["migrant", "people", "civilian"]))
                && !source
                    .class
                    .meets(lexicon.classes(["official", "force", "state", "body", "ngo"]));
        by_state || by_people
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
        let is_noun = candidate.spot.shape == Shape::Noun;
        // "Visa sanctions against officials": against whom stands before what is in front.
        let against = arguments.behind.iter().find(|behind| {
            is_noun
                && matches!(behind.preposition.as_str(), "against" | "on")
                && frame.recipient_after.contains(&behind.preposition)
        });
        set(Side::Recipient, against.map(|behind| behind.object));
        // Where both sides are the same role, the object is whom it is about.
        set(frame.object, arguments.object);
        set(frame.subject, arguments.subject);
        // "Gave them water".
        let dative = self.analysis.sentence.child(candidate.spot.head, Label::Dative);
        let to_people = matches!(frame.kind, Kind::Aid | Kind::AsylumRule);
        set(Side::Recipient, dative.filter(|_| !is_noun && to_people));
        for behind in &arguments.behind {
            let listed = |list: &[String]| list.contains(&behind.preposition);
            let may_act = listed(&frame.actor_after)
                && actor.is_none()
                && (is_noun || behind.preposition != "of");
            let may_suffer = listed(&frame.recipient_after) && recipient.is_none();
            // "Talks between Kyiv and Minsk": the first named leads.
            if may_suffer && !(may_act && behind.preposition == "between") {
                recipient = self.somebody(cast, behind.object, frame.recipient);
            } else if may_act {
                actor = self.somebody(cast, behind.object, frame.actor);
            }
        }
        if recipient.is_none()
            && matches!(frame.kind, Kind::Agree | Kind::Consult)
            && let (Some(first), Some(subject)) = (&actor, arguments.subject)
        {
            recipient = self
                .beside(subject)
                .into_iter()
                .filter_map(|at| self.somebody(cast, at, frame.recipient))
                .find(|who| who.id != first.id);
        }
        if recipient.is_none() && frame.kind == Kind::AsylumRule {
            recipient = self.ruled(candidate, cast);
        }
        if recipient.is_none() && matches!(frame.kind, Kind::Accuse | Kind::Request) {
            recipient = self
                .told_of(candidate.spot.head)
                .and_then(|at| self.somebody(cast, at, frame.recipient))
                .filter(|who| actor.as_ref().is_none_or(|actor| actor.id != who.id));
        }
        (actor, recipient)
    }

    /// Returns the migrants whom a rule is about: the nearest that the words below it name.
    fn ruled(&self, candidate: &Candidate<'_>, cast: &Cast<'_>) -> Option<Who> {
        let a = self.analysis;
        let movers = self.codebook.lexicon.classes(["migrant", "people"]);
        let below = a.subtree(candidate.spot.head);
        let named = a.hits.iter().filter(|hit| {
            below.contains(&hit.tokens.start)
                && hit.entry.class.meets(movers)
                && !candidate.spot.tokens.contains(&hit.tokens.start)
        });
        let nearest = named.min_by_key(|hit| hit.tokens.start.abs_diff(candidate.spot.head))?;
        let head = nearest.tokens.end - 1;
        let is_noun = a.tag(head).is_noun() && a.label(head) != Label::Compound;
        self.somebody(cast, head, movers).filter(|_| is_noun)
    }

    /// Returns who does what a charge or a demand is about: "claims that the guards beat them", "called
    /// for Ankara to stop".
    fn told_of(&self, head: usize) -> Option<usize> {
        use Label::*;
        let clause = self.analysis.sentence.children(head).find(|at| {
            *at > head
                && matches!(self.analysis.label(*at), Ccomp | Acl | Advcl)
                && self.clauses.is_verb(*at)
                && self.analysis.sentence.children(*at).any(|child| {
                    self.analysis.label(child) == Mark
                        && matches!(self.analysis.lower(child), "that" | "for")
                })
        })?;
        self.clauses.deep_subject(clause)
    }

    /// Returns those who are named beside the first of a joint subject: "Tajik and Uzbek envoys", "the
    /// leaders of India and China".
    pub(super) fn beside(&self, subject: usize) -> Vec<usize> {
        let mut found = self.clauses.conjuncts(subject);
        for child in self.analysis.sentence.children(subject) {
            use Label::*;
            if matches!(self.analysis.label(child), Amod | Compound | Nmod | Poss) {
                found.extend(self.clauses.conjuncts(child));
            }
        }
        let of =
            self.clauses.behind(subject).into_iter().filter(|behind| behind.preposition == "of");
        found.extend(of.map(|behind| behind.object));
        found
    }

    /// Returns whether who a pronoun is meets what its frame asks of subject and object: before the cast
    /// was asked, it could be anybody.
    fn pronouns_fit(&self, candidate: &Candidate<'_>, cast: &Cast<'_>) -> bool {
        let (frame, arguments) = (candidate.frame, &candidate.arguments);
        [(arguments.subject, frame.subject_is), (arguments.object, frame.object_is)]
            .into_iter()
            .filter(|(_, asked)| !asked.class.is_empty() && !asked.country)
            .all(|(at, asked)| {
                let pronoun = at.filter(|at| self.analysis.tag(*at) == Tag::PRP);
                let who = pronoun.and_then(|at| cast.who(self.analysis, at, Class::default()));
                who.is_none_or(|who| who.class.is_empty() || who.class.meets(asked.class))
            })
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
    ) -> Option<(Quantity, Found)> {
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
        // A boat that crosses is counted, one that helps is not.
        let is_vessel = |count: &Count| {
            count.quantity.unit == Unit::Vehicles
                && !matches!(frame.kind, Kind::Crossing | Kind::CrossingAttempt)
        };
        let within = |range: std::ops::Range<usize>, single: bool| {
            let is_such = |count: &&Count| {
                fits(count)
                    && (single && !is_vessel(count) || !count.is_part && !count.is_singular)
                    && (range.contains(&count.head) || range.contains(&count.tokens.start))
            };
            let at = self.counts.iter().position(|count| is_such(&count))?;
            let mut found = made(&self.counts[at]);
            // "Six children and two women" are eight.
            if let Some(sum) = quantity::total(&self.counts, at) {
                (found.value, found.modifier) = (sum.value, sum.modifier);
            }
            Some((found, Found::count(&self.counts[at], "counted with whom it is about")))
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
        let single = || self.single(candidate).filter(|(one, _)| frame.units.contains(&one.unit));
        let found = |rule| move |count: &Count| (made(count), Found::count(count, rule));
        let told = || {
            let count = self.amounting(candidate).filter(|count| fits(count));
            count.map(found("what it amounts to"))
        };
        // "a 1,000-strong force", "by 20 %": a count that hangs on the trigger some other way.
        behind.or_else(told).or_else(single).or_else(|| {
            self.counts
                .iter()
                .filter(fits)
                .filter(|count| !count.is_part && !count.is_singular)
                .find(|count| a.head(count.head) == candidate.spot.head)
                .map(found("counted beside the trigger"))
        })
    }

    /// "The number of arrivals rose to 37,000", "the toll is 20": what its verb says it amounts to.
    fn amounting(&self, candidate: &Candidate<'_>) -> Option<&Count> {
        use crate::parser::syntax::Label::{Attr, Dobj, Nsubj, Nsubjpass, Pobj, Prep};
        let a = self.analysis;
        let subject = std::iter::once(candidate.spot.head)
            .chain(a.sentence.heads(candidate.spot.head).take(2))
            .find(|at| !matches!(a.label(*at), Pobj | Prep))
            .filter(|at| matches!(a.label(*at), Nsubj | Nsubjpass))?;
        let verb = a.head(subject);
        let is_said = |count: &&Count| {
            let at = count.head;
            match a.label(at) {
                Attr | Dobj => a.head(at) == verb,
                Pobj => {
                    let preposition = a.head(at);
                    matches!(a.lower(preposition), "to" | "at") && a.head(preposition) == verb
                }
                _ => false,
            }
        };
        let is_amount = |count: &&Count| !count.is_named && !count.is_part;
        self.counts.iter().filter(is_amount).find(is_said)
    }

    /// "Its helicopter was shot down": one, for happenings to vehicles.
    fn single(&self, candidate: &Candidate<'_>) -> Option<(Quantity, Found)> {
        let is_of_vehicles = matches!(candidate.frame.kind, Kind::Assault | Kind::Incursion);
        let arguments = [candidate.arguments.object, candidate.arguments.subject];
        let measures = &self.codebook.measures;
        arguments
            .into_iter()
            .flatten()
            .filter_map(|at| {
                let found = Found { rule: "a single one", tokens: self.analysis.noun_phrase(at) };
                Some((quantity::single(self.analysis, measures, at)?, found))
            })
            .find(|(one, _)| one.unit == Unit::Vehicles && is_of_vehicles)
    }

    /// Returns when it happens.
    fn date(&self, candidate: &Candidate<'_>) -> Option<(DateSpan, Found)> {
        let measures = &self.codebook.measures;
        let head = candidate.spot.head;
        let index = date::attached(&self.analysis.sentence, measures, &self.dates, head)?;
        let mention = self.dates.get(index)?;
        // What governs the date looks at it, not the whole telling: "had seen the boat on Sunday but
        // could not help".
        let found = Found { rule: mention.rule(), tokens: mention.tokens.clone() };
        Some((mention.span(mention.tense)?, found))
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
        // Somebody may be told without its being known who: "the two armies", "junta troops".
        let arguments = &draft.candidate.arguments;
        let told = |side: Side, accepts: Class| {
            let at = if frame.subject == side { arguments.subject } else { None };
            let other = if frame.object == side { arguments.object } else { None };
            let is_such = |at: usize| {
                self.analysis.tag(at).is_noun()
                    && self.has(at, Classes { class: accepts, country: false })
            };
            is_verb && !frame.speaker && [at, other].into_iter().flatten().any(is_such)
        };
        let met = |need: &Need| match need {
            Need::Actor => draft.actor.is_some() || told(Side::Actor, frame.actor),
            Need::Recipient => draft.recipient.is_some() || told(Side::Recipient, frame.recipient),
            Need::Quantity => draft.quantity.is_some(),
            Need::Place => self.is_placed(spot.head),
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

    /// Returns whether the trigger, or the verb that it depends on, has a place behind a preposition.
    fn is_placed(&self, head: usize) -> bool {
        const AT: [&str; 15] = [
            "in", "at", "on", "near", "along", "across", "over", "inside", "around", "outside",
            "between", "into", "off", "through", "by",
        ];
        let ground = self.codebook.lexicon.classes(["border", "territory", "camp", "gate"]);
        let grounds = Classes { class: ground, country: true };
        let verb = self.analysis.sentence.heads(head).find(|at| self.clauses.is_verb(*at));
        [Some(head), verb].into_iter().flatten().any(|at| {
            self.clauses.behind_all(at).iter().any(|behind| {
                AT.contains(&behind.preposition.as_str()) && self.has(behind.object, grounds)
            })
        })
    }
}
