//! Phrases for dates: weekdays, months, seasons, years, and units counted from publication.

use jiff::civil::{Date, Weekday};

use super::calendar::{Days, Unit};
use super::when::{Part, Pick, When, Year};
use crate::parser::codebook::{DateWords, Measures, Name, Phrase};
use crate::parser::coding::pieces::{Make, Pieces};
use crate::parser::syntax::{Entity, Label, Sentence, Tag};

/// The longest count of units: "the last 400 days".
const COUNT_MAX: i32 = 400;

/// A phrase read: what it says, and the piece after it.
pub(super) type Read = Option<(When, usize)>;

/// Reads phrases for dates in the pieces of one sentence.
pub(super) struct Reader<'a, 't> {
    pub(super) sentence: &'a Sentence<'t>,
    pub(super) pieces: &'a Pieces<'t>,
    pub(super) words: &'a DateWords,
    pub(super) measures: &'a Measures,
}

impl Reader<'_, '_> {
    /// Reads the phrase that starts at the piece.
    pub(super) fn read(&self, at: usize) -> Read {
        self.part(at).or_else(|| self.whole(at, None))
    }

    /// Reads the phrase that a "to", a dash or an "and" joins to another one.
    pub(super) fn read_joined(&self, at: usize) -> Read {
        let at = at + usize::from(self.is("the", at));
        self.part(at).or_else(|| self.whole(at, Some("to")))
    }

    pub(super) fn is(&self, word: &str, at: usize) -> bool {
        self.pieces.lower(at) == word
    }

    fn tag(&self, at: usize) -> Tag {
        let piece = self.pieces.get(at);
        piece.map_or(Tag::Stop, |piece| self.sentence.tokens[piece.token].tag)
    }

    fn label(&self, at: usize) -> Label {
        let piece = self.pieces.get(at);
        piece.map_or(Label::Punct, |piece| self.sentence.tokens[piece.token].label)
    }

    /// Reads a whole: `before` is the word before it where the text's own is a part's.
    pub(super) fn whole(&self, at: usize, before: Option<&str>) -> Read {
        let before = before.unwrap_or_else(|| self.pieces.before(at, 1));
        self.counted_days(at)
            .or_else(|| self.weekday(at))
            .or_else(|| self.month(at, before))
            .or_else(|| self.holiday(at))
            .or_else(|| self.season(at, before))
            .or_else(|| self.relative(at))
            .or_else(|| self.in_numbers(at, before))
            .or_else(|| self.count_of_units(at))
    }

    fn counted_days(&self, at: usize) -> Read {
        let starts = |phrase: &Phrase| self.pieces.starts_with(at, phrase);
        if let Some((phrase, first, last)) = self.words.days.iter().find(|item| starts(&item.0)) {
            let when = When::Published { first: i32::from(*first), last: i32::from(*last) };
            return Some((when, at + phrase.len()));
        }
        let (phrase, offset) = self.words.text_days.iter().find(|item| starts(&item.0))?;
        Some((When::Text(i32::from(*offset)), at + phrase.len()))
    }

    fn pick(&self, at: usize) -> Pick {
        match self.pieces.before(at, 1) {
            "last" | "past" => Pick::Last,
            "this" => Pick::This,
            "next" | "coming" => Pick::Next,
            _ => Pick::Open,
        }
    }

    fn name(&self, names: &std::collections::HashMap<String, Name>, at: usize) -> Option<Name> {
        let piece = self.pieces.get(at)?;
        let starts_token = at == 0 || !piece.is_glued || !self.pieces.is_word(at - 1);
        let name = *names.get(&piece.lower)?;
        (starts_token && self.pieces.is_capital(at)).then_some(name)
    }

    /// Returns the piece after a name and the stop that shortens it: one of its own token.
    fn over_stop(&self, at: usize) -> usize {
        let token = |at: usize| self.pieces.get(at).map(|piece| piece.token);
        at + 1 + usize::from(self.is(".", at + 1) && token(at) == token(at + 1))
    }

