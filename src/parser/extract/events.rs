//! Events of one sentence: frames tried at their triggers, their slots filled.

use super::analysis::{Analysis, Tag};
use super::context::Context;
use super::place::{self, Place};
use super::quantity::Count;
use super::role::{Finder, Party, Roles, Spot};
use super::speech;
use super::status::{Telling, telling};
use crate::parser::codebook::{Class, Codebook, Frame, Id, Need, Part, Trigger, Via};
use crate::parser::{Actor, DateSpan, Event, Evidence, Kind, Modifier, Quantity, Status, Unit};

/// Tokens that a gap in a trigger ("push … back") may hold.
const GAP_MAX: usize = 8;

/// Tokens after a trigger that are looked at for what it needs.
const OBJECT_WINDOW: usize = 9;

/// Events of one sentence: what is beyond is a list of words, no news.
const EVENTS_PER_SENTENCE_MAX: usize = 12;

/// What a sentence gives, before text and offsets are put to it.
struct Draft<'f> {
    frame: &'f Frame,
    spot: Spot,
    roles: Roles,
    countries: Vec<Id>,
    place: Option<(usize, usize)>,
    date: Option<DateSpan>,
    quantity: Option<Quantity>,
    status: Status,
    attribution: Option<Party>,
}

/// Where the events of a sentence stand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'t> {
    pub(super) text: &'t str,
    /// Code points before the sentence.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) in_title: bool,
}

/// Returns the events of the sentence in the order of their triggers, and notes in the context what
/// later sentences inherit.
pub(super) fn events(
    codebook: &Codebook,
    sentence: &Analysis<'_>,
    context: &mut Context,
    source: Source<'_>,
) -> Vec<Event> {
    let drafts = drafts(codebook, sentence, context);
    remember(codebook, sentence, context, &drafts);
    drafts.into_iter().map(|draft| finish(codebook, sentence, source, draft)).collect()
}

fn drafts<'c>(
    codebook: &'c Codebook,
    sentence: &Analysis<'_>,
    context: &Context,
) -> Vec<Draft<'c>> {
    let finder = Finder { codebook, sentence, context };
    let places = place::places(codebook, sentence, context);
    let attribution = speech::attribution(&finder);
    let scene = Scene { finder, places, attribution };
    let mut drafts: Vec<Draft<'c>> = Vec::new();
    for at in 0..sentence.len() {
        let Some(triggers) = sentence.word(at).and_then(|word| codebook.triggers.get(word)) else {
            continue;
        };
        let mut tried: Vec<(usize, usize)> = Vec::new();
        for trigger in triggers {
            if tried.iter().any(|(frame, _)| *frame == trigger.frame) {
                continue;
            }
            let Some(end) = matched(sentence, trigger, at) else { continue };
            tried.push((trigger.frame, end));
            let spot = Spot { start: at, end, via: trigger.via };
            let frame = &codebook.frames[trigger.frame];
            if let Some(draft) = scene.draft(frame, spot) {
                add(&mut drafts, draft);
            }
        }
        if drafts.len() >= EVENTS_PER_SENTENCE_MAX {
            break;
        }
    }
    blame(&scene, &mut drafts);
    mutual(&mut drafts);
    drafts
}

/// Returns the token after the trigger's last word when it stands at the token.
fn matched(sentence: &Analysis<'_>, trigger: &Trigger, at: usize) -> Option<usize> {
    match trigger.via {
        Via::Verb(_) if sentence.tag_at(at) != Tag::Verb => return None,
        Via::Noun if sentence.tag_at(at) == Tag::Verb && trigger.parts.len() == 1 => return None,
        _ => {}
    }
    let mut end = at;
    let mut parts = trigger.parts.iter().peekable();
    while let Some(part) = parts.next() {
        match part {
            Part::Word(word) => {
                if sentence.word(end) != Some(word) {
                    return None;
                }
                end += 1;
            }
            Part::Gap => {
                let Some(Part::Word(next)) = parts.peek() else { return None };
                let stop = (end..(end + GAP_MAX).min(sentence.len())).find(|i| {
                    sentence.word(*i) == Some(next) || matches!(sentence.tag_at(*i), Tag::Mark | Tag::Subordinator)
                })?;
                if sentence.word(stop) != Some(next) {
                    return None;
                }
                end = stop;
            }
        }
    }
    Some(end)
}

