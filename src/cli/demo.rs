//! `borderwire demo`: thirty minutes of an invented border crisis in one, with no network.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Context;
use serde_json::Value;
use tokio::sync::oneshot;

use super::line::{self, Paint};
use super::run::{Daemon, signals};
use crate::clock;
use crate::config::{self, Config};
use crate::demo::{BACK_OFF_MAX, POLL_INTERVAL, SPEED, Script, Stage, StoryClock};
use crate::kafka::{Next, Reader, Start};
use crate::message::Topic;
use crate::telemetry;

/// After the last minute each feed is polled once more, and what it gave is read.
const LAST_POLLS: Duration = POLL_INTERVAL.saturating_mul(3);

/// How long the reader of the topics waits for a record before it looks at the clock again.
const PATIENCE: Duration = Duration::from_millis(200);

/// Options of `borderwire demo`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// How many times faster than the story's own time it is played.
    #[arg(long, default_value_t = SPEED, value_name = "TIMES", value_parser = speed)]
    speed: f64,
    /// End when the story ends; by default so when the output is no terminal.
    #[arg(long)]
    exit: bool,
    /// Where Kafka clients read meanwhile; by default 127.0.0.1:9092, or a free port if that is taken.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
}

fn speed(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(speed) if (1.0..=600.0).contains(&speed) => Ok(speed),
        _ => Err("a number from 1 to 600 is wanted".to_owned()),
    }
}

/// Runs it.
///
/// # Errors
/// A port that is taken; a temporary folder that cannot be made.
pub fn run(args: Args, _config: Option<&Path>) -> anyhow::Result<ExitCode> {
    let folder = Folder::make()?;
    let config = settings(&folder, args.listen);
    telemetry::init(&config.daemon)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let played = runtime.block_on(play(args, config));
    // The reader of the topics may wait for a record that never comes.
    runtime.shutdown_timeout(PATIENCE);
    played.map(|()| ExitCode::SUCCESS)
}

async fn play(args: Args, config: Config) -> anyhow::Result<()> {
    let script = Script::embedded();
    let base = script.base_time(clock::now(), args.speed);
    let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
    let stage = Stage::start(script, base, StoryClock::running(args.speed), anywhere).await?;
    let started = Instant::now();
    let daemon = Daemon::start(&config, Some(stage.feeds())).await?;
    let bootstrap = daemon.bootstrap.clone();
    show(&format!(
        "{} feeds at http://{} tell thirty minutes of an invented border crisis; every event as it \
         is published:\n\n",
        stage.feeds().len(),
        stage.address()
    ))?;
    let (stop, stopped) = oneshot::channel::<()>();
    let finished_at = stage.finished_at().map(tokio::time::Instant::into_std);
    let watching = {
        let bootstrap = bootstrap.clone();
        tokio::task::spawn_blocking(move || watch(&bootstrap, started, finished_at))
    };
    let stay = !args.exit && io::stdout().is_terminal();
    let signal = signals().context("cannot listen for signals")?;
    let until = async {
        tokio::select! {
            () = signal => {}
            _ = stopped => {}
        }
    };
    let ending = async {
        let summary = watching.await??;
        show(&summary.text(&stage, &bootstrap))?;
        if stay {
            show("The topics stay open; press Ctrl-C to end.\n")?;
            std::future::pending::<()>().await;
        }
        let _ = stop.send(());
        anyhow::Ok(())
    };
    // Whoever ends first: the story stops the daemon, and a signal ends both.
    let running = daemon.run(until);
    tokio::pin!(running, ending);
    tokio::select! {
        result = &mut running => result,
        result = &mut ending => {
            result?;
            running.await
        }
    }
}

/// What came by.
#[derive(Debug, Default)]
struct Summary {
    changes: BTreeMap<String, u32>,
    kinds: BTreeMap<String, u32>,
    first_after: Option<Duration>,
}

/// Reads the events as any consumer does, and shows each as a line.
fn watch(
    bootstrap: &str,
    started: Instant,
    finished_at: Option<Instant>,
) -> anyhow::Result<Summary> {
    let mut summary = Summary::default();
    let settings = config::Kafka { bootstrap: Some(bootstrap.to_owned()), ..Default::default() };
    let topics = [Topic::Events.name().to_owned()];
    let mut reader = Reader::open(&settings, &topics, Start::Beginning)?;
    let paint = Paint::for_output(io::stdout().is_terminal());
    loop {
        let record = match reader.next(PATIENCE)? {
            Next::Record(record) => record,
            _ if finished_at.is_some_and(|at| Instant::now() > at + LAST_POLLS) => {
                return Ok(summary);
            }
            _ => continue,
        };
        summary.first_after.get_or_insert_with(|| started.elapsed());
        let value: Value = serde_json::from_slice(record.value.as_deref().unwrap_or_default())?;
        let name = |pointer: &str| {
            value.pointer(pointer).and_then(Value::as_str).unwrap_or("?").to_owned()
        };
        *summary.changes.entry(name("/change")).or_default() += 1;
        *summary.kinds.entry(name("/event/kind")).or_default() += 1;
        let kind = record.headers.iter().find(|(name, _)| name == "ce_type");
        let kind = kind.and_then(|(_, value)| value.as_deref()).unwrap_or_default();
        show(&format!("{}\n", line::line(&value, &String::from_utf8_lossy(kind), paint)))?;
    }
}

impl Summary {
    fn text(&self, stage: &Stage, bootstrap: &str) -> String {
        let listed = |counts: &BTreeMap<String, u32>| {
            let parts: Vec<_> = counts.iter().map(|(name, n)| format!("{n} {name}")).collect();
            parts.join(", ")
        };
        let tally = stage.tally();
        let first = self.first_after.map_or_else(String::new, |after| {
            format!("The first came {:.1} s after the start. ", after.as_secs_f64())
        });
        format!(
            "\n{} events: {}.\nKinds: {}.\n{first}The feeds were asked {} times: {} documents, {} \
             unchanged, {} errors.\n\nRead the topics with any Kafka client:\n  \
             kcat -b {bootstrap} -L\n  \
             kcat -b {bootstrap} -t {} -C -e -f '%k %h %s\\n'\n  \
             borderwire tail --bootstrap {bootstrap} --from beginning\n",
            self.changes.values().sum::<u32>(),
            listed(&self.changes),
            listed(&self.kinds),
            tally.full + tally.unchanged + tally.failed,
            tally.full,
            tally.unchanged,
            tally.failed,
            Topic::Events,
        )
    }
}

/// The configuration: what the demo needs of loopback, and a hurry that no real feed would like.
fn settings(folder: &Folder, listen: Option<SocketAddr>) -> Config {
    let mut config = Config::default();
    config.daemon.state_dir = Some(folder.0.clone());
    config.daemon.log = Some("error".to_owned());
    config.poll.interval = POLL_INTERVAL;
    config.poll.interval_min = POLL_INTERVAL / 4;
    config.poll.interval_max = BACK_OFF_MAX;
    config.poll.host_at_once_max = 16;
    config.fetch.allow = vec!["127.0.0.1".to_owned()];
    config.serve.listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let usual = config.journal.listen;
    config.journal.listen = listen.unwrap_or_else(|| match TcpListener::bind(usual) {
        Ok(_) => usual,
        Err(_) => SocketAddr::from(([127, 0, 0, 1], 0)),
    });
    config
}

/// A temporary folder for the state, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn make() -> anyhow::Result<Self> {
        let name = format!("borderwire-demo-{}-{}", std::process::id(), clock::chance());
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).with_context(|| format!("cannot make {}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left of a temporary folder is the system's to remove.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn show(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}
