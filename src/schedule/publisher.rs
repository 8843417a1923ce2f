//! What an answer says about when to come back.

use std::time::Duration;

use jiff::Timestamp;

use super::http_date;
use super::pace::{Outcome, Severity};
use crate::capture::Capture;

/// Returns how long the publisher wishes to be left alone, `None` where it says nothing.
///
/// The longer of what the headers say (`Cache-Control: max-age`, else `Expires` against `Date`,
/// less `Age`) and what the document says (`ttl_minutes`, of RSS `ttl` or `sy:updatePeriod`). A
/// `no-cache` or `no-store` voids the headers' part. Absurd values are returned as they are: the
/// bounds of the policy cut them.
///
/// Source: RFC 9111 §4.2.1, §5.2.2; RSS 2.0 `ttl`.
pub fn freshness(capture: &Capture, ttl_minutes: Option<u32>, now: Timestamp) -> Option<Duration> {
    let document = ttl_minutes.map(|minutes| Duration::from_secs(u64::from(minutes) * 60));
    fresh_for(capture, now).max(document).filter(|wish| !wish.is_zero())
}

/// Returns when the server says to come back: seconds or a date, of a 429 or a 503.
///
/// A date is taken against the capture's own time; one that has passed gives zero.
///
/// Source: RFC 9110 §10.2.3.
pub fn retry_after(capture: &Capture) -> Option<Duration> {
    if !matches!(capture.status, 429 | 503) {
        return None;
    }
    let value = capture.header("retry-after")?.trim();
    seconds(value).or_else(|| Some(between(capture.captured_at, http_date::parse(value)?)))
}

/// Returns the outcome of an answer that by its status holds no feed, `None` for 200 and 304.
///
/// 404 counts as soft: feeds do answer it and come back. A 3xx comes here where it has no
/// `Location`.
pub fn refusal(capture: &Capture) -> Option<Outcome> {
    let severity = match capture.status {
        200 | 203 | 226 | 304 => return None,
        404 | 408 | 425 | 429 | 500..=599 => Severity::Soft,
        _ => Severity::Hard,
    };
    Some(Outcome::Failed { severity, retry_after: retry_after(capture) })
}

fn fresh_for(capture: &Capture, now: Timestamp) -> Option<Duration> {
    let control: Vec<&str> = fields(capture, "cache-control").flat_map(|v| v.split(',')).collect();
    let mut max_age = None;
    for directive in control {
        let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
        match name.trim().to_ascii_lowercase().as_str() {
            "no-cache" | "no-store" => return None,
            "max-age" => max_age = max_age.or(seconds(value.trim().trim_matches('"'))),
            _ => {}
        }
    }
    let lifetime = max_age.or_else(|| {
        let expires = http_date::parse(capture.header("expires")?)?;
        Some(between(date(capture, "date").unwrap_or(now), expires))
    })?;
    let age = capture.header("age").and_then(|value| seconds(value.trim())).unwrap_or_default();
    Some(lifetime.saturating_sub(age))
}

fn fields<'a>(capture: &'a Capture, name: &'a str) -> impl Iterator<Item = &'a str> {
    capture.headers.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str())
}

fn date(capture: &Capture, name: &str) -> Option<Timestamp> {
    http_date::parse(capture.header(name)?)
}

/// Returns digits as seconds; more of them than fit are the longest duration there is.
fn seconds(text: &str) -> Option<Duration> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)))
}

fn between(from: Timestamp, to: Timestamp) -> Duration {
    Duration::try_from(to.duration_since(from)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn capture(status: u16, headers: &[(&str, &str)]) -> Capture {
        Capture {
            url: "https://feeds.example/".parse().unwrap(),
            captured_at: now(),
            status,
            headers: headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
            body: Vec::new(),
        }
    }

    fn now() -> Timestamp {
        "2026-03-01T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn freshness_is_read_as_http_says() {
        type Case = (&'static [(&'static str, &'static str)], Option<u32>, Option<u64>);
        let cases: &[Case] = &[
            (&[], None, None),
            (&[], Some(60), Some(3600)),
            (&[], Some(0), None),
            (&[("cache-control", "max-age=300")], None, Some(300)),
            (&[("cache-control", "public, Max-Age=\"300\"")], None, Some(300)),
            (&[("cache-control", "public"), ("cache-control", "max-age=300")], None, Some(300)),
            (&[("cache-control", "max-age=300"), ("age", "100")], None, Some(200)),
            (&[("cache-control", "max-age=300"), ("age", "400")], None, None),
            (&[("cache-control", "max-age=300, no-cache")], None, None),
            (&[("cache-control", "no-store")], Some(5), Some(300)),
            (&[("cache-control", "max-age=300")], Some(60), Some(3600)),
            (&[("cache-control", "max-age=7200")], Some(60), Some(7200)),
            (&[("cache-control", "max-age=-1")], None, None),
            (&[("cache-control", "max-age=99999999999999999999999")], None, Some(u64::MAX)),
            (&[("cache-control", "s-maxage=300")], None, None),
            (&[("expires", "Sun, 01 Mar 2026 12:10:00 GMT")], None, Some(600)),
            (
                &[
                    ("expires", "Sun, 01 Mar 2026 12:10:00 GMT"),
                    ("date", "Sun, 01 Mar 2026 12:05:00 GMT"),
                ],
                None,
                Some(300),
            ),
            (
                &[("expires", "Sun, 01 Mar 2026 12:10:00 GMT"), ("cache-control", "max-age=30")],
                None,
                Some(30),
            ),
            (&[("expires", "Thu, 01 Jan 1970 00:00:00 GMT")], None, None),
            (&[("expires", "0")], None, None),
        ];
        for (headers, ttl, want) in cases {
            let got = freshness(&capture(200, headers), *ttl, now());
            assert_eq!(got, want.map(Duration::from_secs), "{headers:?} {ttl:?}");
        }
    }

    #[test]
    fn retry_after_is_read_of_429_and_503() {
        let cases: &[(u16, &str, Option<u64>)] = &[
            (429, "120", Some(120)),
            (503, " 120 ", Some(120)),
            (200, "120", None),
            (500, "120", None),
            (429, "Sun, 01 Mar 2026 13:00:00 GMT", Some(3600)),
            (503, "Sunday, 01-Mar-26 13:00:00 GMT", Some(3600)),
            (429, "Sun, 01 Mar 2020 13:00:00 GMT", Some(0)),
            (429, "-5", None),
            (429, "soon", None),
            (429, "", None),
            (429, "99999999999999999999999", Some(u64::MAX)),
        ];
        for (status, value, want) in cases {
            let got = retry_after(&capture(*status, &[("retry-after", value)]));
            assert_eq!(got, want.map(Duration::from_secs), "{status} {value}");
        }
        assert_eq!(retry_after(&capture(429, &[])), None);
    }

    #[test]
    fn statuses_are_soft_or_hard() {
        for (status, want) in [
            (200, None),
            (304, None),
            (404, Some(Severity::Soft)),
            (429, Some(Severity::Soft)),
            (500, Some(Severity::Soft)),
            (522, Some(Severity::Soft)),
            (204, Some(Severity::Hard)),
            (302, Some(Severity::Hard)),
            (401, Some(Severity::Hard)),
            (403, Some(Severity::Hard)),
            (410, Some(Severity::Hard)),
            (999, Some(Severity::Hard)),
        ] {
            let got = refusal(&capture(status, &[]));
            let want = want.map(|severity| Outcome::Failed { severity, retry_after: None });
            assert_eq!(got, want, "{status}");
        }
    }
}
