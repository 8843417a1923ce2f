//! Phrases that the lexicon knows: names, nationals, common nouns, offices, descriptions, things.

use super::memory::Mention;
use super::{Analysis, Asked, Cast, Entry, Id, Known, Label, Sort, Tag, Who};

/// Days after which a last name is no longer enough for somebody who left office, or before office.
const SURNAME_DAYS_MAX: i64 = 3 * 365;

/// Offices that somebody has in whatever was spoken of last, a state or not.
const ANYBODYS: &[&str] = &[
    "spokesman",
    "spokeswoman",
    "spokesperson",
    "head",
    "chief",
    "boss",
    "leader",
    "representative",
    "director",
    "secretary-general",
    "commander",
    "member",
    "official",
    "delegation",
    "leadership",
];

impl Cast<'_> {
    /// Returns who it is that a phrase of the lexicon names.
    pub(super) fn by_entry(&self, a: &Analysis<'_>, asked: &Asked, entry: &Entry) -> Option<Who> {
        match entry.sort {
            Sort::Named => self.named(a, asked, entry),
            Sort::Surname => self.surname(a, asked, entry),
            Sort::State => {
                let known = Known { id: entry.id?, class: entry.class.and(self.senses.state) };
                Some(asked.found(known, "state"))
            }
            Sort::Demonym | Sort::Nationals => self.nationals(a, asked, entry),
            Sort::Noun => self.noun(a, asked, entry),
            Sort::Role => self.role(a, asked, entry),
            Sort::Office => self.office(a, asked, entry),
            Sort::Described => self.described(a, asked, entry),
            Sort::Place | Sort::Thing => self.thing(a, asked, entry),
        }
    }

    fn named(&self, a: &Analysis<'_>, asked: &Asked, entry: &Entry) -> Option<Who> {
        let known = Known { id: entry.id_on(self.day)?, class: entry.class };
        let agency = entry.class.meets(self.senses.official.and(self.senses.force))
            && !entry.class.meets(self.senses.person);
        if agency && let Some(state) = self.state_in_front(a, asked.head) {
            // "Ukraine's State Border Guard Service", which others have too.
            return Some(asked.found(Known { id: state, class: known.class }, "name of its owner"));
        }
        Some(asked.found(known, "name"))
    }

    /// A last name: whoever the text introduced by it, else who is in office.
    fn surname(&self, a: &Analysis<'_>, asked: &Asked, entry: &Entry) -> Option<Who> {
        if let Some(person) = self.persons.get(a.lower(asked.head)) {
            return Some(asked.found(person.known, "named before"));
        }
        let near = match self.day {
            Some(day) => entry.days_off(day) <= SURNAME_DAYS_MAX,
            None => entry.terms.iter().all(|term| Some(term.id) == entry.id),
        };
        if !near {
            return None;
        }
        // Of two in office at a time, the one whose state the text is about.
        let at_hand = entry.terms.iter().find(|term| {
            self.day.is_none_or(|day| term.days_off(day) == 0)
                && self.story.states.iter().take(3).any(|state| *state == term.id)
        });
        let id = at_hand.map(|term| term.id).or_else(|| entry.id_on(self.day))?;
        Some(asked.found(Known { id, class: entry.class }, "last name in office"))
    }

    /// "Afghans", "the Turkish": who moves, people, or their state.
    fn nationals(&self, a: &Analysis<'_>, asked: &Asked, entry: &Entry) -> Option<Who> {
        let s = &self.senses;
        let id = entry.id?;
        let state = Known { id, class: s.state };
        // "Greek insistence": whose it is.
        let adjective = entry.sort == Sort::Demonym
            && matches!(
                a.label(asked.head),
                Label::Amod | Label::Compound | Label::Nmod | Label::Poss
            );
        if adjective {
            return Some(asked.found(state, "demonym"));
        }
        if !asked.takes(s.movers) && asked.accepts.meets(s.state) {
            return Some(asked.found(state, "nationals"));
        }
        let moving = self.story.is_migration || asked.accepts.meets(s.migrant);
        if moving && asked.takes(s.movers) {
            return Some(asked.found(self.known("MIG", s.movers)?, "nationals who move"));
        }
        if asked.accepts.meets(s.state) || asked.accepts.is_empty() && entry.sort == Sort::Demonym {
            return Some(asked.found(state, "nationals"));
        }
        let known = self.known("CVL", s.people.and(s.civilian))?;
        Some(asked.found(known, "nationals"))
    }

    fn noun(&self, a: &Analysis<'_>, asked: &Asked, entry: &Entry) -> Option<Who> {
        let s = &self.senses;
        let own = Known { id: entry.id?, class: entry.class };
        if entry.class.meets(s.migrant) {
            return Some(asked.found(own, "noun"));
        }
        if entry.class.meets(s.people) {
            if !asked.takes(s.movers) && asked.accepts.meets(s.civilian) {
                let known = self.known("CVL", entry.class.and(s.civilian))?;
                return Some(asked.found(known, "people"));
            }
            return Some(asked.found(self.people(entry.class)?, "people"));
        }
        if entry.class.meets(s.civilian) {
            return Some(asked.found(own, "noun"));
        }
        let told = |_: &Known| {
            !entry.class.meets(s.counterpart)
                || a.hits.iter().any(|hit| {
                    matches!(hit.entry.sort, Sort::Demonym | Sort::State)
                        && asked.tokens.contains(&hit.tokens.start)
                })
        };
        if let Some(owner) = self.owner(a, asked.head, asked.hops).filter(told) {
            // "EU leaders", "Red Cross volunteers", "Taliban fighters", but "Russian state media",
            // "a Turkish charity", "Syrian rebels": nobody's but their own.
            let of_group = owner.class.meets(s.groups) && !owner.class.meets(s.person);
            let of_state = entry.class.meets(s.official) && owner.class.meets(s.powers);
            if of_group || of_state {
                let class = entry.class.and(owner.class);
                return Some(asked.found(Known { id: owner.id, class }, "owner"));
            }
        }
        let several = entry.class.meets(s.other.and(s.state));
        if !several && let Some(name) = self.name_beside(a, asked) {
            return Some(asked.found(name, "apposition"));
        }
        if entry.class.meets(s.state) && a.lemma(asked.head) == "ally" {
            return Some(asked.found(own, "noun"));
        }
        Some(asked.found(own, "noun"))
    }

    /// "A researcher at Human Rights Watch" speaks for it; "a Turkish lawyer" for nobody.
    fn role(&self, a: &Analysis<'_>, asked: &Asked, entry: &Entry) -> Option<Who> {
        let s = &self.senses;
        if let Some(owner) = self.owner(a, asked.head, asked.hops) {
            let speaks = owner.class.meets(s.groups.and(s.official).and(s.force).and(s.other));
            let for_state = owner.class.meets(s.powers) && self.is_named_office(a, asked.head);
            if speaks || for_state {
                let class = entry.class.and(owner.class);
                return Some(asked.found(Known { id: owner.id, class }, "role for its owner"));
            }
        }
        if let Some(name) = self.name_beside(a, asked) {
            return Some(asked.found(name, "apposition"));
        }
        let key = self.phrase_key(a, asked.head);
        if let Some(known) = self.memory.office(&key)
            && a.tag(asked.head) != Tag::NNS
        {
            return Some(asked.found(known, "role named before"));
        }
        Some(asked.found(Known { id: entry.id?, class: entry.class }, "role"))
    }

    /// Returns whether it is the state's own by its words ("government negotiator").
    fn is_named_office(&self, a: &Analysis<'_>, head: usize) -> bool {
        a.sentence.children(head).any(|child| {
            a.hit_at(child).is_some_and(|hit| {
                hit.entry.sort == Sort::Office
                    || hit.entry.sort == Sort::Named && hit.entry.class.meets(self.senses.powers)
            })
        })
    }

    fn office(&self, a: &Analysis<'_>, asked: &Asked, entry: &Entry) -> Option<Who> {
        let s = &self.senses;
        let office = entry.class;
        let lemma = a.lemma(asked.head);
        let is_state = entry.class.meets(s.state);
        let owner = if is_state { self.state_of_noun(a, asked) } else { None };
        if let Some(owner) = owner.or_else(|| self.owner(a, asked.head, asked.hops)) {
            let next_door = matches!(lemma, "neighbour" | "neighbor");
            if next_door && let Some(other) = self.story.partner(owner.id) {
                return Some(asked.found(Known { id: other, class: s.state }, "neighbour"));
            }
            let class = owner.class.and(office);
            return Some(asked.found(Known { id: owner.id, class }, "office of its owner"));
        }
        if let Some(name) = self.name_beside(a, asked) {
            let class = name.class.and(office);
            return Some(asked.found(Known { id: name.id, class }, "apposition"));
        }
        let known = |known: Known, rule| {
            Some(asked.found(Known { id: known.id, class: office.and(known.class) }, rule))
        };
        if is_state {
            return self.some_country(a, asked);
        }
        // "International officials", "foreign diplomats": of several states.
        let of_many = a.sentence.children(asked.head).any(|child| {
            matches!(a.lower(child), "international" | "foreign" | "western" | "european")
        });
        if of_many {
            return known(
                Known { id: self.codebook.lexicon.id("OTH")?, class: s.other },
                "of several",
            );
        }
        if let Some(earlier) = self.memory.office(&self.phrase_key(a, asked.head)) {
            return known(earlier, "office named before");
        }
        if ANYBODYS.contains(&lemma)
            && let Some(last) = self.last_body(a, asked)
        {
            return known(last, "office of whom was spoken of");
        }
        let state =
            self.state_before(a, asked.head).or_else(|| self.memory.state()).or(self.story.home)?;
        known(Known { id: state, class: s.state }, "office of the state at hand")
    }

    /// "The Baltic EU state of Latvia": the state that is named behind it.
    fn state_of_noun(&self, a: &Analysis<'_>, asked: &Asked) -> Option<Known> {
        let of = a.sentence.children(asked.head).find(|at| a.lower(*at) == "of")?;
        let object = a.sentence.child(of, Label::Pobj)?;
        let entry = a.hit_at(object)?.entry;
        let id = entry.id.filter(|_| entry.sort == Sort::State)?;
        Some(Known { id, class: self.senses.state })
    }

    /// "The country", "a neighbouring state".
    fn some_country(&self, a: &Analysis<'_>, asked: &Asked) -> Option<Who> {
        let s = &self.senses;
        let several = a.tag(asked.head) == Tag::NNS;
        if several {
            return Some(asked.found(self.known("OTH", s.other.and(s.state))?, "countries"));
        }
        let last =
            self.state_before(a, asked.head).or_else(|| self.memory.state()).or(self.story.home);
        let words = || a.sentence.children(asked.head).map(|child| a.lower(child));
        let other = words()
            .any(|word| matches!(word, "neighbouring" | "neighboring" | "other" | "another"))
            || matches!(a.lemma(asked.head), "neighbour" | "neighbor");
        if other && let Some(partner) = last.and_then(|id| self.story.partner(id)) {
            return Some(asked.found(Known { id: partner, class: s.state }, "neighbour"));
        }
        // "A country", "any country": no one in particular.
        if words().any(|word| matches!(word, "a" | "an" | "any" | "no" | "every" | "each")) {
            return Some(asked.found(self.known("OTH", s.other.and(s.state))?, "some country"));
        }
        Some(asked.found(Known { id: last?, class: s.state }, "country at hand"))
    }

    /// "The bloc", "the Baltic country", "the agency": who of those was named last.
    fn described(&self, a: &Analysis<'_>, asked: &Asked, entry: &Entry) -> Option<Who> {
        if let Some(name) = self.name_beside(a, asked) {
            return Some(asked.found(name, "apposition"));
        }
        if !entry.among.is_empty() {
            // "The NATO-led KFOR peacekeeping force".
            let named = a.sentence.children(asked.head).find_map(|child| {
                let entry = a.hit_at(child)?.entry;
                let is_body = entry.sort == Sort::Named && entry.class.meets(self.senses.groups);
                Some(Known { id: entry.id_on(self.day)?, class: entry.class }).filter(|_| is_body)
            });
            if let Some(named) = named {
                return Some(asked.found(named, "name within"));
            }
            let among = |id: &Id| entry.among.contains(id);
            let id = self
                .named_before(a, asked.head)
                .find(among)
                .or_else(|| self.memory.recent().map(|mention| mention.known.id).find(among))
                .or_else(|| self.story.states.iter().copied().find(among))
                .or(entry.id)?;
            return Some(asked.found(Known { id, class: entry.class }, "description"));
        }
        if let Some(owner) = self.owner(a, asked.head, asked.hops) {
            return Some(asked.found(owner, "owner"));
        }
        let fits = |mention: &&Mention| {
            mention.is_group
                && mention.known.class.meets(entry.akin)
                && asked.takes(mention.known.class)
        };
        let known = self.memory.recent().find(fits).map(|mention| mention.known);
        if known.is_none() && self.story.is_migration && asked.accepts.meets(self.senses.movers) {
            let known = self.known("MIG", self.senses.movers)?;
            return Some(asked.found(known, "description"));
        }
        Some(asked.found(known?, "description"))
    }

    fn thing(&self, a: &Analysis<'_>, asked: &Asked, entry: &Entry) -> Option<Who> {
        let s = &self.senses;
        if entry.sort == Sort::Place {
            let [one] = entry.countries[..] else { return None };
            return Some(asked.found(Known { id: one, class: s.state }, "place of a state"));
        }
        let arms = entry.class.meets(s.arms);
        let boat = entry.class.meets(s.boat);
        if let Some(owner) = self.owner(a, asked.head, asked.hops) {
            let fits = asked.accepts.is_empty()
                || asked.accepts.meets(s.state)
                || arms
                || owner.class.meets(asked.accepts);
            if fits && (arms || boat || !entry.class.meets(s.ground)) {
                let class = owner.class.and(entry.class);
                return Some(asked.found(Known { id: owner.id, class }, "owner"));
            }
        }
        if boat && self.story.is_migration {
            let class = entry.class.and(s.movers);
            return Some(asked.found(self.known("MIG", class)?, "boat"));
        }
        None
    }
}

