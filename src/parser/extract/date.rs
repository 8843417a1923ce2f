//! Dates: weekdays, months, days and spans, resolved against the day of publication.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use super::analysis::{Analysis, Tag};
use crate::parser::DateSpan;
use crate::parser::codebook::Codebook;

/// Tokens around a date within which words of the future make it one.
const TENSE_REACH: usize = 20;

/// A month named without a year is taken from the year before when it would lie further ahead.
const AHEAD_DAYS_MAX: i32 = 45;

/// A date and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DateMention {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) span: DateSpan,
}

/// Returns the dates of the sentence in order. Without a day of publication only full dates, months
/// with a year and years are known.
pub(super) fn dates(
    codebook: &Codebook,
    sentence: &Analysis<'_>,
    published: Option<Date>,
) -> Vec<DateMention> {
    let reader = Reader { codebook, sentence, published };
    let mut dates = Vec::new();
    let mut at = 0;
    while at < sentence.len() {
        match reader.read(at) {
            None => at += 1,
            Some((span, end)) => {
                let end = end.max(at + 1);
                if let Some((start, span)) = reader.bounded(at, span) {
                    dates.push(DateMention { start, end, span });
                }
                at = end;
            }
        }
    }
    dates
}

struct Reader<'a, 's> {
    codebook: &'a Codebook,
    sentence: &'s Analysis<'a>,
    published: Option<Date>,
}

fn day(date: Date) -> DateSpan {
    DateSpan { start: date, end: Some(date) }
}

fn days(start: Date, end: Date) -> DateSpan {
    DateSpan { start, end: Some(end) }
}

fn month_of(year: i16, month: i8) -> Option<DateSpan> {
    let first = Date::new(year, month, 1).ok()?;
    Some(days(first, first.last_of_month()))
}

fn year_of(year: i16) -> Option<DateSpan> {
    Some(days(Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?))
}

fn shift(date: Date, span: Span) -> Option<Date> {
    date.checked_add(span).ok()
}

/// Monday to Sunday of the week that lies so many weeks from the date's own.
fn week_of(date: Date, weeks: i64) -> Option<DateSpan> {
    let back = i64::from(date.weekday().to_monday_zero_offset());
    let monday = shift(date, (7 * weeks - back).days())?;
    Some(days(monday, shift(monday, 6.days())?))
}

impl Reader<'_, '_> {
    fn word(&self, at: usize) -> &str {
        self.sentence.word(at).unwrap_or("")
    }

    fn before(&self, at: usize, back: usize) -> &str {
        at.checked_sub(back).map_or("", |i| self.word(i))
    }

    /// Reads a date that starts at the token, with the token after it.
    fn read(&self, at: usize) -> Option<(DateSpan, usize)> {
        let words = &self.codebook.words;
        let word = self.word(at);
        for (list, offset) in [(&words.today, 0), (&words.yesterday, -1), (&words.tomorrow, 1)] {
            if let Some(phrase) = list.iter().find(|phrase| self.sentence.starts_with(at, phrase)) {
                let date = shift(self.published?, i64::from(offset).days())?;
                return Some((day(date), at + phrase.len()));
            }
        }
        if let Some(offset) = words.weekdays.get(word)
            && self.sentence.tokens[at].is_capital()
        {
            return self.weekday(at, *offset);
        }
        if let Some(month) = self.month(at) {
            return self.in_month(at, month);
        }
        if self.sentence.tokens[at].is_digits() {
            return self.in_digits(at);
        }
        match word {
            "last" | "this" | "next" | "past" => self.relative(at),
            "earlier" if matches!(self.word(at + 1), "this" | "last") => self.relative(at + 1),
            "a" | "one" | "two" | "three" | "four" | "five" | "six" | "seven" | "ten" => {
                self.ago(at)
            }
            _ => None,
        }
    }

    /// "since X" goes on; "until X" says nothing about the start and is dropped.
    fn bounded(&self, at: usize, span: DateSpan) -> Option<(usize, DateSpan)> {
        let back =
            if matches!(self.before(at, 1), "the" | "early" | "late" | "at" | "least" | "last") {
                2
            } else {
                1
            };
        match self.before(at, back) {
            "since" => Some((at - back, DateSpan { start: span.start, end: None })),
            "until" | "till" | "by" | "through" => None,
            "on" | "in" | "over" | "during" | "for" => Some((at - back, span)),
            _ => Some((at, span)),
        }
    }

