//! Whether the daemon moves, and whether what it writes arrives.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

/// Longest time without progress of a daemon that lives: above one commit at its time-out (30 s)
/// behind one restore step, below what a person waits.
pub const STALL_MAX: Duration = Duration::from_secs(120);

/// What the daemon knows of its own state; shared by the one that works and those that ask.
#[derive(Debug)]
pub struct Health {
    restored: AtomicBool,
    stopping: AtomicBool,
    /// Milliseconds since the epoch.
    progress: AtomicI64,
    /// Milliseconds since the epoch; 0 before the first.
    committed: AtomicI64,
    /// Why the start has to wait, or the last commit failed, if so.
    failure: Mutex<Option<String>>,
}

impl Health {
    /// Returns the health of a daemon that starts now.
    pub fn new(now: Timestamp) -> Self {
        Self {
            restored: AtomicBool::new(false),
            stopping: AtomicBool::new(false),
            progress: AtomicI64::new(now.as_millisecond()),
            committed: AtomicI64::new(0),
            failure: Mutex::new(None),
        }
    }

    /// Feed state is read back: from here on the daemon polls.
    pub fn restored(&self) {
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.restored.store(true, Ordering::Release);
    }

    /// The loop came round; called at least once a minute, work or not.
    pub fn progress(&self, now: Timestamp) {
        self.progress.fetch_max(now.as_millisecond(), Ordering::AcqRel);
    }

    /// A commit arrived. This is progress too.
    pub fn committed(&self, now: Timestamp) {
        self.progress(now);
        self.committed.store(now.as_millisecond(), Ordering::Release);
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// A commit did not arrive, or the start did not get on, for that reason; it is tried again.
    pub fn failed(&self, why: impl Into<String>) {
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(why.into());
    }

    /// The daemon drains and stops.
    pub fn stopping(&self) {
        self.stopping.store(true, Ordering::Release);
    }

    /// Returns when the last commit arrived.
    pub fn last_commit(&self) -> Option<Timestamp> {
        match self.committed.load(Ordering::Acquire) {
            0 => None,
            millis => Timestamp::from_millisecond(millis).ok(),
        }
    }

    /// Returns whether the loop still comes round.
    ///
    /// # Errors
    /// Why it does not, as a sentence.
    pub fn live(&self, now: Timestamp) -> Result<(), String> {
        let idle = now.as_millisecond().saturating_sub(self.progress.load(Ordering::Acquire));
        let idle = Duration::from_millis(u64::try_from(idle).unwrap_or(0));
        if idle > STALL_MAX {
            return Err(format!("no progress for {} s", idle.as_secs()));
        }
        Ok(())
    }

    /// Returns whether events get through: state restored, last commit fine, not stopping.
    ///
    /// # Errors
    /// Why they do not, as a sentence.
    pub fn ready(&self, now: Timestamp) -> Result<(), String> {
        self.live(now)?;
        if self.stopping.load(Ordering::Acquire) {
            return Err("stopping".to_owned());
        }
        let restored = self.restored.load(Ordering::Acquire);
        match &*self.failure.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(why) if restored => Err(format!("the last commit failed: {why}")),
            Some(why) => Err(format!("not started yet: {why}")),
            None if restored => Ok(()),
            None => Err("feed state is being restored".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    #[test]
    fn a_daemon_is_ready_from_restore_to_stop_while_commits_arrive() {
        let health = Health::new(at(0));
        assert_eq!(health.ready(at(1)).unwrap_err(), "feed state is being restored");
        assert_eq!(health.live(at(1)), Ok(()));
        health.failed("broker away");
        assert_eq!(health.ready(at(1)).unwrap_err(), "not started yet: broker away");
        health.restored();
        assert_eq!(health.ready(at(2)), Ok(()));
        health.failed("broker away");
        assert_eq!(health.ready(at(3)).unwrap_err(), "the last commit failed: broker away");
        assert_eq!(health.last_commit(), None);
        health.committed(at(4));
        assert_eq!(health.ready(at(5)), Ok(()));
        assert_eq!(health.last_commit(), Some(at(4)));
        health.stopping();
        assert_eq!(health.ready(at(6)).unwrap_err(), "stopping");
        assert_eq!(health.live(at(6)), Ok(()));
    }

    #[test]
    fn a_loop_that_stands_still_is_not_live() {
        let health = Health::new(at(0));
        health.restored();
        assert_eq!(health.live(at(120)), Ok(()));
        assert_eq!(health.live(at(121)).unwrap_err(), "no progress for 121 s");
        assert!(health.ready(at(121)).is_err());
        health.progress(at(121));
        assert_eq!(health.ready(at(200)), Ok(()));
        // A clock that is set back is no progress undone.
        health.progress(at(10));
        assert_eq!(health.live(at(200)), Ok(()));
    }
}
