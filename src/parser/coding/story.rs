//! What a document tells as a whole: its states, its border, whether people move in it.

use std::collections::HashMap;

use super::analysis::Analysis;
use crate::parser::codebook::{Class, Codebook, Id, Sort};
use crate::parser::syntax::{Label, Tag};

/// Sentences up to which one word about migration makes a text one about it.
const SHORT: usize = 6;

/// How much more a state counts when the headline or the first sentence names it.
const HEAD_WEIGHT: u32 = 3;

/// Findings over the whole document.
#[derive(Debug, Default)]
pub(super) struct Story {
    /// The state that the text is most about: whose "the police" are.
    pub(super) home: Option<Id>,
    /// States by how often they are named, the most frequent first.
    pub(super) states: Vec<Id>,
    /// Borders named anywhere, the most frequent first.
    pub(super) dyads: Vec<(Id, Id)>,
    /// The text is about people who move, so that "people" are migrants.
    pub(super) is_migration: bool,
    /// Classes of the headline, and those that recur in the text.
    pub(super) theme: Class,
}

impl Story {
    /// `written_in` is the state of the dateline.
    pub(super) fn of(
        codebook: &Codebook,
        headline: &[Analysis<'_>],
        sentences: &[Analysis<'_>],
        written_in: Option<Id>,
    ) -> Self {
        let lexicon = &codebook.lexicon;
        let movers = lexicon.classes(["migrant", "migration", "boat"]);
        let mut states: HashMap<Id, u32> =
            written_in.into_iter().map(|id| (id, HEAD_WEIGHT)).collect();
        let mut dyads: HashMap<(Id, Id), u32> = HashMap::new();
        let (mut once, mut theme) = (Class::default(), Class::default());
        let mut moving = 0;
        for (i, sentence) in headline.iter().chain(sentences).enumerate() {
            let weight = if i <= headline.len() { HEAD_WEIGHT } else { 1 };
            for hit in &sentence.hits {
                moving += usize::from(hit.entry.class.meets(movers));
                if let Some(id) = hit.entry.id.filter(|id| lexicon.is_state(*id)) {
                    // Nationals are where they come from, not what the text is about.
                    let weight = if hit.entry.sort == Sort::Nationals { 1 } else { weight };
                    *states.entry(id).or_default() += weight;
                } else if let [one] = hit.entry.countries[..] {
                    *states.entry(one).or_default() += weight;
                }
            }
            for (a, b) in borders(codebook, sentence) {
                *dyads.entry((a.min(b), a.max(b))).or_default() += weight;
            }
            theme = theme.and(once.common(sentence.classes));
            once = once.and(sentence.classes);
        }
        let is_migration = moving >= 2 || moving == 1 && sentences.len() <= SHORT;
        if is_migration {
            theme = theme.and(movers);
        }
        theme = headline.iter().fold(theme, |all, sentence| all.and(sentence.classes));
        // Ties go to the smaller id, so that the same text gives the same events.
        let mut ranked: Vec<_> = states.into_iter().collect();
        ranked.sort_by(|a, b| (b.1, a.0).cmp(&(a.1, b.0)));
        let mut dyads: Vec<_> = dyads.into_iter().collect();
        dyads.sort_by(|a, b| (b.1, a.0).cmp(&(a.1, b.0)));
        Self {
            home: ranked.first().map(|(id, _)| *id),
            states: ranked.into_iter().map(|(id, _)| id).collect(),
            dyads: dyads.into_iter().map(|(dyad, _)| dyad).collect(),
            is_migration,
            theme,
        }
    }

    /// Returns the other side of a border of which the text names one side.
    pub(super) fn partner(&self, id: Id) -> Option<Id> {
        self.dyads.iter().find_map(|(a, b)| match id {
            id if id == *a => Some(*b),
            id if id == *b => Some(*a),
            _ => None,
        })
    }
}

/// The two states of each border that the sentence names with both: "the border between A and B",
/// "A's border with B", "the A-B border", or a place on one.
pub(super) fn borders(codebook: &Codebook, sentence: &Analysis<'_>) -> Vec<(Id, Id)> {
    let lexicon = &codebook.lexicon;
    let border = lexicon.class("border");
    let mut found = Vec::new();
    for hit in &sentence.hits {
        if let (Sort::Place, [a, b]) = (hit.entry.sort, &hit.entry.countries[..]) {
            found.push((*a, *b));
        }
        if hit.entry.sort == Sort::Place || !hit.entry.class.meets(border) {
            continue;
        }
        let head = hit.tokens.end - 1;
        let sides = sides(sentence, head);
        if let [a, b, ..] = sides[..] {
            found.push((a, b));
        }
    }
    found
}

/// The states named with a border, in the order of the text.
pub(super) fn sides(sentence: &Analysis<'_>, head: usize) -> Vec<Id> {
    let mut sides = Vec::new();
    let phrase = sentence.noun_phrase(head);
    let mut below = sentence.subtree(head);
    below.start = below.start.min(phrase.start);
    below.end = below.end.min(head + 14).max(phrase.end);
    for hit in &sentence.hits {
        let inside = below.contains(&hit.tokens.start);
        let near = hit.tokens.start < head
            || (head + 1..hit.tokens.start).all(|at| {
                !sentence.tag(at).is_verb()
                    && !matches!(sentence.label(at), Label::Relcl | Label::Advcl)
                    && (sentence.tag(at) != Tag::IN
                        || matches!(
                            sentence.lower(at),
                            "with" | "between" | "and" | "of" | "from" | "to"
                        ))
            });
        if inside
            && near
            && let Some(id) = hit.entry.countries.first().filter(|_| {
                matches!(hit.entry.sort, Sort::State | Sort::Demonym)
                    && hit.entry.countries.len() == 1
            })
            && !sides.contains(id)
        {
            sides.push(*id);
        }
    }
    sides
}
