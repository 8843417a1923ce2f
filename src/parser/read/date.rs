//! Dates as feeds send them, to instants in UTC: `None` when unreadable, never "now".
//!
//! Formats are not tried one after the other: the text is cut into words, numbers, a clock and an
//! offset, and what each can be is decided once. That reads RFC 822, 2822, 3339 and 850, asctime,
//! W3CDTF, Unix time, and the many that are none of these.
//!
//! Where day and month cannot be told apart, `/` means the American order, `.` and `-` the
//! European; a year of two digits is of this century below 70; no zone means UTC.

mod names;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

/// Longer texts are no dates.
const BYTES_MAX: usize = 120;

/// More numbers than year, month, day and a clock written with dots are in no date.
const NUMBERS_MAX: usize = 6;

/// Returns the instant that the text names.
pub fn read(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.is_empty() || text.len() > BYTES_MAX {
        return None;
    }
    if let Some(instant) = unix(text) {
        return instant;
    }
    let mut parts = Parts::default();
    parts.take(&plain(text))?;
    // Korean dates name no zone and mean Korea's.
    if parts.offset.is_none() && text.contains('년') {
        parts.offset = Some((9 * 3600, false));
    }
    parts.instant()
}

/// Returns the instant of a text that is a number of seconds or milliseconds since 1970.
fn unix(text: &str) -> Option<Option<Timestamp>> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number = text.parse().ok()?;
    match text.len() {
        9..=10 => Some(Timestamp::from_second(number).ok()),
        13 => Some(Timestamp::from_millisecond(number).ok()),
        _ => None,
    }
}

/// Returns the text in lower case without its remarks, with east Asian signs put as ours.
fn plain(text: &str) -> String {
    if text.is_ascii() && !text.contains('(') {
        return text.to_ascii_lowercase();
    }
    let mut depth = 0_u32;
    let mut out = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            '년' | '年' | '월' | '月' => out.push('-'),
            '일' | '日' => out.push(' '),
            '\u{2010}'..='\u{2015}' | '\u{2212}' => out.push('-'),
            // What is left of a dotted Turkish capital in lower case.
            '\u{307}' => {}
            c => out.push(c),
        }
    }
    out
}

/// A number with what stood directly before it.
#[derive(Clone, Copy, Debug)]
struct Number {
    value: u32,
    digits: usize,
    /// `-`, `/` or `.` where it joins this number to the one before, a blank otherwise.
    joint: char,
}

/// What a text was found to hold.
#[derive(Debug, Default)]
struct Parts {
    numbers: Vec<Number>,
    month: Option<i8>,
    clock: Option<(i8, i8, i8)>,
    afternoon: Option<bool>,
    /// Seconds east of Greenwich, and whether digits gave them.
    offset: Option<(i32, bool)>,
    /// The day begins after this one: `24:00`.
    next_day: bool,
}

impl Parts {
    /// Cuts the text; `None` when it holds what no date holds.
    fn take(&mut self, text: &str) -> Option<()> {
        let mut rest = text;
        let mut before = ' ';
        while let Some(c) = rest.chars().next() {
            let length = if c.is_ascii_digit() {
                let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
                match rest.as_bytes().get(digits..) {
                    Some([b':', b'0'..=b'9', ..]) if digits <= 2 && self.clock.is_none() => {
                        self.clock(rest)?
                    }
                    _ => self.number(rest, digits, before)?,
                }
            } else if matches!(c, '+' | '-') && self.clock.is_some() && starts_offset(rest) {
                self.offset(rest)?
            } else if c.is_alphabetic() {
                self.word(rest)?
            } else {
                c.len_utf8()
            };
            before = rest[..length].chars().next_back().unwrap_or(' ');
            rest = &rest[length..];
        }
        Some(())
    }

