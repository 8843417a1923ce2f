//! `borderwire tail`: shows messages as they are published.

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;
use std::str::FromStr;
use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, SpanRelativeTo, Timestamp};
use serde_json::{Map, Value, json};

use super::line::{Paint, line};
use crate::clock;
use crate::config::{self, Config};
use crate::kafka::{KafkaError, Next, Reader, Record, Start};

/// Longest wait before it is looked whether the end has come or the broker has gone.
const WAIT: Duration = Duration::from_millis(500);

/// Options of `borderwire tail`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Topic to show, may be repeated; default: all public ones.
    #[arg(long, value_name = "TOPIC")]
    topic: Vec<String>,
    /// Where to start: `beginning`, `now`, a time (2021-11-16T12:00:00Z, 2021-11-16), or how long
    /// ago (2h).
    #[arg(long, default_value = "now", value_name = "WHEN")]
    from: When,
    /// Where to end: a time, `now`, or how long ago; default: never.
    #[arg(long, value_name = "WHEN")]
    to: Option<When>,
    /// Brokers; default: `bootstrap` in [kafka], else where the journal listens.
    #[arg(long, value_name = "HOST:PORT,…")]
    bootstrap: Option<String>,
    /// A line for people, or a JSON object for each message.
    #[arg(long, value_enum, default_value_t = Format::Line)]
    format: Format,
    /// End after so many messages.
    #[arg(long, value_name = "N")]
    count: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Line,
    Json,
}

/// A time, as people give it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    Beginning,
    Now,
    At(Timestamp),
    Ago(Duration),
}

impl FromStr for When {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        match text {
            "beginning" => return Ok(Self::Beginning),
            "now" => return Ok(Self::Now),
            _ => {}
        }
        if let Ok(time) = text.parse() {
            return Ok(Self::At(time));
        }
        if let Ok(day) = text.parse::<Date>() {
            let start = day.to_zoned_datetime(TimeZone::UTC).map_err(|error| error.to_string())?;
            return Ok(Self::At(start.timestamp()));
        }
        let ago = text.strip_suffix("ago").unwrap_or(text).trim_end_matches(['-', ' ']);
        ago.parse::<Span>()
            .and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()))
            .ok()
            .and_then(|duration| Duration::try_from(duration).ok())
            .map(Self::Ago)
            .ok_or_else(|| {
                "give `beginning`, `now`, a time like 2021-11-16T12:00:00Z, a day, or how long ago \
                 like 2h"
                    .to_owned()
            })
    }
}

impl When {
    /// Returns the time; the oldest there is for the beginning.
    fn time(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Beginning => Timestamp::UNIX_EPOCH,
            Self::Now => now,
            Self::At(time) => time,
            Self::Ago(duration) => now.checked_sub(duration).unwrap_or(Timestamp::UNIX_EPOCH),
        }
    }

    fn start(self, now: Timestamp) -> Start {
        match self {
            Self::Beginning => Start::Beginning,
            Self::Now => Start::Now,
            Self::At(_) | Self::Ago(_) => Start::Time(self.time(now)),
        }
    }
}

/// Runs it.
///
/// # Errors
/// A configuration that is wrong, nothing that answers, a topic that is not there.
pub fn run(args: Args, config: Option<&Path>) -> anyhow::Result<ExitCode> {
    let config = config::load(config)?;
    let settings = broker(&args, &config);
    let now = clock::now();
    let mut reader = Reader::open(&settings, &args.topic, args.from.start(now))
        .map_err(|error| explain(error, &settings))?;
    let end = args.to.map(|to| to.time(now));
    match show(&mut reader, &args, end) {
        // Whoever read us has enough.
        Err(error) if is_broken_pipe(&error) => Ok(ExitCode::SUCCESS),
        Err(error) => Err(error),
        Ok(()) => Ok(ExitCode::SUCCESS),
    }
}

/// The cluster that is configured, else the journal's listener.
fn broker(args: &Args, config: &Config) -> config::Kafka {
    let journal = || {
        let mut address = config.journal.listen;
        if address.ip().is_unspecified() {
            address.set_ip([127, 0, 0, 1].into());
        }
        address.to_string()
    };
    // Security settings are those of the cluster; the journal has none.
    match args.bootstrap.clone().or_else(|| config.kafka.bootstrap.clone()) {
        Some(given) => config::Kafka { bootstrap: Some(given), ..config.kafka.clone() },
        None => config::Kafka { bootstrap: Some(journal()), ..config::Kafka::default() },
    }
}

