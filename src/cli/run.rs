//! `borderwire run`: poll feeds and publish events until told to stop.

use std::collections::HashMap;
use std::future::Future;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::clock;
use crate::commit::{self, CommitError, Engine};
use crate::config::{self, Config, FeedList};
use crate::feed::{Feed, FeedId};
use crate::fetch::Client;
use crate::journal::{Journal, Listener};
use crate::schedule::Policy;
use crate::serve::{Serve, systemd};
use crate::shard::{self, FeedState, Parts};
use crate::telemetry::{self, Health, Metrics};

/// How often figures that nobody pushes are taken: the journal's size.
const GAUGES_EVERY: Duration = Duration::from_secs(15);

/// How long the end waits for an opening that nobody needs any more.
const ABANDON_AFTER: Duration = Duration::from_secs(2);

/// How often the program tells that it lives while it waits for a cluster.
const PROGRESS_EVERY: Duration = Duration::from_secs(5);

/// Options of `borderwire run`.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs it.
///
/// # Errors
/// What the daemon needs and does not have; what it could not store at the end.
pub fn run(_args: Args, config: Option<&Path>) -> anyhow::Result<ExitCode> {
    let config = config::load(config)?;
    telemetry::init(&config.daemon)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let ended = runtime.block_on(async {
        let stop = signals().context("cannot listen for signals")?;
        let mut stop = std::pin::pin!(stop);
        let daemon = tokio::select! {
            daemon = Daemon::start(&config, None) => daemon?,
            () = &mut stop => return Ok(()),
        };
        daemon.run(stop).await
    });
    // An attempt to reach a cluster that is away: nothing hangs on its end.
    runtime.shutdown_timeout(ABANDON_AFTER);
    ended.map(|()| ExitCode::SUCCESS)
}

/// A daemon that has all that it needs, before its first poll.
pub(super) struct Daemon {
    /// Where consumers read: the journal's listener, or the cluster.
    pub(super) bootstrap: String,
    parts: Parts,
    engine: Engine,
    listener: Option<Listener>,
    services: Services,
}

/// What runs beside the shard, and ends when this is stopped.
struct Services {
    tasks: JoinSet<anyhow::Result<()>>,
    over: watch::Sender<()>,
}

impl Services {
    fn new() -> Self {
        Self { tasks: JoinSet::new(), over: watch::channel(()).0 }
    }

    /// Returns a future that is ready when the services are to end.
    fn end(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut over = self.over.subscribe();
        // Nothing is ever sent: it ends by the sender's going.
        async move { while over.changed().await.is_ok() {} }
    }

    async fn stop(self) -> anyhow::Result<()> {
        let Self { mut tasks, over } = self;
        drop(over);
        while let Some(ended) = tasks.join_next().await {
            ended??;
        }
        Ok(())
    }
}

impl Daemon {
    /// Takes the ports, opens the engine, restores what was committed, and gathers the feeds: those
    /// given, else those of the configuration and of the feeds topic.
    ///
    /// A cluster that does not answer is waited for: alive, but not ready.
    pub(super) async fn start(config: &Config, feeds: Option<Vec<Feed>>) -> anyhow::Result<Self> {
        let (metrics, health) = (Arc::new(Metrics::new()), Arc::new(Health::new(clock::now())));
        let serve = Serve::bind(&config.serve)?;
        let mut services = Services::new();
        tracing::info!(address = %serve.address(), "health and metrics");
        let serving = serve.run(Arc::clone(&health), Arc::clone(&metrics), services.end());
        services.tasks.spawn(async { Ok(serving.await?) });
        let watched = Arc::clone(&health);
        let end = services.end();
        services.tasks.spawn(async {
            tokio::select! {
                () = systemd::watchdog(watched) => {}
                () = end => {}
            }
            Ok(())
        });
        let client = Client::new(&config.fetch)?;
        // Before anything is waited for: what is wrong with lists and codebook is told at once.
        let listed = match &feeds {
            None if !config.daemon.feeds.is_empty() => Some(config::feeds(config)?),
            _ => None,
        };
        let parser = super::codebook::parser(config)?;
        let (engine, restored) = opened(config, &health).await?;
        let listener = match &engine.journal {
            Some(journal) => Some(Listener::bind(Arc::clone(journal), &config.journal).await?),
            None => None,
        };
        let bootstrap = match &listener {
            Some(listener) => listener.local_addr().to_string(),
            None => config.kafka.bootstrap.clone().unwrap_or_default(),
        };
        let feeds = match feeds {
            Some(feeds) => feeds,
            None => gathered(listed, restored.feeds, restored.doubts),
        };
        let parts = Parts {
            feeds,
            states: restored.states,
            client,
            parser: Arc::new(parser),
            policy: Policy {
                interval: config.poll.interval,
                interval_min: config.poll.interval_min,
                interval_max: config.poll.interval_max,
            },
            feeds_at_once_max: config.poll.feeds_at_once_max,
            host_at_once_max: config.poll.host_at_once_max,
            metrics,
            health,
        };
        Ok(Self { bootstrap, parts, engine, listener, services })
    }

