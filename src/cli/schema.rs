//! `borderwire schema`: the contract of the messages, out of the program itself.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use serde_json::Value;

use crate::message;

/// Options of `borderwire schema`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to print: `asyncapi`, or a payload such as `event.v1`; without it, the names.
    name: Option<String>,
    /// Write all documents into this folder.
    #[arg(long, value_name = "FOLDER", conflicts_with = "name")]
    write: Option<PathBuf>,
}

/// Runs it.
///
/// # Errors
/// An unknown name, or a folder that cannot be written.
pub fn run(args: Args, _config: Option<&Path>) -> anyhow::Result<ExitCode> {
    let documents = documents();
    if let Some(folder) = args.write {
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        for (name, document) in &documents {
            let path = folder.join(format!("{name}.json"));
            fs::write(&path, pretty(document))
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let mut out = io::stdout().lock();
    match args.name {
        None => {
            for (name, _) in &documents {
                writeln!(out, "{name}")?;
            }
        }
        Some(wanted) => {
            let Some((_, document)) = documents.iter().find(|(name, _)| *name == wanted) else {
                let names: Vec<_> = documents.iter().map(|(name, _)| *name).collect();
                bail!("no schema `{wanted}`; there are {}", names.join(", "));
            };
            out.write_all(pretty(document).as_bytes())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The AsyncAPI document and the schema of each payload.
fn documents() -> Vec<(&'static str, Value)> {
    let mut documents = vec![("asyncapi", message::asyncapi())];
    documents.extend(message::schemas().into_iter().map(|schema| (schema.name, schema.document)));
    documents
}

fn pretty(document: &Value) -> String {
    format!("{document:#}\n")
}
