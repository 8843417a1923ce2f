//! `kill -9` of the daemon while feeds grow: nothing lost, nothing twice, nothing out of order.

use std::collections::{BTreeMap, HashMap};
use std::process::Command;
use std::time::Duration;

use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::{Headers, Message};
use rdkafka::{Offset, TopicPartitionList};
use serde_json::Value;

use super::growing::{Growing, text};
use super::kafka_broker::Kafka;
use super::process::{Daemon, free_address, skip, wait_for};

const FEEDS: usize = 6;

/// Kills against a real cluster, where each start has to ask for the topics first.
const KAFKA_KILLS: u32 = 40;

/// A record as a consumer sees it.
#[derive(Clone, Debug)]
pub struct Record {
    pub partition: i32,
    pub offset: i64,
    pub key: String,
    pub headers: HashMap<String, String>,
    pub payload: Value,
}

/// Reads a topic from its beginning to the high watermark of each partition.
pub fn read_all(bootstrap: &str, topic: &str) -> Vec<Record> {
    let consumer: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", bootstrap)
        .set("group.id", "unused")
        .set("enable.auto.commit", "false")
        .create()
        .unwrap();
    let patience = Duration::from_secs(20);
    let metadata = consumer.fetch_metadata(Some(topic), patience).unwrap();
    let mut ends = BTreeMap::new();
    {
        let mut assignment = TopicPartitionList::new();
        for partition in metadata.topics()[0].partitions() {
            let (low, high) = consumer.fetch_watermarks(topic, partition.id(), patience).unwrap();
            if high > low {
                ends.insert(partition.id(), high);
                assignment.add_partition_offset(topic, partition.id(), Offset::Beginning).unwrap();
            }
        }
        consumer.assign(&assignment).unwrap();
    }
    let mut records = Vec::new();
    while !ends.is_empty() {
        let message = consumer.poll(patience).expect("records up to the watermark").unwrap();
        let headers = message.headers().map_or_else(HashMap::new, |headers| {
            headers
                .iter()
                .map(|h| (h.key.to_owned(), String::from_utf8_lossy(h.value.unwrap()).into_owned()))
                .collect()
        });
        records.push(Record {
            partition: message.partition(),
            offset: message.offset(),
            key: String::from_utf8(message.key().unwrap().to_vec()).unwrap(),
            headers,
            payload: serde_json::from_slice(message.payload().unwrap()).unwrap(),
        });
        if ends.get(&message.partition()) == Some(&(message.offset() + 1)) {
            ends.remove(&message.partition());
        }
    }
    records
}

/// What a verifier found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    pub entries: usize,
    pub events: usize,
    pub revisions: usize,
    pub lost: usize,
    pub twice: usize,
    pub out_of_order: usize,
}

/// Holds what consumers see of entries and events against what the feeds served.
pub fn verify(counts: &[u64], entries: &[Record], events: &[Record]) -> Verdict {
    let mut verdict = Verdict::default();
    let mut last_revision: HashMap<&str, u64> = HashMap::new();
    let mut newest: HashMap<String, (u64, String)> = HashMap::new();
    let mut last_in_partition: HashMap<(i32, String), u64> = HashMap::new();
    for record in entries {
        let revision = record.payload["revision"].as_u64().unwrap();
        let before = last_revision.insert(&record.key, revision).unwrap_or(0);
        verdict.twice += usize::from(revision <= before);
        verdict.out_of_order += usize::from(revision > before + 1);
        let source = record.payload["source_id"].as_str().unwrap().to_owned();
        let (feed, k) = source.split_once('/').unwrap();
        if revision == 1 {
            verdict.entries += 1;
            let place = (record.partition, feed.to_owned());
            let k: u64 = k.parse().unwrap();
            let before = last_in_partition.insert(place, k);
            verdict.out_of_order += usize::from(before.is_some_and(|before| before >= k));
        } else {
            verdict.revisions += 1;
        }
        let text = record.payload["text"].as_str().unwrap().to_owned();
        newest.insert(source, (revision, text));
    }
    for (feed, count) in counts.iter().enumerate() {
        for k in 0..*count {
            let told = newest.get(&format!("{feed}/{k}"));
            verdict.lost += usize::from(told.is_none_or(|(_, told)| *told != text(k, *count)));
        }
    }
    let mut last_event: HashMap<&str, u64> = HashMap::new();
    let mut entries_with_event = HashMap::new();
    for record in events {
        let revision = record.payload["revision"].as_u64().unwrap();
        let before = last_event.insert(&record.key, revision).unwrap_or(0);
        verdict.twice += usize::from(revision <= before);
        verdict.out_of_order += usize::from(revision > before + 1);
        assert_eq!(record.headers["ce_sequence"], format!("{revision:010}"));
        assert_eq!(record.headers["ce_subject"], record.key);
        if revision == 1 {
            verdict.events += 1;
            let entry = record.payload["entry_id"].as_str().unwrap();
            *entries_with_event.entry(entry.to_owned()).or_insert(0) += 1;
        }
    }
    verdict.lost += verdict.entries.saturating_sub(entries_with_event.len());
    verdict
}

/// Runs the daemon, kills it again and again after so many requests as the dice say, lets it catch
/// up, and stops it with the signal of a service manager.
pub fn kill_loop(daemon: &mut Daemon, feeds: &Growing, kills: u32, seed: u64) -> Vec<u64> {
    let mut dice = seed | 1;
    for _ in 0..kills {
        daemon.start();
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        let until = feeds.requests() + 1 + dice % 24;
        wait_for("the daemon to poll", || {
            daemon.expect_alive();
            (feeds.requests() >= until).then_some(())
        });
        daemon.kill();
    }
    daemon.start();
    let before = feeds.requests();
    wait_for("polls after the last kill", || (feeds.requests() > before + 20).then_some(()));
    let counts = feeds.freeze();
    wait_for("all feeds to be caught up with", || feeds.asked_since_freeze(3).then_some(()));
    counts
}

