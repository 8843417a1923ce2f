//! The engine `kafka` against a real Apache Kafka.

use std::collections::{BTreeSet, HashMap};
use std::io::Write as _;
use std::net::TcpListener;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use borderwire::config;
use borderwire::feed::FeedId;
use borderwire::kafka::topics::{self, Report, Weight};
use borderwire::kafka::{KafkaError, Next, Publisher, Reader, Start};
use borderwire::message::{Batch, MESSAGE_BYTES_MAX, Message, StateRecord, Topic, partition_of};
use jiff::Timestamp;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _};
use serde_json::Value;
use url::Url;

use crate::kafka_broker::{
    Kafka, PARTITIONS, PATIENCE, borderwire, broker, stderr, stdout, wait_for,
};

#[test]
fn missing_topics_are_made_and_then_nothing_differs() {
    let Some(kafka) = broker("missing_topics_are_made_and_then_nothing_differs") else { return };
    kafka.delete_topics();
    let report = topics::check(&kafka.settings()).unwrap();
    assert_eq!(report.differences.len(), Topic::ALL.len(), "{report:?}");
    assert!(report.differences.iter().all(|one| one.what == "is missing"), "{report:?}");

    let output = kafka.borderwire(&["topics", "check"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let output = kafka.borderwire(&["topics", "create"]);
    assert!(output.status.success(), "{output:?}");
    let table = stdout(&output);
    assert_eq!(table.matches("created").count(), Topic::ALL.len(), "{table}");

    let report = topics::check(&kafka.settings()).unwrap();
    assert!(report.is_good() && report.created.is_empty(), "{report:?}");
    assert!(report.found.iter().all(|found| found.partitions() == 32), "{report:?}");
    // The command line has the default of 32, these settings 4: the cluster's number counts.
    assert!(report.differences.iter().all(|one| one.weight == Weight::Note), "{report:?}");
    assert!(kafka.borderwire(&["topics", "check"]).status.success());
}

#[test]
fn what_is_wrong_is_refused_and_the_printed_commands_mend_it() {
    let name = "what_is_wrong_is_refused_and_the_printed_commands_mend_it";
    let Some(kafka) = broker(name) else { return };
    kafka.delete_topics();
    let make = "tool topics --create --replication-factor 1 --partitions";
    kafka.run(&format!("{make} 4 --topic _borderwire.feeds.v1 --config cleanup.policy=compact"));
    kafka.run(&format!("{make} 2 --topic _borderwire.feed-state.v1"));
    kafka.run(&format!("{make} 3 --topic borderwire.feed-status.v1"));
    let settings = config::Kafka { partitions: 8, ..kafka.settings() };

    let error = Publisher::connect(&settings).map(|_| ()).unwrap_err();
    assert!(error.is_fatal(), "{error}");
    let text = error.to_string();
    assert!(text.contains("has 2 partitions, _borderwire.feeds.v1 has 4"), "{text}");
    assert!(text.contains("cleanup.policy=delete, not compact"), "{text}");

    let report = topics::check(&settings).unwrap();
    let refusals = |report: &Report| -> Vec<(Topic, String)> {
        let refused = report.differences.iter().filter(|one| one.weight == Weight::Refusal);
        refused.map(|one| (one.topic, one.mend.clone())).collect()
    };
    let refused: Vec<Topic> = refusals(&report).into_iter().map(|(topic, _)| topic).collect();
    assert_eq!(refused, [Topic::FeedStatus, Topic::FeedState, Topic::FeedState], "{report:?}");
    let wrong = report.differences.iter().filter(|one| one.weight != Weight::Note);
    let commands: BTreeSet<&str> = wrong.map(|one| one.mend.as_str()).collect();
    for command in commands {
        kafka.run_printed(command);
    }
    let report =
        wait_for("settings to arrive", || topics::check(&settings).ok().filter(Report::is_good));
    assert_eq!(report.partitions(Topic::FeedState), Some(4));
    // Made beside those that were there: their number counts, not the configured one.
    assert_eq!(report.partitions(Topic::Entries), Some(4));
    drop(Publisher::connect(&settings).unwrap());
}

#[test]
fn what_is_published_is_read_back_as_a_table() {
    let Some(kafka) = broker("what_is_published_is_read_back_as_a_table") else { return };
    kafka.delete_topics();
    // A small queue: 3,000 records have to wait for room in it.
    let mut settings = kafka.settings();
    settings.client.insert("queue.buffering.max.messages".to_owned(), "200".to_owned());
    let publisher = Publisher::connect(&settings).unwrap();
    assert_eq!(publisher.states().unwrap(), []);

    let mut batch = Batch::default();
    for i in 0..3000 {
        let value = format!("value {i}").into_bytes();
        batch.messages.push(message(Topic::EventsLatest, &format!("key-{}", i % 1500), value));
    }
    batch.states = (0..100).map(|i| state(i, Some("first"))).collect();
    for _ in 0..3 {
        publisher.publish(&batch).unwrap();
    }
    let mut second = Batch::default();
    for i in 0..500 {
        let key = format!("key-{i}");
        second.messages.push(Message { value: None, ..message(Topic::EventsLatest, &key, vec![]) });
    }
    second.states = (0..10).map(|i| state(i, None)).collect();
    second.states.push(state(10, Some("second")));
    publisher.publish(&second).unwrap();

    let table: HashMap<String, Vec<u8>> =
        publisher.table(Topic::EventsLatest).unwrap().into_iter().collect();
    assert_eq!(table.len(), 1000);
    for (key, value) in table {
        let i: u32 = key.strip_prefix("key-").unwrap().parse().unwrap();
        assert_eq!(String::from_utf8(value).unwrap(), format!("value {}", i + 1500), "{key}");
    }
    let states: HashMap<FeedId, Vec<u8>> = publisher
        .states()
        .unwrap()
        .into_iter()
        .map(|state| (state.feed, state.value.unwrap()))
        .collect();
    assert_eq!(states.len(), 90);
    assert_eq!(states[&feed(10)], b"second");
    assert_eq!(states[&feed(99)], b"first");

    let records = kafka.read(Topic::EventsLatest, 9500);
    assert_eq!(records.len(), 9500);
    for record in &records {
        let key = std::str::from_utf8(record.key.as_deref().unwrap()).unwrap();
        assert_eq!(record.partition, partition_of(key, PARTITIONS), "{key}");
        let headers: Vec<(&str, Option<&[u8]>)> =
            record.headers.iter().map(|(name, value)| (name.as_str(), value.as_deref())).collect();
        let expected: [(&str, Option<&[u8]>); 2] =
            [("ce_type", Some(b"borderwire.event.detected.v1")), ("ce_id", Some(key.as_bytes()))];
        assert_eq!(headers, expected);
        assert_eq!(record.timestamp, Some(observed()));
    }
    assert!(publisher.healthy() && publisher.trouble().is_none());
}

#[test]
fn a_broker_killed_while_publishing_loses_nothing_that_was_acknowledged() {
    let name = "a_broker_killed_while_publishing_loses_nothing_that_was_acknowledged";
    let Some(kafka) = broker(name) else { return };
    kafka.delete_topics();
    let settings = config::Kafka { commit_timeout: Duration::from_secs(3), ..kafka.settings() };
    let publisher = Publisher::connect(&settings).unwrap();
    let enough = AtomicBool::new(false);
    let done = AtomicU64::new(0);
    let wait_for_batches = || {
        let before = done.load(Ordering::SeqCst);
        wait_for("batches", || (done.load(Ordering::SeqCst) > before + 50).then_some(()));
    };
    let failures = thread::scope(|scope| {
        let publishing = scope.spawn(|| {
            let mut failures = 0;
            while !enough.load(Ordering::SeqCst) {
                match publisher.publish(&numbered(done.load(Ordering::SeqCst))) {
                    Ok(()) => drop(done.fetch_add(1, Ordering::SeqCst)),
                    Err(error) => {
                        assert!(matches!(error, KafkaError::Unacknowledged { .. }), "{error}");
                        assert!(!error.is_fatal(), "{error}");
                        failures += 1;
                    }
                }
            }
            failures
        });
        for _ in 0..2 {
            wait_for_batches();
            kafka.run("kill 1");
            wait_for("the loss to be noticed", || (!publisher.healthy()).then_some(()));
            assert!(publisher.trouble().is_some());
            let failing = Instant::now() + settings.commit_timeout;
            wait_for("a batch to fail", || (Instant::now() > failing).then_some(()));
            kafka.run("start 1");
            wait_for("the broker to be seen again", || publisher.healthy().then_some(()));
        }
        wait_for_batches();
        enough.store(true, Ordering::SeqCst);
        publishing.join().unwrap()
    });
    let batches = done.into_inner();
    assert!(failures > 0, "{batches} batches, {failures} failures");

    let mut last: HashMap<Vec<u8>, u64> = HashMap::new();
    let mut written: HashMap<u64, u64> = HashMap::new();
    for record in kafka.read(Topic::Events, usize::MAX) {
        let number: u64 = String::from_utf8(record.value.unwrap()).unwrap().parse().unwrap();
        let before = last.insert(record.key.unwrap(), number);
        // A repeated batch is allowed, another order is not.
        let allowed = before.is_none_or(|before| number >= before || before / 20 == number / 20);
        assert!(allowed, "{number} after {before:?}");
        *written.entry(number).or_default() += 1;
    }
    let missing: Vec<u64> = (0..batches * 20).filter(|n| !written.contains_key(n)).collect();
    assert_eq!(missing, [] as [u64; 0]);
    let repeated = written.values().filter(|times| **times > 1).count();
    let _ = writeln!(
        std::io::stderr(),
        "{batches} batches of 20, {failures} failed and were repeated, {repeated} records twice"
    );
    let states = publisher.states().unwrap();
    let newest = states.iter().find(|state| state.feed == feed(0)).unwrap();
    assert_eq!(newest.value.as_deref(), Some((batches - 1).to_string().as_bytes()));
}

#[test]
fn a_record_that_is_too_large_is_named_and_nothing_of_its_batch_is_written() {
    let name = "a_record_that_is_too_large_is_named_and_nothing_of_its_batch_is_written";
    let Some(kafka) = broker(name) else { return };
    kafka.delete_topics();
    let publisher = Publisher::connect(&kafka.settings()).unwrap();
    let small = message(Topic::Events, "small", b"1".to_vec());
    let too_large = |bytes| Batch {
        messages: vec![small.clone(), message(Topic::Entries, "large", noise(bytes))],
        states: vec![state(0, Some("never"))],
    };
    let check = |error: KafkaError| {
        assert!(error.is_fatal(), "{error}");
        let KafkaError::TooLarge { topic, key, bytes, .. } = error else { panic!("{error}") };
        assert_eq!((topic, key.as_str()), (Topic::Entries, "large"));
        bytes
    };
    let bytes = check(publisher.publish(&too_large(MESSAGE_BYTES_MAX)).unwrap_err());
    assert!(bytes > MESSAGE_BYTES_MAX);
    assert_eq!(kafka.read(Topic::Events, 1), []);

    // The largest that we allow is taken by topics as we make them.
    let headers = message(Topic::Entries, "large", vec![]).headers;
    let overhead: usize = headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    let largest = message(Topic::Entries, "large", noise(MESSAGE_BYTES_MAX - overhead - 1024));
    publisher.publish(&Batch { messages: vec![largest], states: vec![] }).unwrap();

    // A topic with a lower limit of its own refuses earlier.
    kafka.run(
        "tool configs --alter --entity-type topics --entity-name borderwire.entries.v1 \
         --add-config max.message.bytes=100000",
    );
    wait_for("the lower limit to hold", || publisher.publish(&too_large(200_000)).err().map(check));
    assert_eq!(publisher.states().unwrap(), []);
    assert!(publisher.healthy());
}

#[test]
fn a_table_is_not_read_past_an_open_transaction() {
    let Some(kafka) = broker("a_table_is_not_read_past_an_open_transaction") else { return };
    kafka.delete_topics();
    let settings = config::Kafka { commit_timeout: Duration::from_secs(2), ..kafka.settings() };
    let publisher = Publisher::connect(&settings).unwrap();
    let stranger: BaseProducer =
        kafka.client("stranger").set("transactional.id", "stranger").create().unwrap();
    let key = feed(1).to_string();
    let partition = partition_of(&key, PARTITIONS);
    stranger.init_transactions(PATIENCE).unwrap();
    let write = |value: &str| {
        stranger.begin_transaction().unwrap();
        let record = BaseRecord::to(Topic::FeedState.name()).partition(partition);
        stranger.send(record.key(&key).payload(value)).map_err(|(error, _)| error).unwrap();
        stranger.flush(PATIENCE).unwrap();
    };
    write("open");
    let after = Batch { messages: vec![], states: vec![state(1, Some("after"))] };
    publisher.publish(&after).unwrap();
    // What was written after the open transaction is acknowledged, and must not be left out.
    let error = publisher.states().unwrap_err();
    let stalled = matches!(&error, KafkaError::Stalled { offset: 0, end: 2, .. });
    assert!(stalled && !error.is_fatal(), "{error}");
    stranger.commit_transaction(PATIENCE).unwrap();
    assert_eq!(publisher.states().unwrap(), [state(1, Some("after"))]);
    // The last thing in the partition is a mark now, and what it marks does not count.
    write("aborted");
    stranger.abort_transaction(PATIENCE).unwrap();
    assert_eq!(publisher.states().unwrap(), [state(1, Some("after"))]);
    assert_eq!(kafka.read(Topic::FeedState, usize::MAX).len(), 2);
}

#[test]
fn tail_shows_what_lies_between_two_times() {
    let Some(kafka) = broker("tail_shows_what_lies_between_two_times") else { return };
    kafka.delete_topics();
    let publisher = Publisher::connect(&kafka.settings()).unwrap();
    let at = |minute: i64| observed() + jiff::SignedDuration::from_mins(minute);
    let event = |minute: i64| {
        let value = serde_json::json!({
            "change": "detected",
            "event": {"kind": "crossing", "family": "movement", "status": "occurred",
                "actor": {"text": "people", "id": "MIG"}, "countries": ["BLR", "POL"]},
            "observed_at": at(minute).to_string(),
        });
        let key = format!("event-{minute}");
        let mut message = message(Topic::Events, &key, serde_json::to_vec(&value).unwrap());
        message.timestamp = at(minute);
        message
    };
    let batch = Batch { messages: (0..60).map(event).collect(), states: vec![] };
    publisher.publish(&batch).unwrap();

    let (from, to) = (at(10).to_string(), at(30).to_string());
    let tail = ["tail", "--topic", "borderwire.events.v1", "--from", &from, "--to", &to];
    let output = kafka.borderwire(&[&tail[..], &["--format", "json"]].concat());
    assert!(output.status.success(), "{output:?}");
    let mut keys = Vec::new();
    for line in stdout(&output).lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        assert_eq!(record["topic"], "borderwire.events.v1");
        assert_eq!(record["headers"]["ce_type"], "borderwire.event.detected.v1");
        assert_eq!(record["value"]["event"]["kind"], "crossing");
        assert!(record["offset"].is_u64() && record["partition"].is_u64(), "{record}");
        keys.push(record["key"].as_str().unwrap().to_owned());
    }
    keys.sort();
    let mut expected: Vec<String> = (10..30).map(|minute| format!("event-{minute}")).collect();
    expected.sort();
    assert_eq!(keys, expected);

    let output = kafka.borderwire(&["tail", "--from", "beginning", "--count", "3"]);
    let lines = stdout(&output);
    assert_eq!(lines.lines().count(), 3, "{output:?}");
    assert!(lines.contains("+ crossing") && lines.contains("MIG “people”"), "{lines}");
    assert!(!lines.contains('\x1b'), "{lines}");

    let output = kafka.borderwire(&["tail", "--from", "beginning", "--to", "now"]);
    assert_eq!(stdout(&output).lines().count(), 60, "{output:?}");

    let output = kafka.borderwire(&["tail", "--topic", "borderwire.event.v1"]);
    assert!(!output.status.success());
    assert!(stderr(&output).contains("there is no topic borderwire.event.v1"), "{output:?}");
}

#[test]
fn tail_follows_what_is_published_from_now_on() {
    let Some(kafka) = broker("tail_follows_what_is_published_from_now_on") else { return };
    kafka.delete_topics();
    let publisher = Publisher::connect(&kafka.settings()).unwrap();
    let one = |key: &str| Batch {
        messages: vec![message(Topic::Events, key, b"{}".to_vec())],
        states: vec![],
    };
    publisher.publish(&one("before")).unwrap();
    let mut reader = Reader::open(&kafka.settings(), &[], Start::Now).unwrap();
    publisher.publish(&one("after")).unwrap();
    let Next::Record(record) = reader.next(PATIENCE).unwrap() else { panic!("nothing came") };
    assert_eq!(record.key.as_deref(), Some(&b"after"[..]));
    assert_eq!(reader.next(Duration::from_secs(1)).unwrap(), Next::Idle);
    // The ends of partitions, told meanwhile, are no trouble.
    assert_eq!(reader.trouble(), None);
}

#[test]
fn a_cluster_with_passwords_and_rights_says_what_is_not_allowed() {
    let name = "a_cluster_with_passwords_and_rights_says_what_is_not_allowed";
    let Some(kafka) = Kafka::start(name, "--secure") else { return };
    let port: u16 = kafka.bootstrap.rsplit(':').next().unwrap().parse().unwrap();
    let password = kafka.folder.path().join("password");
    std::fs::write(&password, "alice-secret\n").unwrap();
    let mut settings =
        config::Kafka { bootstrap: Some(format!("127.0.0.1:{}", port + 4)), ..kafka.settings() };
    for (key, value) in [
        ("security.protocol", "SASL_PLAINTEXT"),
        ("sasl.mechanism", "SCRAM-SHA-512"),
        ("sasl.username", "alice"),
    ] {
        settings.client.insert(key.to_owned(), value.to_owned());
    }
    settings.client_files.insert("sasl.password".to_owned(), password.clone());

    let error = Publisher::connect(&settings).map(|_| ()).unwrap_err();
    let text = error.to_string();
    assert!(matches!(error, KafkaError::NotCreated { .. }), "{text}");
    let command = format!("borderwire topics create --bootstrap 127.0.0.1:{}", port + 4);
    assert!(text.contains(&command), "{text}");
    assert!(text.contains("kafka-topics.sh") && text.contains("--command-config"), "{text}");

    // Somebody who may, makes them; then the least that a writer needs is enough.
    topics::create(&kafka.settings()).unwrap();
    let allow = "tool acls --add --allow-principal User:alice --resource-pattern-type prefixed";
    for prefix in ["borderwire.", "_borderwire."] {
        kafka.run(&format!(
            "{allow} --operation Describe --operation DescribeConfigs --operation Write \
             --operation Read --topic {prefix}"
        ));
    }
    let publisher = wait_for("the rights to hold", || Publisher::connect(&settings).ok());
    let batch = Batch {
        messages: vec![message(Topic::Events, "a", b"{}".to_vec())],
        states: vec![state(1, Some("kept"))],
    };
    publisher.publish(&batch).unwrap();
    assert_eq!(publisher.states().unwrap(), [state(1, Some("kept"))]);
    kafka.run(
        "tool acls --add --deny-principal User:alice --operation Write --topic borderwire.entries.v1",
    );
    let refused = Batch {
        messages: vec![message(Topic::Entries, "a", b"{}".to_vec())],
        states: vec![state(1, Some("never"))],
    };
    let error = wait_for("the refusal to hold", || publisher.publish(&refused).err());
    let text = error.to_string();
    assert!(error.is_fatal() && text.contains("kafka-acls.sh"), "{text}");
    assert_eq!(publisher.states().unwrap().len(), 1);

    std::fs::write(&password, "wrong-secret").unwrap();
    let error = Publisher::connect(&settings).map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("uthentication failed"), "{error}");
    assert!(!error.contains("wrong-secret") && !error.contains("alice-secret"), "{error}");
}

