//! The feeds that are configured: from files, or the list that is built in.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::error::{ConfigError, Problem};
use super::{Config, feed_file};
use crate::feed::{Feed, FeedId, opml};

/// Largest file of feeds, in bytes: a hundred thousand feeds.
const FILE_BYTES_MAX: u64 = 32 << 20;

/// The list that is built in.
const BUILT_IN: &str = include_str!("../../deploy/feeds.opml");

/// Feeds, where each was found, and what was not as it should be.
#[derive(Clone, Debug, Default)]
pub struct FeedList {
    /// The feeds, each once, in the order they were found.
    pub feeds: Vec<Feed>,
    /// Where each was found: `FILE:LINE`, or `built in`.
    pub sources: BTreeMap<FeedId, String>,
    /// What a person should know: duplicates, outlines that could not be taken.
    pub warnings: Vec<String>,
}

/// Returns the feeds of the configuration.
///
/// # Errors
/// A file can not be read, is neither OPML nor TOML, is wrong, or holds no feed.
pub fn feeds(config: &Config) -> Result<FeedList, ConfigError> {
    if config.daemon.feeds.is_empty() {
        return Ok(built_in_feeds());
    }
    let mut list = FeedList::default();
    for path in &config.daemon.feeds {
        let found = feeds_of_file(path)?;
        for feed in &found.feeds {
            let place = found.sources.get(&feed.id).cloned().unwrap_or_default();
            list.push(feed.clone(), place);
        }
        list.warnings.extend(found.warnings);
    }
    let (shortest, longest) = (config.poll.interval_min, config.poll.interval_max);
    for feed in &list.feeds {
        if feed.interval.is_some_and(|interval| interval < shortest || interval > longest) {
            let place = list.sources.get(&feed.id).map_or("", String::as_str);
            list.warnings.push(format!(
                "interval of {} at {place} is outside `interval-min` and `interval-max` of [poll], \
                 which go first",
                feed.url
            ));
        }
    }
    Ok(list)
}

/// Returns the feeds of one file: OPML if it looks like XML, else TOML.
///
/// # Errors
/// As [`feeds`].
pub fn feeds_of_file(path: &Path) -> Result<FeedList, ConfigError> {
    let bytes = read(path)?;
    let wrong = |why: String| ConfigError::Wrong(vec![Problem::new(why)]);
    let looks_like_xml = {
        let head = String::from_utf8_lossy(&bytes[..bytes.len().min(64)]);
        head.trim_start_matches(['\u{feff}', '\u{fffd}', '\0', ' ', '\t', '\r', '\n'])
            .starts_with('<')
    };
    let mut list = FeedList::default();
    if looks_like_xml {
        let found = opml::read(&bytes).map_err(|error| {
            wrong(format!("`{}` is {error}; export the list again as OPML", path.display()))
        })?;
        for (line, why) in found.doubts {
            list.warnings.push(format!("{}:{line}: {why}", path.display()));
        }
        for (line, feed) in found.feeds {
            list.push(feed, format!("{}:{line}", path.display()));
        }
    } else {
        let text = String::from_utf8(bytes).map_err(|_| {
            wrong(format!("`{}` is neither OPML nor TOML: it is not UTF-8", path.display()))
        })?;
        let found = feed_file::parse(path, &text).map_err(ConfigError::Wrong)?;
        for (line, feed) in found {
            list.push(feed, format!("{}:{line}", path.display()));
        }
    }
    if list.feeds.is_empty() {
        let told = list.warnings.iter().map(|why| format!("\n  - {why}")).collect::<String>();
        let path = path.display();
        return Err(wrong(format!(
            "`{path}` holds no feed that can be asked; add one, or take the file out of `feeds` in [daemon]{told}"
        )));
    }
    Ok(list)
}

/// Returns the list that is built in.
pub fn built_in_feeds() -> FeedList {
    let mut list = FeedList::default();
    // A test reads it, so there is nothing to tell of it here.
    for (_, feed) in opml::read(BUILT_IN.as_bytes()).unwrap_or_default().feeds {
        list.push(feed, "built in".to_owned());
    }
    list
}