/// A sentence with what all its events share.
struct Scene<'a, 's> {
    finder: Finder<'a, 's>,
    places: Vec<Place>,
    attribution: Option<Party>,
}

impl Scene<'_, '_> {
    fn draft<'f>(&self, frame: &'f Frame, spot: Spot) -> Option<Draft<'f>> {
        let (codebook, sentence, context) = (self.finder.codebook, self.finder.sentence, self.finder.context);
        let around = sentence.classes.and(context.before).and(context.title);
        let is_verb = matches!(spot.via, Via::Verb(_));
        if !frame.near.is_empty() && !around.meets(frame.near) {
            return None;
        }
        if frame.not.iter().any(|phrase| sentence.contains(phrase)) {
            return None;
        }
        let told = telling(codebook, sentence, spot);
        if told == Telling::Negated || told == Telling::Purpose {
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
            roles.actor = self.attribution.filter(|party| party.class.is_empty() || party.class.meets(frame.actor));
        }
        if let (Some(actor), Some(recipient)) = (roles.actor, roles.recipient)
            && actor.group == recipient.group
        {
            roles.recipient = None;
        }
        let date = self.date(spot);
        let quantity = self.quantity(frame, spot, &roles);
        let (countries, place) = place::of_event(frame.kind, spot.start, &self.places, context);
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
        if frame.adds && !is_verb && date.is_none() && quantity.is_none() && place.is_none() && roles.actor.is_none() {
            return None;
        }
        if frame.abroad && !self.is_abroad(&roles, &countries) {
            return None;
        }
        let status = match told {
            Telling::As(status) if !is_speech || status == Status::Planned => status,
            _ => frame.status,
        };
        let attribution = self.attribution.filter(|_| !is_speech);
        let place = place.map(|place| (place.start, place.end));
        Some(Draft { frame, spot, roles, countries, place, date, quantity, status, attribution })
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
                        || matches!(sentence.word(*i), Some("in" | "near" | "at" | "along" | "amid" | "by" | "after" | "on" | "over" | "until")) && *i > from
                })
                .unwrap_or((from + OBJECT_WINDOW).min(sentence.len()));
            (from, end)
        };
        let (from, end) = match roles.object.filter(|_| roles.is_passive) {
            Some(group) => (sentence.groups[group].start, sentence.groups[group].end),
            None if roles.is_passive => self.passive_subject(spot),
            None => stretch(spot.end),
        };
        let said = |i: usize| sentence.word(i).is_some_and(|word| frame.not_object.iter().any(|not| not == word));
        if (from..end).any(said) {
            return false;
        }
        // The gap of "take … into custody" counts with what follows.
        let classes = sentence.classes_in(from, end).and(sentence.classes_in(spot.start + 1, spot.end));
        frame.object_is.is_empty() || classes.meets(frame.object_is)
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
            let (a, b) = if start >= spot.end { (spot.end, start) } else { (end.min(spot.start), spot.start) };
            (a..b).filter(|i| matches!(sentence.tag_at(*i), Tag::Subordinator | Tag::Linker | Tag::Mark)).count()
        };
        sentence
            .dates
            .iter()
            .filter(|date| crossed(date.start, date.end) <= 1)
            .min_by_key(|date| (crossed(date.start, date.end) * 8 + distance(date.start, date.end), date.start))
            .map(|date| date.span)
    }

    /// The count that fits: in the party's own words, else nearest to the trigger in its clause.
    fn quantity(&self, frame: &Frame, spot: Spot, roles: &Roles) -> Option<Quantity> {
        let sentence = self.finder.sentence;
        let fits = |count: &&Count| frame.units.contains(&count.quantity.unit);
        let parties = [roles.recipient, roles.actor, roles.object.map(|group| self.span_of(group))];
        for party in parties.into_iter().flatten() {
            let within = sentence.counts.iter().filter(fits).find(|count| party.start <= count.start && count.start < party.end);
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
            if count.start >= spot.end { count.start - spot.end } else { spot.start.saturating_sub(count.end) }
        };
        let in_clause = |count: &&Count| {
            let (a, b) = if count.start >= spot.end { (spot.end, count.start) } else { (count.end.min(spot.start), spot.start) };
            !(a..b).any(|i| matches!(sentence.tag_at(i), Tag::Subordinator | Tag::Mark | Tag::Linker))
                && (a..b).filter(|i| sentence.tag_at(*i) == Tag::Comma).count() <= 1
                && (a..b).filter(|i| sentence.tag_at(*i) == Tag::Verb).count() <= 1
        };
        let others = |count: &&Count| {
            // Words of somebody in another role are not counted here.
            !sentence.group_at(count.start).is_some_and(|(index, group)| {
                group.is_somebody() && roles.recipient.or(roles.actor).is_some_and(|p| p.group != index)
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
        Party { id: id.expect("the codebook has OTH"), class: group.class, start: group.start, end: group.end, group: index }
    }

    /// Whether fire or movement leaves the actor's own country.
    fn is_abroad(&self, roles: &Roles, countries: &[Id]) -> bool {
        let sentence = self.finder.sentence;
        let across = ["across", "cross-border", "into", "airspace"].iter().any(|word| (0..sentence.len()).any(|i| sentence.word(i) == Some(word)));
        let name = |id: Id| self.finder.codebook.lexicon.id_name(id);
        let is_state = |id: Id| name(id).len() == 3 && !matches!(name(id), "MIG" | "NGO" | "SMG" | "REB" | "BUS" | "MED" | "CVL" | "OTH" | "IOM" | "COE" | "OAS");
        match roles.actor {
            Some(actor) if is_state(actor.id) => {
                let foreign = countries.iter().any(|id| *id != actor.id);
                let against = roles.recipient.is_some_and(|other| is_state(other.id) && other.id != actor.id);
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

/// Adds the draft unless the sentence gives that event already.
fn add<'f>(drafts: &mut Vec<Draft<'f>>, draft: Draft<'f>) {
    let overlaps = |other: &Draft<'_>| other.spot.start < draft.spot.end && draft.spot.start < other.spot.end;
    for other in drafts.iter_mut() {
        let same_words = overlaps(other);
        let same_kind = other.frame.kind == draft.frame.kind;
        if same_words && (same_kind || is_rival(other.frame.kind, draft.frame.kind)) {
            return;
        }
        if !same_kind {
            continue;
        }
        let differs = match (other.quantity, draft.quantity) {
            (Some(a), Some(b)) => a.value != b.value,
            _ => false,
        } || match (other.roles.recipient, draft.roles.recipient) {
            (Some(a), Some(b)) => a.id != b.id,
            _ => false,
        };
        if differs && !draft.frame.once {
            continue;
        }
        if filled(&draft) > filled(other) {
            *other = draft;
        }
        return;
    }
    drafts.push(draft);
}

/// Kinds that read the same words: the first that matched stands.
fn is_rival(a: Kind, b: Kind) -> bool {
    use Kind::*;
    let groups: [&[Kind]; 6] = [
        &[Crossing, CrossingAttempt, Incursion, Smuggling],
        &[Pushback, Deportation, CrossingAttempt],
        &[BorderClosure, AsylumRule, EmergencyMeasure, Sanction, Deportation],
        &[Detention, Incursion, Stranding, Rescue],
        &[Incursion, Assault, Deployment],
        &[Aid, Support, Deployment],
    ];
    groups.iter().any(|group| group.contains(&a) && group.contains(&b))
}

fn filled(draft: &Draft<'_>) -> usize {
    usize::from(draft.roles.actor.is_some())
        + usize::from(draft.roles.recipient.is_some())
        + usize::from(draft.quantity.is_some())
}

/// What an accusation says is alleged, against the accused and by the accuser.
fn blame(scene: &Scene<'_, '_>, drafts: &mut [Draft<'_>]) {
    let Some(accusation) = drafts.iter().position(|draft| draft.frame.kind == Kind::Accuse && matches!(draft.spot.via, Via::Verb(_))) else {
        return;
    };
    let (from, roles) = (drafts[accusation].spot.end, drafts[accusation].roles);
    let (accuser, accused) = (roles.actor, roles.recipient);
    let sentence = scene.finder.sentence;
    for draft in drafts.iter_mut().filter(|draft| draft.spot.start >= from && !is_speech(draft.frame.kind)) {
        let told_apart = (from..draft.spot.start).any(|i| matches!(sentence.tag_at(i), Tag::Linker) || sentence.word(i) == Some("as"));
        let of = (from..draft.spot.start).any(|i| matches!(sentence.word(i), Some("of" | "for" | "that" | "by")));
        if told_apart || !of {
            continue;
        }
        if draft.status == Status::Occurred {
            draft.status = Status::Alleged;
        }
        draft.attribution = draft.attribution.or(accuser);
        let accused_acts = draft.frame.subject == crate::parser::codebook::Side::Actor
            && accused.is_some_and(|party| draft.frame.actor.is_empty() || party.class.meets(draft.frame.actor));
        if accused_acts && draft.roles.actor.is_none_or(|actor| Some(actor.group) == accuser.map(|a| a.group)) {
            draft.roles.actor = accused;
        }
    }
}

/// "Accused each other" is two events.
fn mutual(drafts: &mut Vec<Draft<'_>>) {
    let Some(at) = drafts.iter().position(|draft| {
        draft.frame.mutual && draft.roles.fellow.is_some() && (draft.roles.recipient.is_none() || draft.roles.recipient == draft.roles.fellow)
    }) else {
        return;
    };
    let draft = &mut drafts[at];
    draft.roles.recipient = draft.roles.fellow;
    let roles = Roles { actor: draft.roles.fellow, recipient: draft.roles.actor, ..draft.roles };
    let other = Draft { roles, countries: draft.countries.clone(), ..*draft };
    drafts.insert(at + 1, other);
}

fn remember(codebook: &Codebook, sentence: &Analysis<'_>, context: &mut Context, drafts: &[Draft<'_>]) {
    context.before = sentence.classes;
    if let Some(draft) = drafts.iter().find(|draft| !draft.countries.is_empty()) {
        context.place.clone_from(&draft.countries);
    }
    let finder = Finder { codebook, sentence, context };
    let speaking = codebook.lexicon.classes(["state", "body", "official", "ngo", "force", "court", "media", "person", "armed", "other"]);
    let subject = sentence
        .groups
        .iter()
        .enumerate()
        .filter(|(_, group)| group.governor.is_none() && group.is_somebody() && group.head != super::group::Head::Pronoun)
        .find_map(|(index, _)| finder.party(index, speaking))
        .map(|party| (party.id, party.class));
    let speaker = speech::attribution(&finder).map(|party| (party.id, party.class));
    if let Some(subject) = speaker.or(subject) {
        context.subject = Some(subject);
    }
}

fn finish(codebook: &Codebook, sentence: &Analysis<'_>, source: Source<'_>, draft: Draft<'_>) -> Event {
    let words = |start: usize, end: usize| sentence.words(source.text, start, end);
    let actor = |party: Party| Actor {
        text: words(party.start, party.end),
        id: codebook.lexicon.id_name(party.id).to_owned(),
    };
    let mut countries: Vec<String> =
        draft.countries.iter().map(|id| codebook.lexicon.id_name(*id).to_owned()).collect();
    countries.sort();
    countries.dedup();
    Event {
        kind: draft.frame.kind,
        actor: draft.roles.actor.map(actor),
        recipient: draft.roles.recipient.map(actor),
        countries,
        place: draft.place.map(|(start, end)| words(start, end)),
        date: draft.date,
        quantity: draft.quantity,
        status: draft.status,
        attribution: draft.attribution.map(actor),
        evidence: Evidence {
            start: source.start,
            end: source.end,
            trigger: words(draft.spot.start, draft.spot.end),
            sentence: source.text[sentence.range.clone()].to_owned(),
            in_title: source.in_title,
        },
        frame: draft.frame.name.clone(),
    }
}

/// Returns the classes that make a document one about borders.
pub(super) fn is_relevant(codebook: &Codebook, sentences: &[Analysis<'_>]) -> bool {
    let strong: Class = codebook.lexicon.classes(["border", "migration", "migrant"]);
    let conflict = codebook.lexicon.class("conflict");
    let (mut about, mut fights, mut off) = (0_usize, 0_usize, 0_usize);
    let mut states = std::collections::HashSet::new();
    for sentence in sentences {
        for hit in &sentence.hits {
            about += usize::from(hit.entry.class.meets(strong));
            fights += usize::from(hit.entry.class.meets(conflict));
            states.extend(hit.entry.countries.iter().copied());
        }
        off += sentence.tokens.iter().filter(|token| codebook.words.off_topic.contains(&token.word)).count();
    }
    let is_conflict = fights >= 2 && states.len() >= 2;
    (about > 0 || is_conflict) && off <= about + if is_conflict { fights } else { 0 }
}