    /// Polls until told to stop, commits what is under way, and lets consumers read until then.
    pub(super) async fn run(self, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
        let Self { bootstrap, parts, engine, listener, mut services } = self;
        let Engine { commit, journal } = engine;
        if let Some(journal) = journal {
            let (metrics, end) = (Arc::clone(&parts.metrics), services.end());
            services.tasks.spawn(async move {
                measure(&journal, &metrics, end).await;
                Ok(())
            });
        }
        if let Some(listener) = listener {
            let end = services.end();
            services.tasks.spawn(async move {
                listener.run(end).await;
                Ok(())
            });
        }
        let health = Arc::clone(&parts.health);
        health.restored();
        tracing::info!(feeds = parts.feeds.len(), kafka = bootstrap, "running");
        systemd::ready(&format!("polling {} feeds", parts.feeds.len()));
        let mut broken = None;
        let stop = async {
            tokio::select! {
                () = stop => {}
                ended = services.tasks.join_next() => broken = ended,
            }
            health.stopping();
            systemd::stopping();
            tracing::info!("stopping: finishing what is under way");
        };
        let result = shard::run(parts, commit, stop).await;
        result.context("could not store what was polled last; the next start asks for it again")?;
        if let Some(ended) = broken {
            ended?.context("a service of the daemon broke")?;
        }
        services.stop().await?;
        tracing::info!("stopped");
        Ok(())
    }
}

/// What was committed before.
struct Restored {
    states: HashMap<FeedId, FeedState>,
    feeds: Vec<Feed>,
    doubts: Vec<String>,
}

/// Opens the engine and reads what it holds; tries for ever while a cluster is away.
async fn opened(config: &Config, health: &Health) -> anyhow::Result<(Engine, Restored)> {
    let state_dir = config.state_dir()?;
    let mut attempt = 0;
    loop {
        let (config, state_dir) = (config.clone(), state_dir.clone());
        let opening = tokio::task::spawn_blocking(move || -> Result<_, shard::RestoreError> {
            let mut engine = commit::open(&config, &state_dir)?;
            let states = shard::restore(engine.commit.as_mut())?;
            let (feeds, doubts) = shard::feeds_of_topic(engine.commit.as_mut())?;
            Ok((engine, Restored { states, feeds, doubts }))
        });
        let error = match progressing(opening, health).await? {
            Ok(opened) => return Ok(opened),
            Err(shard::RestoreError::Commit(error)) if error.is_temporary() => error,
            Err(error) => return Err(error.into()),
        };
        attempt += 1;
        let text = telemetry::chain(&error);
        health.failed(text.clone());
        systemd::status("waiting for the cluster");
        if attempt == 1 {
            tracing::error!(error = text, "cannot start yet, trying until it works");
        }
        progressing(tokio::time::sleep(CommitError::retry_after(attempt)), health).await;
    }
}

/// Waits, and tells meanwhile that the program lives.
async fn progressing<T>(work: impl Future<Output = T>, health: &Health) -> T {
    let mut work = std::pin::pin!(work);
    let mut ticks = tokio::time::interval(PROGRESS_EVERY);
    loop {
        tokio::select! {
            done = &mut work => return done,
            _ = ticks.tick() => health.progress(clock::now()),
        }
    }
}

/// Takes the figures of the journal now and then.
async fn measure(journal: &Journal, metrics: &Metrics, until: impl Future<Output = ()>) {
    let mut until = std::pin::pin!(until);
    let mut ticks = tokio::time::interval(GAUGES_EVERY);
    loop {
        tokio::select! {
            () = &mut until => return,
            _ = ticks.tick() => metrics.journal_bytes(journal.counts().file_bytes),
        }
    }
}

/// The feeds of the configuration and of the feeds topic; the list that is built in only where both
/// are silent.
fn gathered(listed: Option<FeedList>, mut feeds: Vec<Feed>, doubts: Vec<String>) -> Vec<Feed> {
    for doubt in doubts {
        tracing::warn!(doubt, "left out a feed of the feeds topic");
    }
    let listed = match listed {
        None if feeds.is_empty() => config::built_in_feeds(),
        listed => listed.unwrap_or_default(),
    };
    for doubt in listed.warnings {
        tracing::warn!(%doubt, "feed list");
    }
    feeds.extend(listed.feeds);
    feeds.sort_by_key(|feed| feed.id);
    feeds.dedup_by_key(|feed| feed.id);
    feeds
}

/// Ends at SIGTERM or SIGINT; a second one ends the process at once. What is stored by then stays.
pub(super) fn signals() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut next = async move || {
        let kind = tokio::select! {
            _ = terminate.recv() => SignalKind::terminate(),
            _ = interrupt.recv() => SignalKind::interrupt(),
        };
        // As a shell tells of a process that a signal ended.
        128 + kind.as_raw_value()
    };
    Ok(async move {
        next().await;
        #[expect(clippy::disallowed_methods, reason = "whoever asks twice does not want to wait")]
        tokio::spawn(async move { std::process::exit(next().await) });
    })
}
