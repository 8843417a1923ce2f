//! A daemon on a real Apache Kafka that is away when it starts, or goes away in the middle.

use std::collections::HashSet;
use std::fs;
use std::net::SocketAddr;

use borderwire::message::Topic;

use super::bad_feeds::health;
use super::bad_input::{asked, served, wait_ready};
use super::growing::Growing;
use super::kafka_broker::{Kafka, PARTITIONS, broker};
use super::kill::{Record, eager, read_all, verify};
use super::process::{Daemon, wait_for};

const FEEDS: usize = 4;

/// Settings of a daemon that gives a commit up after three seconds, and tries again.
fn config(kafka: &Kafka) -> String {
    eager(&format!(
        "[kafka]\nbootstrap = \"{}\"\npartitions = {PARTITIONS}\nreplication = 1\n\
         commit-timeout = \"3s\"\n",
        kafka.bootstrap
    ))
}

fn times_logged(daemon: &Daemon, what: &str) -> usize {
    fs::read_to_string(daemon.folder().join("log")).unwrap().matches(what).count()
}

/// Waits until the daemon lives and says that it is not ready, and returns why.
fn wait_unready(daemon: &mut Daemon, address: SocketAddr) -> String {
    wait_for("the daemon to tell why it is not ready", || {
        daemon.expect_alive();
        let answer = asked(address, "/readyz")?;
        (answer.status == 503 && answer.body.contains("127.0.0.1")).then_some(answer.body)
    })
}

/// Returns each record once: a batch that was repeated has the same ids.
fn folded(records: Vec<Record>) -> Vec<Record> {
    let mut seen = HashSet::new();
    let mut folded = records;
    folded.retain(|record| seen.insert(record.headers["ce_id"].clone()));
    folded
}

/// Lets the daemon catch up with the feeds, stops it, and checks that nothing is missing.
fn expect_all_told(daemon: &mut Daemon, feeds: &Growing, kafka: &Kafka) {
    let counts = feeds.freeze();
    wait_for("all feeds to be caught up with", || {
        daemon.expect_alive();
        feeds.asked_since_freeze(3).then_some(())
    });
    assert!(daemon.stop().success(), "{}", daemon.log());
    let read = |topic: Topic| {
        let records = read_all(&kafka.bootstrap, topic.name());
        let all = records.len();
        let folded = folded(records);
        println!("{topic}: {all} records, {} of them repeated", all - folded.len());
        folded
    };
    let verdict = verify(&counts, &read(Topic::Entries), &read(Topic::Events));
    println!("{verdict:?}");
    assert_eq!(verdict.entries as u64, counts.iter().sum::<u64>(), "{verdict:?}");
    assert_eq!((verdict.lost, verdict.twice, verdict.out_of_order), (0, 0, 0), "{verdict:?}");
}

#[test]
fn a_daemon_waits_for_a_broker_that_is_away_and_says_so_once() {
    let name = "a_daemon_waits_for_a_broker_that_is_away_and_says_so_once";
    let Some(kafka) = broker(name) else { return };
    kafka.delete_topics();
    kafka.run("kill 1");
    let feeds = Growing::start(FEEDS, 0x5eed_0021);
    let config = config(&kafka);
    let address = served(&config);
    let mut daemon = Daemon::new(&config, &feeds.feeds_toml());
    daemon.start();
    let why = wait_unready(&mut daemon, address);
    for told in ["no broker answered", &kafka.bootstrap, "check that it runs"] {
        assert!(why.contains(told), "`{told}` is not in: {why}");
    }
    assert_eq!(asked(address, "/livez").unwrap().status, 200);
    assert_eq!(health(&daemon).status.code(), Some(1));
    // Told to stop while it waits, it stops; and waits again when started again.
    assert_eq!(daemon.stop().code(), Some(0), "{}", daemon.log());
    assert_eq!(times_logged(&daemon, "cannot start yet"), 1, "{}", daemon.log());
    assert_eq!(feeds.requests(), 0, "nothing is asked that could not be told");
    daemon.start();
    wait_unready(&mut daemon, address);
    kafka.run("start 1");
    wait_ready(&mut daemon, address);
    assert_eq!(times_logged(&daemon, "cannot start yet"), 2, "{}", daemon.log());
    wait_for("feeds to be polled", || {
        daemon.expect_alive();
        (feeds.requests() > 100).then_some(())
    });
    expect_all_told(&mut daemon, &feeds, &kafka);
}

