//! Feeds that misbehave beside one that does not, and a daemon that is stopped or asked meanwhile.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::net::SocketAddr;
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use borderwire::feed::FeedId;
use borderwire::message::Topic;
use serde_json::Value;

use super::bad_input::{asked, served, wait_ready};
use super::fetch::server::{Server, Step, answer, raw};
use super::kill::{Record, read_all};
use super::process::{Daemon, PROGRAM, free_address, wait_for};

/// Larger than what any topic takes, smaller than what is fetched.
const GIANT_BYTES: usize = 5 << 20;

/// What each bad feed is told to be: path, condition, code, HTTP status.
const BAD: &[(&str, &str, &str, Option<u64>)] = &[
    ("/page", "unreadable", "html-page", Some(200)),
    ("/empty", "unreadable", "empty-body", Some(200)),
    ("/garbage", "unreadable", "not-a-feed", Some(200)),
    ("/crowded", "unreadable", "feed-too-large", Some(200)),
    ("/missing", "failing", "http-404", Some(404)),
    ("/gone", "failing", "http-410", Some(410)),
    ("/broken", "failing", "http-500", Some(500)),
    ("/silent", "failing", "timeout-headers", None),
    ("/hanging", "failing", "timeout-body", None),
    ("/endless", "failing", "too-large", None),
    ("/cut", "failing", "broken", None),
    ("/loop", "failing", "redirect-loop", None),
];

/// A server of good and bad feeds; all are good once it is mended.
struct Feeds {
    server: Server,
    mended: Arc<AtomicBool>,
    _runtime: tokio::runtime::Runtime,
}

impl Feeds {
    fn start() -> Self {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        let runtime = builder.worker_threads(1).enable_all().build().unwrap();
        let mended = Arc::new(AtomicBool::new(false));
        let is_mended = Arc::clone(&mended);
        let server = runtime.block_on(Server::start(move |asked| {
            if is_mended.load(Ordering::SeqCst) { good(&asked.path, 2) } else { bad(&asked.path) }
        }));
        Self { server, mended, _runtime: runtime }
    }

    fn mend(&self) {
        self.mended.store(true, Ordering::SeqCst);
    }

    fn times_asked(&self, path: &str) -> usize {
        self.server.asked().iter().filter(|asked| asked.path == path).count()
    }

    fn id(&self, path: &str) -> String {
        FeedId::of(&self.server.url(path)).to_string()
    }

    fn toml(&self, paths: &[&str]) -> String {
        paths.iter().fold(String::new(), |mut text, path| {
            let _ = writeln!(text, "[[feed]]\nurl = \"{}\"", self.server.url(path));
            text
        })
    }
}

/// A feed with so many entries, named after its path.
fn good(path: &str, entries: usize) -> Vec<Step> {
    let mut xml = "<rss version=\"2.0\"><channel><title>Good</title>".to_owned();
    for n in (0..entries).rev() {
        let guid = format!("<guid isPermaLink=\"false\">{path}#{n}</guid>");
        let text = format!("Guards at crossing {n} of {path} turned back forty people.");
        let _ =
            write!(xml, "<item>{guid}<title>T {n}</title><description>{text}</description></item>");
    }
    answer(200, "content-type: application/rss+xml", xml + "</channel></rss>")
}

fn bad(path: &str) -> Vec<Step> {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/rss+xml\r\n";
    match path {
        "/page" => {
            answer(200, "content-type: text/html", "<!DOCTYPE html><html><p>News</p></html>")
        }
        "/empty" => answer(200, "content-type: application/rss+xml", ""),
        "/garbage" => {
            let noise: Vec<u8> =
                (0..4096_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
            answer(200, "content-type: application/rss+xml", noise)
        }
        "/crowded" => {
            let mut xml = "<rss version=\"2.0\"><channel>".to_owned();
            for n in 0..1900 {
                let event = |k| {
                    format!("Poland has deployed {} troops to its border with Belarus.", n * 4 + k)
                };
                let _ = write!(
                    xml,
                    "<item><guid>{n}</guid><title>T {n}</title><description>{}</description></item>",
                    [1, 2, 3, 4].map(event).join(" ")
                );
            }
            answer(200, "content-type: application/rss+xml", xml + "</channel></rss>")
        }
        "/missing" => answer(404, "", "no such page"),
        "/gone" => answer(410, "", ""),
        "/broken" => answer(500, "content-type: text/html", "<html>Oops</html>"),
        "/silent" => vec![Step::Hang],
        "/hanging" => {
            vec![Step::Send(format!("{head}content-length: 999\r\n\r\n<rss>").into()), Step::Hang]
        }
        "/endless" => {
            let poured = "<item><title>again</title></item>\n".repeat(2000);
            vec![Step::Send(format!("{head}\r\n<rss><channel>").into()), Step::Pour(poured.into())]
        }
        "/cut" => raw(format!("{head}content-length: 999\r\n\r\n<rss>")),
        "/loop" => answer(302, "location: /loop/2", ""),
        "/loop/2" => answer(302, "location: /loop", ""),
        "/giant" => {
            let text = "The queue at the gate is long. ".repeat(GIANT_BYTES / 31);
            let xml = format!(
                "<rss version=\"2.0\"><channel><item><guid>/giant#1</guid><title>G</title>\
                 <description>{text}</description></item><item><guid>/giant#0</guid>\
                 <title>Short</title><description>A ferry was held.</description></item>\
                 </channel></rss>"
            );
            answer(200, "content-type: application/rss+xml", xml)
        }
        path => good(path, 3),
    }
}

/// Settings of a daemon that polls fast and waits for an answer for so long.
fn config(listen: SocketAddr, patience: &str) -> String {
    format!(
        "[poll]\ninterval = \"50ms\"\ninterval-min = \"10ms\"\ninterval-max = \"1s\"\n\
         host-at-once-max = 16\n\
         [fetch]\nallow = [\"127.0.0.1\"]\nconnect-timeout = \"{patience}\"\n\
         read-timeout = \"{patience}\"\nbody-bytes-max = {}\n\
         [journal]\nlisten = \"{listen}\"\n[serve]\nlisten = \"{}\"\n",
        GIANT_BYTES + (1 << 20),
        free_address()
    )
}

/// Returns the records of a topic that are about this feed, by path.
fn about<'r>(records: &'r [Record], feeds: &Feeds, path: &str) -> Vec<&'r Value> {
    let id = feeds.id(path);
    let of_feed = |payload: &&Value| payload["feed_id"] == id.as_str();
    records.iter().map(|record| &record.payload).filter(of_feed).collect()
}

