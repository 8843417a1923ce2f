//! A daemon that cannot start as it is told: it says what is wrong and what to do, and harms nothing.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;

use borderwire::config;
use borderwire::feed::FeedId;
use borderwire::journal::Journal;
use borderwire::message::{Batch, Message, Topic};
use borderwire::serve::{Answer, ask};

use super::growing::Growing;
use super::kill::{eager, read_all};
use super::process::{Daemon, free_address, wait_for};

/// Exit code of a wrong configuration, as systemd knows it. Source: `sysexits.h`, `EX_CONFIG`.
const EX_CONFIG: i32 = 78;

/// Asks a daemon's own server; `None` while nobody answers.
pub fn asked(address: SocketAddr, path: &str) -> Option<Answer> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let url = format!("http://{address}{path}").parse().unwrap();
    runtime.block_on(ask(&url)).ok()
}

/// Waits until the daemon is ready.
pub fn wait_ready(daemon: &mut Daemon, address: SocketAddr) {
    wait_for("the daemon to be ready", || {
        daemon.expect_alive();
        asked(address, "/readyz").filter(|answer| answer.status == 200)
    });
}

/// A journal's settings with an address of its own.
fn journal() -> (SocketAddr, String) {
    let listen = free_address();
    (listen, eager(&format!("[journal]\nlisten = \"{listen}\"\n")))
}

/// Returns the address of health in settings of [`eager`].
pub fn served(config: &str) -> SocketAddr {
    let table: toml::Table = config.parse().unwrap();
    table["serve"]["listen"].as_str().unwrap().parse().unwrap()
}

/// Replaces the whole configuration.
fn configure(daemon: &Daemon, text: &str) {
    fs::write(daemon.folder().join("borderwire.toml"), text).unwrap();
}

/// Starts a daemon that is to refuse, and checks what it says.
#[track_caller]
fn expect_refusal(daemon: &mut Daemon, code: i32, told: &[&str]) {
    let (ended, said) = daemon.refused();
    assert_eq!(ended, Some(code), "{said}");
    for told in told {
        assert!(said.contains(told), "`{told}` is not in: {said}");
    }
    assert!(!said.contains("panicked"), "{said}");
}

const FEED: &str = "[[feed]]\nurl = \"http://127.0.0.1:1/\"\n";

#[test]
fn a_wrong_configuration_is_refused_with_78_and_its_line() {
    let cases: &[(&str, &[&str])] = &[
        ("[poll]\nintervall = \"1m\"\n", &["borderwire.toml:2", "did you mean `interval`?"]),
        ("[pol]\n", &["unknown section [pol]", "borderwire.toml:1", "did you mean [poll]?"]),
        ("[poll]\ninterval = 3\n", &["borderwire.toml:2", "wants a duration such as \"15m\""]),
        ("\n[journal]\npartitions = 0\n", &["borderwire.toml:3", "`partitions` in [journal]"]),
        ("[serve]\nlisten = \"here\"\n", &["borderwire.toml:2", "`listen` in [serve]"]),
        ("[poll\n", &["no TOML at", "borderwire.toml:1"]),
        (
            "[daemon]\nlog = \"inof\"\n",
            &["`log` in [daemon]", "`inof` is no level", "write a level"],
        ),
        ("[fetch]\nallow = [\"10.0.0.0/99\"]\n", &["allow", "10.0.0.0/99"]),
        ("[fetch]\nca-file = \"gone.pem\"\n", &["ca-file", "gone.pem"]),
        (
            "[kafka]\nbootstrap = \"127.0.0.1:1\"\nclient.\"lingre.ms\" = \"5\"\n",
            &["`lingre.ms`", "cannot be used"],
        ),
        (
            "[kafka]\nbootstrap = \"127.0.0.1:1\"\nclient-files.\"sasl.password\" = \"gone\"\n",
            &["gone", "could not be read", "check the path"],
        ),
    ];
    for (text, told) in cases {
        let mut daemon = Daemon::new("", FEED);
        // Should it start nevertheless, it must not meet other daemons' ports.
        let mut text = (*text).to_owned();
        if !text.contains("[serve]") && !text.contains("[poll\n") {
            text.push_str("[serve]\nlisten = \"127.0.0.1:0\"\n");
        }
        if !text.contains("[daemon]") {
            text.push_str("[daemon]\nstate-dir = \"state\"\n");
        }
        configure(&daemon, &text);
        expect_refusal(&mut daemon, EX_CONFIG, told);
        assert!(!daemon.folder().join("state").exists(), "nothing is made: {text}");
    }
}

