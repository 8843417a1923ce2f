//! Groups for tools: listed and described, those without members by their offsets.

use std::collections::BTreeSet;

use kafka_protocol::messages::describe_groups_response::{DescribedGroup, DescribedGroupMember};
use kafka_protocol::messages::list_groups_response::ListedGroup;
use kafka_protocol::messages::{
    DescribeGroupsRequest, DescribeGroupsResponse, GroupId, ListGroupsRequest, ListGroupsResponse,
};

use super::{Server, text};
use crate::journal::error::JournalError;
use crate::journal::group::Described;
use crate::journal::offsets::GROUPS_STORED_MAX;

/// The only kind of group that there is here.
const TYPE: &str = "Classic";
const EMPTY: &str = "Empty";

/// Lists the groups, of the states and types that are asked for.
pub(super) async fn list(
    server: &Server,
    request: &ListGroupsRequest,
) -> Result<ListGroupsResponse, JournalError> {
    let stored = server.read(|store| store.groups(GROUPS_STORED_MAX)).await?;
    let mut names: BTreeSet<String> = stored.into_iter().collect();
    names.extend(server.coordinator.ask(|groups, _now| groups.names()));
    let types = &request.types_filter;
    if !types.is_empty() && !types.iter().any(|asked| asked.eq_ignore_ascii_case(TYPE)) {
        names.clear();
    }
    let groups = names.into_iter().filter_map(|name| {
        let living = server.coordinator.ask(|groups, _now| groups.describe(&name));
        let (state, kind) = match living {
            Some(group) => (group.state, group.kind),
            None => (EMPTY, String::new()),
        };
        let states = &request.states_filter;
        let wanted =
            states.is_empty() || states.iter().any(|asked| asked.eq_ignore_ascii_case(state));
        wanted.then(|| {
            ListedGroup::default()
                .with_group_id(GroupId(text(name)))
                .with_protocol_type(text(kind))
                .with_group_state(text(state))
                .with_group_type(text(TYPE))
        })
    });
    Ok(ListGroupsResponse::default().with_groups(groups.collect()))
}

/// Describes each group; one that is not known counts as dead.
pub(super) async fn describe(
    server: &Server,
    request: DescribeGroupsRequest,
) -> Result<DescribeGroupsResponse, JournalError> {
    let mut groups = Vec::new();
    // Each once: else a short request could ask for a very long answer.
    let mut seen = BTreeSet::new();
    for id in request.groups {
        let name = id.to_string();
        if !seen.insert(name.clone()) {
            continue;
        }
        let answer = match server.coordinator.ask(|groups, _now| groups.describe(&name)) {
            Some(group) => living(group),
            None => {
                let stored = server.read(move |store| store.offsets(&name)).await?;
                let state = if stored.is_empty() { "Dead" } else { EMPTY };
                DescribedGroup::default().with_group_state(text(state))
            }
        };
        groups.push(answer.with_group_id(id));
    }
    Ok(DescribeGroupsResponse::default().with_groups(groups))
}

fn living(group: Described) -> DescribedGroup {
    let members = group.members.into_iter().map(|member| {
        DescribedGroupMember::default()
            .with_member_id(text(member.id))
            .with_group_instance_id(member.instance.map(text))
            .with_client_id(text(member.client))
            .with_client_host(text(member.host))
            .with_member_metadata(member.metadata)
            .with_member_assignment(member.share)
    });
    DescribedGroup::default()
        .with_group_state(text(group.state))
        .with_protocol_type(text(group.kind))
        .with_protocol_data(text(group.protocol))
        .with_members(members.collect())
}
