//! A shard: some feeds with one owner, who restores, polls and commits them.
//!
//! The loop holds all feeds and their states. What is due is polled by a task of its own (fetch,
//! then [`absorb`] off the event loop); what that gives goes to the thread that commits; only when
//! it is stored does the loop take over the new state and put the feed back into the queue. So a
//! feed is in one place at a time, nothing is forgotten by a crash, and nothing is told twice.

mod absorb;
mod committer;
mod digest;
mod poll;
mod restore;
mod state;

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::task::JoinSet;

pub use self::absorb::{Absorbed, Ending, Polled, absorb};
use self::committer::{Committer, Work};
pub use self::digest::{Digest, Tally, digest};
use self::poll::Poll;
pub use self::restore::{RestoreError, feeds_of_topic, restore};
pub use self::state::{FeedState, StateError};
use crate::clock;
use crate::commit::{Commit, CommitError};
use crate::feed::{Feed, FeedId};
use crate::fetch::Client;
use crate::parser::Parser;
use crate::schedule::{self, Admission, DueQueue, HostLimits, Policy};
use crate::telemetry::{Health, Metrics};

/// How long polls that are under way may go on when told to stop.
const POLLS_DRAIN: Duration = Duration::from_secs(5);

/// How long what they gave may take to be stored then. With [`POLLS_DRAIN`], and one commit under way
/// that has to end, within the minute that `deploy/borderwire.service` grants.
const COMMITS_DRAIN: Duration = Duration::from_secs(20);

/// Longest sleep of the loop: it tells that it lives at least this often.
const TICK: Duration = Duration::from_secs(1);

/// What a shard works with.
#[derive(Debug)]
pub struct Parts {
    /// The feeds that it owns.
    pub feeds: Vec<Feed>,
    /// What was committed of them.
    pub states: HashMap<FeedId, FeedState>,
    /// Asks them.
    pub client: Client,
    /// Reads what they say.
    pub parser: Arc<Parser>,
    /// When they are asked.
    pub policy: Policy,
    /// Feeds polled at once.
    pub feeds_at_once_max: usize,
    /// Requests to one host at once.
    pub host_at_once_max: usize,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// What is told of life and progress.
    pub health: Arc<Health>,
}

/// Polls and commits until told to stop, then finishes what is under way.
///
/// # Errors
/// The commit that had to be given up, after the drain's deadline.
pub async fn run(
    parts: Parts,
    commit: Box<dyn Commit>,
    stop: impl Future<Output = ()>,
) -> Result<(), CommitError> {
    let committer = Committer::start(commit, Arc::clone(&parts.metrics), Arc::clone(&parts.health));
    let mut shard = Shard::new(parts, committer.expect("the system starts one more thread"));
    let mut stop = std::pin::pin!(stop);
    loop {
        shard.start_what_is_due();
        shard.observe();
        let nap = shard.nap();
        tokio::select! {
            () = &mut stop => break,
            Some(polled) = shard.polls.join_next_with_id() => shard.polled(polled),
            settled = shard.committer.settled() => match settled {
                Some(feed) => shard.settle(feed),
                None => break, // the thread ended, which only an error does: drain tells which
            },
            () = tokio::time::sleep(nap) => {}
        }
    }
    shard.drain().await
}

/// A feed and where it is in the cycle.
#[derive(Debug)]
struct Slot {
    feed: Arc<Feed>,
    state: Arc<FeedState>,
    /// The state to take over, and when to poll next, once its commit is stored.
    pending: Option<(FeedState, Timestamp)>,
}

impl Slot {
    /// Whose limits count for it.
    fn host(&self) -> String {
        self.feed.url.host_str().unwrap_or_default().to_owned()
    }
}

struct Shard {
    slots: HashMap<FeedId, Slot>,
    queue: DueQueue,
    hosts: HostLimits,
    polls: JoinSet<Poll>,
    polling: HashMap<tokio::task::Id, FeedId>,
    committer: Committer,
    /// Feeds being polled or committed.
    under_way: usize,
    /// Feeds whose last poll failed.
    failing: usize,
    /// No poll is begun any more.
    stopping: bool,
    parts: Shared,
}

/// What outlives the start.
struct Shared {
    client: Client,
    parser: Arc<Parser>,
    policy: Policy,
    feeds_at_once_max: usize,
    metrics: Arc<Metrics>,
    health: Arc<Health>,
}

impl Shard {
    fn new(parts: Parts, committer: Committer) -> Self {
        let now = clock::now();
        let mut queue = DueQueue::default();
        let mut states = parts.states;
        let count = parts.feeds.len();
        let mut failing = 0;
        let mut slots = HashMap::with_capacity(parts.feeds.len());
        for feed in parts.feeds {
            let state = states.remove(&feed.id).unwrap_or_default();
            let first = schedule::first_poll_at(feed.id, count, now, parts.policy.interval);
            // A time that no policy gives was written by a clock that stood wrong.
            let latest = now.checked_add(parts.policy.interval_max).unwrap_or(Timestamp::MAX);
            let planned = state.pace.next_poll_at.filter(|at| *at <= latest);
            let at = planned.map_or(first, |at| at.max(first));
            failing += usize::from(state.pace.failures > 0);
            queue.push(feed.id, at);
            let slot = Slot { feed: Arc::new(feed), state: Arc::new(state), pending: None };
            slots.insert(slot.feed.id, slot);
        }
        Self {
            slots,
            queue,
            hosts: HostLimits::new(parts.host_at_once_max),
            polls: JoinSet::new(),
            polling: HashMap::new(),
            committer,
            under_way: 0,
            failing,
            stopping: false,
            parts: Shared {
                client: parts.client,
                parser: parts.parser,
                policy: parts.policy,
                feeds_at_once_max: parts.feeds_at_once_max.max(1),
                metrics: parts.metrics,
                health: parts.health,
            },
        }
    }

