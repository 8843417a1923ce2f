//! The configuration: what a person writes, and what they are told when it is wrong.

use std::path::{Path, PathBuf};
use std::time::Duration;

use borderwire::config::{self, Config, Loaded, LogFormat, Origin};

fn read(text: &str, environment: &[(&str, &str)]) -> Result<Loaded, String> {
    let environment: Vec<_> =
        environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    config::from_parts(Some((Path::new("/etc/bw/wire.toml"), text)), &environment)
        .map_err(|error| error.to_string())
}

#[test]
fn without_file_and_environment_there_are_the_defaults() {
    let loaded = config::from_parts(None, &[]).unwrap();
    assert_eq!(loaded.config, Config::default());
    assert!(loaded.origins.is_empty());
}

#[test]
fn the_environment_goes_over_the_file_and_the_file_over_the_default() {
    let text = "[poll]\ninterval = \"20m\"\ninterval-max = \"2h\"\n";
    let loaded = read(text, &[("BORDERWIRE_POLL__INTERVAL", "10m")]).unwrap();
    let poll = &loaded.config.poll;
    assert_eq!(poll.interval, Duration::from_secs(600));
    assert_eq!(poll.interval_max, Duration::from_secs(7200));
    assert_eq!(poll.interval_min, Duration::from_secs(60));
    let origin = |key: &str| loaded.origins.get(&("poll".to_owned(), key.to_owned()));
    assert_eq!(
        origin("interval"),
        Some(&Origin::Environment("BORDERWIRE_POLL__INTERVAL".to_owned()))
    );
    assert_eq!(origin("interval-max"), Some(&Origin::File(PathBuf::from("/etc/bw/wire.toml"), 3)));
    assert_eq!(origin("interval-min"), None);
}

#[test]
fn values_of_each_kind_are_read_from_the_environment() {
    let config = read(
        "",
        &[
            ("BORDERWIRE_JOURNAL__PARTITIONS", "4"),
            ("BORDERWIRE_JOURNAL__LISTEN", "127.0.0.1:0"),
            ("BORDERWIRE_DAEMON__LOG_FORMAT", "json"),
            ("BORDERWIRE_DAEMON__FEEDS", "a.toml, b.opml"),
            ("BORDERWIRE_FETCH__ALLOW", "[\"10.0.0.0/8\"]"),
            ("BORDERWIRE_FETCH__USER_AGENT", "true"),
            ("BORDERWIRE_KAFKA__BOOTSTRAP", "one:9092,two:9093"),
            ("BORDERWIRE_KAFKA__CLIENT__SECURITY_PROTOCOL", "SSL"),
            ("BORDERWIRE_CI", "1"),
            ("BORDERWIRE_LOG", "debug"),
            ("PATH", "/bin"),
        ],
    )
    .unwrap()
    .config;
    assert_eq!(config.journal.partitions, 4);
    assert_eq!(config.journal.listen.port(), 0);
    assert_eq!(config.daemon.log_format, LogFormat::Json);
    assert_eq!(config.daemon.feeds, [PathBuf::from("a.toml"), PathBuf::from("b.opml")]);
    assert_eq!(config.fetch.allow, ["10.0.0.0/8"]);
    assert_eq!(config.fetch.user_agent, "true");
    assert_eq!(config.kafka.bootstrap.as_deref(), Some("one:9092,two:9093"));
    assert_eq!(config.kafka.client["security.protocol"], "SSL");
}

#[test]
fn librdkafkas_settings_may_stand_without_quotes() {
    let text = "[kafka]\nbootstrap = \"k:9092\"\n[kafka.client]\nsecurity.protocol = \"SSL\"\n\
                \"ssl.ca.location\" = \"/ca.pem\"\nmessage.timeout.ms = 5000\n";
    let client = read(text, &[]).unwrap().config.kafka.client;
    let client: Vec<_> = client.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert_eq!(
        client,
        [
            ("message.timeout.ms", "5000"),
            ("security.protocol", "SSL"),
            ("ssl.ca.location", "/ca.pem")
        ]
    );
}

