//! Which feed is due next.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;

use crate::feed::FeedId;

/// Feeds in the order of the time at which they are due; one slot for each.
///
/// A feed costs some 100 bytes here, and no task, so that one process holds 100,000.
#[derive(Clone, Debug, Default)]
pub struct DueQueue {
    slots: BTreeSet<(Timestamp, FeedId)>,
    times: HashMap<FeedId, Timestamp>,
}

impl DueQueue {
    /// Puts the feed in its place, and out of an earlier one.
    pub fn push(&mut self, feed: FeedId, at: Timestamp) {
        if let Some(before) = self.times.insert(feed, at) {
            self.slots.remove(&(before, feed));
        }
        self.slots.insert((at, feed));
    }

    /// Takes out the feed that is due longest, `None` while none is.
    pub fn pop_due(&mut self, now: Timestamp) -> Option<FeedId> {
        if self.next_at()? > now {
            return None;
        }
        let (_, feed) = self.slots.pop_first()?;
        self.times.remove(&feed);
        Some(feed)
    }

    /// Takes out the feed, due or not; returns the time that it had.
    pub fn remove(&mut self, feed: FeedId) -> Option<Timestamp> {
        let at = self.times.remove(&feed)?;
        self.slots.remove(&(at, feed));
        Some(at)
    }

    /// Returns when the next feed is due, `None` where there is none.
    pub fn next_at(&self) -> Option<Timestamp> {
        self.slots.first().map(|(at, _)| *at)
    }

    /// Returns how many feeds wait.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Returns whether none waits.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn feed(number: u128) -> FeedId {
        FeedId::from(Uuid::from_u128(number))
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn feeds_come_out_in_order_and_not_before_their_time() {
        let mut queue = DueQueue::default();
        for (number, second) in [(1, 30), (2, 10), (3, 20), (4, 20)] {
            queue.push(feed(number), at(second));
        }
        assert_eq!(queue.next_at(), Some(at(10)));
        assert_eq!(queue.pop_due(at(9)), None);
        assert_eq!(queue.pop_due(at(20)), Some(feed(2)));
        assert_eq!(queue.pop_due(at(20)), Some(feed(3)));
        assert_eq!(queue.pop_due(at(20)), Some(feed(4)));
        assert_eq!(queue.pop_due(at(20)), None);
        assert_eq!(queue.len(), 1);
        assert_eq!(queue.pop_due(at(99)), Some(feed(1)));
        assert!(queue.is_empty());
        assert_eq!(queue.next_at(), None);
    }

    #[test]
    fn a_new_time_replaces_the_old_one() {
        let mut queue = DueQueue::default();
        queue.push(feed(1), at(10));
        queue.push(feed(1), at(50));
        assert_eq!(queue.len(), 1);
        assert_eq!(queue.pop_due(at(20)), None);
        queue.push(feed(1), at(5));
        assert_eq!(queue.pop_due(at(20)), Some(feed(1)));
        assert_eq!(queue.pop_due(at(99)), None);
    }

    #[test]
    fn a_removed_feed_does_not_come() {
        let mut queue = DueQueue::default();
        queue.push(feed(1), at(10));
        assert_eq!(queue.remove(feed(1)), Some(at(10)));
        assert_eq!(queue.remove(feed(1)), None);
        assert_eq!(queue.pop_due(at(99)), None);
    }

    #[test]
    fn a_hundred_thousand_feeds_leave_nothing_behind_when_they_move() {
        let mut queue = DueQueue::default();
        for round in 0..3 {
            for number in 0..100_000_u32 {
                let mixed = i64::from(number.wrapping_mul(2_654_435_761) >> 8);
                queue.push(feed(number.into()), at(mixed + round));
            }
        }
        assert_eq!((queue.len(), queue.times.len()), (100_000, 100_000));
        let mut last = Timestamp::MIN;
        while let Some(next) = queue.next_at() {
            assert!(last <= next);
            last = next;
            assert!(queue.pop_due(next).is_some());
        }
        assert!(queue.times.is_empty());
    }
}
