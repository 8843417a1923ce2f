//! Whom the sentences so far were about.

use std::collections::{HashMap, VecDeque};

use super::{Analysis, Asked, Cast, Class, Clauses, HOPS_ASIDE, Id, Known, Label, Sex, Sort, Tag};

/// Mentions that are kept: those of the last few sentences.
const MENTIONS_MAX: usize = 24;

/// Somebody mentioned, as a pronoun may mean them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mention {
    pub(super) known: Known,
    /// Sentences ago; 0 is the present one.
    pub(super) ago: usize,
    /// The token, in its own sentence.
    pub(super) at: usize,
    pub(super) is_subject: bool,
    /// Stands before a noun as its owner.
    pub(super) is_owned: bool,
    pub(super) is_plural: bool,
    /// One person, not a body or a state.
    pub(super) is_person: bool,
    /// A body or group by name.
    pub(super) is_group: bool,
    pub(super) sex: Option<Sex>,
}

/// The running memory of one pass over a document.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// The most recent first; of one sentence subjects first.
    mentions: VecDeque<Mention>,
    /// Whose an office was when its owner was last told.
    offices: HashMap<String, Known>,
    /// Who spoke last.
    pub(super) speaker: Option<Known>,
    /// The last state that acted.
    state: Option<Id>,
}

impl Memory {
    pub(super) fn recent(&self) -> impl Iterator<Item = &Mention> {
        self.mentions.iter()
    }

    pub(super) fn several(&self) -> impl Iterator<Item = &Mention> {
        self.mentions.iter().filter(|mention| mention.is_plural)
    }

    pub(super) fn office(&self, key: &str) -> Option<Known> {
        self.offices.get(key).copied()
    }

    pub(super) fn state(&self) -> Option<Id> {
        self.state
    }
}

