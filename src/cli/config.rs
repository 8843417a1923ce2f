//! `borderwire config`: is the configuration good, and what is in effect.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;

use crate::config::{self, Config};
use crate::telemetry;

use super::codebook;

/// Options of `borderwire config`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Check a configuration and the files it names, without network. Exit code 78 if it is bad.
    Check {
        /// Configuration file in place of that of --config.
        file: Option<PathBuf>,
    },
    /// Show the configuration in effect, and where each value comes from. Secrets are redacted.
    Show,
}

/// Runs it.
///
/// # Errors
/// The configuration is wrong.
pub fn run(args: Args, config: Option<&Path>) -> anyhow::Result<ExitCode> {
    match args.command {
        Command::Check { file } => check(file.as_deref().or(config)),
        Command::Show => {
            let loaded = config::load_with_origins(config)?;
            io::stdout().write_all(config::show(&loaded).as_bytes())?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn check(path: Option<&Path>) -> anyhow::Result<ExitCode> {
    let config = config::load(path)?;
    let mut wrong = Vec::new();
    let mut out = io::stdout().lock();
    for warning in config::warnings(&config) {
        writeln!(out, "warning: {warning}")?;
    }
    match config::feeds(&config) {
        Ok(list) => {
            for warning in &list.warnings {
                writeln!(out, "warning: {warning}")?;
            }
            writeln!(out, "{} feeds, {}", list.feeds.len(), destination(&config))?;
        }
        Err(error) => wrong.push(anyhow::Error::from(error)),
    }
    wrong.extend(codebook::parser(&config).err());
    wrong.extend(config.kafka.client_settings().err().map(anyhow::Error::from));
    wrong.extend(config.state_dir().err().map(anyhow::Error::from));
    wrong.extend(telemetry::configured_filter(&config.daemon).err().map(anyhow::Error::from));
    for (what, path) in named_files(&config) {
        let opened = File::open(path).map(drop);
        wrong.extend(
            opened.with_context(|| format!("{what} `{}` can not be read", path.display())).err(),
        );
    }
    let name = path.map_or_else(|| "the defaults".to_owned(), |path| path.display().to_string());
    if wrong.is_empty() {
        writeln!(out, "{name}: good")?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut err = io::stderr().lock();
    for error in wrong {
        writeln!(err, "borderwire: {error:#}")?;
    }
    Ok(ExitCode::from(config::ConfigError::EXIT_CODE))
}

fn destination(config: &Config) -> String {
    match &config.kafka.bootstrap {
        Some(brokers) => format!("published to Kafka at {brokers}"),
        None => format!("published to the journal, read at {}", config.journal.listen),
    }
}

fn named_files(config: &Config) -> impl Iterator<Item = (&'static str, &Path)> {
    config.fetch.ca_file.iter().map(|path| ("`ca-file` of [fetch]", path.as_path()))
}
