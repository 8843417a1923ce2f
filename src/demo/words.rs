//! Days in the story's sentences: "{day-1}" becomes "Monday".

use jiff::civil::Date;
use jiff::{Span, fmt::strtime};

/// Returns the text with each `{day}`, `{day-3}`, `{date+5}` filled in, counted from `today`.
///
/// `day` gives a weekday, `date` the day of the month ("3 May"). Braces that hold anything else
/// stay as they are; the tests find them.
pub fn fill(text: &str, today: Date) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        filled.push_str(&rest[..open]);
        rest = &rest[open..];
        let end = rest.find('}').map_or(rest.len(), |close| close + 1);
        let (braced, after) = rest.split_at(end);
        match day(braced.trim_matches(['{', '}']), today) {
            Some(words) => filled.push_str(&words),
            None => filled.push_str(braced),
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

fn day(name: &str, today: Date) -> Option<String> {
    let sign = name.find(['+', '-']).unwrap_or(name.len());
    let (what, offset) = name.split_at(sign);
    let offset: i64 = if offset.is_empty() { 0 } else { offset.parse().ok()? };
    let format = match what {
        "day" => "%A",
        "date" => "%-d %B",
        _ => return None,
    };
    let date = today.checked_add(Span::new().try_days(offset).ok()?).ok()?;
    strtime::format(format, date).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_the_given_one() {
        let tuesday: Date = "2031-05-06".parse().unwrap();
        for (text, filled) in [
            ("no day at all", "no day at all"),
            ("on {day}, or {day-1}", "on Tuesday, or Monday"),
            ("from {day+2} to {date+10}", "from Thursday to 16 May"),
            ("since {date-6}.", "since 30 April."),
            ("{year} and {day+x} {day", "{year} and {day+x} Tuesday"),
        ] {
            assert_eq!(fill(text, tuesday), filled, "{text}");
        }
    }
}
