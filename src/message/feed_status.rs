//! The messages of `borderwire.feed-status.v1`: how each feed is.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::cloud_event::{Attributes, all_required, message};
use super::{Message, Topic};
use crate::feed::Feed;

/// How a feed is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Condition {
    /// It answers, and its entries are read.
    Ok,
    /// It answers, but between two polls entries may have come and gone.
    Gap,
    /// It answers something that is no feed.
    Unreadable,
    /// It does not answer, or with an error.
    Failing,
}

/// What is wrong with a feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Error", transform = all_required)]
pub struct ErrorBody {
    /// Short and stable, for counting.
    pub code: String,
    /// For a person.
    pub detail: String,
}

/// How a feed is, told when that changes and now and then while it does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "FeedStatusMessage", transform = all_required)]
pub struct FeedStatusMessage {
    /// Key of the record.
    pub feed_id: Uuid,
    /// Where it is asked for.
    pub url: String,
    /// What people call it.
    pub title: Option<String>,
    /// How it is.
    pub condition: Condition,
    /// HTTP status of the last answer; null when there was none.
    pub http_status: Option<u16>,
    /// What is wrong; null while nothing is.
    pub error: Option<ErrorBody>,
    /// Polls in a row that failed.
    pub failures: u32,
    /// Entries of the document, when this poll read one; null else.
    pub entries: Option<u32>,
    /// What was wrong with that document, and what was done about it.
    pub warnings: Vec<String>,
    /// When it is asked again.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub next_poll_at: Timestamp,
    /// Why then.
    pub next_poll_reason: String,
    /// When the daemon saw this.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub observed_at: Timestamp,
}

/// Returns the message that tells how a feed is.
pub fn feed_status(feed: &Feed, status: &FeedStatusMessage) -> Message {
    let kind = match status.condition {
        Condition::Ok => "borderwire.feed.ok.v1",
        Condition::Gap => "borderwire.feed.gap.v1",
        Condition::Unreadable => "borderwire.feed.unreadable.v1",
        Condition::Failing => "borderwire.feed.failing.v1",
    };
    let attributes = Attributes {
        topic: Topic::FeedStatus,
        subject: feed.id.to_string(),
        kind,
        id: Uuid::new_v5(&feed.id.uuid(), format!("{kind}\n{}", status.observed_at).as_bytes()),
        feed: feed.id,
        schema: "feed-status.v1",
        revision: 1,
        time: None,
        observed_at: status.observed_at,
    };
    message(&attributes, status)
}
