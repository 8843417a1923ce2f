//! Event coding: parsed sentences to events, by the frames of the codebook.

mod analysis;
mod carry;
mod cast;
mod clause;
mod confidence;
mod date;
mod draft;
mod mutual;
mod outline;
mod pieces;
mod place;
mod quantity;
mod reasons;
mod relevance;
mod scene;
mod sentence_events;
mod story;
mod telling;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use self::analysis::Analysis;
#[cfg(test)]
pub(super) use self::analysis::looks;
use self::carry::{Days, Quarrel};
use self::cast::{Cast, Who};
use self::clause::Clauses;
use self::confidence::Reading;
use self::draft::Draft;
use self::place::{Grounds, Happening};
use self::scene::{Around, Scene};
use self::story::Story;
use super::codebook::{Class, Codebook, Id, Sort};
use super::english::{English, Entities, Scratch};
use super::event::Reason;
use super::report::Report;
use super::{Actor, Event, Evidence, Kind};

/// Which texts are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// Those about borders, about who crosses them, or about states that quarrel over them.
    Borders,
    /// All, as if each were about a border: for measures on sentences of other fields.
    #[cfg(test)]
    Anything,
}

/// Where an event happens, and the words that tell.
struct Where {
    site: place::Site,
    mention: Option<place::PlaceMention>,
}

/// The sentences of a report.
struct Read<'a> {
    headline: Vec<Analysis<'a>>,
    sentences: Vec<Analysis<'a>>,
    /// For each sentence of the text whether it may tell of an event.
    told: Vec<bool>,
}

/// Codes the events of texts; made once and shared.
pub(super) struct Coder {
    pub(super) codebook: Codebook,
    english: English,
    /// Buffers that are not in use, with the words that they know: one for each thread that read.
    idle: Mutex<Vec<Scratch>>,
}

impl std::fmt::Debug for Coder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Coder").finish_non_exhaustive()
    }
}

impl Coder {
    pub(super) fn new(codebook: Codebook) -> Self {
        Self { codebook, english: English::embedded(), idle: Mutex::default() }
    }

    /// Returns buffers, which [`Coder::put_back`] gives to the next text.
    fn scratch(&self) -> Scratch {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    fn put_back(&self, scratch: Scratch) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(scratch);
    }

    /// Returns the events of the report in the order of its text, each with the reasons of its
    /// slots.
    pub(super) fn events(
        &self,
        report: &Report<'_>,
        published: Option<jiff::civil::Date>,
        scope: Scope,
    ) -> Vec<(Event, Vec<Reason>)> {
        let mut scratch = self.scratch();
        let read = self.read(report, scope, &mut scratch);
        self.put_back(scratch);
        let Some(Read { headline, sentences, told }) = read else { return Vec::new() };
        let anything = scope != Scope::Borders;
        let story = Story::of(&self.codebook, &headline, &sentences, self.home(report));
        let mut grounds = Grounds::of(&self.codebook, &headline, &sentences);
        let mut cast = Cast::new(&self.codebook, &story, published, &headline, &sentences);
        for analysis in &headline {
            let clauses = Clauses { analysis, words: &self.codebook.clause };
            cast.remember(analysis, clauses);
        }
        let mut events = Vec::new();
        let mut days = Days::default();
        let mut quarrel = Quarrel::default();
        let mut before = Class::default();
        let (mut byte, mut point) = (0, 0);
        for (index, analysis) in sentences.iter().enumerate() {
            point += report.text[byte..analysis.range.start].chars().count();
            let start = point;
            point += report.text[analysis.range.clone()].chars().count();
            byte = analysis.range.end;
            let classes = if anything { Class::ALL } else { story.theme.and(before) };
            let around = Around { classes };
            let scene = Scene::new(&self.codebook, analysis, around, published);
            let drafts = if told[index] { scene.drafts(&cast) } else { Vec::new() };
            let events_here = drafts.len();
            for mut draft in drafts {
                days.carry(index, &mut draft);
                quarrel.carry(&mut draft);
                let happening = Happening {
                    sentence: index,
                    trigger: draft.candidate.spot.head,
                    kind: draft.candidate.frame.kind,
                    actor: draft.actor.as_ref().map(|who| who.id),
                    recipient: draft.recipient.as_ref().map(|who| who.id),
                    nations: self.nations(analysis, &draft),
                };
                let site = grounds.site(&self.codebook, analysis, &happening);
                grounds.remember(happening.kind, &site.countries);
                let mention =
                    site.mention.and_then(|at| grounds.mentions.get(index)?.get(at)).cloned();
                let place = Where { site, mention };
                let reading = Reading {
                    lexicon: &self.codebook.lexicon,
                    analysis,
                    draft: &draft,
                    countries: place.site.countries.len(),
                    sentence: index,
                    events: events_here,
                };
                events.push(self.finish(reading, place, start..point, report.in_title));
            }
            cast.remember(analysis, scene.clauses);
            before = analysis.classes;
        }
        events
    }

