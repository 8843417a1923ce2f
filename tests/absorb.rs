//! A poll into state and messages: the way from a capture to what is committed, without I/O.

use std::time::Duration;

use borderwire::capture::Capture;
use borderwire::feed::Feed;
use borderwire::message::{Condition, Topic};
use borderwire::parser::Parser;
use borderwire::schedule::Policy;
use borderwire::shard::{Absorbed, FeedState, Polled, absorb};
use jiff::Timestamp;
use serde_json::Value;
use url::Url;

const POLICY: Policy = Policy {
    interval: Duration::from_secs(600),
    interval_min: Duration::from_secs(60),
    interval_max: Duration::from_secs(86_400),
};

fn feed() -> Feed {
    Feed::at(Url::parse("https://news.example/feed.xml").unwrap())
}

fn capture(minute: i64, status: u16, body: &str) -> Polled {
    Polled::Answered(Capture {
        url: feed().url,
        captured_at: Timestamp::from_second(1_636_992_000 + 60 * minute).unwrap(),
        status,
        headers: vec![("etag".to_owned(), format!("\"{}\"", body.len()))],
        body: body.as_bytes().to_vec(),
    })
}

fn rss(items: &[(&str, &str)]) -> String {
    let items: String = items
        .iter()
        .map(|(guid, text)| {
            format!("<item><guid>{guid}</guid><title>Story {guid}</title><description>{text}</description></item>")
        })
        .collect();
    format!("<rss version=\"2.0\"><channel><title>News</title>{items}</channel></rss>")
}

/// Absorbs the polls one after the other, each state through its stored form.
fn story(polls: &[Polled]) -> Vec<Absorbed> {
    let parser = Parser::embedded();
    let mut state = FeedState::default();
    polls
        .iter()
        .map(|polled| {
            let absorbed = absorb(&feed(), &state, &parser, &POLICY, polled, 0.5);
            state = FeedState::from_json(&absorbed.state.to_json()).unwrap();
            assert_eq!(state, absorbed.state, "the stored form loses nothing");
            absorbed
        })
        .collect()
}

/// Returns what was told on a topic: type, key, and payload.
fn told(absorbed: &Absorbed, topic: Topic) -> Vec<(String, String, Value)> {
    absorbed
        .batch
        .messages
        .iter()
        .filter(|message| message.topic == topic)
        .map(|message| {
            let kind = message.header("ce_type").unwrap().to_owned();
            let payload = serde_json::from_slice(message.value.as_deref().unwrap()).unwrap();
            (kind, message.key.clone(), payload)
        })
        .collect()
}

const HELD: &str =
    "Lithuanian border guards detained 12 migrants near the border with Belarus on Monday.";

#[test]
fn corrected_story_corrects_its_event_under_the_same_id_and_a_withdrawn_one_retracts_it() {
    let corrected = HELD.replace("12", "14");
    let polls = story(&[
        capture(0, 200, &rss(&[("a", HELD)])),
        capture(10, 200, &rss(&[("a", &corrected)])),
        capture(20, 200, &rss(&[("a", "This story has been withdrawn by the agency.")])),
    ]);
    let events: Vec<_> = polls.iter().flat_map(|poll| told(poll, Topic::Events)).collect();
    let kinds: Vec<_> = events.iter().map(|(kind, ..)| kind.as_str()).collect();
    let types = ["detected", "corrected", "retracted"].map(|c| format!("borderwire.event.{c}.v1"));
    assert_eq!(kinds, types);
    assert!(events.iter().all(|(_, key, _)| *key == events[0].1));
    assert_eq!(events[0].2["event"]["quantity"]["value"], 12.0);
    assert_eq!(events[1].2["event"]["quantity"]["value"], 14.0);
    assert_eq!(events[1].2["changed"], serde_json::json!(["recipient", "quantity", "evidence"]));
    assert_eq!(events[2].2["reason"], "source-retraction");
    let entries: Vec<_> = polls.iter().flat_map(|poll| told(poll, Topic::Entries)).collect();
    let revisions: Vec<_> = entries.iter().map(|(.., e)| e["revision"].as_u64().unwrap()).collect();
    assert_eq!(revisions, [1, 2, 3]);
    let table: Vec<_> = polls.iter().flat_map(|poll| told(poll, Topic::EventsLatest)).collect();
    assert_eq!(table, events, "the table is told the same records");
}

