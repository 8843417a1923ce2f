//! Fetch: records as they come, after a wait where there are none yet.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use kafka_protocol::ResponseError;
use kafka_protocol::messages::fetch_request::FetchPartition;
use kafka_protocol::messages::fetch_response::{FetchableTopicResponse, PartitionData};
use kafka_protocol::messages::{BrokerId, FetchRequest, FetchResponse};
use tokio::sync::SemaphorePermit;
use tokio::time::{Instant, sleep, timeout_at};

use super::Server;
use crate::journal::error::JournalError;
use crate::journal::read::First;
use crate::journal::store::{Store, Tip};
use crate::message::{MESSAGE_BYTES_MAX, Topic};

/// Most bytes of records in one answer, whatever the client asks; the largest record fits.
const ANSWER_BYTES_MAX: usize = 4 << 20;
/// Longest wait for records, whatever the client asks.
const WAIT_MAX: Duration = Duration::from_secs(30);
/// Pause before records are read again that were fewer than the client wants.
const SHORT_PAUSE: Duration = Duration::from_millis(50);

const _: () = assert!(ANSWER_BYTES_MAX >= MESSAGE_BYTES_MAX);

/// Returns records of each partition that is asked for, from its offset on.
///
/// There are no fetch sessions: the id is always 0, and clients then name all partitions each time.
pub(super) async fn fetch<'server>(
    server: &'server Arc<Server>,
    request: FetchRequest,
    permit: &mut Option<SemaphorePermit<'server>>,
) -> Result<FetchResponse, JournalError> {
    if request.session_id != 0 {
        let code = ResponseError::FetchSessionIdNotFound.code();
        return Ok(FetchResponse::default().with_error_code(code));
    }
    let wait = Duration::from_millis(request.max_wait_ms.max(0) as u64).min(WAIT_MAX);
    let end = Instant::now() + wait;
    let bytes_min = usize::try_from(request.min_bytes).unwrap_or(0);
    let request = Arc::new(request);
    let mut commits = server.journal.store.commits.subscribe();
    loop {
        commits.borrow_and_update();
        if ready(&server.journal.store, &request) || bytes_min == 0 || Instant::now() >= end {
            // The queue is fair; a permit is held until the answer is sent.
            *permit = server.fetches.acquire().await.ok();
            let read = Arc::clone(&request);
            let found = server.read(move |store| gather(store, &read)).await?;
            if found.bytes >= bytes_min.min(ANSWER_BYTES_MAX)
                || found.failed
                || found.full
                || Instant::now() >= end
            {
                return Ok(FetchResponse::default().with_responses(found.topics));
            }
            *permit = None;
            sleep(SHORT_PAUSE.min(end - Instant::now())).await;
        }
        // Either a commit, or the end of the wait: both are looked at above.
        let _waited = timeout_at(end, commits.changed()).await;
    }
}

/// What was found for a request.
struct Found {
    topics: Vec<FetchableTopicResponse>,
    bytes: usize,
    /// A partition has an error, which the client is to know at once.
    failed: bool,
    /// No more fits.
    full: bool,
}

/// A partition as it is asked for: its tip, or what is wrong.
fn look(store: &Store, topic: Option<Topic>, asked: &FetchPartition) -> Result<Tip, ResponseError> {
    let tip = topic.and_then(|topic| store.tip(topic, asked.partition));
    let tip = tip.ok_or(ResponseError::UnknownTopicOrPartition)?;
    if (tip.first..=tip.next).contains(&asked.fetch_offset) {
        Ok(tip)
    } else {
        Err(ResponseError::OffsetOutOfRange)
    }
}

/// Returns whether there is anything to say, without a look into the file.
fn ready(store: &Store, request: &FetchRequest) -> bool {
    request.topics.iter().any(|topic| {
        let known = Topic::named(&topic.topic);
        topic.partitions.iter().any(|asked| match look(store, known, asked) {
            Ok(tip) => asked.fetch_offset < tip.next,
            Err(_) => true,
        })
    })
}

fn gather(store: &Store, request: &FetchRequest) -> Result<Found, JournalError> {
    let bytes_max = usize::try_from(request.max_bytes).unwrap_or(0).min(ANSWER_BYTES_MAX);
    let mut found = Found { topics: Vec::new(), bytes: 0, failed: false, full: false };
    for topic in &request.topics {
        let known = Topic::named(&topic.topic);
        let mut partitions = Vec::with_capacity(topic.partitions.len());
        for asked in &topic.partitions {
            let data = PartitionData::default()
                .with_partition_index(asked.partition)
                .with_aborted_transactions(None)
                .with_preferred_read_replica(BrokerId(-1));
            let tip = match look(store, known, asked) {
                Ok(tip) => tip,
                Err(error) => {
                    found.failed = true;
                    let data = data.with_error_code(error.code()).with_high_watermark(-1);
                    partitions.push(data.with_records(Some(Bytes::new())));
                    continue;
                }
            };
            let mut records = Bytes::new();
            if asked.fetch_offset < tip.next && !found.full {
                let left = bytes_max.saturating_sub(found.bytes);
                let limit = left.min(usize::try_from(asked.partition_max_bytes).unwrap_or(0));
                let first = if found.bytes == 0 { First::Whatever } else { First::Bounded };
                records = store.batches(tip, asked.fetch_offset, limit, first)?.freeze();
                found.bytes += records.len();
                found.full = found.bytes >= bytes_max || (records.is_empty() && limit == left);
            }
            let data = data
                .with_high_watermark(tip.next)
                .with_last_stable_offset(tip.next)
                .with_log_start_offset(tip.first);
            partitions.push(data.with_records(Some(records)));
        }
        let answer = FetchableTopicResponse::default().with_topic(topic.topic.clone());
        found.topics.push(answer.with_partitions(partitions));
    }
    Ok(found)
}
