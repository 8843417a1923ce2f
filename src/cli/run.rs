//! `borderwire run`.

use std::path::Path;
use std::process::ExitCode;

/// Options of `borderwire run`.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs it.
///
/// # Errors
/// What it could not do.
pub fn run(_args: Args, _config: Option<&Path>) -> anyhow::Result<ExitCode> {
    anyhow::bail!("not built yet")
}