/// The settings of a daemon that polls as fast as it can.
pub fn eager(engine: &str) -> String {
    format!(
        "[poll]\ninterval = \"50ms\"\ninterval-min = \"10ms\"\nhost-at-once-max = 8\n\
         [fetch]\nallow = [\"127.0.0.1\"]\n[serve]\nlisten = \"{}\"\n{engine}",
        free_address()
    )
}

#[test]
fn two_hundred_kills_on_the_journal_lose_nothing_and_tell_nothing_twice() {
    let kills: u32 = std::env::var("BORDERWIRE_KILLS").map_or(200, |kills| kills.parse().unwrap());
    let seed = 0x5eed_0001;
    println!("kills {kills}, seed {seed:#x}");
    let feeds = Growing::start(FEEDS, seed);
    let listen = free_address();
    let config = eager(&format!("[journal]\nlisten = \"{listen}\"\n"));
    let mut daemon = Daemon::new(&config, &feeds.feeds_toml());
    let counts = kill_loop(&mut daemon, &feeds, kills, seed);
    let bootstrap = listen.to_string();
    let entries = read_all(&bootstrap, "borderwire.entries.v1");
    let events = read_all(&bootstrap, "borderwire.events.v1");
    let verdict = verify(&counts, &entries, &events);
    println!("{verdict:?}");
    for records in [&entries, &events] {
        let mut next = HashMap::new();
        for record in records {
            let expected = next.entry(record.partition).or_insert(0);
            assert_eq!(record.offset, *expected, "offsets have no gaps");
            *expected += 1;
        }
    }
    kcat_counts(&bootstrap, "borderwire.entries.v1", entries.len());
    assert!(daemon.stop().success(), "{}", daemon.log());
    let total: u64 = counts.iter().sum();
    assert!(total > u64::from(kills), "the feeds grew: {counts:?}");
    assert_eq!(verdict.entries as u64, total);
    assert_eq!(verdict.events, verdict.entries);
    assert!(verdict.revisions > 0, "some entries were corrected after they were told");
    assert_eq!((verdict.lost, verdict.twice, verdict.out_of_order), (0, 0, 0));
}

#[test]
fn kills_on_apache_kafka_lose_nothing_and_what_is_told_again_folds_by_its_revision() {
    let name = "kills_on_apache_kafka_lose_nothing_and_what_is_told_again_folds_by_its_revision";
    let Some(kafka) = Kafka::start(name, "") else { return };
    let bootstrap = kafka.bootstrap.clone();
    let seed = 0x5eed_0002;
    println!("kills {KAFKA_KILLS}, seed {seed:#x}");
    let feeds = Growing::start(FEEDS, seed);
    let config = eager(&format!("[kafka]\nbootstrap = \"{bootstrap}\"\npartitions = 4\n"));
    let mut daemon = Daemon::new(&config, &feeds.feeds_toml());
    let counts = kill_loop(&mut daemon, &feeds, KAFKA_KILLS, seed);
    let (entries, again, entries_otherwise) = folded(read_all(&bootstrap, "borderwire.entries.v1"));
    let (events, events_again, events_otherwise) =
        folded(read_all(&bootstrap, "borderwire.events.v1"));
    let verdict = verify(&counts, &entries, &events);
    println!("{verdict:?}");
    println!("told again: {again} entries ({entries_otherwise} changed meanwhile)");
    println!("told again: {events_again} events ({events_otherwise} changed meanwhile)");
    assert!(daemon.stop().success(), "{}", daemon.log());
    assert_eq!(verdict.entries as u64, counts.iter().sum::<u64>());
    assert_eq!(verdict.events, verdict.entries);
    assert_eq!((verdict.lost, verdict.twice, verdict.out_of_order), (0, 0, 0));
    kcat_counts(&bootstrap, "borderwire.entries.v1", entries.len() + again);
}

/// Folds what is told again, as MESSAGES.md tells consumers to: a record whose key and `ce_sequence`
/// came before stands in its place. Returns also how many did, and how many of these said something
/// else: their entry was changed by its source between the two tellings.
pub fn folded(records: Vec<Record>) -> (Vec<Record>, usize, usize) {
    let (mut again, mut otherwise) = (0, 0);
    let mut places = HashMap::new();
    let mut once: Vec<Record> = Vec::new();
    for record in records {
        let identity = (record.key.clone(), record.headers["ce_sequence"].clone());
        match places.get(&identity) {
            None => {
                places.insert(identity, once.len());
                once.push(record);
            }
            Some(&place) => {
                let earlier: &mut Record = &mut once[place];
                again += 1;
                if earlier.headers["ce_id"] == record.headers["ce_id"] {
                    assert_eq!(without_time(&earlier.payload), without_time(&record.payload));
                } else {
                    otherwise += 1;
                }
                *earlier = record;
            }
        }
    }
    (once, again, otherwise)
}

/// A payload without the time at which the daemon saw it, which alone may differ under one `ce_id`.
fn without_time(payload: &Value) -> Value {
    let mut payload = payload.clone();
    payload.as_object_mut().unwrap().remove("observed_at");
    payload
}

/// Holds the number of records that kcat reads against what another consumer read.
fn kcat_counts(bootstrap: &str, topic: &str, records: usize) {
    let kcat = Command::new("kcat")
        .args(["-b", bootstrap, "-t", topic, "-C", "-e", "-q", "-f", "%k\n"])
        .output();
    match kcat {
        Ok(output) => {
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), records, "{topic}");
        }
        Err(_) => drop(skip("kcat beside the kill tests", "kcat")),
    }
}
