//! Consumer groups on the journal: members share partitions, and outlive each other and the server.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use borderwire::message::Topic;
use rdkafka::ClientConfig;
use rdkafka::Message;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer};

use crate::journal_support::{PATIENCE, Process, Served, has, lines_of, records, settings, skip};

/// How long a poll waits; the loops around it wait for what they want to see.
const POLL: Duration = Duration::from_millis(100);

/// Returns a member of the group that commits when it is told to.
fn member(address: std::net::SocketAddr, group: &str) -> BaseConsumer {
    member_with(address, group, &[])
}

/// The same with other settings.
fn member_with(
    address: std::net::SocketAddr,
    group: &str,
    settings: &[(&str, &str)],
) -> BaseConsumer {
    let mut config = ClientConfig::new();
    config
        .set("bootstrap.servers", address.to_string())
        .set("group.id", group)
        .set("auto.offset.reset", "earliest")
        .set("enable.auto.commit", "false")
        .set("session.timeout.ms", "2000")
        .set("heartbeat.interval.ms", "300")
        .set("check.crcs", "true")
        .set("reconnect.backoff.max.ms", "500");
    for (name, value) in settings {
        config.set(*name, *value);
    }
    let consumer: BaseConsumer = config.create().unwrap();
    consumer.subscribe(&[Topic::Events.name()]).unwrap();
    consumer
}

/// Polls the consumers in turn until the condition holds, and returns the numbers that they read.
fn poll_until(
    consumers: &[&BaseConsumer],
    what: &str,
    mut condition: impl FnMut(&[u64]) -> bool,
) -> Vec<u64> {
    let end = std::time::Instant::now() + PATIENCE;
    let mut numbers = Vec::new();
    while !condition(&numbers) {
        assert!(std::time::Instant::now() < end, "waited in vain: {what}, {numbers:?}");
        for consumer in consumers {
            // Errors while the server is away are what is tested.
            if let Some(Ok(message)) = consumer.poll(POLL) {
                let value = std::str::from_utf8(message.payload().unwrap()).unwrap();
                numbers.push(value.strip_prefix("value-").unwrap().parse().unwrap());
            }
        }
    }
    numbers
}

fn partitions(consumer: &BaseConsumer) -> BTreeSet<i32> {
    let assignment = consumer.assignment().unwrap();
    assignment
        .elements()
        .iter()
        .map(rdkafka::topic_partition_list::TopicPartitionListElem::partition)
        .collect()
}

/// Returns the sum of the offsets that are committed of the consumer's partitions.
fn committed(consumer: &BaseConsumer) -> i64 {
    let Ok(offsets) = consumer.committed(PATIENCE) else { return 0 };
    offsets
        .elements()
        .iter()
        .filter_map(|element| element.offset().to_raw())
        .map(|at| at.max(0))
        .sum()
}

#[test]
fn two_members_share_the_partitions_and_one_that_leaves_gives_its_share_back() {
    let served = Served::new();
    served.journal.append(&records(Topic::Events, 0..100)).unwrap();
    let first = member(served.address, "pair");
    let seen = poll_until(&[&first], "all of it", |seen| seen.len() == 100);
    assert_eq!(seen.iter().copied().collect::<BTreeSet<_>>(), (0..100).collect());
    first.commit_consumer_state(CommitMode::Sync).unwrap();

    let second = member(served.address, "pair");
    let shared = || partitions(&first).len() == 2 && partitions(&second).len() == 2;
    let repeated = poll_until(&[&first, &second], "two each", |_| shared());
    assert_eq!(repeated, Vec::<u64>::new(), "committed records are not read again");
    assert!(partitions(&first).is_disjoint(&partitions(&second)));
    served.journal.append(&records(Topic::Events, 100..200)).unwrap();
    let seen = poll_until(&[&first, &second], "all new", |seen| seen.len() == 100);
    assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), (100..200).collect());

    drop(second);
    poll_until(&[&first], "four again", |_| partitions(&first).len() == 4);
}

#[test]
fn members_that_rebalance_step_by_step_share_the_partitions() {
    let served = Served::new();
    let settings = [("partition.assignment.strategy", "cooperative-sticky")];
    let first = member_with(served.address, "steps", &settings);
    poll_until(&[&first], "four", |_| partitions(&first).len() == 4);
    let second = member_with(served.address, "steps", &settings);
    let shared = || partitions(&first).len() == 2 && partitions(&second).len() == 2;
    poll_until(&[&first, &second], "two each", |_| shared());
    assert!(partitions(&first).is_disjoint(&partitions(&second)));
    drop(first);
    poll_until(&[&second], "four again", |_| partitions(&second).len() == 4);
}

#[test]
fn an_instance_that_restarts_takes_its_place_again() {
    let served = Served::new();
    let named = |name| member_with(served.address, "named", &[("group.instance.id", name)]);
    let (first, second) = (named("one"), named("two"));
    let both =
        |a: &BaseConsumer, b: &BaseConsumer| partitions(a).len() == 2 && partitions(b).len() == 2;
    poll_until(&[&first, &second], "two each", |_| both(&first, &second));
    // An instance does not leave when it closes; it comes back under its name.
    drop(second);
    let second = named("two");
    poll_until(&[&first, &second], "two each again", |_| both(&first, &second));
    assert!(partitions(&first).is_disjoint(&partitions(&second)));
}

