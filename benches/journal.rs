//! Records committed and read a second: the journal beside Apache Kafka, on this machine, in one run.
//!
//! `cargo bench --bench journal`. Kafka runs where Java and Maven are, one node with its defaults:
//! it acknowledges what is in memory, the journal what is on disk.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::time::{Duration, Instant};

use borderwire::clock;
use borderwire::config;
use borderwire::journal::{Journal, Listener};
use borderwire::message::{Batch, Message, Topic};
use rdkafka::Message as _;
use rdkafka::consumer::{BaseConsumer, Consumer};

/// Bytes of a record's value.
const VALUE_BYTES: usize = 1024;
/// Records of a commit, as an entry, a poll and a replay bring them.
const BATCHES: [usize; 3] = [10, 100, 1_000];
/// How long records are committed in each case.
const COMMIT_TIME: Duration = Duration::from_secs(4);
/// Records that are read.
const READ_RECORDS: usize = 300_000;
/// Partitions on both sides.
const PARTITIONS: i32 = 4;
/// The topic on Kafka.
const TOPIC: &str = "bench";

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// One line of the table.
struct Row {
    what: String,
    journal: f64,
    kafka: Option<f64>,
    about: String,
}

fn main() -> Outcome<()> {
    let mut rows = Vec::new();
    let kafka = Kafka::start()?;
    for size in BATCHES {
        let (journal, about) = commit(size)?;
        let kafka = kafka.as_ref().map(|kafka| kafka.produce(size)).transpose()?;
        rows.push(Row { what: format!("committed, {size} a commit"), journal, kafka, about });
    }

    let dir = tempfile::tempdir()?;
    let journal = Arc::new(open(dir.path())?);
    for _ in 0..READ_RECORDS / 1_000 {
        journal.append(&batch(1_000, 0))?;
    }
    let runtime = tokio::runtime::Runtime::new()?;
    let listener = runtime.block_on(Listener::bind(journal, &settings()))?;
    let address = listener.local_addr();
    let served = runtime.spawn(listener.run(std::future::pending()));
    let ours = read(&address.to_string(), Topic::Events.name())?;
    let theirs = kafka.as_ref().map(|kafka| read(&kafka.bootstrap, TOPIC)).transpose()?;
    let what = "read by rdkafka".to_owned();
    rows.push(Row { what, journal: ours, kafka: theirs, about: String::new() });
    if let Some(kafka) = &kafka {
        let journal = kafka.consume(&address.to_string(), Topic::Events.name())?;
        let theirs = kafka.consume(&kafka.bootstrap, TOPIC)?;
        let what = "read by consumer-perf-test".to_owned();
        rows.push(Row { what, journal, kafka: Some(theirs), about: String::new() });
    }
    served.abort();
    print(&rows);
    Ok(())
}

fn print(rows: &[Row]) {
    println!("records a second, {VALUE_BYTES} bytes each, {PARTITIONS} partitions");
    println!("{:<30} {:>10} {:>10} {:>7}", "", "journal", "Kafka", "ratio");
    for row in rows {
        let kafka = row.kafka.map_or_else(|| "-".to_owned(), |kafka| format!("{kafka:.0}"));
        let ratio = row.kafka.map_or_else(|| "-".to_owned(), |k| format!("{:.2}", row.journal / k));
        let (what, journal, about) = (&row.what, row.journal, &row.about);
        println!("{what:<30} {journal:>10.0} {kafka:>10} {ratio:>7}  {about}");
    }
}

fn settings() -> config::Journal {
    config::Journal {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        partitions: PARTITIONS,
        ..config::Journal::default()
    }
}

fn open(dir: &Path) -> Outcome<Journal> {
    Ok(Journal::open(dir, &settings())?)
}

/// Returns so many records whose values no codec makes small.
fn batch(size: usize, seed: u64) -> Batch {
    let mut random = seed | 1;
    let mut word = || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random
    };
    let timestamp = clock::now();
    let message = |_| Message {
        topic: Topic::Events,
        key: format!("{:016x}", word()),
        headers: vec![("ce_id".to_owned(), "id".to_owned())],
        value: Some((0..VALUE_BYTES / 8).flat_map(|_| word().to_le_bytes()).collect()),
        timestamp,
    };
    Batch { messages: (0..size).map(message).collect(), states: Vec::new() }
}

/// Commits batch after batch; returns records a second, and how long a commit took.
fn commit(size: usize) -> Outcome<(f64, String)> {
    let dir = tempfile::tempdir()?;
    let journal = open(dir.path())?;
    let batches: Vec<Batch> = (1..=8).map(|seed| batch(size, seed * 0x9e37_79b9)).collect();
    let mut times = Vec::new();
    let begun = Instant::now();
    while begun.elapsed() < COMMIT_TIME {
        let start = Instant::now();
        journal.append(&batches[times.len() % batches.len()])?;
        times.push(start.elapsed());
    }
    let rate = (times.len() * size) as f64 / begun.elapsed().as_secs_f64();
    times.sort_unstable();
    let (half, most) = (times[times.len() / 2], times[times.len() * 99 / 100]);
    Ok((rate, format!("a commit: median {half:.1?}, 99 % {most:.1?}")))
}

