//! Why the slots of an event hold what they hold: the rule for each, and the words.

use std::ops::Range;

use super::analysis::Analysis;
use super::cast::Who;
use super::draft::Draft;
use super::place::PlaceMention;
use super::quantity::Count;
use crate::parser::codebook::Shape;
use crate::parser::{Event, Reason};

/// Tokens between a number and its noun that are shown with both.
const COUNTED_REACH: usize = 5;

/// A rule, and the tokens that it read; none where it read no words of the sentence.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    pub(super) rule: &'static str,
    pub(super) tokens: Range<usize>,
}

/// Why the slots that the draft alone knows are as they are.
#[derive(Clone, Debug, Default)]
pub(super) struct Why {
    pub(super) date: Found,
    pub(super) quantity: Found,
    pub(super) status: &'static str,
}

impl Found {
    /// The number with the noun that it counts, where that stands near.
    pub(super) fn count(count: &Count, rule: &'static str) -> Self {
        let mut tokens = count.tokens.clone();
        if (tokens.end..tokens.end + COUNTED_REACH).contains(&count.head) {
            tokens.end = count.head + 1;
        }
        Self { rule, tokens }
    }
}

/// A sentence that reasons quote, and the code point of the text at which it starts.
struct Quotes<'s, 'a> {
    analysis: &'s Analysis<'a>,
    start: usize,
}

impl Quotes<'_, '_> {
    fn reason(&self, slot: &'static str, rule: String, tokens: &Range<usize>) -> Reason {
        let words = self.analysis.words(tokens.clone()).to_owned();
        Reason { slot, rule, words, spans: self.span(tokens).into_iter().collect() }
    }

    /// The code points of the tokens, `None` of none.
    fn span(&self, tokens: &Range<usize>) -> Option<Range<usize>> {
        let words = self.analysis.words(tokens.clone());
        let first = self.analysis.sentence.tokens.get(tokens.start)?;
        let before = &self.analysis.text[self.analysis.range.start..first.start];
        let start = self.start + before.chars().count();
        (!words.is_empty()).then(|| start..start + words.chars().count())
    }
}

impl Draft<'_> {
    /// Returns the reasons of the event's filled slots, in the order of [`Reason::slot`].
    pub(super) fn reasons(
        &self,
        analysis: &Analysis<'_>,
        event: &Event,
        site_rule: &'static str,
        mention: Option<&PlaceMention>,
    ) -> Vec<Reason> {
        let quotes = Quotes { analysis, start: event.evidence.start };
        let mut reasons = Vec::with_capacity(8);
        let mut add = |slot, rule: String, tokens: &Range<usize>| {
            reasons.push(quotes.reason(slot, rule, tokens));
        };
        let nothing = 0..0;
        let place = mention.map_or(&nothing, |mention| &mention.tokens);
        for (slot, who) in [("actor", &self.actor), ("recipient", &self.recipient)] {
            if let Some(who) = who {
                add(slot, format!("{}: {}", self.role(who), who.rule), &who.tokens);
            }
        }
        if !event.countries.is_empty() {
            add("countries", site_rule.to_owned(), place);
        }
        if let Some(mention) = mention {
            add("place", mention.rule.to_owned(), place);
        }
        if event.point.is_some() {
            add("point", "coordinates of the codebook".to_owned(), place);
        }
        if event.date.is_some() {
            add("date", self.why.date.rule.to_owned(), &self.why.date.tokens);
        }
        if event.quantity.is_some() {
            add("quantity", self.why.quantity.rule.to_owned(), &self.why.quantity.tokens);
        }
        let told_by = self.status_word().map_or(nothing, |word| word..word + 1);
        add("status", self.why.status.to_owned(), &told_by);
        if let Some(who) = &self.attribution {
            let role = credited_by(analysis, who);
            add("attribution", format!("{role}: {}", who.rule), &who.tokens);
        }
        reasons.insert(0, self.kind_reason(&quotes, event));
        reasons
    }

    /// Returns the words that carry the event, those of a compound as the text joins them.
    pub(super) fn trigger(&self, analysis: &Analysis<'_>) -> String {
        let words = |run| analysis.words(run).split_whitespace().collect::<Vec<_>>().join(" ");
        self.runs().map(words).collect::<Vec<_>>().join(" ")
    }

    /// The stretches of tokens that the trigger is made of.
    fn runs(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        let runs = self.candidate.spot.tokens.chunk_by(|one, next| one + 1 == *next);
        runs.filter_map(|run| Some(*run.first()?..run.last()? + 1))
    }

    fn kind_reason(&self, quotes: &Quotes<'_, '_>, event: &Event) -> Reason {
        let frame = self.candidate.frame;
        let by_place =
            if event.kind == frame.kind { "" } else { ", another kind by whom or where" };
        Reason {
            slot: "kind",
            rule: format!("{}, {}{by_place}", frame.name, self.stands()),
            words: event.evidence.trigger.clone(),
            spans: self.runs().filter_map(|run| quotes.span(&run)).collect(),
        }
    }

    /// The word that made the status what it is, where one did.
    fn status_word(&self) -> Option<usize> {
        let telling = &self.candidate.telling;
        let is_told = self.why.status == telling.rule || telling.is_negated;
        telling.word.filter(|_| is_told)
    }

    fn stands(&self) -> &'static str {
        match self.candidate.spot.shape {
            Shape::Verb if self.candidate.arguments.is_passive => "a passive verb",
            Shape::Verb => "a verb",
            Shape::Passive => "a passive verb",
            Shape::Noun => "a noun",
            Shape::Phrase => "a phrase",
        }
    }

    /// Where those who act or suffer stand to the trigger.
    fn role(&self, who: &Who) -> String {
        let arguments = &self.candidate.arguments;
        let is_in = |at: usize| who.tokens.contains(&at);
        if arguments.subject.is_some_and(is_in) {
            return "who does it".to_owned();
        }
        if arguments.object.is_some_and(is_in) {
            return "to whom it is done".to_owned();
        }
        match arguments.behind.iter().find(|behind| is_in(behind.object)) {
            Some(behind) => format!("behind “{}”", behind.preposition),
            None if who.tokens.is_empty() => "from another sentence".to_owned(),
            None => "elsewhere in the sentence".to_owned(),
        }
    }
}

/// How the words credit somebody.
fn credited_by(analysis: &Analysis<'_>, who: &Who) -> &'static str {
    let before =
        |back: usize| who.tokens.start.checked_sub(back).map_or("", |at| analysis.lower(at));
    match who.tokens.is_empty() {
        true => "speaker of another sentence",
        false if before(2) == "according" => "according to",
        false => "who tells it",
    }
}
