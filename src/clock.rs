//! The clock and the dice: the only places where time and chance come in.

use std::hash::{BuildHasher, Hasher, RandomState};

use jiff::{Timestamp, Unit};

/// Returns the time of the wall clock, to the millisecond: finer than that no message tells.
pub fn now() -> Timestamp {
    #[expect(clippy::disallowed_methods, reason = "this is that place")]
    let now = Timestamp::now();
    now.round(Unit::Millisecond).unwrap_or(now)
}

/// Returns a number that nobody can foresee, uniform in `[0, 1)`; good for jitter, not for secrets.
pub fn chance() -> f64 {
    let bits = RandomState::new().build_hasher().finish() >> 11;
    bits as f64 / (1_u64 << 53) as f64
}
