//! The script: the items of the story, each with its versions, as `story.toml` has them.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde::Deserialize;

use super::expected::{Expectation, Told};
use super::outlet::Outlet;
use super::words;
use crate::parser::Document;

/// The whole story.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// The last minute.
    pub minutes: i32,
    /// Who tells it; names and paths are unique.
    #[serde(rename = "outlet")]
    pub outlets: Vec<Outlet>,
    /// What they tell; ids are unique.
    #[serde(rename = "item")]
    pub items: Vec<Item>,
}

/// One story of one outlet.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// The name of its outlet.
    pub outlet: String,
    /// Unique in the script.
    pub id: String,
    /// When it appears; what is not above zero is there from the start.
    pub minute: i32,
    /// What is wrong with it; only in a damaged feed.
    #[serde(default)]
    pub(super) damage: Option<Damage>,
    title: String,
    text: String,
    events: Vec<Told>,
    #[serde(default, rename = "change")]
    changes: Vec<Change>,
}

/// One thing that is wrong with an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Damage {
    /// Its date is none.
    BadDate,
    /// Its text ends in the middle, and so does its markup.
    Cut,
}

/// What becomes of an item later; the whole of title and text.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    minute: i32,
    title: String,
    text: String,
    events: Vec<Told>,
}

/// An item as it stands from one minute on: title and text with the days filled in.
#[derive(Clone, Debug)]
pub(super) struct Version {
    pub(super) minute: i32,
    pub(super) title: String,
    /// A paragraph a line.
    pub(super) text: String,
    events: Vec<Told>,
}

impl Item {
    /// Returns its versions in order, never none. Days are told from that of the item, so a change
    /// after midnight does not move them.
    pub(super) fn versions(&self, base: Timestamp) -> Vec<Version> {
        let today = day(at(base, self.minute));
        let version = |minute, title: &str, text: &str, events: &[Told]| Version {
            minute,
            title: words::fill(title, today),
            text: words::fill(text.trim(), today),
            events: events.to_vec(),
        };
        let first = version(self.minute, &self.title, &self.text, &self.events);
        let later = self.changes.iter().map(|c| version(c.minute, &c.title, &c.text, &c.events));
        std::iter::once(first).chain(later).collect()
    }
}

impl Script {
    /// Returns the story that is built in.
    pub fn embedded() -> Self {
        toml::from_str(include_str!("story.toml")).expect("the tests read story.toml")
    }

    /// Returns the outlet whose feed has that path.
    pub fn outlet_at(&self, path: &str) -> Option<&Outlet> {
        self.outlets.iter().find(|outlet| outlet.path == path)
    }

    /// Returns minute zero of a story that starts at `started` and runs `speed` times as fast as
    /// time, such that its last minute is dated when it is shown and no item is ever dated later
    /// than it is shown.
    pub fn base_time(&self, started: Timestamp, speed: f64) -> Timestamp {
        let story = f64::from(self.minutes) * 60.0;
        let ahead = SignedDuration::from_secs((story / speed - story) as i64);
        started.checked_add(ahead).unwrap_or(started)
    }

    /// Returns what is to be found in each version of each item, to measure an extractor with.
    pub fn expected(&self, base: Timestamp) -> Vec<Expectation> {
        let of = |item: &Item| {
            let (item, published) = (item.clone(), at(base, item.minute));
            item.versions(base).into_iter().map(move |version| Expectation {
                outlet: item.outlet.clone(),
                minute: version.minute,
                document: Document {
                    id: item.id.clone(),
                    title: Some(version.title),
                    text: version.text,
                    published: Some(day(published)),
                    language: Some("en".to_owned()),
                },
                events: version.events,
            })
        };
        self.items.iter().flat_map(of).collect()
    }
}

/// Returns the time of a minute of the story, in whole seconds.
pub(super) fn at(base: Timestamp, minute: i32) -> Timestamp {
    let seconds = base.as_second() + i64::from(minute) * 60;
    Timestamp::from_second(seconds).unwrap_or(base)
}

