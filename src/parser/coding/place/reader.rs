//! The places of one sentence.

use std::ops::Range;

use super::{Grounds, PlaceMention};
use crate::parser::codebook::{Codebook, Id, Place, PlaceKind, Sort, Way};
use crate::parser::coding::analysis::{Analysis, Hit};
use crate::parser::syntax::{Entity, Label, Tag};

/// What all that reads a sentence's places has at hand.
pub(super) struct Reader<'r, 'a> {
    pub(super) codebook: &'r Codebook,
    pub(super) analysis: &'r Analysis<'a>,
    pub(super) grounds: &'r Grounds,
}

/// Weight from which a document is about a state besides its home.
const ALSO_TOLD: f64 = 3.0;

/// Words before "to" that tell where something is.
const NEAR_TO: [&str; 6] = ["close", "near", "next", "adjacent", "opposite", "closer"];

/// What stands before a noun phrase and makes a place of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Governor {
    pub(super) at: usize,
    pub(super) way: Way,
    is_verb: bool,
}

impl Reader<'_, '_> {
    pub(super) fn places(&self) -> Vec<PlaceMention> {
        let mut found: Vec<PlaceMention> = Vec::new();
        let count = self.analysis.len();
        for at in 0..count {
            if let Some(mention) = self.border_mention(at) {
                found.push(mention);
            }
        }
        let mut rest = Vec::new();
        for at in 0..count {
            let inside = |mention: &PlaceMention| mention.tokens.contains(&at);
            if found.iter().any(inside) || rest.iter().any(inside) {
                continue;
            }
            rest.extend(self.plain_mention(at));
        }
        found.append(&mut rest);
        found.sort_by_key(|mention| mention.head);
        found
    }

    /// Returns what governs the noun: of a coordinated one, what governs the first.
    pub(super) fn governor(&self, noun: usize) -> Option<Governor> {
        let analysis = self.analysis;
        let words = &self.codebook.place_words;
        let mut noun = noun;
        // Up over "in Lithuania, Latvia and Poland" and "Bruni, Texas".
        while matches!(analysis.label(noun), Label::Conj | Label::Appos)
            && analysis.tag(analysis.head(noun)).is_noun()
        {
            noun = analysis.head(noun);
        }
        let at = analysis.head(noun);
        let lemma = analysis.lemma(at);
        match analysis.label(noun) {
            Label::Pobj | Label::Pcomp => {
                let lower = analysis.lower(at);
                let mut way = words.way(lower)?;
                let above_tag = analysis.tag(analysis.head(at));
                let is_near = NEAR_TO.contains(&analysis.lemma(analysis.head(at)));
                // "close to the coast", "funding for the camps": no way there.
                if lower == "to" && is_near || lower == "for" && !above_tag.is_verb() {
                    way = Way::At;
                }
                // "out of Libya", "from near Tripoli"
                let above = analysis.lower(analysis.head(at));
                let is_inner = analysis.label(at) == Label::Prep && words.way(above).is_some();
                let way = if is_inner && above != "of" && lower != "of" {
                    words.way(above).unwrap_or(way)
                } else if lower == "of" && above != "out" {
                    return None;
                } else {
                    way
                };
                Some(Governor { at, way, is_verb: false })
            }
            Label::Dobj | Label::Nsubjpass => {
                let way = words.way_of_verb(lemma)?;
                Some(Governor { at, way, is_verb: true })
            }
            _ => None,
        }
    }

    fn plain_mention(&self, at: usize) -> Option<PlaceMention> {
        let analysis = self.analysis;
        let hit = analysis.hit_at(at);
        if let Some(hit) = hit {
            if self.head_of(&hit.tokens) != at {
                return None;
            }
            if hit.entry.is_place {
                return self.named_mention(at, hit);
            }
        }
        self.ground_mention(at)
    }

    /// Returns the token of the range that hangs on a token outside of it.
    fn head_of(&self, tokens: &Range<usize>) -> usize {
        let outside = |at: &usize| {
            let head = self.analysis.head(*at);
            head == *at || !tokens.contains(&head)
        };
        tokens.clone().rev().find(outside).unwrap_or(tokens.end - 1)
    }

    fn place_of(&self, hit: &Hit<'_>) -> Option<&Place> {
        hit.entry.place.map(|index| self.codebook.gazetteer.place(index))
    }

