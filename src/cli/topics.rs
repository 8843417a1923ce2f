//! `borderwire topics`: makes and checks the topics of a cluster.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use crate::config;
use crate::kafka::topics::{self, Report, Weight};
use crate::message::Topic;

/// Options of `borderwire topics`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Make the topics that are missing, and check those that are there.
    Create(Cluster),
    /// Tell what is missing or not as it must be, with the command that mends it; exit code 1 then.
    Check(Cluster),
}

#[derive(Debug, clap::Args)]
struct Cluster {
    /// Brokers of the cluster; default: `bootstrap` in [kafka].
    #[arg(long, value_name = "HOST:PORT,…")]
    bootstrap: Option<String>,
}

/// Runs it.
///
/// # Errors
/// A configuration that is wrong, a cluster that does not answer or refuses.
pub fn run(args: Args, config: Option<&Path>) -> anyhow::Result<ExitCode> {
    let mut settings = config::load(config)?.kafka;
    let (act, cluster): (fn(&config::Kafka) -> _, _) = match args.action {
        Action::Create(cluster) => (topics::create, cluster),
        Action::Check(cluster) => (topics::check, cluster),
    };
    settings.bootstrap = cluster.bootstrap.or(settings.bootstrap);
    let mut out = io::stdout().lock();
    if settings.bootstrap.is_none() {
        writeln!(
            out,
            "no `bootstrap` in [kafka]: the journal is in use, and makes its topics itself; give \
             --bootstrap HOST:PORT for a cluster"
        )?;
        return Ok(ExitCode::SUCCESS);
    }
    let report = act(&settings)?;
    write(&report, &mut out)?;
    Ok(if report.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn write(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let width = Topic::ALL.iter().map(|topic| topic.name().len()).max().unwrap_or(0);
    writeln!(out, "{:<width$}  partitions  copies  state", "topic")?;
    for topic in Topic::ALL {
        let found = report.found.iter().find(|found| found.topic == *topic);
        let (partitions, copies) = match found {
            Some(found) => (found.partitions().to_string(), found.replication().to_string()),
            None => ("-".to_owned(), "-".to_owned()),
        };
        let weight =
            report.differences.iter().filter(|one| one.topic == *topic).map(|one| one.weight).max();
        let state = match (found.is_some(), weight) {
            (false, _) => "missing",
            (_, Some(Weight::Refusal)) => "wrong",
            (_, Some(Weight::Warning)) => "differs",
            _ if report.created.contains(topic) => "created",
            _ => "good",
        };
        writeln!(out, "{topic:<width$}  {partitions:>10}  {copies:>6}  {state}")?;
    }
    if !report.differences.is_empty() {
        writeln!(out)?;
    }
    for line in topics::listed(&report.differences) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}