#[test]
fn an_address_where_nothing_answers_gives_an_error_that_helps() {
    let refusing = {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        free.local_addr().unwrap().to_string()
    };
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let settings = |address: &str| config::Kafka {
        bootstrap: Some(address.to_owned()),
        ..config::Kafka::default()
    };
    let silent_at = silent.local_addr().unwrap().to_string();
    thread::scope(|scope| {
        for address in [&refusing, &silent_at] {
            scope.spawn(|| {
                let error = topics::check(&settings(address)).unwrap_err();
                assert!(matches!(error, KafkaError::Unreachable { .. }), "{error}");
                assert!(!error.is_fatal() && error.to_string().contains(address.as_str()));
            });
        }
        scope.spawn(|| {
            let error = Publisher::connect(&settings(&refusing)).map(|_| ()).unwrap_err();
            let text = error.to_string();
            assert!(text.contains("Connection refused") && text.contains("bootstrap"), "{text}");
        });
    });
    let output = borderwire(&["tail", "--bootstrap", &refusing]);
    assert!(!output.status.success());
    let expected = format!("nothing answers at {refusing}; is `borderwire run`");
    assert!(stderr(&output).contains(&expected), "{output:?}");
    let output = borderwire(&["topics", "check", "--bootstrap", &refusing]);
    assert!(stderr(&output).contains("no broker answered at"), "{output:?}");
}

