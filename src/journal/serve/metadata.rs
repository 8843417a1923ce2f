//! Metadata: one broker that leads every partition of our topics.

use std::collections::BTreeSet;

use kafka_protocol::ResponseError;
use kafka_protocol::messages::describe_cluster_response::DescribeClusterBroker;
use kafka_protocol::messages::metadata_request::MetadataRequestTopic;
use kafka_protocol::messages::metadata_response::{
    MetadataResponseBroker, MetadataResponsePartition, MetadataResponseTopic,
};
use kafka_protocol::messages::{
    BrokerId, DescribeClusterRequest, DescribeClusterResponse, MetadataRequest, MetadataResponse,
    TopicName,
};

use super::connection::Client;
use super::{Server, text};
use crate::message::Topic;

/// The one broker.
pub(super) const BROKER: BrokerId = BrokerId(1);

/// Describes the broker, and the topics that are asked for.
pub(super) fn metadata(
    server: &Server,
    client: &Client,
    request: &MetadataRequest,
    version: i16,
) -> MetadataResponse {
    let all = || Topic::ALL.iter().map(|topic| known(server, *topic)).collect();
    let topics = match &request.topics {
        None => all(),
        // Before null could be sent, none meant all.
        Some(asked) if asked.is_empty() && version == 0 => all(),
        Some(asked) => {
            // Each once: else a short request could ask for a very long answer.
            let mut seen = BTreeSet::new();
            let first = |asked: &&MetadataRequestTopic| {
                seen.insert((asked.name.as_deref().cloned(), asked.topic_id))
            };
            asked.iter().filter(first).map(|asked| one(server, asked)).collect()
        }
    };
    let broker = MetadataResponseBroker::default()
        .with_node_id(BROKER)
        .with_host(text(&client.host))
        .with_port(server.port.into());
    MetadataResponse::default()
        .with_brokers(vec![broker])
        .with_cluster_id(Some(text(&server.journal.store.cluster)))
        .with_controller_id(BROKER)
        .with_topics(topics)
}

/// Describes the broker.
pub(super) fn cluster(
    server: &Server,
    client: &Client,
    request: &DescribeClusterRequest,
) -> DescribeClusterResponse {
    const BROKERS: i8 = 1;
    let answer = DescribeClusterResponse::default()
        .with_endpoint_type(request.endpoint_type)
        .with_cluster_id(text(&server.journal.store.cluster))
        .with_controller_id(BROKER);
    if request.endpoint_type != BROKERS {
        return answer.with_error_code(ResponseError::UnsupportedEndpointType.code());
    }
    let broker = DescribeClusterBroker::default()
        .with_broker_id(BROKER)
        .with_host(text(&client.host))
        .with_port(server.port.into());
    answer.with_brokers(vec![broker])
}

fn one(server: &Server, asked: &MetadataRequestTopic) -> MetadataResponseTopic {
    let (found, missing) = match &asked.name {
        Some(name) => (Topic::named(name), ResponseError::UnknownTopicOrPartition),
        None => {
            let place = server.journal.store.uuids.iter().position(|id| *id == asked.topic_id);
            (place.and_then(|place| Topic::ALL.get(place).copied()), ResponseError::UnknownTopicId)
        }
    };
    match found {
        Some(topic) => known(server, topic),
        None => MetadataResponseTopic::default()
            .with_error_code(missing.code())
            .with_name(asked.name.clone())
            .with_topic_id(asked.topic_id),
    }
}

fn known(server: &Server, topic: Topic) -> MetadataResponseTopic {
    let store = &server.journal.store;
    let place = Topic::ALL.iter().position(|known| *known == topic);
    let partitions = (0..store.partitions).map(|partition| {
        MetadataResponsePartition::default()
            .with_partition_index(partition)
            .with_leader_id(BROKER)
            .with_leader_epoch(-1)
            .with_replica_nodes(vec![BROKER])
            .with_isr_nodes(vec![BROKER])
    });
    MetadataResponseTopic::default()
        .with_name(Some(TopicName(text(topic.name()))))
        .with_topic_id(place.map(|place| store.uuids[place]).unwrap_or_default())
        .with_is_internal(topic.is_internal())
        .with_partitions(partitions.collect())
}