#[test]
fn a_configuration_that_is_not_there_is_refused() {
    let mut daemon = Daemon::new("", FEED);
    fs::remove_file(daemon.folder().join("borderwire.toml")).unwrap();
    let told = ["configuration file `", "borderwire.toml` could not be read; check the path"];
    expect_refusal(&mut daemon, EX_CONFIG, &told);
}

#[test]
fn a_wrong_list_of_feeds_is_refused_with_its_line_whether_or_not_the_broker_is_there() {
    let cases: &[(&str, &[&str])] = &[
        ("<opml><body>\n<outline", &["feeds.toml:2: the rest can not be read", "tag not closed"]),
        ("<html><body>Not found</body></html>", &["feeds.toml", "is no OPML", "`html`"]),
        ("<opml><body/></opml>", &["feeds.toml", "holds no feed", "`feeds` in [daemon]"]),
        ("[[feed]]\nurl = \"ftp://x.example/\"\n", &["feeds.toml:2", "ftp://x.example/"]),
        ("[[feed]]\nurl = \"https://x.example/\"\ntitel = \"X\"\n", &["feeds.toml:3", "`title`"]),
        ("", &["feeds.toml", "holds no feed"]),
    ];
    let brokers = [String::new(), format!("[kafka]\nbootstrap = \"{}\"\n", free_address())];
    for (feeds, told) in cases {
        for broker in &brokers {
            let mut daemon = Daemon::new(&eager(broker), feeds);
            expect_refusal(&mut daemon, EX_CONFIG, told);
        }
    }
    let mut daemon = Daemon::new(&eager(""), "");
    fs::remove_file(daemon.folder().join("feeds.toml")).unwrap();
    expect_refusal(&mut daemon, EX_CONFIG, &["feeds.toml` could not be read; check the path"]);
}

#[test]
fn a_port_that_is_taken_is_named_with_the_setting_that_changes_it() {
    let holder = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = holder.local_addr().unwrap();
    let mut daemon = Daemon::new(&eager(&format!("[journal]\nlisten = \"{taken}\"\n")), FEED);
    expect_refusal(&mut daemon, 1, &[&taken.to_string(), "in use", "`listen` in [journal]"]);
    let config = format!("[serve]\nlisten = \"{taken}\"\n[journal]\nlisten = \"127.0.0.1:0\"\n");
    let mut daemon = Daemon::new(&config, FEED);
    let port = taken.port().to_string();
    expect_refusal(&mut daemon, 1, &[&port, "taken", "`listen` in [serve]"]);
    // An address that is not of this machine: documentation's own, RFC 5737.
    let mut daemon = Daemon::new(&eager("[journal]\nlisten = \"192.0.2.1:9092\"\n"), FEED);
    expect_refusal(&mut daemon, 1, &["192.0.2.1:9092", "an address of this machine"]);
    let config = "[serve]\nlisten = \"192.0.2.1:9464\"\n[journal]\nlisten = \"127.0.0.1:0\"\n";
    let mut daemon = Daemon::new(config, FEED);
    expect_refusal(&mut daemon, 1, &["192.0.2.1:9464", "an address of this machine"]);
}

#[test]
fn a_state_folder_that_cannot_be_written_is_named() {
    let (_, config) = journal();
    let mut daemon = Daemon::new(&config, FEED);
    // A file where the folder is to be: it stops root too.
    fs::write(daemon.folder().join("state"), "a file").unwrap();
    expect_refusal(&mut daemon, 1, &["state folder", "/state", "`state-dir` in [daemon]"]);
    assert_eq!(fs::read_to_string(daemon.folder().join("state")).unwrap(), "a file");

    let mut daemon = Daemon::new(&config, FEED);
    fs::create_dir_all(daemon.folder().join("state/borderwire.lock")).unwrap();
    expect_refusal(&mut daemon, 1, &["state folder", "borderwire.lock", "`state-dir` in [daemon]"]);

    let mut daemon = Daemon::new(&config, FEED);
    fs::create_dir_all(daemon.folder().join("state/borderwire.db")).unwrap();
    expect_refusal(&mut daemon, 1, &["borderwire.db", "`state-dir` in [daemon]"]);
}

