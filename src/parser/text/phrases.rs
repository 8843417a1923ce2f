//! The words by which noise is known, read once out of `phrases.toml`.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use serde::Deserialize;

use super::Noise;

/// All phrases.
pub(super) static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("phrases.toml"))
        .expect("the list of phrases is valid, which its test shows");
    Phrases::new(file)
});

type ByNoise = BTreeMap<Noise, Vec<String>>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    agencies: HashSet<String>,
    months: HashSet<String>,
    weekdays: HashSet<String>,
    times: HashSet<String>,
    links: HashSet<String>,
    kickers: Vec<String>,
    titles: HashSet<String>,
    openers: HashSet<String>,
    captions: Vec<String>,
    credits: Vec<String>,
    line: ByNoise,
    start: ByNoise,
    inside: BTreeMap<Reach, ByNoise>,
}

/// How far noise inside of a line reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Reach {
    /// These words alone.
    Words,
    /// To the end of the sentence.
    Sentence,
    /// To the end of the line.
    Line,
}

/// The phrases of the file, made ready; each field is explained there.
#[derive(Debug)]
pub(super) struct Phrases {
    agencies: HashSet<String>,
    months: HashSet<String>,
    weekdays: HashSet<String>,
    times: HashSet<String>,
    links: HashSet<String>,
    titles: HashSet<String>,
    openers: HashSet<String>,
    /// Longest first.
    kickers: Vec<String>,
    captions: Vec<String>,
    credits: AhoCorasick,
    lines: HashMap<String, Noise>,
    /// By their first letter or mark.
    starts: HashMap<char, Vec<(String, Noise)>>,
    pub(super) inside: AhoCorasick,
    /// What each pattern of `inside` is.
    pub(super) inside_is: Vec<(Noise, Reach)>,
}

impl Phrases {
    fn new(mut file: File) -> Self {
        file.kickers.sort_by_key(|kicker| std::cmp::Reverse(kicker.len()));
        let mut starts: HashMap<char, Vec<(String, Noise)>> = HashMap::new();
        for (start, noise) in flat(file.start) {
            starts.entry(start.chars().next().unwrap_or(' ')).or_default().push((start, noise));
        }
        let mut inside = Vec::new();
        let mut inside_is = Vec::new();
        for (reach, phrases) in file.inside {
            for (phrase, noise) in flat(phrases) {
                inside.push(phrase);
                inside_is.push((noise, reach));
            }
        }
        let automaton = |patterns: &[String]| {
            AhoCorasick::builder()
                .ascii_case_insensitive(true)
                .match_kind(MatchKind::LeftmostLongest)
                .build(patterns)
                .expect("a few short phrases fit an automaton")
        };
        Self {
            agencies: file.agencies,
            months: file.months,
            weekdays: file.weekdays,
            times: file.times,
            links: file.links,
            titles: file.titles,
            openers: file.openers,
            kickers: file.kickers,
            captions: file.captions,
            credits: automaton(&file.credits),
            lines: flat(file.line).collect(),
            starts,
            inside: automaton(&inside),
            inside_is,
        }
    }

    /// Returns whether the words are the name of an agency, as it writes itself.
    pub(super) fn is_agency(&self, words: &str) -> bool {
        self.agencies.contains(words)
    }

    /// Returns whether the lower-case word is a month or its short form.
    pub(super) fn is_month(&self, word: &str) -> bool {
        self.months.contains(word)
    }

    /// Returns whether the lower-case word names a day of the week.
    pub(super) fn is_weekday(&self, word: &str) -> bool {
        self.weekdays.contains(word)
    }

    /// Returns whether the lower-case word stands in lines that tell a time.
    pub(super) fn is_time(&self, word: &str) -> bool {
        self.times.contains(word) || self.is_month(word) || self.is_weekday(word)
    }

    /// Returns whether the lower-case word stands inside of names.
    pub(super) fn is_link(&self, word: &str) -> bool {
        self.links.contains(word)
    }

    /// Returns whether the word begins a title.
    pub(super) fn is_title(&self, word: &str) -> bool {
        self.titles.contains(word)
    }

    /// Returns whether the word in capitals is one that texts begin with.
    pub(super) fn is_opener(&self, word: &str) -> bool {
        self.openers.contains(word)
    }

    /// Returns the kicker that the line begins with.
    pub(super) fn kicker<'t>(&self, line: &'t str) -> Option<&'t str> {
        let known = self.kickers.iter().find(|kicker| line.starts_with(kicker.as_str()))?;
        Some(&line[..known.len()])
    }

    /// Returns whether the head of a line, in lower case, is that of a caption.
    pub(super) fn begins_caption(&self, head: &str) -> bool {
        self.captions.iter().any(|caption| begins(head, caption))
    }

    /// Returns whether the words name a photographer or an agency of pictures.
    pub(super) fn has_credit(&self, words: &str) -> bool {
        self.credits.find_iter(words).any(|hit| is_apart(words, hit.range()))
    }

    /// Returns what the whole line, in lower case and without marks at its end, is.
    pub(super) fn line(&self, line: &str) -> Option<Noise> {
        self.lines.get(line).copied()
    }

    /// Returns what a line is by its head, in lower case.
    pub(super) fn start(&self, head: &str) -> Option<Noise> {
        let starts = self.starts.get(&head.chars().next()?)?;
        starts.iter().find(|(start, _)| begins(head, start)).map(|(_, noise)| *noise)
    }
}

fn flat(phrases: ByNoise) -> impl Iterator<Item = (String, Noise)> {
    phrases
        .into_iter()
        .flat_map(|(noise, phrases)| phrases.into_iter().map(move |phrase| (phrase, noise)))
}

fn begins(head: &str, phrase: &str) -> bool {
    head.starts_with(phrase) && is_apart(head, 0..phrase.len())
}

/// Returns whether no word goes on over the ends of the range.
pub(super) fn is_apart(text: &str, range: std::ops::Range<usize>) -> bool {
    let goes_on = |outer: Option<char>, inner: Option<char>| {
        outer.is_some_and(char::is_alphanumeric) && inner.is_some_and(char::is_alphanumeric)
    };
    let inner = &text[range.clone()];
    !goes_on(text[..range.start].chars().next_back(), inner.chars().next())
        && !goes_on(text[range.end..].chars().next(), inner.chars().next_back())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_as_the_look_up_wants_them() {
        let file: File = toml::from_str(include_str!("phrases.toml")).unwrap();
        let lower = flat(file.line).chain(flat(file.start)).map(|(phrase, _)| phrase);
        let lower = lower.chain(file.captions).chain(file.credits).chain(file.months);
        for phrase in lower.chain(file.inside.into_values().flat_map(flat).map(|(p, _)| p)) {
            assert_eq!(phrase, phrase.to_lowercase());
            assert_eq!(phrase, phrase.trim());
            assert!(!phrase.contains('’'), "{phrase}");
        }
    }

    #[test]
    fn a_phrase_is_not_found_inside_of_a_word() {
        assert_eq!(PHRASES.start("share this story"), Some(Noise::Sharing));
        assert_eq!(PHRASES.start("subscribers left"), None);
        assert!(PHRASES.has_credit("Jane Doe/AFP") && !PHRASES.has_credit("Doe/apple"));
    }
}
