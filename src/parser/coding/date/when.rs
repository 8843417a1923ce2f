//! What a phrase says of a date, and the days that this is, given tense and day of publication.

use jiff::civil::{Date, Weekday};

use super::Tense;
use super::calendar::{Days, Unit, distance, shift, shift_days, weekday};

/// Days by which a month and day without a year may lie on the wrong side of publication: a report
/// of 16 November tells of "Dec. 12" in any tense, and nobody means the one before without saying so.
const DAY_SLACK: i32 = 45;

/// The same for verbs that look ahead, which are read with more trust.
const DAY_SLACK_AHEAD: i32 = 20;

/// Present-tense months further ahead than this are those of the year before.
const MONTHS_AHEAD: i32 = 4;

/// Which of the days of that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pick {
    /// As the tense says.
    Open,
    /// "last".
    Last,
    /// "this".
    This,
    /// "next".
    Next,
}

/// A year by number, or from that of publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Year {
    Number(i16),
    Offset(i32),
}

/// A part of a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// From that third to that one: 0, 1 is "early", 2, 3 is "late", 0, 3 the whole.
    Thirds(i32, i32),
    /// "The start", "the end": a month of a year, ten days of a month.
    Start,
    End,
    /// 0 or 1.
    Half(i32),
    /// "The first six months".
    Opening(i32, Unit),
    /// "The last three days", "the end".
    Closing(i32, Unit),
    /// "The second week".
    Nth(i32, Unit),
    /// "So far", "earlier": up to publication.
    SoFar,
    /// "Later": from publication on.
    Later,
}

/// What a phrase says, before tense and publication are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// With its year.
    Fixed(Days),
    /// Days from that of publication.
    Published {
        first: i32,
        last: i32,
    },
    /// A weekday, of the week so many from publication's where that is told.
    Weekday {
        day: Weekday,
        pick: Pick,
        week: Option<i32>,
    },
    /// A day or days of a month.
    Day {
        month: i8,
        first: i8,
        last: i8,
        year: Option<Year>,
    },
    Month {
        month: i8,
        pick: Pick,
        year: Option<Year>,
    },
    /// Three months that begin with that one.
    Season {
        month: i8,
        pick: Pick,
        year: Option<Year>,
    },
    /// "this week" is 0, "last year" -1.
    Unit {
        unit: Unit,
        offset: i32,
    },
    /// "over the past three days".
    Back {
        count: i32,
        unit: Unit,
    },
    /// "in the next three days".
    Ahead {
        count: i32,
        unit: Unit,
    },
    /// "three days ago"; negative for "in three days".
    Ago {
        count: i32,
        unit: Unit,
    },
    Part(Part, Box<When>),
    /// From the first of the one to the last of the other.
    Range(Box<When>, Box<When>),
    /// "For the third day on Sunday": so many days, the last of them that one.
    Lasting(i32, Box<When>),
    /// So many days after the one that the text spoke of last.
    Text(i32),
}

/// What is known when a phrase is resolved.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) published: Option<Date>,
    pub(super) tense: Tense,
    /// The day that the text spoke of last.
    pub(super) spoken: Option<Date>,
}

impl When {
    /// Returns the days, `None` when what they depend on is not known or they do not exist.
    pub(super) fn days(&self, known: Known) -> Option<Days> {
        let published = known.published;
        match self {
            Self::Fixed(days) => Some(*days),
            Self::Published { first, last } => {
                let published = published?;
                Days::between(shift_days(published, *first)?, shift_days(published, *last)?)
            }
            Self::Weekday { day, pick, week } => {
                one_weekday(*day, *pick, *week, published?, known.tense).map(Days::one)
            }
            Self::Day { month, first, last, year } => {
                let year = match year {
                    Some(year) => year.number(published)?,
                    None => year_of_day(*month, *first, published?, known.tense)?,
                };
                let day = |day| Date::new(year, *month, day).ok();
                Days::between(day(*first)?, day(*last)?)
            }
            Self::Month { month, pick, year } => {
                let year = match year {
                    Some(year) => year.number(published)?,
                    None => year_of_months(*month, 1, *pick, published?, known.tense)?,
                };
                Days::month(year, *month)
            }
            Self::Season { month, pick, year } => {
                let year = match year {
                    Some(year) => year.number(published)?,
                    None => year_of_months(*month, 3, *pick, published?, known.tense)?,
                };
                Days::season(year, *month)
            }
            Self::Unit { unit, offset } => unit_of(*unit, *offset, published?, known.tense),
            Self::Back { count, unit } => {
                let published = published?;
                Days::between(shift(published, unit.times(count.checked_neg()?)?)?, published)
            }
            Self::Ahead { count, unit } => {
                let published = published?;
                Days::between(published, shift(published, unit.times(*count)?)?)
            }
            Self::Ago { count, unit } => {
                let date = shift(published?, unit.times(count.checked_neg()?)?)?;
                match unit {
                    Unit::Month | Unit::Quarter => Days::month(date.year(), date.month()),
                    Unit::Year | Unit::Decade => Days::year(date.year()),
                    _ => Some(Days::one(date)),
                }
            }
            Self::Part(part, whole) => part.of(whole.days(known)?, published),
            Self::Range(from, to) => range(from, to, known),
            Self::Lasting(days, last) => {
                let last = last.days(known)?.last;
                Days::between(shift_days(last, 1 - days)?, last)
            }
            Self::Text(offset) => Some(Days::one(shift_days(known.spoken?, *offset)?)),
        }
    }

