//! Consumer groups: who reads which partition. No I/O, no clock: requests in, answers out.

mod exchange;
mod machine;
#[cfg(test)]
mod tests;

pub(super) use self::exchange::{Answer, FirstId, Join, Joined, Refused, Reply, Sync, Ticket};

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use kafka_protocol::ResponseError;

use self::machine::{Group, State};

/// Groups with members at once.
const GROUPS_MAX: usize = 1024;
/// Members of a group, ids that were asked back included.
const MEMBERS_MAX: usize = 256;
/// Members of all groups: with [`METADATA_BYTES_MAX`], the memory that groups can take.
const MEMBERS_OF_ALL_MAX: usize = 2048;
/// What a member can have its assignor know, and what share it can get: thousands of topics.
const METADATA_BYTES_MAX: usize = 64 << 10;
/// Longest name of a group or an instance, in bytes.
const NAME_BYTES_MAX: usize = 512;
/// Shortest and longest time after which a silent member is gone; Kafka's are 6 s and 30 min.
const SESSION: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30 * 60));
/// Longest time that a member may take to join again: half a day.
const REBALANCE_MAX: Duration = Duration::from_secs(12 * 60 * 60);
/// Characters of a client's name that go into its member id.
const NAME_CHARS: usize = 64;

/// All groups that have members. `now` is a time since any fixed point, and never goes back.
#[derive(Debug)]
pub(super) struct Groups {
    groups: BTreeMap<String, Group>,
    /// Sets this process's member ids apart from those of an earlier one.
    run: u64,
    ids: u64,
}

/// A group as tools show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Described {
    pub(super) name: String,
    /// Kafka's word for it.
    pub(super) state: &'static str,
    pub(super) kind: String,
    pub(super) protocol: String,
    pub(super) members: Vec<DescribedMember>,
}

/// A member as tools show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DescribedMember {
    pub(super) id: String,
    pub(super) instance: Option<String>,
    pub(super) client: String,
    pub(super) host: String,
    pub(super) metadata: Bytes,
    pub(super) share: Bytes,
}

impl Groups {
    /// Returns no groups; `run` is a number that no other run has.
    pub(super) fn new(run: u64) -> Self {
        Self { groups: BTreeMap::new(), run, ids: 0 }
    }

    /// A member joins: the answers to this and to other requests that wait no longer.
    pub(super) fn join(
        &mut self,
        now: Duration,
        ticket: Ticket,
        group: &str,
        mut join: Join,
    ) -> Vec<Answer> {
        if let Err(error) = self.check_join(group, &join) {
            return vec![Answer::refused(ticket, &join.member, error)];
        }
        join.rebalance = join.rebalance.min(REBALANCE_MAX);
        self.ids += 1;
        let client: String = join.client.chars().take(NAME_CHARS).collect();
        let new_id = format!("{client}-{:016x}-{}", self.run, self.ids);
        self.groups
            .entry(group.to_owned())
            .or_insert_with(Group::new)
            .join(now, ticket, join, new_id)
    }

    fn check_join(&self, group: &str, join: &Join) -> Result<(), ResponseError> {
        let instance_bytes = join.instance.as_ref().map_or(0, String::len);
        if group.is_empty() || group.len().max(instance_bytes) > NAME_BYTES_MAX {
            return Err(ResponseError::InvalidGroupId);
        }
        if !(SESSION.0..=SESSION.1).contains(&join.session) {
            return Err(ResponseError::InvalidSessionTimeout);
        }
        let protocols = join.protocols.iter();
        let bytes: usize = protocols.map(|(name, metadata)| name.len() + metadata.len()).sum();
        if bytes.max(join.kind.len()) > METADATA_BYTES_MAX {
            return Err(ResponseError::PolicyViolation);
        }
        let size = |group: &Group| group.members.len() + group.pending.len();
        match self.groups.get(group) {
            Some(known) if known.members.contains_key(&join.member) => return Ok(()),
            Some(known) if known.pending.contains_key(&join.member) => return Ok(()),
            _ if !join.member.is_empty() => return Err(ResponseError::UnknownMemberId),
            Some(known) if size(known) >= MEMBERS_MAX => {
                return Err(ResponseError::GroupMaxSizeReached);
            }
            None if self.groups.len() >= GROUPS_MAX => return Err(ResponseError::PolicyViolation),
            _ => {}
        }
        if self.groups.values().map(size).sum::<usize>() >= MEMBERS_OF_ALL_MAX {
            return Err(ResponseError::GroupMaxSizeReached);
        }
        Ok(())
    }

