//! One group: its members, its generations, and which rebalance it is in.
//!
//! Time is passed in, and answers are returned as values, so that nothing here waits.
//!
//! Source: Kafka's classic group protocol as its clients see it; KIP-62 (rebalance time-out), KIP-134
//! (delay of the first rebalance), KIP-394 (ids asked back), KIP-345 (instances).

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use kafka_protocol::ResponseError;

use super::exchange::{Answer, FirstId, Join, Joined, Reply, Sync, Synced, Ticket};

/// Wait for more members before the first generation; Kafka waits 3 s, we start on one machine.
pub(super) const FIRST_DELAY: Duration = Duration::from_millis(500);

/// Where a group is between two generations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// No members.
    Empty,
    /// Members are to join again: from `after` on as soon as all have, at `until` at the latest.
    Preparing { after: Duration, until: Duration },
    /// Members have joined, and wait for the leader's shares until then.
    Completing { until: Duration },
    /// Each has its share.
    Stable,
}

/// A member.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) instance: Option<String>,
    pub(super) client: String,
    pub(super) host: String,
    session: Duration,
    rebalance: Duration,
    protocols: Vec<(String, Bytes)>,
    pub(super) share: Bytes,
    /// It is gone at that time, unless it is heard of or waits.
    deadline: Duration,
    joining: Option<Ticket>,
    syncing: Option<Ticket>,
    /// Whether it was told its id; a connection that ends before leaves nobody who could come back.
    told: bool,
}

/// One group.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) state: State,
    pub(super) kind: String,
    pub(super) protocol: String,
    generation: i32,
    leader: String,
    pub(super) members: BTreeMap<String, Member>,
    /// Ids that were asked back, and until when they are good.
    pub(super) pending: BTreeMap<String, Duration>,
}

impl Group {
    pub(super) fn new() -> Self {
        Self {
            state: State::Empty,
            kind: String::new(),
            protocol: String::new(),
            generation: 0,
            leader: String::new(),
            members: BTreeMap::new(),
            pending: BTreeMap::new(),
        }
    }

    /// Takes a member in; `new_id` is for one that has none.
    pub(super) fn join(
        &mut self,
        now: Duration,
        ticket: Ticket,
        join: Join,
        new_id: String,
    ) -> Vec<Answer> {
        let refuse = |member: &str, error| vec![Answer::refused(ticket, member, error)];
        if !self.is_compatible(&join) {
            return refuse(&join.member, ResponseError::InconsistentGroupProtocol);
        }
        let holder = self.holder(join.instance.as_deref());
        let mut answers = Vec::new();
        let id = if join.member.is_empty() {
            if let Some(holder) = holder {
                self.fence(&holder, &mut answers);
            } else if join.first_id == FirstId::AskedBack && join.instance.is_none() {
                self.pending.insert(new_id.clone(), now + join.session);
                return refuse(&new_id, ResponseError::MemberIdRequired);
            }
            new_id
        } else {
            if holder.is_some_and(|holder| holder != join.member) {
                return refuse(&join.member, ResponseError::FencedInstanceId);
            }
            let pending = self.pending.remove(&join.member).is_some();
            if !pending && !self.members.contains_key(&join.member) {
                return refuse(&join.member, ResponseError::UnknownMemberId);
            }
            join.member.clone()
        };
        self.enter(now, ticket, join, id, &mut answers);
        answers
    }

