//! What a document tells as a whole, and what a sentence inherits from those before it.

use std::collections::HashMap;

use super::analysis::Analysis;
use super::group::{Group, Head};
use super::place;
use crate::parser::codebook::{Class, Codebook, Id};

/// Sentences up to which one word about migration makes a text one about it.
const SHORT: usize = 6;

/// How much more a state counts when the headline or the dateline names it.
const HEAD_WEIGHT: u32 = 3;

/// Document-wide findings and the running memory of one pass over the sentences.
#[derive(Debug)]
pub(super) struct Context {
    /// The state that the text is most about: whose "the police" are.
    pub(super) home: Option<Id>,
    /// Borders named anywhere, the most frequent first.
    pub(super) dyads: Vec<(Id, Id)>,
    /// States of which a border is named, the most frequent first.
    sides: Vec<Id>,
    /// The text is about people who move, so that "people" are migrants.
    pub(super) is_migration: bool,
    /// Ids of persons by their last name.
    pub(super) surnames: HashMap<String, Id>,
    /// The two states that the text names most.
    pub(super) rivals: Option<(Id, Id)>,
    /// Classes that occur again and again.
    pub(super) theme: Class,
    /// Classes of the headline.
    pub(super) title: Class,
    /// Classes of the sentence before.
    pub(super) before: Class,
    /// Who the last sentence was about.
    pub(super) subject: Option<(Id, Class)>,
    /// Where the last event with a place was.
    pub(super) place: Vec<Id>,
}

impl Context {
    /// Reads the headline's and the text's sentences; the first text sentence is the lead.
    pub(super) fn of(codebook: &Codebook, title: &[Analysis<'_>], text: &[Analysis<'_>]) -> Self {
        let mut states: HashMap<Id, u32> = HashMap::new();
        let mut dyads: HashMap<(Id, Id), u32> = HashMap::new();
        let mut migration = 0;
        let mut surnames = HashMap::new();
        let mut sides: HashMap<Id, u32> = HashMap::new();
        let mut theme = Class::default();
        let mut once = Class::default();
        let movers = codebook.lexicon.classes(["migrant", "migration", "boat"]);
        let lead = title.len();
        for (i, sentence) in title.iter().chain(text).enumerate() {
            let weight = if i <= lead { HEAD_WEIGHT } else { 1 };
            for hit in &sentence.hits {
                if let Some(id) = hit.entry.id.filter(|id| codebook.lexicon.is_state(*id)) {
                    *states.entry(id).or_default() += weight;
                } else if let [one] = hit.entry.countries[..] {
                    *states.entry(one).or_default() += weight;
                }
                migration += u32::from(hit.entry.class.meets(movers));
            }
            for at in 0..sentence.len() {
                for id in place::hyphened(codebook, sentence, at) {
                    *states.entry(id).or_default() += weight;
                }
            }
            for border in place::borders(codebook, sentence) {
                for id in &border {
                    *sides.entry(*id).or_default() += 1;
                }
                if let [a, b, ..] = border[..] {
                    *dyads.entry((a.min(b), a.max(b))).or_default() += 1;
                }
            }
            theme = theme.and(once.common(sentence.classes));
            once = once.and(sentence.classes);
            for group in &sentence.groups {
                surname(codebook, sentence, group, &mut surnames);
            }
        }
        // Ties go to the smaller id, so that the same text gives the same events.
        let by_count = |a: &(Id, u32), b: &(Id, u32)| (b.1, a.0).cmp(&(a.1, b.0));
        let mut ranked: Vec<_> = states.into_iter().collect();
        ranked.sort_by(by_count);
        let mut sides: Vec<_> = sides.into_iter().collect();
        sides.sort_by(by_count);
        let mut dyads: Vec<_> = dyads.into_iter().collect();
        dyads.sort_by(|a, b| (b.1, a.0).cmp(&(a.1, b.0)));
        Self {
            // Until an event has a place of its own, the text's border is the scene, or its state.
            place: match dyads.first() {
                Some(((a, b), times)) if *times >= 2 => vec![*a, *b],
                _ => ranked.first().map(|(id, _)| *id).into_iter().collect(),
            },
            dyads: dyads.into_iter().map(|(dyad, _)| dyad).collect(),
            home: ranked.first().map(|(id, _)| *id),
            is_migration: migration >= 2 || migration == 1 && text.len() <= SHORT,
            sides: sides.into_iter().map(|(id, _)| id).collect(),
            rivals: match ranked[..] {
                [(a, _), (b, _), ..] => Some((a, b)),
                _ => None,
            },
            theme: if migration >= 2 { theme.and(movers) } else { theme },
            surnames,
            title: title.iter().fold(Class::default(), |all, s| all.and(s.classes)),
            before: Class::default(),
            subject: None,
        }
    }

    /// Returns the other side of a border of which the text names one side.
    pub(super) fn partner(&self, id: Id) -> Option<Id> {
        self.dyads
            .iter()
            .find_map(|(a, b)| {
                if *a == id {
                    Some(*b)
                } else if *b == id {
                    Some(*a)
                } else {
                    None
                }
            })
            .or_else(|| self.sides.iter().copied().find(|side| *side != id))
            .or(self.home.filter(|home| *home != id))
    }
}

/// Learns "Jane Doe, a lawyer at Amnesty" and "UNHCR spokesman John Doe" for later "Doe said".
fn surname(
    codebook: &Codebook,
    sentence: &Analysis<'_>,
    group: &Group,
    surnames: &mut HashMap<String, Id>,
) {
    let last = &sentence.tokens[group.end - 1];
    let known_name = sentence.hit_at(group.end - 1).is_some();
    if !last.is_capital() || known_name || group.end - group.start < 2 {
        return;
    }
    let id = match group.head {
        Head::Known(_) => group.id,
        Head::Name => apposed(codebook, sentence, group),
        _ => None,
    };
    if let Some(id) = id {
        surnames.entry(last.word.clone()).or_insert(id);
    }
}

/// Who a name is by the words after its comma: ", a researcher at Human Rights Watch".
pub(super) fn apposed(codebook: &Codebook, sentence: &Analysis<'_>, group: &Group) -> Option<Id> {
    /// Tokens of an apposition that are looked at.
    const REACH: usize = 14;
    (sentence.word(group.end) == Some(",")).then_some(())?;
    let from = sentence.groups.partition_point(|other| other.start <= group.end);
    let agents = codebook.lexicon.classes([
        "ngo", "body", "media", "official", "force", "court", "migrant", "business", "other",
    ]);
    sentence.groups[from..]
        .iter()
        .take_while(|other| other.start < group.end + REACH)
        .take_while(|other| {
            (group.end + 1..other.start).all(|i| {
                sentence.word(i) != Some(",") && sentence.tag_at(i) != super::analysis::Tag::Verb
            })
        })
        .filter(|other| other.id.is_some() && other.is_somebody())
        .find(|other| other.class.meets(agents) || other.governor.is_some())
        .and_then(|other| other.id)
}
