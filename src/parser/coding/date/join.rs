//! Phrases for dates joined to ranges, with the words before them that bound them.

#![allow(
    clippy::if_same_then_else,
    clippy::nonminimal_bool,
    reason = "each line is one case, told apart from the next"
)]

use std::ops::Range;

use jiff::civil::Date;

use super::read::Reader;
use super::tense::Tenses;
use super::when::{Pick, When, Year};
use super::{Bound, DateMention, Tense};
use crate::parser::codebook::{DateWords, Measures, Phrase};
use crate::parser::coding::pieces::Pieces;
use crate::parser::syntax::{Label, Sentence, Tag};

/// Pieces before "since" among which a superlative makes the date a yardstick.
const SUPERLATIVE_REACH: usize = 9;

/// Heads above a date that are looked through for what it hangs on.
const HEADS_MAX: usize = 16;

/// Returns the dates of the sentence.
pub(super) fn mentions(
    sentence: &Sentence<'_>,
    measures: &Measures,
    published: Option<Date>,
) -> Vec<DateMention> {
    let pieces = Pieces::new(sentence);
    let words = &measures.date;
    let reader = Reader { sentence, pieces: &pieces, words, measures };
    let joiner = Joiner { sentence, pieces: &pieces, words, reader };
    let tenses = Tenses::new(sentence, words);
    let mut mentions = Vec::new();
    let mut at = 0;
    let mut free = 0;
    while at < pieces.len() {
        let Some((when, end)) = joiner.reader.read(at) else {
            at += 1;
            continue;
        };
        let (when, end) = joiner.joined(at, when, end);
        let end = end.clamp(at + 1, pieces.len());
        let found = joiner.bounded(free, at, when);
        let tokens = pieces.tokens(found.start..end);
        let (head, governor) = joiner.hung(&tokens);
        let mut bound = found.bound;
        let mut tense = tenses.of(governor);
        // "said on Monday": the verb right before it governs it, whatever the parser says.
        let before = tokens.start.checked_sub(1).map(|at| sentence.tokens[at].tag);
        if before == Some(Tag::VBD) && bound != Bound::Until {
            tense = Tense::Past;
        }
        match bound {
            Bound::On if tenses.is_since(governor) => bound = Bound::Since,
            Bound::Until => {
                let lasts = words.lasting.contains(&sentence.tokens[governor].lemma);
                tense = if lasts { tense } else { Tense::Future };
            }
            _ => {}
        }
        if bound == Bound::Since {
            tense = Tense::Past;
        }
        mentions.push(DateMention {
            tokens,
            head,
            governor,
            tense,
            bound,
            is_yardstick: found.is_yardstick,
            when: found.when,
            published,
        });
        // A token that two dates share belongs to the first.
        let last = pieces.get(end - 1).map_or(0, |piece| piece.token);
        at = end;
        while pieces.get(at).is_some_and(|piece| piece.token == last) {
            at += 1;
        }
        free = at;
    }
    mentions
}

/// A date with what stands before it.
struct Bounded {
    /// The first piece.
    start: usize,
    when: When,
    bound: Bound,
    is_yardstick: bool,
}

struct Joiner<'a, 't> {
    sentence: &'a Sentence<'t>,
    pieces: &'a Pieces<'t>,
    words: &'a DateWords,
    reader: Reader<'a, 't>,
}

impl Joiner<'_, '_> {
    /// Joins the phrase to what "to", a dash or "and" puts behind it.
    fn joined(&self, start: usize, when: When, end: usize) -> (When, usize) {
        let before = self.pieces.before(start, 1);
        let before = if matches!(before, "the" | "early" | "late" | "mid") {
            self.pieces.before(start, 2)
        } else {
            before
        };
        let (mut when, mut end) = (when, end);
        // "June, July and August" is joined one by one; twelve months are enough.
        for _ in 0..12 {
            let link = self.pieces.lower(end);
            let (is_link, next) =
                match self.words.to.iter().find(|p| self.pieces.starts_with(end, p)) {
                    Some(phrase) => (true, end + phrase.len()),
                    None => (link == "and" || link == ",", end + 1),
                };
            if !is_link {
                break;
            }
            let Some((to, after)) = self.reader.read_joined(next) else { break };
            let is_range = match link {
                "and" | "," => before == "between" && link == "and" || follows(&when, &to),
                "to" | "-" => before == "from" || is_alike(&when, &to),
                _ => true,
            };
            if !is_range || matches!(when, When::Range(..)) && !matches!(link, "and" | ",") {
                break;
            }
            when = range(when, to);
            end = after;
        }
        (when, end)
    }