#[test]
fn a_broker_that_is_killed_in_the_middle_loses_nothing_and_is_told_of_once() {
    let name = "a_broker_that_is_killed_in_the_middle_loses_nothing_and_is_told_of_once";
    let Some(kafka) = broker(name) else { return };
    kafka.delete_topics();
    let feeds = Growing::start(FEEDS, 0x5eed_0022);
    let config = config(&kafka);
    let address = served(&config);
    let mut daemon = Daemon::new(&config, &feeds.feeds_toml());
    daemon.start();
    let failed = || -> u64 {
        let metrics = asked(address, "/metrics").unwrap().body;
        let line = metrics
            .lines()
            .find(|line| line.starts_with("borderwire_commits_total") && line.contains("failed"));
        line.map_or(0, |line| line.rsplit(' ').next().unwrap().parse().unwrap())
    };
    for kill in 1..=2 {
        wait_ready(&mut daemon, address);
        let before = feeds.requests();
        wait_for("feeds to be polled", || {
            daemon.expect_alive();
            (feeds.requests() > before + 100).then_some(())
        });
        let (warned, failures) = (times_logged(&daemon, "cannot commit"), failed());
        kafka.run("kill 1");
        let why = wait_unready(&mut daemon, address);
        assert!(why.contains("last commit failed") && why.contains(&kafka.bootstrap), "{why}");
        assert_eq!(asked(address, "/livez").unwrap().status, 200);
        wait_for("several tries", || (failed() >= failures + 2).then_some(()));
        let told = times_logged(&daemon, "cannot commit");
        assert_eq!(told, warned + 1, "kill {kill}: {}", daemon.log());
        kafka.run("start 1");
    }
    wait_ready(&mut daemon, address);
    assert_eq!(
        times_logged(&daemon, "cannot commit"),
        times_logged(&daemon, "committing again"),
        "{}",
        daemon.log()
    );
    let before = feeds.requests();
    wait_for("polls to go on", || (feeds.requests() > before + 20).then_some(()));
    expect_all_told(&mut daemon, &feeds, &kafka);
}

#[test]
fn a_daemon_that_is_stopped_while_the_broker_is_away_tells_the_rest_after_the_next_start() {
    let name =
        "a_daemon_that_is_stopped_while_the_broker_is_away_tells_the_rest_after_the_next_start";
    let Some(kafka) = broker(name) else { return };
    kafka.delete_topics();
    let feeds = Growing::start(FEEDS, 0x5eed_0023);
    let config = config(&kafka);
    let address = served(&config);
    let mut daemon = Daemon::new(&config, &feeds.feeds_toml());
    daemon.start();
    wait_ready(&mut daemon, address);
    wait_for("feeds to be polled", || (feeds.requests() > 50).then_some(()));
    kafka.run("kill 1");
    wait_unready(&mut daemon, address);
    daemon.signal("TERM");
    assert_eq!(daemon.ended().code(), Some(1), "{}", daemon.log());
    let log = daemon.log();
    assert!(log.contains("could not store what was polled last; the next start asks"), "{log}");
    kafka.run("start 1");
    daemon.start();
    wait_ready(&mut daemon, address);
    let before = feeds.requests();
    wait_for("polls to go on", || (feeds.requests() > before + 20).then_some(()));
    expect_all_told(&mut daemon, &feeds, &kafka);
}
