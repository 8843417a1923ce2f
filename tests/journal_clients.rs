//! Unmodified clients of other languages read the journal: kcat, Python, Kafka's own tools.

use std::path::{Path, PathBuf};
use std::process::Command;

use borderwire::message::Topic;

use crate::journal_support::{FIRST_MS, Served, has, records, run, skip, wait_until};

/// A consumer in Python: reads N values in a group, commits them, and writes them.
const PYTHON: &str = r#"
import sys
from confluent_kafka import Consumer
broker, group, topic, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
consumer = Consumer({"bootstrap.servers": broker, "group.id": group, "check.crcs": True,
                     "auto.offset.reset": "earliest", "enable.auto.commit": False})
consumer.subscribe([topic])
while count:
    message = consumer.poll(30)
    assert message is not None, "nothing came"
    assert not message.error(), message.error()
    assert message.headers() == [("ce_id", message.value()[6:])], message.headers()
    print(message.value().decode())
    count -= 1
consumer.commit(asynchronous=False)
consumer.close()
"#;

/// Runs kcat against the journal and returns what it wrote, its errors after it.
fn kcat(served: &Served, arguments: &[&str]) -> String {
    let broker = served.address.to_string();
    let output = run(Command::new("kcat").args(["-b", &broker]).args(arguments));
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Returns Kafka's tools where they can run.
fn kafka_tools() -> Option<PathBuf> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kafka/kafka");
    (has("java") && has("mvn") && script.is_file()).then_some(script)
}

