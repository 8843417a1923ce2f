//! The state machine by itself: seconds pass because a test says so.

use std::time::Duration;

use bytes::Bytes;
use kafka_protocol::ResponseError;

use super::*;

const SESSION_S: u64 = 10;
const REBALANCE_S: u64 = 60;

fn at(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn join(member: &str, protocols: &[&str]) -> Join {
    let named = |name: &&str| ((*name).to_owned(), Bytes::from(format!("{name} of {member}")));
    Join {
        member: member.to_owned(),
        instance: None,
        client: "test".to_owned(),
        host: "/127.0.0.1".to_owned(),
        first_id: FirstId::Given,
        session: at(SESSION_S),
        rebalance: at(REBALANCE_S),
        kind: "consumer".to_owned(),
        protocols: protocols.iter().map(named).collect(),
    }
}

fn sync(joined: &Joined, shares: &[(&str, &'static str)]) -> Sync {
    let share = |(id, share): &(&str, &'static str)| ((*id).to_owned(), Bytes::from(*share));
    Sync {
        member: joined.member.clone(),
        instance: None,
        generation: joined.generation,
        shares: shares.iter().map(share).collect(),
    }
}

/// Groups, with a ticket for each request.
struct Bench {
    groups: Groups,
    tickets: u64,
}

impl Bench {
    fn new() -> Self {
        Self { groups: Groups::new(7), tickets: 0 }
    }

    fn ticket(&mut self) -> Ticket {
        self.tickets += 1;
        Ticket(self.tickets)
    }

    fn join(&mut self, now: Duration, join: Join) -> (Ticket, Vec<Answer>) {
        let ticket = self.ticket();
        (ticket, self.groups.join(now, ticket, "g", join))
    }

    fn sync(&mut self, now: Duration, sync: Sync) -> (Ticket, Vec<Answer>) {
        let ticket = self.ticket();
        (ticket, self.groups.sync(now, ticket, "g", sync))
    }

    /// A group of so many members, each with its share; it began at second 0 and stands at 1.
    fn stable(members: usize) -> (Self, Vec<Joined>) {
        let mut bench = Self::new();
        for _ in 0..members {
            assert_eq!(bench.join(at(0), join("", &["range"])).1, []);
        }
        let joined = joins(&bench.groups.tick(at(1)));
        assert_eq!(joined.len(), members);
        let (leader, others): (Vec<_>, Vec<_>) =
            joined.iter().cloned().partition(|joined| joined.member == joined.leader);
        for other in &others {
            assert_eq!(bench.sync(at(1), sync(other, &[])).1, []);
        }
        let shares: Vec<(&str, &str)> =
            joined.iter().map(|joined| (joined.member.as_str(), "share")).collect();
        assert_eq!(bench.sync(at(1), sync(&leader[0], &shares)).1.len(), members);
        (bench, joined)
    }

    fn beat(&mut self, now: Duration, joined: &Joined) -> Result<(), ResponseError> {
        self.groups.heartbeat(now, "g", &joined.member, None, joined.generation)
    }
}

fn joins(answers: &[Answer]) -> Vec<Joined> {
    let joined = answers.iter().filter_map(|answer| match &answer.reply {
        Reply::Joined(Ok(joined)) => Some(joined.clone()),
        _ => None,
    });
    joined.collect()
}

fn refusals(answers: &[Answer]) -> Vec<ResponseError> {
    let refused = answers.iter().filter_map(|answer| match &answer.reply {
        Reply::Joined(Err(refused)) => Some(refused.error),
        Reply::Synced(Err(error)) => Some(*error),
        _ => None,
    });
    refused.collect()
}

#[test]
fn first_members_wait_a_moment_for_each_other() {
    let mut bench = Bench::new();
    assert_eq!(bench.join(at(0), join("", &["range"])).1, []);
    assert_eq!(bench.groups.tick(Duration::from_millis(499)), []);
    assert_eq!(bench.join(Duration::from_millis(499), join("", &["range"])).1, []);
    let joined = joins(&bench.groups.tick(Duration::from_millis(500)));
    assert_eq!(joined.len(), 2);
    assert!(joined.iter().all(|joined| joined.generation == 1 && joined.protocol == "range"));
    let leading: Vec<_> = joined.iter().filter(|joined| joined.member == joined.leader).collect();
    assert_eq!(leading.len(), 1);
    assert_eq!(leading[0].members.len(), 2, "the leader knows all");
}

#[test]
fn shares_come_with_the_leaders() {
    let (mut bench, joined) = Bench::stable(2);
    for member in &joined {
        let (_, answers) = bench.sync(at(2), sync(member, &[]));
        let Reply::Synced(Ok(synced)) = &answers[0].reply else { panic!("{answers:?}") };
        assert_eq!(synced.share, "share");
    }
}

#[test]
fn an_id_is_asked_back_once() {
    let mut bench = Bench::new();
    let newer = |member: &str| Join { first_id: FirstId::AskedBack, ..join(member, &["range"]) };
    let (_, answers) = bench.join(at(0), newer(""));
    let Reply::Joined(Err(refused)) = &answers[0].reply else { panic!("{answers:?}") };
    assert_eq!(refused.error, ResponseError::MemberIdRequired);
    assert_eq!(bench.join(at(0), newer(&refused.member)).1, []);
    assert_eq!(joins(&bench.groups.tick(at(1))).len(), 1);
    // An id that was not used in time is good no more.
    let (_, answers) = bench.join(at(2), newer(""));
    let Reply::Joined(Err(refused)) = &answers[0].reply else { panic!("{answers:?}") };
    bench.groups.tick(at(2 + SESSION_S));
    let (_, answers) = bench.join(at(2 + SESSION_S), newer(&refused.member));
    assert_eq!(refusals(&answers), [ResponseError::UnknownMemberId]);
}

#[test]
fn one_that_comes_later_makes_all_join_again() {
    let (mut bench, joined) = Bench::stable(2);
    assert_eq!(bench.beat(at(2), &joined[0]), Ok(()));
    assert_eq!(bench.join(at(2), join("", &["range"])).1, []);
    assert_eq!(bench.beat(at(3), &joined[0]), Err(ResponseError::RebalanceInProgress));
    assert_eq!(bench.join(at(3), join(&joined[0].member, &["range"])).1, []);
    let (_, answers) = bench.join(at(3), join(&joined[1].member, &["range"]));
    let again = joins(&answers);
    assert_eq!(again.len(), 3, "complete as soon as the last has joined");
    assert!(again.iter().all(|joined| joined.generation == 2));
    assert_eq!(again[0].leader, joined[0].leader, "the leader stays");
}

#[test]
fn a_silent_member_is_gone_after_its_session() {
    let (mut bench, joined) = Bench::stable(2);
    let beats = at(SESSION_S);
    assert_eq!(bench.beat(beats, &joined[0]), Ok(()));
    bench.groups.tick(at(1 + SESSION_S));
    assert_eq!(bench.beat(at(12), &joined[1]), Err(ResponseError::UnknownMemberId));
    assert_eq!(bench.beat(at(12), &joined[0]), Err(ResponseError::RebalanceInProgress));
    let (_, answers) = bench.join(at(12), join(&joined[0].member, &["range"]));
    assert_eq!(joins(&answers)[0].members.len(), 1);
}

#[test]
fn one_that_does_not_join_again_is_left_behind() {
    let (mut bench, joined) = Bench::stable(2);
    bench.join(at(2), join("", &["range"]));
    bench.join(at(2), join(&joined[0].member, &["range"]));
    for second in 3..2 + REBALANCE_S {
        let _told_to_join = bench.beat(at(second), &joined[1]);
        assert_eq!(bench.groups.tick(at(second)), [], "second {second}");
    }
    assert_eq!(joins(&bench.groups.tick(at(2 + REBALANCE_S))).len(), 2);
    assert_eq!(bench.beat(at(63), &joined[1]), Err(ResponseError::UnknownMemberId));
}

#[test]
fn a_leader_that_brings_no_shares_is_replaced() {
    let mut bench = Bench::new();
    bench.join(at(0), join("", &["range"]));
    bench.join(at(0), join("", &["range"]));
    let joined = joins(&bench.groups.tick(at(1)));
    let other = joined.iter().find(|joined| joined.member != joined.leader).unwrap();
    assert_eq!(bench.sync(at(1), sync(other, &[])).1, []);
    let answers = bench.groups.tick(at(1 + SESSION_S));
    assert_eq!(refusals(&answers), [ResponseError::RebalanceInProgress]);
    let (_, answers) = bench.join(at(12), join(&other.member, &["range"]));
    assert_eq!(joins(&answers)[0].leader, other.member);
}

#[test]
fn a_member_that_leaves_is_not_waited_for() {
    let (mut bench, joined) = Bench::stable(2);
    let (left, _) = bench.groups.leave(at(2), "g", &joined[1].member, None);
    assert_eq!(left, Ok(()));
    let (_, answers) = bench.join(at(2), join(&joined[0].member, &["range"]));
    assert_eq!(joins(&answers).len(), 1);
    let (left, _) = bench.groups.leave(at(3), "g", &joined[1].member, None);
    assert_eq!(left, Err(ResponseError::UnknownMemberId));
}

#[test]
fn one_that_hangs_up_before_it_knew_its_id_leaves_nothing() {
    let mut bench = Bench::new();
    let (ticket, _) = bench.join(at(0), join("", &["range"]));
    assert_eq!(refusals(&bench.groups.gone(at(0), "g", ticket)), []);
    assert_eq!(bench.groups.tick(at(1)), []);
    assert_eq!(bench.groups.describe("g"), None);
}

#[test]
fn the_assignor_that_all_know_is_taken() {
    let mut bench = Bench::new();
    bench.join(at(0), join("", &["sticky", "range"]));
    bench.join(at(0), join("", &["range"]));
    let (_, answers) = bench.join(at(0), join("", &["roundrobin"]));
    assert_eq!(refusals(&answers), [ResponseError::InconsistentGroupProtocol]);
    let joined = joins(&bench.groups.tick(at(1)));
    assert_eq!(joined.len(), 2);
    assert_eq!(joined[0].protocol, "range");
}

#[test]
fn only_members_of_the_generation_commit() {
    let (mut bench, joined) = Bench::stable(1);
    let mut may =
        |member: &str, generation| bench.groups.may_commit(at(2), "g", member, None, generation);
    assert_eq!(may(&joined[0].member, 1), Ok(()));
    assert_eq!(may(&joined[0].member, 0), Err(ResponseError::IllegalGeneration));
    assert_eq!(may("nobody", 1), Err(ResponseError::UnknownMemberId));
    assert_eq!(may("", -1), Err(ResponseError::UnknownMemberId), "while there are members");
    let mut may = |group, generation| bench.groups.may_commit(at(2), group, "", None, generation);
    assert_eq!(may("other", -1), Ok(()), "a consumer without a group's members");
    assert_eq!(may("other", 3), Err(ResponseError::UnknownMemberId), "of before a restart");
    assert_eq!(may("", -1), Err(ResponseError::InvalidGroupId));
}

#[test]
fn an_instance_that_comes_back_fences_its_earlier_self() {
    let mut bench = Bench::new();
    let named = |member: &str| Join { instance: Some("i".to_owned()), ..join(member, &["range"]) };
    bench.join(at(0), named(""));
    let earlier = joins(&bench.groups.tick(at(1))).remove(0);
    let (_, answers) = bench.join(at(2), named(""));
    let later = joins(&[answers, bench.groups.tick(at(3))].concat()).remove(0);
    assert_ne!(earlier.member, later.member);
    let beat = |bench: &mut Bench, joined: &Joined| {
        bench.groups.heartbeat(at(3), "g", &joined.member, Some("i"), joined.generation)
    };
    assert_eq!(beat(&mut bench, &earlier), Err(ResponseError::FencedInstanceId));
    assert_eq!(beat(&mut bench, &later), Ok(()));
}

#[test]
fn limits_are_told() {
    let mut bench = Bench::new();
    for _ in 0..MEMBERS_MAX {
        assert_eq!(bench.join(at(0), join("", &["range"])).1, []);
    }
    let full = bench.join(at(0), join("", &["range"])).1;
    assert_eq!(refusals(&full), [ResponseError::GroupMaxSizeReached]);

    let large = Join {
        protocols: vec![("range".to_owned(), Bytes::from(vec![0; METADATA_BYTES_MAX]))],
        ..join("", &[])
    };
    let ticket = bench.ticket();
    let answers = bench.groups.join(at(0), ticket, "h", large);
    assert_eq!(refusals(&answers), [ResponseError::PolicyViolation]);

    let hasty = Join { session: Duration::ZERO, ..join("", &["range"]) };
    let ticket = bench.ticket();
    let answers = bench.groups.join(at(0), ticket, "h", hasty);
    assert_eq!(refusals(&answers), [ResponseError::InvalidSessionTimeout]);
}

#[test]
fn whatever_members_do_every_join_is_answered_once_in_the_end() {
    for seed in 1..=200_u64 {
        let mut bench = Bench::new();
        let mut random = seed;
        let mut draw = |below: u64| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            random % below
        };
        let mut open: Vec<Ticket> = Vec::new();
        let mut known: Vec<Joined> = Vec::new();
        let mut now = at(0);
        for _ in 0..300 {
            now += Duration::from_millis(draw(3_000));
            let one = known.get(draw(4) as usize).cloned();
            let (ticket, answers) = match (draw(6), one) {
                (0, _) => bench.join(now, join("", &["range"])),
                (1, Some(one)) => bench.join(now, join(&one.member, &["range"])),
                (2, Some(one)) => {
                    let shares = [(one.member.as_str(), "share")];
                    bench.sync(now, sync(&one, &shares))
                }
                (3, Some(one)) => {
                    let (_, answers) = bench.groups.leave(now, "g", &one.member, None);
                    (Ticket(0), answers)
                }
                (4, Some(one)) => {
                    let _any = bench.beat(now, &one);
                    (Ticket(0), Vec::new())
                }
                _ => (Ticket(0), bench.groups.tick(now)),
            };
            if ticket != Ticket(0) {
                open.push(ticket);
            }
            for answer in &answers {
                let place = open.iter().position(|open| *open == answer.ticket);
                open.remove(place.unwrap_or_else(|| panic!("seed {seed}: {answer:?} twice")));
            }
            known.splice(0..0, joins(&answers));
            known.truncate(4);
        }
        for _ in 0..200 {
            now += at(1);
            for answer in bench.groups.tick(now) {
                open.retain(|open| *open != answer.ticket);
            }
        }
        assert_eq!(open, [], "seed {seed}");
        assert_eq!(bench.groups.describe("g"), None, "seed {seed}");
    }
}