fn explain(error: KafkaError, settings: &config::Kafka) -> anyhow::Error {
    match &error {
        KafkaError::Unreachable { bootstrap, .. } => {
            let text = format!(
                "nothing answers at {bootstrap}; is `borderwire run` (or the cluster) running?"
            );
            let chained = anyhow::Error::from(error);
            // The reason matters only where there is more to get wrong than the address.
            if settings.client.is_empty() && settings.client_files.is_empty() {
                anyhow::Error::msg(text)
            } else {
                chained.context(text)
            }
        }
        _ => error.into(),
    }
}

fn show(reader: &mut Reader, args: &Args, end: Option<Timestamp>) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    let paint = Paint::for_output(out.is_terminal());
    let mut ends = end;
    let mut shown = 0;
    let mut told = None;
    while args.count.is_none_or(|count| shown < count) {
        if let Some(end) = ends.take_if(|end| *end <= clock::now()) {
            reader.until(end)?;
        }
        match reader.next(WAIT)? {
            Next::End => break,
            Next::Idle => {
                let trouble = reader.trouble();
                if let Some(text) = trouble.as_deref().filter(|_| trouble != told) {
                    writeln!(io::stderr(), "borderwire: {text}; waiting for the broker")?;
                }
                told = trouble;
            }
            Next::Record(record) => {
                match args.format {
                    Format::Json => serde_json::to_writer(&mut out, &as_json(&record))
                        .map_err(io::Error::from)?,
                    Format::Line => out.write_all(as_line(&record, paint).as_bytes())?,
                }
                out.write_all(b"\n")?;
                out.flush()?;
                shown += 1;
            }
        }
    }
    Ok(())
}

fn as_line(record: &Record, paint: Paint) -> String {
    let mut value = value(record);
    // A record without a time of its own in the payload has one all the same.
    if let (Value::Object(fields), Some(time)) = (&mut value, record.timestamp) {
        fields.entry("observed_at").or_insert_with(|| json!(time.to_string()));
    }
    line(&value, &header(record, "ce_type").unwrap_or_else(|| record.topic.clone()), paint)
}

fn as_json(record: &Record) -> Value {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let headers: Map<String, Value> = record
        .headers
        .iter()
        .map(|(name, value)| (name.clone(), json!(value.as_deref().map(text))))
        .collect();
    json!({
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "timestamp": record.timestamp.map(|time| time.to_string()),
        "key": record.key.as_deref().map(text),
        "headers": headers,
        "value": value(record),
    })
}

/// The value as JSON; as a text where it is none.
fn value(record: &Record) -> Value {
    let Some(bytes) = &record.value else { return Value::Null };
    serde_json::from_slice(bytes).unwrap_or_else(|_| json!(String::from_utf8_lossy(bytes)))
}

fn header(record: &Record, name: &str) -> Option<String> {
    let (_, value) = record.headers.iter().find(|(header, _)| header == name)?;
    Some(String::from_utf8_lossy(value.as_deref()?).into_owned())
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|one| one.kind() == io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_given_as_people_give_them() {
        let now: Timestamp = "2021-11-16T12:00:00Z".parse().unwrap();
        let cases = [
            ("beginning", "1970-01-01T00:00:00Z"),
            ("now", "2021-11-16T12:00:00Z"),
            ("2021-11-15T06:30:00+01:00", "2021-11-15T05:30:00Z"),
            ("2021-11-15", "2021-11-15T00:00:00Z"),
            ("2h", "2021-11-16T10:00:00Z"),
            ("90m ago", "2021-11-16T10:30:00Z"),
            ("3d-ago", "2021-11-13T12:00:00Z"),
            ("1w", "2021-11-09T12:00:00Z"),
        ];
        for (text, expected) in cases {
            let when: When = text.parse().unwrap();
            assert_eq!(when.time(now).to_string(), expected, "{text}");
        }
        for text in ["", "yesterday", "2h5", "-2h", "12:00"] {
            assert!(text.parse::<When>().is_err(), "{text}: {:?}", text.parse::<When>());
        }
    }

    #[test]
    fn the_journal_is_read_where_no_cluster_is_configured() {
        let args = |bootstrap: Option<&str>| Args {
            topic: Vec::new(),
            from: When::Now,
            to: None,
            bootstrap: bootstrap.map(str::to_owned),
            format: Format::Line,
            count: None,
        };
        let mut config = Config::default();
        let address = |args: &Args, config: &Config| broker(args, config).bootstrap.unwrap();
        assert_eq!(address(&args(None), &config), "127.0.0.1:9092");
        config.journal.listen = "0.0.0.0:9192".parse().unwrap();
        assert_eq!(address(&args(None), &config), "127.0.0.1:9192");
        config.kafka.bootstrap = Some("k:9092".to_owned());
        assert_eq!(address(&args(None), &config), "k:9092");
        assert_eq!(address(&args(Some("other:9092")), &config), "other:9092");
    }
}
