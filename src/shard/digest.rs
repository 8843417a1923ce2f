//! A capture into messages: the way that polling and replay share.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::state::FeedState;
use crate::capture::Capture;
use crate::feed::Feed;
use crate::message::{self, ErrorBody, MESSAGE_BYTES_MAX, Message};
use crate::novelty::{self, Change, Memory, Novelty, Reason, Seen};
use crate::parser::{self, NotAFeed, Parser};

/// Largest message that is published, and most that is remembered of a feed: what a topic takes,
/// with room for the framing of a record.
const BYTES_MAX: usize = MESSAGE_BYTES_MAX - (64 << 10);

/// What a capture gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Digest {
    /// Entries, events and dead letters, in the order in which they are to be published.
    pub messages: Vec<Message>,
    /// The memory after it.
    pub memory: Memory,
    /// Fingerprint of the body.
    pub body: Uuid,
    /// The body says nothing that was not known.
    pub idle: bool,
    /// Counts.
    pub tally: Tally,
    /// Some entries may have come and gone since the last document.
    pub gap: bool,
    /// Why the body is no feed.
    pub problem: Option<ErrorBody>,
    /// What was wrong with the document, and what was done about it.
    pub warnings: Vec<String>,
    /// How long the publisher wants to be left alone, in minutes.
    pub ttl_minutes: Option<u32>,
}

/// How many of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Entries in the document; `None` when it was not read.
    pub entries: Option<u32>,
    /// Entries never seen before.
    pub new: u32,
    /// Entries with another text than before.
    pub changed: u32,
    /// Entries as before.
    pub known: u32,
    /// Events published for the first time.
    pub detected: u32,
    /// Events published again with other values.
    pub corrected: u32,
    /// Events taken back.
    pub retracted: u32,
}

/// Returns what the capture of a feed gives against the feed's state: a function of these alone.
///
/// A body that equals the last one that was read is not read again, and one that cannot be read is
/// told once.
pub fn digest(feed: &Feed, state: &FeedState, parser: &Parser, capture: &Capture) -> Digest {
    let body = Uuid::new_v5(&feed.id.uuid(), &capture.body);
    if state.body == Some(body) {
        return Digest { memory: state.memory.clone(), body, idle: true, ..Digest::default() };
    }
    match parser::read(capture) {
        Ok(reading) => {
            let read = read(feed, state, parser, capture, &reading.entries);
            if read.memory.weight() > BYTES_MAX {
                let detail = format!(
                    "what is to be remembered of its {} entries, about {} bytes, is more than the \
                     {BYTES_MAX} that are stored of a feed",
                    reading.entries.len(),
                    read.memory.weight()
                );
                return unreadable(feed, state, capture, body, "feed-too-large", detail);
            }
            let mut digest = Digest { body, ..read };
            digest.warnings = reading.warnings.iter().map(ToString::to_string).collect();
            digest.ttl_minutes = reading.channel.ttl_minutes;
            digest
        }
        Err(error) => unreadable(feed, state, capture, body, code(&error), error.to_string()),
    }
}

fn unreadable(
    feed: &Feed,
    state: &FeedState,
    capture: &Capture,
    body: Uuid,
    code: &str,
    detail: String,
) -> Digest {
    let problem = ErrorBody { code: code.to_owned(), detail };
    let told = state.unreadable == Some(body);
    let letter = (!told).then(|| message::dead_letter(feed, capture, problem.clone()));
    Digest {
        messages: letter.into_iter().collect(),
        memory: state.memory.clone(),
        body,
        idle: told,
        problem: Some(problem),
        ..Digest::default()
    }
}

fn read(
    feed: &Feed,
    state: &FeedState,
    parser: &Parser,
    capture: &Capture,
    entries: &[parser::Entry],
) -> Digest {
    let judgement = novelty::judge(feed.id, &state.memory, entries);
    let mut digest = Digest { gap: judgement.gap, ..Digest::default() };
    let tally = &mut digest.tally;
    tally.entries = Some(judgement.entries.len() as u32);
    let mut events = BTreeMap::new();
    // Feeds list the newest first; consumers are to see what happened in the order it happened.
    for judged in judgement.entries.iter().rev() {
        match judged.novelty {
            Novelty::Known => {
                tally.known += 1;
                continue;
            }
            Novelty::New => tally.new += 1,
            Novelty::Changed => tally.changed += 1,
        }
        digest.messages.push(message::entry(feed, judgement.rule, judged, capture.captured_at));
        let known = match judged.novelty {
            Novelty::Changed => state.memory.entries.get(&judged.id),
            Novelty::New | Novelty::Known => None,
        };
        let known = known.map_or(&[][..], |seen: &Seen| &seen.events[..]);
        let found = parser.extract(&judged.document).events;
        let reason = Reason::of(&judged.document);
        let (revisions, next) = novelty::revise(judged.id, known, found, reason);
        for revision in &revisions {
            match revision.change {
                Change::Detected => tally.detected += 1,
                Change::Corrected { .. } => tally.corrected += 1,
                Change::Retracted { .. } => tally.retracted += 1,
            }
            digest.messages.extend(message::event_revision(
                feed,
                judged,
                revision,
                capture.captured_at,
            ));
        }
        events.insert(judged.id, next);
    }
    digest.idle = digest.messages.is_empty() && judgement.rule == state.memory.rule;
    leave_out_giants(&mut digest.messages, feed, capture);
    digest.memory = state.memory.learn(&judgement, events, capture.captured_at);
    digest
}

/// Puts a dead letter in the place of messages that no topic takes: tried again and again, they
/// would hold up all other feeds.
fn leave_out_giants(messages: &mut Vec<Message>, feed: &Feed, capture: &Capture) {
    let giants: Vec<_> = messages
        .iter()
        .filter(|message| message.bytes() > BYTES_MAX)
        .map(|message| format!("{} bytes for {}", message.bytes(), message.topic))
        .collect();
    if giants.is_empty() {
        return;
    }
    let detail =
        format!("left out, since at most {BYTES_MAX} bytes are published: {}", giants.join(", "));
    let error = ErrorBody { code: "message-too-large".to_owned(), detail };
    messages.retain(|message| message.bytes() <= BYTES_MAX);
    messages.push(message::dead_letter(feed, capture, error));
}

/// Returns the stable name of why bytes are no feed.
fn code(error: &NotAFeed) -> &'static str {
    match error {
        NotAFeed::Empty => "empty-body",
        NotAFeed::Page { .. } => "html-page",
        NotAFeed::Unknown(_) => "not-a-feed",
    }
}