/// Returns how often each entry was told, by the id that its feed gives it.
fn told(entries: &[Record]) -> BTreeMap<String, usize> {
    let mut told = BTreeMap::new();
    for entry in entries {
        let source = entry.payload["source_id"].as_str().unwrap().to_owned();
        *told.entry(source).or_insert(0) += 1;
    }
    told
}

fn whole_log(daemon: &Daemon) -> String {
    fs::read_to_string(daemon.folder().join("log")).unwrap()
}

#[test]
fn bad_feeds_harm_themselves_alone_and_come_back_when_they_are_mended() {
    let feeds = Feeds::start();
    let listen = free_address();
    let config = config(listen, "3s");
    let mut paths: Vec<&str> = BAD.iter().map(|(path, ..)| *path).collect();
    paths.extend(["/good", "/giant"]);
    let mut daemon = Daemon::new(&config, &feeds.toml(&paths));
    daemon.start();
    wait_for("every feed to be asked again and again", || {
        daemon.expect_alive();
        paths.iter().all(|path| feeds.times_asked(path) >= 2).then_some(())
    });
    let bootstrap = listen.to_string();
    let read = |topic: Topic| read_all(&bootstrap, topic.name());

    let statuses = read(Topic::FeedStatus);
    let letters = read(Topic::DeadLetters);
    for (path, condition, code, status) in BAD {
        let told = about(&statuses, &feeds, path);
        let last = told.last().unwrap_or_else(|| panic!("{path}: no status in {statuses:?}"));
        assert_eq!(last["condition"], *condition, "{path}: {last}");
        assert_eq!(last["error"]["code"], *code, "{path}: {last}");
        assert_eq!(last["http_status"].as_u64(), *status, "{path}: {last}");
        assert!(!last["error"]["detail"].as_str().unwrap().is_empty(), "{path}: {last}");
        assert_eq!(told.len(), 1, "{path} is told of once: {told:?}");
        let letters = about(&letters, &feeds, path);
        let expected = usize::from(*condition == "unreadable");
        assert_eq!(letters.len(), expected, "{path}: {letters:?}");
        assert!(letters.iter().all(|letter| letter["error"]["code"] == *code), "{letters:?}");
    }
    for path in ["/good", "/giant"] {
        let told = about(&statuses, &feeds, path);
        assert!(told.iter().all(|status| status["condition"] == "ok"), "{path}: {told:?}");
    }
    let giant = about(&letters, &feeds, "/giant");
    assert_eq!(giant.len(), 1, "{giant:?}");
    assert_eq!(giant[0]["error"]["code"], "message-too-large");
    let entries = told(&read(Topic::Entries));
    let expected = ["/giant#0", "/good#0", "/good#1", "/good#2"];
    assert_eq!(entries, expected.map(|id| (id.to_owned(), 1)).into());
    let log = whole_log(&daemon);
    for path in &paths {
        let failing = format!("\"feed failing\",\"feed\":\"{}\"", feeds.server.url(path));
        let expected = usize::from(BAD.iter().any(|(bad, ..)| bad == path));
        assert_eq!(log.matches(&failing).count(), expected, "{path}: {log}");
    }
    assert!(!log.contains("panicked") && !log.contains("cannot commit"), "{log}");
    assert_eq!(asked(served(&config), "/readyz").unwrap().status, 200);

    feeds.mend();
    wait_for("every feed to be told as good", || {
        daemon.expect_alive();
        let statuses = read(Topic::FeedStatus);
        let is_good = |path: &&str| {
            about(&statuses, &feeds, path).last().is_some_and(|last| last["condition"] == "ok")
        };
        paths.iter().all(is_good).then_some(())
    });
    let entries = told(&read(Topic::Entries));
    for (path, ..) in BAD {
        for n in 0..2 {
            assert_eq!(entries.get(&format!("{path}#{n}")), Some(&1), "{path}: {entries:?}");
        }
    }
    assert!(daemon.stop().success(), "{}", daemon.log());
}

