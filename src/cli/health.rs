//! `borderwire health`: is a running daemon ready.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use url::Url;

use crate::{config, serve};

/// Options of `borderwire health`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to ask in place of `/readyz` at the configured address.
    #[arg(long)]
    url: Option<Url>,
}

/// Asks, and returns 0 for a daemon that is ready, else 1.
///
/// # Errors
/// The configuration is wrong, or nobody answers.
pub fn run(args: Args, config: Option<&Path>) -> anyhow::Result<ExitCode> {
    let url = match args.url {
        Some(url) => url,
        None => Url::parse(&format!("http://{}/readyz", config::load(config)?.serve.listen))?,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let answer = runtime.block_on(serve::ask(&url))?;
    writeln!(io::stdout(), "{}", answer.body)?;
    Ok(if answer.status == 200 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