    /// Returns the sentences, those parsed that need it; `None` where they tell of nothing.
    fn read<'a>(
        &'a self,
        report: &Report<'a>,
        scope: Scope,
        scratch: &mut Scratch,
    ) -> Option<Read<'a>> {
        let mut headline = self.outlines(report.title, &report.headline, scratch);
        let mut sentences = self.outlines(report.text, &report.sentences, scratch);
        if scope == Scope::Borders && !relevance::is_relevant(&self.codebook, &headline, &sentences)
        {
            return None;
        }
        let told = outline::tell(&self.codebook, &headline, &sentences);
        if !told.contains(&true) {
            return None;
        }
        for outline in &mut headline {
            self.parse(outline, scratch);
        }
        for (at, outline) in sentences.iter_mut().enumerate() {
            if outline::needs_parse(at, outline, &told) {
                self.parse(outline, scratch);
            }
        }
        Some(Read { headline, sentences, told })
    }

    /// Returns sentences with the phrases of the lexicon in them, none of them parsed.
    fn outlines<'a>(
        &'a self,
        text: &'a str,
        ranges: &[Range<usize>],
        scratch: &mut Scratch,
    ) -> Vec<Analysis<'a>> {
        let outline = |range: &Range<usize>| {
            let tokens = self.english.tokens(text, range.clone(), scratch);
            Analysis::new(&self.codebook.lexicon, text, range.clone(), tokens)
        };
        ranges.iter().map(outline).collect()
    }

    fn parse<'a>(&'a self, outline: &mut Analysis<'a>, scratch: &mut Scratch) {
        let (text, range) = (outline.text, outline.range.clone());
        outline.sentence = self.english.parse(text, range, scratch, Entities::Skip);
    }

    /// Returns the state that the report was written in, by its dateline.
    fn home(&self, report: &Report<'_>) -> Option<Id> {
        let place = report.datelines.iter().find_map(|dateline| dateline.place.clone())?;
        self.codebook.state_of(&report.text[place])
    }

    /// Returns the states whose people move or are moved: "the Guatemalans", "Syrian refugees".
    fn nations(&self, analysis: &Analysis<'_>, draft: &Draft<'_>) -> Vec<Id> {
        use Kind::{Crossing, CrossingAttempt, Deportation, Pushback};
        let who = match draft.candidate.frame.kind {
            Crossing | CrossingAttempt => &draft.actor,
            Deportation | Pushback => &draft.recipient,
            _ => &None,
        };
        let Some(who) = who else { return Vec::new() };
        let inside = analysis.hits.iter().filter(|hit| {
            who.tokens.contains(&hit.tokens.start)
                && matches!(hit.entry.sort, Sort::Nationals | Sort::Demonym)
        });
        inside.filter_map(|hit| hit.entry.id).collect()
    }

    /// Returns the kind of the event: that of its frame, or what the frame is in the actor's own state.
    fn kind(&self, draft: &Draft<'_>, site: &place::Site) -> Kind {
        let frame = draft.candidate.frame;
        let own = draft.actor.as_ref().map(|who| who.id);
        // Force against people on the move is no quarrel over the line.
        let is_migrant = |who: &Who| Some(who.id) == self.codebook.lexicon.id("MIG");
        if frame.kind == Kind::Incursion && draft.recipient.as_ref().is_some_and(is_migrant) {
            return frame.at_home.unwrap_or(frame.kind);
        }
        let is_home = own.is_some_and(|id| self.codebook.lexicon.is_state(id))
            && site.mention.is_some()
            && site.countries.iter().all(|id| Some(*id) == own)
            && draft
                .recipient
                .as_ref()
                .is_none_or(|who| Some(who.id) == own || !self.codebook.lexicon.is_state(who.id));
        frame.at_home.filter(|_| is_home).unwrap_or(frame.kind)
    }

    fn finish(
        &self,
        reading: Reading<'_>,
        place: Where,
        points: Range<usize>,
        in_title: bool,
    ) -> (Event, Vec<Reason>) {
        let Reading { lexicon, analysis, draft, .. } = reading;
        let actor = |who: &Option<Who>| {
            who.as_ref().map(|who| Actor {
                text: analysis.words(who.tokens.clone()).to_owned(),
                id: lexicon.id_name(who.id).to_owned(),
            })
        };
        let mut countries: Vec<String> =
            place.site.countries.iter().map(|id| lexicon.id_name(*id).to_owned()).collect();
        countries.sort();
        countries.dedup();
        let event = Event {
            kind: self.kind(draft, &place.site),
            actor: actor(&draft.actor),
            recipient: actor(&draft.recipient),
            countries,
            place: place
                .mention
                .as_ref()
                .map(|mention| analysis.words(mention.tokens.clone()).to_owned()),
            date: draft.date,
            quantity: draft.quantity,
            status: draft.status,
            attribution: actor(&draft.attribution),
            evidence: Evidence {
                start: points.start,
                end: points.end,
                trigger: draft.trigger(analysis),
                sentence: analysis.text[analysis.range.clone()].to_owned(),
                in_title,
            },
            point: place.mention.as_ref().and_then(|mention| mention.point),
            confidence: reading.confidence(),
            frame: draft.candidate.frame.name.clone(),
        };
        let mut reasons = draft.reasons(analysis, &event, place.site.rule, place.mention.as_ref());
        reasons.push(reading.reason());
        (event, reasons)
    }
}