    /// Reads the words before the phrase, none of them before `free`.
    fn bounded(&self, free: usize, at: usize, when: When) -> Bounded {
        let mut start = at;
        let before = |start: usize, back: usize| {
            if start >= free + back { self.pieces.before(start, back) } else { "" }
        };
        for _ in 0..2 {
            if matches!(
                before(start, 1),
                "the" | "about" | "around" | "least" | "just" | "very" | "only" | "late" | "early"
            ) {
                start -= 1;
            } else if before(start, 1) == "at" && self.pieces.lower(start) == "least" {
                start -= 1;
            }
        }
        let lists: [(&[Phrase], Bound); 6] = [
            (&self.words.since, Bound::Since),
            (&self.words.until, Bound::Until),
            (&self.words.by, Bound::By),
            (&self.words.from, Bound::From),
            (&self.words.before, Bound::Before),
            (&self.words.after, Bound::After),
        ];
        let longest = lists
            .iter()
            .filter_map(|(list, bound)| {
                let phrase = list.iter().find(|phrase| self.pieces.ends_with(start, phrase))?;
                (start >= free + phrase.len()).then_some((phrase.len(), *bound))
            })
            .max_by_key(|(length, _)| *length);
        let is_range = match &when {
            When::Range(..) => true,
            When::Day { first, last, .. } => first < last,
            When::Fixed(days) => days.first < days.last && self.pieces.lower(at + 1) == "to",
            _ => false,
        };
        if let Some((length, bound)) = longest {
            let start = start - length;
            let is_yardstick = self.is_yardstick(start)
                || bound == Bound::Since && self.follows_superlative(start);
            let bound = if bound == Bound::From && is_range { Bound::On } else { bound };
            return Bounded { start, when, bound, is_yardstick };
        }
        let is_preposition = |word: &str| {
            matches!(
                word,
                "on" | "in"
                    | "at"
                    | "over"
                    | "during"
                    | "for"
                    | "within"
                    | "throughout"
                    | "between"
                    | "of"
                    | "across"
            )
        };
        // What stands before a plain date and is no preposition stays out, save the article.
        if is_preposition(before(start, 1)) {
            start -= 1;
        } else {
            start = at - usize::from(before(at, 1) == "the");
        }
        let is_yardstick = self.is_yardstick(start);
        let (start, when) = self.lasting(start, free, when);
        Bounded { start, when, bound: Bound::On, is_yardstick }
    }

    /// "For a third day on Sunday" began on Friday.
    fn lasting(&self, start: usize, free: usize, when: When) -> (usize, When) {
        let mut at = start;
        let before = |at: usize| at.checked_sub(1).map_or("", |at| self.pieces.lower(at));
        for word in ["row", "a", "in"] {
            at -= usize::from(before(at) == word);
        }
        at -= usize::from(matches!(before(at), "running" | "straight"));
        if !matches!(before(at), "day" | "night") {
            return (start, when);
        }
        at -= 1;
        at -= usize::from(matches!(before(at), "straight" | "consecutive" | "successive"));
        let words = &self.reader.measures.number;
        let days = match words.ordinals.get(before(at)) {
            Some(days) => {
                at -= 1;
                *days as i32
            }
            None if words.ordinal_ends.contains(before(at)) && at >= 2 => {
                at -= 2;
                self.pieces.lower(at).parse().unwrap_or(0)
            }
            None => return (start, when),
        };
        at -= usize::from(matches!(before(at), "a" | "the" | "its" | "their"));
        if before(at) != "for" || at <= free || !(2..=60).contains(&days) {
            return (start, when);
        }
        (at - 1, When::Lasting(days, Box::new(when)))
    }

