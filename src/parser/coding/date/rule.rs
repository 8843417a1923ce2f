//! How a date was read, for those who ask why.

use super::when::{Pick, When};
use super::{Bound, DateMention, Tense};

impl DateMention {
    /// Returns the rule by which the days were found.
    pub(in super::super) fn rule(&self) -> &'static str {
        match self.bound {
            Bound::Since => "it goes on since then",
            Bound::From => "it begins then",
            Bound::Until => "it goes on until then",
            Bound::By => "it is to be done by then",
            Bound::On | Bound::Before | Bound::After => told(&self.when, self.tense),
        }
    }
}

fn told(when: &When, tense: Tense) -> &'static str {
    let behind = tense == Tense::Past;
    match when {
        When::Fixed(_) => "a date with its year",
        When::Published { .. } => "counted from publication",
        When::Weekday { week: Some(_), .. } => "a weekday of a week that is told",
        When::Weekday { pick: Pick::Open | Pick::This, .. } if behind => "the weekday behind",
        When::Weekday { pick: Pick::Last, .. } => "the weekday behind",
        When::Weekday { .. } => "the weekday ahead",
        When::Day { .. } if behind => "a day of a month behind",
        When::Day { .. } => "a day of a month, the nearest or ahead",
        When::Month { .. } | When::Season { .. } if behind => "a month or season behind",
        When::Month { .. } | When::Season { .. } => "a month or season, the nearest or ahead",
        When::Unit { .. } => "a week, month or year by its distance",
        When::Back { .. } => "a stretch up to publication",
        When::Ahead { .. } => "a stretch from publication on",
        When::Ago { .. } => "counted back or ahead from publication",
        When::Part(_, whole) => match **whole {
            When::Part(..) => "a part of a part of a span",
            _ => "a part of a span",
        },
        When::Range(..) => "from one date to another",
        When::Lasting(..) => "so many days up to one",
        When::Text(_) => "counted from a day of the text",
    }
}
