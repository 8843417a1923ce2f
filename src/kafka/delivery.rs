//! One wave of records on their way: how many are not yet acknowledged, and what failed first.

use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use rdkafka::error::RDKafkaErrorCode;
use rdkafka::message::{DeliveryResult, Message as _};
use rdkafka::producer::ProducerContext;

use super::heard::{Context, lock};

/// The first record of a wave that was not written.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub(super) topic: String,
    pub(super) key: String,
    /// Of its value.
    pub(super) bytes: usize,
    pub(super) code: RDKafkaErrorCode,
}

/// Records that were handed to librdkafka together; shared with its callbacks.
#[derive(Debug, Default)]
pub(super) struct Wave {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    outstanding: usize,
    failed: usize,
    first: Option<Failure>,
    /// Somebody waits for room, so that each record that settles matters, not the last alone.
    crowded: bool,
}

impl Wave {
    /// Counts a record in, before it is sent.
    pub(super) fn enter(&self) {
        lock(&self.state).outstanding += 1;
    }

    /// Counts a record out that librdkafka did not take.
    pub(super) fn withdraw(&self) {
        lock(&self.state).outstanding -= 1;
    }

    fn settle(&self, failure: Option<Failure>) {
        let mut state = lock(&self.state);
        state.outstanding -= 1;
        if let Some(failure) = failure {
            state.failed += 1;
            // What was purged or timed out because of another failure does not explain it.
            let better = state.first.as_ref().is_none_or(|first| is_echo(first.code));
            if better {
                state.first = Some(failure);
            }
        }
        if state.outstanding == 0 || state.crowded {
            drop(state);
            self.changed.notify_all();
        }
    }

    /// Waits until nothing is outstanding or the deadline passes; returns how many still are.
    pub(super) fn settled(&self, deadline: Instant) -> usize {
        let mut state = lock(&self.state);
        while state.outstanding > 0 {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            state = match self.changed.wait_timeout(state, left) {
                Ok((state, _)) => state,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
        state.outstanding
    }

    /// Waits until a record settles, at most so long: librdkafka's queue has room again then.
    pub(super) fn room(&self, at_most: Duration) {
        let mut state = lock(&self.state);
        let before = state.outstanding;
        state.crowded = true;
        if let Ok((mut state, _)) =
            self.changed.wait_timeout_while(state, at_most, |now| now.outstanding >= before)
        {
            state.crowded = false;
        }
    }

    /// Returns how many failed, and the first that tells why.
    pub(super) fn failures(&self) -> (usize, Option<Failure>) {
        let state = lock(&self.state);
        (state.failed, state.first.clone())
    }
}

/// Whether a code only repeats that something else went wrong.
fn is_echo(code: RDKafkaErrorCode) -> bool {
    use RDKafkaErrorCode as Code;
    matches!(code, Code::PurgeQueue | Code::PurgeInflight | Code::MessageTimedOut | Code::Fatal)
}

impl ProducerContext for Context {
    type DeliveryOpaque = Arc<Wave>;

    fn delivery(&self, result: &DeliveryResult<'_>, wave: Arc<Wave>) {
        match result {
            Ok(_) => {
                self.heard.success(Instant::now());
                wave.settle(None);
            }
            Err((error, message)) => {
                let code = error.rdkafka_error_code().unwrap_or(RDKafkaErrorCode::Unknown);
                wave.settle(Some(Failure {
                    topic: message.topic().to_owned(),
                    key: String::from_utf8_lossy(message.key().unwrap_or_default()).into_owned(),
                    bytes: message.payload_len(),
                    code,
                }));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    fn failure(code: RDKafkaErrorCode) -> Option<Failure> {
        Some(Failure { topic: String::new(), key: String::new(), bytes: 0, code })
    }

    #[test]
    fn a_wave_is_settled_when_the_last_record_is() {
        let wave = Arc::new(Wave::default());
        wave.enter();
        wave.enter();
        assert_eq!(wave.settled(Instant::now()), 2);
        let other = Arc::clone(&wave);
        let settling = thread::spawn(move || {
            other.settle(None);
            other.settle(None);
        });
        assert_eq!(wave.settled(Instant::now() + Duration::from_secs(60)), 0);
        settling.join().unwrap();
        assert_eq!(wave.failures().0, 0);
    }

    #[test]
    fn the_failure_that_explains_the_others_is_kept() {
        let wave = Wave::default();
        for code in [
            RDKafkaErrorCode::PurgeQueue,
            RDKafkaErrorCode::TopicAuthorizationFailed,
            RDKafkaErrorCode::MessageTimedOut,
        ] {
            wave.enter();
            wave.settle(failure(code));
        }
        let (failed, first) = wave.failures();
        assert_eq!(failed, 3);
        assert_eq!(first.unwrap().code, RDKafkaErrorCode::TopicAuthorizationFailed);
    }
}
