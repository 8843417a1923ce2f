//! `borderwire feeds`: which feeds are watched, and the lists they come from.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use jiff::fmt::friendly::SpanPrinter;

use crate::config::{self, Config, FeedList};
use crate::feed::{Feed, FeedId, opml};

/// Options of `borderwire feeds`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List the configured feeds: id, region, title, address.
    List,
    /// Show one feed.
    Show {
        /// Its id, or its address.
        feed: String,
    },
    /// Print an OPML file as `feeds.toml`.
    Import {
        /// The OPML file of another reader.
        opml: PathBuf,
    },
    /// Print the configured feeds as OPML.
    Export,
    /// Add a feed to the configured `feeds.toml`.
    Add(Addition),
    /// Take a feed out of the configured `feeds.toml`.
    Remove {
        /// Its id, or its address.
        feed: String,
    },
}

#[derive(Debug, clap::Args)]
struct Addition {
    /// Where it is asked for.
    #[arg(value_parser = opml::address_of)]
    url: url::Url,
    /// What people call it.
    #[arg(long)]
    title: Option<String>,
    /// Folder it stands in; several times for a folder in a folder.
    #[arg(long, value_name = "NAME")]
    category: Vec<String>,
    /// Language of its texts, as `en`.
    #[arg(long)]
    language: Option<String>,
    /// How often it is asked, as `15m`.
    #[arg(long, value_parser = interval)]
    interval: Option<Duration>,
}

/// Runs it.
///
/// # Errors
/// The configuration or a list of feeds is wrong, or there is no such feed.
pub fn run(args: Args, config: Option<&Path>) -> anyhow::Result<ExitCode> {
    let mut out = io::stdout().lock();
    match args.command {
        Command::List => list(&effective(config)?, &mut out)?,
        Command::Show { feed } => show(&effective(config)?, &feed, &mut out)?,
        Command::Import { opml } => {
            let list = config::feeds_of_file(&opml)?;
            warn(&list)?;
            let texts: Vec<String> = list.feeds.iter().map(config::feed_as_toml).collect();
            out.write_all(texts.join("\n").as_bytes())?;
        }
        Command::Export => {
            let list = effective(config)?;
            out.write_all(opml::write("Feeds of borderwire", &list.feeds).as_bytes())?;
        }
        Command::Add(addition) => {
            let feed = Feed {
                title: addition.title,
                categories: addition.category,
                language: addition.language,
                interval: addition.interval,
                ..Feed::at(addition.url)
            };
            let path = config::add_feed(&config::load(config)?, &feed)?;
            writeln!(out, "{} added to {}", feed.id, path.display())?;
        }
        Command::Remove { feed } => {
            let id = id_of(&feed)?;
            let path = config::remove_feed(&config::load(config)?, id)?;
            writeln!(out, "{id} taken out of {}", path.display())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn effective(path: Option<&Path>) -> anyhow::Result<FeedList> {
    let config: Config = config::load(path)?;
    let list = config::feeds(&config)?;
    warn(&list)?;
    Ok(list)
}

fn warn(list: &FeedList) -> io::Result<()> {
    let mut err = io::stderr().lock();
    list.warnings.iter().try_for_each(|warning| writeln!(err, "warning: {warning}"))
}

fn list(list: &FeedList, out: &mut impl Write) -> io::Result<()> {
    let region = |feed: &Feed| feed.categories.join("/");
    let width = list.feeds.iter().map(|feed| region(feed).chars().count()).max().unwrap_or(0);
    for feed in &list.feeds {
        let title = feed.title.as_deref().unwrap_or("-");
        writeln!(out, "{}  {:width$}  {title}  {}", feed.id, region(feed), feed.url)?;
    }
    Ok(())
}

fn show(list: &FeedList, wanted: &str, out: &mut impl Write) -> anyhow::Result<()> {
    let id = id_of(wanted)?;
    let Some(feed) = list.feeds.iter().find(|feed| feed.id == id) else {
        bail!("no feed `{wanted}` is configured; `borderwire feeds list` shows those that are");
    };
    let interval =
        feed.interval.map(|interval| SpanPrinter::new().unsigned_duration_to_string(&interval));
    let lines = [
        ("id", Some(feed.id.to_string())),
        ("address", Some(feed.url.to_string())),
        ("title", feed.title.clone()),
        ("region", Some(feed.categories.join("/"))),
        ("language", feed.language.clone()),
        ("interval", Some(interval.unwrap_or_else(|| "that of [poll]".to_owned()))),
        ("source", list.sources.get(&feed.id).cloned()),
    ];
    for (name, value) in lines {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            writeln!(out, "{name:8}  {value}")?;
        }
    }
    Ok(())
}

fn id_of(wanted: &str) -> anyhow::Result<FeedId> {
    if let Ok(uuid) = wanted.parse::<uuid::Uuid>() {
        return Ok(FeedId::from(uuid));
    }
    let url = opml::address_of(wanted).map_err(anyhow::Error::msg);
    let url =
        url.with_context(|| format!("`{wanted}` is neither the id nor the address of a feed"))?;
    Ok(FeedId::of(&url))
}

fn interval(text: &str) -> Result<Duration, String> {
    opml::interval(text).ok_or_else(|| "give a duration such as `15m`".to_owned())
}
