//! Who says so: the speaker whom a sentence credits.

use super::analysis::{Analysis, Tag};
use super::group::Head;
use super::party::{Finder, Party};
use crate::parser::codebook::{Class, Codebook, Sort};

/// Returns the one whom the sentence credits: "according to X", "X said", "said X"; with the token of
/// the verb or preposition that tells it.
pub(super) fn attribution(finder: &Finder<'_, '_>) -> Option<(Party, usize)> {
    let sentence = finder.sentence;
    let groups = &sentence.groups;
    let anybody = Class::default();
    for (index, group) in groups.iter().enumerate() {
        let according = group.governor.is_some_and(|to| {
            to > 0 && sentence.word(to) == Some("to") && sentence.word(to - 1) == Some("according")
        });
        let told = group.governor.is_some_and(|by| {
            by > 1 && sentence.word(by) == Some("by") && sentence.word(by - 1) == Some("reported")
        });
        if according || told {
            return finder.party(index, anybody).map(|party| (party, group.start));
        }
    }
    let mut found = None;
    for at in 0..sentence.len() {
        if !is_saying(finder.codebook, sentence, at) {
            continue;
        }
        if let Some(party) = speaker(finder, at) {
            found = found.or(Some((party, at)));
        }
    }
    found
}

fn is_saying(codebook: &Codebook, sentence: &Analysis<'_>, at: usize) -> bool {
    sentence.tag_at(at) == Tag::Verb
        && sentence.word(at).is_some_and(|word| codebook.words.say.contains(word))
}

/// Returns who utters the verb at the token.
fn speaker(finder: &Finder<'_, '_>, at: usize) -> Option<Party> {
    /// Tokens between a speaker and the verb: a title, an apposition.
    const REACH: usize = 14;
    let sentence = finder.sentence;
    let anybody = Class::default();
    // "said Belkis Wille", after a comma or a quote.
    let next = sentence.groups.partition_point(|group| group.start < at + 1);
    let tells = matches!(sentence.word(at), Some("told" | "tells" | "tell"));
    let inverted = !tells && at > 0 && matches!(sentence.tag_at(at - 1), Tag::Comma | Tag::Quote);
    if inverted
        && let Some(group) = sentence.groups.get(next)
        && group.start == at + 1
        && group.is_somebody()
    {
        return finder.party(next, anybody);
    }
    sentence.groups[..next]
        .iter()
        .enumerate()
        .rev()
        .take_while(|(_, group)| group.start + REACH >= at)
        .filter(|(_, group)| group.end <= at && group.is_somebody() && group.governor.is_none())
        .filter(|(_, group)| group.head != Head::Known(Sort::Demonym))
        .find_map(|(index, _)| {
            let clear = (sentence.groups[index].end..at).all(|i| {
                sentence.tag_at(i) != Tag::Subordinator || sentence.word(i) == Some("who")
            });
            // "Advocates and media reported": the first of the two stands for both.
            let first =
                if sentence.groups[index].is_joined && index > 0 { index - 1 } else { index };
            let party = || finder.party(first, anybody).or_else(|| finder.party(index, anybody));
            if clear { party() } else { None }
        })
}