/// Runs one of Kafka's tools against the journal and returns what it wrote to its output.
fn tool(script: &Path, served: &Served, name: &str, arguments: &[&str]) -> String {
    let broker = served.address.to_string();
    let mut command = Command::new(script);
    command.args(["tool", name, "--bootstrap-server", &broker]).args(arguments);
    let output = run(&mut command);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

/// Returns the numbers of the values in lines of `value-N`, sorted.
fn numbers(text: &str) -> Vec<u64> {
    let values = text.lines().filter_map(|line| line.strip_prefix("value-"));
    let mut numbers: Vec<u64> = values.map(|value| value.parse().unwrap()).collect();
    numbers.sort_unstable();
    numbers
}

fn all(count: u64) -> Vec<u64> {
    (0..count).collect()
}

#[test]
fn kcat_lists_topics_and_consumes_all_of_them() {
    if !has("kcat") {
        return skip("kcat_lists_topics_and_consumes_all_of_them", "kcat");
    }
    let served = Served::new();
    served.journal.append(&records(Topic::Events, 0..200)).unwrap();
    let listed = kcat(&served, &["-L"]);
    for topic in Topic::ALL {
        assert!(listed.contains(&format!("topic \"{topic}\" with 4 partitions")), "{listed}");
    }
    let consumed = kcat(&served, &["-C", "-t", Topic::Events.name(), "-e", "-q"]);
    assert_eq!(numbers(&consumed), all(200), "{consumed}");
}

#[test]
fn kcat_sees_keys_headers_and_times() {
    if !has("kcat") {
        return skip("kcat_sees_keys_headers_and_times", "kcat");
    }
    let served = Served::new();
    let mut batch = records(Topic::Events, 5..6);
    batch.messages[0].headers.push(("ce_id".to_owned(), "again".to_owned()));
    served.journal.append(&batch).unwrap();
    let format = ["-C", "-t", Topic::Events.name(), "-e", "-q", "-f", "%k|%h|%T|%s\\n"];
    let expected = format!("key-5|ce_id=5,ce_id=again|{}|value-5\n", FIRST_MS + 5000);
    let seen = kcat(&served, &format);
    assert!(seen.starts_with(&expected), "{seen}");
}

#[test]
fn kcat_finds_offsets_by_time() {
    if !has("kcat") {
        return skip("kcat_finds_offsets_by_time", "kcat");
    }
    let served = Served::new();
    // One key, so one partition: offsets are numbers.
    let mut batch = records(Topic::Events, 0..600);
    for message in &mut batch.messages {
        message.key = "one".to_owned();
    }
    served.journal.append(&batch).unwrap();
    let end = |partition: &str| kcat(&served, &["-Q", "-t", &query(partition, -1)]);
    let partition = ["0", "1", "2", "3"]
        .into_iter()
        .find(|partition| end(partition).contains("offset 600"))
        .expect("one partition has all");
    let cases = [
        (-2, 0),
        (FIRST_MS, 0),
        (FIRST_MS + 1, 1),
        (FIRST_MS + 255_000, 255),
        (FIRST_MS + 256_000, 256),
        (FIRST_MS + 256_001, 257),
        (FIRST_MS + 599_000, 599),
        (FIRST_MS + 599_001, -1),
        (-1, 600),
    ];
    for (time, offset) in cases {
        let found = kcat(&served, &["-Q", "-t", &query(partition, time)]);
        assert!(found.contains(&format!("offset {offset}\n")), "{time}: {found}");
    }
}

fn query(partition: &str, time: i64) -> String {
    format!("{}:{partition}:{time}", Topic::Events)
}

#[test]
fn kcat_group_goes_on_where_it_was() {
    if !has("kcat") {
        return skip("kcat_group_goes_on_where_it_was", "kcat");
    }
    let served = Served::new();
    let topic = Topic::Events.name();
    let group = ["-G", "readers", "-e", "-q", "-X", "auto.offset.reset=earliest", topic];
    served.journal.append(&records(Topic::Events, 0..50)).unwrap();
    let first = kcat(&served, &group);
    assert_eq!(numbers(&first), all(50), "{first}");
    served.journal.append(&records(Topic::Events, 50..60)).unwrap();
    let second = kcat(&served, &group);
    assert_eq!(numbers(&second), (50..60).collect::<Vec<_>>(), "{second}");
}

#[test]
fn producers_are_refused_with_the_reason() {
    if !has("kcat") {
        return skip("producers_are_refused_with_the_reason", "kcat");
    }
    let served = Served::new();
    let input = served_file("one line\n");
    let path = input.path().to_str().unwrap();
    let arguments = ["-P", "-t", Topic::Events.name(), "-l", path];
    let plain = kcat(&served, &arguments);
    assert!(plain.contains("Topic authorization failed"), "{plain}");
    let idempotent = [&["-X", "enable.idempotence=true"], &arguments[..]].concat();
    let refused = kcat(&served, &idempotent);
    assert!(refused.contains("Cluster authorization failed"), "{refused}");
    wait_until("connections are closed", || served.journal.counts().connections == 0);
    assert!(served.journal.counts().appended.iter().all(|(_, count)| *count == 0));
}

fn served_file(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    file
}

#[test]
fn python_consumes_in_a_group() {
    let Some(python) = std::env::var_os("BORDERWIRE_PYTHON") else {
        let needs = "BORDERWIRE_PYTHON to name a Python that has confluent-kafka";
        return skip("python_consumes_in_a_group", needs);
    };
    let served = Served::new();
    let broker = served.address.to_string();
    let mut seen = Vec::new();
    for numbers in [0..300, 300..310] {
        served.journal.append(&records(Topic::Events, numbers.clone())).unwrap();
        let count = (numbers.end - numbers.start).to_string();
        let arguments = ["-c", PYTHON, &broker, "pythons", Topic::Events.name(), &count];
        let output = run(Command::new(&python).args(arguments));
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{errors}");
        seen.push(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    assert_eq!(numbers(&seen.concat()), all(310));
}

#[test]
fn kafkas_own_consumer_and_tools_read_groups_and_topics() {
    let Some(kafka) = kafka_tools() else {
        let needs = "Java and Maven";
        return skip("kafkas_own_consumer_and_tools_read_groups_and_topics", needs);
    };
    let served = Served::new();
    let topic = Topic::Events.name();
    served.journal.append(&records(Topic::Events, 0..200)).unwrap();

    let options = ["--topic", topic, "--group", "javas", "--max-messages", "200"];
    let ends = ["--timeout-ms", "30000", "--from-beginning"];
    let consumed = tool(&kafka, &served, "console-consumer", &[&options[..], &ends].concat());
    assert_eq!(numbers(&consumed), all(200), "{consumed}");

    let listed = tool(&kafka, &served, "consumer-groups", &["--list"]);
    assert!(listed.lines().any(|line| line == "javas"), "{listed}");

    let describe = ["--describe", "--group", "javas"];
    let described = tool(&kafka, &served, "consumer-groups", &describe);
    assert_eq!(lags(&described), Some((200, 0)), "{described}");

    let reset = ["--group", "javas", "--topic", topic, "--reset-offsets", "--to-earliest"];
    let reset = [&reset[..], &["--execute"]].concat();
    let _shown = tool(&kafka, &served, "consumer-groups", &reset);
    let described = tool(&kafka, &served, "consumer-groups", &describe);
    assert_eq!(lags(&described), Some((0, 200)), "{described}");

    let delete = ["--delete", "--group", "javas"];
    let deleted = tool(&kafka, &served, "consumer-groups", &delete);
    assert!(deleted.contains("successful"), "{deleted}");

    let topics = tool(&kafka, &served, "topics", &["--describe", "--topic", topic]);
    assert!(topics.contains("PartitionCount: 4"), "{topics}");
    assert!(topics.contains("cleanup.policy=delete"), "{topics}");
}

/// Sums the columns of offsets and lags; `None` where a line has none.
fn lags(described: &str) -> Option<(u64, u64)> {
    let mut sums = (0, 0);
    let lines = described.lines().filter(|line| line.contains(Topic::Events.name()));
    for line in lines {
        let words: Vec<&str> = line.split_whitespace().collect();
        sums.0 += words.get(3)?.parse::<u64>().ok()?;
        sums.1 += words.get(5)?.parse::<u64>().ok()?;
    }
    Some(sums)
}
