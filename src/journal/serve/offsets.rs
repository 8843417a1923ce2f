//! Offsets of the log: earliest, latest, by time, newest time.

use kafka_protocol::ResponseError;
use kafka_protocol::messages::list_offsets_response::{
    ListOffsetsPartitionResponse, ListOffsetsTopicResponse,
};
use kafka_protocol::messages::{ListOffsetsRequest, ListOffsetsResponse};

use super::Server;
use crate::journal::error::JournalError;
use crate::journal::store::Store;
use crate::message::Topic;

/// Times that mean a place.
const LATEST: i64 = -1;
const EARLIEST: i64 = -2;
const NEWEST_TIME: i64 = -3;

/// Finds the offset that each partition is asked for.
pub(super) async fn list(
    server: &Server,
    request: ListOffsetsRequest,
) -> Result<ListOffsetsResponse, JournalError> {
    let topics = server.read(move |store| {
        let topics = request.topics.into_iter().map(|topic| {
            let known = Topic::named(&topic.name);
            let partitions = topic.partitions.iter().map(|asked| {
                Ok(find(store, known, asked.partition_index, asked.timestamp)?
                    .with_partition_index(asked.partition_index))
            });
            let partitions = partitions.collect::<Result<_, JournalError>>()?;
            Ok(ListOffsetsTopicResponse::default()
                .with_name(topic.name)
                .with_partitions(partitions))
        });
        topics.collect::<Result<_, JournalError>>()
    });
    Ok(ListOffsetsResponse::default().with_topics(topics.await?))
}

fn find(
    store: &Store,
    topic: Option<Topic>,
    partition: i32,
    time: i64,
) -> Result<ListOffsetsPartitionResponse, JournalError> {
    let none = ListOffsetsPartitionResponse::default()
        .with_timestamp(-1)
        .with_offset(-1)
        .with_leader_epoch(-1);
    let Some(tip) = topic.and_then(|topic| store.tip(topic, partition)) else {
        return Ok(none.with_error_code(ResponseError::UnknownTopicOrPartition.code()));
    };
    let since = match time {
        LATEST => return Ok(none.with_offset(tip.next)),
        EARLIEST => return Ok(none.with_offset(tip.first)),
        NEWEST_TIME => tip.newest_ms,
        time if time >= 0 => time,
        _ => return Ok(none.with_error_code(ResponseError::UnsupportedVersion.code())),
    };
    Ok(match store.first_since(tip, since)? {
        Some((offset, at_ms)) => none.with_offset(offset).with_timestamp(at_ms),
        None => none,
    })
}