    /// Returns whether it is told by the day.
    pub(super) fn is_day(&self) -> bool {
        match self {
            Self::Weekday { .. }
            | Self::Published { .. }
            | Self::Day { .. }
            | Self::Text(_)
            | Self::Lasting(..) => true,
            Self::Fixed(days) => days.count() <= 2,
            Self::Range(from, _) => from.is_day(),
            Self::Part(_, whole) => whole.is_day(),
            _ => false,
        }
    }

    /// Gives the year to a day, month or season that has none.
    pub(super) fn in_year(self, given: Year) -> Self {
        match self {
            Self::Day { month, first, last, year: None } => {
                Self::Day { month, first, last, year: Some(given) }
            }
            Self::Month { month, pick, year: None } => {
                Self::Month { month, pick, year: Some(given) }
            }
            Self::Season { month, pick, year: None } => {
                Self::Season { month, pick, year: Some(given) }
            }
            Self::Part(part, whole) => Self::Part(part, Box::new(whole.in_year(given))),
            other => other,
        }
        .settled()
    }

    /// Returns its year when it is told by number.
    pub(super) fn year(&self) -> Option<Year> {
        match self {
            Self::Day { year, .. } | Self::Month { year, .. } | Self::Season { year, .. } => *year,
            Self::Fixed(days) => Some(Year::Number(days.last.year())),
            Self::Part(_, whole) => whole.year(),
            _ => None,
        }
    }

    /// Returns whether it is a day, month or season that has no year.
    pub(super) fn wants_year(&self) -> bool {
        match self {
            Self::Day { year, .. } => year.is_none(),
            Self::Month { year, pick, .. } | Self::Season { year, pick, .. } => {
                year.is_none() && *pick == Pick::Open
            }
            Self::Part(_, whole) => whole.wants_year(),
            _ => false,
        }
    }

    /// Fixes what has a year by number.
    fn settled(self) -> Self {
        let numbered = matches!(
            &self,
            Self::Day { year: Some(Year::Number(_)), .. }
                | Self::Month { year: Some(Year::Number(_)), .. }
                | Self::Season { year: Some(Year::Number(_)), .. }
        );
        let known = Known { published: None, tense: Tense::Past, spoken: None };
        match self.days(known) {
            Some(days) if numbered => Self::Fixed(days),
            _ => self,
        }
    }
}

impl Year {
    fn number(self, published: Option<Date>) -> Option<i16> {
        match self {
            Self::Number(year) => Some(year),
            Self::Offset(offset) => published?.year().checked_add(i16::try_from(offset).ok()?),
        }
    }
}

impl Part {
    fn of(self, whole: Days, published: Option<Date>) -> Option<Days> {
        match self {
            Self::Thirds(from, to) => whole.thirds(from, to),
            Self::Start if whole.count() > 80 => whole.opening(1, Unit::Month),
            Self::Start => whole.thirds(0, 1),
            Self::End if whole.count() > 80 => whole.closing(1, Unit::Month),
            Self::End => whole.thirds(2, 3),
            Self::Half(second) => whole.half(second),
            Self::Opening(count, unit) => whole.opening(count, unit),
            Self::Closing(count, unit) => whole.closing(count, unit),
            Self::Nth(number, unit) => whole.nth(number, unit),
            Self::SoFar => Days::between(whole.first, whole.last.min(published?)),
            Self::Later => Days::between(whole.first.max(published?), whole.last),
        }
    }
}

