//! The binary: arguments in, exit code out.

use std::process::ExitCode;

use borderwire::cli::{self, Cli};
use clap::Parser;

fn main() -> ExitCode {
    match cli::run(Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            #[expect(clippy::print_stderr, reason = "the boundary where errors reach a person")]
            {
                eprintln!("borderwire: {error:#}");
            }
            ExitCode::FAILURE
        }
    }
}
