//! `borderwire entries`: captures or files of feeds in, their entries out.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use url::Url;

use crate::capture::Capture;
use crate::clock;
use crate::parser::{self, Entry, Reading};

/// Options of `borderwire entries`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Captures as JSON lines (`url`, `status`, `headers`, `body` in base64), `-` for standard
    /// input; one JSON line of entries comes out for each.
    #[arg(long, value_name = "FILE", conflicts_with = "files")]
    captures: Option<PathBuf>,
    /// Address that the files came from, the base of relative links.
    #[arg(long, value_name = "URL", default_value = "http://localhost/")]
    url: Url,
    /// Feeds as received; their entries are shown for people.
    #[arg(value_name = "FILE", required_unless_present = "captures")]
    files: Vec<PathBuf>,
}

/// Reads captures or files and shows their entries.
///
/// # Errors
/// A file that cannot be read, or output that cannot be written. A capture that is no feed is no
/// error: its line says why.
pub fn run(args: Args, _config: Option<&Path>) -> anyhow::Result<ExitCode> {
    let mut out = BufWriter::new(io::stdout().lock());
    let code = match &args.captures {
        Some(path) if path.as_os_str() == "-" => captures(io::stdin().lock(), &mut out)?,
        Some(path) => {
            let file =
                File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
            captures(BufReader::new(file), &mut out)?
        }
        None => files(&args.files, &args.url, &mut out)?,
    };
    out.flush().context("cannot write the entries")?;
    Ok(code)
}

/// Writes one line for each line, in the same order.
fn captures(lines: impl BufRead, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let now = clock::now();
    for line in lines.split(b'\n') {
        let line = line.context("cannot read the captures")?;
        if line.trim_ascii().is_empty() {
            continue;
        }
        let told = match capture_of(&line, now) {
            Ok(capture) => told(parser::read(&capture).map_err(|error| error.to_string())),
            Err(error) => told(Err(format!("the line is no capture: {error:#}"))),
        };
        writeln!(out, "{told}").context("cannot write the entries")?;
    }
    Ok(ExitCode::SUCCESS)
}

fn capture_of(line: &[u8], now: Timestamp) -> anyhow::Result<Capture> {
    let mut fields: Map<String, Value> = serde_json::from_slice(line)?;
    let url = fields.get("url").and_then(Value::as_str).context("it has no `url`")?;
    let url = Url::parse(url).with_context(|| format!("its `url` is none: `{url}`"))?;
    let status = fields.get("status").and_then(Value::as_u64).unwrap_or(200);
    let headers = match fields.remove("headers") {
        Some(Value::Object(headers)) => headers
            .into_iter()
            .filter_map(|(name, value)| {
                Some((name.to_ascii_lowercase(), value.as_str()?.to_owned()))
            })
            .collect(),
        _ => Vec::new(),
    };
    let body = fields.get("body").and_then(Value::as_str).context("it has no `body`")?;
    let body = STANDARD.decode(body).context("its `body` is no base64")?;
    let status = u16::try_from(status).context("its `status` is none of HTTP")?;
    Ok(Capture { url, captured_at: now, status, headers, body })
}

fn told(reading: Result<Reading, String>) -> Value {
    match reading {
        Ok(Reading { channel, entries, warnings }) => {
            let of_entries = entries.iter().enumerate().flat_map(|(i, entry)| {
                entry.warnings.iter().map(move |warning| format!("entry {}: {warning}", i + 1))
            });
            let warnings: Vec<_> =
                warnings.iter().map(ToString::to_string).chain(of_entries).collect();
            json!({
                "feed": {
                    "title": channel.title,
                    "link": channel.link,
                    "id": channel.id,
                    "description": channel.description,
                    "language": channel.language,
                    "updated": channel.updated.map(|t| t.to_string()),
                },
                "entries": entries.iter().map(fields_of).collect::<Vec<_>>(),
                "warnings": warnings,
                "error": null,
            })
        }
        Err(error) => json!({ "feed": null, "entries": [], "warnings": [], "error": error }),
    }
}

fn fields_of(entry: &Entry) -> Value {
    json!({
        "id": entry.id,
        "title": entry.title,
        "link": entry.link,
        "published": entry.published.map(|t| t.to_string()),
        "updated": entry.updated.map(|t| t.to_string()),
        "summary": entry.summary,
        "content": entry.content,
        "authors": entry.authors,
        "categories": entry.categories,
        "language": entry.language,
    })
}

/// Shows the entries of feed files for people; fails at the end when one of them is no feed.
fn files(paths: &[PathBuf], url: &Url, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let mut code = ExitCode::SUCCESS;
    for path in paths {
        let mut body = Vec::new();
        let read = if path.as_os_str() == "-" {
            io::stdin().lock().read_to_end(&mut body)
        } else {
            File::open(path).and_then(|mut file| file.read_to_end(&mut body))
        };
        read.with_context(|| format!("cannot read {}", path.display()))?;
        let capture = Capture {
            url: url.clone(),
            captured_at: clock::now(),
            status: 200,
            headers: Vec::new(),
            body,
        };
        match parser::read(&capture) {
            Ok(reading) => show(path, &reading, out).context("cannot write the entries")?,
            Err(error) => {
                writeln!(out, "{}: {error}", path.display())?;
                code = ExitCode::FAILURE;
            }
        }
    }
    Ok(code)
}

fn show(path: &Path, reading: &Reading, out: &mut impl Write) -> io::Result<()> {
    let title = reading.channel.title.as_deref().unwrap_or("(no title)");
    writeln!(out, "{}: {title}, {} entries", path.display(), reading.entries.len())?;
    for warning in &reading.warnings {
        writeln!(out, "  ! {warning}")?;
    }
    for entry in &reading.entries {
        let when = entry.published.or(entry.updated).map_or("-".into(), |t| t.to_string());
        writeln!(out, "  {when:20}  {}", entry.title.as_deref().unwrap_or("(no title)"))?;
        if let Some(link) = &entry.link {
            writeln!(out, "  {:20}  {link}", "")?;
        }
        for warning in &entry.warnings {
            writeln!(out, "  {:20}  ! {warning}", "")?;
        }
    }
    Ok(())
}
