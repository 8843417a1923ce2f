//! Offsets of groups: stored, fetched, and forgotten with their group.

use std::collections::{BTreeMap, BTreeSet};

use kafka_protocol::ResponseError;
use kafka_protocol::messages::delete_groups_response::DeletableGroupResult;
use kafka_protocol::messages::offset_commit_response::{
    OffsetCommitResponsePartition, OffsetCommitResponseTopic,
};
use kafka_protocol::messages::offset_fetch_response::{
    OffsetFetchResponseGroup, OffsetFetchResponsePartition, OffsetFetchResponsePartitions,
    OffsetFetchResponseTopic, OffsetFetchResponseTopics,
};
use kafka_protocol::messages::{
    DeleteGroupsRequest, DeleteGroupsResponse, OffsetCommitRequest, OffsetCommitResponse,
    OffsetFetchRequest, OffsetFetchResponse, TopicName,
};

use super::members::code;
use super::{Server, text};
use crate::journal::error::JournalError;
use crate::journal::offsets::Committed;
use crate::message::Topic;

/// Longest text that a consumer may keep beside an offset; Kafka's `offset.metadata.max.bytes`.
const NOTE_BYTES_MAX: usize = 4096;
/// First version of OffsetFetch that asks for several groups.
const GROUPS_SINCE: i16 = 8;

/// Stores the offsets that are right, and says of each how it went.
pub(super) async fn commit(server: &Server, request: OffsetCommitRequest) -> OffsetCommitResponse {
    let allowed = server.coordinator.ask(|groups, now| {
        let instance = request.group_instance_id.as_deref();
        let generation = request.generation_id_or_member_epoch;
        groups.may_commit(now, &request.group_id, &request.member_id, instance, generation)
    });
    let mut offsets = Vec::new();
    let mut topics = Vec::with_capacity(request.topics.len());
    for topic in &request.topics {
        let known = Topic::named(&topic.name);
        let mut partitions = Vec::with_capacity(topic.partitions.len());
        for asked in &topic.partitions {
            let store = &server.journal.store;
            let there = known.and_then(|topic| store.tip(topic, asked.partition_index));
            let note = asked.committed_metadata.as_ref().map(ToString::to_string);
            let checked = match allowed {
                Ok(()) if there.is_none() => Err(ResponseError::UnknownTopicOrPartition),
                Ok(()) if note.as_ref().is_some_and(|note| note.len() > NOTE_BYTES_MAX) => {
                    Err(ResponseError::OffsetMetadataTooLarge)
                }
                allowed => allowed,
            };
            if checked.is_ok() {
                offsets.push(Committed {
                    topic: topic.name.to_string(),
                    partition: asked.partition_index,
                    offset: asked.committed_offset,
                    leader_epoch: asked.committed_leader_epoch,
                    note,
                });
            }
            partitions.push(
                OffsetCommitResponsePartition::default()
                    .with_partition_index(asked.partition_index)
                    .with_error_code(code(checked)),
            );
        }
        let answer = OffsetCommitResponseTopic::default().with_name(topic.name.clone());
        topics.push(answer.with_partitions(partitions));
    }
    if !offsets.is_empty()
        && server.journal.offsets.commit(request.group_id.to_string(), offsets).await.is_err()
    {
        // Clients try again.
        let failed = ResponseError::CoordinatorNotAvailable.code();
        let partitions = topics.iter_mut().flat_map(|topic| &mut topic.partitions);
        for partition in partitions.filter(|partition| partition.error_code == 0) {
            partition.error_code = failed;
        }
    }
    OffsetCommitResponse::default().with_topics(topics)
}

/// Topics with the partitions that are asked for; `None` for all that have offsets.
type Asked = Option<Vec<(TopicName, Vec<i32>)>>;
/// Topics with what is stored of each partition.
type Stored = Vec<(TopicName, Vec<Committed>)>;

