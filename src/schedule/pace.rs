//! The pace of one feed: what is remembered of it, and what follows from how a poll went.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::feed::Feed;

/// Share of the delay by which polls are spread, so that feeds that met once part again.
const SPREAD: f64 = 0.1;

/// The same after errors: feeds of a server that fell over come back over a longer time.
const SPREAD_AFTER_ERRORS: f64 = 0.5;

/// How many times slower than after a soft error a feed is asked after a hard one.
const HARD_FACTOR: u32 = 4;

/// Bounds within which a feed is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Time between two polls where nobody wishes otherwise.
    pub interval: Duration,
    /// Nothing makes it shorter.
    pub interval_min: Duration,
    /// Nothing makes it longer: neither the publisher's wish nor errors. It wins over the others.
    pub interval_max: Duration,
}

impl Policy {
    /// Returns the policy for a feed whose owner may want another interval.
    #[must_use]
    pub fn of(self, feed: &Feed) -> Self {
        Self { interval: feed.interval.unwrap_or(self.interval), ..self }
    }

    fn bound(&self, delay: Duration) -> Duration {
        delay.max(self.interval_min).min(self.interval_max)
    }
}

/// What is remembered about when to ask a feed; part of the state that outlives a restart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Pace {
    /// When to ask next; `None` until it was asked once.
    pub next_poll_at: Option<Timestamp>,
    /// Polls that failed since the last that did not.
    pub failures: u32,
    /// How long the publisher last wished to be left alone. It outlives a 304, which rarely
    /// repeats it.
    #[serde(with = "jiff::fmt::serde::unsigned_duration::friendly::compact::optional")]
    pub publisher_wish: Option<Duration>,
}

/// How a poll went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A document with something new in it.
    Changed {
        /// How long the publisher wishes to be left alone, from [`freshness`](super::freshness).
        wish: Option<Duration>,
    },
    /// A document with nothing new in it.
    Unchanged {
        /// As above.
        wish: Option<Duration>,
    },
    /// 304: nothing was sent.
    NotModified {
        /// As above; of the headers alone, for there is no document.
        wish: Option<Duration>,
    },
    /// No feed came.
    Failed {
        /// How likely it passes by itself.
        severity: Severity,
        /// When the server says to come back, from [`retry_after`](super::retry_after).
        retry_after: Option<Duration>,
    },
}

/// How likely an error passes by itself. No feed is given up for either.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It often passes: time-outs, 5xx, 429, and 404 too, for feeds do come back from it.
    Soft,
    /// Somebody has to act: 401, 403, 410, a certificate, a page where a feed was.
    Hard,
}

/// Why a feed is asked when it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The configured interval.
    Interval,
    /// The publisher wishes to be asked less often.
    PublisherWish,
    /// The server said when to come back.
    RetryAfter,
    /// It failed before.
    BackOff,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Interval => "interval",
            Self::PublisherWish => "publisher's wish",
            Self::RetryAfter => "retry-after",
            Self::BackOff => "back-off",
        })
    }
}

/// Returns what to remember of a feed after a poll, with when to ask it again, and why then.
///
/// The longest of the configured interval, the publisher's wish, `Retry-After` and the back-off,
/// but never beyond `policy.interval_max`. The back-off doubles with each failure, from one
/// interval after a soft error and from four after a hard one. `jitter` is uniform in `[0, 1)`,
/// drawn by the caller; it never brings a poll before what the publisher or the server asked for.
///
/// Source: RFC 9111 §4.2 (freshness); RFC 9110 §10.2.3 (`Retry-After`); RSS 2.0 `ttl`, minutes.
pub fn next_poll(
    pace: &Pace,
    outcome: &Outcome,
    policy: &Policy,
    now: Timestamp,
    jitter: f64,
) -> (Pace, Why) {
    let (failures, wish) = match *outcome {
        Outcome::Changed { wish } | Outcome::Unchanged { wish } => (0, wish),
        Outcome::NotModified { wish } => (0, wish.max(pace.publisher_wish)),
        Outcome::Failed { .. } => (pace.failures.saturating_add(1), pace.publisher_wish),
    };

    let mut floor = (policy.bound(policy.interval), Why::Interval);
    floor = later(floor, wish, Why::PublisherWish, policy);
    let mut delay = floor;
    if let Outcome::Failed { severity, retry_after } = *outcome {
        floor = later(floor, retry_after, Why::RetryAfter, policy);
        delay = later(floor, Some(back_off(policy, failures, severity)), Why::BackOff, policy);
    }

    let share = if failures == 0 { SPREAD } else { SPREAD_AFTER_ERRORS };
    let delay_spread = spread(delay.0, floor.0, policy, share * jitter);
    let next_poll_at = Some(now.checked_add(delay_spread).unwrap_or(Timestamp::MAX));
    (Pace { next_poll_at, failures, publisher_wish: wish }, delay.1)
}

/// Returns the later of the two, the first where they are equal.
fn later(
    first: (Duration, Why),
    other: Option<Duration>,
    why: Why,
    policy: &Policy,
) -> (Duration, Why) {
    match other.map(|delay| policy.bound(delay)) {
        Some(delay) if delay > first.0 => (delay, why),
        _ => first,
    }
}

fn back_off(policy: &Policy, failures: u32, severity: Severity) -> Duration {
    let factor = match severity {
        Severity::Soft => 1,
        Severity::Hard => HARD_FACTOR,
    };
    let doubled = 2_u32.saturating_pow(failures.saturating_sub(1));
    policy.bound(policy.interval).saturating_mul(doubled.saturating_mul(factor))
}