    fn enter(
        &mut self,
        now: Duration,
        ticket: Ticket,
        join: Join,
        id: String,
        answers: &mut Vec<Answer>,
    ) {
        if self.members.is_empty() {
            self.kind.clone_from(&join.kind);
        }
        if let Some(member) = self.members.get_mut(&id) {
            member.deadline = now + join.session;
            let same = member.protocols == join.protocols;
            // It missed our answer, or asks again though nothing is new: it is told the same again.
            let settled = match self.state {
                State::Completing { .. } => same,
                State::Stable => same && self.leader != id,
                State::Empty | State::Preparing { .. } => false,
            };
            if settled {
                answers.push(Answer { ticket, reply: Reply::Joined(Ok(self.joined(&id))) });
                return;
            }
        }
        let earlier = self.members.remove(&id);
        if let Some(earlier) = &earlier {
            earlier.dismiss(&id, ResponseError::RebalanceInProgress, answers);
        }
        let told = earlier.is_some() || !join.member.is_empty();
        let member = Member {
            instance: join.instance,
            client: join.client,
            host: join.host,
            session: join.session,
            rebalance: join.rebalance,
            protocols: join.protocols,
            share: earlier.map(|member| member.share).unwrap_or_default(),
            deadline: now + join.session,
            joining: Some(ticket),
            syncing: None,
            told,
        };
        self.members.insert(id, member);
        self.prepare(now, answers);
        self.complete_if_due(now, answers);
    }

    /// Answers with the member's share, now or when the leader brings it.
    pub(super) fn sync(&mut self, now: Duration, ticket: Ticket, sync: Sync) -> Vec<Answer> {
        let checked = self.check(&sync.member, sync.instance.as_deref(), sync.generation);
        if let Err(error) = checked {
            return vec![Answer::unsynced(ticket, error)];
        }
        self.touch(now, &sync.member);
        match self.state {
            State::Stable => vec![self.synced(ticket, &sync.member)],
            State::Completing { .. } => {
                let member = self.members.get_mut(&sync.member);
                let earlier = member.and_then(|member| member.syncing.replace(ticket));
                let error = ResponseError::RebalanceInProgress;
                let mut answers: Vec<Answer> =
                    earlier.map(|ticket| Answer::unsynced(ticket, error)).into_iter().collect();
                if self.leader == sync.member {
                    answers.extend(self.settle(now, sync.shares));
                }
                answers
            }
            State::Empty | State::Preparing { .. } => {
                vec![Answer::unsynced(ticket, ResponseError::RebalanceInProgress)]
            }
        }
    }

    /// Notes that the member lives.
    pub(super) fn heartbeat(
        &mut self,
        now: Duration,
        member: &str,
        instance: Option<&str>,
        generation: i32,
    ) -> Result<(), ResponseError> {
        self.check(member, instance, generation)?;
        self.touch(now, member);
        match self.state {
            State::Preparing { .. } => Err(ResponseError::RebalanceInProgress),
            _ => Ok(()),
        }
    }

    /// Lets a member go, by its id or its instance.
    pub(super) fn leave(
        &mut self,
        now: Duration,
        member: &str,
        instance: Option<&str>,
        answers: &mut Vec<Answer>,
    ) -> Result<(), ResponseError> {
        let id = match self.holder(instance) {
            Some(holder) if member.is_empty() || member == holder => holder,
            Some(_) => return Err(ResponseError::FencedInstanceId),
            None => member.to_owned(),
        };
        if self.pending.remove(&id).is_none() && !self.members.contains_key(&id) {
            return Err(ResponseError::UnknownMemberId);
        }
        self.remove(now, &[id], answers);
        Ok(())
    }

    /// Returns whether offsets of that generation may be stored; without a member, they may where
    /// there are none.
    pub(super) fn may_commit(
        &mut self,
        now: Duration,
        member: &str,
        instance: Option<&str>,
        generation: i32,
    ) -> Result<(), ResponseError> {
        if generation < 0 && self.members.is_empty() {
            return Ok(());
        }
        self.check(member, instance, generation)?;
        self.touch(now, member);
        match self.state {
            State::Completing { .. } => Err(ResponseError::RebalanceInProgress),
            _ => Ok(()),
        }
    }

    /// Notes that nobody waits for the ticket any more.
    pub(super) fn gone(&mut self, now: Duration, ticket: Ticket, answers: &mut Vec<Answer>) {
        let mut lost = Vec::new();
        for (id, member) in &mut self.members {
            if member.joining == Some(ticket) {
                member.joining = None;
                member.deadline = now + member.session;
                if !member.told {
                    lost.push(id.clone());
                }
            }
            if member.syncing == Some(ticket) {
                member.syncing = None;
                member.deadline = now + member.session;
            }
        }
        self.remove(now, &lost, answers);
    }

