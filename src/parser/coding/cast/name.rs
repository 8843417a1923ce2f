//! Names that the codebook does not know: by title, apposition, or an earlier introduction.

use std::ops::Range;

use super::{Analysis, Asked, Cast, Class, HOPS_MAX, Known, Label, Person, Sex, Sort, Tag, Who};

/// Words of an apposition that are looked at for who somebody is.
const APPOSITION_WORDS_MAX: usize = 24;

/// Last words of the names of a state's agencies.
const OF_STATE: &[&str] = &[
    "agency",
    "authority",
    "board",
    "bureau",
    "command",
    "commission",
    "committee",
    "council",
    "department",
    "directorate",
    "force",
    "guard",
    "inspectorate",
    "ministry",
    "navy",
    "army",
    "office",
    "parliament",
    "police",
    "secretariat",
    "service",
    "assembly",
    "court",
    "corps",
    "embassy",
    "institute",
    "administration",
    "government",
];

/// Last words of the names of groups of citizens.
const OF_GROUP: &[&str] = &[
    "alliance",
    "association",
    "center",
    "centre",
    "charity",
    "coalition",
    "collective",
    "federation",
    "forum",
    "foundation",
    "fund",
    "initiative",
    "league",
    "mission",
    "monitor",
    "movement",
    "network",
    "observatory",
    "organisation",
    "organization",
    "project",
    "society",
    "union",
    "watch",
    "rights",
    "refugees",
    "migrants",
    "frontières",
    "borders",
    "campaign",
    "trust",
];

/// Titles that tell a man from a woman, or whose they are.
const TITLES: &[(&str, Option<Sex>)] = &[
    ("mr", Some(Sex::He)),
    ("mr.", Some(Sex::He)),
    ("sir", Some(Sex::He)),
    ("lord", Some(Sex::He)),
    ("mrs", Some(Sex::She)),
    ("mrs.", Some(Sex::She)),
    ("ms", Some(Sex::She)),
    ("ms.", Some(Sex::She)),
    ("miss", Some(Sex::She)),
    ("dame", Some(Sex::She)),
    ("lady", Some(Sex::She)),
    ("baroness", Some(Sex::She)),
];

