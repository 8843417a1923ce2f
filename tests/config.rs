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
    type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str);
    let cases: &[Case<'_>] = &[
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

#[test]
fn what_is_right_and_risky_is_warned_of() {
    assert_eq!(config::warnings(&Config::default()), Vec::<String>::new());
    let risky = "[journal]\nlisten = \"0.0.0.0:9092\"\n[serve]\nlisten = \"[::]:9464\"\n";
    let told = config::warnings(&read(risky, &[]).unwrap().config);
    assert!(told.len() == 2 && told[0].contains("no passwords"), "{told:?}");
    let secret = "[kafka]\nbootstrap = \"k:1\"\nclient.sasl.password = \"s3cret\"\n";
    let told = config::warnings(&read(secret, &[]).unwrap().config);
    assert!(told.len() == 1 && !told[0].contains("s3cret"), "{told:?}");
}

/// A folder with files in it.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn with_feeds(folder: &tempfile::TempDir, names: &[&str]) -> Config {
    let mut config = Config::default();
    config.daemon.feeds = names.iter().map(|name| folder.path().join(name)).collect();
    config
}

const FEEDS_TOML: &str = "\
# Those on the river.
[[feed]]
url = \"https://a.example/rss\"
title = \"River Post\"
categories = [\"Europe\", \"East\"]
language = \"en\"
interval = \"30m\" # they ask for it

# The ministry.
[[feed]]
url = \"https://b.example/atom\"
# end
";

#[test]
fn feeds_come_from_toml_and_opml_and_each_is_taken_once() {
    let opml = "<opml><body><outline text='Asia'><outline text='C' xmlUrl='https://c.example/'/>\
                <outline text='A again' xmlUrl='https://a.example/rss'/>\n\
                <outline text='bad' xmlUrl='nowhere'/></outline></body></opml>";
    let folder = folder(&[("feeds.toml", FEEDS_TOML), ("list.xml", opml)]);
    let list = config::feeds(&with_feeds(&folder, &["feeds.toml", "list.xml"])).unwrap();
    let urls: Vec<&str> = list.feeds.iter().map(|feed| feed.url.as_str()).collect();
    assert_eq!(urls, ["https://a.example/rss", "https://b.example/atom", "https://c.example/"]);
    let first = &list.feeds[0];
    assert_eq!(first.title.as_deref(), Some("River Post"));
    assert_eq!(first.categories, ["Europe", "East"]);
    assert_eq!(first.interval, Some(Duration::from_secs(1800)));
    assert!(list.sources[&first.id].ends_with("feeds.toml:3"), "{:?}", list.sources);
    assert_eq!(list.warnings.len(), 2, "{:?}", list.warnings);
    assert!(
        list.warnings.iter().any(|why| why.contains("feeds.toml:3") && why.contains("already"))
    );
    assert!(list.warnings.iter().any(|why| why.contains("list.xml:2") && why.contains("nowhere")));
}

#[test]
fn without_files_the_built_in_feeds_are_watched() {
    let list = config::feeds(&Config::default()).unwrap();
    assert!(list.feeds.len() >= 40);
    assert_eq!(list.warnings, Vec::<String>::new());
}

#[test]
fn a_wrong_file_of_feeds_is_told_with_its_line() {
    let cases = [
        ("[[feed]]\nurl = \"ftp://x.example/\"\n", "feeds.toml:2 `ftp://x.example/` is asked for"),
        ("[[feed]]\ntitle = \"x\"\n", "feeds.toml:2 has no `url`"),
        (
            "[[feed]]\nurl = \"https://x.example\"\ntitel = \"x\"\n",
            "feeds.toml:3 is unknown; did you mean `title`?",
        ),
        ("[[feed]]\nurl = 3\n", "feeds.toml:2 wants a text in quotes"),
        (
            "[[feed]]\nurl = \"https://x.example\"\ninterval = \"0s\"\n",
            "feeds.toml:3 wants a duration",
        ),
        ("[feeds]\nurl = \"x\"\n", "feeds.toml:1: feeds are written as [[feed]]"),
        ("https://x.example/\n", "no TOML at"),
        ("", "holds no feed"),
        (
            "<html><body>Not found</body></html>",
            "is no OPML: it has no `opml` element around it, but `html`",
        ),
        ("<opml><body/></opml>", "holds no feed"),
    ];
    for (text, told) in cases {
        let folder = folder(&[("feeds.toml", text)]);
        let error = config::feeds(&with_feeds(&folder, &["feeds.toml"])).unwrap_err().to_string();
        assert!(error.contains(told), "{text}: {error}");
    }
    let missing = config::feeds(&with_feeds(&folder(&[]), &["gone.toml"])).unwrap_err();
    assert!(missing.to_string().contains("gone.toml` could not be read"), "{missing}");
}

#[test]
fn feeds_are_added_and_removed_and_comments_stay() {
    let folder = folder(&[("feeds.toml", FEEDS_TOML)]);
    let config = with_feeds(&folder, &["feeds.toml"]);
    let text = || std::fs::read_to_string(folder.path().join("feeds.toml")).unwrap();
    let mut feed = borderwire::feed::Feed::at("https://d.example/feed".parse().unwrap());
    feed.title = Some("The \"D\"".to_owned());
    config::add_feed(&config, &feed).unwrap();
    let added = "\n[[feed]]\nurl = \"https://d.example/feed\"\ntitle = 'The \"D\"'\n";
    assert_eq!(text(), format!("{FEEDS_TOML}{added}"));
    let twice = config::add_feed(&config, &feed).unwrap_err().to_string();
    assert!(twice.contains("already watched") && twice.contains("feeds.toml:15"), "{twice}");
    let first = config::feeds(&config).unwrap().feeds[0].id;
    config::remove_feed(&config, first).unwrap();
    let rest = "# Those on the river.\n# The ministry.\n[[feed]]\nurl = \"https://b.example/atom\"\n# end\n";
    assert_eq!(text(), format!("{rest}{added}"));
    assert!(config::remove_feed(&config, first).unwrap_err().to_string().contains("no such feed"));
}

/// Runs the program with nothing of this process's environment.
fn borderwire(folder: &tempfile::TempDir, arguments: &[&str]) -> (i32, String, String) {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_borderwire"))
        .args(arguments)
        .current_dir(folder.path())
        .env_clear()
        .env("HOME", folder.path())
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn config_check_says_what_is_wrong_and_exits_with_78() {
    let folder = folder(&[
        ("good.toml", "[daemon]\nfeeds = [\"feeds.toml\"]\n"),
        ("feeds.toml", FEEDS_TOML),
        ("typo.toml", "[poll]\nintervall = \"1m\"\n"),
        (
            "files.toml",
            "[daemon]\nfeeds = [\"gone.opml\"]\nlog = \"inof\"\n[fetch]\nca-file = \"gone.pem\"\n",
        ),
    ]);
    let (code, out, err) = borderwire(&folder, &["config", "check", "good.toml"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert_eq!(out, "2 feeds, published to the journal, read at 127.0.0.1:9092\ngood.toml: good\n");

    let (code, _, err) = borderwire(&folder, &["config", "check", "typo.toml"]);
    assert_eq!(code, 78);
    assert!(err.contains("at typo.toml:2; did you mean `interval`?"), "{err}");

    let (code, _, err) = borderwire(&folder, &["config", "check", "files.toml"]);
    assert_eq!((code, err.lines().count()), (78, 3), "{err}");
    for told in ["gone.opml` could not be read", "`inof` is no level", "gone.pem` can not be read"]
    {
        assert!(err.contains(told), "{err}");
    }

    let (code, _, err) = borderwire(&folder, &["--config", "gone.toml", "config", "show"]);
    assert_eq!(code, 78);
    assert!(err.contains("configuration file `gone.toml` could not be read"), "{err}");
}

#[test]
fn config_show_gives_a_file_that_makes_the_same_configuration() {
    let text = "[kafka]\nbootstrap = \"k:9092\"\ncommit-timeout = \"90s\"\n[kafka.client]\n\
                \"sasl.password\" = \"s3cret\"\n\"sasl.username\" = \"wire\"\n";
    let folder = folder(&[("wire.toml", text)]);
    let (code, shown, err) = borderwire(&folder, &["--config", "wire.toml", "config", "show"]);
    assert_eq!(code, 0, "{err}");
    assert!(!shown.contains("s3cret"), "{shown}");
    for line in [
        "bootstrap = \"k:9092\"  # wire.toml:2",
        "interval = \"15m\"  # default",
        "# state-dir is not set",
    ] {
        assert!(shown.lines().any(|known| known == line), "{line}\n{shown}");
    }
    let before = config::from_parts(Some((Path::new("wire.toml"), text)), &[]).unwrap().config;
    let shown = shown.replace("(redacted)", "s3cret");
    let after = config::from_parts(Some((Path::new("wire.toml"), &shown)), &[]).unwrap().config;
    assert_eq!(before, after);
}

#[test]
fn feeds_are_listed_shown_exported_and_imported() {
    let folder = folder(&[
        ("wire.toml", "[daemon]\nfeeds = [\"feeds.toml\"]\n"),
        ("feeds.toml", FEEDS_TOML),
    ]);
    let feeds = |arguments: &[&str]| {
        let (code, out, err) =
            borderwire(&folder, &[&["--config", "wire.toml", "feeds"], arguments].concat());
        assert_eq!(code, 0, "{err}");
        out
    };
    let list = feeds(&["list"]);
    assert_eq!(list.lines().count(), 2);
    assert!(list.contains("Europe/East  River Post  https://a.example/rss"), "{list}");
    let id = list.split_whitespace().next().unwrap();
    for wanted in [id, "https://a.example/rss"] {
        let shown = feeds(&["show", wanted]);
        assert!(shown.contains("source    feeds.toml:3"), "{shown}");
        assert!(shown.contains("interval  30m"), "{shown}");
    }
    std::fs::write(folder.path().join("mine.opml"), feeds(&["export"])).unwrap();
    std::fs::write(folder.path().join("back.toml"), feeds(&["import", "mine.opml"])).unwrap();
    let both = with_feeds(&folder, &["feeds.toml", "back.toml"]);
    let known = config::feeds(&with_feeds(&folder, &["feeds.toml"])).unwrap();
    assert_eq!(config::feeds_of_file(&both.daemon.feeds[1]).unwrap().feeds.len(), 2);
    // All of them are known already, under the same ids.
    let list = config::feeds(&both).unwrap();
    assert_eq!((list.feeds.len(), list.warnings.len()), (known.feeds.len(), 2));
    assert!(feeds(&["add", "https://z.example/rss", "--category", "Asia"]).contains("feeds.toml"));
    assert!(feeds(&["list"]).contains("https://z.example/rss"));
    assert!(feeds(&["remove", "https://z.example/rss"]).contains("taken out"));
    assert!(!feeds(&["list"]).contains("https://z.example/rss"));
}

#[test]
fn a_reader_who_has_read_enough_is_no_error() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_borderwire"))
        .args(["feeds", "list"])
        .env_clear()
        .stdout(writer)
        .stderr(std::process::Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(output.status.success());
}
