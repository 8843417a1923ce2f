//! The metrics, all named here: `borderwire_<noun>_<unit>`, with labels of few values.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::message::Topic;
use crate::novelty::Novelty;

/// Upper bounds of durations from a commit on the journal (1 ms) to a poll at its time-out (60 s).
const WORK_SECONDS: [f64; 12] =
    [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 60.0, 120.0];

/// Upper bounds of the time from publication to our message: seconds to two days.
const LATENCY_SECONDS: [f64; 11] =
    [1.0, 10.0, 60.0, 300.0, 900.0, 1_800.0, 3_600.0, 10_800.0, 43_200.0, 86_400.0, 172_800.0];

/// How a poll ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PollOutcome {
    /// A body came.
    Fetched,
    /// The publisher said that nothing changed.
    NotModified,
    /// The publisher said no, by a status that is an error.
    Refused,
    /// No answer: network, time-out, limits, an address that may not be asked.
    Failed,
    /// A body came that is no feed.
    Unreadable,
}

/// What a message says of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventChange {
    /// It is told for the first time.
    Detected,
    /// It is told otherwise.
    Corrected,
    /// It is told no more.
    Retracted,
}

/// How a commit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommitOutcome {
    /// All of it is written.
    Committed,
    /// None of it counts.
    Failed,
}

impl PollOutcome {
    fn label(self) -> &'static str {
        match self {
            Self::Fetched => "fetched",
            Self::NotModified => "not_modified",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Unreadable => "unreadable",
        }
    }
}

impl EventChange {
    fn label(self) -> &'static str {
        match self {
            Self::Detected => "detected",
            Self::Corrected => "corrected",
            Self::Retracted => "retracted",
        }
    }
}

impl CommitOutcome {
    fn label(self) -> &'static str {
        match self {
            Self::Committed => "committed",
            Self::Failed => "failed",
        }
    }
}

/// Codes of dead letters that are counted apart.
const DEAD_LETTERS: &[&str] =
    &["empty-body", "feed-too-large", "html-page", "message-too-large", "not-a-feed"];

/// Counters by one label, whose values are few and all in the code.
type CounterBy = Family<[(&'static str, &'static str); 1], Counter>;

type Seconds = Gauge<f64, AtomicU64>;

