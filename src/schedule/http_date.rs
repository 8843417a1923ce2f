//! Dates as HTTP writes them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::tz::Offset;

/// Servers get the day of the week wrong; the date counts.
static IMF_FIXDATE: DateTimeParser = DateTimeParser::new().relaxed_weekday(true);

/// Returns the instant of an HTTP date in any of its three forms, `None` for anything else.
///
/// Source: RFC 9110 §5.6.7 (IMF-fixdate, and the obsolete forms of RFC 850 and `asctime`).
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    IMF_FIXDATE.parse_timestamp(text).ok().or_else(|| rfc850(text)).or_else(|| asctime(text))
}

/// `Sunday, 06-Nov-94 08:49:37 GMT`, and with the four digits of the year that some write.
fn rfc850(text: &str) -> Option<Timestamp> {
    let (_weekday, rest) = text.split_once(", ")?;
    let civil = rest.strip_suffix(" GMT").or_else(|| rest.strip_suffix(" UTC"))?;
    ["%d-%b-%y %H:%M:%S", "%d-%b-%Y %H:%M:%S"].iter().find_map(|format| utc(format, civil))
}

/// `Sun Nov  6 08:49:37 1994`, in UTC without saying so.
fn asctime(text: &str) -> Option<Timestamp> {
    let (_weekday, rest) = text.split_once(' ')?;
    utc("%b %e %H:%M:%S %Y", rest.trim_start())
}

fn utc(format: &str, text: &str) -> Option<Timestamp> {
    let civil = DateTime::strptime(format, text).ok()?;
    Offset::UTC.to_timestamp(civil).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_forms_are_one_instant() {
        for text in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "  Sun, 06 Nov 1994 08:49:37 GMT ",
            "Mon, 06 Nov 1994 08:49:37 GMT",
            "Sun, 06-Nov-1994 08:49:37 GMT",
            "Sun, 6 Nov 1994 08:49:37 +0000",
            "Sun, 06 Nov 1994 09:49:37 +0100",
        ] {
            assert_eq!(
                parse(text).map(|at| at.to_string()).as_deref(),
                Some("1994-11-06T08:49:37Z"),
                "{text}"
            );
        }
    }

    #[test]
    fn anything_else_is_none() {
        for text in
            ["", "0", "-1", "now", "Sun, 06 Nov", "Sun, 32 Nov 1994 08:49:37 GMT", "Sun Nov"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
