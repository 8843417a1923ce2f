//! `borderwire codebook`: what the event extractor knows, and whether a file of one's own is good.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::config::{self, Config};
use crate::parser::{self, Catalogue, CodebookFile, Kind, Parser};

/// Options of `borderwire codebook`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List the frames by kind, with counts of their triggers, examples and counter-examples.
    List {
        /// Frames of this kind alone, as `border-closure`.
        #[arg(long, value_parser = kind, conflicts_with = "classes")]
        kind: Option<Kind>,
        /// List the classes of words in place of the frames.
        #[arg(long)]
        classes: bool,
    },
    /// Show a frame, a class, or what is known of a word or name.
    Show {
        /// Its name; several words in quotes.
        name: String,
    },
    /// Tell all that is wrong in files of a codebook, or lacking. Exit code 1 if anything is.
    Lint {
        /// Files, over the built-in codebook and each other.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Try the examples of frames. Exit code 1 if one of a file is not met; of those built in, some
    /// state what is not reached yet.
    Test {
        /// Files, over the built-in codebook; without any, the built-in one and the configured files.
        files: Vec<PathBuf>,
    },
}

fn kind(name: &str) -> Result<Kind, String> {
    let names = || Kind::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ");
    Kind::named(name).ok_or_else(|| format!("there are {}", names()))
}

/// Runs it.
///
/// # Errors
/// The configuration or its codebook is wrong, a file cannot be read, or there is nothing of the name.
pub fn run(args: Args, config: Option<&Path>) -> anyhow::Result<ExitCode> {
    let configured = || Ok::<_, anyhow::Error>(config::load(config)?.parser.codebook_files()?);
    let mut out = io::BufWriter::new(io::stdout().lock());
    let is_good = match args.command {
        Command::List { kind, classes } => {
            let catalogue = Catalogue::with(&configured()?)?;
            if classes {
                list_classes(&catalogue, &mut out)
            } else {
                list(&catalogue, kind, &mut out)
            }?;
            true
        }
        Command::Show { name } => {
            let shown = Catalogue::with(&configured()?)?.show(&name).map_err(anyhow::Error::msg)?;
            out.write_all(shown.as_bytes())?;
            true
        }
        Command::Lint { files } => {
            let faults = parser::lint(&read(files)?);
            for fault in &faults {
                writeln!(out, "{fault}")?;
            }
            faults.is_empty()
        }
        Command::Test { files } if files.is_empty() => {
            try_examples(&configured()?, true, &mut out)?
        }
        Command::Test { files } => try_examples(&read(files)?, false, &mut out)?,
    };
    out.flush()?;
    Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Returns the event extractor with the codebook of the configuration.
///
/// # Errors
/// A file cannot be read, or something in it is wrong.
pub(super) fn parser(config: &Config) -> anyhow::Result<Parser> {
    Ok(Parser::with_codebook(&config.parser.codebook_files()?)?)
}

fn read(codebook: Vec<PathBuf>) -> anyhow::Result<Vec<CodebookFile>> {
    Ok(config::Parser { codebook }.codebook_files()?)
}

fn list(catalogue: &Catalogue, kind: Option<Kind>, out: &mut impl Write) -> io::Result<()> {
    let mut frames = catalogue.frames();
    frames.retain(|frame| kind.is_none_or(|kind| frame.kind == kind));
    let name = frames.iter().map(|frame| frame.name.chars().count()).max().unwrap_or(0);
    for (at, frame) in frames.iter().enumerate() {
        if at == 0 || frames[at - 1].kind != frame.kind {
            writeln!(out, "{}", frame.kind)?;
        }
        writeln!(
            out,
            "  {:name$}  {:4} triggers  {:2} examples  {:2} counter-examples  {}:{}",
            frame.name,
            frame.triggers,
            frame.examples,
            frame.counter_examples,
            frame.file,
            frame.line
        )?;
    }
    Ok(())
}

fn list_classes(catalogue: &Catalogue, out: &mut impl Write) -> io::Result<()> {
    let classes = catalogue.classes();
    let name = classes.iter().map(|class| class.name.chars().count()).max().unwrap_or(0);
    for (at, class) in classes.iter().enumerate() {
        if at == 0 || classes[at - 1].table != class.table {
            writeln!(out, "[{}]", class.table)?;
        }
        writeln!(out, "  {:name$}  {:5} words", class.name, class.words.len())?;
    }
    Ok(())
}

/// Tells which examples are not met, and returns whether all of the files are.
fn try_examples(
    files: &[CodebookFile],
    with_built_in: bool,
    out: &mut impl Write,
) -> anyhow::Result<bool> {
    let parser = Parser::with_codebook(files)?;
    let is_of_files = |name: &str| files.iter().any(|file| file.name == name);
    let trial = parser.try_examples(|name| with_built_in || is_of_files(name));
    for miss in &trial.misses {
        writeln!(out, "{}", miss.fault)?;
    }
    let met = trial.tried - trial.misses.len();
    writeln!(out, "{met} of {} examples are met", trial.tried)?;
    Ok(!trial.misses.iter().any(|miss| is_of_files(&miss.fault.file)))
}
