//! `borderwire extract`: texts in, events out, for programs, for people, and for annotators.

mod brat;
mod table;
mod tree;

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::line::{Paint, plain};
use crate::config;
use crate::message::EventBody;
use crate::parser::{Document, Parser};

/// Longest input line in bytes; a document has far less.
const LINE_BYTES_MAX: u64 = 16 << 20;

/// Options of `borderwire extract`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Plain text, or JSON lines with `id`, `title`, `text`, `published`, `language`; `-` is
    /// standard input.
    #[arg(value_name = "FILE", default_value = "-")]
    file: PathBuf,
    /// How to write events, on standard output; complaints go to standard error.
    ///
    /// Default: `table` on a terminal, else `jsonl`.
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Show for people how each event came about: document, sentence, event, and for each slot the
    /// rule and the words that gave it, in colours on a terminal.
    #[arg(long, conflicts_with = "format")]
    explain: bool,
    /// Day of publication of a plain text (YYYY-MM-DD), against which "yesterday" is resolved.
    #[arg(long, value_name = "DATE")]
    published: Option<Date>,
    /// File of a codebook over the built-in one and those of the configuration; may be repeated.
    #[arg(long, value_name = "FILE")]
    codebook: Vec<PathBuf>,
}

/// How to write events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// One JSON object a document, a line each: `id`, `events`, and `doubts` where there are any.
    Jsonl,
    /// One line an event, in columns that are aligned within each document.
    Table,
    /// Standoff annotations (`T`, `E`, `A` lines, offsets in code points of the text) for brat's .ann
    /// files, one document after the other, each with an id headed by a line `# ID`.
    Brat,
}

/// What is written of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Show {
    Events(Format),
    Explanation(Paint),
}

/// A document as the input gives it; other fields are not read.
#[derive(Debug, Default, Deserialize)]
struct Line {
    #[serde(default)]
    id: String,
    title: Option<String>,
    text: Option<String>,
    published: Option<String>,
    language: Option<String>,
}

#[derive(Serialize)]
struct Found {
    id: String,
    events: Vec<EventBody>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    doubts: Vec<String>,
}

/// Extracts the events of the documents.
///
/// A line that is no document is reported on standard error with its number, the rest is read, and
/// the exit code is 1.
///
/// # Errors
/// The configuration or its codebook is wrong, the file cannot be opened or read, or the output cannot
/// be written.
pub fn run(args: Args, config: Option<&Path>) -> anyhow::Result<ExitCode> {
    let mut config = config::load(config)?;
    config.parser.codebook.extend(args.codebook);
    let parser = super::codebook::parser(&config)?;
    let is_stdin = args.file.as_os_str() == "-";
    let name = if is_stdin { "standard input".to_owned() } else { args.file.display().to_string() };
    let input: Box<dyn Read> = if is_stdin {
        Box::new(io::stdin().lock())
    } else {
        Box::new(
            File::open(&args.file)
                .with_context(|| format!("cannot open {name} to read documents"))?,
        )
    };
    let stdout = io::stdout();
    let show = match args.format {
        _ if args.explain => Show::Explanation(Paint::for_output(stdout.is_terminal())),
        Some(format) => Show::Events(format),
        None if stdout.is_terminal() => Show::Events(Format::Table),
        None => Show::Events(Format::Jsonl),
    };
    let out = io::BufWriter::new(stdout.lock());
    let mut writer = Writer { out, show, parser };
    let result = extract(BufReader::new(input), &name, args.published, &mut writer);
    match result.and_then(|clean| writer.out.flush().map(|()| clean).map_err(Into::into)) {
        Ok(true) => Ok(ExitCode::SUCCESS),
        Ok(false) => Ok(ExitCode::FAILURE),
        // `borderwire extract … | head` is no failure.
        Err(error) if is_broken_pipe(&error) => Ok(ExitCode::SUCCESS),
        Err(error) => Err(error),
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Reads JSON lines or one plain text; returns whether every line was a document.
fn extract(
    mut input: impl BufRead,
    name: &str,
    published: Option<Date>,
    writer: &mut Writer<impl Write>,
) -> anyhow::Result<bool> {
    let reading = || format!("cannot read {name}");
    let mut is_clean = true;
    let mut bytes = Vec::new();
    let mut number = 0_u64;
    let mut is_json = None;
    loop {
        let read = input.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut bytes);
        let read = read.with_context(reading)?;
        number += 1;
        let is_blank = bytes.iter().all(u8::is_ascii_whitespace);
        if is_json.is_none() && !is_blank {
            let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
            is_json = Some(bytes.starts_with("\u{feff}{".as_bytes()) || first == Some(&b'{'));
        }
        if is_json == Some(false) {
            input.read_to_end(&mut bytes).with_context(reading)?;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            writer.write(&Document { text, published, ..Document::default() })?;
            return Ok(is_clean);
        }
        if read == 0 {
            return Ok(is_clean);
        }
        if !is_blank {
            match document(&bytes, published) {
                Ok(document) => writer.write(&document)?,
                Err(error) => {
                    is_clean = false;
                    complain(name, number, &error)?;
                }
            }
        }
        bytes.clear();
    }
}

fn complain(name: &str, number: u64, error: &anyhow::Error) -> io::Result<()> {
    writeln!(io::stderr(), "{name}:{number}: this line is no document and was left out: {error:#}")
}

fn document(bytes: &[u8], published: Option<Date>) -> anyhow::Result<Document> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let line: Line = serde_json::from_slice(bytes)?;
    let published = match line.published.as_deref().map(str::trim).filter(|day| !day.is_empty()) {
        None => published,
        // A timestamp starts with its day.
        Some(day) => Some(
            day.get(..10)
                .unwrap_or(day)
                .parse()
                .with_context(|| format!("`published` is {day:?}, not a day like 2021-11-16"))?,
        ),
    };
    Ok(Document {
        id: line.id,
        title: line.title,
        text: line.text.unwrap_or_default(),
        published,
        language: line.language,
    })
}

