//! The story's clock: it runs with time, or stands where a test puts it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use tokio::time::Instant;

/// Tells the minute of the story. Clones tell the same.
#[derive(Clone, Debug)]
pub struct StoryClock(Source);

#[derive(Clone, Debug)]
enum Source {
    Running { started: Instant, speed: f64 },
    ByHand(Arc<AtomicI32>),
}

impl StoryClock {
    /// Returns a clock that starts now and runs `speed` times as fast as tokio's; above zero.
    pub fn running(speed: f64) -> Self {
        Self(Source::Running { started: Instant::now(), speed })
    }

    /// Returns a clock that stands at minute zero until it is moved.
    pub fn by_hand() -> Self {
        Self(Source::ByHand(Arc::default()))
    }

    /// Puts a clock that is moved by hand to that minute; one that runs is left alone.
    pub fn move_to(&self, minute: i32) {
        if let Source::ByHand(at) = &self.0 {
            at.store(minute, Ordering::Release);
        }
    }

    /// Returns the whole minutes of the story that are over; without end.
    pub fn minute(&self) -> i32 {
        match &self.0 {
            Source::Running { started, speed } => minutes_over(started.elapsed(), *speed),
            Source::ByHand(at) => at.load(Ordering::Acquire),
        }
    }

    /// Returns when that minute begins; `None` for a clock that is moved by hand, and for a time
    /// that the machine cannot tell.
    pub fn begins(&self, minute: i32) -> Option<Instant> {
        match &self.0 {
            Source::Running { started, speed } => {
                let seconds = f64::from(minute) * 60.0 / speed;
                started.checked_add(Duration::try_from_secs_f64(seconds).ok()?)
            }
            Source::ByHand(_) => None,
        }
    }
}

fn minutes_over(elapsed: Duration, speed: f64) -> i32 {
    (elapsed.as_secs_f64() * speed / 60.0) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_story_at_speed_thirty_is_over_after_a_minute() {
        for (millis, minute) in [(0, 0), (1_999, 0), (2_000, 1), (59_999, 29), (60_000, 30)] {
            assert_eq!(minutes_over(Duration::from_millis(millis), 30.0), minute, "{millis} ms");
        }
        let clock = StoryClock::running(30.0);
        let (start, end) = (clock.begins(0).unwrap(), clock.begins(30).unwrap());
        assert_eq!(end - start, Duration::from_secs(60));
    }

    #[test]
    fn a_clock_by_hand_stands_where_it_is_put_for_all_who_hold_it() {
        let clock = StoryClock::by_hand();
        let other = clock.clone();
        clock.move_to(12);
        assert_eq!(other.minute(), 12);
        assert_eq!(other.begins(13), None);
    }
}
