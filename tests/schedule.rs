//! Properties of the schedule that hold whatever comes in.

use std::time::Duration;

use borderwire::clock;
use borderwire::schedule::{Outcome, Pace, Policy, Severity, next_poll};
use jiff::Timestamp;

/// Environment variable that gives a printed seed again.
const SEED: &str = "BORDERWIRE_SEED";

/// SplitMix64: enough to roam, and the same on every machine.
struct Dice(u64);

impl Dice {
    /// Seeded from the environment, else by chance.
    fn seeded() -> (Self, String) {
        let given = std::env::var(SEED).ok().and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or_else(|| (clock::chance() * (1_u64 << 53) as f64) as u64);
        (Self(seed), format!("{SEED}={seed}"))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// Of every order of magnitude, none and the longest included.
    fn duration(&mut self) -> Duration {
        match self.below(20) {
            0 => Duration::ZERO,
            1 => Duration::MAX,
            _ => Duration::from_millis(self.next() >> self.below(64)),
        }
    }

    fn perhaps_duration(&mut self) -> Option<Duration> {
        (self.below(2) == 0).then(|| self.duration())
    }

    fn outcome(&mut self) -> Outcome {
        match self.below(5) {
            0 => Outcome::Changed { wish: self.perhaps_duration() },
            1 => Outcome::Unchanged { wish: self.perhaps_duration() },
            2 => Outcome::NotModified { wish: self.perhaps_duration() },
            3 => Outcome::Failed { severity: Severity::Soft, retry_after: self.perhaps_duration() },
            _ => Outcome::Failed { severity: Severity::Hard, retry_after: self.perhaps_duration() },
        }
    }
}

#[test]
fn next_poll_keeps_its_bounds_whatever_comes_in() {
    let (mut dice, seed) = Dice::seeded();
    for _ in 0..100_000 {
        let policy = Policy {
            interval: dice.duration(),
            interval_min: dice.duration(),
            interval_max: dice.duration(),
        };
        let pace = Pace {
            failures: (dice.next() as u32) >> dice.below(32),
            publisher_wish: dice.perhaps_duration(),
            ..Pace::default()
        };
        let outcome = dice.outcome();
        let now = Timestamp::from_second(dice.below(253_402_000_000) as i64).unwrap();
        let jitter = dice.below(1 << 20) as f64 / f64::from(1 << 20);

        let (next, why) = next_poll(&pace, &outcome, &policy, now, jitter);

        let context = format!("{seed}: {pace:?} {outcome:?} {policy:?} {now} {jitter} {why}");
        let asked_for = match outcome {
            Outcome::Failed { retry_after, .. } => retry_after.max(next.publisher_wish),
            _ => next.publisher_wish,
        };
        let least = policy.interval_min.max(asked_for.unwrap_or_default());
        let after = |delay| now.checked_add(delay).unwrap_or(Timestamp::MAX);
        let at = next.next_poll_at.unwrap();
        assert!(at >= after(least.min(policy.interval_max)), "too early: {at} {context}");
        assert!(at <= after(policy.interval_max), "too late: {at} {context}");
        assert_eq!(next.failures > 0, matches!(outcome, Outcome::Failed { .. }), "{context}");
    }
}

#[test]
fn a_feed_that_always_fails_is_asked_for_ever_and_a_day_apart_at_most() {
    let (mut dice, seed) = Dice::seeded();
    let policy = Policy {
        interval: Duration::from_secs(900),
        interval_min: Duration::from_secs(60),
        interval_max: Duration::from_secs(86_400),
    };
    let mut now = Timestamp::UNIX_EPOCH;
    let mut pace = Pace::default();
    let failed = Outcome::Failed { severity: Severity::Soft, retry_after: None };
    let mut polls = 0;
    while now.as_second() < 366 * 86_400 {
        let jitter = dice.below(1 << 20) as f64 / f64::from(1 << 20);
        pace = next_poll(&pace, &failed, &policy, now, jitter).0;
        now = pace.next_poll_at.unwrap();
        polls += 1;
    }
    assert!((366..1000).contains(&polls), "{polls} polls in a year, {seed}");
}