    fn number(&mut self, rest: &str, digits: usize, before: char) -> Option<usize> {
        let value = rest[..digits].parse().ok()?;
        let time_follows = !self.numbers.is_empty() && before == 't' && self.clock.is_none();
        if time_follows && matches!(digits, 4 | 6) {
            let (hour, minute, second) = match digits {
                4 => (value / 100, value % 100, 0),
                _ => (value / 10_000, value / 100 % 100, value % 100),
            };
            self.set_clock(hour, minute, second)?;
            return Some(digits);
        }
        if self.numbers.len() == NUMBERS_MAX {
            return None;
        }
        let joint = if self.numbers.is_empty() && before != '-' { ' ' } else { before };
        let joint = if matches!(joint, '-' | '/' | '.') { joint } else { ' ' };
        self.numbers.push(Number { value, digits, joint });
        // "3rd", "22nd": the ending belongs to the number.
        let ordinal = ["st", "nd", "rd", "th"].iter().any(|end| {
            rest[digits..].strip_prefix(end).is_some_and(|r| !r.starts_with(char::is_alphabetic))
        });
        Some(if ordinal { digits + 2 } else { digits })
    }

    fn clock(&mut self, rest: &str) -> Option<usize> {
        let mut fields = [0_u32; 3];
        let mut at = 0;
        for (i, field) in fields.iter_mut().enumerate() {
            if i > 0 {
                if !matches!(rest.as_bytes().get(at..), Some([b':', b'0'..=b'9', ..])) {
                    break;
                }
                at += 1;
            }
            let digits = rest[at..].bytes().take_while(u8::is_ascii_digit).count();
            *field = rest[at..at + digits].parse().ok()?;
            at += digits;
        }
        if matches!(rest.as_bytes().get(at..), Some([b'.' | b',', b'0'..=b'9', ..])) {
            at += 1 + rest[at + 1..].bytes().take_while(u8::is_ascii_digit).count();
        }
        if rest[at..].starts_with(':') {
            return None;
        }
        self.set_clock(fields[0], fields[1], fields[2])?;
        Some(at)
    }

    fn set_clock(&mut self, hour: u32, minute: u32, second: u32) -> Option<()> {
        self.next_day = hour == 24 && minute == 0 && second == 0;
        let hour = if self.next_day { 0 } else { hour };
        if hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        // A leap second is the last of its minute.
        self.clock = Some((hour as i8, minute as i8, second.min(59) as i8));
        Some(())
    }

    fn offset(&mut self, rest: &str) -> Option<usize> {
        let digits = rest[1..].bytes().take_while(u8::is_ascii_digit).count();
        let value: i32 = rest[1..=digits].parse().ok()?;
        let (hours, minutes, length) = match digits {
            1 | 2 => match rest[1 + digits..].strip_prefix(':') {
                Some(minutes)
                    if minutes.bytes().take(2).filter(u8::is_ascii_digit).count() == 2 =>
                {
                    (value, minutes[..2].parse().ok()?, digits + 4)
                }
                Some(_) => return None,
                None => (value, 0, digits + 1),
            },
            3 | 4 => (value / 100, value % 100, digits + 1),
            _ => return None,
        };
        if hours > 23 || minutes > 59 {
            return None;
        }
        let sign = if rest.starts_with('-') { -1 } else { 1 };
        if !matches!(self.offset, Some((_, true))) {
            self.offset = Some((sign * (hours * 3600 + minutes * 60), true));
        }
        Some(length)
    }

    fn word(&mut self, rest: &str) -> Option<usize> {
        let is_part = |c: char| c.is_alphabetic() || matches!(c, '.' | '/' | '_' | '\'');
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let word: String = rest[..end].chars().filter(|c| !matches!(c, '.' | '\'')).collect();
        match word.as_str() {
            "am" | "오전" => self.afternoon = Some(false),
            "pm" | "오후" => self.afternoon = Some(true),
            // Between the date and the time of ISO 8601.
            "t" => {}
            _ => {
                if let Some(month) = names::month(&word) {
                    // A second one is the month: "mar." before it was a Tuesday.
                    self.month = Some(month);
                } else if self.clock.is_some() && self.offset.is_none() {
                    self.offset = names::zone(&word).map(|hours| ((hours * 3600.0) as i32, false));
                }
            }
        }
        if matches!(word.as_str(), "오전" | "오후") {
            self.offset = Some((9 * 3600, false));
        }
        Some(end)
    }

