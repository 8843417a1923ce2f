//! The command line: a file for each command.

mod codebook;
mod config;
mod demo;
mod entries;
mod extract;
mod feeds;
mod fetch;
mod health;
pub mod line;
mod run;
mod schema;
mod tail;
mod topics;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::commit::CommitError;
use crate::config::ConfigError;
use crate::fetch::FetchError;
use crate::kafka::KafkaError;
use crate::parser::CodebookError;
use crate::shard::RestoreError;
use crate::telemetry::TelemetryError;

/// Polls news feeds, extracts border-crisis events and publishes them to Kafka topics.
#[derive(Debug, Parser)]
#[command(name = "borderwire", version, about, propagate_version = true)]
pub struct Cli {
    /// Configuration file; without it, defaults and environment alone.
    #[arg(long, short, global = true, env = "BORDERWIRE_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Poll feeds and publish events until told to stop.
    Run(run::Args),
    /// Play a border crisis on this machine and show the events come by.
    Demo(demo::Args),
    /// Extract events from texts.
    Extract(extract::Args),
    /// Read captures of feeds and show their entries.
    Entries(entries::Args),
    /// Ask one feed, and show what comes.
    Fetch(fetch::Args),
    /// Show messages as they are published.
    Tail(tail::Args),
    /// List, add and remove feeds.
    Feeds(feeds::Args),
    /// Create and check the topics of a cluster.
    Topics(topics::Args),
    /// Show what the event extractor knows, and check codebook files.
    Codebook(codebook::Args),
    /// Check and show the configuration.
    Config(config::Args),
    /// Print the JSON Schemas and the AsyncAPI document of the messages.
    Schema(schema::Args),
    /// Ask a running daemon how it is.
    Health(health::Args),
}

/// Runs the command and returns the exit code.
///
/// # Errors
/// Whatever the command could not do, as a chain for the person at the terminal.
pub fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let config = cli.config.as_deref();
    match cli.command {
        Command::Run(args) => run::run(args, config),
        Command::Demo(args) => demo::run(args, config),
        Command::Extract(args) => extract::run(args, config),
        Command::Entries(args) => entries::run(args, config),
        Command::Fetch(args) => fetch::run(args, config),
        Command::Tail(args) => tail::run(args, config),
        Command::Feeds(args) => feeds::run(args, config),
        Command::Topics(args) => topics::run(args, config),
        Command::Codebook(args) => codebook::run(args, config),
        Command::Config(args) => self::config::run(args, config),
        Command::Schema(args) => schema::run(args, config),
        Command::Health(args) => health::run(args, config),
    }
}

/// Returns the code with which the program ends for this error: its own for a configuration that is
/// wrong, since a service manager need not start it again before somebody has mended it.
pub fn exit_code(error: &anyhow::Error) -> ExitCode {
    if error.chain().any(is_configuration) {
        return ExitCode::from(ConfigError::EXIT_CODE);
    }
    ExitCode::FAILURE
}

fn is_configuration(cause: &(dyn Error + 'static)) -> bool {
    let kafka = match cause.downcast_ref() {
        Some(RestoreError::Commit(CommitError::Kafka(error))) => Some(error),
        _ => cause.downcast_ref::<KafkaError>(),
    };
    cause.is::<ConfigError>()
        || cause.is::<CodebookError>()
        || cause.is::<TelemetryError>()
        || cause.downcast_ref().is_some_and(FetchError::is_configuration)
        || kafka.is_some_and(KafkaError::is_configuration)
}