    /// Does what is due: ids and members that were not heard of go, rebalances end.
    pub(super) fn tick(&mut self, now: Duration, answers: &mut Vec<Answer>) {
        self.pending.retain(|_, until| *until > now);
        let overdue = matches!(self.state, State::Completing { until } if until <= now);
        let lost: Vec<String> = self
            .members
            .iter()
            .filter(|(_, member)| {
                let waits = member.joining.is_some() || member.syncing.is_some();
                !waits && (overdue || member.deadline <= now)
            })
            .map(|(id, _)| id.clone())
            .collect();
        self.remove(now, &lost, answers);
        self.complete_if_due(now, answers);
    }

    /// Members share an assignor, and are of one kind.
    fn is_compatible(&self, join: &Join) -> bool {
        let mut others = self.members.iter().filter(|(id, _)| **id != join.member).peekable();
        if join.protocols.is_empty() || others.peek().is_some() && self.kind != join.kind {
            return false;
        }
        let others: Vec<&Member> = others.map(|(_, member)| member).collect();
        let mut names = join.protocols.iter().map(|(name, _)| name);
        names.any(|name| others.iter().all(|other| other.knows(name)))
    }

    /// Returns the member of that instance.
    fn holder(&self, instance: Option<&str>) -> Option<String> {
        let instance = instance?;
        let mut members = self.members.iter();
        let found = members.find(|(_, member)| member.instance.as_deref() == Some(instance));
        found.map(|(id, _)| id.clone())
    }

    /// The instance came back as another process: the earlier member ends.
    fn fence(&mut self, id: &str, answers: &mut Vec<Answer>) {
        let Some(member) = self.members.remove(id) else { return };
        member.dismiss(id, ResponseError::FencedInstanceId, answers);
    }

    fn check(
        &self,
        member: &str,
        instance: Option<&str>,
        generation: i32,
    ) -> Result<(), ResponseError> {
        if self.holder(instance).is_some_and(|holder| holder != member) {
            return Err(ResponseError::FencedInstanceId);
        }
        if !self.members.contains_key(member) {
            return Err(ResponseError::UnknownMemberId);
        }
        if generation != self.generation {
            return Err(ResponseError::IllegalGeneration);
        }
        Ok(())
    }

    fn touch(&mut self, now: Duration, member: &str) {
        if let Some(member) = self.members.get_mut(member) {
            member.deadline = now + member.session;
        }
    }

    fn remove(&mut self, now: Duration, ids: &[String], answers: &mut Vec<Answer>) {
        let mut removed = false;
        for id in ids {
            let Some(member) = self.members.remove(id) else { continue };
            removed = true;
            member.dismiss(id, ResponseError::UnknownMemberId, answers);
        }
        if removed {
            self.prepare(now, answers);
        }
        self.complete_if_due(now, answers);
    }

    /// Begins a rebalance, unless one has begun.
    fn prepare(&mut self, now: Duration, answers: &mut Vec<Answer>) {
        let after = match self.state {
            State::Preparing { .. } => return,
            State::Empty => now + FIRST_DELAY,
            State::Completing { .. } | State::Stable => now,
        };
        for member in self.members.values_mut() {
            let syncing = member.syncing.take();
            let error = ResponseError::RebalanceInProgress;
            answers.extend(syncing.map(|ticket| Answer::unsynced(ticket, error)));
        }
        self.state = State::Preparing { after, until: now + self.patience() };
    }

    /// The longest that any member may take to join again.
    fn patience(&self) -> Duration {
        let longest = self.members.values().map(|member| member.rebalance).max();
        longest.unwrap_or_default().max(FIRST_DELAY)
    }