    fn is_future(&self, at: usize) -> bool {
        const FUTURE: &[&str] = &[
            "will",
            "shall",
            "scheduled",
            "due",
            "planned",
            "plans",
            "plan",
            "planning",
            "expected",
            "tomorrow",
            "upcoming",
        ];
        let far = at.saturating_sub(TENSE_REACH);
        let ends = |i: &usize| {
            matches!(self.sentence.tag_at(*i), Tag::Comma | Tag::Mark | Tag::Subordinator)
        };
        let from = (far..at).rev().find(ends).unwrap_or(far);
        let to = (at + 3).min(self.sentence.len());
        (from..to).any(|i| FUTURE.contains(&self.word(i)))
            && !(from..at).any(|i| matches!(self.word(i), "said" | "announced") && at - i <= 2)
    }

    fn weekday(&self, at: usize, offset: i8) -> Option<(DateSpan, usize)> {
        let published = self.published?;
        let back = (i64::from(published.weekday().to_monday_zero_offset()) - i64::from(offset))
            .rem_euclid(7);
        let until =
            matches!(self.before(at, 1), "until" | "till" | "next" | "from") || self.is_future(at);
        let mut date = shift(published, (-back).days())?;
        if until && back != 0 {
            date = shift(date, 7.days())?;
        } else if self.before(at, 1) == "last" && back == 0 {
            date = shift(date, (-7).days())?;
        }
        let mut end = at + 1;
        if matches!(self.word(end), "morning" | "afternoon" | "evening" | "night") {
            end += 1;
        }
        Some((day(date), end))
    }

    /// Month by name, with a capital; "May" and "March" only next to a number or a preposition.
    fn month(&self, at: usize) -> Option<i8> {
        let token = &self.sentence.tokens[at];
        let month = *self.codebook.words.months.get(&token.word)?;
        if !token.is_capital() {
            return None;
        }
        let ambiguous =
            matches!(token.word.as_str(), "may" | "march" | "jan" | "mar" | "sep" | "dec");
        let near_number =
            |i: usize| self.sentence.tokens.get(i).is_some_and(|t| t.is_digits() || t.word == ".");
        let after = matches!(
            self.before(at, 1),
            "in" | "since"
                | "of"
                | "last"
                | "until"
                | "during"
                | "early"
                | "late"
                | "mid"
                | "by"
                | "from"
                | "next"
                | "this"
        );
        (!ambiguous || after || near_number(at + 1) || at > 0 && near_number(at - 1))
            .then_some(month)
    }

    /// "Nov. 9", "November 9, 2021", "9 November", "in August", "August 2015".
    fn in_month(&self, at: usize, month: i8) -> Option<(DateSpan, usize)> {
        let mut end = at + 1;
        if self.word(end) == "." {
            end += 1;
        }
        let day_after = self.day_number(end);
        if let Some(number) = day_after {
            end += 1;
            if matches!(self.word(end), "th" | "st" | "nd" | "rd") {
                end += 1;
            }
            let comma = usize::from(self.word(end) == ",");
            let year = self.year(end + comma);
            if year.is_some() {
                end += comma + 1;
            }
            return Some((day(self.complete(at, year, month, number)?), end));
        }
        if let Some(year) = self.year(end) {
            return Some((month_of(year, month)?, end + 1));
        }
        let published = self.published?;
        let first = self.complete(at, None, month, 1)?;
        let this_month = published.month() == month;
        let year = if this_month { published.year() } else { first.year() };
        let year = if self.before(at, 1) == "last"
            && year == published.year()
            && month >= published.month()
        {
            year - 1
        } else {
            year
        };
        Some((month_of(year, month)?, at + 1))
    }

    fn complete(&self, at: usize, year: Option<i16>, month: i8, number: i8) -> Option<Date> {
        if let Some(year) = year {
            return Date::new(year, month, number).ok();
        }
        let published = self.published?;
        let date = Date::new(published.year(), month, number).ok()?;
        let ahead = published.until(date).ok()?.get_days();
        if ahead < -180 && self.is_future(at) {
            return Date::new(published.year() + 1, month, number).ok();
        }
        if ahead > AHEAD_DAYS_MAX && !self.is_future(at) {
            return Date::new(published.year() - 1, month, number).ok();
        }
        Some(date)
    }

    fn day_number(&self, at: usize) -> Option<i8> {
        let token = self.sentence.tokens.get(at)?;
        let number: i8 = token.word.parse().ok()?;
        (1..=31).contains(&number).then_some(number)
    }

    fn year(&self, at: usize) -> Option<i16> {
        let word = self.word(at);
        let year: i16 = word.parse().ok()?;
        (word.len() == 4 && (1900..2100).contains(&year)).then_some(year)
    }