    fn instant(&self) -> Option<Timestamp> {
        let (year, month, day) = self.date()?;
        let date = Date::new(year, month, day).ok()?;
        let date = if self.next_day { date.tomorrow().ok()? } else { date };
        let (hour, minute, second) = self.clock.unwrap_or_default();
        let hour = match self.afternoon {
            Some(true) if hour < 12 => hour + 12,
            Some(false) if hour == 12 => 0,
            _ => hour,
        };
        let time = Time::new(hour, minute, second, 0).ok()?;
        let east = self.offset.map_or(0, |(seconds, _)| seconds);
        let offset = Offset::from_seconds(east).ok()?;
        offset.to_timestamp(DateTime::from_parts(date, time)).ok()
    }

    fn date(&self) -> Option<(i16, i8, i8)> {
        let numbers = self.numbers.as_slice();
        // Three numbers that are joined are a date of their own: "mar." before them is a Tuesday.
        let is_joined = matches!(numbers, [_, b, c, ..] if b.joint != ' ' && c.joint != ' ');
        if let Some(month) = self.month.filter(|_| !is_joined) {
            return self.with_named_month(month);
        }
        match numbers {
            [a, b, c, ..] => triple(*a, *b, *c),
            [a, b] if a.digits == 4 && b.joint != ' ' => of(a.value, b.value, 1),
            [a, b] if a.joint == '-' && a.digits == 2 && b.joint == '-' => of(year(*a), b.value, 1),
            [a] => packed(*a, self.clock.is_some()),
            _ => None,
        }
    }

    fn with_named_month(&self, month: i8) -> Option<(i16, i8, i8)> {
        let month = u32::from(month.unsigned_abs());
        match self.numbers.as_slice() {
            // "Nov. 2020": a month alone; with a clock beside it, the day was unreadable.
            [a] if a.digits == 4 && self.clock.is_none() => of(a.value, month, 1),
            [a, b, ..] if a.digits >= 3 => of(a.value, month, b.value),
            [a, b, ..] => of(year(*b), month, a.value),
            _ => None,
        }
    }
}

/// Returns whether the sign begins an offset: digits follow at once.
fn starts_offset(rest: &str) -> bool {
    rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit)
}

fn triple(a: Number, b: Number, c: Number) -> Option<(i16, i8, i8)> {
    if a.digits >= 3 {
        return of(a.value, b.value, c.value);
    }
    let american = b.joint == '/' && a.value <= 12 || b.value > 12;
    match (b.joint, c.digits) {
        // "03-12-31": a short ISO date. "23-11-2026" is none.
        ('-', 1 | 2) => of(year(a), b.value, c.value),
        _ if american => of(year(c), a.value, b.value),
        _ => of(year(c), b.value, a.value),
    }
}

/// Reads dates that are written as one number: `20261123`, `261123`, `2026327`, `-2611`, `2026`.
fn packed(number: Number, with_clock: bool) -> Option<(i16, i8, i8)> {
    let Number { value, digits, joint } = number;
    match (digits, joint) {
        (8, _) => of(value / 10_000, value / 100 % 100, value % 100),
        (6, _) => of(short_year(value / 10_000), value / 100 % 100, value % 100),
        (7, _) => day_of_year(value / 1000, value % 1000),
        (5, _) => day_of_year(short_year(value / 1000), value % 1000),
        (4, '-') => of(short_year(value / 100), value % 100, 1),
        (4, _) if !with_clock => of(value, 1, 1),
        _ => None,
    }
}

fn day_of_year(year: u32, day: u32) -> Option<(i16, i8, i8)> {
    let first = Date::new(i16::try_from(year).ok()?, 1, 1).ok()?;
    let date = first.with().day_of_year(i16::try_from(day).ok()?).build().ok()?;
    Some((date.year(), date.month(), date.day()))
}

fn of(year: u32, month: u32, day: u32) -> Option<(i16, i8, i8)> {
    Some((i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?))
}

