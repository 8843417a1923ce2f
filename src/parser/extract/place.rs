//! Places: which words tell where, and in which countries that is.

use super::analysis::{Analysis, Tag};
use super::context::Context;
use super::group::{Group, Head};
use crate::parser::Kind;
use crate::parser::codebook::{Codebook, Id, PlaceKind, Sort};

/// Words about a place in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) countries: Vec<Id>,
    pub(super) is_border: bool,
    /// From or to where somebody moves.
    pub(super) is_path: bool,
    /// A place by name, not a state.
    pub(super) is_named: bool,
    /// After "in" or "at".
    pub(super) is_seat: bool,
}

/// Returns the states of each border that the sentence names: one or two, as it names them.
pub(super) fn borders(codebook: &Codebook, sentence: &Analysis<'_>) -> Vec<Vec<Id>> {
    let mut pairs = Vec::new();
    for (i, group) in sentence.groups.iter().enumerate() {
        if !is_border(codebook, sentence, group) {
            continue;
        }
        let mut states = states_of_border(codebook, sentence, i, group).0;
        if states.len() == 1
            && let Some(own) = possessor(sentence, group)
        {
            states.push(own);
        }
        dedup(&mut states);
        states.retain(|id| codebook.lexicon.is_state(*id));
        if !states.is_empty() {
            pairs.push(states);
        }
    }
    for hit in &sentence.hits {
        if hit.entry.sort == Sort::Place && hit.entry.countries.len() == 2 {
            pairs.push(hit.entry.countries.clone());
        }
    }
    pairs
}

/// Returns the places of the sentence in order.
pub(super) fn places(
    codebook: &Codebook,
    sentence: &Analysis<'_>,
    context: &Context,
) -> Vec<Place> {
    let mut places = Vec::new();
    let mut covered = 0;
    for (i, group) in sentence.groups.iter().enumerate() {
        if group.start < covered {
            continue;
        }
        let place = if is_border(codebook, sentence, group) {
            border(codebook, sentence, context, i, group)
        } else {
            plain(codebook, sentence, group)
        };
        if let Some(place) = place {
            covered = place.end;
            places.push(place);
        }
    }
    places
}

fn is_border(codebook: &Codebook, sentence: &Analysis<'_>, group: &Group) -> bool {
    let border = codebook.lexicon.class("border");
    group.words.meets(border)
        && (group.start..group.end).any(|i| {
            sentence.word(i).is_some_and(|word| {
                word.starts_with("border")
                    || word.starts_with("frontier")
                    || word.starts_with("crossing")
            })
        })
        && !matches!(group.head, Head::Known(Sort::Office | Sort::Named | Sort::Noun))
}

/// The states that a border's own words name, and the end of those words.
fn states_of_border(
    codebook: &Codebook,
    sentence: &Analysis<'_>,
    i: usize,
    group: &Group,
) -> (Vec<Id>, usize) {
    let mut states = Vec::new();
    for at in group.start..group.end {
        states.extend(hyphened(codebook, sentence, at));
    }
    let hits = sentence.hits.iter().filter(|hit| group.start <= hit.start && hit.end <= group.end);
    for hit in hits {
        match hit.entry.sort {
            Sort::State | Sort::Demonym => states.extend(hit.entry.id),
            Sort::Place => states.extend(&hit.entry.countries),
            _ => {}
        }
    }
    // "with Belarus", "between A and B", "of A with B", "from Turkey".
    let mut end = group.end;
    for next in sentence.groups[i + 1..].iter().take(3) {
        let link = sentence.word(end).unwrap_or("");
        let linked = next.start == end + 1
            && matches!(link, "with" | "between" | "of" | "from" | "and" | "to" | "in");
        let state = match next.head {
            Head::Known(Sort::State) => next.id,
            _ => None,
        };
        let Some(state) = state.filter(|_| linked) else { break };
        if link == "and" && states.len() >= 2 {
            break;
        }
        states.push(state);
        end = next.end;
    }
    (states, end)
}

