//! One frame at one trigger of a sentence: its slots filled, or a reason why it is no event.

use super::analysis::Tag;
use super::party::{Finder, Party};
use super::place::{self, Place};
use super::quantity::Count;
use super::role::{Roles, Spot};
use super::status::{Telling, telling};
use crate::parser::codebook::{Frame, Id, Need, Side, Via};
use crate::parser::{DateSpan, Kind, Modifier, Quantity, Status, Unit};

/// Tokens after a trigger that are looked at for what it needs.
const OBJECT_WINDOW: usize = 9;

/// What a sentence gives, before text and offsets are put to it.
pub(super) struct Draft<'f> {
    pub(super) frame: &'f Frame,
    pub(super) spot: Spot,
    pub(super) roles: Roles,
    pub(super) countries: Vec<Id>,
    pub(super) place: Option<(usize, usize)>,
    pub(super) date: Option<DateSpan>,
    pub(super) quantity: Option<Quantity>,
    pub(super) status: Status,
    pub(super) attribution: Option<Party>,
}

/// A sentence with what all its events share.
pub(super) struct Scene<'a, 's> {
    pub(super) finder: Finder<'a, 's>,
    pub(super) places: Vec<Place>,
    pub(super) attribution: Option<(Party, usize)>,
}

impl Scene<'_, '_> {
    pub(super) fn draft<'f>(&self, frame: &'f Frame, spot: Spot) -> Option<Draft<'f>> {
        let (codebook, sentence, context) =
            (self.finder.codebook, self.finder.sentence, self.finder.context);
        let around = sentence.classes.and(context.before).and(context.title).and(context.theme);
        let is_verb = matches!(spot.via, Via::Verb(_));
        if !frame.near.is_empty() && !around.meets(frame.near) {
            return None;
        }
        if !frame.here.is_empty() && !sentence.classes.meets(frame.here) {
            return None;
        }
        if frame.not.iter().any(|phrase| sentence.contains(phrase)) {
            return None;
        }
        let told = telling(codebook, sentence, spot);
        let denied = told == Telling::As(Status::Denied);
        let unsure = told == Telling::As(Status::Possible) && is_verb;
        if told == Telling::Negated
            || told == Telling::Purpose
            || (denied || unsure) && is_speech(frame.kind)
        {
            return None;
        }
        let mut roles = self.finder.roles(frame, spot);
        if is_verb && !self.object_fits(frame, spot, &roles) {
            return None;
        }
        if !frame.actor_is.is_empty() && is_verb {
            let words = roles.actor.map(|actor| sentence.groups[actor.group].words);
            if !words.is_some_and(|words| words.meets(frame.actor_is)) {
                return None;
            }
        }
        let is_speech = is_speech(frame.kind);
        if roles.actor.is_none() && (is_speech && frame.speaker) {
            roles.actor = self
                .attribution
                .map(|(party, _)| party)
                .filter(|party| party.class.is_empty() || party.class.meets(frame.actor));
        }
        if frame.speaker && is_speech {
            self.address(frame, spot, &mut roles);
        }
        if let (Some(actor), Some(recipient)) = (roles.actor, roles.recipient)
            && actor.group == recipient.group
        {
            roles.recipient = None;
        }
        self.part(frame, &mut roles);
        let date = self.date(spot);
        let quantity = self.quantity(frame, spot, &roles);
        if frame.mutual && is_verb && self.is_mutual(spot) {
            self.pair(&mut roles);
        }
        let (mut countries, place) = place::of_event(frame.kind, spot.start, &self.places, context);
        // Who is sent away leaves the country of the one who sends.
        if let (Kind::Pushback | Kind::Deportation, Some(actor)) = (frame.kind, roles.actor)
            && countries.len() == 1
            && self.is_state(actor.id)
        {
            countries.push(actor.id);
        }
        // What a state decrees or judges holds at home.
        let decrees =
            matches!(frame.kind, Kind::AsylumRule | Kind::LegalAction | Kind::EmergencyMeasure);
        if let Some(actor) = roles.actor.filter(|actor| self.is_state(actor.id))
            && decrees
            && place.is_none()
        {
            countries = vec![actor.id];
        }
        // "The border" of which no side is named is that between the two who act there.
        if self.places.iter().any(|place| place.is_border)
            && countries.len() < 2
            && !place::is_placeless(frame.kind)
        {
            let sides = [roles.actor, roles.recipient].into_iter().flatten().map(|party| party.id);
            countries.extend(sides.filter(|id| self.is_state(*id)));
        }
        let needs = if is_verb { &frame.needs_verb } else { &frame.needs_noun };
        let after = sentence.classes_in(spot.end, spot.end + OBJECT_WINDOW);
        let met = |need: &Need| match need {
            Need::Actor => roles.actor.is_some(),
            Need::Recipient => roles.recipient.is_some(),
            Need::Quantity => quantity.is_some(),
            Need::Place => place.is_some(),
            Need::Date => date.is_some(),
            Need::Word(class) => after.meets(*class),
        };
        if !needs.iter().all(|any| any.iter().any(met)) {
            return None;
        }
        if frame.adds
            && !is_verb
            && date.is_none()
            && quantity.is_none()
            && place.is_none()
            && roles.actor.is_none()
        {
            return None;
        }
        if frame.abroad && !self.is_abroad(&roles, &countries) {
            return None;
        }
        let status = match told {
            Telling::As(status) if !is_speech || status == Status::Planned => status,
            _ => frame.status,
        };
        // "Lithuania declared a state of emergency": the verb is the event, not its telling.
        let told_by = self.attribution.filter(|(_, verb)| !(spot.start..spot.end).contains(verb));
        // "The judge ruled …, and said": what the speaker did before is not what was said.
        let own = |party: &Party, verb: usize| {
            spot.end <= verb && roles.actor.is_some_and(|actor| actor.group == party.group)
        };
        let told_by = told_by.filter(|(party, verb)| !own(party, *verb));
        let attribution = told_by.map(|(party, _)| party).filter(|_| !is_speech);
        let place = place.map(|place| (place.start, place.end));
        Some(Draft { frame, spot, roles, countries, place, date, quantity, status, attribution })
    }

    /// One state is not on both ends: "the guards" of nobody are then others, a partner is another.
    fn part(&self, frame: &Frame, roles: &mut Roles) {
        let (Some(actor), Some(recipient)) = (roles.actor, roles.recipient) else { return };
        if actor.id != recipient.id || !self.is_state(actor.id) {
            return;
        }
        let unnamed = |party: Party| {
            self.finder.sentence.groups.get(party.group).is_some_and(|group| group.id.is_none())
        };
        if frame.kind == Kind::Sanction || unnamed(actor) && frame.kind != Kind::LegalAction {
            roles.actor = None;
        } else if unnamed(recipient) || is_speech(frame.kind) || frame.kind == Kind::Exercise {
            roles.recipient = None;
        }
    }

    /// Finds who is meant by words that name nobody in their own place: "what Turkish authorities do
    /// is illegal", said in quotes by whoever spoke last.
    fn address(&self, frame: &Frame, spot: Spot, roles: &mut Roles) {
        let sentence = self.finder.sentence;
        let quoted = sentence.tags.contains(&Tag::Quote);
        if roles.actor.is_none()
            && quoted
            && let Some((id, class)) = self.finder.context.subject
        {
            let end = sentence.len().min(1);
            roles.actor = Some(Party { id, class, start: 0, end, group: usize::MAX });
        }
        let Some(actor) = roles.actor.filter(|_| roles.recipient.is_none()) else { return };
        let powers = self
            .finder
            .codebook
            .lexicon
            .classes(["state", "official", "force", "smuggler", "body"]);
        let mut order: Vec<usize> = (0..sentence.groups.len()).collect();
        order.sort_by_key(|index| (sentence.groups[*index].start < spot.end, *index));
        roles.recipient = order.into_iter().find_map(|index| {
            let group = &sentence.groups[index];
            let party = group.is_somebody().then(|| self.finder.party(index, powers)).flatten()?;
            let other = party.id != actor.id && index != actor.group && !party.class.is_empty();
            (other
                && party.class.meets(powers)
                && (frame.recipient.is_empty() || party.class.meets(frame.recipient)))
            .then_some(party)
        });
    }

    /// Returns whether the words in the object's place are what the frame is about.
    fn object_fits(&self, frame: &Frame, spot: Spot, roles: &Roles) -> bool {
        let sentence = self.finder.sentence;
        let stretch = |from: usize| {
            let end = (from..(from + OBJECT_WINDOW).min(sentence.len()))
                .find(|i| {
                    matches!(sentence.tag_at(*i), Tag::Mark | Tag::Subordinator)
                        || sentence.tag_at(*i) == Tag::Comma
                        || sentence.tag_at(*i) == Tag::Verb && *i > from
                        || matches!(
                            sentence.word(*i),
                            Some(
                                "in" | "near"
                                    | "at"
                                    | "along"
                                    | "amid"
                                    | "by"
                                    | "after"
                                    | "on"
                                    | "over"
                                    | "until"
                            )
                        ) && *i > from
                })
                .unwrap_or((from + OBJECT_WINDOW).min(sentence.len()));
            (from, end)
        };
        let (from, end) = match roles.object.filter(|_| roles.is_passive) {
            Some(group) => (sentence.groups[group].start, sentence.groups[group].end),
            None if roles.is_passive => self.passive_subject(spot),
            // "the crossing reopened": nothing follows, what stands before is opened.
            None if frame.object == Side::Nobody && roles.object.is_none() => {
                let (from, end) = self.passive_subject(spot);
                if sentence.classes_in(from, end).meets(frame.object_is) {
                    (from, end)
                } else {
                    stretch(spot.end)
                }
            }
            None => stretch(spot.end),
        };
        let said = |i: usize| {
            sentence.word(i).is_some_and(|word| frame.not_object.iter().any(|not| not == word))
        };
        let after = spot.end..(spot.end + 2).min(sentence.len());
        if (from..end).chain(after).any(said) {
            return false;
        }
        // The gap of "take … into custody" counts with what follows.
        let classes =
            sentence.classes_in(from, end).and(sentence.classes_in(spot.start + 1, spot.end));
        if frame.object_is.is_empty() || classes.meets(frame.object_is) {
            return true;
        }
        // "an accusation Belarus denies": the object stands before a verb that nothing follows.
        let is_last = matches!(sentence.tag_at(spot.end), Tag::Comma | Tag::Mark);
        let before = sentence.classes_in(spot.start.saturating_sub(5), spot.start);
        is_last && !roles.is_passive && before.meets(frame.object_is)
    }

    /// The nearest group before a passive verb, whoever it is.
    fn passive_subject(&self, spot: Spot) -> (usize, usize) {
        let sentence = self.finder.sentence;
        let from = sentence.groups.partition_point(|group| group.end <= spot.start);
        let subject = sentence.groups[..from].iter().rev().find(|group| group.governor.is_none());
        subject.map_or((spot.start, spot.start), |group| (group.start, group.end))
    }

    /// The date of the trigger's own clause, else the nearest.
    fn date(&self, spot: Spot) -> Option<DateSpan> {
        let sentence = self.finder.sentence;
        let distance = |start: usize, end: usize| {
            if start >= spot.end { start - spot.end } else { spot.start.saturating_sub(end) + 1 }
        };
        let crossed = |start: usize, end: usize| {
            let (a, b) = if start >= spot.end {
                (spot.end, start)
            } else {
                (end.min(spot.start), spot.start)
            };
            (a..b)
                .filter(|i| {
                    matches!(sentence.tag_at(*i), Tag::Subordinator | Tag::Linker | Tag::Mark)
                })
                .count()
        };
        sentence
            .dates
            .iter()
            .filter(|date| crossed(date.start, date.end) <= 1)
            .min_by_key(|date| {
                (crossed(date.start, date.end) * 8 + distance(date.start, date.end), date.start)
            })
            .map(|date| date.span)
    }

    /// The count that fits: in the party's own words, else nearest to the trigger in its clause.
    fn quantity(&self, frame: &Frame, spot: Spot, roles: &Roles) -> Option<Quantity> {
        let sentence = self.finder.sentence;
        let fits = |count: &&Count| frame.units.contains(&count.quantity.unit);
        let parties = [roles.recipient, roles.actor, roles.object.map(|group| self.span_of(group))];
        for party in parties.into_iter().flatten() {
            let within = sentence
                .counts
                .iter()
                .filter(fits)
                .find(|count| party.start <= count.start && count.start < party.end);
            if let Some(count) = within {
                return Some(as_unit(frame, count.quantity));
            }
        }
        // "a migrant died" is one death.
        if frame.as_unit == Some(Unit::Deaths)
            && let Some(party) = roles.recipient
            && matches!(sentence.word(party.start), Some("a" | "an" | "one" | "another"))
        {
            return Some(Quantity { value: 1.0, unit: Unit::Deaths, modifier: Modifier::Exact });
        }
        let distance = |count: &Count| {
            if count.start >= spot.end {
                count.start - spot.end
            } else {
                spot.start.saturating_sub(count.end)
            }
        };
        let in_clause = |count: &&Count| {
            let (a, b) = if count.start >= spot.end {
                (spot.end, count.start)
            } else {
                (count.end.min(spot.start), spot.start)
            };
            !(a..b)
                .any(|i| matches!(sentence.tag_at(i), Tag::Subordinator | Tag::Mark | Tag::Linker))
                && (a..b).filter(|i| sentence.tag_at(*i) == Tag::Comma).count() <= 1
                && (a..b).filter(|i| sentence.tag_at(*i) == Tag::Verb).count() <= 1
        };
        let others = |count: &&Count| {
            // Words of somebody in another role are not counted here.
            !sentence.group_at(count.start).is_some_and(|(index, group)| {
                group.is_somebody()
                    && count.quantity.unit != Unit::Troops
                    && !(group.start <= spot.start && spot.start < group.end)
                    && roles.recipient.or(roles.actor).is_some_and(|p| p.group != index)
            })
        };
        sentence
            .counts
            .iter()
            .filter(fits)
            .filter(in_clause)
            .filter(others)
            .filter(|count| distance(count) <= 10)
            .min_by_key(|count| (!count.is_named, distance(count)))
            .map(|count| as_unit(frame, count.quantity))
    }

    fn span_of(&self, index: usize) -> Party {
        let group = &self.finder.sentence.groups[index];
        let id = self.finder.codebook.lexicon.id("OTH");
        Party {
            id: id.expect("the codebook has OTH"),
            class: group.class,
            start: group.start,
            end: group.end,
            group: index,
        }
    }

    fn is_state(&self, id: Id) -> bool {
        self.finder.codebook.lexicon.is_state(id)
    }

    /// Whether "each other" follows the trigger.
    fn is_mutual(&self, spot: Spot) -> bool {
        let sentence = self.finder.sentence;
        matches!(sentence.word(spot.end), Some("each" | "one"))
            && matches!(sentence.word(spot.end + 1), Some("other" | "another"))
    }

    /// Makes the two sides actor and recipient: a joined pair, or the states of the text's border.
    fn pair(&self, roles: &mut Roles) {
        let Some(actor) = roles.actor else { return };
        let sides = self.finder.context.dyads.first().copied().or(self.finder.context.rivals);
        if roles.fellow.is_none()
            && let Some((a, b)) = &sides
        {
            roles.actor = Some(Party { id: *a, ..actor });
            roles.fellow = Some(Party { id: *b, ..actor });
        }
        roles.recipient = roles.fellow;
    }

    /// Whether fire or movement leaves the actor's own country.
    fn is_abroad(&self, roles: &Roles, countries: &[Id]) -> bool {
        let sentence = self.finder.sentence;
        let across = ["across", "cross-border", "into", "airspace"]
            .iter()
            .any(|word| (0..sentence.len()).any(|i| sentence.word(i) == Some(word)));
        let is_state = |id: Id| self.is_state(id);
        match roles.actor {
            Some(actor) if is_state(actor.id) => {
                let foreign = countries.iter().any(|id| *id != actor.id);
                let against =
                    roles.recipient.is_some_and(|other| is_state(other.id) && other.id != actor.id);
                across || foreign && !countries.contains(&actor.id) || against
            }
            Some(_) => across,
            None => across,
        }
    }
}

fn as_unit(frame: &Frame, quantity: Quantity) -> Quantity {
    match (frame.as_unit, quantity.unit) {
        (Some(unit), Unit::People | Unit::Troops) => Quantity { unit, ..quantity },
        _ => quantity,
    }
}

pub(super) fn is_speech(kind: Kind) -> bool {
    use Kind::*;
    matches!(kind, Support | Consult | Agree | Request | Accuse | Deny | Threaten)
}