    /// "Monday", "Monday night", "Monday, Nov. 8", "Monday of last week".
    fn weekday(&self, at: usize) -> Read {
        let name = self.name(&self.words.weekdays, at)?;
        let end = self.over_stop(at);
        let comma = usize::from(self.is(",", end));
        let the = usize::from(self.is("the", end + comma));
        let day = self
            .month(end + comma, "on")
            .or_else(|| self.day_of_month(end + comma + the))
            .filter(|(when, _)| self.is_day(when));
        if let Some((when, end)) = day {
            return Some((when, self.over_time(end)));
        }
        let before = self.pieces.before(at, 1);
        let is_name = self.words.names_before.contains(before)
            && (before != "on" && self.pieces.is_capital(at - 1)
                || self.pieces.before(at, 2) == "mail")
            || self.words.names_after.contains(self.pieces.lower(end))
                && self.pieces.is_capital(end);
        if name.is_short || is_name {
            return None;
        }
        let number = Weekday::from_monday_zero_offset(name.number).ok()?;
        let end = self.over_time(end);
        let of = usize::from(self.is("of", end));
        if self.is("week", end + of + 1)
            && let Some(week) = self.step(end + of)
        {
            let pick = Pick::Open;
            return Some((When::Weekday { day: number, pick, week: Some(week) }, end + of + 2));
        }
        Some((When::Weekday { day: number, pick: self.pick(at), week: None }, end))
    }

    fn is_day(&self, when: &When) -> bool {
        match when {
            When::Day { .. } => true,
            When::Fixed(days) => days.first == days.last,
            _ => false,
        }
    }

    /// Returns the piece after "night", "morning" and the like, at most two of them.
    fn over_time(&self, at: usize) -> usize {
        let is_time = |at: usize| self.words.times.contains(self.pieces.lower(at));
        at + (0..2).take_while(|i| is_time(at + i)).count()
    }

    /// "last" is -1, "this" 0, "next" 1.
    fn step(&self, at: usize) -> Option<i32> {
        match self.pieces.lower(at) {
            "this" => Some(0),
            word if self.words.last.contains(word) => Some(-1),
            word if self.words.next.contains(word) => Some(1),
            _ => None,
        }
    }

    /// "Nov. 9", "November 9–12, 2021", "in August", "August 2015", "May of last year".
    fn month(&self, at: usize, before: &str) -> Read {
        let name = self.name(&self.words.months, at)?;
        let month = name.number;
        let end = self.over_stop(at);
        if let Some((first, last, end)) = self.days_after(end) {
            let when = When::Day { month, first, last, year: None };
            return Some(self.with_year(when, end));
        }
        let when = When::Month { month, pick: self.pick(at), year: None };
        if let Some((year, end)) = self.year_after(end) {
            return Some((when.in_year(year), end));
        }
        (self.is_month(at, before) && !name.is_short || end > at + 1).then_some((when, end))
    }

    /// Returns whether the name of a month that stands alone is one: "May" may be somebody.
    fn is_month(&self, at: usize, before: &str) -> bool {
        if !self.words.doubtful_months.contains(self.pieces.lower(at)) {
            return true;
        }
        let token = self.pieces.get(at).map_or(0, |piece| piece.token);
        let is_person = self
            .sentence
            .entities
            .iter()
            .any(|named| named.tokens.contains(&token) && named.entity == Entity::Person);
        if is_person || self.tag(at) == Tag::MD {
            return false;
        }
        let after = self.pieces.lower(at + 1);
        let is_described = matches!(before, "the" | "a" | "an" | "its" | "their" | "'s")
            && self.pieces.is_word(at + 1)
            && !self.pieces.is_capital(at + 1)
            && !matches!(after, "on" | "for" | "to" | "of" | "in" | "is" | "was" | "has" | "'s");
        let ends = [&self.words.since, &self.words.until, &self.words.from, &self.words.before];
        is_described
            || self.words.prepositions.contains(before)
            || self.words.early.contains(before)
            || self.words.late.contains(before)
            || matches!(before, "last" | "this" | "next" | "mid" | "to" | "-" | "after" | "past")
            || before == "by" && after != "'s"
            || ends
                .iter()
                .any(|list| list.iter().any(|phrase| phrase.last().is_some_and(|w| w == before)))
    }

    /// "9", "9th", "9–12", "9th and 10th": days that stand after a month's name.
    fn days_after(&self, at: usize) -> Option<(i8, i8, usize)> {
        let (first, end) = self.day_number(at)?;
        let joins =
            matches!(self.pieces.lower(end), "-" | "to" | "and" | "&" | "until" | "through");
        if joins
            && let Some((last, after)) = self.day_number(end + 1)
            && last > first
            && (self.is("-", end) || !self.is("and", end) || last == first + 1)
            && self.name(&self.words.months, after).is_none()
        {
            return Some((first, last, after));
        }
        Some((first, first, end))
    }

