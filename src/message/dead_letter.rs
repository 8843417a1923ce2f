//! The messages of `borderwire.dead-letters.v1`: what could not be read, with why.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::cloud_event::{Attributes, all_required, message};
use super::feed_status::ErrorBody;
use super::{Message, Topic};
use crate::capture::Capture;
use crate::feed::Feed;

/// How much of a body a dead letter holds, in bytes: enough for a person to see what it is.
const BODY_BYTES_MAX: usize = 64 << 10;

/// A response that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "DeadLetterMessage", transform = all_required)]
pub struct DeadLetterMessage {
    /// Key of the record.
    pub feed_id: Uuid,
    /// The address that gave the response, after redirects.
    pub url: String,
    /// Why it could not be read.
    pub error: ErrorBody,
    /// HTTP status.
    pub http_status: u16,
    /// As the server named it.
    pub content_type: Option<String>,
    /// Size of the whole body.
    pub body_bytes: u64,
    /// The first 64 KiB, what is not UTF-8 replaced.
    pub body: String,
    /// When the daemon saw it.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub observed_at: Timestamp,
}

/// Returns the message of a capture that could not be read.
pub fn dead_letter(feed: &Feed, capture: &Capture, error: ErrorBody) -> Message {
    let head = &capture.body[..capture.body.len().min(BODY_BYTES_MAX)];
    let payload = DeadLetterMessage {
        feed_id: feed.id.uuid(),
        url: capture.url.to_string(),
        http_status: capture.status,
        content_type: capture.header("content-type").map(str::to_owned),
        body_bytes: capture.body.len() as u64,
        body: String::from_utf8_lossy(head).into_owned(),
        observed_at: capture.captured_at,
        error,
    };
    let name = [payload.error.code.as_bytes(), &capture.body].join(&b'\n');
    let attributes = Attributes {
        topic: Topic::DeadLetters,
        subject: feed.id.to_string(),
        kind: "borderwire.capture.unreadable.v1",
        id: Uuid::new_v5(&feed.id.uuid(), &name),
        feed: feed.id,
        schema: "dead-letter.v1",
        revision: 1,
        time: None,
        observed_at: capture.captured_at,
    };
    message(&attributes, &payload)
}
