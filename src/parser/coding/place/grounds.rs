//! The ground that a document stands on: its states, its borders, and where each sentence is.

use std::collections::HashMap;

use super::{PlaceMention, places};
use crate::parser::Kind;
use crate::parser::codebook::{Codebook, Id, PlaceKind, Sort, Way};
use crate::parser::coding::analysis::Analysis;

/// How much more a name counts in the headline than in the text.
const TITLE_WEIGHT: f64 = 3.0;

/// How much more a name counts in the first two sentences.
const LEAD_WEIGHT: f64 = 2.0;

/// Weight from which a document is about a state besides its home.
const ALSO_TOLD: f64 = 3.0;

/// What a document tells of places as a whole.
#[derive(Clone, Debug, Default)]
pub(in crate::parser::coding) struct Grounds {
    weights: HashMap<Id, f64>,
    /// Borders that it names, the weightiest first.
    dyads: Vec<((Id, Id), f64)>,
    /// The state that it is most about.
    pub(in crate::parser::coding) home: Option<Id>,
    /// Where it plays: the states of its weightiest place.
    pub(in crate::parser::coding) theatre: Vec<Id>,
    /// From where to where somebody was last said to be sent.
    pub(super) removal: Vec<Id>,
    /// Of each sentence of the text its places.
    pub(in crate::parser::coding) mentions: Vec<Vec<PlaceMention>>,
}

impl Grounds {
    /// Reads the headline's and the text's sentences.
    pub(in crate::parser::coding) fn of(
        codebook: &Codebook,
        title: &[Analysis<'_>],
        text: &[Analysis<'_>],
    ) -> Self {
        let mut grounds = Self::default();
        let nothing = Self::default();
        let mut dyads: HashMap<(Id, Id), f64> = HashMap::new();
        let title_weight = |_| TITLE_WEIGHT;
        let text_weight = |i: usize| if i < 2 { LEAD_WEIGHT } else { 1.0 };
        let titles = title.iter().enumerate().map(|(i, analysis)| (title_weight(i), analysis));
        let texts = text.iter().enumerate().map(|(i, analysis)| (text_weight(i), analysis));
        for (weight, analysis) in titles.chain(texts) {
            grounds.weigh(codebook, analysis, weight);
            for mention in places(codebook, analysis, &nothing) {
                if let (true, [a, b]) = (mention.is_border, &mention.countries[..]) {
                    *dyads.entry((*a.min(b), *a.max(b))).or_default() += weight;
                }
            }
        }
        grounds.dyads = dyads.into_iter().collect();
        grounds.dyads.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        grounds.home = grounds.heaviest();
        let read = |grounds: &Self, analyses: &[Analysis<'_>]| -> Vec<Vec<PlaceMention>> {
            analyses.iter().map(|analysis| places(codebook, analysis, grounds)).collect()
        };
        let titles = read(&grounds, title);
        grounds.mentions = read(&grounds, text);
        grounds.theatre = grounds.play(codebook, &titles);
        grounds
    }

    fn weigh(&mut self, codebook: &Codebook, analysis: &Analysis<'_>, weight: f64) {
        let lexicon = &codebook.lexicon;
        for hit in &analysis.hits {
            // People of a state are often far from it: "Afghans", "a Syrian man".
            let share = match hit.entry.sort {
                Sort::State | Sort::Named => 1.0,
                Sort::Demonym => 0.7,
                Sort::Place => 0.8,
                _ => 0.0,
            };
            let own = hit.entry.id.filter(|id| lexicon.is_state(*id));
            let states = match own {
                Some(id) => vec![id],
                None => hit.entry.countries.clone(),
            };
            for id in states {
                *self.weights.entry(id).or_default() += share * weight;
            }
        }
    }

    fn heaviest(&self) -> Option<Id> {
        let best = self.weights.iter().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0)))?;
        (*best.1 > 0.0).then_some(*best.0)
    }

    /// The states that most places of the head and the text lie in.
    fn play(&self, codebook: &Codebook, titles: &[Vec<PlaceMention>]) -> Vec<Id> {
        let mut votes: Vec<(Vec<Id>, f64)> = Vec::new();
        let titles = titles.iter().map(|places| (TITLE_WEIGHT, places));
        let texts = self.mentions.iter().enumerate();
        let texts = texts.map(|(i, places)| (if i < 2 { LEAD_WEIGHT } else { 1.0 }, places));
        for (weight, mention) in titles
            .chain(texts)
            .flat_map(|(weight, places)| places.iter().map(move |mention| (weight, mention)))
        {
            let kind = mention.place.map(|index| codebook.gazetteer.place(index).kind);
            let mut states = mention.countries.clone();
            states.sort_unstable();
            if states.is_empty() || states.len() > 1 && kind.is_some_and(PlaceKind::is_sea) {
                continue;
            }
            let worth = match mention.way {
                _ if mention.is_border => 2.0,
                Way::At if mention.is_weak && !mention.is_dateline => 0.7,
                Way::At => 1.0,
                Way::From | Way::To => 0.4,
            };
            match votes.iter_mut().find(|(known, _)| *known == states) {
                Some((_, sum)) => *sum += worth * weight,
                None => votes.push((states, worth * weight)),
            }
        }
        let mut best: Option<(Vec<Id>, f64)> = None;
        for (states, sum) in votes {
            if best.as_ref().is_none_or(|(_, most)| sum > *most) {
                best = Some((states, sum));
            }
        }
        best.map_or_else(|| self.home.into_iter().collect(), |(states, _)| states)
    }

    /// Keeps where an event was, for those told after it.
    pub(in crate::parser::coding) fn remember(&mut self, kind: Kind, countries: &[Id]) {
        if kind == Kind::Deportation && countries.len() > 1 {
            self.removal = countries.to_vec();
        }
    }

    /// The state that the document speaks of most besides one.
    pub(super) fn besides(&self, state: Id) -> Option<Id> {
        let others = self.weights.iter().filter(|(id, _)| **id != state);
        let best = others.max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0)))?;
        (*best.1 >= ALSO_TOLD).then_some(*best.0)
    }

    /// How much the document speaks of the state; 0 when it does not.
    pub(in crate::parser::coding) fn weight(&self, state: Id) -> f64 {
        self.weights.get(&state).copied().unwrap_or_default()
    }

    /// The border that it names most.
    pub(in crate::parser::coding) fn dyad(&self) -> Option<(Id, Id)> {
        self.dyads.first().map(|(pair, _)| *pair)
    }

    /// The state on the other side of the border that the document speaks of.
    pub(in crate::parser::coding) fn partner(&self, codebook: &Codebook, state: Id) -> Option<Id> {
        let named = self.dyads.iter().find_map(|((a, b), _)| match state {
            state if state == *a => Some(*b),
            state if state == *b => Some(*a),
            _ => None,
        });
        let neighbours = &codebook.neighbours;
        let spoken = || {
            let near = self.weights.iter().filter(|(id, weight)| {
                **weight >= 1.0 && **id != state && neighbours.meet(state, **id)
            });
            near.max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0))).map(|(id, _)| *id)
        };
        named.or_else(spoken).or_else(|| neighbours.only(state))
    }
}