/// "Greek-Turkish", "Mexico-US": the lexicon knows the halves.
pub(super) fn hyphened(codebook: &Codebook, sentence: &Analysis<'_>, at: usize) -> Vec<Id> {
    let token = &sentence.tokens[at];
    let Some((a, b)) = token.text.split_once(['-', '–']) else { return Vec::new() };
    if sentence.hit_at(at).is_some() || !token.is_capital() {
        return Vec::new();
    }
    let known = |part: &str| {
        let lower = part.to_lowercase();
        let word = |i: usize| (i == 0).then_some(lower.as_str());
        codebook.lexicon.longest(word, |_| part).and_then(|(entry, _)| entry.id)
    };
    // "Kazakh-", "Sino-", "Afghan-": a half that is unknown leaves the other.
    [known(a), known(b)].into_iter().flatten().collect()
}

/// The state that "its border" belongs to: the one that the sentence began with.
fn possessor(sentence: &Analysis<'_>, group: &Group) -> Option<Id> {
    let own = matches!(sentence.word(group.start), Some("its" | "their" | "his" | "the"));
    own.then_some(())?;
    sentence
        .groups
        .iter()
        .take_while(|other| other.end <= group.start)
        .filter(|other| matches!(other.head, Head::Known(Sort::State | Sort::Office | Sort::Named)))
        .filter(|other| other.governor.is_none())
        .find_map(|other| other.owner.map(|(id, ..)| id).or(other.id))
}

fn border(
    codebook: &Codebook,
    sentence: &Analysis<'_>,
    context: &Context,
    i: usize,
    group: &Group,
) -> Option<Place> {
    let (mut countries, end) = states_of_border(codebook, sentence, i, group);
    if countries.len() <= 1 && matches!(sentence.word(group.start), Some("its" | "their")) {
        countries.extend(possessor(sentence, group));
    }
    countries.retain(|id| codebook.lexicon.is_state(*id));
    dedup(&mut countries);
    match countries[..] {
        [] => countries.extend(context.dyads.first().into_iter().flat_map(|(a, b)| [*a, *b])),
        [one] => countries.extend(context.partner(one)),
        _ => {}
    }
    dedup(&mut countries);
    let start = group.governor.unwrap_or(group.start);
    Some(Place {
        start,
        end,
        countries,
        is_border: true,
        is_path: false,
        is_named: false,
        is_seat: false,
    })
}

fn plain(codebook: &Codebook, sentence: &Analysis<'_>, group: &Group) -> Option<Place> {
    const IN: &[&str] = &[
        "in",
        "at",
        "near",
        "off",
        "on",
        "inside",
        "across",
        "outside",
        "around",
        "through",
        "along",
        "via",
        "over",
        "within",
        "throughout",
        "onto",
        "between",
    ];
    const PATH: &[&str] = &["to", "into", "from", "towards", "toward", "for", "out", "of"];
    let hits =
        || sentence.hits.iter().filter(|hit| group.start <= hit.start && hit.end <= group.end);
    let link = group.governor.and_then(|at| sentence.word(at)).unwrap_or("");
    let is_in = IN.contains(&link);
    let is_path = PATH.contains(&link);
    let is_seat = matches!(link, "in" | "at");
    let named = hits().rfind(|hit| hit.entry.sort == Sort::Place && hit.entry.is_place);
    let start = group.governor.unwrap_or(group.start);
    if let Some(hit) = named {
        let mut countries = hit.entry.countries.clone();
        if let Some(place) = hit.entry.place.map(|index| codebook.gazetteer.place(index))
            && let ([own], Some(other)) = (&countries[..], place.border)
            && codebook.neighbours.share_land(*own, other)
            && place.kind == PlaceKind::Town
        {
            countries.push(other);
        }
        return Some(Place {
            start,
            end: group.end,
            countries,
            is_border: false,
            is_path,
            is_named: true,
            is_seat,
        });
    }
    let reached = matches!(sentence.word(group.start.checked_sub(1)?), Some(w) if ["reach", "reached", "reaching", "enter", "entered", "entering", "leave", "left", "fled", "flee", "fleeing", "leaving"].contains(&w));
    if !(is_in || is_path || reached) {
        return None;
    }
    let state = match group.head {
        Head::Known(Sort::State) => group.id,
        Head::Thing => group.owner.map(|(id, ..)| id).filter(|_| is_in),
        _ => None,
    }?;
    let governs_actor = link == "of" && sentence.tag_at(start.saturating_sub(1)) != Tag::Word;
    if matches!(link, "of" | "for")
        && (governs_actor
            || !matches!(
                sentence.word(start.saturating_sub(1)),
                Some(
                    "coast"
                        | "territory"
                        | "soil"
                        | "side"
                        | "north"
                        | "south"
                        | "east"
                        | "west"
                        | "shores"
                        | "shore"
                        | "out"
                        | "waters"
                        | "island"
                        | "town"
                        | "city"
                        | "village"
                )
            ))
    {
        return None;
    }
    Some(Place {
        start,
        end: group.end,
        countries: vec![state],
        is_border: false,
        is_path: is_path || reached,
        is_named: false,
        is_seat,
    })
}

