//! The binary: arguments in, exit code out.

use std::process::ExitCode;

use borderwire::cli::{self, Cli};
use borderwire::config::ConfigError;
use clap::Parser;

fn main() -> ExitCode {
    match cli::run(Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            #[expect(clippy::print_stderr, reason = "the boundary where errors reach a person")]
            {
                eprintln!("borderwire: {error:#}");
            }
            if error.chain().any(|cause| cause.is::<ConfigError>()) {
                return ExitCode::from(ConfigError::EXIT_CODE);
            }
            ExitCode::FAILURE
        }
    }
}