/// Reads the topic from its start; returns records a second, from the first record on.
fn read(bootstrap: &str, topic: &str) -> Outcome<f64> {
    let consumer: BaseConsumer = rdkafka::ClientConfig::new()
        .set("bootstrap.servers", bootstrap)
        .set("group.id", "bench")
        .set("enable.auto.commit", "false")
        .create()?;
    let mut all = rdkafka::TopicPartitionList::new();
    for partition in 0..PARTITIONS {
        all.add_partition_offset(topic, partition, rdkafka::Offset::Beginning)?;
    }
    consumer.assign(&all)?;
    drop(all);
    let (mut records, mut bytes, mut begun) = (0, 0, Instant::now());
    while records < READ_RECORDS {
        let message = consumer.poll(Duration::from_secs(30)).ok_or("no record came for 30 s")??;
        if records == 0 {
            begun = Instant::now();
        }
        records += 1;
        bytes += message.payload().map_or(0, <[u8]>::len);
    }
    assert_eq!(bytes, READ_RECORDS * VALUE_BYTES, "records of another length were read");
    Ok(records as f64 / begun.elapsed().as_secs_f64())
}

/// A node of Apache Kafka; stopped when dropped.
struct Kafka {
    script: PathBuf,
    dir: tempfile::TempDir,
    jars: String,
    bootstrap: String,
}

impl Kafka {
    fn start() -> Outcome<Option<Self>> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kafka/kafka");
        let runs = |program| Command::new(program).arg("--version").output().is_ok();
        if !(runs("java") && runs("mvn") && script.is_file()) {
            println!("skipped: Apache Kafka: needs Java, Maven and tests/kafka/kafka");
            return Ok(None);
        }
        let mut kafka = Self {
            script,
            dir: tempfile::tempdir()?,
            jars: String::new(),
            bootstrap: String::new(),
        };
        kafka.jars = kafka.run(&["jars"])?;
        kafka.run(&["up", "--port", "auto", "--fresh"])?;
        kafka.bootstrap = kafka.run(&["bootstrap"])?;
        let partitions = PARTITIONS.to_string();
        let topic = ["--create", "--topic", TOPIC, "--partitions", &partitions];
        let create = ["tool", "topics", "--bootstrap-server", &kafka.bootstrap];
        kafka.run(&[&create[..], &topic].concat())?;
        Ok(Some(kafka))
    }

    fn run(&self, arguments: &[&str]) -> Outcome<String> {
        let mut command = Command::new(&self.script);
        command.args(arguments).env("KAFKA_DIR", self.dir.path()).env("KAFKA_JIT", "full");
        checked(command.output()?)
    }

    /// Runs one of Kafka's tools with the whole compiler: the script's own way is for short ones.
    fn tool(&self, class: &str, arguments: &[&str]) -> Outcome<String> {
        let mut command = Command::new("java");
        command.args(["-Xmx512m", "-cp", &format!("{}/*", self.jars), class]).args(arguments);
        checked(command.output()?)
    }

    /// Returns records a second that producer-perf-test has acknowledged.
    fn produce(&self, size: usize) -> Outcome<f64> {
        let batch_bytes = format!("batch.size={}", size * (VALUE_BYTES + 16));
        let servers = format!("bootstrap.servers={}", self.bootstrap);
        let (records, bytes) = (READ_RECORDS.to_string(), VALUE_BYTES.to_string());
        let load = ["--topic", TOPIC, "--num-records", &records, "--record-size", &bytes];
        let properties = ["--producer-props", &servers, "acks=all", &batch_bytes, "linger.ms=5"];
        let rest = [&["--throughput", "-1"], &properties[..]].concat();
        let text =
            self.tool("org.apache.kafka.tools.ProducerPerformance", &[&load[..], &rest].concat())?;
        let rate = text.lines().last().and_then(|line| line.split(", ").nth(1));
        let rate = rate.and_then(|rate| rate.split(' ').next());
        Ok(rate.ok_or_else(|| format!("producer-perf-test wrote {text}"))?.parse()?)
    }

    /// Returns records a second that consumer-perf-test has read, without the join of its group.
    fn consume(&self, bootstrap: &str, topic: &str) -> Outcome<f64> {
        let records = READ_RECORDS.to_string();
        let load = ["--bootstrap-server", bootstrap, "--topic", topic];
        let count = ["--num-records", &records, "--hide-header"];
        let text =
            self.tool("org.apache.kafka.tools.ConsumerPerformance", &[&load[..], &count].concat())?;
        let line = text.lines().rfind(|line| line.split(", ").count() == 10);
        let rate = line.and_then(|line| line.split(", ").nth(9));
        Ok(rate.ok_or_else(|| format!("consumer-perf-test wrote {text}"))?.parse()?)
    }
}

impl Drop for Kafka {
    fn drop(&mut self) {
        if let Err(error) = self.run(&["down", "--delete"]) {
            println!("could not stop Kafka: {error}");
        }
    }
}

fn checked(output: Output) -> Outcome<String> {
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if output.status.success() {
        Ok(text)
    } else {
        Err(format!("{text}\n{}", String::from_utf8_lossy(&output.stderr)).into())
    }
}
