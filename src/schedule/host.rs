//! How many feeds of one host are asked at once, and when a host wants to be left alone.

use std::collections::{HashMap, VecDeque};

use jiff::Timestamp;

use crate::feed::FeedId;

/// Whether a feed may be asked now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Ask it, and call [`HostLimits::leave`] when the answer is there, whatever it is.
    Entered,
    /// As many as may are asking; [`HostLimits::leave`] gives it back when its turn has come.
    Waiting,
    /// The host wants to be left alone until then: put it back into the queue.
    NotBefore(Timestamp),
}

/// Who is asking which host, and who waits for it.
#[derive(Clone, Debug)]
pub struct HostLimits {
    at_once_max: usize,
    hosts: HashMap<Box<str>, Host>,
}

/// One host, kept while somebody asks it or waits for it, or it wants to be left alone.
#[derive(Clone, Debug, Default)]
struct Host {
    inside: usize,
    waiting: VecDeque<FeedId>,
    held_until: Option<Timestamp>,
}

impl HostLimits {
    /// Returns limits of so many requests to one host at once, at least one.
    pub fn new(at_once_max: usize) -> Self {
        Self { at_once_max: at_once_max.max(1), hosts: HashMap::new() }
    }

    /// Asks for a place at the host, or for one in its line.
    pub fn enter(&mut self, host: &str, feed: FeedId, now: Timestamp) -> Admission {
        let entry = self.hosts.entry(host.into()).or_default();
        if let Some(until) = entry.held_until {
            if now < until {
                return Admission::NotBefore(until);
            }
            entry.held_until = None;
        }
        if entry.inside < self.at_once_max {
            entry.inside += 1;
            return Admission::Entered;
        }
        entry.waiting.push_back(feed);
        Admission::Waiting
    }

    /// Gives a place back; returns the feed that has entered in its stead and is to be asked now.
    #[must_use = "the feed that is returned holds a place"]
    pub fn leave(&mut self, host: &str) -> Option<FeedId> {
        let entry = self.hosts.get_mut(host)?;
        if let Some(next) = entry.waiting.pop_front() {
            return Some(next);
        }
        entry.inside = entry.inside.saturating_sub(1);
        if entry.inside == 0 && entry.held_until.is_none() {
            self.hosts.remove(host);
        }
        None
    }

    /// Leaves the host alone until then, or longer where that was said before (`Retry-After` of
    /// one feed counts for all of its host). Returns the feeds that waited: they go back into the
    /// queue, at that time.
    #[must_use = "the feeds that are returned wait nowhere else"]
    pub fn hold(&mut self, host: &str, until: Timestamp) -> Vec<FeedId> {
        let entry = self.hosts.entry(host.into()).or_default();
        entry.held_until = entry.held_until.max(Some(until));
        entry.waiting.drain(..).collect()
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
    fn no_more_than_allowed_enter_and_the_next_follows_who_leaves() {
        let mut limits = HostLimits::new(2);
        assert_eq!(limits.enter("a.example", feed(1), at(0)), Admission::Entered);
        assert_eq!(limits.enter("a.example", feed(2), at(0)), Admission::Entered);
        assert_eq!(limits.enter("a.example", feed(3), at(0)), Admission::Waiting);
        assert_eq!(limits.enter("a.example", feed(4), at(0)), Admission::Waiting);
        assert_eq!(limits.enter("b.example", feed(5), at(0)), Admission::Entered);
        assert_eq!(limits.leave("a.example"), Some(feed(3)));
        assert_eq!(limits.leave("a.example"), Some(feed(4)));
        assert_eq!(limits.leave("a.example"), None);
        assert_eq!(limits.enter("a.example", feed(6), at(0)), Admission::Entered);
    }

    #[test]
    fn a_host_that_wants_to_be_left_alone_is() {
        let mut limits = HostLimits::new(1);
        assert_eq!(limits.enter("a.example", feed(1), at(0)), Admission::Entered);
        assert_eq!(limits.enter("a.example", feed(2), at(0)), Admission::Waiting);
        assert_eq!(limits.hold("a.example", at(60)), [feed(2)]);
        assert_eq!(limits.hold("a.example", at(30)), []);
        assert_eq!(limits.leave("a.example"), None);
        assert_eq!(limits.enter("a.example", feed(2), at(59)), Admission::NotBefore(at(60)));
        assert_eq!(limits.enter("a.example", feed(2), at(60)), Admission::Entered);
    }

    #[test]
    fn a_quiet_host_is_forgotten() {
        let mut limits = HostLimits::new(1);
        for second in 0..1000 {
            let host = format!("{second}.example");
            assert_eq!(limits.enter(&host, feed(1), at(second)), Admission::Entered);
            assert_eq!(limits.leave(&host), None);
        }
        assert!(limits.hosts.is_empty());
    }

    #[test]
    fn leaving_a_host_that_nobody_entered_changes_nothing() {
        let mut limits = HostLimits::new(1);
        assert_eq!(limits.leave("a.example"), None);
        assert_eq!(limits.enter("a.example", feed(1), at(0)), Admission::Entered);
    }
}