/// Returns the offsets of the groups that are asked for.
pub(super) async fn fetch(
    server: &Server,
    request: OffsetFetchRequest,
    version: i16,
) -> Result<OffsetFetchResponse, JournalError> {
    if version < GROUPS_SINCE {
        let asked = request.topics.map(|topics| {
            let topics = topics.into_iter();
            topics.map(|topic| (topic.name, topic.partition_indexes)).collect()
        });
        let stored = stored(server, request.group_id.to_string(), asked).await?;
        let topics = stored.into_iter().map(|(name, partitions)| {
            let partitions = partitions.into_iter().map(|stored| {
                OffsetFetchResponsePartition::default()
                    .with_partition_index(stored.partition)
                    .with_committed_offset(stored.offset)
                    .with_committed_leader_epoch(stored.leader_epoch)
                    .with_metadata(Some(text(stored.note.unwrap_or_default())))
            });
            OffsetFetchResponseTopic::default()
                .with_name(name)
                .with_partitions(partitions.collect())
        });
        return Ok(OffsetFetchResponse::default().with_topics(topics.collect()));
    }
    let mut groups = Vec::new();
    // Each once: else a short request could ask for a very long answer.
    let mut seen = BTreeSet::new();
    for group in request.groups {
        if !seen.insert(group.group_id.to_string()) {
            continue;
        }
        let asked = group.topics.map(|topics| {
            let topics = topics.into_iter();
            topics.map(|topic| (topic.name, topic.partition_indexes)).collect()
        });
        let stored = stored(server, group.group_id.to_string(), asked).await?;
        let topics = stored.into_iter().map(|(name, partitions)| {
            let partitions = partitions.into_iter().map(|stored| {
                OffsetFetchResponsePartitions::default()
                    .with_partition_index(stored.partition)
                    .with_committed_offset(stored.offset)
                    .with_committed_leader_epoch(stored.leader_epoch)
                    .with_metadata(Some(text(stored.note.unwrap_or_default())))
            });
            OffsetFetchResponseTopics::default()
                .with_name(name)
                .with_partitions(partitions.collect())
        });
        let answer = OffsetFetchResponseGroup::default().with_group_id(group.group_id);
        groups.push(answer.with_topics(topics.collect()));
    }
    Ok(OffsetFetchResponse::default().with_groups(groups))
}

async fn stored(server: &Server, group: String, asked: Asked) -> Result<Stored, JournalError> {
    let all = server.read(move |store| store.offsets(&group)).await?;
    let Some(asked) = asked else {
        let mut topics: BTreeMap<String, Vec<Committed>> = BTreeMap::new();
        for committed in all {
            topics.entry(committed.topic.clone()).or_default().push(committed);
        }
        let topics = topics.into_iter();
        return Ok(topics.map(|(name, offsets)| (TopicName(text(name)), offsets)).collect());
    };
    let known: BTreeMap<(&str, i32), &Committed> = all
        .iter()
        .map(|committed| ((committed.topic.as_str(), committed.partition), committed))
        .collect();
    let topics = asked.into_iter().map(|(name, partitions)| {
        let find = |partition| match known.get(&(name.as_str(), partition)) {
            Some(committed) => (*committed).clone(),
            None => none(partition),
        };
        let found = partitions.into_iter().map(find).collect();
        (name, found)
    });
    Ok(topics.collect())
}

/// Nothing is stored of the partition.
fn none(partition: i32) -> Committed {
    Committed { topic: String::new(), partition, offset: -1, leader_epoch: -1, note: None }
}

/// Forgets the offsets of groups that have no members.
pub(super) async fn delete(
    server: &Server,
    request: DeleteGroupsRequest,
) -> Result<DeleteGroupsResponse, JournalError> {
    let mut results = Vec::with_capacity(request.groups_names.len());
    for group in request.groups_names {
        let name = group.to_string();
        let living = server.coordinator.ask(|groups, _now| groups.describe(&name).is_some());
        let of = name.clone();
        let known = !server.read(move |store| store.offsets(&of)).await?.is_empty();
        let deleted = match (living, known) {
            (true, _) => Err(ResponseError::NonEmptyGroup),
            (false, false) => Err(ResponseError::GroupIdNotFound),
            (false, true) => {
                let forgotten = server.journal.offsets.forget(name).await;
                forgotten.map_err(|_logged| ResponseError::CoordinatorNotAvailable)
            }
        };
        let result = DeletableGroupResult::default().with_group_id(group);
        results.push(result.with_error_code(code(deleted)));
    }
    Ok(DeleteGroupsResponse::default().with_results(results))
}