#[test]
fn topics_of_the_journal_need_no_making() {
    let output = borderwire(&["topics", "check"]);
    assert!(output.status.success() && stdout(&output).contains("journal"), "{output:?}");
}

#[test]
fn an_unknown_setting_is_named() {
    let mut settings =
        config::Kafka { bootstrap: Some("127.0.0.1:1".to_owned()), ..config::Kafka::default() };
    settings.client.insert("lingre.ms".to_owned(), "5".to_owned());
    let error = Publisher::connect(&settings).map(|_| ()).unwrap_err();
    assert!(error.is_fatal() && error.to_string().contains("`lingre.ms`"), "{error}");
}

/// Figures for people: records a second by the size of a batch, with a state in each.
#[test]
fn throughput_is_measured() {
    let Some(kafka) = broker("throughput_is_measured") else { return };
    kafka.delete_topics();
    let settings = config::Kafka { partitions: 32, ..kafka.settings() };
    let publisher = Publisher::connect(&settings).unwrap();
    // 1 KB that compresses as JSON does.
    let value: Vec<u8> = noise(512).into_iter().map(|byte| b'a' + byte % 26).collect();
    let value = [value.clone(), value].concat();
    for size in [10, 100, 1000] {
        let batches = (10_000 / size).min(300);
        let mut times = Vec::new();
        let began = Instant::now();
        for number in 0..batches {
            let keys = (0..size).map(|i| format!("{number}-{i}"));
            let messages = keys.map(|key| message(Topic::Events, &key, value.clone())).collect();
            let batch = Batch { messages, states: vec![state(number as u64, Some("state"))] };
            let start = Instant::now();
            publisher.publish(&batch).unwrap();
            times.push(start.elapsed());
        }
        times.sort();
        let rate = (batches * size) as f64 / began.elapsed().as_secs_f64();
        let _ = writeln!(
            std::io::stderr(),
            "{size:>5} a batch: {rate:>7.0} records/s, a batch p50 {:?}, p99 {:?}",
            times[times.len() / 2],
            times[times.len() * 99 / 100]
        );
    }
    let began = Instant::now();
    let states = publisher.states().unwrap().len();
    let _ = writeln!(std::io::stderr(), "{states} states read in {:?}", began.elapsed());
    assert_eq!(kafka.read(Topic::Events, usize::MAX).len(), 3_000 + 10_000 + 10_000);
}