impl Cast<'_> {
    /// Returns who a name is that the codebook does not know.
    pub(super) fn by_name(&self, a: &Analysis<'_>, asked: &Asked) -> Option<Who> {
        let s = &self.senses;
        let head = asked.head;
        if let Some(known) = self.titled(a, head, &asked.tokens, asked.hops) {
            return Some(asked.found(known, "title"));
        }
        if let Some(known) = self.apposed(a, head, asked.hops) {
            return Some(asked.found(known, "apposition"));
        }
        if let Some(person) = self.persons.get(a.lower(head)) {
            return Some(asked.found(person.known, "named before"));
        }
        if let Some(owner) = self.owner(a, head, asked.hops) {
            return Some(asked.found(owner, "name with its owner"));
        }
        let last = a.lower(head);
        if OF_STATE.contains(&last)
            && let Some(state) = self.memory.state().or(self.story.home)
        {
            return Some(
                asked.found(Known { id: state, class: s.official }, "agency of the state at hand"),
            );
        }
        if OF_GROUP.contains(&last) {
            let known = self.known("NGO", self.codebook.lexicon.class("ngo"))?;
            return Some(asked.found(known, "name of a group"));
        }
        if a.sentence.child(head, Label::Nummod).is_some() && self.story.is_migration {
            return Some(asked.found(self.known("MIG", s.movers)?, "counted"));
        }
        // Of movers alone none is a name; but those who tell their story are called by a first name.
        let one = a.sentence.children(head).all(|child| a.label(child) != Label::Compound);
        let aged = self.is_aged(a, head);
        if self.story.is_migration && (one || aged) && asked.takes(s.movers) && is_actor(a, head) {
            let known = self.known("MIG", s.movers.and(s.person))?;
            return Some(asked.found(known, "somebody who moves, by name"));
        }
        if asked.accepts.meets(s.movers) && !asked.accepts.meets(s.powers) {
            return None;
        }
        let known = self.known("OTH", s.other.and(s.person))?;
        Some(asked.found(known, "unknown name"))
    }

    /// "Latvian Defense Minister Artis Pabriks", "UNHCR spokesman John Doe": who it is by the words in
    /// front.
    fn titled(
        &self,
        a: &Analysis<'_>,
        head: usize,
        tokens: &Range<usize>,
        hops: usize,
    ) -> Option<Known> {
        let hops = hops.checked_sub(1)?;
        let s = &self.senses;
        let inside = || {
            a.hits
                .iter()
                .rev()
                .filter(|hit| tokens.start <= hit.tokens.start && hit.tokens.end <= head)
        };
        let title = inside().find(|hit| {
            matches!(hit.entry.sort, Sort::Office | Sort::Noun | Sort::Role)
                && !hit.entry.class.meets(s.movers)
                || hit.entry.sort == Sort::Noun && hit.entry.class.meets(s.migrant)
        });
        if let Some(hit) = title {
            let last = hit.tokens.end - 1;
            let owner = self.owner(a, head, hops).or_else(|| self.owner(a, last, hops));
            if hit.entry.sort == Sort::Office {
                let owner = owner
                    .or_else(|| self.memory.office(&self.phrase_key(a, last)))
                    .or_else(|| self.state_at_hand(a, head))?;
                return Some(Known {
                    id: owner.id,
                    class: owner.class.and(hit.entry.class).and(s.person),
                });
            }
            let own = Known { id: hit.entry.id?, class: hit.entry.class };
            let owner = owner.filter(|owner| {
                owner.class.meets(s.groups)
                    || hit.entry.sort == Sort::Role && owner.class.meets(s.official)
            });
            let known = owner.unwrap_or(own);
            return Some(Known { class: known.class.and(s.person), ..known });
        }
        // "Lord Justice Smith", "Rep. Jane Doe".
        let british = (tokens.start..head)
            .any(|at| matches!(a.lower(at), "sir" | "lord" | "dame" | "baroness"));
        if british {
            return self.known("GBR", s.official.and(s.person));
        }
        let american =
            (tokens.start..head).any(|at| matches!(a.lower(at), "rep." | "sen." | "gov."));
        if american {
            return self.known("USA", s.official.and(s.person));
        }
        let name = inside().find(|hit| {
            matches!(hit.entry.sort, Sort::Named | Sort::State | Sort::Demonym)
                && hit.tokens.end <= head
        })?;
        // "Polish Supreme Audit Office", "Reuters' Jane Doe", but not "the Syrian Ahmad".
        let ends = a.lower(head);
        let id = name.entry.id_on(self.day)?;
        match name.entry.sort {
            Sort::Named => Some(Known { id, class: name.entry.class }),
            _ if OF_GROUP.contains(&ends) => self.known("NGO", self.codebook.lexicon.class("ngo")),
            _ if OF_STATE.contains(&ends) => Some(Known { id, class: s.official }),
            _ if self.story.is_migration => self.known("MIG", s.movers.and(s.person)),
            _ => None,
        }
    }

    fn state_at_hand(&self, a: &Analysis<'_>, head: usize) -> Option<Known> {
        let id = self.state_before(a, head).or_else(|| self.memory.state()).or(self.story.home)?;
        Some(Known { id, class: self.senses.state })
    }

    /// "Artis Pabriks, Latvia's defence minister"; "the minister, Artis Pabriks"; "Jane Doe, who leads
    /// the agency"; "Jane Doe of Amnesty".
    fn apposed(&self, a: &Analysis<'_>, head: usize, hops: usize) -> Option<Known> {
        let hops = hops.checked_sub(1)?;
        let s = &self.senses;
        let beside = a.sentence.children(head).filter(|at| a.label(*at) == Label::Appos).chain(
            (a.label(head) == Label::Appos && !a.sentence.is_root(head)).then(|| a.head(head)),
        );
        for other in beside {
            if other > head + APPOSITION_WORDS_MAX || a.tag(other) == Tag::CD {
                continue;
            }
            let hit = a.hit_at(other);
            let place = hit.is_some_and(|hit| hit.entry.sort == Sort::Place);
            // Another name: not back again.
            if place || a.tag(other).is_name() && hit.is_none() {
                continue;
            }
            if let Some(who) = self.find(a, other, Class::default(), hops) {
                return Some(Known { id: who.id, class: who.class.and(s.person) });
            }
        }
        // "Jane Doe, a lawyer" that the parser hung on the verb.
        if a.lower(head + 1) == "," && matches!(a.lower(head + 2), "a" | "an" | "the") {
            let office = a.hits.iter().find(|hit| {
                hit.tokens.start > head + 2
                    && hit.tokens.start < head + 9
                    && matches!(hit.entry.sort, Sort::Office | Sort::Role | Sort::Noun)
                    && (head + 3..hit.tokens.start)
                        .all(|at| !a.tag(at).is_verb() && a.lower(at) != ",")
            });
            if let Some(hit) = office {
                let who = self.find(a, hit.tokens.end - 1, Class::default(), hops)?;
                return Some(Known { id: who.id, class: who.class.and(s.person) });
            }
        }
        // "Jane Doe, who leads the agency", "who works for Sea-Watch".
        let relative = a.sentence.child(head, Label::Relcl)?;
        if !matches!(
            a.lemma(relative),
            "lead" | "head" | "run" | "represent" | "work" | "direct" | "chair"
        ) {
            return None;
        }
        let object = a.sentence.child(relative, Label::Dobj).or_else(|| {
            let prep = a
                .sentence
                .children(relative)
                .find(|at| matches!(a.lower(*at), "for" | "with" | "at"))?;
            a.sentence.child(prep, Label::Pobj)
        })?;
        let who = self.find(a, object, s.bearers, hops)?;
        who.class.meets(s.bearers).then_some(Known { id: who.id, class: who.class.and(s.person) })
    }

    /// "Ahmed, 24, said"; "24-year-old Ahmed".
    fn is_aged(&self, a: &Analysis<'_>, head: usize) -> bool {
        let number = |at: usize| a.tag(at) == Tag::CD && a.lower(at).len() == 2;
        a.lower(head + 1) == "," && number(head + 2)
            || a.noun_phrase(head).any(|at| a.lower(at) == "old")
    }

    /// Notes persons whom the sentence introduces, by all words of their names.
    pub(super) fn introduce(&mut self, a: &Analysis<'_>) {
        for head in 0..a.len() {
            if !a.tag(head).is_name() || self.is_inside_name(a, head) {
                continue;
            }
            let Some(person) = self.introduced(a, head) else { continue };
            for at in self.name_words(a, head) {
                let name = a.lower(at).to_owned();
                if name.chars().count() > 2 && (at == head || a.hit_at(at).is_none()) {
                    self.persons.entry(name).or_insert(person);
                }
            }
        }
    }

    /// Returns whether the name is a part of a longer one.
    fn is_inside_name(&self, a: &Analysis<'_>, at: usize) -> bool {
        a.label(at) == Label::Compound && a.tag(a.head(at)).is_name()
    }

    /// Words of a personal name: capitalised, in front of its last, of no title.
    fn name_words(&self, a: &Analysis<'_>, head: usize) -> Vec<usize> {
        let phrase = a.noun_phrase(head);
        let is_title = |at: usize| a.hit_at(at).is_some_and(|hit| hit.entry.sort != Sort::Surname);
        let own = |at: &usize| a.tag(*at).is_name() && (*at == head || !is_title(*at));
        let mut words: Vec<usize> = (phrase.start..=head).rev().take_while(own).collect();
        if a.hit_at(head).is_some_and(|hit| hit.tokens.len() > 1) {
            words = vec![head];
        }
        words
    }

    fn introduced(&self, a: &Analysis<'_>, head: usize) -> Option<Person> {
        let s = &self.senses;
        if let Some(hit) = a.hit_at(head) {
            // A full name of the codebook.
            let full = hit.entry.sort == Sort::Named
                && hit.entry.class.meets(s.person)
                && hit.tokens.len() > 1
                && hit.tokens.end == head + 1;
            if full {
                let known = Known { id: hit.entry.id_on(self.day)?, class: hit.entry.class };
                let sex = if hit.entry.is_she { Sex::She } else { Sex::He };
                return Some(Person { known, sex: Some(sex) });
            }
            let last = hit.entry.sort == Sort::Surname
                && self.is_longer_name(a, hit.tokens.start, hit.entry);
            if !last {
                return None;
            }
        }
        let tokens = a.noun_phrase(head);
        let compound = tokens.start < head;
        let titled = if compound { self.titled(a, head, &tokens, HOPS_MAX) } else { None };
        let known = titled
            .or_else(|| self.apposed(a, head, HOPS_MAX))
            .filter(|known| known.class.meets(s.person))?;
        Some(Person { known, sex: sex(a, tokens) })
    }
}

/// Returns whether the name does or says something.
fn is_actor(a: &Analysis<'_>, head: usize) -> bool {
    matches!(
        a.label(head),
        Label::Nsubj | Label::Nsubjpass | Label::Dobj | Label::Poss | Label::Conj | Label::Appos
    )
}

/// A man or a woman, by the words around the name.
fn sex(a: &Analysis<'_>, tokens: Range<usize>) -> Option<Sex> {
    let reach = tokens.start..(tokens.end + 8).min(a.len());
    reach.clone().find_map(|at| {
        let word = a.lower(at);
        if let Some((_, sex)) = TITLES.iter().find(|(title, _)| *title == word) {
            return *sex;
        }
        if word.ends_with("woman")
            || matches!(word, "mother" | "wife" | "daughter" | "sister" | "queen")
        {
            return Some(Sex::She);
        }
        if word.ends_with("spokesman")
            || matches!(word, "father" | "husband" | "son" | "brother" | "king")
        {
            return Some(Sex::He);
        }
        None
    })
}
