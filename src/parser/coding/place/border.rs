//! Borders: the noun, and the two states that it lies between.

use super::PlaceMention;
use super::reader::{Reader, once};
use crate::parser::codebook::{Bearing, Id, Sort, Way};
use crate::parser::syntax::Label;

/// Prepositions that lead from a border to one of its states.
const LINKS: [&str; 8] = ["with", "between", "of", "from", "to", "into", "and", "in"];

impl Reader<'_, '_> {
    /// "the border between A and B", "A's border with B", "the Polish border", "its frontier".
    pub(super) fn border_mention(&self, at: usize) -> Option<PlaceMention> {
        let analysis = self.analysis;
        let is_link = self.is_border_noun(at)?;
        let mut states = self.states_before(at);
        states.retain(|id| self.codebook.lexicon.is_state(*id));
        let before = states.len();
        states.extend(self.states_behind(at, &LINKS));
        let mut end = analysis.noun_phrase(at).end;
        if states.len() == before {
            // Where the parser hangs "from Turkey" on the verb.
            if let Some((more, stop)) = self.states_next_to(end) {
                states.extend(more);
                end = stop;
            }
        } else {
            end = end.max(self.end_of_links(at));
        }
        once(&mut states);
        if is_link == Noun::Loose && states.len() == before {
            return None;
        }
        let mut rule = "border between states";
        if states.len() < 2 {
            let owners = self.states_of_owner(at);
            if !owners.is_empty() {
                rule = "border of whom the sentence is about";
                states.splice(0..0, owners);
                once(&mut states);
            }
        }
        if states.len() < 2 {
            // "the Greek side of the frontier"
            states.extend(self.states_of_side(at));
            once(&mut states);
        }
        if states.len() < 2 {
            rule = "border of the document";
            self.complete(at, &mut states);
        }
        let governor = self.governor_of_border(at);
        let place = analysis
            .hits
            .iter()
            .filter(|hit| {
                hit.entry.sort == Sort::Place && analysis.sentence.is_under(hit.tokens.start, at)
            })
            .find_map(|hit| hit.entry.place);
        let point = place.and_then(|index| self.codebook.gazetteer.place(index).point);
        let tokens = analysis.noun_phrase(at);
        Some(PlaceMention {
            tokens: tokens.start..end,
            head: at,
            governor: governor.map(|(at, _)| at),
            way: governor.map_or(Way::At, |(_, way)| way),
            countries: states,
            is_border: true,
            is_weak: false,
            is_dateline: false,
            place,
            point: point.map(|(point, _)| point),
            rule,
        })
    }

    fn is_border_noun(&self, at: usize) -> Option<Noun> {
        let analysis = self.analysis;
        let words = &self.codebook.place_words;
        if !analysis.tag(at).is_noun() {
            return None;
        }
        let is_border =
            |at: usize| words.is_border(analysis.lemma(at)) || words.is_border(analysis.lower(at));
        let has_border = analysis.sentence.children(at).any(|child| {
            child < at
                && matches!(analysis.label(child), Label::Compound | Label::Amod | Label::Nmod)
                && is_border(child)
        });
        if has_border {
            let is_part = words.is_border_part(analysis.lemma(at));
            return Some(if is_part { Noun::Firm } else { Noun::Loose });
        }
        if !is_border(at) {
            return None;
        }
        // "border guards": the noun behind decides.
        let is_before = matches!(analysis.label(at), Label::Compound | Label::Amod | Label::Nmod)
            && analysis.head(at) > at;
        (!is_before).then_some(Noun::Firm)
    }

    fn governor_of_border(&self, at: usize) -> Option<(usize, Way)> {
        let analysis = self.analysis;
        let mut at = at;
        // "on its side of the border", "within half a mile of the border"
        for _ in 0..3 {
            let link = analysis.head(at);
            if analysis.label(at) != Label::Pobj || analysis.lower(link) != "of" {
                break;
            }
            at = analysis.head(link);
        }
        let governor = self.governor(at)?;
        // "from the border" is at it; "towards the border" is not there yet.
        let way = if governor.way == Way::To { Way::To } else { Way::At };
        Some((governor.at, way))
    }

    /// "from Turkey", "with Belarus" right behind the border's words.
    fn states_next_to(&self, end: usize) -> Option<(Vec<Id>, usize)> {
        let link = self.analysis.lower(end);
        if !matches!(link, "with" | "between" | "to" | "from") {
            return None;
        }
        let hit = self.analysis.hit_at(end + 1)?;
        if hit.entry.sort != Sort::State {
            return None;
        }
        Some((hit.entry.countries.clone(), hit.tokens.end))
    }

    fn end_of_links(&self, at: usize) -> usize {
        let analysis = self.analysis;
        let links = analysis.sentence.children(at).filter(|child| {
            *child > at
                && analysis.label(*child) == Label::Prep
                && LINKS.contains(&analysis.lower(*child))
        });
        links.map(|link| analysis.subtree(link).end).max().unwrap_or(at + 1)
    }

    fn states_of_side(&self, at: usize) -> Vec<Id> {
        let analysis = self.analysis;
        let link = analysis.head(at);
        if analysis.label(at) != Label::Pobj || analysis.lower(link) != "of" {
            return Vec::new();
        }
        let side = analysis.head(link);
        if side == link {
            return Vec::new();
        }
        let mut states = self.states_before(side);
        if states.is_empty() {
            states = self.states_of_owner(side);
        }
        states
    }

    /// Finds the other state of a border, or both, out of the sentence and the document.
    fn complete(&self, at: usize, states: &mut Vec<Id>) {
        let (grounds, neighbours) = (self.grounds, &self.codebook.neighbours);
        let side =
            self.analysis.sentence.children(at).find_map(|child| {
                Bearing::named(self.analysis.lower(child)).filter(|_| child < at)
            });
        match states[..] {
            [] => {
                if let Some(home) = grounds.home
                    && let Some(side) = side
                    && let Some(other) = self.likeliest(neighbours.towards(home, side))
                {
                    states.extend([home, other]);
                    return;
                }
                if let Some((a, b)) = grounds.dyad() {
                    states.extend([a, b]);
                } else if let Some(home) = grounds.home {
                    states.push(home);
                    states.extend(grounds.partner(self.codebook, home));
                }
            }
            [one] => {
                let partner = grounds.partner(self.codebook, one);
                let here: Vec<Id> =
                    neighbours.by_land(one).filter(|id| self.is_named(*id)).collect();
                let other = match (side, &here[..]) {
                    (Some(side), _) => self.likeliest(neighbours.towards(one, side)).or(partner),
                    // The sentence names another neighbour, not the one that the document is about.
                    (None, [other]) => Some(*other),
                    (None, _) => partner,
                };
                states.extend(other);
            }
            _ => {}
        }
    }

    /// Whether the sentence names the state or its people.
    fn is_named(&self, state: Id) -> bool {
        self.analysis.hits.iter().any(|hit| hit.entry.id == Some(state))
    }

    /// The one that the document speaks of most, or the only one.
    fn likeliest(&self, states: impl Iterator<Item = Id>) -> Option<Id> {
        let states: Vec<Id> = states.collect();
        if let [one] = states[..] {
            return Some(one);
        }
        let weight = |id: &Id| self.grounds.weight(*id);
        let best = states.into_iter().max_by(|a, b| weight(a).total_cmp(&weight(b)))?;
        (weight(&best) > 0.0).then_some(best)
    }
}

/// How sure it is that a noun is a border.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Noun {
    Firm,
    /// "the border crisis": only with a state behind it.
    Loose,
}