    /// Starts the polls that are due, as far as the limits allow.
    fn start_what_is_due(&mut self) {
        let now = clock::now();
        while self.under_way < self.parts.feeds_at_once_max {
            let Some(feed) = self.queue.pop_due(now) else { return };
            let Some(slot) = self.slots.get(&feed) else { continue };
            match self.hosts.enter(&slot.host(), feed, now) {
                Admission::Entered => self.start(feed),
                Admission::Waiting => {}
                Admission::NotBefore(at) => self.queue.push(feed, at),
            }
        }
    }

    /// Starts one poll; the feed has its place at the host.
    fn start(&mut self, feed: FeedId) {
        let Some(slot) = self.slots.get(&feed) else { return };
        let poll = poll::poll(
            self.parts.client.clone(),
            Arc::clone(&slot.feed),
            Arc::clone(&slot.state),
            Arc::clone(&self.parts.parser),
            self.parts.policy.of(&slot.feed),
        );
        let task = self.polls.spawn(poll);
        self.polling.insert(task.id(), feed);
        self.under_way += 1;
    }

    /// Takes what a poll gave: to the committer, or straight back into the queue.
    fn polled(&mut self, polled: Result<(tokio::task::Id, Poll), tokio::task::JoinError>) {
        let (task, poll) = match polled {
            Ok((task, poll)) => (task, Some(poll)),
            Err(error) => (error.id(), None),
        };
        let Some(id) = self.polling.remove(&task) else { return };
        let Some(slot) = self.slots.get_mut(&id) else { return };
        let host = slot.host();
        let poll = poll.unwrap_or_else(|| {
            let policy = self.parts.policy.of(&slot.feed);
            poll::panicked(&slot.feed, &slot.state, &self.parts.parser, &policy)
        });
        poll::report(&slot.feed, &poll, &self.parts.metrics);
        let Absorbed { state, batch, mut next_poll_at, .. } = poll.absorbed;
        if let Some(until) = poll.host_held_until {
            // Whoever is told to wait comes after those who wait for the same host, else a host that
            // always says so would never let them ask.
            next_poll_at = next_poll_at.max(until.checked_add(TICK).unwrap_or(until));
        }
        if batch.messages.is_empty() && batch.states.is_empty() {
            self.take_over(id, state, next_poll_at);
        } else {
            slot.pending = Some((state, next_poll_at));
            self.committer.send(Work { feed: id, batch });
        }
        if let Some(until) = poll.host_held_until {
            for waiting in self.hosts.hold(&host, until) {
                self.queue.push(waiting, until);
            }
        }
        while let Some(next) = self.hosts.leave(&host) {
            if self.stopping || self.under_way >= self.parts.feeds_at_once_max {
                // Its place goes to the next in line, and at last back to the host.
                self.queue.push(next, clock::now());
            } else {
                self.start(next);
                break;
            }
        }
    }

    /// Takes over the state whose commit is stored.
    fn settle(&mut self, feed: FeedId) {
        let Some(slot) = self.slots.get_mut(&feed) else { return };
        if let Some((state, next_poll_at)) = slot.pending.take() {
            self.take_over(feed, state, next_poll_at);
        }
    }

    /// Puts a feed back into the queue with its new state.
    fn take_over(&mut self, feed: FeedId, state: FeedState, next_poll_at: Timestamp) {
        self.under_way -= 1;
        let Some(slot) = self.slots.get_mut(&feed) else { return };
        self.failing -= usize::from(slot.state.pace.failures > 0);
        self.failing += usize::from(state.pace.failures > 0);
        slot.state = Arc::new(state);
        self.queue.push(feed, next_poll_at);
    }

    /// Tells that the loop lives, and how late it is.
    fn observe(&self) {
        let now = clock::now();
        self.parts.health.progress(now);
        let late = self.queue.next_at().map_or(Duration::ZERO, |at| {
            if at < now { now.duration_since(at).unsigned_abs() } else { Duration::ZERO }
        });
        self.parts.metrics.poll_lag(late);
        self.parts.metrics.feeds(self.slots.len(), self.failing);
    }

    /// Returns how long nothing is due.
    fn nap(&self) -> Duration {
        if self.under_way >= self.parts.feeds_at_once_max {
            return TICK;
        }
        let now = clock::now();
        let until = |at: Timestamp| {
            if at > now { at.duration_since(now).unsigned_abs() } else { Duration::ZERO }
        };
        self.queue.next_at().map_or(TICK, until).min(TICK)
    }

    /// Lets polls end, then commits.
    async fn drain(mut self) -> Result<(), CommitError> {
        self.stopping = true;
        let deadline = tokio::time::Instant::now() + POLLS_DRAIN;
        while let Ok(Some(polled)) =
            tokio::time::timeout_at(deadline, self.polls.join_next_with_id()).await
        {
            self.polled(polled);
        }
        self.polls.shutdown().await;
        self.committer.drain(COMMITS_DRAIN).await
    }
}