/// Starts a daemon that has told of one feed and waits for the answer of another.
fn waiting_daemon(feeds: &Feeds, listen: SocketAddr) -> Daemon {
    let toml = feeds.toml(&["/good", "/hanging", "/silent"]);
    let mut daemon = Daemon::new(&config(listen, "60s"), &toml);
    daemon.start();
    wait_for("the feeds to be asked", || {
        daemon.expect_alive();
        let asked = |path| feeds.times_asked(path) >= 1;
        (asked("/hanging") && asked("/silent") && feeds.times_asked("/good") >= 2).then_some(())
    });
    daemon
}

#[test]
fn a_daemon_that_is_told_to_stop_does_not_wait_for_feeds_that_hang() {
    for signal in ["TERM", "INT"] {
        let feeds = Feeds::start();
        let listen = free_address();
        let mut daemon = waiting_daemon(&feeds, listen);
        daemon.signal(signal);
        assert_eq!(daemon.ended().code(), Some(0), "{signal}: {}", daemon.log());
        assert!(daemon.log().contains("\"stopped\""), "{}", daemon.log());
        // What was polled is stored, and not told again; what hung is asked again.
        feeds.mend();
        daemon.start();
        let address = served_by(&daemon);
        wait_ready(&mut daemon, address);
        let all = wait_for("the entries of all feeds", || {
            daemon.expect_alive();
            let entries = told(&read_all(&listen.to_string(), Topic::Entries.name()));
            (entries.len() == 7).then_some(entries)
        });
        assert!(all.values().all(|times| *times == 1), "{all:?}");
        assert!(daemon.stop().success(), "{}", daemon.log());
    }
}

/// Returns the address of health that the daemon is configured with.
fn served_by(daemon: &Daemon) -> SocketAddr {
    served(&fs::read_to_string(daemon.folder().join("borderwire.toml")).unwrap())
}

#[test]
fn a_second_signal_ends_the_daemon_at_once_and_loses_nothing() {
    for (signal, code) in [("TERM", 143), ("INT", 130)] {
        let feeds = Feeds::start();
        let listen = free_address();
        let mut daemon = waiting_daemon(&feeds, listen);
        daemon.signal("TERM");
        wait_for("the daemon to drain", || whole_log(&daemon).contains("stopping").then_some(()));
        daemon.signal(signal);
        assert_eq!(daemon.ended().code(), Some(code), "{}", daemon.log());
        feeds.mend();
        daemon.start();
        let address = served_by(&daemon);
        wait_ready(&mut daemon, address);
        let all = wait_for("the entries of all feeds", || {
            daemon.expect_alive();
            let entries = told(&read_all(&listen.to_string(), Topic::Entries.name()));
            (entries.len() == 7).then_some(entries)
        });
        assert!(all.values().all(|times| *times == 1), "{all:?}");
        assert!(daemon.stop().success(), "{}", daemon.log());
    }
}

/// Runs `borderwire health` with the daemon's own configuration.
pub fn health(daemon: &Daemon) -> Output {
    let config = daemon.folder().join("borderwire.toml");
    Command::new(PROGRAM).arg("health").arg("--config").arg(config).output().unwrap()
}

#[test]
fn health_is_asked_of_a_running_and_of_a_stopped_daemon() {
    let feeds = Feeds::start();
    let config = config(free_address(), "60s");
    let address = served(&config);
    let mut daemon = Daemon::new(&config, &feeds.toml(&["/good", "/missing", "/page"]));
    let output = health(&daemon);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains(&address.to_string()) && said.contains("is the daemon running"),
        "{said}"
    );

    daemon.start();
    wait_ready(&mut daemon, address);
    let output = health(&daemon);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "{\"status\":\"ok\"}\n");
    assert_eq!(asked(address, "/livez").unwrap().status, 200);
    assert_eq!(asked(address, "/nothing").unwrap().status, 404);
    let figures = wait_for("figures of polls", || {
        let answer = asked(address, "/metrics").filter(|answer| answer.status == 200)?;
        let polled = [
            "refused",
            "fetched",
            "unreadable",
            "borderwire_feeds_failing 2",
            "borderwire_events_published_total{change=\"detected\"} 3",
            "borderwire_event_latency_seconds_count 3",
        ];
        polled.iter().all(|word| answer.body.contains(word)).then_some(answer.body)
    });
    let wanted = [
        "borderwire_feeds 3",
        "borderwire_entries_total{novelty=\"new\"} 3",
        "borderwire_dead_letters_total{code=\"html-page\"} 1",
        "# EOF",
    ];
    for figure in wanted {
        assert!(figures.contains(figure), "`{figure}` is not in: {figures}");
    }
    assert!(daemon.stop().success(), "{}", daemon.log());
    assert_eq!(health(&daemon).status.code(), Some(1));
}
