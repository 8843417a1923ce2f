//! What librdkafka's clients say: kept for errors and health, told to `tracing` a little at a time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::ConsumerContext;
use rdkafka::error::KafkaError as RdError;
use rdkafka::types::RDKafkaErrorCode;
use tracing::{debug, error, info, warn};

/// At most one line of each sort in this time: a broker that is gone is told of, not drummed.
const QUIET: Duration = Duration::from_secs(10);

/// Locks, also after a panic elsewhere: what is kept here stays right line by line.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What librdkafka's clients said and did.
#[derive(Debug, Default)]
pub(super) struct Heard {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    trouble: Option<String>,
    down: bool,
    rejected: bool,
    acknowledged: Option<Instant>,
    told: HashMap<String, Told>,
}

#[derive(Debug)]
struct Told {
    at: Instant,
    left_out: u32,
}

impl Heard {
    /// Returns the last trouble since the last success.
    pub(super) fn last(&self) -> Option<String> {
        lock(&self.state).trouble.clone()
    }

    /// Returns when a broker last acknowledged anything.
    pub(super) fn acknowledged(&self) -> Option<Instant> {
        lock(&self.state).acknowledged
    }

    /// Returns whether the cluster was last seen out of reach.
    pub(super) fn is_down(&self) -> bool {
        lock(&self.state).down
    }

    /// Returns whether a broker answered, and does not let us in.
    pub(super) fn is_rejected(&self) -> bool {
        lock(&self.state).rejected
    }

    /// Notes that a broker acknowledged something or answered.
    pub(super) fn success(&self, now: Instant) {
        let mut state = lock(&self.state);
        state.down = false;
        state.rejected = false;
        state.trouble = None;
        state.acknowledged = Some(now);
    }

    /// Notes that the cluster does not do what it was asked for.
    pub(super) fn failure(&self, trouble: Option<String>) {
        let mut state = lock(&self.state);
        state.down = true;
        if trouble.is_some() {
            state.trouble = trouble;
        }
    }

    /// Returns whether a line of this sort may be told now, and how many were left out before it.
    fn admits(&self, sort: &str, now: Instant) -> Option<u32> {
        let told = &mut lock(&self.state).told;
        match told.get_mut(sort) {
            Some(last) if now.duration_since(last.at) < QUIET => {
                last.left_out += 1;
                None
            }
            Some(last) => {
                let left_out = last.left_out;
                *last = Told { at: now, left_out: 0 };
                Some(left_out)
            }
            None => {
                told.insert(sort.to_owned(), Told { at: now, left_out: 0 });
                Some(0)
            }
        }
    }
}

/// What librdkafka calls back: logs and errors go to `tracing`, a few of each sort.
#[derive(Clone, Debug)]
pub(super) struct Context {
    pub(super) heard: Arc<Heard>,
}

impl ClientContext for Context {
    fn log(&self, level: RDKafkaLogLevel, sort: &str, line: &str) {
        use RDKafkaLogLevel as Level;
        // A producer's setting is none of a consumer's; the same map serves both.
        if sort == "CONFWARN" {
            return debug!(sort, "librdkafka: {line}");
        }
        let Some(left_out) = self.heard.admits(sort, Instant::now()) else {
            return;
        };
        match level {
            Level::Emerg | Level::Alert | Level::Critical => {
                error!(sort, left_out, "librdkafka: {line}");
            }
            Level::Error | Level::Warning => warn!(sort, left_out, "librdkafka: {line}"),
            Level::Notice => info!(sort, left_out, "librdkafka: {line}"),
            Level::Info | Level::Debug => debug!(sort, left_out, "librdkafka: {line}"),
        }
    }

    fn error(&self, error: RdError, reason: &str) {
        let code = error.rdkafka_error_code();
        // An end that a reader asked to be told of comes this way too.
        if code == Some(RDKafkaErrorCode::PartitionEOF) {
            return;
        }
        {
            let mut state = lock(&self.heard.state);
            match code {
                // Says nothing that the error before it did not say better.
                Some(RDKafkaErrorCode::AllBrokersDown) => state.down = true,
                Some(RDKafkaErrorCode::Authentication | RDKafkaErrorCode::SSL) => {
                    state.down = true;
                    state.rejected = true;
                    state.trouble = Some(reason.to_owned());
                }
                _ => state.trouble = Some(reason.to_owned()),
            }
        }
        let sort = code.map_or_else(String::new, |code| format!("{code:?}"));
        if let Some(left_out) = self.heard.admits(&sort, Instant::now()) {
            warn!(sort, left_out, "librdkafka: {reason}");
        }
    }
}

impl ConsumerContext for Context {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sort_of_line_is_told_once_in_a_while() {
        let heard = Heard::default();
        let start = Instant::now();
        assert_eq!(heard.admits("FAIL", start), Some(0));
        assert_eq!(heard.admits("FAIL", start + QUIET / 2), None);
        assert_eq!(heard.admits("REQTMOUT", start + QUIET / 2), Some(0));
        assert_eq!(heard.admits("FAIL", start + QUIET / 2), None);
        assert_eq!(heard.admits("FAIL", start + QUIET), Some(2));
        assert_eq!(heard.admits("FAIL", start + 2 * QUIET), Some(0));
    }
}