    fn in_digits(&self, at: usize) -> Option<(DateSpan, usize)> {
        // 2021-11-09.
        if let Some(year) = self.year(at)
            && self.word(at + 1) == "-"
            && self.word(at + 3) == "-"
        {
            let date =
                Date::new(year, self.word(at + 2).parse().ok()?, self.word(at + 4).parse().ok()?)
                    .ok()?;
            return Some((day(date), at + 5));
        }
        // "9 November 2021", "9th of November".
        if let Some(number) = self.day_number(at) {
            let mut next = at + 1;
            if matches!(self.word(next), "th" | "st" | "nd" | "rd") {
                next += 1;
            }
            if self.word(next) == "of" {
                next += 1;
            }
            if next < self.sentence.len()
                && let Some(month) = self.month(next)
            {
                let year = self.year(next + 1);
                let end = next + 1 + usize::from(year.is_some());
                return Some((day(self.complete(at, year, month, number)?), end));
            }
        }
        if let Some(year) = self.year(at)
            && matches!(
                self.before(at, 1),
                "in" | "since"
                    | "of"
                    | "until"
                    | "during"
                    | "early"
                    | "late"
                    | "from"
                    | "throughout"
            )
        {
            return Some((year_of(year)?, at + 1));
        }
        self.ago(at)
    }

    /// "last week", "this weekend", "next month", "the past 24 hours", "last year".
    fn relative(&self, at: usize) -> Option<(DateSpan, usize)> {
        let published = self.published?;
        let step = match self.word(at) {
            "last" | "past" => -1,
            "next" => 1,
            _ => 0,
        };
        let past = matches!(self.before(at, 1), "the") && step < 0;
        match self.word(at + 1) {
            "week" if past => Some((days(shift(published, (-7).days())?, published), at + 2)),
            "month" if past => Some((days(shift(published, (-1).months())?, published), at + 2)),
            "year" if past => Some((days(shift(published, (-1).years())?, published), at + 2)),
            "week" if step == 0 => {
                let week = week_of(published, 0)?;
                Some((week, at + 2))
            }
            "week" => Some((week_of(published, step)?, at + 2)),
            "weekend" => {
                // Said on Monday to Friday, "this weekend" is the one behind in the past tense.
                let week = week_of(published, step)?;
                let on_weekend = published.weekday().to_monday_zero_offset() >= 5;
                let behind = step == 0 && !on_weekend && !self.is_future(at);
                let monday = if behind { shift(week.start, (-7).days())? } else { week.start };
                Some((days(shift(monday, 5.days())?, shift(monday, 6.days())?), at + 2))
            }
            "month" => {
                let date = shift(published, step.months())?;
                Some((month_of(date.year(), date.month())?, at + 2))
            }
            "year" => Some((year_of(published.year() + i16::try_from(step).ok()?)?, at + 2)),
            "summer" | "autumn" | "fall" | "winter" | "spring" => None,
            "24" | "48" => Some((days(shift(published, (-1).days())?, published), at + 3)),
            name if self.codebook.words.weekdays.contains_key(name) => {
                let (span, end) = self.weekday(at + 1, *self.codebook.words.weekdays.get(name)?)?;
                Some((span, end))
            }
            name if self.codebook.words.months.contains_key(name)
                && at + 1 < self.sentence.len() =>
            {
                self.in_month(at + 1, self.month(at + 1)?)
            }
            number => {
                let count = self.small_number(number)?;
                let unit = self.word(at + 2);
                (step < 0).then_some(())?;
                Some((days(shift(published, self.units(-count, unit)?)?, published), at + 3))
            }
        }
    }

    /// "two days ago", "a week earlier".
    fn ago(&self, at: usize) -> Option<(DateSpan, usize)> {
        let count = self.small_number(self.word(at))?;
        let unit = self.word(at + 1);
        (self.word(at + 2) == "ago").then_some(())?;
        let date = shift(self.published?, self.units(-count, unit)?)?;
        let span = match unit {
            "month" | "months" => month_of(date.year(), date.month())?,
            "year" | "years" => year_of(date.year())?,
            _ => day(date),
        };
        Some((span, at + 3))
    }

    fn small_number(&self, word: &str) -> Option<i64> {
        match word {
            "a" => Some(1),
            _ => match self.codebook.words.numbers.get(word) {
                Some(number) => Some(*number as i64),
                None => word.parse().ok().filter(|number| (1..=400).contains(number)),
            },
        }
    }

    fn units(&self, count: i64, unit: &str) -> Option<Span> {
        Some(match unit {
            "day" | "days" => count.days(),
            "week" | "weeks" => (7 * count).days(),
            "month" | "months" => count.months(),
            "year" | "years" => count.years(),
            _ => return None,
        })
    }
}
