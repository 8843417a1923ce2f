//! The binary: arguments in, exit code out.

use std::io;
use std::process::ExitCode;

use borderwire::cli::{self, Cli};
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
            cli::exit_code(&error)
        }
    }
}

fn is_broken_pipe(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
}