impl Cast<'_> {
    /// A common noun that the codebook does not know, by whose it is.
    pub(super) fn by_owner(&self, a: &Analysis<'_>, asked: &Asked) -> Option<Who> {
        const TOLD: &[&str] = &[
            "statement",
            "report",
            "document",
            "letter",
            "memo",
            "filing",
            "tweet",
            "post",
            "leaflet",
            "pamphlet",
        ];
        if let Some(owner) = self.owner(a, asked.head, asked.hops) {
            return asked.takes(owner.class).then(|| asked.found(owner, "owner"));
        }
        if let Some(name) = self.name_beside(a, asked) {
            return Some(asked.found(name, "apposition"));
        }
        let told = TOLD.contains(&a.lemma(asked.head));
        let last = self.last_body(a, asked).filter(|_| told)?;
        Some(asked.found(last, "text of whom was spoken of"))
    }

    /// Returns the ids named in the sentence before the token, the nearest first.
    fn named_before<'x>(
        &'x self,
        a: &'x Analysis<'_>,
        head: usize,
    ) -> impl Iterator<Item = Id> + 'x {
        a.hits
            .iter()
            .rev()
            .filter(move |hit| hit.tokens.end <= head)
            .filter(|hit| {
                matches!(hit.entry.sort, Sort::State | Sort::Named | Sort::Demonym | Sort::Surname)
            })
            .filter_map(|hit| hit.entry.id_on(self.day))
    }
}