#[test]
fn paths_of_a_file_are_relative_to_it_and_may_begin_with_a_folder_of_systemd() {
    let text = "[daemon]\nfeeds = [\"feeds.toml\", \"/srv/x.opml\"]\n[kafka]\nbootstrap = \"k:1\"\n\
                client-files.sasl.password = \"$CREDENTIALS_DIRECTORY/kafka\"\n";
    let environment =
        [("CREDENTIALS_DIRECTORY", "/run/cred"), ("BORDERWIRE_DAEMON__STATE_DIR", "state")];
    let config = read(text, &environment).unwrap().config;
    assert_eq!(
        config.daemon.feeds,
        [PathBuf::from("/etc/bw/feeds.toml"), PathBuf::from("/srv/x.opml")]
    );
    assert_eq!(config.daemon.state_dir, Some(PathBuf::from("state")));
    assert_eq!(config.kafka.client_files["sasl.password"], Path::new("/run/cred/kafka"));
}

#[test]
fn a_wrong_configuration_is_told_with_place_and_remedy() {
    let cases: &[(&str, &[(&str, &str)], &str)] = &[
        (
            "[poll]\n\nintervall = \"1m\"\n",
            &[],
            "unknown key `intervall` in [poll] at /etc/bw/wire.toml:3; did you mean `interval`?",
        ),
        (
            "[fetch]\ninterval = \"1m\"\n",
            &[],
            "unknown key `interval` in [fetch] at /etc/bw/wire.toml:2; it belongs to [poll]",
        ),
        (
            "interval = \"1m\"\n",
            &[],
            "`interval` at /etc/bw/wire.toml:1 stands outside its section [poll]",
        ),
        ("[pol]\n", &[], "unknown section [pol] at /etc/bw/wire.toml:1; did you mean [poll]?"),
        (
            "poll = 3\n",
            &[],
            "`poll` at /etc/bw/wire.toml:1 is a section: write [poll] and its keys below it",
        ),
        (
            "[poll]\ninterval = 15\n",
            &[],
            "`interval` in [poll] at /etc/bw/wire.toml:2 wants a duration such as \"15m\", not 15",
        ),
        (
            "[poll]\ninterval = \"15 bananas\"\n",
            &[],
            "`interval` in [poll] at /etc/bw/wire.toml:2 wants a duration such as \"15m\", \
             not \"15 bananas\"",
        ),
        (
            "[poll]\nfeeds-at-once-max = -1\n",
            &[],
            "`feeds-at-once-max` in [poll] at /etc/bw/wire.toml:2 wants a whole number such as 32, \
             not -1",
        ),
        (
            "[journal]\nlisten = \"localhost:9092\"\n",
            &[],
            "`listen` in [journal] at /etc/bw/wire.toml:2 wants an IP address and a port such as \
             \"127.0.0.1:9092\", not \"localhost:9092\"",
        ),
        (
            "[daemon]\nlog-format = \"xml\"\n",
            &[],
            "`log-format` in [daemon] at /etc/bw/wire.toml:2 wants one of `auto`, `pretty`, \
             `json`, not \"xml\"",
        ),
        (
            "[kafka.client]\nx = [1]\n",
            &[],
            "`x` in [kafka.client] at /etc/bw/wire.toml:2 wants a text in quotes",
        ),
        ("[poll\n", &[], "no TOML at /etc/bw/wire.toml:1: unclosed table, expected `]`"),
        (
            "",
            &[("BORDERWIRE_POLL__INTERVALL", "1m")],
            "unknown environment variable BORDERWIRE_POLL__INTERVALL; \
             did you mean BORDERWIRE_POLL__INTERVAL?",
        ),
        (
            "",
            &[("BORDERWIRE_POLL_INTERVAL", "1m")],
            "unknown environment variable BORDERWIRE_POLL_INTERVAL; \
             did you mean BORDERWIRE_POLL__INTERVAL?",
        ),
        (
            "",
            &[("BORDERWIRE_POLL__INTERVAL", "soon")],
            "environment variable BORDERWIRE_POLL__INTERVAL wants a duration such as \"15m\", \
             not \"soon\"",
        ),
        (
            "",
            &[("BORDERWIRE_KAFKA__CLIENT", "x")],
            "environment variable BORDERWIRE_KAFKA__CLIENT wants the name of a setting after it: \
             BORDERWIRE_KAFKA__CLIENT__NAME",
        ),
        (
            "[kafka]\nclient-files.a = \"$HOME/x\"\n",
            &[("HOME", "/root")],
            "`client-files` in [kafka] at /etc/bw/wire.toml:2 names `$HOME/x`: a path may begin \
             with $CREDENTIALS_DIRECTORY, $CONFIGURATION_DIRECTORY, $STATE_DIRECTORY",
        ),
        (
            "[poll]\ninterval = \"0s\"\ninterval-min = \"0s\"\n",
            &[],
            "2 things are wrong in the configuration:\n  \
             - `interval` in [poll] at /etc/bw/wire.toml:2 is zero; give a time such as \"10s\"\n  \
             - `interval-min` in [poll] at /etc/bw/wire.toml:3 is zero; give a time such as \"10s\"",
        ),
        (
            "[poll]\ninterval-min = \"48h\"\n",
            &[],
            "`interval-min` in [poll] at /etc/bw/wire.toml:2 is longer than `interval-max`",
        ),
        (
            "[poll]\ninterval = \"30s\"\n",
            &[],
            "`interval` in [poll] at /etc/bw/wire.toml:2 is shorter than `interval-min`, which \
             goes first",
        ),
        (
            "[kafka]\nbootstrap = \"\"\n",
            &[],
            "`bootstrap` in [kafka] at /etc/bw/wire.toml:2 names the broker ``; \
             write host:port,host:port",
        ),
        (
            "[kafka]\nreplication = 1\n",
            &[],
            "`replication` in [kafka] at /etc/bw/wire.toml:2 needs `bootstrap`, without which the \
             journal is used",
        ),
        (
            "[serve]\nlisten = \"0.0.0.0:9092\"\n",
            &[],
            "`listen` in [serve] at /etc/bw/wire.toml:2 is also `listen` of [journal]; give one \
             another port",
        ),
    ];
    for (text, environment, told) in cases {
        assert_eq!(read(text, environment).map(|_| ()).unwrap_err(), *told, "{text}");
    }
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let text =
        "colour = 1\n[poll]\nintervall = \"1m\"\ninterval-min = 3\n[fetch]\nuser-agent = 1\n";
    let told = read(text, &[("BORDERWIRE_X", "1")]).map(|_| ()).unwrap_err();
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), 6, "{told}");
    for (line, word) in
        lines[1..].iter().zip(["colour", "intervall", "interval-min", "user-agent", "BORDERWIRE_X"])
    {
        assert!(line.contains(word), "{line}");
    }
}