    /// "in Ceuta", "into Hungary", "the Idomeni area", "Syria's Idlib province".
    fn named_mention(&self, at: usize, hit: &Hit<'_>) -> Option<PlaceMention> {
        let analysis = self.analysis;
        let place = self.place_of(hit);
        let is_area = place.is_some_and(|place| place.kind == PlaceKind::Area);
        let is_state = hit.entry.sort == Sort::State;
        let is_plain =
            place.is_some() && !is_state && !hit.entry.is_capital && hit.entry.id.is_none();
        // A name before a noun belongs to that noun's place, if it is one.
        let mut head = at;
        while matches!(
            analysis.label(head),
            Label::Compound | Label::Amod | Label::Nmod | Label::Poss
        ) && analysis.head(head) > head
        {
            head = analysis.head(head);
        }
        let before_noun = head != at;
        let is_ground = before_noun && self.is_ground(head);
        let governor = if before_noun && !is_ground { None } else { self.governor(head) };
        let is_ambiguous = place.is_some_and(|place| place.is_ambiguous);
        if (is_ambiguous || self.is_person(at)) && governor.is_none() && !is_ground {
            return None;
        }
        if self.is_other_name(&hit.tokens) {
            return None;
        }
        if is_state || hit.entry.is_capital || is_area || hit.entry.id.is_some() {
            // A state is a place only where something says so; a capital is its government else.
            let located = governor.filter(|governor| !(hit.entry.is_capital && governor.is_verb));
            if located.is_none() || before_noun && !is_ground {
                return None;
            }
        }
        let mut countries = self.told_apart(hit);
        if is_area {
            countries.clear();
        }
        if let (Some(home), [a, b]) = (self.grounds.home, &countries[..])
            && place.is_some_and(|place| place.kind.is_sea())
            && (*a == home || *b == home)
        {
            // "across the Channel", in a story about one shore of it.
            let other = if *a == home { *b } else { *a };
            if self.grounds.weight(other) < ALSO_TOLD {
                countries = vec![home];
            }
        }
        let is_weak = is_plain && before_noun && !is_ground;
        let is_dateline = governor.is_none() && self.is_dateline(&hit.tokens);
        let rule = match (is_weak, is_state) {
            (true, _) => "name before another noun",
            (_, true) => "state as a place",
            _ => "place by name",
        };
        Some(PlaceMention {
            tokens: if is_weak { hit.tokens.clone() } else { analysis.noun_phrase(head) },
            head,
            governor: governor.map(|governor| governor.at),
            way: governor.map_or(Way::At, |governor| governor.way),
            is_border: place
                .is_some_and(|place| place.countries.len() == 2 && !place.kind.is_sea()),
            is_weak: is_weak || is_dateline,
            is_dateline,
            place: hit.entry.place,
            point: place.and_then(|place| place.point).map(|(point, _)| point),
            countries,
            rule,
        })
    }

    /// "the Turkish coast", "off the coast of Libya", "its islands", "the country".
    fn ground_mention(&self, at: usize) -> Option<PlaceMention> {
        let analysis = self.analysis;
        if !analysis.tag(at).is_noun() {
            return None;
        }
        let is_country = matches!(analysis.lemma(at), "country" | "nation" | "homeland");
        if !(is_country || self.is_ground(at)) {
            return None;
        }
        let governor = self.governor(at)?;
        let is_side = analysis.lemma(at) == "side";
        // "its capital, Minsk" is read with the name behind it.
        let is_renamed = analysis
            .sentence
            .child(at, Label::Appos)
            .is_some_and(|name| analysis.hit_at(name).is_some_and(|hit| hit.entry.is_place));
        let is_read_elsewhere = is_side && self.is_side_of_border(at) || is_renamed;
        if is_read_elsewhere || self.has_behind(at, "origin") {
            return None;
        }
        let mut states = self.states_before(at);
        let mut end = analysis.noun_phrase(at).end;
        if states.is_empty() {
            states = self.states_behind(at, &["of", "in", "between", "from"]);
            if !states.is_empty() {
                end = end.max(analysis.subtree(at).end);
            }
        }
        let mut rule = "ground of a state";
        if states.is_empty() {
            states = self.states_of_owner(at);
            rule = "ground of whom the sentence is about";
        }
        if states.is_empty() && is_country {
            if !self.has_determiner(at) {
                return None;
            }
            // "fled the country": out of the one that those who fled are of.
            states = self.states_of_subject(at);
            rule = "the country";
            if states.is_empty() {
                states.extend(self.grounds.home);
            }
        }
        if states.is_empty() {
            return None;
        }
        if let (true, [one]) = (is_side, &states[..]) {
            // "on the Turkish side": of the border that the text speaks of.
            states.extend(self.grounds.partner(self.codebook, *one));
        }
        Some(PlaceMention {
            tokens: analysis.noun_phrase(at).start..end,
            head: at,
            governor: Some(governor.at),
            way: if is_side { Way::At } else { governor.way },
            is_border: is_side && states.len() == 2,
            countries: states,
            is_weak: false,
            is_dateline: false,
            place: None,
            point: None,
            rule,
        })
    }

