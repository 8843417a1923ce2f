//! Whose an office or a thing is: possessor, demonym in front, "of", "in", "for".

use super::{Analysis, Asked, Cast, Id, Known, Label, Sort, Tag};

/// Prepositions behind which an owner stands.
const OWNING: &[&str] =
    &["of", "in", "from", "for", "at", "with", "to", "on", "by", "within", "inside"];

impl Cast<'_> {
    /// Returns whose the noun is: "Poland's", "Polish", "EU", "of Latvia", "in Warsaw", "its".
    pub(super) fn owner(&self, a: &Analysis<'_>, head: usize, hops: usize) -> Option<Known> {
        let hops = hops.checked_sub(1)?;
        let bearers = self.senses.bearers;
        for child in a.sentence.children(head).collect::<Vec<_>>().into_iter().rev() {
            match a.label(child) {
                Label::Poss => {
                    if let Some(who) = self.find(a, child, bearers, hops)
                        && who.class.meets(bearers)
                    {
                        return Some(Known { id: who.id, class: who.class });
                    }
                }
                Label::Amod | Label::Compound | Label::Nmod | Label::Advmod | Label::Npadvmod
                    if child < head =>
                {
                    if let Some(known) = self.in_front(a, head, child, hops) {
                        return Some(known);
                    }
                }
                _ => {}
            }
        }
        // A demonym or name within the phrase that the parser hung elsewhere.
        let phrase = a.noun_phrase(head);
        let stray = a
            .hits
            .iter()
            .rev()
            .filter(|hit| phrase.start <= hit.tokens.start && hit.tokens.end <= head)
            .filter(|hit| hit.tokens.end == head || a.head(hit.tokens.end - 1) == head)
            .find_map(|hit| self.bearer_by_entry(a, hit.tokens.end - 1));
        if stray.is_some() {
            return stray;
        }
        self.owner_behind(a, head, hops)
    }

    /// What stands before a noun: a state, a demonym, a body, or an office with its own owner.
    fn in_front(&self, a: &Analysis<'_>, head: usize, child: usize, hops: usize) -> Option<Known> {
        // "Polish" of "Polish-backed" is a part of "backed".
        let known = self.bearer_by_entry(a, child);
        if known.is_some() {
            return known;
        }
        let hit = a.hit_at(child)?;
        if hit.tokens.contains(&head) && a.sentence.children(child).next().is_none() {
            return None;
        }
        match hit.entry.sort {
            // "Polish interior ministry spokesman": what is in front has an owner too.
            Sort::Office => self.owner(a, child, hops),
            Sort::Noun | Sort::Role if !hit.tokens.contains(&head) => {
                let owner = self.owner(a, child, hops);
                let own = || Some(Known { id: hit.entry.id?, class: hit.entry.class });
                owner.or_else(own).filter(|known| known.class.meets(self.senses.groups))
            }
            _ => None,
        }
    }

    /// A state, a place of one state, or a body that the lexicon knows at the token.
    fn bearer_by_entry(&self, a: &Analysis<'_>, at: usize) -> Option<Known> {
        let entry = a.hit_at(at)?.entry;
        match entry.sort {
            Sort::State | Sort::Demonym => Some(Known { id: entry.id?, class: self.senses.state }),
            Sort::Place => match entry.countries[..] {
                [one] => Some(Known { id: one, class: self.senses.state }),
                _ => None,
            },
            Sort::Named if entry.class.meets(self.senses.bearers) => {
                Some(Known { id: entry.id_on(self.day)?, class: entry.class })
            }
            _ => None,
        }
    }

    fn owner_behind(&self, a: &Analysis<'_>, head: usize, hops: usize) -> Option<Known> {
        for child in a.sentence.children(head).filter(|at| *at > head) {
            let object = match a.label(child) {
                Label::Prep if OWNING.contains(&a.lower(child)) => {
                    a.sentence.child(child, Label::Pobj)
                }
                // "lawyers representing the minister", "a group working for the UN".
                Label::Acl if matches!(a.lemma(child), "represent" | "lead" | "head" | "serve") => {
                    a.sentence.child(child, Label::Dobj)
                }
                Label::Acl if a.lemma(child) == "work" => a
                    .sentence
                    .children(child)
                    .find(|at| a.label(*at) == Label::Prep)
                    .and_then(|prep| a.sentence.child(prep, Label::Pobj)),
                _ => None,
            };
            let Some(object) = object else { continue };
            // "ambassador to Poland", "attack on Israel": not whose it is.
            if matches!(a.lower(child), "to" | "on" | "by") && a.label(child) == Label::Prep {
                let posted = matches!(a.lower(child), "to")
                    && !matches!(a.lemma(head), "adviser" | "advisor" | "aide");
                let told = a.lower(child) == "by" && !a.tag(head).is_name();
                if posted || a.lower(child) == "on" || (a.lower(child) == "by" && !told) {
                    continue;
                }
            }
            if let Some(known) = self.bearer_by_entry(a, object) {
                return Some(known);
            }
            if let Some(who) = self.find(a, object, self.senses.bearers, hops)
                && who.class.meets(self.senses.bearers)
            {
                return Some(Known { id: who.id, class: who.class });
            }
        }
        None
    }

    /// The state right in front of a name: "Ukraine's State Border Guard Service".
    pub(super) fn state_in_front(&self, a: &Analysis<'_>, head: usize) -> Option<Id> {
        a.sentence
            .children(head)
            .filter(|child| {
                *child < head
                    && matches!(
                        a.label(*child),
                        Label::Poss | Label::Amod | Label::Compound | Label::Nmod
                    )
            })
            .filter_map(|child| a.hit_at(child))
            .filter(|hit| {
                matches!(hit.entry.sort, Sort::State | Sort::Demonym) && !hit.tokens.contains(&head)
            })
            .find_map(|hit| hit.entry.id)
    }

    /// The state that stands as a subject or owner earlier in the sentence, the nearest first.
    pub(super) fn state_before(&self, a: &Analysis<'_>, before: usize) -> Option<Id> {
        let lexicon = &self.codebook.lexicon;
        let acts = |at: usize| matches!(a.label(at), Label::Nsubj | Label::Nsubjpass | Label::Poss);
        a.hits
            .iter()
            .rev()
            .filter(|hit| hit.tokens.end <= before)
            .filter(|hit| {
                matches!(hit.entry.sort, Sort::State | Sort::Named | Sort::Demonym | Sort::Surname)
            })
            .filter(|hit| {
                let last = hit.tokens.end - 1;
                // "The president of Belarus has told the country's forces".
                let of = a.head(last);
                let in_subject =
                    matches!(a.label(last), Label::Amod | Label::Compound | Label::Nmod)
                        && acts(a.head(last))
                        || a.label(last) == Label::Pobj && a.lower(of) == "of" && acts(a.head(of));
                acts(last) || in_subject
            })
            .filter_map(|hit| hit.entry.id_on(self.day))
            .find(|id| lexicon.is_state(*id))
    }

    /// The phrase of an office in dictionary form, by which it is found again.
    pub(super) fn phrase_key(&self, a: &Analysis<'_>, at: usize) -> String {
        let tokens = a.hit_at(at).map_or(at..at + 1, |hit| hit.tokens.clone());
        let words: Vec<&str> = tokens.map(|at| a.lemma(at)).collect();
        words.join(" ")
    }

    /// "The group Sea-Watch", "the minister, Artis Pabriks", "Artis Pabriks, the minister": the other
    /// of the two, where it is a name.
    pub(super) fn name_beside(&self, a: &Analysis<'_>, asked: &Asked) -> Option<Known> {
        let hops = asked.hops.checked_sub(1)?;
        let child = a.sentence.child(asked.head, Label::Appos);
        let head = (a.label(asked.head) == Label::Appos && !a.sentence.is_root(asked.head))
            .then(|| a.head(asked.head));
        let compound = a
            .sentence
            .children(asked.head)
            .find(|at| a.label(*at) == Label::Compound && *at > asked.head);
        for other in [child, compound, head].into_iter().flatten() {
            if let Some(hit) = a.hit_at(other)
                && matches!(hit.entry.sort, Sort::Named | Sort::Surname)
            {
                let id = hit.entry.id_on(self.day)?;
                return Some(Known { id, class: hit.entry.class });
            }
            if a.tag(other).is_name() && a.hit_at(other).is_none() {
                if let Some(person) = self.persons.get(a.lower(other)) {
                    return Some(person.known);
                }
                // "spokesman John Doe of the UNHCR".
                if let Some(owner) = self.owner_behind(a, other, hops) {
                    return Some(owner);
                }
            }
        }
        None
    }

    /// Whoever was spoken of last: a body, a group, a state.
    pub(super) fn last_body(&self, a: &Analysis<'_>, asked: &Asked) -> Option<Known> {
        let bearers = self.senses.bearers;
        let here = self.mentions_for(a, asked).into_iter().find(|mention| {
            mention.is_subject && mention.known.class.meets(bearers) && !mention.is_owned
        });
        let earlier = || {
            self.memory
                .recent()
                .find(|mention| mention.is_subject && mention.known.class.meets(bearers))
                .map(|mention| mention.known)
        };
        here.map(|mention| mention.known).or_else(earlier)
    }

    /// Returns whether the word is a plural.
    pub(super) fn is_plural(&self, a: &Analysis<'_>, at: usize) -> bool {
        matches!(a.tag(at), Tag::NNS | Tag::NNPS | Tag::CD)
            || a.sentence.child(at, Label::Conj).is_some()
            || matches!(
                a.lower(at),
                "they"
                    | "them"
                    | "we"
                    | "us"
                    | "those"
                    | "these"
                    | "many"
                    | "some"
                    | "several"
                    | "others"
            )
    }
}