    /// "More than in 2015", "compared with May", "up from 300 in 2014".
    fn is_yardstick(&self, start: usize) -> bool {
        let before = |back: usize| self.pieces.before(start, back);
        self.words.compared.contains(before(1))
            || matches!(before(1), "with" | "to") && self.words.compared.contains(before(2))
            || matches!(before(1), "period" | "month" | "time" | "figure" | "figures" | "total")
                && (before(2) == "same"
                    || before(2) == "the" && self.words.compared.contains(before(3)))
            || start >= 2
                && self.pieces.is_number(start - 1)
                && (before(2) == "from"
                    || matches!(before(2), "with" | "to")
                        && self.words.compared.contains(before(3)))
    }

    /// "For the first time since 2015", "the worst since May".
    fn follows_superlative(&self, since: usize) -> bool {
        let from = since.saturating_sub(SUPERLATIVE_REACH);
        for at in (from..since).rev() {
            let Some(piece) = self.pieces.get(at) else { break };
            if matches!(piece.lower.as_str(), "," | ";" | ":" | "(") {
                break;
            }
            let tag = self.sentence.tokens[piece.token].tag;
            if matches!(tag, Tag::JJS | Tag::RBS) && piece.lower != "least"
                || self.words.superlatives.contains(&piece.lower) && piece.lower != "least"
            {
                return true;
            }
        }
        false
    }

    /// Returns the token that hangs outside of the phrase, and the verb or noun that it hangs on.
    fn hung(&self, tokens: &Range<usize>) -> (usize, usize) {
        let outside = |at: &usize| {
            !tokens.contains(&self.sentence.tokens[*at].head) || self.sentence.is_root(*at)
        };
        let head = tokens.clone().find(outside).unwrap_or(tokens.start);
        let mut at = head;
        for _ in 0..HEADS_MAX {
            let token = &self.sentence.tokens[at];
            if token.head == at {
                break;
            }
            at = token.head;
            let is_through = matches!(self.sentence.tokens[at].label, Label::Prep | Label::Pcomp)
                && !self.sentence.tokens[at].tag.is_verb()
                || tokens.contains(&at);
            if !is_through {
                break;
            }
        }
        (head, at)
    }
}

/// Returns the two as a range; a year that only the second tells is the first's too.
fn range(from: When, to: When) -> When {
    let from = match (from.wants_year(), to.year()) {
        (true, Some(year)) => {
            let same = from.clone().in_year(year);
            let known = super::Known { published: None, tense: Tense::Past, spoken: None };
            // "December to March 2021" began in 2020.
            match (same.days(known), to.days(known), year) {
                (Some(a), Some(b), Year::Number(number)) if a.first > b.last => {
                    from.in_year(Year::Number(number - 1))
                }
                _ => same,
            }
        }
        _ => from,
    };
    match from {
        // "June, July and August": the middle is in it.
        When::Range(first, _) => When::Range(first, Box::new(to)),
        from => When::Range(Box::new(from), Box::new(to)),
    }
}

/// Returns whether both are days of the week, months, or the like.
fn is_alike(from: &When, to: &When) -> bool {
    match (from, to) {
        (When::Part(_, whole), to) => is_alike(whole, to),
        (from, When::Part(_, whole)) => is_alike(from, whole),
        (When::Fixed(_), When::Fixed(_) | When::Day { .. } | When::Month { .. }) => true,
        (When::Day { .. } | When::Month { .. } | When::Season { .. }, When::Fixed(_)) => true,
        (from, to) => std::mem::discriminant(from) == std::mem::discriminant(to),
    }
}

/// Returns whether the second begins right after the first ends, so that "and" joins them.
fn follows(from: &When, to: &When) -> bool {
    match (from, to) {
        (When::Range(_, last), to) => follows(last, to),
        (
            When::Weekday { day: a, pick: Pick::Open | Pick::This, week: None },
            When::Weekday { day: b, pick: Pick::Open, week: None },
        ) => a.wrapping_add(1) == *b,
        (When::Month { month: a, year: None, .. }, When::Month { month: b, year: None, .. }) => {
            *b == a % 12 + 1
        }
        (When::Fixed(a), When::Fixed(b)) => a.last.tomorrow().is_ok_and(|next| next == b.first),
        (When::Month { month: a, year: None, .. }, When::Fixed(b)) => {
            b.first.day() == 1 && b.last == b.first.last_of_month() && b.first.month() == a % 12 + 1
        }
        (When::Published { last, .. }, When::Published { first, .. }) => *first == last + 1,
        _ => false,
    }
}
