//! Topics as they are against topics as they must be, each difference with the command that mends it.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::config;
use crate::message::Topic;

/// Topics whose records with one key must lie in partitions of one number: a feed and its state,
/// an event's revisions and its newest one.
const CO_PARTITIONED: [[Topic; 2]; 2] =
    [[Topic::Feeds, Topic::FeedState], [Topic::Events, Topic::EventsLatest]];

/// A topic as the cluster has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Which.
    pub topic: Topic,
    /// The brokers that hold each partition, by partition.
    pub replicas: Vec<Vec<i32>>,
    /// Settings by name; `None` where we may not read them.
    pub settings: Option<HashMap<String, String>>,
}

impl Found {
    /// Returns the number of partitions.
    pub fn partitions(&self) -> i32 {
        i32::try_from(self.replicas.len()).unwrap_or(i32::MAX)
    }

    /// Returns the number of copies of the partition that has fewest.
    pub fn replication(&self) -> i32 {
        let fewest = self.replicas.iter().map(Vec::len).min().unwrap_or(0);
        i32::try_from(fewest).unwrap_or(i32::MAX)
    }
}

/// How much a difference matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// By somebody's choice; told, and no more.
    Note,
    /// It works, with less than was meant.
    Warning,
    /// The daemon does not start.
    Refusal,
}

/// One thing that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where.
    pub topic: Topic,
    /// How much it matters.
    pub weight: Weight,
    /// What is found, and what it was to be.
    pub what: String,
    /// The command (or the line of configuration) that mends it.
    pub mend: String,
}

/// What the cluster and the configuration ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The cluster's addresses, for commands.
    pub bootstrap: String,
    /// Partitions as configured.
    pub partitions: i32,
    /// Copies of each partition: as configured, but not more than there are brokers.
    pub replication: i32,
    /// Ids of the brokers.
    pub brokers: Vec<i32>,
    /// Kafka's own tools need a file of client settings too.
    pub secured: bool,
}

impl Wanted {
    /// Returns what `settings` ask of a cluster with these brokers.
    pub(super) fn of(settings: &config::Kafka, brokers: Vec<i32>) -> Self {
        let there = i32::try_from(brokers.len()).unwrap_or(i32::MAX).max(1);
        let secured = ["security.protocol", "sasl.mechanism", "sasl.mechanisms"];
        Self {
            bootstrap: settings.bootstrap.clone().unwrap_or_default(),
            partitions: settings.partitions.max(1),
            replication: settings.replication.clamp(1, there),
            brokers,
            secured: secured.iter().any(|key| settings.client.contains_key(*key)),
        }
    }

    /// Returns the partitions of the topic when it is made: what its co-partitioned topic has,
    /// else what the feeds or most of our topics have, else what is configured.
    pub(super) fn partitions_of(&self, topic: Topic, found: &[Found]) -> i32 {
        let has = |topic| found.iter().find(|found| found.topic == topic).map(Found::partitions);
        partner(topic)
            .and_then(has)
            .or_else(|| has(Topic::Feeds))
            .or_else(|| found.iter().map(Found::partitions).max())
            .unwrap_or(self.partitions)
    }

    fn tool(&self, tool: &str) -> String {
        let mut command = format!("{tool} --bootstrap-server {}", self.bootstrap);
        if self.secured {
            command.push_str(" --command-config client.properties");
        }
        command
    }

    /// Returns the command of ours that makes all that is missing.
    pub(super) fn create_all(&self) -> String {
        format!("borderwire topics create --bootstrap {}", self.bootstrap)
    }

    /// Returns the command of Kafka's that makes the topic.
    pub(super) fn create(&self, topic: Topic, partitions: i32) -> String {
        let mut command = format!(
            "{} --create --topic {topic} --partitions {partitions} --replication-factor {}",
            self.tool("kafka-topics.sh"),
            self.replication
        );
        for (key, value) in topic.settings() {
            let _ = write!(command, " --config {key}={value}");
        }
        command
    }

    fn set(&self, topic: Topic, settings: &[(&str, String)]) -> String {
        // A list stands in brackets, lest its comma part two settings.
        let one = |(key, value): &(&str, String)| match value.contains(',') {
            true => format!("{key}=[{value}]"),
            false => format!("{key}={value}"),
        };
        let all: Vec<String> = settings.iter().map(one).collect();
        format!(
            "{} --alter --entity-type topics --entity-name {topic} --add-config '{}'",
            self.tool("kafka-configs.sh"),
            all.join(",")
        )
    }

    fn grow(&self, topic: Topic, partitions: i32) -> String {
        format!(
            "{} --alter --topic {topic} --partitions {partitions}",
            self.tool("kafka-topics.sh")
        )
    }