/// Returns the day of that time in UTC, the story's only zone.
fn day(time: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(time).date()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::parser::{Kind, Status};

    fn base() -> Timestamp {
        "2031-05-06T09:00:00Z".parse().unwrap()
    }

    #[test]
    fn outlets_and_items_are_unique_and_belong_together() {
        let script = Script::embedded();
        let names: BTreeSet<_> = script.outlets.iter().map(|o| &o.name).collect();
        let paths: BTreeSet<_> = script.outlets.iter().map(|o| &o.path).collect();
        let ids: BTreeSet<_> = script.items.iter().map(|i| &i.id).collect();
        assert_eq!(names.len(), script.outlets.len());
        assert_eq!(paths.len(), script.outlets.len());
        assert_eq!(ids.len(), script.items.len());
        for item in &script.items {
            assert!(names.contains(&item.outlet), "{} has no outlet", item.id);
            assert!(item.minute < script.minutes, "{} is never shown", item.id);
            let minutes: Vec<_> = item.versions(base()).iter().map(|v| v.minute).collect();
            assert!(minutes.is_sorted_by(|a, b| a < b), "{}: {minutes:?}", item.id);
        }
    }

    #[test]
    fn each_kind_and_each_status_is_told_at_least_once() {
        let expected = Script::embedded().expected(base());
        let told = || expected.iter().flat_map(|e| &e.events);
        for kind in Kind::ALL {
            assert!(told().any(|event| event.kind == *kind), "nobody tells of {kind}");
        }
        for status in Status::ALL {
            assert!(told().any(|event| event.status == *status), "nothing is {status}");
        }
    }

    #[test]
    fn every_event_has_a_sentence_that_can_tell_it() {
        for e in Script::embedded().expected(base()) {
            let sentences = e.document.text.lines().count();
            assert!(e.events.len() <= 3 * sentences, "{}: {:?}", e.document.id, e.events);
            for line in e.document.text.lines() {
                let cut = e.document.id == "r-04";
                assert!(cut || line.ends_with('.'), "{}: {line}", e.document.id);
            }
        }
    }

    #[test]
    fn no_place_for_a_day_is_left_unfilled() {
        for e in Script::embedded().expected(base()) {
            let title = e.document.title.unwrap();
            assert!(!title.contains(['{', '}']), "{title}");
            assert!(!e.document.text.contains(['{', '}']), "{}", e.document.text);
        }
    }

    #[test]
    fn one_story_is_corrected_from_twelve_to_fourteen_and_one_is_withdrawn() {
        let expected = Script::embedded().expected(base());
        let versions = |id: &str| -> Vec<Expectation> {
            expected.iter().filter(|e| e.document.id == id).cloned().collect()
        };
        let corrected = versions("w-05");
        assert!(corrected[0].document.text.contains("12 migrants"));
        assert!(corrected[1].document.text.contains("14 migrants"));
        let count = |e: &Expectation| e.events[0].quantity.map(|quantity| quantity.value);
        assert_eq!((count(&corrected[0]), count(&corrected[1])), (Some(12.0), Some(14.0)));
        let withdrawn = versions("w-07");
        assert!(!withdrawn[0].events.is_empty());
        assert!(withdrawn[1].events.is_empty());
        assert!(withdrawn[1].document.text.starts_with("This story has been withdrawn: "));
    }

    #[test]
    fn the_sport_page_tells_no_event() {
        let expected = Script::embedded().expected(base());
        let sport: Vec<_> = expected.iter().filter(|e| e.outlet == "sport").collect();
        assert!(sport.len() >= 6);
        assert!(sport.iter().all(|e| e.events.is_empty()));
    }

    #[test]
    fn nothing_is_dated_after_it_is_shown() {
        let script = Script::embedded();
        let started = base();
        let story = script.base_time(started, 30.0);
        for minute in 0..=script.minutes {
            let shown = started + SignedDuration::from_secs(i64::from(minute) * 2);
            assert!(at(story, minute) <= shown, "minute {minute}");
        }
        let end = started + SignedDuration::from_mins(1);
        assert_eq!(at(story, script.minutes), end);
    }
}
