//! A real Apache Kafka for tests, started and stopped by `tests/kafka/kafka`.

use std::io::Write as _;
use std::ops::Deref;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use borderwire::config;
use borderwire::kafka::topics;
use borderwire::kafka::{Next, Reader, Record, Start};
use borderwire::message::Topic;
use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions};
use rdkafka::client::DefaultClientContext;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kafka/kafka");
const BORDERWIRE: &str = env!("CARGO_BIN_EXE_borderwire");

/// Partitions of topics that are made with [`Kafka::settings`].
pub const PARTITIONS: i32 = 4;

/// Longest time for what takes a second or two.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A broker in a folder of its own. Both are gone when this process is, however it ends.
pub struct Kafka {
    /// Gone with it; for files of the test.
    pub folder: tempfile::TempDir,
    /// Its address.
    pub bootstrap: String,
    /// Waits for the end of its input, which is the end of this process, and cleans up then.
    _cleaner: Child,
}

/// Takes the broker that the tests of this file share, one test at a time.
pub fn broker(name: &str) -> Option<impl Deref<Target = Kafka> + use<>> {
    struct Shared(MutexGuard<'static, Option<Kafka>>);

    impl Deref for Shared {
        type Target = Kafka;

        fn deref(&self) -> &Kafka {
            self.0.as_ref().expect("it was started before it was shared")
        }
    }

    static BROKER: Mutex<Option<Kafka>> = Mutex::new(None);
    // A test that failed leaves the broker as good as any; each begins with deleting topics.
    let mut broker = BROKER.lock().unwrap_or_else(PoisonError::into_inner);
    match broker.as_ref() {
        None => *broker = Some(Kafka::start(name, "")?),
        Some(kafka) if kafka.run("status").contains("down") => drop(kafka.run("start 1")),
        Some(_) => {}
    }
    Some(Shared(broker))
}

impl Kafka {
    /// Starts one node; `None` where this machine cannot.
    pub fn start(name: &str, options: &str) -> Option<Self> {
        for tool in ["java", "mvn"] {
            let asked = Command::new(tool).arg("-version").output();
            if !asked.is_ok_and(|output| output.status.success()) {
                assert!(std::env::var_os("BORDERWIRE_CI").is_none(), "{name} needs {tool}");
                let _ = writeln!(std::io::stderr(), "skipped: {name}: needs {tool}");
                return None;
            }
        }
        let folder = tempfile::tempdir().unwrap();
        let clean = "cat >/dev/null; bash \"$0\" down --delete >/dev/null 2>&1; rm -rf \"$1\"";
        let cleaner = Command::new("setsid")
            .args(["bash", "-c", clean, SCRIPT])
            .arg(folder.path())
            .env("KAFKA_DIR", folder.path().join("cluster"))
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let mut kafka = Self { folder, bootstrap: String::new(), _cleaner: cleaner };
        let up = kafka.run(&format!("up --port auto {options}"));
        up.trim().clone_into(&mut kafka.bootstrap);
        Some(kafka)
    }

    fn dir(&self) -> PathBuf {
        self.folder.path().join("cluster")
    }

    /// Its address and defaults, and few partitions.
    pub fn settings(&self) -> config::Kafka {
        config::Kafka {
            bootstrap: Some(self.bootstrap.clone()),
            partitions: PARTITIONS,
            ..config::Kafka::default()
        }
    }

    /// Runs the script with these words; `tool` knows the broker's address.
    pub fn run(&self, words: &str) -> String {
        let mut words: Vec<&str> = words.split_whitespace().collect();
        if words[0] == "tool" {
            words.splice(2..2, ["--bootstrap-server", &self.bootstrap]);
        }
        let output = Command::new("bash")
            .arg(SCRIPT)
            .args(&words)
            .env("KAFKA_DIR", self.dir())
            .output()
            .unwrap();
        assert!(output.status.success(), "{words:?}: {} {}", stdout(&output), stderr(&output));
        stdout(&output)
    }

    /// Runs a command as it is printed for people, Kafka's tools being those of the script.
    pub fn run_printed(&self, command: &str) {
        let shell = command
            .replace("kafka-topics.sh", "bash \"$KAFKA\" tool topics")
            .replace("kafka-configs.sh", "bash \"$KAFKA\" tool configs")
            .replace("borderwire ", &format!("{BORDERWIRE} "));
        let output = Command::new("bash")
            .args(["-c", &shell])
            .env("KAFKA", SCRIPT)
            .env("KAFKA_DIR", self.dir())
            .output()
            .unwrap();
        assert!(output.status.success(), "{command}: {} {}", stdout(&output), stderr(&output));
    }

    /// Runs our own command against it.
    pub fn borderwire(&self, args: &[&str]) -> Output {
        borderwire(&[args, &["--bootstrap", &self.bootstrap]].concat())
    }

    /// Deletes our topics, so that a test finds an empty cluster.
    pub fn delete_topics(&self) {
        let found = || topics::check(&self.settings()).unwrap().found;
        let names: Vec<&str> = found().iter().map(|found| found.topic.name()).collect();
        if names.is_empty() {
            return;
        }
        let admin: AdminClient<DefaultClientContext> =
            self.client("delete").create().expect("an address alone is enough");
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let deleted = runtime.block_on(admin.delete_topics(&names, &AdminOptions::new())).unwrap();
        assert!(deleted.iter().all(Result::is_ok), "{deleted:?}");
        wait_for("topics to go", || found().is_empty().then_some(()));
    }

    /// A client that is none of ours.
    pub fn client(&self, id: &str) -> ClientConfig {
        let mut client = ClientConfig::new();
        client.set("bootstrap.servers", &self.bootstrap).set("client.id", id);
        client
    }

    /// Returns all records of the topic, at most so many.
    pub fn read(&self, topic: Topic, at_most: usize) -> Vec<Record> {
        let topics = [topic.name().to_owned()];
        let mut reader = Reader::open(&self.settings(), &topics, Start::Beginning).unwrap();
        reader.until(borderwire::clock::now()).unwrap();
        let deadline = Instant::now() + PATIENCE;
        let mut records = Vec::new();
        while records.len() < at_most {
            match reader.next(PATIENCE).unwrap() {
                Next::Record(record) => records.push(*record),
                Next::End => break,
                Next::Idle => panic!("{} records, then nothing", records.len()),
            }
            assert!(Instant::now() < deadline, "{} records", records.len());
        }
        records
    }
}

/// Runs our own command.
pub fn borderwire(args: &[&str]) -> Output {
    Command::new(BORDERWIRE).args(args).stdin(Stdio::null()).output().unwrap()
}

/// What it wrote.
pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What it wrote to standard error.
pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Asks again and again until there is an answer.
pub fn wait_for<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < deadline, "waited {PATIENCE:?} for {what}");
        thread::park_timeout(Duration::from_millis(50));
    }
}