fn year(number: Number) -> u32 {
    if number.digits <= 2 { short_year(number.value) } else { number.value }
}

fn short_year(value: u32) -> u32 {
    if value < 70 { 2000 + value } else { 1900 + value }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let got = read(text).map_or_else(|| "none".to_owned(), |t| t.to_string());
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn what_the_formats_allow_is_read() {
        check("Sat, 07 Sep 2002 00:00:01 GMT", "2002-09-07T00:00:01Z");
        check("7 Sep 02 00:00 +0200", "2002-09-06T22:00:00Z");
        check("2026-11-23T10:00:00.5+02:00", "2026-11-23T08:00:00Z");
        check("2026-11-23T10:00Z", "2026-11-23T10:00:00Z");
        check("2026-11", "2026-11-01T00:00:00Z");
        check("2026", "2026-01-01T00:00:00Z");
        check("Mon Nov 23 10:00:00 2026", "2026-11-23T10:00:00Z");
        check("20261123T100000Z", "2026-11-23T10:00:00Z");
        check("1795428000", "2026-11-23T10:00:00Z");
        check("1795428000000", "2026-11-23T10:00:00Z");
    }

    #[test]
    fn what_feeds_send_instead_is_read() {
        check("Mon, 23rd Nov 2026 10:00:00 EST", "2026-11-23T15:00:00Z");
        check("Monday, November 23, 2026 - 3:09pm", "2026-11-23T15:09:00Z");
        check("Nov. 23, 2026, 12:05 a.m.", "2026-11-23T00:05:00Z");
        check("23.11.2026 10:00", "2026-11-23T10:00:00Z");
        check("11/23/2026 10:00:00 PM", "2026-11-23T22:00:00Z");
        check("23/11/2026", "2026-11-23T00:00:00Z");
        check("2026/11/23 10:00", "2026-11-23T10:00:00Z");
        check("Mo, 23 Nov 2026 10:00:00 GMT+2", "2026-11-23T08:00:00Z");
        check("mar., 01 déc. 2026 10:00:00 +0100", "2026-12-01T09:00:00Z");
        check("пн, 23 ноя 2026 10:00:00 +0300", "2026-11-23T07:00:00Z");
        check("pirmd., 23 nov. 2026 10:00:00 +0200", "2026-11-23T08:00:00Z");
        check("2026년 11월 23일 10:00", "2026-11-23T01:00:00Z");
        check(
            "Mon, 23 Nov 2026 10:00:00 GMT+0000 (Coordinated Universal Time)",
            "2026-11-23T10:00:00Z",
        );
        check("2026-11-23T24:00:00Z", "2026-11-24T00:00:00Z");
        check("2026-11-23T10:00:00-05:00Z", "2026-11-23T15:00:00Z");
        check("maandag 23-11-2026", "2026-11-23T00:00:00Z");
        check("mar. 24/11/2026 10:00", "2026-11-24T10:00:00Z");
        check("24 listopada 2026 10:00", "2026-11-24T10:00:00Z");
        check("2026 m. lapkričio 23 d. 10:00", "2026-11-23T10:00:00Z");
        check("Mon, 23 Nov 2026 10.30.00", "2026-11-23T00:00:00Z");
        check("26-11-23", "2026-11-23T00:00:00Z");
        check("23-11-2026", "2026-11-23T00:00:00Z");
        check("2026327", "2026-11-23T00:00:00Z");
        check("Mon, 23 Nov 2026 10:00:00 Europe/Riga", "2026-11-23T10:00:00Z");
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "now",
            "yesterday",
            "Mon, 32 Nov 2026 10:00:00 GMT",
            "Sun, 16 zzz 2012 11:47:32 GMT",
            "Sun, Dec x 2012 11:47:32 GMT",
            "2026-13-01",
            "2026-11-23T25:00:00Z",
            "2026-11-23T10:00:00+99:99",
            "10:00",
            "5",
            "12345678901234567890",
            "1:2:3:4 23 Nov 2026",
        ] {
            check(text, "none");
        }
        check(&"9 ".repeat(1000), "none");
    }
}
