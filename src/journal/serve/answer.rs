//! Which request is answered by what, and which versions clients are told.

use std::sync::Arc;

use kafka_protocol::ResponseError;
use kafka_protocol::messages::api_versions_response::ApiVersion;
use kafka_protocol::messages::produce_response::{PartitionProduceResponse, TopicProduceResponse};
use kafka_protocol::messages::{
    ApiVersionsResponse, InitProducerIdRequest, InitProducerIdResponse, ProduceRequest,
    ProduceResponse, ProducerId, RequestKind, ResponseKind,
};
use tokio::sync::SemaphorePermit;

use super::connection::Client;
use super::{Server, commits, describe, fetch, groups, members, metadata, offsets};
use crate::journal::error::JournalError;
use crate::journal::wire::frame::Request;
use crate::journal::wire::shape::APIS;

/// Answers the request, `None` where the connection is to be closed instead; a fetch takes a permit
/// for the memory of its records.
pub(super) async fn answer<'server>(
    server: &'server Arc<Server>,
    client: &Client,
    request: Request,
    permit: &mut Option<SemaphorePermit<'server>>,
) -> Result<Option<ResponseKind>, JournalError> {
    let version = request.version;
    let kind = match request.kind {
        RequestKind::ApiVersions(_) => ResponseKind::ApiVersions(api_versions()),
        RequestKind::Metadata(request) => {
            ResponseKind::Metadata(metadata::metadata(server, client, &request, version))
        }
        RequestKind::DescribeCluster(request) => {
            ResponseKind::DescribeCluster(metadata::cluster(server, client, &request))
        }
        RequestKind::DescribeConfigs(request) => {
            ResponseKind::DescribeConfigs(describe::configs(server, request))
        }
        RequestKind::ListOffsets(request) => {
            ResponseKind::ListOffsets(offsets::list(server, request).await?)
        }
        RequestKind::Fetch(request) => {
            ResponseKind::Fetch(fetch::fetch(server, request, permit).await?)
        }
        // Without acknowledgement there is no answer: the closed connection is one.
        RequestKind::Produce(request) if request.acks == 0 => return Ok(None),
        RequestKind::Produce(request) => ResponseKind::Produce(refuse(&request)),
        RequestKind::InitProducerId(request) => {
            ResponseKind::InitProducerId(refuse_producer(&request))
        }
        RequestKind::FindCoordinator(request) => {
            ResponseKind::FindCoordinator(members::find(server, client, request, version))
        }
        RequestKind::JoinGroup(request) => {
            ResponseKind::JoinGroup(members::join(server, client, request, version).await)
        }
        RequestKind::SyncGroup(request) => {
            ResponseKind::SyncGroup(members::sync(server, request).await)
        }
        RequestKind::Heartbeat(request) => {
            ResponseKind::Heartbeat(members::heartbeat(server, &request))
        }
        RequestKind::LeaveGroup(request) => {
            ResponseKind::LeaveGroup(members::leave(server, &request, version))
        }
        RequestKind::OffsetCommit(request) => {
            ResponseKind::OffsetCommit(commits::commit(server, request).await)
        }
        RequestKind::OffsetFetch(request) => {
            ResponseKind::OffsetFetch(commits::fetch(server, request, version).await?)
        }
        RequestKind::DeleteGroups(request) => {
            ResponseKind::DeleteGroups(commits::delete(server, request).await?)
        }
        RequestKind::ListGroups(request) => {
            ResponseKind::ListGroups(groups::list(server, &request).await?)
        }
        RequestKind::DescribeGroups(request) => {
            ResponseKind::DescribeGroups(groups::describe(server, request).await?)
        }
        // The shapes of served requests and this match go together.
        _ => return Ok(None),
    };
    Ok(Some(kind))
}

/// Returns what we serve, for a client that asked in a version that we do not.
pub(super) fn unsupported_version() -> ResponseKind {
    let code = ResponseError::UnsupportedVersion.code();
    ResponseKind::ApiVersions(api_versions().with_error_code(code))
}

fn api_versions() -> ApiVersionsResponse {
    let keys = APIS.iter().map(|api| {
        ApiVersion::default()
            .with_api_key(api.key as i16)
            .with_min_version(api.versions.0)
            .with_max_version(api.versions.1)
    });
    ApiVersionsResponse::default().with_api_keys(keys.collect())
}

/// Nobody but the daemon writes.
fn refuse(request: &ProduceRequest) -> ProduceResponse {
    let code = ResponseError::TopicAuthorizationFailed.code();
    let topics = request.topic_data.iter().map(|topic| {
        let partitions = topic.partition_data.iter().map(|data| {
            PartitionProduceResponse::default()
                .with_index(data.index)
                .with_error_code(code)
                .with_base_offset(-1)
        });
        TopicProduceResponse::default()
            .with_name(topic.name.clone())
            .with_partition_responses(partitions.collect())
    });
    ProduceResponse::default().with_responses(topics.collect())
}

/// Idempotent and transactional producers ask for an id first.
fn refuse_producer(request: &InitProducerIdRequest) -> InitProducerIdResponse {
    let error = match request.transactional_id {
        Some(_) => ResponseError::TransactionalIdAuthorizationFailed,
        None => ResponseError::ClusterAuthorizationFailed,
    };
    InitProducerIdResponse::default()
        .with_error_code(error.code())
        .with_producer_id(ProducerId(-1))
        .with_producer_epoch(-1)
}
