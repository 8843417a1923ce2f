//! Noun groups: stretches of words around somebody or something, and who that is.

use super::analysis::{Analysis, Tag};
use crate::parser::codebook::{Class, Codebook, Id, Sort};

/// What a noun group is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Head {
    /// Somebody that the lexicon knows.
    Known(Sort),
    /// He, they, it …
    Pronoun,
    /// Capitalised words that nobody knows.
    Name,
    /// Something.
    Thing,
}

/// A noun group.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// Tokens, the end not included.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) head: Head,
    /// First token of the head's phrase.
    pub(super) head_at: usize,
    /// Who it is, where the words tell it.
    pub(super) id: Option<Id>,
    /// Classes of the head.
    pub(super) class: Class,
    /// Classes of all its words.
    pub(super) words: Class,
    /// To whom the head belongs ("Turkey's border", "Latvian army"), with the tokens.
    pub(super) owner: Option<(Id, usize, usize)>,
    /// The preposition before it.
    pub(super) governor: Option<usize>,
    /// Follows another group with "and", or with a comma in a list.
    pub(super) is_joined: bool,
}

impl Group {
    /// Returns whether it is somebody who can act.
    pub(super) fn is_somebody(&self) -> bool {
        !matches!(self.head, Head::Thing)
            && !matches!(self.head, Head::Known(Sort::Place | Sort::Thing))
    }
}

/// Returns the groups of the sentence in order.
pub(super) fn groups(codebook: &Codebook, sentence: &Analysis<'_>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut at = 0;
    while at < sentence.len() {
        let tag = sentence.tag_at(at);
        if tag == Tag::Pronoun {
            groups.push(pronoun(sentence, at));
            at += 1;
            continue;
        }
        if !matches!(tag, Tag::Word | Tag::Number | Tag::Determiner) {
            at += 1;
            continue;
        }
        let end = end_of(sentence, at);
        groups.push(group(codebook, sentence, at, end));
        at = end;
    }
    let mut groups = merge_partitives(codebook, sentence, groups);
    own_by_of(codebook, sentence, &mut groups);
    join(sentence, &mut groups);
    groups
}

fn end_of(sentence: &Analysis<'_>, start: usize) -> usize {
    let mut end = start + 1;
    while end < sentence.len() {
        let fits = match sentence.tag_at(end) {
            Tag::Word | Tag::Number | Tag::Possessive => true,
            // A determiner starts a group of its own, but for "all the migrants".
            Tag::Determiner => end == start + 1 && sentence.tag_at(start) == Tag::Determiner,
            Tag::Adverb => sentence.tag_at(end - 1) == Tag::Determiner,
            _ => false,
        };
        if !fits {
            break;
        }
        end += 1;
    }
    end
}

fn governor(sentence: &Analysis<'_>, start: usize) -> Option<usize> {
    let mut before = start.checked_sub(1)?;
    while before > 0 && sentence.tag_at(before) == Tag::Adverb {
        before -= 1;
    }
    (sentence.tag_at(before) == Tag::Preposition).then_some(before)
}

fn pronoun(sentence: &Analysis<'_>, at: usize) -> Group {
    Group {
        start: at,
        end: at + 1,
        head: Head::Pronoun,
        head_at: at,
        id: None,
        class: Class::default(),
        words: Class::default(),
        owner: None,
        governor: governor(sentence, at),
        is_joined: false,
    }
}

