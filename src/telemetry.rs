//! What the daemon tells of itself: log lines, metrics, health.

mod health;
mod metrics;

pub use self::health::{Health, STALL_MAX};
pub use self::metrics::{CommitOutcome, EventChange, Metrics, PollOutcome};

use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use crate::config::{Daemon, LogFormat};

/// Variable whose filter goes before that of the configuration.
const VARIABLE: &str = "BORDERWIRE_LOG";

/// What is logged where nobody says: milestones, and what is wrong.
const FILTER_DEFAULT: &str = "info";

/// Why there are no log lines.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter can not be read.
    #[error(
        "log filter `{filter}` of {origin} is wrong: {why}; write a level, or target=level with \
         commas between, for example `info,borderwire::fetch=debug`"
    )]
    Filter {
        /// What was written.
        filter: String,
        /// Where.
        origin: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// Somebody else in this process logs already.
    #[error("log lines can not be set up a second time in one process")]
    Twice,
}

/// Sends log lines to stderr from here on: for people on a terminal, as JSON elsewhere.
///
/// `BORDERWIRE_LOG` goes before `[daemon] log`.
///
/// # Errors
/// The filter is wrong, or this was called before.
pub fn init(config: &Daemon) -> Result<(), TelemetryError> {
    let filter = match std::env::var(VARIABLE) {
        Ok(text) if !text.trim().is_empty() => filter(&text, VARIABLE)?,
        _ => configured_filter(config)?,
    };
    let pretty = match config.log_format {
        LogFormat::Auto => io::stderr().is_terminal(),
        LogFormat::Pretty => true,
        LogFormat::Json => false,
    };
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    let set = if pretty {
        lines.with_ansi(io::stderr().is_terminal()).with_target(false).try_init()
    } else {
        lines.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init()
    };
    set.map_err(|_| TelemetryError::Twice)
}

/// Returns the filter of the configuration, so that it can be checked without logging.
///
/// # Errors
/// It is wrong.
pub fn configured_filter(config: &Daemon) -> Result<EnvFilter, TelemetryError> {
    filter(config.log.as_deref().unwrap_or(FILTER_DEFAULT), "`log` in [daemon]")
}

fn filter(text: &str, origin: &'static str) -> Result<EnvFilter, TelemetryError> {
    let wrong = |why: String| TelemetryError::Filter { filter: text.to_owned(), origin, why };
    // A word alone is a target to tracing-subscriber, so `inof` would silence everything.
    for word in text.split(',').map(str::trim) {
        if word.is_empty() {
            return Err(wrong("a part of it is empty".to_owned()));
        }
        let level = word.parse::<LevelFilter>().is_ok();
        if !level && !word.contains('=') && !word.contains("borderwire") {
            return Err(wrong(format!("`{word}` is no level")));
        }
    }
    EnvFilter::try_new(text).map_err(|error| wrong(error.to_string()))
}

/// Returns an error with its causes, as one line.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let told = error.to_string();
        // Some errors repeat their cause in their own text.
        if !text.contains(&told) {
            text.push_str(": ");
            text.push_str(&told);
        }
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_filter_is_an_error_and_not_silence() {
        let cases = [
            ("info", true),
            ("warn,borderwire::fetch=debug", true),
            ("borderwire=trace, info", true),
            ("off", true),
            ("inof", false),
            ("borderwire=loud", false),
            ("info,,", false),
        ];
        for (text, good) in cases {
            let config = Daemon { log: Some(text.to_owned()), ..Daemon::default() };
            let told = configured_filter(&config).map(|_| ()).map_err(|error| error.to_string());
            assert_eq!(told.is_ok(), good, "{text}: {told:?}");
            if let Err(told) = told {
                assert!(told.contains("`log` in [daemon]"), "{told}");
            }
        }
    }
}
