//! A journal that is served for a test, in this process or in one that can be killed.

use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use borderwire::config;
use borderwire::journal::{Journal, Listener};
use borderwire::message::{Batch, Message, Topic};
use jiff::Timestamp;
use tempfile::TempDir;
use tokio::sync::oneshot;

/// Longest wait for anything that is waited for; far beyond what a slow machine takes.
pub const PATIENCE: Duration = Duration::from_secs(60);
/// Names the folder that the child process serves.
const CHILD: &str = "BORDERWIRE_TEST_JOURNAL";
/// Name of the test that is the child process, as the harness knows it.
const CHILD_TEST: &str = "journal_support::child_process_serves_the_journal_it_is_told";
/// First timestamp of the records of [`records`]; each is a second later.
pub const FIRST_MS: i64 = 1_700_000_000_000;

/// Settings for a test: any free port, a few partitions.
pub fn settings() -> config::Journal {
    config::Journal {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        partitions: 4,
        ..config::Journal::default()
    }
}

/// Returns records `from..to` of the topic: key, value and time tell their number.
pub fn records(topic: Topic, numbers: std::ops::Range<u64>) -> Batch {
    let message = |number: u64| Message {
        topic,
        key: format!("key-{}", number % 97),
        headers: vec![("ce_id".to_owned(), number.to_string())],
        value: Some(format!("value-{number}").into_bytes()),
        timestamp: Timestamp::from_millisecond(FIRST_MS + number as i64 * 1000).unwrap(),
    };
    Batch { messages: numbers.map(message).collect(), states: Vec::new() }
}

/// A journal served by a thread of this process.
pub struct Served {
    pub journal: Arc<Journal>,
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    _dir: Option<TempDir>,
}

impl Served {
    /// Serves a new journal.
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut served = Self::in_folder(dir.path(), &settings());
        served._dir = Some(dir);
        served
    }

    /// Serves the journal of the folder.
    pub fn in_folder(dir: &Path, settings: &config::Journal) -> Self {
        let journal = Arc::new(Journal::open(dir, settings).unwrap());
        let (stop, stopped) = oneshot::channel();
        let (bound, address) = channel();
        let (shared, settings) = (Arc::clone(&journal), settings.clone());
        let thread = std::thread::spawn(move || {
            runtime().block_on(async move {
                let listener = Listener::bind(shared, &settings).await.unwrap();
                bound.send(listener.local_addr()).unwrap();
                let stop = async { stopped.await.unwrap_or(()) };
                listener.run(stop).await;
            });
        });
        let address = address.recv_timeout(PATIENCE).unwrap();
        Self { journal, address, stop: Some(stop), thread: Some(thread), _dir: None }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(ended.is_ok() || std::thread::panicking(), "the listener panicked");
        }
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// A journal served by a process of its own.
pub struct Process {
    child: Child,
    commands: ChildStdin,
    lines: Receiver<String>,
    pub address: SocketAddr,
}

impl Process {
    /// Serves the journal of the folder; port 0 is any.
    pub fn start(dir: &Path, port: u16) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([CHILD_TEST, "--exact", "--nocapture", "--test-threads=1"])
            .env(CHILD, dir)
            .env("BORDERWIRE_TEST_PORT", port.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = lines_of(child.stdout.take().unwrap());
        let commands = child.stdin.take().unwrap();
        let mut process = Self { child, commands, lines, address: settings().listen };
        process.address = process.expect("listening").parse().unwrap();
        process
    }

    /// Appends [`records`] and returns once they are stored.
    pub fn append(&mut self, topic: Topic, numbers: std::ops::Range<u64>) {
        self.send(topic, numbers);
        self.expect("stored");
    }

    /// Has [`records`] appended, and does not wait.
    pub fn send(&mut self, topic: Topic, numbers: std::ops::Range<u64>) {
        writeln!(self.commands, "{topic} {} {}", numbers.start, numbers.end).unwrap();
    }

    /// Returns its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends the process as `kill -9` does.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    fn expect(&mut self, word: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(PATIENCE).expect("the child process answers");
            // The harness writes "test NAME ... " before the first line, without ending it.
            if let Some((_, rest)) = line.split_once(&format!("journal-{word} ")) {
                return rest.to_owned();
            }
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _already_dead = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// Returns the lines of a stream as they come.
pub fn lines_of(stream: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (send, lines) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if send.send(line).is_err() {
                break;
            }
        }
    });
    lines
}

#[test]
fn child_process_serves_the_journal_it_is_told() {
    let Some(dir) = std::env::var_os(CHILD).map(PathBuf::from) else { return };
    let port: u16 = std::env::var("BORDERWIRE_TEST_PORT").unwrap().parse().unwrap();
    let mut settings = settings();
    settings.listen.set_port(port);
    let served = Served::in_folder(&dir, &settings);
    println!("journal-listening {}", served.address);
    for line in std::io::stdin().lines().map_while(Result::ok) {
        let words: Vec<&str> = line.split(' ').collect();
        let topic = Topic::named(words[0]).unwrap();
        let numbers = words[1].parse().unwrap()..words[2].parse().unwrap();
        served.journal.append(&records(topic, numbers)).unwrap();
        println!("journal-stored {line}");
    }
}

/// Says on stderr that a test is skipped, or fails it where everything has to be there.
pub fn skip(test: &str, needs: &str) {
    assert!(std::env::var_os("BORDERWIRE_CI").is_none(), "{test} needs {needs}");
    eprintln!("skipped: {test}: needs {needs}");
}

/// Returns whether the program can be run.
pub fn has(program: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).any(|folder| folder.join(program).is_file())
}

/// Runs the command to its end, killed where it has none.
pub fn run(command: &mut Command) -> Output {
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let read = |stream: Option<Box<dyn std::io::Read + Send>>| {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            stream.unwrap().read_to_end(&mut bytes).unwrap();
            bytes
        })
    };
    let stdout = read(child.stdout.take().map(|out| Box::new(out) as _));
    let stderr = read(child.stderr.take().map(|out| Box::new(out) as _));
    let id = child.id();
    let (ended, end) = channel();
    let waiter = std::thread::spawn(move || {
        let status = child.wait().unwrap();
        ended.send(()).unwrap();
        status
    });
    if end.recv_timeout(PATIENCE).is_err() {
        run_kill(id);
    }
    let status = waiter.join().unwrap();
    Output { status, stdout: stdout.join().unwrap(), stderr: stderr.join().unwrap() }
}

fn run_kill(id: u32) {
    let killed = Command::new("kill").args(["-9", &id.to_string()]).status();
    assert!(killed.is_ok_and(|status| status.success()), "could not kill {id}");
}

/// Waits until the condition holds.
pub fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !condition() {
        assert!(Instant::now() < end, "waited in vain: {what}");
        std::thread::yield_now();
    }
}