fn dedup(countries: &mut Vec<Id>) {
    let mut seen = Vec::new();
    countries.retain(|id| {
        let new = !seen.contains(id);
        seen.push(*id);
        new
    });
}

/// Returns where the event at the token happens: countries, and the place whose words tell it.
pub(super) fn of_event<'p>(
    kind: Kind,
    at: usize,
    places: &'p [Place],
    context: &Context,
) -> (Vec<Id>, Option<&'p Place>) {
    use Kind::*;
    let distance = |place: &Place| {
        if place.start >= at { place.start - at } else { 2 + at - place.end.min(at) }
    };
    let told = || places.iter().filter(|place| !place.countries.is_empty());
    if matches!(kind, Consult) {
        // A meeting is where the text says "in"; other speech has no place.
        let seat = told().find(|place| place.is_seat);
        return (seat.map(|place| place.countries.clone()).unwrap_or_default(), seat);
    }
    if is_placeless(kind) {
        return (Vec::new(), None);
    }
    let moves = matches!(kind, Crossing | Pushback | Deportation | Smuggling | CrossingAttempt);
    let border = told().filter(|place| place.is_border).min_by_key(|place| distance(place));
    let near = told()
        .filter(|place| moves || !place.is_path || place.is_border || place.is_named)
        .min_by_key(|place| distance(place));
    let chosen = border.or(near);
    let mut countries = chosen.map(|place| place.countries.clone()).unwrap_or_default();
    if moves && (border.is_none() || countries.len() < 2) {
        for place in told().filter(|place| place.is_path) {
            countries.extend(&place.countries);
        }
    }
    dedup(&mut countries);
    // Who is sent back leaves one country for another; a pushback is over the text's border.
    if let (Pushback | Deportation, [one]) = (kind, &countries[..]) {
        let other = match kind {
            Pushback => context.partner(*one),
            _ => context.home.filter(|home| home != one),
        };
        countries.extend(other);
    }
    let words = chosen.or_else(|| places.iter().min_by_key(|place| distance(place)));
    // "In the Mediterranean" is an answer: no country.
    let at_large = chosen.is_none() && words.is_some_and(|place| place.is_named);
    if countries.is_empty() && !at_large {
        countries.clone_from(&context.place);
    }
    (countries, words)
}

/// Returns whether events of the kind happen nowhere: what is said, and what is decreed against others.
pub(super) fn is_placeless(kind: Kind) -> bool {
    use Kind::*;
    matches!(kind, Support | Consult | Agree | Request | Accuse | Deny | Threaten | Sanction)
}