#[test]
fn a_password_is_not_seen_in_debug_output() {
    let text = "[kafka]\nbootstrap = \"k:1\"\nclient.sasl.password = \"s3cret\"\n\
                client.sasl.username = \"wire\"\n";
    let config = read(text, &[]).unwrap().config;
    let shown = format!("{config:?} {:?}", config.kafka.client_settings().unwrap());
    assert!(!shown.contains("s3cret"), "{shown}");
    assert!(shown.contains("wire"));
    assert_eq!(config.kafka.client_settings().unwrap()["sasl.password"].expose(), "s3cret");
}

#[test]
fn a_secret_is_read_from_its_file_without_the_line_end() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("password"), "s3cret\n").unwrap();
    let file = folder.path().join("wire.toml");
    let text = "[kafka]\nbootstrap = \"k:1\"\nclient-files.sasl.password = \"password\"\n";
    std::fs::write(&file, text).unwrap();
    let config = config::from_parts(Some((&file, text)), &[]).unwrap().config;
    assert_eq!(config.kafka.client_settings().unwrap()["sasl.password"].expose(), "s3cret");
    std::fs::remove_file(folder.path().join("password")).unwrap();
    let told = config.kafka.client_settings().unwrap_err().to_string();
    assert!(told.contains("password` could not be read"), "{told}");
}