// ---------------------------------------------------------------- messages

fn observed() -> Timestamp {
    "2021-11-16T12:00:00Z".parse().unwrap()
}

fn message(topic: Topic, key: &str, value: Vec<u8>) -> Message {
    Message {
        topic,
        key: key.to_owned(),
        headers: vec![
            ("ce_type".to_owned(), "borderwire.event.detected.v1".to_owned()),
            ("ce_id".to_owned(), key.to_owned()),
        ],
        value: Some(value),
        timestamp: observed(),
    }
}

fn feed(number: u64) -> FeedId {
    FeedId::of(&Url::parse(&format!("https://news.example/{number}")).unwrap())
}

fn state(number: u64, value: Option<&str>) -> StateRecord {
    StateRecord { feed: feed(number), value: value.map(|value| value.as_bytes().to_vec()) }
}

/// Twenty messages with five keys and numbers of their own, and a state that counts batches.
fn numbered(batch: u64) -> Batch {
    let messages = (batch * 20..batch * 20 + 20)
        .map(|n| message(Topic::Events, &format!("key-{}", n % 5), n.to_string().into_bytes()))
        .collect();
    Batch { messages, states: vec![state(0, Some(&batch.to_string()))] }
}

/// Bytes that no compression makes smaller; the same each time.
fn noise(bytes: usize) -> Vec<u8> {
    let mut x = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        (x >> 32) as u8
    };
    (0..bytes).map(|_| next()).collect()
}
