//! Event coding: parsed sentences to events, by the frames of the codebook.

mod analysis;
mod clause;
mod date;
mod draft;
mod interim;
mod pieces;
mod relevance;
mod scene;
mod sentence_events;
mod telling;

use std::ops::Range;

use self::analysis::Analysis;
use self::draft::Draft;
use self::interim::{Cast, Who};
use self::scene::{Around, Scene};
use super::codebook::{Class, Codebook};
use super::english::{English, Entities, Scratch};
use super::event::Reason;
use super::{Actor, Event, Evidence};

/// Sentences up to which one word about migration makes a text one about it.
const SHORT: usize = 6;

/// A text to code.
#[derive(Clone, Copy, Debug)]
pub(super) struct Input<'t> {
    pub(super) title: &'t str,
    /// What events are reported from: the text, or the title of an entry that has no text.
    pub(super) body: &'t str,
    pub(super) in_title: bool,
    pub(super) published: Option<jiff::civil::Date>,
}

/// Codes the events of texts; made once and shared.
pub(super) struct Coder {
    pub(super) codebook: Codebook,
    english: English,
}

impl std::fmt::Debug for Coder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Coder").finish_non_exhaustive()
    }
}

impl Coder {
    pub(super) fn new(codebook: Codebook) -> Self {
        Self { codebook, english: English::embedded() }
    }

    /// Returns the events of the text in its order, each with the reasons of its slots.
    pub(super) fn events(&self, input: Input<'_>) -> Vec<(Event, Vec<Reason>)> {
        let mut scratch = Scratch::default();
        let mut analyses = |text| -> Vec<Analysis<'_>> {
            super::extract::sentence::sentences(text)
                .into_iter()
                .map(|range: Range<usize>| {
                    let parsed =
                        self.english.parse(text, range.clone(), &mut scratch, Entities::Skip);
                    Analysis::new(&self.codebook.lexicon, text, range, parsed)
                })
                .collect()
        };
        let headline = if input.in_title { Vec::new() } else { analyses(input.title) };
        let sentences = analyses(input.body);
        if !relevance::is_relevant(&self.codebook, &headline, &sentences) {
            return Vec::new();
        }
        let theme = self.theme(&headline, &sentences);
        let cast = Cast { lexicon: &self.codebook.lexicon };
        let mut events = Vec::new();
        let mut before = Class::default();
        let (mut byte, mut point) = (0, 0);
        for analysis in &sentences {
            point += input.body[byte..analysis.range.start].chars().count();
            let start = point;
            point += input.body[analysis.range.clone()].chars().count();
            byte = analysis.range.end;
            let around = Around { classes: theme.and(before) };
            let scene = Scene::new(&self.codebook, analysis, around);
            for draft in scene.drafts(&cast) {
                events.push(self.finish(analysis, draft, start..point, input.in_title));
            }
            before = analysis.classes;
        }
        events
    }

    /// Classes of the headline, and those that recur in the text.
    fn theme(&self, headline: &[Analysis<'_>], sentences: &[Analysis<'_>]) -> Class {
        let movers = self.codebook.lexicon.classes(["migrant", "migration", "boat"]);
        let mut once = Class::default();
        let mut theme = Class::default();
        let mut moving = 0;
        for sentence in headline.iter().chain(sentences) {
            theme = theme.and(once.common(sentence.classes));
            once = once.and(sentence.classes);
            moving += sentence.hits.iter().filter(|hit| hit.entry.class.meets(movers)).count();
        }
        if moving >= 2 || moving == 1 && sentences.len() <= SHORT {
            theme = theme.and(movers);
        }
        headline.iter().fold(theme, |all, sentence| all.and(sentence.classes))
    }

    fn finish(
        &self,
        analysis: &Analysis<'_>,
        draft: Draft<'_>,
        points: Range<usize>,
        in_title: bool,
    ) -> (Event, Vec<Reason>) {
        let lexicon = &self.codebook.lexicon;
        let actor = |who: &Option<Who>| {
            who.as_ref().map(|who| Actor {
                text: analysis.words(who.tokens.clone()).to_owned(),
                id: lexicon.id_name(who.id).to_owned(),
            })
        };
        let mut countries: Vec<String> =
            draft.countries.iter().map(|id| lexicon.id_name(*id).to_owned()).collect();
        countries.sort();
        countries.dedup();
        let spot = &draft.candidate.spot;
        let trigger: Vec<&str> =
            spot.tokens.iter().map(|at| analysis.sentence.tokens[*at].text).collect();
        let event = Event {
            kind: draft.candidate.frame.kind,
            actor: actor(&draft.actor),
            recipient: actor(&draft.recipient),
            countries,
            place: None,
            date: draft.date,
            quantity: draft.quantity,
            status: draft.status,
            attribution: actor(&draft.attribution),
            evidence: Evidence {
                start: points.start,
                end: points.end,
                trigger: trigger.join(" "),
                sentence: analysis.text[analysis.range.clone()].to_owned(),
                in_title,
            },
            point: None,
            confidence: 0.5,
            frame: draft.candidate.frame.name.clone(),
        };
        (event, Vec::new())
    }
}