    /// "9 November", "9th of November 2021", "9–12 November", "9 and 10 November".
    fn day_of_month(&self, at: usize) -> Read {
        let (first, end) = self.day_number(at)?;
        let mut last = (first, end);
        if matches!(self.pieces.lower(end), "-" | "to" | "and" | "&" | "/")
            && let Some((number, after)) = self.day_number(end + 1)
            && number > first
        {
            last = (number, after);
        }
        let (last, mut end) = last;
        end += usize::from(self.is("of", end));
        let month = self.name(&self.words.months, end)?.number;
        end = self.over_stop(end);
        Some(self.with_year(When::Day { month, first, last, year: None }, end))
    }

    /// Reads the year behind a day, if there is one.
    fn with_year(&self, when: When, end: usize) -> (When, usize) {
        match self.year_after(end) {
            Some((year, end)) => (when.in_year(year), end),
            None => (when, end),
        }
    }

    /// "2021", ", 2021", "of 2021", "last year", "of this year".
    fn year_after(&self, at: usize) -> Option<(Year, usize)> {
        let at = at + usize::from(matches!(self.pieces.lower(at), "," | "of" | "in"));
        if let Some(year) = self.year_number(at)
            && !self.counts_what_follows(at)
        {
            return Some((Year::Number(year), at + 1));
        }
        let at = at + usize::from(self.is("the", at));
        (self.is("year", at + 1) && !self.is(",", at))
            .then(|| self.step(at))
            .flatten()
            .map(|step| (Year::Offset(step), at + 2))
    }

    /// A day of a month: its number and the piece after it and its "th".
    fn day_number(&self, at: usize) -> Option<(i8, usize)> {
        let piece = self.pieces.get(at).filter(|piece| piece.make == Make::Number)?;
        if piece.text.len() > 2 || self.is_inside(at) {
            return None;
        }
        let number: i8 = piece.text.parse().ok().filter(|number| (1..=31).contains(number))?;
        let is_ordinal = self.pieces.is_glued(at + 1)
            && self.measures.number.ordinal_ends.contains(self.pieces.lower(at + 1));
        if is_ordinal {
            return Some((number, at + 2));
        }
        let is_more = self.pieces.is_glued(at + 1)
            && (self.pieces.is_word(at + 1) || matches!(self.pieces.lower(at + 1), "%" | ":"));
        (!is_more && !self.counts_what_follows(at)).then_some((number, at + 1))
    }

    /// Returns whether the number is glued to a sign or letters before it ("€12", "G7").
    fn is_inside(&self, at: usize) -> bool {
        at > 0
            && self.pieces.is_glued(at)
            && !matches!(
                self.pieces.lower(at - 1),
                "-" | "/" | "(" | "." | "," | "\"" | "'" | "“" | "‘"
            )
    }

    /// Returns whether the parser hangs the number on a plural that stands after it.
    fn counts_what_follows(&self, at: usize) -> bool {
        let Some(token) = self.pieces.get(at).map(|piece| piece.token) else { return false };
        let number = &self.sentence.tokens[token];
        number.label == Label::Nummod
            && number.head > token
            && self.sentence.tokens[number.head].tag == Tag::NNS
    }

    /// A year's four digits.
    fn year_number(&self, at: usize) -> Option<i16> {
        let piece = self.pieces.get(at).filter(|piece| piece.make == Make::Number)?;
        let year: i16 = piece.text.parse().ok()?;
        let is_more = self.pieces.is_glued(at + 1)
            && (self.pieces.is_word(at + 1) && !self.is("'s", at + 1)
                || matches!(self.pieces.lower(at + 1), "%"));
        let is_year = piece.text.len() == 4 && (1900..2100).contains(&year);
        (is_year && !is_more && !self.is_inside(at)).then_some(year)
    }

    /// "2021-11-09", "9/11/2021", "9 November", "2015", "2015–16", "the 1990s".
    fn in_numbers(&self, at: usize, before: &str) -> Read {
        self.numeric(at)
            .or_else(|| self.day_of_month(at))
            .or_else(|| self.decade(at))
            .or_else(|| self.years(at, before))
    }

