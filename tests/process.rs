//! A daemon as a process of its own, for tests that kill it.

use std::fs;
use std::io::Read;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// Longest wait for anything that ought to happen: far beyond what a loaded machine needs.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_borderwire");

/// Returns whether a test that lacks something is to be skipped; says so in one line.
///
/// # Panics
/// With `BORDERWIRE_CI` set: there nothing is to be skipped.
pub fn skip(test: &str, needs: &str) -> bool {
    assert!(std::env::var_os("BORDERWIRE_CI").is_none(), "{test} was skipped: needs {needs}");
    eprintln!("skipped: {test}: needs {needs}");
    true
}

/// Returns an address on loopback that was free a moment ago.
pub fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// Waits until the condition holds.
pub fn wait_for<T>(what: &str, mut condition: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(value) = condition() {
            return value;
        }
        assert!(started.elapsed() < PATIENCE, "waited in vain for {what}");
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

/// A folder with a configuration, and the daemon that runs on it.
pub struct Daemon {
    folder: tempfile::TempDir,
    config: PathBuf,
    child: Option<Child>,
}

impl Daemon {
    /// Writes the configuration; `feeds` is the text of a `feeds.toml`.
    pub fn new(config: &str, feeds: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("borderwire.toml");
        fs::write(folder.path().join("feeds.toml"), feeds).unwrap();
        let daemon = format!(
            "[daemon]\nstate-dir = {:?}\nfeeds = [{:?}]\nlog-format = \"json\"\n{config}\n",
            folder.path().join("state"),
            folder.path().join("feeds.toml"),
        );
        fs::write(&path, daemon).unwrap();
        Self { folder, config: path, child: None }
    }

    /// Returns the folder of the configuration; the state is in `state` below it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Starts it; its log goes to `log` in the folder, after those of earlier runs.
    pub fn start(&mut self) {
        let log = fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.folder.path().join("log"))
            .unwrap();
        let mut command = Command::new(PROGRAM);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("BORDERWIRE_") {
                command.env_remove(name);
            }
        }
        let child = command
            .arg("run")
            .arg("--config")
            .arg(&self.config)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        self.child = Some(child);
    }

    /// Kills it at once, as `kill -9` does.
    ///
    /// # Panics
    /// When it has ended by itself before.
    pub fn kill(&mut self) {
        self.expect_alive();
        let mut child = self.child.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Looks whether it still runs.
    ///
    /// # Panics
    /// When it has ended by itself.
    pub fn expect_alive(&mut self) {
        if let Some(status) = self.child.as_mut().unwrap().try_wait().unwrap() {
            panic!("the daemon ended by itself ({status}):\n{}", self.log());
        }
    }

    /// Asks it to stop, as a service manager does, and returns how it ended.
    pub fn stop(&mut self) -> ExitStatus {
        self.signal("TERM");
        self.ended()
    }

    /// Sends it a signal, by its name without `SIG`.
    pub fn signal(&self, name: &str) {
        let id = self.child.as_ref().unwrap().id().to_string();
        let sent = Command::new("kill").arg(format!("-{name}")).arg(id).status().unwrap();
        assert!(sent.success());
    }

    /// Waits until it has ended, and returns how.
    pub fn ended(&mut self) -> ExitStatus {
        let mut child = self.child.take().unwrap();
        wait_for("the daemon to end", || child.try_wait().unwrap())
    }

    /// Starts it, waits until it has ended by itself, and returns its exit code and what it said.
    pub fn refused(&mut self) -> (Option<i32>, String) {
        self.start();
        let status = self.ended();
        (status.code(), self.log())
    }

    /// Returns the end of what it logged.
    pub fn log(&self) -> String {
        let mut text = String::new();
        let mut file = fs::File::open(self.folder.path().join("log")).unwrap();
        file.read_to_string(&mut text).unwrap();
        let lines: Vec<_> = text.lines().collect();
        lines[lines.len().saturating_sub(40)..].join("\n")
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