    /// "the Greek side of the frontier" is read with the frontier.
    fn is_side_of_border(&self, side: usize) -> bool {
        self.has_behind_that(side, |at| {
            self.codebook.place_words.is_border(self.analysis.lemma(at))
        })
    }

    fn has_behind(&self, noun: usize, word: &str) -> bool {
        self.has_behind_that(noun, |at| self.analysis.lower(at) == word)
    }

    fn has_behind_that(&self, noun: usize, is: impl Fn(usize) -> bool) -> bool {
        let sentence = &self.analysis.sentence;
        let links = sentence.children(noun).filter(|at| self.analysis.lower(*at) == "of");
        links.flat_map(|link| sentence.children(link)).any(is)
    }

    fn has_determiner(&self, at: usize) -> bool {
        let det = self.analysis.sentence.child(at, Label::Det);
        det.is_some_and(|det| matches!(self.analysis.lower(det), "the" | "this" | "that"))
    }

    pub(super) fn is_ground(&self, at: usize) -> bool {
        self.codebook.place_words.is_ground(self.analysis.lemma(at))
            || self.codebook.place_words.is_ground(self.analysis.lower(at))
    }

    fn is_person(&self, at: usize) -> bool {
        let entities = &self.analysis.sentence.entities;
        let named = entities.iter().find(|named| named.tokens.contains(&at));
        named.is_some_and(|named| named.entity == Entity::Person && named.tokens.len() > 1)
    }

    /// "ATHENS Greek police …": a name in capitals at the head of a sentence.
    fn is_dateline(&self, tokens: &Range<usize>) -> bool {
        let is_upper = |at: usize| {
            let text = self.analysis.sentence.tokens[at].text;
            text.len() > 3 && !text.chars().any(char::is_lowercase)
        };
        tokens.start < 4 && tokens.clone().any(is_upper)
    }

    /// "Channel 4", "Channel Nine": a number or another name goes on after the place's name.
    fn is_other_name(&self, tokens: &Range<usize>) -> bool {
        let analysis = self.analysis;
        let next = tokens.end;
        let goes_on = next < analysis.len() && analysis.head(tokens.end - 1) == next;
        analysis.lower(tokens.start) == "channel"
            && (analysis.tag(next) == Tag::CD || goes_on && analysis.tag(next).is_name())
    }

    /// The states of the phrase; "Georgia" is one of the United States in a story about these.
    fn told_apart(&self, hit: &Hit<'_>) -> Vec<Id> {
        let lexicon = &self.codebook.lexicon;
        let countries = hit.entry.countries.clone();
        if self.analysis.lower(hit.tokens.start) == "georgia"
            && let ([georgia], Some(states)) = (&countries[..], lexicon.id("USA"))
        {
            let around = self.codebook.neighbours.by_land(*georgia);
            let near: f64 = around.map(|id| self.grounds.weight(id)).sum();
            if self.grounds.weight(states) > near.max(1.0) {
                return vec![states];
            }
        }
        countries
    }

    /// The states that a phrase, or a pair joined by a hyphen, names at the token.
    pub(super) fn states_at(&self, at: usize) -> Vec<Id> {
        let lexicon = &self.codebook.lexicon;
        match self.analysis.hit_at(at) {
            Some(hit) => match hit.entry.sort {
                Sort::State | Sort::Demonym => {
                    let told = self.told_apart(hit);
                    if told.is_empty() { hit.entry.id.into_iter().collect() } else { told }
                }
                Sort::Place => hit.entry.countries.clone(),
                Sort::Named => {
                    let own = hit.entry.id.filter(|id| lexicon.is_state(*id));
                    own.into_iter().collect()
                }
                _ => Vec::new(),
            },
            None => self.codebook.place_words.pair(lexicon, self.analysis.sentence.tokens[at].text),
        }
    }