    /// A member asks for its share.
    pub(super) fn sync(
        &mut self,
        now: Duration,
        ticket: Ticket,
        group: &str,
        sync: Sync,
    ) -> Vec<Answer> {
        if sync.shares.iter().any(|(_, share)| share.len() > METADATA_BYTES_MAX) {
            return vec![Answer::unsynced(ticket, ResponseError::PolicyViolation)];
        }
        match self.groups.get_mut(group) {
            Some(group) => group.sync(now, ticket, sync),
            None => vec![Answer::unsynced(ticket, ResponseError::UnknownMemberId)],
        }
    }

    /// A member lives.
    pub(super) fn heartbeat(
        &mut self,
        now: Duration,
        group: &str,
        member: &str,
        instance: Option<&str>,
        generation: i32,
    ) -> Result<(), ResponseError> {
        let group = self.groups.get_mut(group).ok_or(ResponseError::UnknownMemberId)?;
        group.heartbeat(now, member, instance, generation)
    }

    /// A member leaves: how it went, and answers to others.
    pub(super) fn leave(
        &mut self,
        now: Duration,
        group: &str,
        member: &str,
        instance: Option<&str>,
    ) -> (Result<(), ResponseError>, Vec<Answer>) {
        let mut answers = Vec::new();
        let left = match self.groups.get_mut(group) {
            Some(group) => group.leave(now, member, instance, &mut answers),
            None => Err(ResponseError::UnknownMemberId),
        };
        (left, answers)
    }

    /// Returns whether the offsets of that generation may be stored.
    pub(super) fn may_commit(
        &mut self,
        now: Duration,
        group: &str,
        member: &str,
        instance: Option<&str>,
        generation: i32,
    ) -> Result<(), ResponseError> {
        if group.is_empty() || group.len() > NAME_BYTES_MAX {
            return Err(ResponseError::InvalidGroupId);
        }
        match self.groups.get_mut(group) {
            Some(group) => group.may_commit(now, member, instance, generation),
            None if generation < 0 => Ok(()),
            None => Err(ResponseError::UnknownMemberId),
        }
    }

    /// Nobody waits for the ticket any more.
    pub(super) fn gone(&mut self, now: Duration, group: &str, ticket: Ticket) -> Vec<Answer> {
        let mut answers = Vec::new();
        if let Some(group) = self.groups.get_mut(group) {
            group.gone(now, ticket, &mut answers);
        }
        answers
    }

    /// Does what is due; called some times a second.
    pub(super) fn tick(&mut self, now: Duration) -> Vec<Answer> {
        let mut answers = Vec::new();
        for group in self.groups.values_mut() {
            group.tick(now, &mut answers);
        }
        self.groups.retain(|_, group| group.state != State::Empty || !group.pending.is_empty());
        answers
    }

    /// Returns the names of the groups that have members.
    pub(super) fn names(&self) -> Vec<String> {
        let living = self.groups.iter().filter(|(_, group)| !group.members.is_empty());
        living.map(|(name, _)| name.clone()).collect()
    }

    /// Describes the group, `None` where it has no members.
    pub(super) fn describe(&self, name: &str) -> Option<Described> {
        let group = self.groups.get(name).filter(|group| !group.members.is_empty())?;
        let members = group.members.iter().map(|(id, member)| DescribedMember {
            id: id.clone(),
            instance: member.instance.clone(),
            client: member.client.clone(),
            host: member.host.clone(),
            metadata: member.metadata(&group.protocol),
            share: member.share.clone(),
        });
        Some(Described {
            name: name.to_owned(),
            state: match group.state {
                State::Empty => "Empty",
                State::Preparing { .. } => "PreparingRebalance",
                State::Completing { .. } => "CompletingRebalance",
                State::Stable => "Stable",
            },
            kind: group.kind.clone(),
            protocol: group.protocol.clone(),
            members: members.collect(),
        })
    }
}
