//! What members ask of a group, and what they are answered.

use std::time::Duration;

use bytes::Bytes;
use kafka_protocol::ResponseError;

/// Stands for a request that waits for its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::journal) struct Ticket(pub(in crate::journal) u64);

/// How a member comes to its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::journal) enum FirstId {
    /// With the answer to its join.
    Given,
    /// By an error; it then joins again with it, so that a client that hung up leaves no member.
    AskedBack,
}

/// A member joins, or joins again.
#[derive(Clone, Debug)]
pub(in crate::journal) struct Join {
    /// Empty at first.
    pub(in crate::journal) member: String,
    /// A name that outlives the member's process, where it has one.
    pub(in crate::journal) instance: Option<String>,
    /// What the client calls itself, and where it is.
    pub(in crate::journal) client: String,
    pub(in crate::journal) host: String,
    pub(in crate::journal) first_id: FirstId,
    /// It is gone when nothing was heard of it for so long.
    pub(in crate::journal) session: Duration,
    /// It is left behind when it has not joined again so long after a rebalance began.
    pub(in crate::journal) rebalance: Duration,
    /// "consumer", for consumers.
    pub(in crate::journal) kind: String,
    /// Assignors that it knows, best first, with what each is to know of it.
    pub(in crate::journal) protocols: Vec<(String, Bytes)>,
}

/// A member asks for its share; the leader brings all shares.
#[derive(Clone, Debug)]
pub(in crate::journal) struct Sync {
    pub(in crate::journal) member: String,
    pub(in crate::journal) instance: Option<String>,
    pub(in crate::journal) generation: i32,
    pub(in crate::journal) shares: Vec<(String, Bytes)>,
}

/// An answer to a request that may have waited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::journal) struct Answer {
    pub(in crate::journal) ticket: Ticket,
    pub(in crate::journal) reply: Reply,
}

/// To a join, or to a sync.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::journal) enum Reply {
    Joined(Result<Joined, Refused>),
    Synced(Result<Synced, ResponseError>),
}

/// A member is in the new generation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::journal) struct Joined {
    pub(in crate::journal) member: String,
    pub(in crate::journal) generation: i32,
    pub(in crate::journal) kind: String,
    pub(in crate::journal) protocol: String,
    pub(in crate::journal) leader: String,
    /// For the leader: id, instance and metadata of each member.
    pub(in crate::journal) members: Vec<(String, Option<String>, Bytes)>,
}

/// A join is refused, perhaps with an id to join again with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::journal) struct Refused {
    pub(in crate::journal) member: String,
    pub(in crate::journal) error: ResponseError,
}

/// A member's share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::journal) struct Synced {
    pub(in crate::journal) kind: String,
    pub(in crate::journal) protocol: String,
    pub(in crate::journal) share: Bytes,
}

impl Answer {
    pub(super) fn refused(ticket: Ticket, member: &str, error: ResponseError) -> Self {
        let refused = Refused { member: member.to_owned(), error };
        Self { ticket, reply: Reply::Joined(Err(refused)) }
    }

    pub(super) fn unsynced(ticket: Ticket, error: ResponseError) -> Self {
        Self { ticket, reply: Reply::Synced(Err(error)) }
    }
}