    /// A date in numbers only, the year first, or last with a day that can be no month.
    fn numeric(&self, at: usize) -> Read {
        let piece = self.pieces.get(at).filter(|piece| piece.make == Make::Number)?;
        if self.is_inside(at) {
            return None;
        }
        let separator = self.pieces.lower(at + 1);
        let (fields, end): (Vec<&str>, usize) = if piece.text.matches('.').count() == 2 {
            (piece.text.split('.').collect(), at + 1)
        } else if matches!(separator, "-" | "/")
            && self.is(separator, at + 3)
            && (at + 1..at + 5).all(|i| self.pieces.is_glued(i))
        {
            (
                [at, at + 2, at + 4].map(|i| self.pieces.get(i).map_or("", |p| p.text)).to_vec(),
                at + 5,
            )
        } else {
            return None;
        };
        let [a, b, c] = fields[..] else { return None };
        let number = |text: &str| text.parse::<i8>().ok();
        let date = if a.len() == 4 {
            Date::new(a.parse().ok()?, number(b)?, number(c)?).ok()?
        } else if c.len() == 4 {
            let (first, second) = (number(a)?, number(b)?);
            // "9/11/2021" is read as most of the world does, unless the second can be no month.
            let (day, month) = if second > 12 { (second, first) } else { (first, second) };
            Date::new(c.parse().ok()?, month, day).ok()?
        } else {
            return None;
        };
        (1900..2100).contains(&date.year()).then(|| (When::Fixed(Days::one(date)), end))
    }

    /// "1990s".
    fn decade(&self, at: usize) -> Read {
        let piece = self.pieces.get(at).filter(|piece| piece.make == Make::Number)?;
        let year: i16 = piece.text.parse().ok()?;
        let is_decade = piece.text.len() == 4
            && (1900..2100).contains(&year)
            && year % 10 == 0
            && matches!(self.pieces.lower(at + 1), "s" | "'s")
            && self.pieces.is_glued(at + 1);
        let first = Date::new(year, 1, 1).ok()?;
        is_decade.then_some((When::Fixed(Days::of(Unit::Decade, first, 0)?), at + 2))
    }

    /// "in 2015", "the 2015 deal", "2015–16".
    fn years(&self, at: usize, before: &str) -> Read {
        let year = self.year_number(at)?;
        let is_round = year % 100 == 0;
        let ends = [
            &self.words.since,
            &self.words.until,
            &self.words.from,
            &self.words.before,
            &self.words.after,
            &self.words.by,
        ];
        let is_bound = ends
            .iter()
            .any(|list| list.iter().any(|phrase| phrase.last().is_some_and(|w| w == before)));
        let is_placed = self.words.prepositions.contains(before)
            || is_bound
            || self.words.early.contains(before)
            || self.words.late.contains(before)
            || matches!(before, "mid" | "year" | "to" | "-");
        let is_described = matches!(before, "the" | "a" | "an" | "'s" | "its" | "their" | "this")
            && !is_round
            && self.pieces.is_word(at + 1);
        let is_subject =
            matches!(self.label(at), Label::Nsubj | Label::Nsubjpass | Label::Npadvmod);
        let is_counted =
            self.counts_what_follows(at) && (is_round || before != "the" && before != "in");
        if is_counted || !(is_placed || is_described || is_subject && !is_round) {
            return None;
        }
        let days = Days::year(year)?;
        let short = self.pieces.get(at + 2).filter(|piece| piece.make == Make::Number);
        if matches!(self.pieces.lower(at + 1), "-" | "/")
            && let Some(short) = short
            && short.text.len() == 2
            && let Ok(end) = short.text.parse::<i16>()
            && end == (year + 1) % 100
        {
            return Some((
                When::Fixed(Days::between(days.first, Days::year(year + 1)?.last)?),
                at + 3,
            ));
        }
        Some((When::Fixed(days), at + 1))
    }

    fn holiday(&self, at: usize) -> Read {
        let holidays = &self.words.holidays;
        let (phrase, month, day) = holidays
            .iter()
            .find(|item| self.pieces.starts_with(at, &item.0) && self.pieces.is_capital(at))?;
        let end = at + phrase.len();
        if self.is("island", end) {
            return None;
        }
        let year = match self.pick(at) {
            Pick::Last => Some(Year::Offset(-1)),
            Pick::This | Pick::Open | Pick::Next => None,
        };
        let when = When::Day { month: *month, first: *day, last: *day, year };
        if year.is_some() {
            return Some((when, end));
        }
        Some(self.with_year(when, end))
    }

