//! `[daemon]`: state folder, feeds, logs.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Pretty on a terminal, JSON elsewhere.
    #[default]
    Auto,
    /// For people.
    Pretty,
    /// One JSON object a line.
    Json,
}

/// State folder, feeds, logs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Daemon {
    /// Folder of everything that is kept. Default: `$STATE_DIRECTORY` (systemd), else
    /// `$XDG_STATE_HOME/borderwire`, else `~/.local/state/borderwire`.
    pub state_dir: Option<PathBuf>,
    /// Files of feeds: `feeds.toml` or OPML, by their content. Default: the list that is built in,
    /// unless the feeds topic holds any.
    pub feeds: Vec<PathBuf>,
    /// Filter of log lines as tracing-subscriber reads it. Default `info`.
    pub log: Option<String>,
    /// How log lines look. Default `auto`.
    pub log_format: LogFormat,
}