/// Runs a daemon on some feeds until it has told of all of them, and stops it.
fn filled(config: &str, feeds: &Growing) -> Daemon {
    let mut daemon = Daemon::new(config, &feeds.feeds_toml());
    daemon.start();
    wait_for("some polls", || {
        daemon.expect_alive();
        (feeds.requests() > 30).then_some(())
    });
    feeds.freeze();
    wait_for("all feeds to be asked", || feeds.asked_since_freeze(3).then_some(()));
    assert!(daemon.stop().success(), "{}", daemon.log());
    daemon
}

#[test]
fn a_journal_of_another_version_or_program_is_left_alone() {
    let feeds = Growing::start(3, 0x5eed_0011);
    let (_, config) = journal();
    let mut daemon = filled(&config, &feeds);
    let db = daemon.folder().join("state/borderwire.db");
    let set = |pragma: &str, value: i64| {
        let connection = rusqlite::Connection::open(&db).unwrap();
        connection.pragma_update(None, pragma, value).unwrap();
    };
    let get = |pragma: &str| -> i64 {
        let connection = rusqlite::Connection::open(&db).unwrap();
        connection.pragma_query_value(None, pragma, |row| row.get(0)).unwrap()
    };
    let (version, owner) = (get("user_version"), get("application_id"));
    set("user_version", 99);
    expect_refusal(&mut daemon, 1, &["borderwire.db has schema 99", "run the later version"]);
    assert_eq!(get("user_version"), 99);
    set("user_version", version);
    set("application_id", 7);
    expect_refusal(&mut daemon, 1, &["borderwire.db is no journal of borderwire", "move it away"]);
    set("application_id", owner);
    // Nothing was harmed: it goes on where it was.
    let requests = feeds.requests();
    daemon.start();
    wait_for("polls to go on", || {
        daemon.expect_alive();
        (feeds.requests() > requests + 10).then_some(())
    });
    assert!(daemon.stop().success(), "{}", daemon.log());
}

