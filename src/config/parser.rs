//! `[parser]`: what is read out of texts.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// What is read out of texts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Parser {
    /// Codebook files besides the one that is built in. Default none.
    pub codebook: Vec<PathBuf>,
}