    /// "this summer", "in the winter of 2015–16", "autumn 2020".
    fn season(&self, at: usize, before: &str) -> Read {
        let month = *self.words.seasons.get(self.pieces.lower(at))?;
        let pick = self.pick(at);
        let when = When::Season { month, pick, year: None };
        if let Some((Year::Number(year), end)) = self.year_after(at + 1) {
            let is_two = matches!(self.pieces.lower(end), "-" | "/")
                && self
                    .pieces
                    .get(end + 1)
                    .is_some_and(|p| p.make == Make::Number && p.text.len() == 2);
            return Some((when.in_year(Year::Number(year)), end + if is_two { 2 } else { 0 }));
        }
        if let Some((year @ Year::Offset(_), end)) = self.year_after(at + 1) {
            return Some((when.in_year(year), end));
        }
        let before = if before == "the" { self.pieces.before(at, 2) } else { before };
        let is_doubtful = self.words.doubtful_seasons.contains(self.pieces.lower(at));
        let is_placed = pick != Pick::Open
            || matches!(
                before,
                "in" | "during"
                    | "over"
                    | "since"
                    | "until"
                    | "by"
                    | "throughout"
                    | "this"
                    | "last"
            )
            || !is_doubtful
                && (matches!(
                    before,
                    "of" | "from"
                        | "through"
                        | "for"
                        | "mid"
                        | "before"
                        | "after"
                        | "to"
                        | "-"
                        | "and"
                        | "at"
                ) || self.words.early.contains(before)
                    || self.words.late.contains(before));
        let is_of_something = pick == Pick::Open
            && (self.label(at) == Label::Compound || is_doubtful && self.is("of", at + 1));
        (is_placed && !is_of_something).then_some((when, at + 1))
    }

    /// "last week", "this weekend", "the past 24 hours", "last Friday", "next summer".
    fn relative(&self, at: usize) -> Read {
        let step = self.step(at)?;
        let next = at + 1;
        if let Some(found) = self
            .weekday(next)
            .or_else(|| self.month(next, self.pieces.lower(at)))
            .or_else(|| self.season(next, self.pieces.lower(at)))
            .or_else(|| self.holiday(next))
        {
            return Some(found);
        }
        let is_of_text = matches!(self.pieces.lower(at), "previous" | "preceding" | "upcoming");
        let is_rolling = matches!(self.pieces.lower(at), "past" | "coming")
            || self.pieces.before(at, 1) == "the" && !is_of_text;
        if let Some(unit) = self.unit(next) {
            let is_plural = self.pieces.lower(next).ends_with('s');
            let when = match step {
                _ if is_plural => return None,
                0 => When::Unit { unit, offset: 0 },
                _ if matches!(unit, Unit::Weekend | Unit::Quarter) || !is_rolling => match unit {
                    Unit::Hour | Unit::Day => return None,
                    _ => When::Unit { unit, offset: step },
                },
                -1 => When::Back { count: 1, unit },
                _ => When::Ahead { count: 1, unit },
            };
            return Some((when, self.alone(next + 1)));
        }
        let (count, end) = self.count(next)?;
        let end = end + usize::from(self.is("-", end));
        let unit = self.unit(end)?;
        match step {
            -1 => Some((When::Back { count, unit }, end + 1)),
            1 => Some((When::Ahead { count, unit }, end + 1)),
            _ => None,
        }
    }

    /// Returns the piece after "alone".
    fn alone(&self, at: usize) -> usize {
        at + usize::from(self.is("alone", at))
    }

    pub(super) fn unit(&self, at: usize) -> Option<Unit> {
        let name = self.words.units.get(self.pieces.lower(at))?;
        Unit::ALL.get(usize::try_from(name.number).ok()?).copied()
    }

    /// A small whole number, in digits or as a word; "a" is one.
    pub(super) fn count(&self, at: usize) -> Option<(i32, usize)> {
        let piece = self.pieces.get(at)?;
        let count = match piece.make {
            Make::Number => piece.text.parse().ok()?,
            _ if matches!(piece.lower.as_str(), "a" | "an") => 1,
            _ => *self.measures.number.words.get(&piece.lower)? as i32,
        };
        // "twenty-five", "a couple of".
        if self.is("-", at + 1)
            && count >= 20
            && piece.make == Make::Word
            && let Some(ones) = self.measures.number.words.get(self.pieces.lower(at + 2))
        {
            return Some((count + *ones as i32, at + 3));
        }
        if self.is("couple", at + 1) {
            return Some((2, at + 2 + usize::from(self.is("of", at + 2))));
        }
        if self.is("dozen", at + 1) {
            return Some((12 * count, at + 2));
        }
        (1..=COUNT_MAX).contains(&count).then_some((count, at + 1))
    }