/// Returns the delay made longer by its share, or, at the upper bound, that bound made shorter, so
/// that feeds which all stand at the bound do not march in step; never below the floor.
fn spread(delay: Duration, floor: Duration, policy: &Policy, share: f64) -> Duration {
    let longer = delay.saturating_add(part(delay, share));
    if longer <= policy.interval_max {
        return longer;
    }
    policy.interval_max.saturating_sub(part(policy.interval_max, share)).max(floor)
}

fn part(of: Duration, share: f64) -> Duration {
    Duration::try_from_secs_f64(of.as_secs_f64() * share).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);
    const HOUR: Duration = Duration::from_secs(3600);
    const DAY: Duration = Duration::from_secs(24 * 3600);
    const POLICY: Policy =
        Policy { interval: Duration::from_secs(900), interval_min: MINUTE, interval_max: DAY };

    fn now() -> Timestamp {
        "2026-03-01T12:00:00Z".parse().unwrap()
    }

    fn soft(retry_after: Option<Duration>) -> Outcome {
        Outcome::Failed { severity: Severity::Soft, retry_after }
    }

    fn hard() -> Outcome {
        Outcome::Failed { severity: Severity::Hard, retry_after: None }
    }

    #[track_caller]
    fn check(pace: &Pace, outcome: Outcome, jitter: f64, delay: Duration, why: Why) -> Pace {
        let (next, reason) = next_poll(pace, &outcome, &POLICY, now(), jitter);
        assert_eq!(next.next_poll_at, Some(now() + delay), "{outcome:?} {reason}");
        assert_eq!(reason, why);
        next
    }

    #[test]
    fn a_feed_without_a_wish_is_asked_at_the_interval() {
        let pace = Pace::default();
        check(&pace, Outcome::Changed { wish: None }, 0.0, 15 * MINUTE, Why::Interval);
        check(
            &pace,
            Outcome::Unchanged { wish: None },
            0.5,
            15 * MINUTE + 45 * MINUTE / 60,
            Why::Interval,
        );
        check(&pace, Outcome::NotModified { wish: None }, 0.0, 15 * MINUTE, Why::Interval);
    }

    #[test]
    fn a_wish_makes_it_longer_and_never_shorter() {
        let pace = Pace::default();
        check(&pace, Outcome::Changed { wish: Some(3 * HOUR) }, 0.0, 3 * HOUR, Why::PublisherWish);
        check(&pace, Outcome::Changed { wish: Some(MINUTE) }, 0.0, 15 * MINUTE, Why::Interval);
        check(&pace, Outcome::Changed { wish: Some(30 * DAY) }, 0.0, DAY, Why::PublisherWish);
        check(&pace, Outcome::Changed { wish: Some(30 * DAY) }, 0.9, DAY, Why::PublisherWish);
    }

    #[test]
    fn a_wish_outlives_a_304_and_ends_with_a_200_that_has_none() {
        let wished = check(
            &Pace::default(),
            Outcome::Changed { wish: Some(3 * HOUR) },
            0.0,
            3 * HOUR,
            Why::PublisherWish,
        );
        let kept =
            check(&wished, Outcome::NotModified { wish: None }, 0.0, 3 * HOUR, Why::PublisherWish);
        let kept = check(
            &kept,
            Outcome::NotModified { wish: Some(MINUTE) },
            0.0,
            3 * HOUR,
            Why::PublisherWish,
        );
        check(&kept, Outcome::Unchanged { wish: None }, 0.0, 15 * MINUTE, Why::Interval);
    }

    #[test]
    fn errors_double_the_delay_up_to_the_bound_and_a_success_ends_it() {
        let mut pace = Pace::default();
        for minutes in [15, 30, 60, 120, 240, 480, 960, 1440, 1440] {
            let why = if minutes == 15 { Why::Interval } else { Why::BackOff };
            pace = check(&pace, soft(None), 0.0, minutes * MINUTE, why);
        }
        assert_eq!(pace.failures, 9);
        check(&pace, Outcome::NotModified { wish: None }, 0.0, 15 * MINUTE, Why::Interval);
    }

    #[test]
    fn hard_errors_slow_down_sooner() {
        let mut pace = Pace::default();
        for hours in [1, 2, 4, 8, 16, 24, 24] {
            pace = check(&pace, hard(), 0.0, hours * HOUR, Why::BackOff);
        }
    }

    #[test]
    fn feeds_at_the_bound_are_spread_below_it() {
        let pace = Pace { failures: 40, ..Pace::default() };
        check(&pace, soft(None), 0.5, DAY * 3 / 4, Why::BackOff);
    }

    #[test]
    fn a_server_that_says_when_is_not_asked_before() {
        let pace = Pace::default();
        check(&pace, soft(Some(2 * HOUR)), 0.0, 2 * HOUR, Why::RetryAfter);
        check(&pace, soft(Some(2 * HOUR)), 0.5, 2 * HOUR + HOUR / 2, Why::RetryAfter);
        check(&pace, soft(Some(MINUTE)), 0.0, 15 * MINUTE, Why::Interval);
        check(&pace, soft(Some(400 * DAY)), 0.9, DAY, Why::RetryAfter);
    }

    #[test]
    fn a_state_of_an_older_version_is_read() {
        let pace: Pace = serde_json::from_str(r#"{"failures": 3, "unknown-yet": 1}"#).unwrap();
        assert_eq!(pace, Pace { failures: 3, ..Pace::default() });
        let full =
            Pace { next_poll_at: Some(now()), failures: 1, publisher_wish: Some(90 * MINUTE) };
        let text = serde_json::to_string(&full).unwrap();
        assert_eq!(
            text,
            r#"{"next-poll-at":"2026-03-01T12:00:00Z","failures":1,"publisher-wish":"1h 30m"}"#
        );
        assert_eq!(serde_json::from_str::<Pace>(&text).unwrap(), full);
    }
}
