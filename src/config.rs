//! Configuration: one TOML file, a struct for each section, a default for everything.

mod check;
mod daemon;
mod environment;
mod error;
mod feed_file;
mod feeds;
mod fetch;
mod journal;
mod kafka;
mod key;
mod load;
mod parser;
mod place;
mod poll;
mod secret;
mod serve;
mod show;

pub use self::check::warnings;
pub use self::daemon::{Daemon, LogFormat};
pub use self::error::{ConfigError, Problem};
pub use self::feed_file::feed_as_toml;
pub use self::feeds::{FeedList, add_feed, built_in_feeds, feeds, feeds_of_file, remove_feed};
pub use self::fetch::Fetch;
pub use self::journal::Journal;
pub use self::kafka::Kafka;
pub use self::load::{Loaded, Origin, from_parts, load, load_with_origins};
pub use self::parser::Parser;
pub use self::poll::Poll;
pub use self::secret::Secret;
pub use self::serve::Serve;
pub use self::show::show;

use serde::{Deserialize, Serialize};

/// The whole configuration. The core never sees it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Config {
    /// State folder, feeds, logs.
    pub daemon: Daemon,
    /// When feeds are asked.
    pub poll: Poll,
    /// How feeds are asked.
    pub fetch: Fetch,
    /// How events are extracted.
    pub parser: Parser,
    /// The embedded default.
    pub journal: Journal,
    /// An Apache Kafka cluster in place of the journal.
    pub kafka: Kafka,
    /// Health and metrics.
    pub serve: Serve,
}
