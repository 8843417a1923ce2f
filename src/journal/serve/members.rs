//! Requests of group members: find the coordinator, join, sync, heartbeat, leave.

use std::time::Duration;

use bytes::Bytes;
use kafka_protocol::ResponseError;
use kafka_protocol::messages::find_coordinator_response::Coordinator as Found;
use kafka_protocol::messages::join_group_response::JoinGroupResponseMember;
use kafka_protocol::messages::leave_group_response::MemberResponse;
use kafka_protocol::messages::{
    BrokerId, FindCoordinatorRequest, FindCoordinatorResponse, HeartbeatRequest, HeartbeatResponse,
    JoinGroupRequest, JoinGroupResponse, LeaveGroupRequest, LeaveGroupResponse, SyncGroupRequest,
    SyncGroupResponse,
};
use kafka_protocol::protocol::StrBytes;

use super::connection::Client;
use super::metadata::BROKER;
use super::{Server, text};
use crate::journal::group::{FirstId, Groups, Join, Joined, Refused, Reply, Sync};

/// First version of JoinGroup in which clients know how to come back with their id (KIP-394).
const ID_ASKED_BACK_SINCE: i16 = 4;

/// We coordinate every group; transactions are refused, since only the daemon writes.
pub(super) fn find(
    server: &Server,
    client: &Client,
    request: FindCoordinatorRequest,
    version: i16,
) -> FindCoordinatorResponse {
    const GROUP: i8 = 0;
    let known = request.key_type == GROUP;
    let code = if known { 0 } else { ResponseError::TransactionalIdAuthorizationFailed.code() };
    let node = if known { BROKER } else { BrokerId(-1) };
    let (host, port) = (text(&client.host), i32::from(server.port));
    if version < 4 {
        return FindCoordinatorResponse::default()
            .with_error_code(code)
            .with_node_id(node)
            .with_host(host)
            .with_port(port);
    }
    let found = request.coordinator_keys.into_iter().map(|key| {
        Found::default()
            .with_key(key)
            .with_error_code(code)
            .with_node_id(node)
            .with_host(host.clone())
            .with_port(port)
    });
    FindCoordinatorResponse::default().with_coordinators(found.collect())
}

/// Lets the member in; waits until its group has rebalanced.
pub(super) async fn join(
    server: &Server,
    client: &Client,
    request: JoinGroupRequest,
    version: i16,
) -> JoinGroupResponse {
    let millis = |ms: i32| Duration::from_millis(ms.max(0) as u64);
    let session = millis(request.session_timeout_ms);
    let rebalance = millis(request.rebalance_timeout_ms);
    let first_id = if version < ID_ASKED_BACK_SINCE { FirstId::Given } else { FirstId::AskedBack };
    // Copied, since a slice would keep the whole frame in memory.
    let protocols = request
        .protocols
        .iter()
        .map(|protocol| (protocol.name.to_string(), Bytes::copy_from_slice(&protocol.metadata)));
    let join = Join {
        member: request.member_id.to_string(),
        instance: request.group_instance_id.as_ref().map(ToString::to_string),
        client: client.name.clone(),
        host: format!("/{}", client.peer.ip().to_canonical()),
        first_id,
        session,
        rebalance: if rebalance.is_zero() { session } else { rebalance },
        kind: request.protocol_type.to_string(),
        protocols: protocols.collect(),
    };
    let group = request.group_id.to_string();
    let ask = |groups: &mut Groups, now, ticket| groups.join(now, ticket, &group, join);
    match server.coordinator.wait(&group, ask).await {
        Some(Reply::Joined(Ok(joined))) => accepted(joined),
        Some(Reply::Joined(Err(refused))) => declined(refused),
        Some(Reply::Synced(_)) | None => {
            let member = request.member_id.to_string();
            declined(Refused { member, error: ResponseError::UnknownMemberId })
        }
    }
}

fn accepted(joined: Joined) -> JoinGroupResponse {
    let members = joined.members.into_iter().map(|(id, instance, metadata)| {
        JoinGroupResponseMember::default()
            .with_member_id(text(id))
            .with_group_instance_id(instance.map(text))
            .with_metadata(metadata)
    });
    JoinGroupResponse::default()
        .with_generation_id(joined.generation)
        .with_protocol_type(Some(text(joined.kind)))
        .with_protocol_name(Some(text(joined.protocol)))
        .with_leader(text(joined.leader))
        .with_member_id(text(joined.member))
        .with_members(members.collect())
}

fn declined(refused: Refused) -> JoinGroupResponse {
    JoinGroupResponse::default()
        .with_error_code(refused.error.code())
        .with_generation_id(-1)
        .with_protocol_name(Some(StrBytes::default()))
        .with_member_id(text(refused.member))
}

/// Gives the member its share; waits until the leader has brought it.
pub(super) async fn sync(server: &Server, request: SyncGroupRequest) -> SyncGroupResponse {
    let shares = request
        .assignments
        .iter()
        .map(|share| (share.member_id.to_string(), Bytes::copy_from_slice(&share.assignment)));
    let sync = Sync {
        member: request.member_id.to_string(),
        instance: request.group_instance_id.as_ref().map(ToString::to_string),
        generation: request.generation_id,
        shares: shares.collect(),
    };
    let group = request.group_id.to_string();
    let ask = |groups: &mut Groups, now, ticket| groups.sync(now, ticket, &group, sync);
    match server.coordinator.wait(&group, ask).await {
        Some(Reply::Synced(Ok(synced))) => SyncGroupResponse::default()
            .with_protocol_type(Some(text(synced.kind)))
            .with_protocol_name(Some(text(synced.protocol)))
            .with_assignment(synced.share),
        Some(Reply::Synced(Err(error))) => {
            SyncGroupResponse::default().with_error_code(error.code())
        }
        Some(Reply::Joined(_)) | None => {
            SyncGroupResponse::default().with_error_code(ResponseError::UnknownMemberId.code())
        }
    }
}

/// The member lives.
pub(super) fn heartbeat(server: &Server, request: &HeartbeatRequest) -> HeartbeatResponse {
    let beat = server.coordinator.ask(|groups, now| {
        let instance = request.group_instance_id.as_deref();
        let generation = request.generation_id;
        groups.heartbeat(now, &request.group_id, &request.member_id, instance, generation)
    });
    HeartbeatResponse::default().with_error_code(code(beat))
}

/// Members leave; more than one at once since version 3.
pub(super) fn leave(
    server: &Server,
    request: &LeaveGroupRequest,
    version: i16,
) -> LeaveGroupResponse {
    let leave = |member: &str, instance: Option<&str>| {
        let mut left = Ok(());
        server.coordinator.tell(|groups, now| {
            let (result, answers) = groups.leave(now, &request.group_id, member, instance);
            left = result;
            answers
        });
        code(left)
    };
    if version < 3 {
        let left = leave(&request.member_id, None);
        return LeaveGroupResponse::default().with_error_code(left);
    }
    let members = request.members.iter().map(|member| {
        MemberResponse::default()
            .with_member_id(member.member_id.clone())
            .with_group_instance_id(member.group_instance_id.clone())
            .with_error_code(leave(&member.member_id, member.group_instance_id.as_deref()))
    });
    LeaveGroupResponse::default().with_members(members.collect())
}

/// Returns Kafka's code for how it went.
pub(super) fn code(result: Result<(), ResponseError>) -> i16 {
    result.map_or_else(|error| error.code(), |()| 0)
}