    /// The states that stand before the noun: "the Polish-Belarusian border", "Libya's coast".
    pub(super) fn states_before(&self, noun: usize) -> Vec<Id> {
        let mut states = self.states_at(noun);
        for child in self.analysis.sentence.children(noun) {
            use Label::*;
            let is_before = matches!(
                self.analysis.label(child),
                Amod | Compound | Nmod | Poss | Npadvmod | Det | Nummod | Dep | Punct
            );
            if !is_before || child > noun {
                continue;
            }
            for at in self.analysis.subtree(child) {
                states.extend(self.states_at(at));
            }
        }
        once(&mut states);
        states
    }

    /// The states behind the noun and one of the prepositions, with those that they are joined to.
    pub(super) fn states_behind(&self, noun: usize, prepositions: &[&str]) -> Vec<Id> {
        let analysis = self.analysis;
        let mut states = Vec::new();
        for child in analysis.sentence.children(noun) {
            let is_link = analysis.label(child) == Label::Prep
                && prepositions.contains(&analysis.lower(child));
            if !is_link || child < noun {
                continue;
            }
            for object in analysis.sentence.children(child) {
                if analysis.label(object) == Label::Pobj {
                    self.joined_states(object, &mut states);
                }
            }
        }
        once(&mut states);
        states
    }

    /// The states of a noun phrase and of those joined to it by "and".
    fn joined_states(&self, noun: usize, states: &mut Vec<Id>) {
        let analysis = self.analysis;
        let own = self.states_before(noun);
        // "between Malta and the island of Lampedusa"
        if own.is_empty() && self.is_ground(noun) {
            states.extend(self.states_behind(noun, &["of"]));
        }
        states.extend(own);
        for child in analysis.sentence.children(noun) {
            let is_joined = analysis.label(child) == Label::Conj
                || analysis.label(child) == Label::Appos && analysis.hit_at(child).is_some();
            if is_joined && child > noun {
                self.joined_states(child, states);
            }
        }
    }

    /// The states that "its", "their" or "the country's" before the noun stand for.
    pub(super) fn states_of_owner(&self, noun: usize) -> Vec<Id> {
        let analysis = self.analysis;
        let Some(owner) = analysis.sentence.child(noun, Label::Poss) else { return Vec::new() };
        let stands_for = analysis.tag(owner) == Tag::PRPS && analysis.lower(owner) != "whose"
            || matches!(analysis.lemma(owner), "country" | "nation" | "state" | "kingdom");
        if !stands_for {
            return Vec::new();
        }
        let mut states = self.states_of_subject(noun);
        if states.is_empty() && analysis.lower(owner) != "their" {
            states = self.states_left_of(owner);
            if states.is_empty() {
                states.extend(self.grounds.home);
            }
        }
        states
    }

    /// The states of the subjects above the token, the nearest clause first.
    pub(super) fn states_of_subject(&self, at: usize) -> Vec<Id> {
        let analysis = self.analysis;
        for verb in analysis.sentence.heads(at) {
            for child in analysis.sentence.children(verb) {
                let is_subject = matches!(analysis.label(child), Label::Nsubj | Label::Nsubjpass);
                if !is_subject || child == at || analysis.sentence.is_under(at, child) {
                    continue;
                }
                let mut states = Vec::new();
                self.joined_parties(child, &mut states);
                once(&mut states);
                if !states.is_empty() {
                    return states;
                }
            }
        }
        Vec::new()
    }

    /// The states that a subject and those joined to it act for or are of.
    fn joined_parties(&self, noun: usize, states: &mut Vec<Id>) {
        let lexicon = &self.codebook.lexicon;
        if let Some(hit) = self.analysis.hit_at(noun) {
            states.extend(hit.entry.id.filter(|id| lexicon.is_state(*id)));
            if hit.entry.sort == Sort::Nationals {
                states.extend(&hit.entry.countries);
            }
        }
        if states.is_empty() {
            states.extend(self.states_before(noun));
        }
        if states.is_empty() {
            states.extend(self.states_behind(noun, &["of"]));
        }
        for child in self.analysis.sentence.children(noun) {
            if self.analysis.label(child) == Label::Conj && child > noun {
                self.joined_parties(child, states);
            }
        }
    }

    /// The nearest state named to the left.
    fn states_left_of(&self, at: usize) -> Vec<Id> {
        let states = (0..at).rev().map(|at| self.states_at(at));
        states.into_iter().find(|states| !states.is_empty()).unwrap_or_default()
    }
}

/// Drops what stands twice, keeping the order.
pub(super) fn once(states: &mut Vec<Id>) {
    let mut seen = Vec::new();
    states.retain(|id| {
        let is_new = !seen.contains(id);
        seen.push(*id);
        is_new
    });
}
