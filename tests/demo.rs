//! The demo's whole stream: what each minute of its story gives, against a golden file; and the
//! command as a person runs it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use borderwire::demo::{Conditions, Script, render};
use borderwire::feed::Feed;
use borderwire::message::{Message, Topic};
use borderwire::parser::Parser;
use borderwire::schedule::Policy;
use borderwire::shard::{FeedState, Polled, absorb};
use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use super::process::PROGRAM;

/// A Tuesday; each run of the demo has its own day, the golden file this one.
const BASE: &str = "2026-06-16T09:00:00Z";

const POLICY: Policy = Policy {
    interval: Duration::from_secs(60),
    interval_min: Duration::from_secs(1),
    interval_max: Duration::from_secs(120),
};

/// Plays the story minute by minute, every feed polled in each, and returns all that is told.
fn play() -> Vec<(i32, String, Message)> {
    let script = Script::embedded();
    let base: Timestamp = BASE.parse().unwrap();
    let parser = Parser::embedded();
    let mut states: Vec<FeedState> = vec![FeedState::default(); script.outlets.len()];
    let mut told = Vec::new();
    for minute in 0..=script.minutes {
        for (outlet, state) in script.outlets.iter().zip(&mut states) {
            let url = Url::parse(&format!("http://127.0.0.1:8080/{}", outlet.path)).unwrap();
            let feed = Feed {
                id: outlet.feed_id(),
                title: Some(outlet.title.clone()),
                ..Feed::at(url.clone())
            };
            let conditions = Conditions {
                if_none_match: state.etag.clone(),
                if_modified_since: state.last_modified.clone(),
            };
            let answer = conditions.answer(render(&script, outlet, minute, base));
            let seconds = 60 * i64::from(minute) + 30;
            let at = Timestamp::from_second(base.as_second() + seconds).unwrap();
            let polled = Polled::Answered(answer.into_capture(url, at));
            let absorbed = absorb(&feed, state, &parser, &POLICY, &polled, 0.0);
            *state = FeedState::from_json(&absorbed.state.to_json()).unwrap();
            let messages = absorbed.batch.messages.into_iter();
            told.extend(messages.map(|message| (minute, outlet.path.clone(), message)));
        }
    }
    told
}

fn text(value: &Value, pointer: &str) -> String {
    match value.pointer(pointer) {
        None | Some(Value::Null) => "-".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// Returns a message as a line that a person can review.
fn line(minute: i32, outlet: &str, message: &Message) -> String {
    let value: Value = serde_json::from_slice(message.value.as_deref().unwrap()).unwrap();
    let key = &message.key[..8];
    let outlet = outlet.split('.').next().unwrap();
    let mut line = format!("{minute:02} {outlet:<16} {key} ");
    let field = |pointer: &str| text(&value, pointer);
    match message.topic {
        Topic::Entries => {
            let (revision, title) = (field("/revision"), field("/title"));
            let _ = write!(line, "entry r{revision} {title}");
            for warning in value["warnings"].as_array().unwrap() {
                let code = warning.as_str().unwrap().split(':').next().unwrap();
                let _ = write!(line, " [{code}]");
            }
        }
        Topic::Events => {
            let countries: Vec<_> = value["event"]["countries"]
                .as_array()
                .unwrap()
                .iter()
                .map(Value::to_string)
                .collect();
            let _ = write!(
                line,
                "{} r{} {} {} {}>{} [{}] {}..{} {} {} {} by {}",
                field("/change"),
                field("/revision"),
                field("/event/kind"),
                field("/event/status"),
                field("/event/actor/id"),
                field("/event/recipient/id"),
                countries.join(" ").replace('"', ""),
                field("/event/date/start"),
                field("/event/date/end"),
                field("/event/quantity/value"),
                field("/event/quantity/unit"),
                field("/event/quantity/modifier"),
                field("/event/attribution/id"),
            );
        }
        Topic::FeedStatus => {
            let _ = write!(line, "feed {} {}", field("/condition"), field("/error/code"));
        }
        Topic::DeadLetters => {
            let _ = write!(line, "dead letter {}", field("/error/code"));
        }
        other => panic!("the daemon does not write to {other} by polling"),
    }
    line
}

#[test]
fn the_demos_stream_is_that_of_the_golden_file() {
    let mut stream = String::new();
    for (minute, outlet, message) in play() {
        if message.topic != Topic::EventsLatest {
            stream.push_str(&line(minute, &outlet, &message));
            stream.push('\n');
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/demo.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &stream).unwrap();
    }
    let golden = fs::read_to_string(&path).unwrap_or_default();
    for (number, (now, then)) in stream.lines().zip(golden.lines()).enumerate() {
        assert_eq!(now, then, "line {} of {}", number + 1, path.display());
    }
    let (now, then) = (stream.lines().count(), golden.lines().count());
    assert_eq!(now, then, "lines; UPDATE_GOLDEN=1 writes the file anew, for review");
}

#[test]
fn the_demo_has_a_correction_a_retraction_an_outage_and_silence_about_sport() {
    let told = play();
    let kinds = |wanted: &str| {
        told.iter()
            .filter(|(.., m)| m.topic == Topic::Events)
            .filter(|(.., m)| m.headers.iter().any(|(_, value)| value == wanted))
            .count()
    };
    assert!(kinds("borderwire.event.detected.v1") >= 80);
    assert!(kinds("borderwire.event.corrected.v1") >= 2);
    assert!(kinds("borderwire.event.retracted.v1") >= 1);
    let conditions: Vec<_> = told
        .iter()
        .filter(|(_, outlet, m)| m.topic == Topic::FeedStatus && outlet.contains("courier"))
        .map(|(.., m)| {
            let value: Value = serde_json::from_slice(m.value.as_deref().unwrap()).unwrap();
            value["condition"].as_str().unwrap().to_owned()
        })
        .collect();
    // First 503, then 500.
    assert_eq!(conditions, ["ok", "failing", "failing", "ok"]);
    assert!(
        !told.iter().any(|(_, outlet, m)| outlet.contains("touchline") && m.topic == Topic::Events)
    );
}

#[test]
fn the_demo_plays_to_its_end_and_tells_how_to_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(PROGRAM)
        .args(["demo", "--speed", "300", "--exit", "--listen", "127.0.0.1:0"])
        .env("TMPDIR", folder.path())
        .output()
        .unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{out}{errors}");
    assert!(out.contains("The first came"), "{out}");
    assert!(out.contains("kcat -b 127.0.0.1:"), "{out}");
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
    assert!(left.is_empty(), "the demo leaves nothing behind: {left:?}");
}