/// Adds a feed to the `feeds.toml` of the configuration, and returns which file that is.
///
/// A file that is configured and does not exist is made.
///
/// # Errors
/// No TOML file is configured, it is wrong, it has the feed already, or it can not be written.
pub fn add_feed(config: &Config, feed: &Feed) -> Result<PathBuf, ConfigError> {
    let path = editable(config)?;
    let text = if path.exists() { text_of(&path)? } else { String::new() };
    let known = feed_file::parse(&path, &text).map_err(ConfigError::Wrong)?;
    if let Some((line, _)) = known.iter().find(|(_, known)| known.id == feed.id) {
        let path = path.display();
        let why = format!("{} is already watched: {path}:{line}", feed.url);
        return Err(ConfigError::Wrong(vec![Problem::new(why)]));
    }
    replace(&path, &feed_file::with(&text, feed))?;
    Ok(path)
}

/// Takes a feed out of the `feeds.toml` of the configuration, and returns which file that is.
///
/// # Errors
/// No TOML file is configured, it has no such feed, or it can not be written.
pub fn remove_feed(config: &Config, id: FeedId) -> Result<PathBuf, ConfigError> {
    let path = editable(config)?;
    let text = text_of(&path)?;
    let wrong = |problem| ConfigError::Wrong(vec![problem]);
    match feed_file::without(&path, &text, id).map_err(wrong)? {
        Some(text) => replace(&path, &text).map(|()| path),
        None => Err(wrong(Problem::new(format!("`{}` has no such feed", path.display())))),
    }
}

impl FeedList {
    fn push(&mut self, feed: Feed, place: String) {
        match self.sources.get(&feed.id) {
            Some(first) => {
                self.warnings.push(format!("{} at {place} is already at {first}", feed.url));
            }
            None => {
                self.sources.insert(feed.id, place);
                self.feeds.push(feed);
            }
        }
    }
}

fn editable(config: &Config) -> Result<PathBuf, ConfigError> {
    let is_toml = |path: &&PathBuf| path.extension().is_some_and(|extension| extension == "toml");
    config.daemon.feeds.iter().find(is_toml).cloned().ok_or_else(|| {
        ConfigError::Wrong(vec![Problem::new(
            "there is no file to edit: set `feeds = [\"feeds.toml\"]` in [daemon] first",
        )])
    })
}

fn unreadable(path: &Path, source: std::io::Error) -> ConfigError {
    ConfigError::Unreadable { what: "file of feeds", path: path.to_owned(), source }
}

fn read(path: &Path) -> Result<Vec<u8>, ConfigError> {
    let length = fs::metadata(path).map_err(|error| unreadable(path, error))?.len();
    if length > FILE_BYTES_MAX {
        let why = format!(
            "`{}` has {length} bytes, and a file of feeds at most {FILE_BYTES_MAX}",
            path.display()
        );
        return Err(ConfigError::Wrong(vec![Problem::new(why)]));
    }
    fs::read(path).map_err(|error| unreadable(path, error))
}

fn text_of(path: &Path) -> Result<String, ConfigError> {
    fs::read_to_string(path).map_err(|error| unreadable(path, error))
}

/// Writes beside the file and renames, so that a reader sees the old text or the new.
fn replace(path: &Path, text: &str) -> Result<(), ConfigError> {
    let beside = path.with_extension("toml.new");
    let write = || {
        let mut file = fs::File::create(&beside)?;
        if let Ok(old) = fs::metadata(path) {
            file.set_permissions(old.permissions())?;
        }
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, path)
    };
    write().map_err(|source| ConfigError::Unwritable {
        what: "file of feeds",
        path: path.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_list_is_read_without_a_doubt() {
        let found = opml::read(BUILT_IN.as_bytes()).unwrap();
        assert_eq!(found.doubts, []);
        let list = built_in_feeds();
        assert_eq!(list.feeds.len(), found.feeds.len());
        assert_eq!(list.warnings, Vec::<String>::new());
    }
}
