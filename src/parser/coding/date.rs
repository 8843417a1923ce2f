//! Dates: weekdays, months, spans and the words that bound them, resolved against publication.

mod attach;
mod calendar;
mod join;
mod part;
mod read;
mod rule;
mod tense;
#[cfg(test)]
mod tests;
mod when;

use std::ops::Range;

use jiff::civil::Date;

use self::calendar::Days;
use self::when::{Known, When};
use crate::parser::DateSpan;
use crate::parser::codebook::Measures;
use crate::parser::syntax::Sentence;

/// How the clause around a date looks at it from the day of publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tense {
    /// Weekdays and months lie behind.
    Past,
    /// Weekdays lie ahead, months where they are nearest.
    Present,
    /// Weekdays and months lie ahead.
    Future,
}

/// What a date is to what happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    /// It happens then.
    On,
    /// It began then and goes on.
    Since,
    /// It begins then and is told no end.
    From,
    /// It goes on until then.
    Until,
    /// It is to be done by then.
    By,
    /// It lies before.
    Before,
    /// It lies after.
    After,
}

/// A phrase for a date in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DateMention {
    /// Its tokens, with the preposition before it.
    pub(super) tokens: Range<usize>,
    /// The token of it that hangs on another.
    pub(super) head: usize,
    /// The verb or noun that it hangs on, itself where it hangs on nothing.
    pub(super) governor: usize,
    /// How the governor looks at it, as far as the parse tells.
    pub(super) tense: Tense,
    pub(super) bound: Bound,
    /// Something is measured by it ("more than in 2015"): nothing here happens then.
    pub(super) is_yardstick: bool,
    when: When,
    published: Option<Date>,
}

impl DateMention {
    /// Returns the days, `None` when they cannot be known: without a day of publication, for days
    /// that the text counts from others, and for "before" and "after".
    ///
    /// "Since" and "from" have no end; "until" begins on the day of publication.
    pub(super) fn span(&self, tense: Tense) -> Option<DateSpan> {
        self.span_from(tense, None)
    }

    /// Returns the days as [`Self::span`] does; "the next day" counts from `spoken`, the day that
    /// the text spoke of last.
    pub(super) fn span_from(&self, tense: Tense, spoken: Option<Date>) -> Option<DateSpan> {
        let days = self.days(tense, spoken)?;
        match self.bound {
            Bound::On | Bound::By => Some(DateSpan { start: days.first, end: Some(days.last) }),
            Bound::Since | Bound::From => Some(DateSpan { start: days.first, end: None }),
            Bound::Until => {
                let start = self.published.filter(|published| *published <= days.last)?;
                Some(DateSpan { start, end: Some(days.last) })
            }
            Bound::Before | Bound::After => None,
        }
    }

    /// Returns whether it counts from a day that the text spoke of before: "the next day".
    #[cfg(test)]
    pub(super) fn is_of_text(&self) -> bool {
        matches!(self.when, When::Text(_))
    }

    /// Returns whether it is told by the day or week, which happenings are, not by the month or year.
    fn is_day(&self) -> bool {
        self.when.is_day()
    }

    fn days(&self, tense: Tense, spoken: Option<Date>) -> Option<Days> {
        // "Until Friday" lies ahead even of what was done; "since Friday" behind.
        let tense = match self.bound {
            Bound::Until if self.tense != Tense::Past || tense != Tense::Past => Tense::Future,
            Bound::Since => Tense::Past,
            _ => tense,
        };
        self.when.days(Known { published: self.published, tense, spoken })
    }
}

/// Returns the dates of the sentence, in order and apart from each other.
///
/// Vague ones ("in recent days"), ages and durations are none. Without a day of publication those
/// that are counted from it are found, and have no days.
pub(super) fn dates(
    sentence: &Sentence<'_>,
    measures: &Measures,
    published: Option<Date>,
) -> Vec<DateMention> {
    join::mentions(sentence, measures, published)
}

/// Returns the date of the sentence, by its place among the mentions, that a happening has.
///
/// `trigger` is the token of the verb or noun that tells it. A date hangs on it or on what governs it
/// in the same clause; content clauses, relative ones and those with "after" do not share it.
pub(super) fn attached(
    sentence: &Sentence<'_>,
    measures: &Measures,
    mentions: &[DateMention],
    trigger: usize,
) -> Option<usize> {
    attach::attached(sentence, &measures.date, mentions, trigger)
}
