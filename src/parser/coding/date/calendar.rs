//! Spans of days: weeks, months, seasons, years, and parts of them.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

/// Days from the first to the last, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Days {
    pub(super) first: Date,
    pub(super) last: Date,
}

/// A unit of time, in the order of the codebook's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Hour,
    Day,
    Week,
    Fortnight,
    Weekend,
    Month,
    Quarter,
    Year,
    Decade,
}

impl Unit {
    pub(super) const ALL: [Self; 9] = [
        Self::Hour,
        Self::Day,
        Self::Week,
        Self::Fortnight,
        Self::Weekend,
        Self::Month,
        Self::Quarter,
        Self::Year,
        Self::Decade,
    ];

    /// Returns how long so many of it are; a weekend is a week long here, 24 hours a day.
    pub(super) fn times(self, count: i32) -> Option<Span> {
        let count = i64::from(count);
        Some(match self {
            // Days are as fine as dates are told: "the past 12 hours" began yesterday.
            Self::Hour => Span::new().try_days((count + 23 * count.signum()) / 24).ok()?,
            Self::Day => Span::new().try_days(count).ok()?,
            Self::Week | Self::Weekend => Span::new().try_days(count.checked_mul(7)?).ok()?,
            Self::Fortnight => Span::new().try_days(count.checked_mul(14)?).ok()?,
            Self::Month => Span::new().try_months(count).ok()?,
            Self::Quarter => Span::new().try_months(count.checked_mul(3)?).ok()?,
            Self::Year => Span::new().try_years(count).ok()?,
            Self::Decade => Span::new().try_years(count.checked_mul(10)?).ok()?,
        })
    }
}

/// Returns the day so much later, `None` beyond the calendar.
pub(super) fn shift(date: Date, span: Span) -> Option<Date> {
    date.checked_add(span).ok()
}

/// Returns the day so many days later.
pub(super) fn shift_days(date: Date, days: i32) -> Option<Date> {
    shift(date, Span::new().try_days(days).ok()?)
}

/// Returns how many days lie from one to the other, negative backwards.
pub(super) fn distance(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

impl Days {
    pub(super) fn one(date: Date) -> Self {
        Self { first: date, last: date }
    }

    /// Returns the days between the two, `None` when they are the wrong way round.
    pub(super) fn between(first: Date, last: Date) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
    }

    pub(super) fn month(year: i16, month: i8) -> Option<Self> {
        let first = Date::new(year, month, 1).ok()?;
        Some(Self { first, last: first.last_of_month() })
    }

    pub(super) fn year(year: i16) -> Option<Self> {
        Some(Self { first: Date::new(year, 1, 1).ok()?, last: Date::new(year, 12, 31).ok()? })
    }

    /// Three months from the first of that one; a winter ends in the year after.
    pub(super) fn season(year: i16, month: i8) -> Option<Self> {
        let first = Date::new(year, month, 1).ok()?;
        Some(Self { first, last: shift(first, 2.months())?.last_of_month() })
    }

    /// The unit that the date lies in, moved by so many; weeks begin on Monday.
    pub(super) fn of(unit: Unit, date: Date, offset: i32) -> Option<Self> {
        match unit {
            Unit::Hour | Unit::Day => Some(Self::one(shift_days(date, offset)?)),
            Unit::Week | Unit::Fortnight | Unit::Weekend => {
                let back = i32::from(date.weekday().to_monday_zero_offset());
                let monday = shift_days(date, offset.checked_mul(7)?.checked_sub(back)?)?;
                let (first, last) = match unit {
                    Unit::Week => (0, 6),
                    Unit::Fortnight => (0, 13),
                    _ => (5, 6),
                };
                Self::between(shift_days(monday, first)?, shift_days(monday, last)?)
            }
            Unit::Month => {
                let date = shift(date.first_of_month(), Unit::Month.times(offset)?)?;
                Self::month(date.year(), date.month())
            }
            Unit::Quarter => {
                let month = (date.month() - 1) / 3 * 3 + 1;
                let first = Date::new(date.year(), month, 1).ok()?;
                let first = shift(first, Unit::Quarter.times(offset)?)?;
                Self::season(first.year(), first.month())
            }
            Unit::Year => Self::year(date.year().checked_add(i16::try_from(offset).ok()?)?),
            Unit::Decade => {
                let year = i32::from(date.year()).div_euclid(10) * 10;
                let first = i16::try_from(year + offset.checked_mul(10)?).ok()?;
                Self::between(Self::year(first)?.first, Self::year(first.checked_add(9)?)?.last)
            }
        }
    }

    /// Returns how many days there are.
    pub(super) fn count(self) -> i32 {
        distance(self.first, self.last) + 1
    }

    /// Returns the part from `from` to `to` thirds, of whole months where there are three or more.
    pub(super) fn thirds(self, from: i32, to: i32) -> Option<Self> {
        if self.count() > 80 {
            // A year falls into four months each, a season and a quarter into one each.
            let months = self.months();
            let first = Unit::Month.times(months * from / 3)?;
            let last = Unit::Month.times(months * to / 3)?;
            return Self::between(
                shift(self.first, first)?,
                shift_days(shift(self.first, last)?, -1)?,
            );
        }
        if self.count() > 20 {
            // "Early May" is its first ten days, "late May" those after the twentieth.
            let last = if to == 3 { self.last } else { shift_days(self.first, 10 * to - 1)? };
            return Self::between(shift_days(self.first, 10 * from)?, last);
        }
        if self.count() == 7 {
            // Monday to Wednesday; Wednesday and Thursday; Thursday to Sunday.
            let (first, last) = match from {
                0 => (0, 2),
                1 => (2, 3),
                _ => (3, 6),
            };
            return Self::between(shift_days(self.first, first)?, shift_days(self.first, last)?);
        }
        Some(self)
    }

    /// Returns the half with that number, 0 or 1; the days of a month as 15 and the rest.
    pub(super) fn half(self, second: i32) -> Option<Self> {
        let middle = if self.count() > 80 {
            shift(self.first, Unit::Month.times(self.months() / 2)?)?
        } else {
            shift_days(self.first, self.count() / 2)?
        };
        match second {
            0 => Self::between(self.first, shift_days(middle, -1)?),
            _ => Self::between(middle, self.last),
        }
    }

    /// Returns the first so many units of it.
    pub(super) fn opening(self, count: i32, unit: Unit) -> Option<Self> {
        let last = shift_days(shift(self.first, unit.times(count)?)?, -1)?;
        Self::between(self.first, last.min(self.last))
    }

    /// Returns the last so many units of it.
    pub(super) fn closing(self, count: i32, unit: Unit) -> Option<Self> {
        let after = shift_days(self.last, 1)?;
        Self::between(shift(after, unit.times(-count)?)?.max(self.first), self.last)
    }

    /// Returns the unit with that number in it, 1 for the first.
    pub(super) fn nth(self, number: i32, unit: Unit) -> Option<Self> {
        let first = shift(self.first, unit.times(number - 1)?)?;
        let last = shift_days(shift(self.first, unit.times(number)?)?, -1)?;
        (first <= self.last).then_some(Self { first, last: last.min(self.last) })
    }

    fn months(self) -> i32 {
        let years = i32::from(self.last.year()) - i32::from(self.first.year());
        12 * years + i32::from(self.last.month()) - i32::from(self.first.month()) + 1
    }
}