    /// Spreads more copies: each partition keeps its brokers and gets the next ones by id.
    fn replicate(&self, found: &Found) -> String {
        let mut moves = Vec::new();
        for (partition, has) in found.replicas.iter().enumerate() {
            let mut replicas = has.clone();
            let from = has.first().and_then(|first| self.brokers.iter().position(|id| id == first));
            let next = self.brokers.iter().cycle().skip(from.map_or(partition, |at| at + 1));
            for broker in next.take(self.brokers.len()) {
                if replicas.len() < self.replication as usize && !replicas.contains(broker) {
                    replicas.push(*broker);
                }
            }
            moves.push(serde_json::json!({
                "topic": found.topic.name(), "partition": partition, "replicas": replicas,
            }));
        }
        let plan = serde_json::json!({ "version": 1, "partitions": moves });
        format!(
            "echo '{plan}' > {topic}.json && {} --reassignment-json-file {topic}.json --execute",
            self.tool("kafka-reassign-partitions.sh"),
            topic = found.topic
        )
    }
}

fn partner(topic: Topic) -> Option<Topic> {
    CO_PARTITIONED.iter().find_map(|[one, other]| match topic {
        _ if topic == *one => Some(*other),
        _ if topic == *other => Some(*one),
        _ => None,
    })
}

/// Returns differences as lines for people; a command that mends several stands once, after them.
pub fn listed(differences: &[Difference]) -> Vec<String> {
    let mut lines = Vec::new();
    for (i, one) in differences.iter().enumerate() {
        lines.push(format!("{}: {}", one.topic, one.what));
        if differences.get(i + 1).is_none_or(|next| next.mend != one.mend) {
            lines.push(format!("    {}", one.mend));
        }
    }
    lines
}

/// Returns all differences, in the order of [`Topic::ALL`].
pub(super) fn differences(found: &[Found], wanted: &Wanted) -> Vec<Difference> {
    Topic::ALL
        .iter()
        .flat_map(|topic| match found.iter().find(|found| found.topic == *topic) {
            Some(one) => of_one(one, found, wanted),
            None => vec![Difference {
                topic: *topic,
                weight: Weight::Refusal,
                what: "is missing".to_owned(),
                mend: wanted.create_all(),
            }],
        })
        .collect()
}

fn of_one(one: &Found, found: &[Found], wanted: &Wanted) -> Vec<Difference> {
    let topic = one.topic;
    let mut differences = Vec::new();
    let mut tell = |weight, what: String, mend: String| {
        differences.push(Difference { topic, weight, what, mend });
    };

    let partitions = one.partitions();
    let other = partner(topic).and_then(|other| found.iter().find(|found| found.topic == other));
    match other {
        Some(other) if partitions < other.partitions() => tell(
            Weight::Refusal,
            format!(
                "has {partitions} partitions, {} has {}: records of one key must lie in partitions \
                 of one number",
                other.topic,
                other.partitions()
            ),
            wanted.grow(topic, other.partitions()),
        ),
        _ if partitions != wanted.partitions => tell(
            Weight::Note,
            format!(
                "has {partitions} partitions, {} are configured; those of the cluster count",
                wanted.partitions
            ),
            format!("partitions = {partitions}   # in [kafka]"),
        ),
        _ => {}
    }

    if one.replication() < wanted.replication {
        tell(
            Weight::Warning,
            format!(
                "has {} copies of each partition, not {}",
                one.replication(),
                wanted.replication
            ),
            wanted.replicate(one),
        );
    }

    let Some(settings) = &one.settings else {
        let allow = wanted.tool("kafka-acls.sh");
        tell(
            Weight::Warning,
            "has settings that we may not read".to_owned(),
            format!(
                "{allow} --add --allow-principal User:NAME --operation DescribeConfigs --topic {topic}"
            ),
        );
        return differences;
    };
    let has = |key: &str| settings.get(key).map_or("", String::as_str);
    let wrong: Vec<(&str, String)> =
        topic.settings().into_iter().filter(|(key, value)| !serves(key, has(key), value)).collect();
    // One command mends them all.
    let mend = wanted.set(topic, &wrong);
    for (key, value) in &wrong {
        let weight = if *key == "cleanup.policy" { Weight::Refusal } else { Weight::Warning };
        let what = format!("has {key}={}, not {value}{}", has(key), harm(key));
        tell(weight, what, mend.clone());
    }
    differences
}

/// Returns whether a value that is found is as good as the one that is wanted.
fn serves(key: &str, has: &str, wanted: &str) -> bool {
    let words = |text: &str| {
        let mut words: Vec<String> = text.split(',').map(|word| word.trim().to_owned()).collect();
        words.sort();
        words
    };
    match (key, has.parse::<u64>(), wanted.parse::<u64>()) {
        ("max.message.bytes", Ok(has), Ok(wanted)) => has >= wanted,
        _ => words(has) == words(wanted),
    }
}