/// News looks back to the weekday within the last seven days and ahead within the next seven; the
/// day of publication is in both.
fn one_weekday(
    day: Weekday,
    pick: Pick,
    week: Option<i32>,
    published: Date,
    tense: Tense,
) -> Option<Date> {
    if let Some(week) = week {
        let monday = Days::of(Unit::Week, published, week)?.first;
        return shift_days(monday, i32::from(day.to_monday_zero_offset()));
    }
    let latest = weekday(published, day, 0)?;
    let is_today = latest == published;
    match (pick, tense) {
        (Pick::Last, _) if is_today => shift_days(latest, -7),
        (Pick::Last, _) | (Pick::Open | Pick::This, Tense::Past) => Some(latest),
        // "Next Friday" is that of the next week.
        (Pick::Next, _) => {
            let monday = Days::of(Unit::Week, published, 1)?.first;
            shift_days(monday, i32::from(day.to_monday_zero_offset()))
        }
        (_, _) if is_today => Some(latest),
        (_, Tense::Present | Tense::Future) => shift_days(latest, 7),
    }
}

/// Returns the year in which that day of a month is meant.
fn year_of_day(month: i8, day: i8, published: Date, tense: Tense) -> Option<i16> {
    let (from, to) = match tense {
        Tense::Past => (i32::MIN, DAY_SLACK),
        Tense::Present => (-182, 183),
        Tense::Future => (-DAY_SLACK_AHEAD, i32::MAX),
    };
    let candidates = (-4..=4).filter_map(|offset: i16| {
        let date = Date::new(published.year().checked_add(offset)?, month, day).ok()?;
        let away = distance(published, date);
        (from <= away && away <= to).then_some((away.abs(), date.year()))
    });
    candidates.min().map(|(_, year)| year)
}

/// Returns the year in which the month, or the season that begins with it, is meant.
fn year_of_months(
    month: i8,
    length: i32,
    pick: Pick,
    published: Date,
    tense: Tense,
) -> Option<i16> {
    // In months since the year 0.
    let now = 12 * i32::from(published.year()) + i32::from(published.month()) - 1;
    let in_this_year = 12 * i32::from(published.year()) + i32::from(month) - 1;
    // The latest that has begun.
    let latest = if in_this_year <= now { in_this_year } else { in_this_year - 12 };
    let is_going_on = now < latest + length;
    let begin = match (pick, tense) {
        // "Last July" said in July or later is that of the year before; "last winter" is over.
        (Pick::Last, _) => {
            if is_going_on || in_this_year <= now && now - latest < 12 && length == 1 {
                latest - 12
            } else if length == 3 && in_this_year <= now && month != 12 {
                // "Last summer", said in autumn, is that of the year before.
                latest - 12
            } else {
                latest
            }
        }
        (Pick::Next, _) => latest + 12,
        // "This summer" is that of this year, "this winter" the one that is on or was last.
        (Pick::This, _) if month != 12 => in_this_year,
        (_, Tense::Past) => latest,
        (_, Tense::Present) if is_going_on || latest + 12 - now > MONTHS_AHEAD => latest,
        (_, Tense::Future) if is_going_on => latest,
        (_, Tense::Present | Tense::Future) => latest + 12,
    };
    i16::try_from(begin.div_euclid(12)).ok()
}

fn unit_of(unit: Unit, offset: i32, published: Date, tense: Tense) -> Option<Days> {
    let is_weekend = published.weekday().to_monday_zero_offset() >= 5;
    match (unit, offset) {
        // In the past tense the weekend that was, and the week so far.
        (Unit::Weekend, 0) if tense == Tense::Past && !is_weekend => Days::of(unit, published, -1),
        (Unit::Week, 0) if tense == Tense::Past => {
            Days::between(Days::of(unit, published, 0)?.first, published)
        }
        _ => Days::of(unit, published, offset),
    }
}

fn range(from: &When, to: &When, known: Known) -> Option<Days> {
    let start = from.days(known)?.first;
    // "from 28 December to 3 January": the end is the first such day after the start.
    let after = Known { published: Some(start), tense: Tense::Future, ..known };
    let end = match to {
        When::Weekday { week: None, pick, .. } if *pick != Pick::Last => to.days(after)?,
        When::Day { year: None, .. } => to.days(after)?,
        When::Month { year: None, pick: Pick::Open, .. }
        | When::Season { year: None, pick: Pick::Open, .. } => to.days(after)?,
        When::Part(_, whole) if whole.wants_year() => to.days(after)?,
        _ => to.days(known)?,
    };
    Days::between(start, end.last)
}
