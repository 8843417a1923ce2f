//! `borderwire fetch`: ask one feed as a poll does, and show hop by hop what comes.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use serde::Serialize;
use url::Url;

use crate::capture::Capture;
use crate::fetch::{Client, Fetched, Hop, Request, challenge};
use crate::schedule::{freshness, retry_after};
use crate::{clock, config, parser};

/// Header fields that say something about the next poll or about the body.
const HEADERS_OF_INTEREST: &[&str] = &[
    "content-type",
    "content-encoding",
    "etag",
    "last-modified",
    "cache-control",
    "expires",
    "age",
    "retry-after",
    "link",
    "server",
];

/// Options of `borderwire fetch`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Address of the feed.
    url: Url,
    /// ETag of an earlier answer, verbatim with its quotes: ask whether it changed.
    #[arg(long)]
    etag: Option<String>,
    /// Last-Modified of an earlier answer, verbatim.
    #[arg(long, value_name = "DATE")]
    last_modified: Option<String>,
    /// Host, address or CIDR block that may be asked although it is not public; may be repeated.
    #[arg(long, value_name = "HOST")]
    allow: Vec<String>,
    /// Write the decoded body to standard output, and nothing else.
    #[arg(long, conflicts_with = "capture")]
    body: bool,
    /// Write the capture as a JSON line, as `borderwire entries --captures` reads it.
    #[arg(long)]
    capture: bool,
}

/// A capture as a line of JSON.
#[derive(Serialize)]
struct CaptureLine<'a> {
    url: &'a str,
    status: u16,
    headers: BTreeMap<&'a str, String>,
    /// Base64.
    body: String,
}

/// Runs it.
///
/// # Errors
/// What it could not do; an answer of any status is none.
pub fn run(args: Args, config: Option<&Path>) -> anyhow::Result<ExitCode> {
    let mut settings = config::load(config)?.fetch;
    settings.allow.extend(args.allow);
    let client = Client::new(&settings)?;
    let request = Request { url: args.url, etag: args.etag, last_modified: args.last_modified };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start the asynchronous runtime")?;

    let mut out = std::io::stdout().lock();
    if args.body {
        let fetched = runtime.block_on(client.get(&request))?;
        out.write_all(&fetched.capture.body)?;
    } else if args.capture {
        let fetched = runtime.block_on(client.get(&request))?;
        serde_json::to_writer(&mut out, &line(&fetched.capture))?;
        writeln!(out)?;
    } else {
        let fetched = runtime.block_on(client.get_telling(&request, &mut |hop| show_hop(hop)))?;
        show(&mut out, &fetched)?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Tells a hop at once, so that it is seen also where the next one fails.
fn show_hop(hop: &Hop) {
    let Hop { url, status, elapsed, .. } = hop;
    let address = hop.address.map(|address| format!(" from {address}")).unwrap_or_default();
    // What cannot be written here cannot be written after it either, and is an error there.
    let _ = writeln!(std::io::stdout(), "{status} {url}{address}, {elapsed:.0?}");
}

fn show(out: &mut impl Write, fetched: &Fetched) -> std::io::Result<()> {
    let capture = &fetched.capture;
    for (name, value) in &capture.headers {
        if HEADERS_OF_INTEREST.contains(&name.as_str()) {
            writeln!(out, "  {name}: {value}")?;
        }
    }
    writeln!(out, "  {} bytes after decoding, {:.0?} in all", capture.body.len(), fetched.elapsed)?;
    if let Some(service) = challenge(capture) {
        writeln!(
            out,
            "this is a challenge of {service} for people; the publisher has to let feeds through"
        )?;
    }
    if let Some(after) = retry_after(capture) {
        writeln!(out, "the server asks to come back in {}", readable(after))?;
    }
    match capture.status {
        200..=299 => show_feed(out, capture),
        304 => writeln!(out, "not modified: it is as it was"),
        status => writeln!(out, "no feed: a poll counts status {status} as failed"),
    }
}

fn show_feed(out: &mut impl Write, capture: &Capture) -> std::io::Result<()> {
    let reading = match parser::read(capture) {
        Ok(reading) => reading,
        Err(error) => return writeln!(out, "no feed: {error}"),
    };
    let title = reading.channel.title.as_deref().unwrap_or("without a title");
    writeln!(out, "a feed: {title}, {} entries", reading.entries.len())?;
    for warning in &reading.warnings {
        writeln!(out, "  {warning}")?;
    }
    if let Some(wish) = freshness(capture, reading.channel.ttl_minutes, clock::now()) {
        writeln!(out, "its publisher wishes to be left alone for {}", readable(wish))?;
    }
    Ok(())
}

/// Returns `1h 30m` for 5,400 seconds; what is longer than there was time, in seconds.
fn readable(duration: Duration) -> String {
    SignedDuration::try_from(duration)
        .map_or_else(|_| format!("{duration:?}"), |duration| format!("{duration:#}"))
}

fn line(capture: &Capture) -> CaptureLine<'_> {
    let mut headers: BTreeMap<&str, String> = BTreeMap::new();
    for (name, value) in &capture.headers {
        // Fields of one name are one list, by RFC 9110 §5.3.
        headers
            .entry(name)
            .and_modify(|list| {
                list.push_str(", ");
                list.push_str(value);
            })
            .or_insert_with(|| value.clone());
    }
    let body = STANDARD.encode(&capture.body);
    CaptureLine { url: capture.url.as_str(), status: capture.status, headers, body }
}