    fn complete_if_due(&mut self, now: Duration, answers: &mut Vec<Answer>) {
        let State::Preparing { after, until } = self.state else { return };
        let all =
            self.pending.is_empty() && self.members.values().all(|member| member.joining.is_some());
        if now < until && !(all && (now >= after || self.members.is_empty())) {
            return;
        }
        self.members.retain(|_, member| member.joining.is_some());
        self.generation = self.generation.wrapping_add(1).max(1);
        if self.members.is_empty() {
            self.state = State::Empty;
            self.protocol.clear();
            self.leader.clear();
            return;
        }
        self.protocol = self.choose();
        if !self.members.contains_key(&self.leader) {
            let first = self.members.iter().min_by_key(|(_, member)| member.joining);
            self.leader = first.map(|(id, _)| id.clone()).unwrap_or_default();
        }
        self.state = State::Completing { until: now + self.patience() };
        let ids: Vec<String> = self.members.keys().cloned().collect();
        for id in ids {
            let reply = Reply::Joined(Ok(self.joined(&id)));
            let Some(member) = self.members.get_mut(&id) else { continue };
            member.told = true;
            member.deadline = now + member.session;
            answers.extend(member.joining.take().map(|ticket| Answer { ticket, reply }));
        }
    }

    /// Of the assignors that all know, the one that most like best.
    fn choose(&self) -> String {
        let common = |name: &str| self.members.values().all(|member| member.knows(name));
        let mut votes: BTreeMap<&str, usize> = BTreeMap::new();
        for member in self.members.values() {
            let mut names = member.protocols.iter().map(|(name, _)| name.as_str());
            if let Some(name) = names.find(|name| common(name)) {
                *votes.entry(name).or_default() += 1;
            }
        }
        let best = votes.into_iter().max_by_key(|(_, votes)| *votes);
        best.map(|(name, _)| name.to_owned()).unwrap_or_default()
    }

    /// What a member of this generation is told.
    fn joined(&self, id: &str) -> Joined {
        let member = |(id, member): (&String, &Member)| {
            (id.clone(), member.instance.clone(), member.metadata(&self.protocol))
        };
        let leads = self.leader == id;
        Joined {
            member: id.to_owned(),
            generation: self.generation,
            kind: self.kind.clone(),
            protocol: self.protocol.clone(),
            leader: self.leader.clone(),
            members: if leads { self.members.iter().map(member).collect() } else { Vec::new() },
        }
    }

    /// The leader has brought the shares.
    fn settle(&mut self, now: Duration, shares: Vec<(String, Bytes)>) -> Vec<Answer> {
        self.state = State::Stable;
        for member in self.members.values_mut() {
            member.share = Bytes::new();
            member.deadline = now + member.session;
        }
        for (id, share) in shares {
            if let Some(member) = self.members.get_mut(&id) {
                member.share = share;
            }
        }
        let waiting: Vec<(Ticket, String)> = self
            .members
            .iter_mut()
            .filter_map(|(id, member)| Some((member.syncing.take()?, id.clone())))
            .collect();
        waiting.into_iter().map(|(ticket, id)| self.synced(ticket, &id)).collect()
    }

    fn synced(&self, ticket: Ticket, id: &str) -> Answer {
        let share = self.members.get(id).map(|member| member.share.clone()).unwrap_or_default();
        let synced = Synced { kind: self.kind.clone(), protocol: self.protocol.clone(), share };
        Answer { ticket, reply: Reply::Synced(Ok(synced)) }
    }
}

impl Member {
    /// Answers what waits of it.
    fn dismiss(&self, id: &str, error: ResponseError, answers: &mut Vec<Answer>) {
        answers.extend(self.joining.map(|ticket| Answer::refused(ticket, id, error)));
        answers.extend(self.syncing.map(|ticket| Answer::unsynced(ticket, error)));
    }

    fn knows(&self, protocol: &str) -> bool {
        self.protocols.iter().any(|(name, _)| name == protocol)
    }

    /// Returns what it wants the assignor to know.
    pub(super) fn metadata(&self, protocol: &str) -> Bytes {
        let known = self.protocols.iter().find(|(name, _)| name == protocol);
        known.map(|(_, metadata)| metadata.clone()).unwrap_or_default()
    }
}