/// Returns the last such weekday on or before the date, moved by so many weeks.
pub(super) fn weekday(date: Date, day: Weekday, weeks: i32) -> Option<Date> {
    let back =
        i32::from(date.weekday().to_monday_zero_offset()) - i32::from(day.to_monday_zero_offset());
    shift_days(date, weeks.checked_mul(7)?.checked_sub(back.rem_euclid(7))?)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn shown(days: Option<Days>) -> String {
        days.map_or("none".to_owned(), |days| format!("{} {}", days.first, days.last))
    }

    #[test]
    fn units_and_their_parts_are_whole_days() {
        let day = date(2021, 11, 16);
        for (got, want) in [
            (Days::of(Unit::Week, day, -1), "2021-11-08 2021-11-14"),
            (Days::of(Unit::Weekend, day, 0), "2021-11-20 2021-11-21"),
            (Days::of(Unit::Month, day, -10), "2021-01-01 2021-01-31"),
            (Days::of(Unit::Quarter, day, -1), "2021-07-01 2021-09-30"),
            (Days::of(Unit::Decade, day, -2), "2000-01-01 2009-12-31"),
            (Days::season(2021, 12), "2021-12-01 2022-02-28"),
            (Days::month(2021, 5).and_then(|may| may.thirds(0, 1)), "2021-05-01 2021-05-10"),
            (Days::month(2021, 5).and_then(|may| may.thirds(2, 3)), "2021-05-21 2021-05-31"),
            (Days::year(2021).and_then(|year| year.thirds(2, 3)), "2021-09-01 2021-12-31"),
            (Days::year(2021).and_then(|year| year.half(0)), "2021-01-01 2021-06-30"),
            (Days::year(2021).and_then(|y| y.opening(9, Unit::Month)), "2021-01-01 2021-09-30"),
            (Days::month(2021, 8).and_then(|m| m.closing(1, Unit::Week)), "2021-08-25 2021-08-31"),
            (Days::year(2021).and_then(|y| y.nth(3, Unit::Quarter)), "2021-07-01 2021-09-30"),
            (Days::month(2021, 2).and_then(|m| m.nth(6, Unit::Week)), "none"),
        ] {
            assert_eq!(shown(got), want);
        }
    }

    #[test]
    fn the_ends_of_the_calendar_are_no_panic() {
        for unit in Unit::ALL {
            for offset in [i32::MIN, -20_000_000, -99_999, 99_999, 20_000_000, i32::MAX] {
                let _ = Days::of(unit, Date::MAX, offset);
                let _ = Days::of(unit, Date::MIN, offset);
                let _ = Days::year(2021).and_then(|year| year.nth(offset.max(0), unit));
                let _ = Days::year(2021).and_then(|year| year.closing(offset.max(0), unit));
            }
        }
    }
}
