//! The first poll after a start: spread, so that a start is no stampede.

use std::time::Duration;

use jiff::Timestamp;

use crate::feed::FeedId;

/// Time that each feed of the list adds to the window: fifty feeds are asked a second.
const WINDOW_PER_FEED: Duration = Duration::from_millis(20);

/// Returns when to ask a feed that was never asked, or that fell due while the daemon was down.
///
/// `feeds` is how many start together: the window grows with it, up to one `interval`, so that of
/// a short list something comes at once and a long one harms nobody. Within the window the place
/// is a hash of the feed's id: the same at every start, and even over the feeds of one host.
pub fn first_poll_at(feed: FeedId, feeds: usize, now: Timestamp, interval: Duration) -> Timestamp {
    let feeds = u32::try_from(feeds).unwrap_or(u32::MAX);
    let window = WINDOW_PER_FEED.saturating_mul(feeds.saturating_sub(1)).min(interval);
    // A UUIDv5 is a hash already; its low 32 bits are free of version and variant.
    let place = feed.uuid().as_u128() as u32;
    let delay = window.mul_f64(f64::from(place) / (f64::from(u32::MAX) + 1.0));
    now.checked_add(delay).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delays(feeds: usize, interval: Duration) -> Vec<Duration> {
        let now = Timestamp::UNIX_EPOCH;
        (0..feeds)
            .map(|number| {
                let url = format!("https://feeds.example/{number}").parse().unwrap();
                let at = first_poll_at(FeedId::of(&url), feeds, now, interval);
                Duration::try_from(at.duration_since(now)).unwrap()
            })
            .collect()
    }

    #[test]
    fn a_single_feed_is_asked_at_once() {
        assert_eq!(delays(1, Duration::from_secs(900)), [Duration::ZERO]);
    }

    #[test]
    fn a_short_list_is_asked_within_a_second() {
        assert!(delays(40, Duration::from_secs(900)).iter().all(|delay| delay.as_millis() < 1000));
    }

    #[test]
    fn a_long_list_is_spread_evenly_over_one_interval_at_most() {
        let interval = Duration::from_secs(100);
        let delays = delays(10_000, interval);
        let mut seconds = [0; 100];
        for delay in delays {
            seconds[delay.as_secs() as usize] += 1;
        }
        assert!(seconds.iter().all(|polls| (50..200).contains(polls)), "{seconds:?}");
    }
}