fn group(codebook: &Codebook, sentence: &Analysis<'_>, start: usize, end: usize) -> Group {
    let mut group = Group {
        start,
        end,
        head: Head::Thing,
        head_at: end - 1,
        id: None,
        class: Class::default(),
        words: sentence.classes_in(start, end),
        owner: None,
        governor: governor(sentence, start),
        is_joined: false,
    };
    let hits = || sentence.hits.iter().filter(|hit| start <= hit.start && hit.end <= end);
    // A head may be followed by a name ("President X Y"), not by another noun.
    let somebody = |sort: Sort| !matches!(sort, Sort::Thing | Sort::Place);
    let names_only = |from: usize| {
        (from..end).all(|i| sentence.tokens[i].is_capital() || sentence.tag_at(i) == Tag::Number)
    };
    let last = hits().next_back();
    let is_participle = |at: usize| {
        sentence
            .word(at)
            .is_some_and(|word| ["ed", "en", "ing"].iter().any(|ending| word.ends_with(ending)))
    };
    let head = hits().rfind(|hit| somebody(hit.entry.sort)).filter(|hit| {
        let tail = hit.end;
        tail == end
            || names_only(tail) && hit.entry.sort != Sort::Demonym && last.is_none_or(|l| l.end <= tail || l.entry.sort == Sort::Place)
// "27 migrants hidden", "refugees waiting": participles that no list knows.
            || tail + 1 == end && is_participle(tail)
            || (tail..end).all(|i| matches!(sentence.word(i), Some("'s" | "'" | "’")))
    });
    let owner = |before: usize, skip: usize| {
        hits()
            .rfind(|hit| {
                hit.end <= before
                    && hit.start != skip
                    && matches!(
                        hit.entry.sort,
                        Sort::State | Sort::Demonym | Sort::Named | Sort::Nationals
                    )
            })
            .and_then(|hit| hit.entry.id.map(|id| (id, hit.start, hit.end)))
    };
    match head {
        Some(hit) => {
            group.head = Head::Known(hit.entry.sort);
            group.head_at = hit.start;
            group.class = hit.entry.class;
            group.id = hit.entry.id;
            group.owner = owner(hit.start, hit.start);
            if hit.entry.sort == Sort::Office {
                group.id = group.owner.map(|(id, ..)| id);
            }
            // "EU ambassadors", "NATO troops": whose it is comes first; "Red Cross volunteers" too.
            let named_owner = group.owner.is_some_and(|(_, at, _)| {
                sentence.hit_at(at).is_some_and(|hit| hit.entry.sort == Sort::Named)
            });
            if hit.entry.sort == Sort::Noun
                && named_owner
                && !hit.entry.class.meets(codebook.lexicon.classes(["migrant", "people"]))
            {
                group.id = group.owner.map(|(id, ..)| id);
            }
        }
        None => {
            let unknown = (start..end).filter(|i| {
                sentence.tokens[*i].is_capital()
                    && sentence.tag_at(*i) == Tag::Word
                    && sentence.hit_at(*i).is_none()
            });
            let tail_is_name =
                sentence.tokens[end - 1].is_capital() && sentence.hit_at(end - 1).is_none();
            if let Some(hit) = last.filter(|hit| hit.end == end && !somebody(hit.entry.sort)) {
                group.head = Head::Known(hit.entry.sort);
                group.head_at = hit.start;
                group.class = hit.entry.class;
                if hit.entry.sort == Sort::Thing {
                    group.head = Head::Thing;
                }
            } else if tail_is_name
                && !is_day(codebook, sentence, end - 1)
                && unknown.count() >= if start == 0 { 2 } else { 1 }
            {
                group.head = Head::Name;
                group.class = codebook.lexicon.class("person");
            }
            group.owner = owner(end, usize::MAX);
        }
    }
    group
}

fn is_day(codebook: &Codebook, sentence: &Analysis<'_>, at: usize) -> bool {
    let words = &codebook.words;
    sentence
        .word(at)
        .is_some_and(|word| words.weekdays.contains_key(word) || words.months.contains_key(word))
}

/// Joins "hundreds" and "of migrants", "a group" and "of soldiers" to one group.
fn merge_partitives(
    codebook: &Codebook,
    sentence: &Analysis<'_>,
    groups: Vec<Group>,
) -> Vec<Group> {
    let mut merged: Vec<Group> = Vec::with_capacity(groups.len());
    for group in groups {
        // "a group of about 30": the bound stands between.
        let of = (0..group.start).rev().find(|i| sentence.tag_at(*i) != Tag::Adverb);
        let of = of.filter(|i| sentence.word(*i) == Some("of"));
        if let (Some(of), Some(first)) = (of, merged.last())
            && first.end == of
            && first.head == Head::Thing
            && sentence.word(of - 1).is_some_and(|word| {
                codebook.words.partitives.contains(word) || sentence.tag_at(of - 1) == Tag::Number
            })
        {
            let (start, governor) = (first.start, first.governor);
            let words = first.words.and(group.words);
            merged.pop();
            merged.push(Group { start, governor, words, ..group });
            continue;
        }
        merged.push(group);
    }
    merged
}

/// "the army of Latvia", "a spokesman for the EU", "the head of the alliance".
fn own_by_of(codebook: &Codebook, sentence: &Analysis<'_>, groups: &mut [Group]) {
    let court_or_office = codebook.lexicon.classes(["official", "force", "court"]);
    for i in 0..groups.len().saturating_sub(1) {
        let (this, next) = (&groups[i], &groups[i + 1]);
        let between = sentence.word(this.end).unwrap_or("");
        let close = next.start == this.end + 1 && matches!(between, "of" | "for" | "at" | "in");
        let office = this.class.meets(court_or_office) && this.id.is_none();
        let named = this.head == Head::Thing
            && matches!(
                sentence.word(this.end.saturating_sub(1)),
                Some("head" | "chief" | "director")
            );
        if !close || !(office || named) {
            continue;
        }
        let owner = match next.head {
            Head::Known(Sort::State | Sort::Named) => next.id,
            Head::Known(Sort::Office) => next.id,
            _ => next.owner.map(|(id, ..)| id),
        };
        if let Some(id) = owner {
            let span = (next.start, next.end);
            let this = &mut groups[i];
            this.id = Some(id);
            this.owner = Some((id, span.0, span.1));
            if named {
                this.head = Head::Known(Sort::Office);
                this.class = codebook.lexicon.class("official");
            }
        }
    }
}

/// Marks the later members of lists; they share the preposition of the first.
fn join(sentence: &Analysis<'_>, groups: &mut [Group]) {
    for i in 1..groups.len() {
        let between = groups[i - 1].end..groups[i].start;
        let words = || between.clone().filter_map(|at| sentence.word(at));
        let joined = between.len() <= 2
            && !between.is_empty()
            && words().all(|word| matches!(word, "," | "and" | "or"))
            && words().any(|word| word != ",");
        if joined {
            groups[i].is_joined = true;
            groups[i].governor = groups[i - 1].governor;
        }
    }
}
