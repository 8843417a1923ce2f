//! `borderwire codebook`: what the event extractor knows, and whether a file of one's own is good.

use crate::config::Config;
use crate::parser::Parser;

/// Returns the event extractor with the codebook of the configuration.
///
/// # Errors
/// A file cannot be read, or something in it is wrong.
pub(super) fn parser(config: &Config) -> anyhow::Result<Parser> {
    Ok(Parser::with_codebook(&config.parser.codebook_files()?)?)
}