struct Writer<W> {
    out: W,
    show: Show,
    parser: Parser,
}

impl<W: Write> Writer<W> {
    fn write(&mut self, document: &Document) -> anyhow::Result<()> {
        let extraction = self.parser.extract(document);
        let out = &mut self.out;
        match self.show {
            Show::Events(Format::Jsonl) => {
                let events = extraction.events.iter().map(EventBody::from).collect();
                let doubts = extraction.doubts.iter().map(ToString::to_string).collect();
                let found = Found { id: document.id.clone(), events, doubts };
                serde_json::to_writer(&mut *out, &found).map_err(io::Error::from)?;
                writeln!(out)?;
            }
            Show::Events(Format::Table) => table::write(out, &document.id, &extraction)?,
            Show::Events(Format::Brat) => brat::write(out, document, &extraction)?,
            Show::Explanation(paint) => tree::write(out, document, &extraction, paint)?,
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(input: &str, show: Show) -> (String, bool) {
        let mut writer = Writer { out: Vec::new(), show, parser: Parser::embedded() };
        let clean = extract(input.as_bytes(), "test", None, &mut writer).unwrap();
        (String::from_utf8(writer.out).unwrap(), clean)
    }

    #[test]
    fn a_bad_line_is_left_out_and_the_rest_is_read() {
        let good = r#"{"id":"a","text":"Latvia has deployed 3,000 troops near its border with Belarus.","published":"2021-11-16T08:00:00Z","other":1}"#;
        let (out, clean) =
            lines(&format!("{good}\n{{\"id\":3}}\n\n{good}\n"), Show::Events(Format::Jsonl));
        assert!(!clean);
        let found: Vec<serde_json::Value> =
            out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(found.len(), 2);
        assert_eq!(found[0]["id"], "a");
        assert_eq!(found[0]["events"][0]["kind"], "deployment");
    }

    #[test]
    fn a_plain_text_is_one_document() {
        let (out, clean) =
            lines("Poland closed its border\nwith Belarus.\n", Show::Events(Format::Jsonl));
        assert!(clean && out.lines().count() == 1, "{out}");
        let (out, _) = lines("Poland closed its border with Belarus.", Show::Events(Format::Table));
        let rows: Vec<&str> = out.lines().collect();
        let column = |row: &str, word: &str| row.split(word).next().unwrap().chars().count();
        assert_eq!(rows.len(), 2, "{out}");
        assert_eq!(column(rows[0], "countries"), column(rows[1], "BLR+POL"), "{out}");
    }

    #[test]
    fn a_document_without_events_has_its_line_too() {
        let (out, clean) =
            lines("{\"id\":\"x\",\"text\":\"Rain.\"}\n", Show::Events(Format::Jsonl));
        assert!(clean);
        assert_eq!(out, "{\"id\":\"x\",\"events\":[]}\n");
    }
}
