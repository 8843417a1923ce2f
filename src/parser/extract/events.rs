//! Events of one sentence: frames tried at their triggers, their slots filled.

use super::analysis::{Analysis, Tag};
use super::context::Context;
use super::group::Head;
use super::party::{Finder, Party};
use super::place;
use super::role::{Roles, Spot};
use super::scene::{Draft, Scene, is_speech};
use super::speech;
use crate::parser::codebook::{Codebook, Part, Side, Trigger, Via};
use crate::parser::{Actor, Event, Evidence, Kind, Status};

/// Tokens that a gap in a trigger ("push … back") may hold.
const GAP_MAX: usize = 8;

/// Events of one sentence: what is beyond is a list of words, no news.
const EVENTS_PER_SENTENCE_MAX: usize = 12;

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
        Via::Verb(_) if !matches!(sentence.tag_at(at), Tag::Verb | Tag::Auxiliary) => return None,
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
                    sentence.word(*i) == Some(next)
                        || matches!(sentence.tag_at(*i), Tag::Mark | Tag::Subordinator)
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

/// Adds the draft unless the sentence gives that event already.
fn add<'f>(drafts: &mut Vec<Draft<'f>>, draft: Draft<'f>) {
    let overlaps =
        |other: &Draft<'_>| other.spot.start < draft.spot.end && draft.spot.start < other.spot.end;
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
    let Some(accusation) = drafts.iter().position(|draft| {
        draft.frame.kind == Kind::Accuse && matches!(draft.spot.via, Via::Verb(_))
    }) else {
        return;
    };
    let (from, roles) = (drafts[accusation].spot.end, drafts[accusation].roles);
    let (accuser, accused) = (roles.actor, roles.recipient);
    let sentence = scene.finder.sentence;
    for draft in
        drafts.iter_mut().filter(|draft| draft.spot.start >= from && !is_speech(draft.frame.kind))
    {
        let told_apart = (from..draft.spot.start)
            .any(|i| matches!(sentence.tag_at(i), Tag::Linker) || sentence.word(i) == Some("as"));
        let of = (from..draft.spot.start)
            .any(|i| matches!(sentence.word(i), Some("of" | "for" | "that" | "by")));
        if told_apart || !of {
            continue;
        }
        if draft.status == Status::Occurred {
            draft.status = Status::Alleged;
        }
        draft.attribution = draft.attribution.or(accuser);
        let accused_acts = draft.frame.subject == Side::Actor
            && accused.is_some_and(|party| {
                draft.frame.actor.is_empty() || party.class.meets(draft.frame.actor)
            });
        if accused_acts
            && draft.roles.actor.is_none_or(|actor| Some(actor.group) == accuser.map(|a| a.group))
        {
            draft.roles.actor = accused;
        }
    }
}

/// "Accused each other" is two events.
fn mutual(drafts: &mut Vec<Draft<'_>>) {
    let Some(at) = drafts.iter().position(|draft| {
        draft.frame.mutual
            && draft.roles.fellow.is_some()
            && draft.roles.recipient == draft.roles.fellow
    }) else {
        return;
    };
    let draft = &mut drafts[at];
    draft.roles.recipient = draft.roles.fellow;
    let roles = Roles { actor: draft.roles.fellow, recipient: draft.roles.actor, ..draft.roles };
    let other = Draft { roles, countries: draft.countries.clone(), ..*draft };
    drafts.insert(at + 1, other);
}

fn remember(
    codebook: &Codebook,
    sentence: &Analysis<'_>,
    context: &mut Context,
    drafts: &[Draft<'_>],
) {
    context.before = sentence.classes;
    if let Some(draft) = drafts.iter().find(|draft| !draft.countries.is_empty()) {
        context.place.clone_from(&draft.countries);
    }
    let finder = Finder { codebook, sentence, context };
    let speaking = codebook.lexicon.classes([
        "state", "body", "official", "ngo", "force", "court", "media", "person", "armed", "other",
    ]);
    let subject = sentence
        .groups
        .iter()
        .enumerate()
        .filter(|(_, group)| {
            group.governor.is_none() && group.is_somebody() && group.head != Head::Pronoun
        })
        .find_map(|(index, _)| finder.party(index, speaking))
        .map(|party| (party.id, party.class));
    let speaker = speech::attribution(&finder).map(|(party, _)| (party.id, party.class));
    if let Some(subject) = speaker.or(subject) {
        context.subject = Some(subject);
    }
}

fn finish(
    codebook: &Codebook,
    sentence: &Analysis<'_>,
    source: Source<'_>,
    draft: Draft<'_>,
) -> Event {
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
        point: None,
        confidence: 0.5,
        frame: draft.frame.name.clone(),
    }
}
