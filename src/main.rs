//! The binary: arguments in, exit code out.

use std::io;
use std::process::ExitCode;

use borderwire::cli::{self, Cli};
use borderwire::config::ConfigError;
use clap::Parser;

fn main() -> ExitCode {
    match cli::run(Cli::parse()) {
        Ok(code) => code,
        // Who reads has read enough, as `head` does: nothing went wrong.
        Err(error) if error.downcast_ref().is_some_and(is_broken_pipe) => ExitCode::SUCCESS,
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

fn is_broken_pipe(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
}
