//! `borderwire run`: poll feeds and publish events until told to stop.

use std::future::Future;
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::sync::watch;

use crate::clock;
use crate::commit::{self, Engine};
use crate::config::{self, Config};
use crate::feed::Feed;
use crate::fetch::Client;
use crate::journal::{Journal, Listener};
use crate::parser::Parser;
use crate::schedule::Policy;
use crate::serve::{Serve, systemd};
use crate::shard::{self, Parts};
use crate::telemetry::{self, Health, Metrics};

/// How often figures that nobody pushes are taken: the journal's size.
const GAUGES_EVERY: Duration = Duration::from_secs(15);

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
    runtime.block_on(async {
        let stop = signals().context("cannot listen for signals")?;
        let daemon = Daemon::start(&config, None).await?;
        daemon.run(stop).await
    })?;
    Ok(ExitCode::SUCCESS)
}

/// A daemon that has all that it needs, before its first poll.
pub(super) struct Daemon {
    /// Where consumers read: the journal's listener, or the cluster.
    pub(super) bootstrap: String,
    /// Where health and metrics are.
    pub(super) served: SocketAddr,
    parts: Parts,
    engine: Engine,
    listener: Option<Listener>,
    serve: Serve,
}

impl Daemon {
    /// Takes the ports, opens the engine, restores what was committed, and gathers the feeds: those
    /// given, else those of the configuration and of the feeds topic.
    pub(super) async fn start(config: &Config, feeds: Option<Vec<Feed>>) -> anyhow::Result<Self> {
        let serve = Serve::bind(&config.serve)?;
        let state_dir = config.state_dir()?;
        let (engine, states, topic_feeds) = {
            let config = config.clone();
            let opening = move || -> anyhow::Result<_> {
                let mut engine = commit::open(&config, &state_dir)?;
                let states = shard::restore(engine.commit.as_mut())?;
                let feeds = shard::feeds_of_topic(engine.commit.as_mut())?;
                Ok((engine, states, feeds))
            };
            tokio::task::spawn_blocking(opening).await??
        };
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
            None => gathered(config, topic_feeds)?,
        };
        let parts = Parts {
            feeds,
            states,
            client: Client::new(&config.fetch)?,
            parser: Arc::new(Parser::embedded()),
            policy: Policy {
                interval: config.poll.interval,
                interval_min: config.poll.interval_min,
                interval_max: config.poll.interval_max,
            },
            feeds_at_once_max: config.poll.feeds_at_once_max,
            host_at_once_max: config.poll.host_at_once_max,
            metrics: Arc::new(Metrics::new()),
            health: Arc::new(Health::new(clock::now())),
        };
        let served = serve.address();
        Ok(Self { bootstrap, served, parts, engine, listener, serve })
    }

    /// Polls until told to stop, commits what is under way, and lets consumers read until then.
    pub(super) async fn run(self, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
        let Self { bootstrap, served, parts, engine, listener, serve } = self;
        let (done, over) = watch::channel(());
        let until_over = || {
            let mut over = over.clone();
            // Only ever ends by the sender's going, when this function returns.
            async move { while over.changed().await.is_ok() {} }
        };
        let Engine { commit, journal } = engine;
        let (health, metrics) = (Arc::clone(&parts.health), Arc::clone(&parts.metrics));
        let mut services = tokio::task::JoinSet::new();
        services.spawn(serve.run(Arc::clone(&health), Arc::clone(&metrics), until_over()));
        if let Some(journal) = journal {
            let (metrics, until_over) = (Arc::clone(&metrics), until_over());
            services.spawn(async move {
                measure(&journal, &metrics, until_over).await;
                Ok(())
            });
        }
        if let Some(listener) = listener {
            let until_over = until_over();
            services.spawn(async move {
                listener.run(until_over).await;
                Ok(())
            });
        }
        let watchdog = tokio::spawn(systemd::watchdog(Arc::clone(&health)));
        health.restored();
        tracing::info!(feeds = parts.feeds.len(), kafka = bootstrap, health = %served, "running");
        systemd::ready(&format!("polling {} feeds", parts.feeds.len()));
        let stop = async {
            stop.await;
            health.stopping();
            systemd::stopping();
            tracing::info!("stopping: finishing what is under way");
        };
        let result = shard::run(parts, commit, stop).await;
        watchdog.abort();
        drop((done, over));
        while let Some(service) = services.join_next().await {
            service??;
        }
        result.context("could not store what was polled last; the next start asks for it again")?;
        tracing::info!("stopped");
        Ok(())
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
fn gathered(config: &Config, topic: (Vec<Feed>, Vec<String>)) -> anyhow::Result<Vec<Feed>> {
    let (mut feeds, doubts) = topic;
    for doubt in doubts {
        tracing::warn!(doubt, "left out a feed of the feeds topic");
    }
    if feeds.is_empty() || !config.daemon.feeds.is_empty() {
        let listed = config::feeds(config)?;
        for doubt in listed.warnings {
            tracing::warn!(%doubt, "feed list");
        }
        feeds.extend(listed.feeds);
    }
    feeds.sort_by_key(|feed| feed.id);
    feeds.dedup_by_key(|feed| feed.id);
    Ok(feeds)
}

/// Ends at SIGTERM or SIGINT; a second one ends the process as it always does.
pub(super) fn signals() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
