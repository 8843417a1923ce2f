//! Values that are legal and foolish.

use std::collections::BTreeMap;
use std::time::Duration;

use super::error::Problem;
use super::load::Origin;
use super::secret::is_secret;
use super::{Config, Kafka};

/// Most partitions of a topic: enough for any one consumer group, few enough to create at once.
const PARTITIONS_MAX: i32 = 10_000;

/// Returns what is wrong with the values, each with where it was said.
pub(super) fn problems(
    config: &Config,
    origins: &BTreeMap<(String, String), Origin>,
) -> Vec<Problem> {
    let mut check = Check { origins, problems: Vec::new() };
    check.daemon(config);
    check.poll(config);
    check.fetch(config);
    check.journal(config);
    check.kafka(config);
    check.serve(config);
    check.problems
}

/// Returns what is right and yet to be thought over, as sentences.
pub fn warnings(config: &Config) -> Vec<String> {
    let mut warnings = Vec::new();
    let kafka = &config.kafka;
    let journal = config.journal.listen;
    if kafka.bootstrap.is_none() && !journal.ip().is_loopback() {
        warnings.push(format!(
            "`listen` in [journal] is {journal}: the journal has no passwords, so whoever reaches \
             this address reads everything"
        ));
    }
    if !config.serve.listen.ip().is_loopback() {
        let listen = config.serve.listen;
        warnings.push(format!(
            "`listen` in [serve] is {listen}: whoever reaches this address reads the metrics"
        ));
    }
    for name in kafka.client.keys().filter(|name| is_secret(name)) {
        warnings.push(format!(
            "`{name}` stands in `client` of [kafka]; put it into a file and name that in \
             `client-files`"
        ));
    }
    warnings
}

struct Check<'a> {
    origins: &'a BTreeMap<(String, String), Origin>,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn daemon(&mut self, config: &Config) {
        if config.daemon.log.as_ref().is_some_and(|filter| filter.trim().is_empty()) {
            self.says("daemon", "log", "is empty; leave the key out for `info`");
        }
    }

    fn poll(&mut self, config: &Config) {
        let poll = &config.poll;
        self.lasts("poll", "interval", poll.interval);
        self.lasts("poll", "interval-min", poll.interval_min);
        self.lasts("poll", "interval-max", poll.interval_max);
        self.some("poll", "feeds-at-once-max", poll.feeds_at_once_max);
        self.some("poll", "host-at-once-max", poll.host_at_once_max);
        if poll.interval_min > poll.interval_max {
            self.says("poll", "interval-min", "is longer than `interval-max`");
        } else if poll.interval < poll.interval_min {
            self.says("poll", "interval", "is shorter than `interval-min`, which goes first");
        } else if poll.interval > poll.interval_max {
            self.says("poll", "interval", "is longer than `interval-max`, which goes first");
        }
    }

    fn fetch(&mut self, config: &Config) {
        let fetch = &config.fetch;
        self.lasts("fetch", "connect-timeout", fetch.connect_timeout);
        self.lasts("fetch", "read-timeout", fetch.read_timeout);
        self.lasts("fetch", "total-timeout", fetch.total_timeout);
        self.some("fetch", "body-bytes-max", fetch.body_bytes_max);
        if fetch.total_timeout < fetch.connect_timeout.max(fetch.read_timeout) {
            self.says("fetch", "total-timeout", "is shorter than one of its parts");
        }
        if fetch.user_agent.trim().is_empty() {
            self.says("fetch", "user-agent", "is empty; publishers refuse readers without a name");
        }
        if fetch.user_agent.chars().any(char::is_control) {
            self.says("fetch", "user-agent", "has a control character, which no header may have");
        }
    }

    fn journal(&mut self, config: &Config) {
        let journal = &config.journal;
        self.partitions("journal", journal.partitions);
        self.some("journal", "connections-max", journal.connections_max);
        if journal.advertise.as_ref().is_some_and(|host| host.trim().is_empty()) {
            self.says("journal", "advertise", "is empty; leave the key out for the default");
        }
    }

    fn kafka(&mut self, config: &Config) {
        let kafka = &config.kafka;
        self.partitions("kafka", kafka.partitions);
        self.lasts("kafka", "commit-timeout", kafka.commit_timeout);
        if !(1..=i32::from(i16::MAX)).contains(&kafka.replication) {
            self.says("kafka", "replication", "must be at least 1");
        }
        match kafka.bootstrap.as_deref() {
            None => {
                let plain = Kafka::default();
                for (key, is_said) in [
                    ("partitions", kafka.partitions != plain.partitions),
                    ("replication", kafka.replication != plain.replication),
                    ("client", kafka.client != plain.client),
                    ("client-files", kafka.client_files != plain.client_files),
                ] {
                    if is_said {
                        let why = "needs `bootstrap`, without which the journal is used";
                        self.says("kafka", key, why);
                    }
                }
            }
            Some(brokers) => {
                if let Some(wrong) = brokers.split(',').find(|broker| !is_broker(broker.trim())) {
                    let why =
                        format!("names the broker `{}`; write host:port,host:port", wrong.trim());
                    self.says("kafka", "bootstrap", &why);
                }
            }
        }
        if let Some(twice) = kafka.client_files.keys().find(|key| kafka.client.contains_key(*key)) {
            let why = format!("has `{twice}`, and so has `client`; keep one of them");
            self.says("kafka", "client-files", &why);
        }
        if kafka.client.contains_key("bootstrap.servers")
            || kafka.client_files.contains_key("bootstrap.servers")
        {
            self.says("kafka", "client", "has `bootstrap.servers`; use `bootstrap` in its place");
        }
    }

    fn serve(&mut self, config: &Config) {
        let (serve, journal) = (config.serve.listen, config.journal.listen);
        let same_port = serve.port() != 0 && serve.port() == journal.port();
        let same_address = serve.ip() == journal.ip()
            || serve.ip().is_unspecified()
            || journal.ip().is_unspecified();
        if config.kafka.bootstrap.is_none() && same_port && same_address {
            self.says("serve", "listen", "is also `listen` of [journal]; give one another port");
        }
    }

    fn lasts(&mut self, section: &str, key: &str, duration: Duration) {
        if duration.is_zero() {
            self.says(section, key, "is zero; give a time such as \"10s\"");
        }
    }

    fn some(&mut self, section: &str, key: &str, count: usize) {
        if count == 0 {
            self.says(section, key, "is zero, which leaves nothing; give at least 1");
        }
    }

    fn partitions(&mut self, section: &str, partitions: i32) {
        if !(1..=PARTITIONS_MAX).contains(&partitions) {
            self.says(section, "partitions", &format!("must be from 1 to {PARTITIONS_MAX}"));
        }
    }

    fn origin(&self, section: &str, key: &str) -> Option<&Origin> {
        self.origins.get(&(section.to_owned(), key.to_owned()))
    }

    fn says(&mut self, section: &str, key: &str, why: &str) {
        let at = self.origin(section, key).map(|origin| format!(" at {origin}"));
        let at = at.unwrap_or_default();
        self.problems.push(Problem::new(format!("`{key}` in [{section}]{at} {why}")));
    }
}

fn is_broker(broker: &str) -> bool {
    // librdkafka takes `PROTOCOL://host:port` too.
    let address = broker.split_once("://").map_or(broker, |(_, address)| address);
    let (host, port) = address.rsplit_once(':').unwrap_or((address, "9092"));
    !host.is_empty() && !host.contains(char::is_whitespace) && port.parse::<u16>().is_ok()
}