#[test]
fn a_state_of_a_later_version_is_not_guessed_at() {
    let feeds = Growing::start(1, 0x5eed_0012);
    let (_, config) = journal();
    let mut daemon = filled(&config, &feeds);
    let db = daemon.folder().join("state/borderwire.db");
    let connection = rusqlite::Connection::open(db).unwrap();
    connection.execute("UPDATE states SET value = ?1", [br#"{"version": 99}"#]).unwrap();
    expect_refusal(&mut daemon, 1, &["cannot restore feed", "version 99", "run the newer program"]);
    connection.execute("UPDATE states SET value = ?1", [br#"{"version": "#]).unwrap();
    expect_refusal(&mut daemon, 1, &["cannot restore feed", "damaged state"]);
}

#[test]
fn a_damaged_journal_is_named_and_kept() {
    let feeds = Growing::start(3, 0x5eed_0013);
    let (_, config) = journal();
    let mut daemon = filled(&config, &feeds);
    let db = daemon.folder().join("state/borderwire.db");
    assert!(!daemon.folder().join("state/borderwire.db-wal").exists(), "one file is the whole");
    let whole = fs::read(&db).unwrap();
    let mut garbage = whole.clone();
    garbage[..4096].fill(0xa5);
    let mut tables = whole.clone();
    tables[100..8192].fill(0xa5);
    let mut pages = whole.clone();
    pages[8192..].fill(0xa5);
    let half = whole[..whole.len() / 2].to_vec();
    let cases: [(&str, Vec<u8>, &[&str]); 4] = [
        ("head", garbage, &["borderwire.db is no journal", "move it away"]),
        ("tables", tables, &["borderwire.db is damaged", "copy", "move it away"]),
        ("pages", pages, &["borderwire.db is damaged", "copy", "move it away"]),
        ("half", half, &["borderwire.db is damaged", "copy", "move it away"]),
    ];
    for (name, bytes, told) in cases {
        fs::write(&db, &bytes).unwrap();
        println!("{name}");
        expect_refusal(&mut daemon, 1, told);
        // SQLite counts in its first page how often the file was opened to be written.
        let (after, page) = (fs::read(&db).unwrap(), 8192);
        assert_eq!(after.len(), bytes.len(), "{name}");
        assert!(after[page..] == bytes[page..], "{name}: the file is left as it is");
    }
}

#[test]
fn a_second_daemon_on_the_same_state_is_refused_and_the_first_goes_on() {
    let feeds = Growing::start(3, 0x5eed_0014);
    let (listen, config) = journal();
    let mut first = Daemon::new(&config, &feeds.feeds_toml());
    first.start();
    wait_ready(&mut first, served(&config));
    let (_, other) = journal();
    let mut second = Daemon::new(&other, &feeds.feeds_toml());
    let text = fs::read_to_string(second.folder().join("borderwire.toml")).unwrap();
    let own = format!("{:?}", second.folder().join("state"));
    let shared = format!("{:?}", first.folder().join("state"));
    configure(&second, &text.replace(&own, &shared));
    let holder = fs::read_to_string(first.folder().join("state/borderwire.lock")).unwrap();
    let holder = format!("in use by process {}", holder.trim());
    expect_refusal(&mut second, 1, &[&holder, "borderwire.lock", "`state-dir` in [daemon]"]);
    let requests = feeds.requests();
    wait_for("the first to go on", || {
        first.expect_alive();
        (feeds.requests() > requests + 10).then_some(())
    });
    let total: u64 = feeds.freeze().iter().sum();
    wait_for("all feeds to be caught up with", || feeds.asked_since_freeze(3).then_some(()));
    wait_for("all entries to be told", || {
        let entries = read_all(&listen.to_string(), Topic::Entries.name());
        let new = entries.iter().filter(|entry| entry.payload["revision"] == 1).count();
        (new as u64 == total).then_some(())
    });
    assert!(first.stop().success(), "{}", first.log());
}

/// Puts a record into the feeds topic of the journal in the state folder.
fn tell_feed(state: &Path, key: &str, value: Option<&[u8]>) {
    let journal = Journal::open(state, &config::Journal::default()).unwrap();
    let message = Message {
        topic: Topic::Feeds,
        key: key.to_owned(),
        headers: Vec::new(),
        value: value.map(<[u8]>::to_vec),
        timestamp: borderwire::clock::now(),
    };
    journal.append(&Batch { messages: vec![message], states: Vec::new() }).unwrap();
}

#[test]
fn feeds_come_from_toml_opml_and_the_topic_and_what_is_wrong_in_the_topic_is_left_out() {
    let feeds = Growing::start(5, 0x5eed_0015);
    let (listen, config) = journal();
    let url = |n: u64| format!("http://{}/feed/{n}", feeds.address);
    let toml = format!("[[feed]]\nurl = \"{}\"\n", url(0));
    let mut daemon = Daemon::new(&config, &toml);
    let opml = format!(
        "<opml version=\"2.0\"><body><outline text=\"East\">\
         <outline text=\"one\" xmlUrl=\"{}\"/><outline text=\"none\" xmlUrl=\"nowhere\"/>\
         </outline></body></opml>",
        url(1)
    );
    fs::write(daemon.folder().join("more.opml"), opml).unwrap();
    let text = fs::read_to_string(daemon.folder().join("borderwire.toml")).unwrap();
    configure(&daemon, &text.replace("feeds.toml\"]", "feeds.toml\", \"more.opml\"]"));
    let state = daemon.folder().join("state");
    let id = |n| FeedId::of(&url(n).parse().unwrap()).to_string();
    let record = |n| format!("{{\"url\": \"{}\", \"title\": \"from the topic\"}}", url(n));
    for n in [2, 3] {
        tell_feed(&state, &id(n), Some(record(n).as_bytes()));
    }
    tell_feed(&state, &id(3), None);
    tell_feed(&state, &id(4), Some(b"{\"url\": 4}"));
    tell_feed(&state, "no id", Some(record(4).as_bytes()));
    daemon.start();
    let sources = || {
        let entries = read_all(&listen.to_string(), Topic::Entries.name());
        let feed = |source: &str| source.split_once('/').map(|(feed, _)| feed.to_owned());
        let mut feeds: Vec<String> =
            entries.iter().filter_map(|entry| feed(entry.payload["source_id"].as_str()?)).collect();
        feeds.sort();
        feeds.dedup();
        feeds
    };
    wait_ready(&mut daemon, served(&config));
    wait_for("entries of three feeds", || (sources().len() >= 3).then_some(()));
    assert!(daemon.log().contains("\"feeds\":3"), "{}", daemon.log());
    assert_eq!(sources(), ["0", "1", "2"]);
    let log = daemon.log();
    for told in ["left out a feed of the feeds topic", "record no id", "more.opml:1", "nowhere"] {
        assert!(log.contains(told), "`{told}` is not in: {log}");
    }
    assert!(daemon.stop().success(), "{}", daemon.log());
}
