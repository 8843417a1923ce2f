//! `[parser]`: what the event extractor knows besides what is built in.

use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::ConfigError;
use crate::parser::CodebookFile;

/// The event extractor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Parser {
    /// Files of a codebook over the built-in one, in this order: frames, words of classes, actors,
    /// places. Default none.
    pub codebook: Vec<PathBuf>,
}

impl Parser {
    /// Returns the files of the codebook with their texts.
    ///
    /// # Errors
    /// [`ConfigError::Unreadable`] for the first that cannot be read.
    pub fn codebook_files(&self) -> Result<Vec<CodebookFile>, ConfigError> {
        let read = |path: &PathBuf| {
            let text = fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
                what: "codebook file",
                path: path.clone(),
                source,
            })?;
            Ok(CodebookFile { name: path.display().to_string(), text })
        };
        self.codebook.iter().map(read).collect()
    }
}