/// The metrics of one daemon.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    feed_polls: CounterBy,
    feed_poll_duration: Histogram,
    entries: CounterBy,
    events_published: CounterBy,
    messages_published: CounterBy,
    commits: CounterBy,
    commit_duration: Histogram,
    dead_letters: CounterBy,
    event_latency: Histogram,
    feeds: Gauge,
    feeds_failing: Gauge,
    poll_lag: Seconds,
    journal_size: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// Returns the metrics, all at zero.
    pub fn new() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("borderwire"),
            feed_polls: CounterBy::default(),
            feed_poll_duration: Histogram::new(WORK_SECONDS),
            entries: CounterBy::default(),
            events_published: CounterBy::default(),
            messages_published: CounterBy::default(),
            commits: CounterBy::default(),
            commit_duration: Histogram::new(WORK_SECONDS),
            dead_letters: CounterBy::default(),
            event_latency: Histogram::new(LATENCY_SECONDS),
            feeds: Gauge::default(),
            feeds_failing: Gauge::default(),
            poll_lag: Seconds::default(),
            journal_size: Gauge::default(),
        };
        metrics.register();
        metrics
    }

    fn register(&mut self) {
        let names = &mut self.registry;
        // Counters get `_total`, and what has a unit gets it, when they are encoded.
        names.register("feed_polls", "Polls of feeds, by how they ended", self.feed_polls.clone());
        names.register_with_unit(
            "feed_poll_duration",
            "Time from asking a feed to the end of its body",
            Unit::Seconds,
            self.feed_poll_duration.clone(),
        );
        names.register("entries", "Entries read, by whether they were seen", self.entries.clone());
        names.register(
            "events_published",
            "Messages about events, by what they say",
            self.events_published.clone(),
        );
        names.register(
            "messages_published",
            "Messages committed, by topic",
            self.messages_published.clone(),
        );
        names.register("commits", "Commits, by how they ended", self.commits.clone());
        names.register_with_unit(
            "commit_duration",
            "Time of a commit",
            Unit::Seconds,
            self.commit_duration.clone(),
        );
        names.register("dead_letters", "What could not be read, by why", self.dead_letters.clone());
        names.register_with_unit(
            "event_latency",
            "Time from an entry's publication to the commit of its events",
            Unit::Seconds,
            self.event_latency.clone(),
        );
        names.register("feeds", "Feeds that are watched", self.feeds.clone());
        names.register("feeds_failing", "Feeds whose last poll failed", self.feeds_failing.clone());
        names.register_with_unit(
            "poll_lag",
            "How long the most overdue feed has waited for its poll",
            Unit::Seconds,
            self.poll_lag.clone(),
        );
        names.register_with_unit(
            "journal_size",
            "Size of the journal's file",
            Unit::Bytes,
            self.journal_size.clone(),
        );
    }

    /// A poll ended.
    pub fn polled(&self, outcome: PollOutcome, elapsed: Duration) {
        self.feed_polls.get_or_create(&[("outcome", outcome.label())]).inc();
        self.feed_poll_duration.observe(elapsed.as_secs_f64());
    }

    /// Entries were read.
    pub fn entries(&self, novelty: Novelty, count: u64) {
        self.entries.get_or_create(&[("novelty", novelty.as_str())]).inc_by(count);
    }

    /// Messages about events were committed.
    pub fn events_published(&self, change: EventChange, count: u64) {
        self.events_published.get_or_create(&[("change", change.label())]).inc_by(count);
    }

    /// Messages of a topic were committed.
    pub fn messages_published(&self, topic: Topic, count: u64) {
        self.messages_published.get_or_create(&[("topic", topic.name())]).inc_by(count);
    }

    /// A commit ended.
    pub fn committed(&self, outcome: CommitOutcome, elapsed: Duration) {
        self.commits.get_or_create(&[("outcome", outcome.label())]).inc();
        self.commit_duration.observe(elapsed.as_secs_f64());
    }

    /// Something could not be read, or not be published; a code that is none of ours counts as
    /// `other`, so that the labels stay few.
    pub fn dead_letter(&self, code: &str) {
        let code = DEAD_LETTERS.iter().find(|known| **known == code).unwrap_or(&"other");
        self.dead_letters.get_or_create(&[("code", code)]).inc();
    }

    /// Events of an entry were committed that long after its publication.
    pub fn event_latency(&self, latency: Duration) {
        self.event_latency.observe(latency.as_secs_f64());
    }

    /// So many feeds are watched, and so many of them failed last.
    pub fn feeds(&self, watched: usize, failing: usize) {
        self.feeds.set(i64::try_from(watched).unwrap_or(i64::MAX));
        self.feeds_failing.set(i64::try_from(failing).unwrap_or(i64::MAX));
    }

    /// The most overdue feed has waited that long.
    pub fn poll_lag(&self, lag: Duration) {
        self.poll_lag.set(lag.as_secs_f64());
    }

    /// The journal's file has that many bytes.
    pub fn journal_bytes(&self, bytes: u64) {
        self.journal_size.set(i64::try_from(bytes).unwrap_or(i64::MAX));
    }

    /// Returns all of them in the text format of OpenMetrics 1.0.
    pub fn encode(&self) -> String {
        let mut text = String::new();
        // Writing to a string fails only if a metric's own encoding does, and ours have none.
        let _ = prometheus_client::encoding::text::encode(&mut text, &self.registry);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_are_those_of_the_documentation() {
        let metrics = Metrics::new();
        metrics.polled(PollOutcome::NotModified, Duration::from_millis(20));
        metrics.entries(Novelty::New, 3);
        metrics.events_published(EventChange::Detected, 2);
        metrics.messages_published(Topic::Events, 2);
        metrics.committed(CommitOutcome::Committed, Duration::from_millis(2));
        metrics.dead_letter("html-page");
        metrics.event_latency(Duration::from_secs(30));
        metrics.feeds(40, 2);
        metrics.poll_lag(Duration::from_millis(1500));
        metrics.journal_bytes(4096);
        let text = metrics.encode();
        for line in [
            "borderwire_feed_polls_total{outcome=\"not_modified\"} 1",
            "borderwire_feed_poll_duration_seconds_count 1",
            "borderwire_entries_total{novelty=\"new\"} 3",
            "borderwire_events_published_total{change=\"detected\"} 2",
            "borderwire_messages_published_total{topic=\"borderwire.events.v1\"} 2",
            "borderwire_commits_total{outcome=\"committed\"} 1",
            "borderwire_commit_duration_seconds_bucket{le=\"0.003\"} 1",
            "borderwire_dead_letters_total{code=\"html-page\"} 1",
            "borderwire_event_latency_seconds_bucket{le=\"60.0\"} 1",
            "borderwire_feeds 40",
            "borderwire_feeds_failing 2",
            "borderwire_poll_lag_seconds 1.5",
            "borderwire_journal_size_bytes 4096",
            "# EOF",
        ] {
            assert!(text.lines().any(|known| known == line), "{line}\n{text}");
        }
    }
}
