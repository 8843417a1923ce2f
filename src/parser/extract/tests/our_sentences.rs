//! How many of the events that our own sentences tell are found.

use serde::Deserialize;

use crate::parser::Parser;
use crate::parser::codebook::Expected;
use crate::parser::extract::examples::{HEADLINE, meets};

/// Share of the events below which something has broken. What is found beyond it stands in the test's
/// output, and in docs/figures.md.
const FOUND_MIN: f64 = 0.78;

/// Share of the sentences that tell nothing of which something may be said all the same.
const FALSE_MAX: f64 = 0.15;

#[derive(Deserialize)]
struct File {
    sentence: Vec<Sentence>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sentence {
    title: Option<String>,
    text: String,
    gives: Vec<Expected>,
}

fn read(file: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/coding/");
    std::fs::read_to_string(folder.to_owned() + file).unwrap()
}

#[test]
fn events_of_our_own_sentences_are_found() {
    let parser = Parser::embedded();
    let (mut found, mut told, mut false_alarms, mut silent) = (0, 0, 0, 0);
    for file in ["movement", "control", "security", "harm", "diplomacy"] {
        let file: File = toml::from_str(&read(&format!("{file}.toml"))).unwrap();
        for sentence in file.sentence {
            let headline = match &sentence.title {
                Some(title) => Some(title.as_str()),
                None => (!sentence.gives.is_empty()).then_some(HEADLINE),
            };
            let events = parser.example(headline, &sentence.text);
            if sentence.gives.is_empty() {
                silent += 1;
                false_alarms += usize::from(!events.is_empty());
            }
            told += sentence.gives.len();
            let is_found = |want: &&Expected| events.iter().any(|event| meets(event, want));
            found += sentence.gives.iter().filter(is_found).count();
        }
    }
    println!(
        "our own sentences: {found} of {told} events found with their slots; events in \
         {false_alarms} of {silent} sentences that tell none"
    );
    assert!(f64::from(found as u32) >= FOUND_MIN * f64::from(told as u32));
    assert!(f64::from(false_alarms as u32) <= FALSE_MAX * f64::from(silent as u32));
}

/// Share of the sentences of `kinds.tsv` below which something has broken.
const OF_KIND_MIN: f64 = 0.7;

#[test]
fn kinds_are_found_in_the_many_ways_in_which_they_are_told() {
    let parser = Parser::embedded();
    let (mut found, mut told) = (0, 0);
    for line in read("kinds.tsv").lines().filter(|line| !line.starts_with('#')) {
        let [kind, _, _, _, sentence] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("not five fields: {line}");
        };
        let events = parser.example(Some(HEADLINE), sentence);
        told += 1;
        found += u32::from(events.iter().any(|event| event.kind.as_str() == kind));
    }
    println!("sentences that tell a kind in many ways: {found} of {told} give it");
    assert!(f64::from(found) >= OF_KIND_MIN * f64::from(told));
}
