//! One poll of one feed: ask, then absorb off the event loop.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::absorb::{Absorbed, Ending, Polled, absorb};
use super::state::FeedState;
use crate::clock;
use crate::feed::Feed;
use crate::fetch::{Client, Request};
use crate::message::{ErrorBody, Topic};
use crate::novelty::Novelty;
use crate::parser::Parser;
use crate::schedule::{self, Policy, Severity};
use crate::telemetry::{self, Metrics, PollOutcome};

/// What a poll gave.
#[derive(Debug)]
pub(super) struct Poll {
    pub(super) absorbed: Absorbed,
    /// From the first look-up to the last byte.
    pub(super) elapsed: Duration,
    /// The host asked for quiet until then.
    pub(super) host_held_until: Option<Timestamp>,
}

/// Polls the feed.
///
/// # Panics
/// As the parser does; the caller contains it by [`panicked`].
pub(super) async fn poll(
    client: Client,
    feed: Arc<Feed>,
    state: Arc<FeedState>,
    parser: Arc<Parser>,
    policy: Policy,
) -> Poll {
    let request = Request {
        url: feed.url.clone(),
        etag: state.etag.clone(),
        last_modified: state.last_modified.clone(),
    };
    let started = tokio::time::Instant::now();
    let answer = client.get(&request).await;
    let elapsed = started.elapsed();
    let mut host_held_until = None;
    let polled = match answer {
        Ok(fetched) => {
            let capture = fetched.capture;
            let held = schedule::retry_after(&capture);
            // One feed's answer quiets its whole host, but not beyond what is granted to a feed.
            let held = held.map(|wait| wait.min(policy.interval_max));
            host_held_until = held.and_then(|wait| capture.captured_at.checked_add(wait).ok());
            Polled::Answered(capture)
        }
        Err(error) => {
            let detail = telemetry::chain(&error);
            let severity = if error.is_temporary() { Severity::Soft } else { Severity::Hard };
            Polled::Failed {
                at: clock::now(),
                error: ErrorBody { code: error.code().to_owned(), detail },
                severity,
            }
        }
    };
    let jitter = clock::chance();
    let absorbing = tokio::task::spawn_blocking(move || {
        absorb(&feed, &state, &parser, &policy, &polled, jitter)
    });
    match absorbing.await {
        Ok(absorbed) => Poll { absorbed, elapsed, host_held_until },
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(cancelled) => std::panic::resume_unwind(Box::new(cancelled)),
        },
    }
}

/// Returns the poll of a feed whose capture made the program panic: that capture's failure, and
/// nobody else's.
pub(super) fn panicked(feed: &Feed, state: &FeedState, parser: &Parser, policy: &Policy) -> Poll {
    let error = ErrorBody {
        code: "panic".to_owned(),
        detail:
            "reading this feed's answer ran into a defect of borderwire; please report the feed"
                .to_owned(),
    };
    let polled = Polled::Failed { at: clock::now(), error, severity: Severity::Hard };
    let absorbed = absorb(feed, state, parser, policy, &polled, clock::chance());
    Poll { absorbed, elapsed: Duration::ZERO, host_held_until: None }
}

/// Logs and counts a poll.
pub(super) fn report(feed: &Feed, poll: &Poll, metrics: &Metrics) {
    let absorbed = &poll.absorbed;
    let tally = absorbed.tally;
    let outcome = match absorbed.ending {
        Ending::Changed | Ending::Unchanged => PollOutcome::Fetched,
        Ending::NotModified => PollOutcome::NotModified,
        Ending::Unreadable => PollOutcome::Unreadable,
        Ending::Refused => PollOutcome::Refused,
        Ending::Failed => PollOutcome::Failed,
    };
    metrics.polled(outcome, poll.elapsed);
    metrics.entries(Novelty::New, tally.new.into());
    metrics.entries(Novelty::Changed, tally.changed.into());
    metrics.entries(Novelty::Known, tally.known.into());
    if absorbed.batch.messages.iter().any(|message| message.topic == Topic::DeadLetters) {
        // Without an error of the whole it is a message of it that was too large.
        let code = absorbed.error.as_ref().map_or("message-too-large", |error| &error.code);
        metrics.dead_letter(code);
    }
    let elapsed_ms = poll.elapsed.as_millis() as u64;
    let (url, next, why) = (feed.url.as_str(), absorbed.next_poll_at, &absorbed.why);
    match &absorbed.error {
        // The first failure is worth a person's look; the back-off that follows is not news.
        Some(error) if absorbed.state.pace.failures == 1 => {
            tracing::warn!(
                feed = url, code = error.code, error = error.detail, %next, %why, "feed failing"
            );
        }
        Some(error) => {
            tracing::debug!(
                feed = url, code = error.code, error = error.detail, %next, %why, elapsed_ms, "poll failed"
            );
        }
        None => {
            tracing::debug!(
                feed = url,
                outcome = ?absorbed.ending,
                new = tally.new,
                changed = tally.changed,
                events = tally.detected + tally.corrected + tally.retracted,
                %next,
                %why,
                elapsed_ms,
                "polled"
            );
        }
    }
}