#[test]
fn same_polls_give_the_same_messages_byte_for_byte() {
    let polls = [
        capture(
            0,
            200,
            &rss(&[("a", HELD), ("b", "Poland deployed 500 troops to its border with Belarus.")]),
        ),
        capture(10, 200, &rss(&[("c", "The EU imposed sanctions on Belarus."), ("a", HELD)])),
    ];
    let batches = |polls| story(polls).into_iter().map(|a| a.batch).collect::<Vec<_>>();
    assert_eq!(batches(&polls), batches(&polls));
}

#[test]
fn nothing_is_committed_when_nothing_happened() {
    let body = rss(&[("a", HELD)]);
    let polls = story(&[
        capture(0, 200, &body),
        capture(10, 304, ""),
        capture(20, 200, &body),
        capture(30, 200, &body.replace("<title>News", "<title>Other news")),
    ]);
    assert!(!polls[0].batch.states.is_empty());
    for poll in &polls[1..] {
        assert_eq!(
            (poll.batch.messages.len(), poll.batch.states.len()),
            (0, 0),
            "{:?}",
            poll.ending
        );
    }
    assert_eq!(polls[1].state.etag, Some("\"0\"".to_owned()), "a 304 refreshes validators");
}

#[test]
fn feed_status_is_told_when_it_changes_and_once_an_hour() {
    let body = rss(&[("a", HELD)]);
    let failed = |minute| capture(minute, 503, "");
    let polls = story(&[
        capture(0, 200, &body),
        failed(10),
        failed(20),
        capture(25, 404, ""),
        capture(30, 200, "<html><body>Down for repair</body></html>"),
        capture(40, 200, &body),
        capture(50, 200, &rss(&[("z", "All is new."), ("y", "Nothing was seen.")])),
        capture(55, 304, ""),
        capture(120, 304, ""),
    ]);
    let conditions: Vec<Vec<String>> = polls
        .iter()
        .map(|poll| {
            told(poll, Topic::FeedStatus)
                .iter()
                .map(|(.., status)| status["condition"].as_str().unwrap().to_owned())
                .collect()
        })
        .collect();
    let want: [&[&str]; 9] = [
        &["ok"],
        &["failing"],
        &[],
        &["failing"],
        &["unreadable"],
        &["ok"],
        &["gap"],
        &["ok"],
        &["ok"],
    ];
    assert_eq!(conditions, want);
    assert_eq!(polls[2].state.condition, Some(Condition::Failing));
    assert_eq!(polls[2].state.pace.failures, 2);
    let letters: Vec<_> = polls.iter().map(|poll| told(poll, Topic::DeadLetters).len()).collect();
    assert_eq!(letters, [0, 0, 0, 0, 1, 0, 0, 0, 0]);
}

#[test]
fn entry_without_guid_keeps_its_revisions_when_siblings_demote_the_rule() {
    let item = |guid: &str, link: u32, text: &str| {
        format!(
            "<item>{guid}<link>https://news.example/{link}</link><title>T{link}</title><description>{text}</description></item>"
        )
    };
    let document = |items: &[String]| {
        format!(
            "<rss version=\"2.0\"><channel><title>News</title>{}</channel></rss>",
            items.concat()
        )
    };
    let same = "<guid isPermaLink=\"false\">same</guid>";
    let polls = story(&[
        capture(0, 200, &document(&[item("", 1, HELD)])),
        capture(
            10,
            200,
            &document(&[
                item("", 1, "All is calm."),
                item(same, 2, "Two."),
                item(same, 3, "Three."),
                item(same, 4, "Four."),
            ]),
        ),
    ]);
    let first = told(&polls[0], Topic::Entries);
    let second = told(&polls[1], Topic::Entries);
    let again = second.iter().find(|(_, key, _)| *key == first[0].1).expect("it is the same entry");
    assert_eq!(again.2["revision"], 2);
    assert_eq!(again.2["identity"], "link");
    let retracted = told(&polls[1], Topic::Events);
    assert_eq!(retracted.len(), 1);
    assert_eq!(retracted[0].0, "borderwire.event.retracted.v1");
}

#[test]
fn publishers_wish_outlives_a_body_that_is_the_same() {
    let body = rss(&[("a", HELD)]).replace("<title>News", "<ttl>30</ttl><title>News");
    let polls = story(&[capture(0, 200, &body), capture(40, 200, &body)]);
    let wait = |poll: &Absorbed, minute: i64| {
        poll.next_poll_at.as_second() - (1_636_992_000 + 60 * minute)
    };
    assert!(wait(&polls[0], 0) >= 1800, "{}", wait(&polls[0], 0));
    assert!(wait(&polls[1], 40) >= 1800, "{}", wait(&polls[1], 40));
}
