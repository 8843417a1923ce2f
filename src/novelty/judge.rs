//! Entries against the memory of their feed: new, changed or known.

use std::collections::HashMap;

use super::identity::{EntryId, Rule};
use super::memory::{ContentHash, Memory};
use crate::feed::FeedId;
use crate::parser::{Document, Entry};

/// Revisions of one entry that are published at most; feeds that put the time of day or a counter
/// into their texts change them at every poll.
const REVISIONS_MAX: u32 = 50;

/// A document's repeated ids are a broken rule, and not a slip, from this many on …
const REPEATS_MIN: usize = 2;

/// … and from one in so many entries on.
const REPEATS_ONE_IN: usize = 20;

/// What an entry is against what was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Novelty {
    /// Never seen.
    New,
    /// Seen with another title or text.
    Changed,
    /// Seen like this; or changed once too often; or twice in this document.
    Known,
}

impl Novelty {
    /// Returns the name that messages and metrics use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Known => "known",
        }
    }
}

/// One entry with its verdict.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged<'a> {
    /// Its id under the feed's rule.
    pub id: EntryId,
    /// As read.
    pub entry: &'a Entry,
    /// Its text.
    pub document: Document,
    /// Fingerprint of that text.
    pub hash: ContentHash,
    /// The verdict.
    pub novelty: Novelty,
    /// Of this state of the entry, counted from 1.
    pub revision: u32,
}

/// A document's entries with their verdicts.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement<'a> {
    /// In the order of the document; an id occurs once.
    pub entries: Vec<Judged<'a>>,
    /// The rule to go on with.
    pub rule: Rule,
    /// No entry of the document was seen before, though others were: some may have come and gone
    /// between the two polls.
    pub gap: bool,
}

/// Returns what each entry of a document is against the memory of its feed.
///
/// When ids repeat in the document under different texts, the rule is demoted until they do not;
/// the entries are then known under new ids, once.
pub fn judge<'a>(feed: FeedId, memory: &Memory, entries: &'a [Entry]) -> Judgement<'a> {
    let documents: Vec<_> = entries
        .iter()
        .map(|entry| {
            let document = Document::from_entry(entry);
            let hash = ContentHash::of(&document);
            (entry, document, hash)
        })
        .collect();
    let mut rule = memory.rule;
    while repeats(feed, rule, &documents) >= REPEATS_MIN.max(entries.len() / REPEATS_ONE_IN + 1) {
        let Some(next) = rule.demoted() else { break };
        rule = next;
    }
    let mut judged: Vec<Judged<'a>> = Vec::with_capacity(documents.len());
    let mut met = HashMap::with_capacity(documents.len());
    for (entry, mut document, hash) in documents {
        let id = rule.identify(feed, entry);
        if met.insert(id, ()).is_some() {
            continue;
        }
        document.id = id.to_string();
        let (novelty, revision) = match memory.entries.get(&id) {
            None => (Novelty::New, 1),
            Some(seen) if seen.hash == hash => (Novelty::Known, seen.revision),
            Some(seen) if seen.revision >= REVISIONS_MAX => (Novelty::Known, seen.revision),
            Some(seen) => (Novelty::Changed, seen.revision + 1),
        };
        judged.push(Judged { id, entry, document, hash, novelty, revision });
    }
    // Under another rule most ids are new by themselves, and an id that is not is the same entry.
    let gap = rule == memory.rule
        && !memory.entries.is_empty()
        && !judged.is_empty()
        && judged.iter().all(|judged| judged.novelty == Novelty::New);
    Judgement { entries: judged, rule, gap }
}

/// Counts the entries whose id another entry with another text has taken.
fn repeats(feed: FeedId, rule: Rule, documents: &[(&Entry, Document, ContentHash)]) -> usize {
    let mut first = HashMap::with_capacity(documents.len());
    documents
        .iter()
        .filter(|(entry, _, hash)| {
            let taken = first.entry(rule.identify(feed, entry)).or_insert(*hash);
            *taken != *hash
        })
        .count()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::Timestamp;
    use url::Url;

    use super::*;

    fn feed() -> FeedId {
        FeedId::of(&Url::parse("https://news.example/feed.xml").unwrap())
    }

    fn entry(id: &str, text: &str) -> Entry {
        Entry {
            id: Some(id.to_owned()),
            link: Some(format!("https://news.example/{}", text.len())),
            title: Some(text.to_owned()),
            summary: Some(text.to_owned()),
            ..Entry::default()
        }
    }

    /// Judges the documents one after the other and returns the verdicts of the last.
    fn check(documents: &[&[(&str, &str)]], want: &[(Novelty, u32)]) -> Rule {
        let mut memory = Memory::default();
        let mut verdicts = Vec::new();
        for (i, document) in documents.iter().enumerate() {
            let entries: Vec<_> = document.iter().map(|(id, text)| entry(id, text)).collect();
            let judgement = judge(feed(), &memory, &entries);
            verdicts = judgement.entries.iter().map(|j| (j.novelty, j.revision)).collect();
            let now = Timestamp::from_second(1_600_000_000 + 60 * i as i64).unwrap();
            memory = memory.learn(&judgement, BTreeMap::new(), now);
        }
        assert_eq!(verdicts, want);
        memory.rule
    }

    #[test]
    fn unchanged_entry_is_known_and_edited_one_is_a_revision() {
        use Novelty::*;
        check(&[&[("a", "One"), ("b", "Two")]], &[(New, 1), (New, 1)]);
        check(&[&[("a", "One")], &[("b", "Two"), ("a", "One")]], &[(New, 1), (Known, 1)]);
        check(&[&[("a", "One")], &[("a", "One more")]], &[(Changed, 2)]);
        check(&[&[("a", "One")], &[("a", " One ")]], &[(Known, 1)]);
        check(&[&[("a", "One")], &[("b", "Two")], &[("a", "One")]], &[(Known, 1)]);
    }

    #[test]
    fn rule_is_demoted_when_a_document_repeats_ids_but_not_for_one_slip() {
        use Novelty::*;
        assert_eq!(
            check(&[&[("x", "One"), ("x", "Three"), ("x", "Fiver")]], &[(New, 1), (New, 1)]),
            Rule::Link
        );
        assert_eq!(
            check(&[&[("x", "One"), ("x", "Three"), ("y", "Fiver")]], &[(New, 1), (New, 1)]),
            Rule::Guid
        );
        assert_eq!(check(&[&[("x", "One"), ("x", "One"), ("x", "One")]], &[(New, 1)]), Rule::Guid);
    }

    #[test]
    fn entry_that_changes_at_every_poll_is_capped() {
        let texts: Vec<_> = (0..60).map(|i| format!("Polled {i} times")).collect();
        let documents: Vec<Vec<(&str, &str)>> =
            texts.iter().map(|text| vec![("a", text.as_str())]).collect();
        let documents: Vec<&[(&str, &str)]> = documents.iter().map(Vec::as_slice).collect();
        check(&documents, &[(Novelty::Known, REVISIONS_MAX)]);
    }
}