#[test]
fn a_killed_member_is_noticed_and_its_partitions_are_read_by_the_other() {
    if !has("kcat") {
        let test = "a_killed_member_is_noticed_and_its_partitions_are_read_by_the_other";
        return skip(test, "kcat");
    }
    let served = Served::new();
    let first = member(served.address, "mortal");
    poll_until(&[&first], "four", |_| partitions(&first).len() == 4);
    let broker = served.address.to_string();
    let settings = "session.timeout.ms=2000,heartbeat.interval.ms=300";
    let mut other = Command::new("kcat")
        .args(["-b", &broker, "-G", "mortal", "-X", settings, Topic::Events.name()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    poll_until(&[&first], "two", |_| partitions(&first).len() == 2);
    other.kill().unwrap();
    other.wait().unwrap();
    poll_until(&[&first], "four again", |_| partitions(&first).len() == 4);
}

#[test]
fn committed_offsets_outlive_a_kill_of_the_server() {
    let dir = tempfile::tempdir().unwrap();
    let mut server = Process::start(dir.path(), 0);
    let port = server.address.port();
    server.append(Topic::Events, 0..100);
    let consumer = member(server.address, "steady");
    let seen = poll_until(&[&consumer], "all of it", |seen| seen.len() == 100);
    assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), (0..100).collect());
    consumer.commit_consumer_state(CommitMode::Sync).unwrap();

    server.kill();
    let mut server = Process::start(dir.path(), port);
    server.append(Topic::Events, 100..150);
    // The same consumer finds back; what it had committed is not read again. It joins the group
    // anew, since a group's members are not kept, and may read twice what it could not commit.
    let seen = poll_until(&[&consumer], "all new, committed", |_| {
        let _refused_before_it_joined = consumer.commit_consumer_state(CommitMode::Sync);
        committed(&consumer) == 150
    });
    assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), (100..150).collect());
    drop(consumer);

    // Nor by another that comes after one more kill.
    server.kill();
    let mut server = Process::start(dir.path(), port);
    server.append(Topic::Events, 150..160);
    let consumer = member(server.address, "steady");
    let seen = poll_until(&[&consumer], "the newest", |seen| seen.len() == 10);
    assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), (150..160).collect());
}

#[test]
fn records_that_were_acknowledged_outlive_a_kill_in_the_middle_of_writing() {
    const KILLS: u64 = 10;
    const BATCH: u64 = 7;
    let dir = tempfile::tempdir().unwrap();
    let mut acknowledged = 0;
    for kill in 0..KILLS {
        let mut server = Process::start(dir.path(), 0);
        for _ in 0..=kill {
            server.append(Topic::Events, acknowledged..acknowledged + BATCH);
            acknowledged += BATCH;
        }
        // One more is under way when the process dies: it is there whole, or not at all.
        server.send(Topic::Events, 1_000_000 + kill * BATCH..1_000_000 + (kill + 1) * BATCH);
        server.kill();
    }
    let (mut stored, mut under_way) = (Vec::new(), vec![0; KILLS as usize]);
    for number in read_all(dir.path()) {
        match number.checked_sub(1_000_000) {
            Some(number) => under_way[(number / BATCH) as usize] += 1,
            None => stored.push(number),
        }
    }
    stored.sort_unstable();
    assert_eq!(stored, (0..acknowledged).collect::<Vec<_>>());
    assert!(under_way.iter().all(|count| *count == 0 || *count == BATCH), "{under_way:?}");
}

fn read_all(dir: &Path) -> Vec<u64> {
    let served = Served::in_folder(dir, &settings());
    let appended: u64 = served.journal.counts().appended.iter().map(|(_, count)| count).sum();
    let consumer = member(served.address, "reader");
    poll_until(&[&consumer], "all of it", |seen| seen.len() as u64 == appended)
}

#[test]
fn a_consumer_that_waits_gets_a_record_as_it_comes() {
    if !has("kcat") {
        return skip("a_consumer_that_waits_gets_a_record_as_it_comes", "kcat");
    }
    let served = Served::new();
    let broker = served.address.to_string();
    let mut consumer = Command::new("kcat")
        .args(["-b", &broker, "-C", "-u", "-q", "-t", Topic::Events.name()])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = lines_of(consumer.stdout.take().unwrap());
    for number in 0..20 {
        served.journal.append(&records(Topic::Events, number..number + 1)).unwrap();
        assert_eq!(lines.recv_timeout(PATIENCE).unwrap(), format!("value-{number}"));
    }
    consumer.kill().unwrap();
    consumer.wait().unwrap();
}

#[test]
fn a_record_beyond_every_limit_of_its_reader_is_read() {
    let served = Served::new();
    let mut batch = records(Topic::Events, 0..9);
    for message in &mut batch.messages {
        message.key = "one".to_owned();
    }
    let bytes = borderwire::message::MESSAGE_BYTES_MAX - 100;
    batch.messages[4].value = Some(vec![b'x'; bytes]);
    served.journal.append(&batch).unwrap();
    let consumer: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", served.address.to_string())
        .set("group.id", "small")
        .set("auto.offset.reset", "earliest")
        .set("fetch.message.max.bytes", "1000")
        .create()
        .unwrap();
    consumer.subscribe(&[Topic::Events.name()]).unwrap();
    let end = std::time::Instant::now() + PATIENCE;
    let mut lengths = Vec::new();
    while lengths.len() < 9 {
        assert!(std::time::Instant::now() < end, "{lengths:?}");
        if let Some(message) = consumer.poll(POLL) {
            lengths.push(message.unwrap().payload().unwrap().len());
        }
    }
    let mut expected = vec![b"value-0".len(); 9];
    expected[4] = bytes;
    assert_eq!(lengths, expected);
}