    /// "three days ago", "two and a half years ago", "a week later", "two weeks from now".
    fn count_of_units(&self, at: usize) -> Read {
        let (mut count, mut end) = self.count(at)?;
        let dash = |at: usize| at + usize::from(self.is("-", at));
        let and = dash(end);
        let is_half = self.is("and", and) && self.is("half", dash(dash(and + 1) + 1));
        if is_half {
            end = dash(dash(and + 1) + 1) + 1;
        }
        let mut unit = self.unit(dash(end))?;
        end = dash(end) + 1;
        if is_half && unit == Unit::Year {
            (count, unit) = (12 * count + 6, Unit::Month);
        }
        end += usize::from(matches!(self.pieces.lower(end), "'" | "'s" | "’"));
        match (self.pieces.lower(end), self.pieces.lower(end + 1)) {
            ("ago", _) => Some((When::Ago { count, unit }, end + 1)),
            ("from", "now") => Some((When::Ago { count: -count, unit }, end + 2)),
            ("time", _) if self.is("in", at.wrapping_sub(1)) => {
                Some((When::Ago { count: -count, unit }, end + 1))
            }
            ("later" | "earlier", _) => {
                let days = match unit {
                    Unit::Day => count,
                    Unit::Week => 7 * count,
                    Unit::Fortnight => 14 * count,
                    _ => return None,
                };
                let is_back = self.is("earlier", end);
                Some((When::Text(if is_back { -days } else { days }), end + 1))
            }
            _ => None,
        }
    }

    /// "early May", "the end of 2015", "the first six months of the year", "earlier this week".
    fn part(&self, at: usize) -> Read {
        let word = self.pieces.lower(at);
        let third = if self.words.early.contains(word) {
            Some(if word == "early" { Part::Thirds(0, 1) } else { Part::Start })
        } else if self.words.middle.contains(word) {
            Some(Part::Thirds(1, 2))
        } else if self.words.late.contains(word) {
            Some(if word == "late" { Part::Thirds(2, 3) } else { Part::End })
        } else {
            None
        };
        if let Some(part) = third {
            let needs_of = !matches!(word, "early" | "mid" | "late");
            let mut end = at + 1;
            // "early to mid August" is its beginning.
            if matches!(self.pieces.lower(end), "to" | "or" | "-")
                && matches!(self.pieces.lower(end + 1), "mid" | "late" | "early")
            {
                end += 2;
            }
            end += usize::from(self.is("-", end));
            let is_of = matches!(self.pieces.lower(end), "of" | "in" | "on");
            if needs_of && !is_of {
                return None;
            }
            end += usize::from(is_of);
            return self.part_of(part, end, word);
        }
        match word {
            "so" if self.is("far", at + 1) => {
                let end = at + 2 + usize::from(self.is(",", at + 2));
                let end = end + usize::from(matches!(self.pieces.lower(end), "in" | "during"));
                self.part_of(Part::SoFar, end, "in")
            }
            "earlier" => {
                let end = at + 1 + usize::from(matches!(self.pieces.lower(at + 1), "in" | "on"));
                let part = if self.is("this", end) || self.is("the", end) {
                    Part::SoFar
                } else {
                    Part::Thirds(0, 3)
                };
                self.part_of(part, end, "in")
            }
            "later" => {
                let end = at + 1 + usize::from(matches!(self.pieces.lower(at + 1), "in" | "on"));
                let part = if self.is("this", end) || self.is("the", end) {
                    Part::Later
                } else {
                    Part::Thirds(0, 3)
                };
                self.part_of(part, end, "in")
            }
            "q" if self.pieces.is_number(at + 1) && self.pieces.is_glued(at + 1) => {
                let number: i32 = self.pieces.lower(at + 1).parse().ok()?;
                let end = at + 2 + usize::from(self.is("of", at + 2));
                (1..=4).contains(&number).then_some(())?;
                self.part_of(Part::Nth(number, Unit::Quarter), end, "of")
            }
            "weekend" if self.is("the", at.wrapping_sub(1)) && !self.is("of", at + 1) => {
                Some((When::Unit { unit: Unit::Weekend, offset: 0 }, at + 1))
            }
            "hours" | "night" | "morning" | "afternoon" | "evening" | "month" | "year"
            | "weekend" | "week" => self.time_of(at),
            _ => self.ordinal_part(at),
        }
    }
}