fn harm(key: &str) -> &'static str {
    match key {
        "cleanup.policy" => ": what must stay would be thrown away",
        "retention.ms" => ": records are kept for another time",
        "max.message.bytes" => ": large records would be refused",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted() -> Wanted {
        let settings = config::Kafka {
            bootstrap: Some("k:9092".to_owned()),
            partitions: 4,
            ..config::Kafka::default()
        };
        Wanted::of(&settings, vec![1, 2])
    }

    fn good(topic: Topic) -> Found {
        let settings = topic.settings();
        Found {
            topic,
            replicas: vec![vec![1, 2]; 4],
            settings: Some(settings.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()),
        }
    }

    fn all_good() -> Vec<Found> {
        Topic::ALL.iter().copied().map(good).collect()
    }

    fn check(change: impl Fn(&mut Found), topic: Topic) -> Vec<(Weight, String)> {
        let mut found = all_good();
        found.iter_mut().filter(|found| found.topic == topic).for_each(change);
        differences(&found, &wanted()).into_iter().map(|d| (d.weight, d.mend)).collect()
    }

    fn set(found: &mut Found, key: &str, value: &str) {
        if let Some(settings) = &mut found.settings {
            settings.insert(key.to_owned(), value.to_owned());
        }
    }

    #[test]
    fn topics_as_we_make_them_differ_in_nothing() {
        assert_eq!(differences(&all_good(), &wanted()), []);
    }

    #[test]
    fn more_brokers_are_not_asked_for_than_there_are() {
        assert_eq!(wanted().replication, 2);
    }

    #[test]
    fn each_difference_has_its_weight_and_its_command() {
        let configs = "kafka-configs.sh --bootstrap-server k:9092 --alter --entity-type topics";
        let cases = [
            (
                check(|found| set(found, "cleanup.policy", "delete"), Topic::FeedState),
                Weight::Refusal,
                format!(
                    "{configs} --entity-name _borderwire.feed-state.v1 --add-config \
                     'cleanup.policy=compact'"
                ),
            ),
            (
                check(|found| set(found, "cleanup.policy", "delete"), Topic::FeedStatus),
                Weight::Refusal,
                format!(
                    "{configs} --entity-name borderwire.feed-status.v1 --add-config \
                     'cleanup.policy=[compact,delete]'"
                ),
            ),
            (
                check(|found| set(found, "retention.ms", "604800000"), Topic::Events),
                Weight::Warning,
                format!(
                    "{configs} --entity-name borderwire.events.v1 --add-config 'retention.ms=-1'"
                ),
            ),
            (
                check(|found| found.replicas.truncate(3), Topic::FeedState),
                Weight::Refusal,
                "kafka-topics.sh --bootstrap-server k:9092 --alter --topic \
                 _borderwire.feed-state.v1 --partitions 4"
                    .to_owned(),
            ),
            (
                check(|found| found.replicas.truncate(3), Topic::Entries),
                Weight::Note,
                "partitions = 3   # in [kafka]".to_owned(),
            ),
            (
                check(|found| found.settings = None, Topic::Entries),
                Weight::Warning,
                "kafka-acls.sh --bootstrap-server k:9092 --add --allow-principal User:NAME \
                 --operation DescribeConfigs --topic borderwire.entries.v1"
                    .to_owned(),
            ),
        ];
        for (differences, weight, mend) in cases {
            assert_eq!(differences, [(weight, mend)]);
        }
    }

    #[test]
    fn one_command_mends_all_settings_of_a_topic() {
        let differences = check(
            |found| {
                set(found, "cleanup.policy", "delete");
                set(found, "segment.ms", "1");
            },
            Topic::Feeds,
        );
        let weights: Vec<Weight> = differences.iter().map(|(weight, _)| *weight).collect();
        assert_eq!(weights, [Weight::Refusal, Weight::Warning]);
        assert!(differences[0].1.ends_with("'cleanup.policy=compact,segment.ms=21600000'"));
        assert_eq!(differences[0].1, differences[1].1);
    }

    #[test]
    fn a_bound_above_ours_and_another_order_of_words_serve() {
        assert_eq!(check(|found| set(found, "max.message.bytes", "9999999"), Topic::Events), []);
        assert_eq!(
            check(|found| set(found, "cleanup.policy", "delete,compact"), Topic::FeedStatus),
            []
        );
    }

    #[test]
    fn missing_copies_are_spread_over_the_brokers() {
        let mends = check(
            |found| found.replicas = vec![vec![2], vec![1], vec![1, 2], vec![2, 1]],
            Topic::Events,
        );
        let [(Weight::Warning, mend)] = &mends[..] else { panic!("{mends:?}") };
        let plan = mend.split('\'').nth(1).unwrap();
        let plan: serde_json::Value = serde_json::from_str(plan).unwrap();
        let replicas: Vec<&serde_json::Value> =
            plan["partitions"].as_array().unwrap().iter().map(|p| &p["replicas"]).collect();
        let expected = serde_json::json!([[2, 1], [1, 2], [1, 2], [2, 1]]);
        assert_eq!(replicas, expected.as_array().unwrap().iter().collect::<Vec<_>>());
    }

    #[test]
    fn a_new_topic_gets_the_partitions_of_its_partner() {
        let found = [
            Found { replicas: vec![vec![1]; 8], ..good(Topic::Feeds) },
            Found { replicas: vec![vec![1]; 12], ..good(Topic::Events) },
        ];
        let cases = [(Topic::FeedState, 8), (Topic::EventsLatest, 12), (Topic::Entries, 8)];
        for (topic, partitions) in cases {
            assert_eq!(wanted().partitions_of(topic, &found), partitions, "{topic}");
        }
        assert_eq!(wanted().partitions_of(Topic::FeedState, &[]), 4);
    }
}