impl Cast<'_> {
    /// Notes whom later sentences may mean.
    pub(in super::super) fn remember(&mut self, a: &Analysis<'_>, clauses: Clauses<'_, '_>) {
        let speaker = self.voice(a, clauses);
        let mut mentions = self.mentions_before(a, a.len());
        let state = mentions
            .iter()
            .filter(|mention| mention.is_subject)
            .map(|mention| mention.known.id)
            .find(|id| self.codebook.lexicon.is_state(*id));
        let offices = self.offices_told(a);
        let memory = &mut self.memory;
        if let Some(speaker) = speaker {
            memory.speaker = Some(Known { id: speaker.id, class: speaker.class });
        }
        memory.state = state.or(memory.state);
        memory.offices.extend(offices);
        for mention in &mut memory.mentions {
            mention.ago += 1;
        }
        mentions.sort_by_key(|mention| (!mention.is_subject, mention.at));
        for mention in mentions.into_iter().rev() {
            memory.mentions.push_front(Mention { ago: 1, ..mention });
        }
        memory.mentions.truncate(MENTIONS_MAX);
    }

    /// Offices in the sentence of which the sentence tells whose they are.
    fn offices_told(&self, a: &Analysis<'_>) -> Vec<(String, Known)> {
        let mut told = Vec::new();
        for hit in &a.hits {
            if !matches!(hit.entry.sort, Sort::Office | Sort::Role) {
                continue;
            }
            let last = hit.tokens.end - 1;
            let owner = self.owner(a, last, HOPS_ASIDE).or_else(|| {
                // "Polish Prime Minister Mateusz Morawiecki".
                let name = a.head(last);
                let title = matches!(a.label(last), Label::Compound | Label::Nmod | Label::Amod)
                    && a.tag(name).is_name();
                let who = self.find(a, name, Class::default(), HOPS_ASIDE).filter(|_| title)?;
                Some(Known { id: who.id, class: who.class })
            });
            if let Some(owner) = owner {
                told.push((self.phrase_key(a, last), owner));
            }
        }
        told
    }

    /// Returns whom the words before the one that is asked about mention; nobody where the question is
    /// itself about a mention.
    pub(super) fn mentions_for(&self, a: &Analysis<'_>, asked: &Asked) -> Vec<Mention> {
        if asked.hops < HOPS_ASIDE { Vec::new() } else { self.mentions_before(a, asked.head) }
    }

    /// Returns who is mentioned before the token, subjects first, then the nearest.
    fn mentions_before(&self, a: &Analysis<'_>, before: usize) -> Vec<Mention> {
        let mut mentions: Vec<Mention> =
            (0..before.min(a.len())).filter_map(|at| self.mention(a, at)).collect();
        mentions.sort_by_key(|mention| (!mention.is_subject, std::cmp::Reverse(mention.at)));
        mentions
    }

    fn mention(&self, a: &Analysis<'_>, at: usize) -> Option<Mention> {
        use Label::*;
        let label = a.label(at);
        let nominal = a.tag(at).is_noun()
            || a.tag(at) == Tag::CD
            || matches!(a.lower(at), "many" | "others" | "some");
        let argument = matches!(
            label,
            Nsubj
                | Nsubjpass
                | Dobj
                | Pobj
                | Dative
                | Poss
                | Conj
                | Appos
                | Attr
                | Agent
                | Root
                | Oprd
        );
        if !nominal || !argument {
            return None;
        }
        if label == Appos && a.tag(at) != Tag::NNP {
            return None;
        }
        let who = self.find(a, at, Class::default(), HOPS_ASIDE)?;
        let hit = a.hit_at(at);
        // "The Turkish coast" is not Turkey.
        let own = hit.is_some_and(|hit| !matches!(hit.entry.sort, Sort::Thing | Sort::Place))
            || a.tag(at).is_name()
            || who.rule == "counted"
            || who.rule == "boat"
            || self.partitive(a, at).is_some();
        if !own || who.rule == "some country" {
            return None;
        }
        let person = self.is_one_person(a, at);
        let first = if label == Conj { a.head(at) } else { at };
        let is_subject = matches!(a.label(first), Nsubj | Nsubjpass | Root)
            || a.label(first) == Pobj && a.lower(a.head(first)) == "by";
        Some(Mention {
            known: Known { id: who.id, class: who.class },
            ago: 0,
            at,
            is_subject,
            is_owned: label == Poss,
            is_plural: self.is_plural(a, at) && person.is_none(),
            is_person: person.is_some(),
            is_group: hit.is_some_and(|hit| hit.entry.sort == Sort::Named)
                && !who.class.meets(self.senses.person),
            sex: person.flatten(),
        })
    }

    /// Returns whether the phrase is one person, and whether it is a man or a woman where that is told.
    fn is_one_person(&self, a: &Analysis<'_>, at: usize) -> Option<Option<Sex>> {
        if self.is_plural(a, at) {
            return None;
        }
        let word = a.lower(at);
        let woman = word.ends_with("woman")
            || matches!(
                word,
                "girl" | "mother" | "wife" | "daughter" | "sister" | "queen" | "female"
            );
        if woman {
            return Some(Some(Sex::She));
        }
        let man = matches!(
            word,
            "man" | "boy" | "father" | "husband" | "son" | "brother" | "king" | "male"
        ) || word.ends_with("man") && a.tag(at) == Tag::NN;
        if man {
            return Some(Some(Sex::He));
        }
        if let Some(person) = self.persons.get(word) {
            return Some(person.sex);
        }
        let Some(hit) = a.hit_at(at) else {
            return a.tag(at).is_name().then_some(None);
        };
        let entry = hit.entry;
        match entry.sort {
            Sort::Named if entry.class.meets(self.senses.person) => {
                Some(Some(if entry.is_she { Sex::She } else { Sex::He }))
            }
            Sort::Surname => Some(Some(if entry.is_she { Sex::She } else { Sex::He })),
            Sort::Role => Some(None),
            // "The president", "a police officer", but "the government", "the police".
            Sort::Office => is_personal_office(word).then_some(None),
            Sort::Noun if entry.class.meets(self.senses.people.and(self.senses.migrant)) => {
                Some(None)
            }
            Sort::Noun => matches!(
                word,
                "activist"
                    | "journalist"
                    | "smuggler"
                    | "driver"
                    | "reporter"
                    | "resident"
                    | "volunteer"
            )
            .then_some(None),
            _ => None,
        }
    }
}

/// Returns whether one person has the office, by its last word.
fn is_personal_office(word: &str) -> bool {
    const PERSONS: &[&str] = &[
        "president",
        "minister",
        "premier",
        "official",
        "chancellor",
        "king",
        "queen",
        "prince",
        "emir",
        "ambassador",
        "envoy",
        "consul",
        "diplomat",
        "governor",
        "mayor",
        "lawmaker",
        "senator",
        "secretary",
        "adviser",
        "advisor",
        "commissioner",
        "mp",
        "deputy",
        "legislator",
        "councillor",
        "prefect",
        "leader",
        "ruler",
        "dictator",
        "officer",
        "agent",
        "guard",
        "soldier",
        "commander",
        "general",
        "colonel",
        "chief",
        "judge",
        "prosecutor",
        "magistrate",
        "justice",
        "spokesperson",
        "speaker",
        "head",
        "boss",
        "sheriff",
        "detective",
        "constable",
        "captain",
        "sergeant",
        "lieutenant",
        "major",
        "admiral",
        "trooper",
        "ranger",
        "rescuer",
        "firefighter",
        "czar",
    ];
    PERSONS.contains(&word)
}
