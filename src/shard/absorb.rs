//! A poll into the feed's next state and what is to be committed: a pure function.

use std::time::Duration;

use jiff::Timestamp;

use super::digest::{Digest, Tally, digest};
use super::state::FeedState;
use crate::capture::Capture;
use crate::feed::Feed;
use crate::message::{self, Batch, Condition, ErrorBody, FeedStatusMessage, StateRecord};
use crate::parser::Parser;
use crate::schedule::{self, Outcome, Policy, Severity, Why};

/// How often a feed's condition is told again, and its state stored, while nothing changes.
const HEARTBEAT: Duration = Duration::from_secs(60 * 60);

/// What a poll brought.
#[derive(Clone, Debug, PartialEq)]
pub enum Polled {
    /// A response, whatever its status.
    Answered(Capture),
    /// None.
    Failed {
        /// When that was clear.
        at: Timestamp,
        /// Why.
        error: ErrorBody,
        /// How likely it passes by itself.
        severity: Severity,
    },
}

/// How a poll ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// A document with something new in it.
    Changed,
    /// A document with nothing new in it.
    Unchanged,
    /// 304: nothing was sent.
    NotModified,
    /// Something that is no feed.
    Unreadable,
    /// An answer that is an error.
    Refused,
    /// No answer.
    Failed,
}

/// What a poll means.
#[derive(Clone, Debug, PartialEq)]
pub struct Absorbed {
    /// The state after it.
    pub state: FeedState,
    /// What is to be committed; empty when nothing happened that is worth it.
    pub batch: Batch,
    /// Counts.
    pub tally: Tally,
    /// What is wrong with the feed, if anything is.
    pub error: Option<ErrorBody>,
    /// How it ended.
    pub ending: Ending,
    /// When the feed is asked again.
    pub next_poll_at: Timestamp,
    /// Why then.
    pub why: Why,
}

/// Returns what a poll of a feed means. `jitter` is uniform in `[0, 1)`, drawn by the caller.
pub fn absorb(
    feed: &Feed,
    state: &FeedState,
    parser: &Parser,
    policy: &Policy,
    polled: &Polled,
    jitter: f64,
) -> Absorbed {
    let mut next = state.clone();
    let mut messages = Vec::new();
    let mut tally = Tally::default();
    let mut warnings = Vec::new();
    let (now, http_status) = match polled {
        Polled::Answered(capture) => (capture.captured_at, Some(capture.status)),
        Polled::Failed { at, .. } => (*at, None),
    };
    let mut idle = true;
    let (condition, outcome, ending, error) = match polled {
        Polled::Answered(capture) if capture.status == 304 => {
            remember_validators(&mut next, capture);
            let wish = schedule::freshness(capture, None, now);
            (Condition::Ok, Outcome::NotModified { wish }, Ending::NotModified, None)
        }
        Polled::Answered(capture) if schedule::refusal(capture).is_none() => {
            let read = digest(feed, state, parser, capture);
            let wish = schedule::freshness(capture, read.ttl_minutes, now);
            let (condition, mut outcome, ending) = verdict(&read, wish);
            if state.body == Some(read.body) {
                // It was not read again, so what the document wishes is what it wished before.
                outcome = Outcome::NotModified { wish };
            }
            if read.problem.is_some() {
                // Without validators the next answer is a body again, and not a 304 for this one.
                (next.etag, next.last_modified) = (None, None);
                next.unreadable = Some(read.body);
            } else {
                remember_validators(&mut next, capture);
                next.body = Some(read.body);
                next.unreadable = None;
                next.memory = read.memory;
            }
            messages = read.messages;
            tally = read.tally;
            warnings = read.warnings;
            idle = read.idle;
            (condition, outcome, ending, read.problem)
        }
        Polled::Answered(capture) => {
            let error = ErrorBody {
                code: format!("http-{}", capture.status),
                detail: format!("the server answered {}", capture.status),
            };
            let severity = Severity::Hard;
            let outcome = schedule::refusal(capture)
                .unwrap_or(Outcome::Failed { severity, retry_after: None });
            (Condition::Failing, outcome, Ending::Refused, Some(error))
        }
        Polled::Failed { error, severity, .. } => {
            let outcome = Outcome::Failed { severity: *severity, retry_after: None };
            (Condition::Failing, outcome, Ending::Failed, Some(error.clone()))
        }
    };
    let (pace, why) = schedule::next_poll(&state.pace, &outcome, policy, now, jitter);
    next.pace = pace;
    let next_poll_at = next.pace.next_poll_at.unwrap_or(now);
    let due = state.told_at.is_none_or(|told| now.duration_since(told).unsigned_abs() >= HEARTBEAT);
    let code = error.as_ref().map(|error| error.code.clone());
    let changed = state.condition != Some(condition) || state.error != code;
    if due || changed || condition == Condition::Gap {
        next.condition = Some(condition);
        next.error = code;
        next.told_at = Some(now);
        idle = false;
        messages.push(message::feed_status(
            feed,
            &FeedStatusMessage {
                feed_id: feed.id.uuid(),
                url: feed.url.to_string(),
                title: feed.title.clone(),
                condition,
                http_status,
                error: error.clone(),
                failures: next.pace.failures,
                entries: tally.entries,
                warnings,
                next_poll_at,
                next_poll_reason: why.to_string(),
                observed_at: now,
            },
        ));
    }
    let states = if idle {
        Vec::new()
    } else {
        vec![StateRecord { feed: feed.id, value: Some(next.to_json()) }]
    };
    let batch = Batch { messages, states };
    Absorbed { state: next, batch, tally, error, ending, next_poll_at, why }
}

/// Keeps the validators of this answer, verbatim. A 304 that repeats none keeps the old ones.
///
/// Source: RFC 9110 §15.4.5: a 304 carries the validators that a 200 would have.
fn remember_validators(state: &mut FeedState, capture: &Capture) {
    let field = |name| capture.header(name).map(str::to_owned);
    if capture.status == 304 {
        state.etag = field("etag").or_else(|| state.etag.take());
        state.last_modified = field("last-modified").or_else(|| state.last_modified.take());
    } else {
        state.etag = field("etag");
        state.last_modified = field("last-modified");
    }
}

/// Returns how the feed is after a body was looked at.
fn verdict(read: &Digest, wish: Option<Duration>) -> (Condition, Outcome, Ending) {
    let unreadable = Outcome::Failed { severity: Severity::Hard, retry_after: None };
    match read.problem {
        Some(_) => (Condition::Unreadable, unreadable, Ending::Unreadable),
        None if read.gap => (Condition::Gap, Outcome::Changed { wish }, Ending::Changed),
        None if read.tally.new + read.tally.changed == 0 => {
            (Condition::Ok, Outcome::Unchanged { wish }, Ending::Unchanged)
        }
        None => (Condition::Ok, Outcome::Changed { wish }, Ending::Changed),
    }
}
