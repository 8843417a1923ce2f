//! The scene: what one outlet shows at one minute of the story.

use jiff::Timestamp;

use super::outlet::Outlet;
use super::script::{Damage, Item, Script, at};

/// One feed as it stands at one minute, before it is written in a format.
#[derive(Debug)]
pub struct Scene<'a> {
    pub outlet: &'a Outlet,
    /// The time of the minute.
    pub now: Timestamp,
    /// When something in it changed last.
    pub changed: Timestamp,
    /// The newest of the outlet's window, newest first.
    pub items: Vec<Shown<'a>>,
}

/// One item as it stands at one minute.
#[derive(Debug)]
pub struct Shown<'a> {
    item: &'a Item,
    /// Address of its page.
    pub page: String,
    pub title: String,
    /// Never empty.
    pub paragraphs: Vec<String>,
    pub published: Timestamp,
    /// Equal to `published` until it changes.
    pub updated: Timestamp,
}

impl Shown<'_> {
    pub fn id(&self) -> &str {
        &self.item.id
    }

    pub fn damage(&self) -> Option<Damage> {
        self.item.damage
    }
}

impl<'a> Scene<'a> {
    /// Returns what the outlet shows at that minute of a story that begins at `base`.
    pub fn of(script: &'a Script, outlet: &'a Outlet, minute: i32, base: Timestamp) -> Self {
        let told = |item: &&Item| item.outlet == outlet.name && item.minute <= minute;
        let mut items: Vec<&Item> = script.items.iter().filter(told).collect();
        items.sort_by_key(|item| -item.minute);
        items.truncate(outlet.window);
        let items: Vec<Shown<'a>> =
            items.into_iter().map(|item| shown(outlet, item, minute, base)).collect();
        let changed = items.iter().map(|shown| shown.updated).max();
        Self { outlet, now: at(base, minute), changed: changed.unwrap_or(at(base, 0)), items }
    }
}

fn shown<'a>(outlet: &Outlet, item: &'a Item, minute: i32, base: Timestamp) -> Shown<'a> {
    let mut versions = item.versions(base);
    versions.retain(|version| version.minute <= minute);
    let version = versions.pop().expect("an item that is told has its first version");
    Shown {
        item,
        page: outlet.page(&item.id),
        title: version.title,
        paragraphs: version.text.lines().map(str::to_owned).collect(),
        published: at(base, item.minute),
        updated: at(base, version.minute),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: Timestamp = Timestamp::UNIX_EPOCH;

    #[test]
    fn an_item_leaves_the_window_and_does_not_come_back() {
        let script = Script::embedded();
        let mut left = 0;
        for outlet in &script.outlets {
            for item in script.items.iter().filter(|item| item.outlet == outlet.name) {
                let shown_at = |minute: &i32| {
                    let scene = Scene::of(&script, outlet, *minute, BASE);
                    scene.items.iter().any(|shown| shown.id() == item.id)
                };
                let minutes: Vec<i32> = (0..=script.minutes).filter(shown_at).collect();
                assert_eq!(minutes[0], item.minute.max(0), "{}", item.id);
                assert!(minutes.is_sorted_by(|a, b| *b == a + 1), "{}: {minutes:?}", item.id);
                left += usize::from(minutes.last() < Some(&script.minutes));
            }
        }
        assert!(left > 10, "only {left} items leave a window");
    }

    #[test]
    fn every_change_is_shown_for_two_minutes_or_longer_and_so_is_what_it_changes() {
        let script = Script::embedded();
        let mut changes = 0;
        for outlet in &script.outlets {
            for item in script.items.iter().filter(|item| item.outlet == outlet.name) {
                for version in item.versions(BASE) {
                    let stands = |minute: &i32| {
                        let scene = Scene::of(&script, outlet, *minute, BASE);
                        scene
                            .items
                            .iter()
                            .any(|s| s.id() == item.id && s.updated == at(BASE, version.minute))
                    };
                    let minutes = (0..=script.minutes).filter(stands).count();
                    assert!(minutes >= 2, "{} of minute {}", item.id, version.minute);
                    changes += 1;
                }
            }
        }
        assert!(changes >= script.items.len() + 4);
    }
}
