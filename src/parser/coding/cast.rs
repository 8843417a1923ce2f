//! Who a noun phrase is: by its own words, by its owner, by apposition, or by what was said before.

use std::collections::HashMap;
use std::ops::Range;

use super::analysis::Analysis;
use super::clause::Clauses;
use super::story::Story;
use crate::parser::codebook::{Class, Codebook, Entry, Id, Sort};
use crate::parser::syntax::{Label, Tag};

/// Steps from phrase to phrase: "the head of the agency of the ministry".
const HOPS_MAX: usize = 5;

/// Somebody in a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Who {
    pub(super) id: Id,
    pub(super) class: Class,
    /// Its words.
    pub(super) tokens: Range<usize>,
    /// How it was found.
    pub(super) rule: &'static str,
}

/// Somebody named before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Known {
    id: Id,
    class: Class,
}

/// Everybody whom a document has named so far.
#[derive(Debug)]
pub(super) struct Cast<'c> {
    codebook: &'c Codebook,
    story: &'c Story,
    /// Persons by their last name.
    surnames: HashMap<String, Known>,
    /// The last subject that is one person or one body.
    single: Option<Known>,
    /// The last subject that is several.
    several: Option<Known>,
    /// Who spoke last.
    speaker: Option<Known>,
    /// The last state that acted.
    state: Option<Known>,
}

impl<'c> Cast<'c> {
    pub(super) fn new(codebook: &'c Codebook, story: &'c Story) -> Self {
        Self {
            codebook,
            story,
            surnames: HashMap::new(),
            single: None,
            several: None,
            speaker: None,
            state: None,
        }
    }

    /// Returns the two states of the border that the text is about, for "both sides", which the tokens
    /// say.
    pub(super) fn rivals(&self, tokens: Range<usize>) -> Option<(Who, Who)> {
        let pair = match (self.story.dyads.first(), &self.story.states[..]) {
            (Some(pair), _) => *pair,
            (None, [one, other, ..]) => (*one, *other),
            _ => return None,
        };
        let who = |id| {
            let rule = "side of the border at hand";
            Who { id, class: self.class("state"), tokens: tokens.clone(), rule }
        };
        Some((who(pair.0), who(pair.1)))
    }

    fn class(&self, name: &str) -> Class {
        self.codebook.lexicon.class(name)
    }

    fn known(&self, name: &str) -> Option<Id> {
        self.codebook.lexicon.id(name)
    }

    fn movers(&self) -> Class {
        self.codebook.lexicon.classes(["migrant", "people"])
    }

    fn powers(&self) -> Class {
        self.codebook.lexicon.classes(["state", "official", "force", "court"])
    }

    /// Returns who the noun phrase is that the token heads, for a role that takes these classes (none
    /// given: anybody).
    pub(super) fn who(&self, a: &Analysis<'_>, head: usize, accepts: Class) -> Option<Who> {
        let who = self.find(a, head, accepts, HOPS_MAX)?;
        let fits = accepts.is_empty() || who.class.is_empty() || who.class.meets(accepts);
        fits.then_some(who)
    }

    fn find(&self, a: &Analysis<'_>, head: usize, accepts: Class, hops: usize) -> Option<Who> {
        let hops = hops.checked_sub(1)?;
        let tokens = a.noun_phrase(head);
        let named = |id: Id, class: Class, rule: &'static str| {
            Some(Who { id, class, tokens: tokens.clone(), rule })
        };
        match a.tag(head) {
            Tag::PRP | Tag::PRPS => {
                let known = self.pronoun(a, head, accepts)?;
                return named(known.id, known.class, "pronoun");
            }
            Tag::CD | Tag::DT | Tag::PDT | Tag::JJ | Tag::JJR | Tag::JJS | Tag::WP | Tag::WDT
                if a.hit_at(head).is_none() =>
            {
                return self.quantified(a, head, accepts, tokens, hops);
            }
            _ => {}
        }
        if let Some(of) = self.partitive(a, head) {
            let who = self.find(a, of, accepts, hops)?;
            return Some(Who { tokens: tokens.start..tokens.end.max(who.tokens.end), ..who });
        }
        if let Some(hit) = a.hit_at(head)
            && let Some(who) = self.by_entry(a, head, hit.entry, accepts, &tokens, hops)
        {
            return Some(who);
        }
        if a.tag(head).is_name() {
            return self.by_name(a, head, accepts, &tokens, hops);
        }
        self.by_owner(a, head, accepts, &tokens, hops)
    }

    /// "hundreds of migrants", "a group of 30 people", "the number of refugees".
    fn partitive(&self, a: &Analysis<'_>, head: usize) -> Option<usize> {
        let part = self.codebook.words.partitives.contains(a.lower(head))
            || a.tag(head) == Tag::CD
            || matches!(
                a.lemma(head),
                "group"
                    | "number"
                    | "member"
                    | "body"
                    | "family"
                    | "caravan"
                    | "boatload"
                    | "dozen"
                    | "hundred"
                    | "thousand"
                    | "million"
                    | "ten"
                    | "score"
                    | "majority"
                    | "rest"
                    | "flow"
                    | "wave"
                    | "influx"
                    | "arrival"
                    | "convoy"
                    | "crowd"
                    | "column"
                    | "type"
                    | "kind"
                    | "life"
            );
        if !part {
            return None;
        }
        let of = a.sentence.children(head).find(|at| *at > head && a.lower(*at) == "of")?;
        a.sentence.child(of, Label::Pobj)
    }

    fn quantified(
        &self,
        a: &Analysis<'_>,
        head: usize,
        accepts: Class,
        tokens: Range<usize>,
        hops: usize,
    ) -> Option<Who> {
        let of = a.sentence.children(head).find(|at| *at > head && a.lower(*at) == "of");
        if let Some(object) = of.and_then(|of| a.sentence.child(of, Label::Pobj)) {
            let who = self.find(a, object, accepts, hops)?;
            return Some(Who { tokens: tokens.start..tokens.end.max(who.tokens.end), ..who });
        }
        let singular = matches!(a.lower(head), "this" | "that" | "it" | "what" | "which");
        if singular {
            return None;
        }
        let movers = self.movers();
        let known = if self.story.is_migration && (accepts.is_empty() || accepts.meets(movers)) {
            Known { id: self.known("MIG")?, class: movers }
        } else {
            self.several?
        };
        Some(Who { id: known.id, class: known.class, tokens, rule: "counted" })
    }

    fn by_entry(
        &self,
        a: &Analysis<'_>,
        head: usize,
        entry: &Entry,
        accepts: Class,
        tokens: &Range<usize>,
        hops: usize,
    ) -> Option<Who> {
        let tokens = tokens.clone();
        let movers = self.movers();
        let found =
            |id: Id, class: Class, rule| Some(Who { id, class, tokens: tokens.clone(), rule });
        match entry.sort {
            Sort::Named => found(entry.id?, entry.class, "name"),
            Sort::State => found(entry.id?, entry.class.and(self.class("state")), "state"),
            Sort::Nationals | Sort::Demonym
                if a.tag(head) != Tag::JJ || entry.sort == Sort::Nationals =>
            {
                let moving = self.story.is_migration
                    || accepts.meets(movers) && !accepts.meets(self.class("state"));
                if moving && (accepts.is_empty() || accepts.meets(movers)) {
                    found(self.known("MIG")?, movers, "nationals who move")
                } else if accepts.meets(self.class("civilian"))
                    && !accepts.meets(self.class("state"))
                {
                    found(self.known("CVL")?, self.class("civilian"), "nationals")
                } else {
                    found(entry.id?, self.class("state"), "nationals")
                }
            }
            Sort::Noun => {
                let id = entry.id?;
                if entry.class.meets(self.class("people"))
                    && !entry.class.meets(self.class("migrant"))
                {
                    // "Polish people", "a Syrian man": where nobody moves they are civilians.
                    return if self.story.is_migration {
                        found(self.known("MIG")?, movers, "people who move")
                    } else {
                        let class = entry.class.and(self.class("civilian"));
                        found(self.known("CVL")?, class, "people")
                    };
                }
                // "EU leaders", "NATO allies": the body that they belong to.
                let of_body = |known: &Known| {
                    known.class.meets(self.codebook.lexicon.classes(["body", "ngo"]))
                        || matches!(
                            a.lemma(head),
                            "leader" | "government" | "country" | "ally" | "capital"
                        )
                };
                if entry.class.meets(self.class("other"))
                    && let Some(body) = self.owner(a, head, hops).filter(of_body)
                {
                    return found(body.id, body.class.and(entry.class), "owner");
                }
                found(id, entry.class, "noun")
            }
            Sort::Office => {
                let office = entry.class;
                if let Some(owner) = self.owner(a, head, hops) {
                    return found(owner.id, owner.class.and(office), "office of its owner");
                }
                if let Some(appos) = self.apposed(a, head, accepts, hops) {
                    return found(appos.id, appos.class.and(office), "apposition");
                }
                let state = self
                    .state_in(a, head)
                    .or(self.story.home)
                    .or(self.state.map(|known| known.id))?;
                found(state, office.and(self.class("official")), "office of the state at hand")
            }
            Sort::Thing => {
                let boat = self.class("boat");
                let arms =
                    self.codebook.lexicon.classes(["aircraft", "weapon", "troops", "vehicle"]);
                if let Some(owner) = self.owner(a, head, hops) {
                    let fits = accepts.is_empty()
                        || accepts.meets(self.class("state"))
                        || entry.class.meets(arms)
                        || owner.class.meets(accepts);
                    let ground =
                        self.codebook.lexicon.classes(["border", "territory", "camp", "gate"]);
                    if fits && (entry.class.meets(arms) || !entry.class.meets(ground)) {
                        return found(owner.id, owner.class.and(entry.class), "owner");
                    }
                }
                if entry.class.meets(boat) {
                    return found(self.known("MIG")?, entry.class.and(movers), "boat");
                }
                None
            }
            _ => None,
        }
    }

    /// The owner of an office or a thing: "Poland's", "Polish", "EU", "of Latvia", "its".
    fn owner(&self, a: &Analysis<'_>, head: usize, hops: usize) -> Option<Known> {
        let hops = hops.checked_sub(1)?;
        let bearer = self
            .codebook
            .lexicon
            .classes(["state", "body", "ngo", "media", "armed", "business", "force", "official"]);
        for child in a.sentence.children(head).collect::<Vec<_>>().into_iter().rev() {
            match a.label(child) {
                Label::Poss => {
                    if let Some(who) = self.find(a, child, bearer, hops) {
                        return Some(Known { id: who.id, class: who.class });
                    }
                }
                Label::Amod | Label::Compound | Label::Nmod if child < head => {
                    let entry = a.hit_at(child).map(|hit| hit.entry);
                    let by = entry.filter(|entry| {
                        matches!(entry.sort, Sort::State | Sort::Demonym)
                            || entry.sort == Sort::Named && entry.class.meets(bearer)
                    });
                    if let Some(entry) = by {
                        let class = if entry.sort == Sort::Named {
                            entry.class
                        } else {
                            self.class("state")
                        };
                        return Some(Known { id: entry.id?, class });
                    }
                    // "Polish interior ministry spokesman": what is in front has an owner too.
                    if let Some(known) = self.owner(a, child, hops) {
                        return Some(known);
                    }
                }
                _ => {}
            }
        }
        for preposition in a.sentence.children(head).filter(|at| *at > head) {
            if a.label(preposition) != Label::Prep
                || !matches!(a.lower(preposition), "of" | "in" | "from" | "for" | "at" | "with")
            {
                continue;
            }
            let Some(object) = a.sentence.child(preposition, Label::Pobj) else { continue };
            if let Some(hit) = a.hit_at(object)
                && hit.entry.sort == Sort::Place
                && let [one] = hit.entry.countries[..]
            {
                return Some(Known { id: one, class: self.class("state") });
            }
            if let Some(who) = self.find(a, object, bearer, hops)
                && who.class.meets(bearer)
            {
                return Some(Known { id: who.id, class: who.class });
            }
        }
        None
    }

    /// "Artis Pabriks, Latvia's defence minister"; "the minister, Artis Pabriks".
    fn apposed(&self, a: &Analysis<'_>, head: usize, accepts: Class, hops: usize) -> Option<Who> {
        let other = a.sentence.child(head, Label::Appos).or_else(|| {
            (a.label(head) == Label::Appos && !a.sentence.is_root(head)).then(|| a.head(head))
        })?;
        // Not back again: the other one by its own words.
        let hit = a.hit_at(other).filter(|hit| hit.entry.sort != Sort::Place)?;
        let tokens = a.noun_phrase(other);
        match hit.entry.sort {
            Sort::Office => {
                let owner = self.owner(a, other, hops.checked_sub(1)?)?;
                Some(Who {
                    id: owner.id,
                    class: owner.class.and(hit.entry.class),
                    tokens,
                    rule: "apposition",
                })
            }
            Sort::Noun => {
                let own = self.codebook.lexicon.classes(["migrant", "people", "civilian", "other"]);
                let owner = self.owner(a, other, hops.checked_sub(1)?).filter(|owner| {
                    !hit.entry.class.meets(own)
                        || owner.class.meets(self.codebook.lexicon.classes(["body", "ngo"]))
                });
                let (id, class) =
                    owner.map_or((hit.entry.id?, hit.entry.class), |o| (o.id, o.class));
                Some(Who { id, class, tokens, rule: "apposition" })
            }
            _ => self.by_entry(a, other, hit.entry, accepts, &tokens, hops.checked_sub(1)?),
        }
    }

    /// A name that the codebook does not know.
    fn by_name(
        &self,
        a: &Analysis<'_>,
        head: usize,
        accepts: Class,
        tokens: &Range<usize>,
        hops: usize,
    ) -> Option<Who> {
        let found = |known: Known, rule| {
            Some(Who { id: known.id, class: known.class, tokens: tokens.clone(), rule })
        };
        // "Latvian Defense Minister Artis Pabriks", "UNHCR spokesman John Doe".
        let title = a
            .hits
            .iter()
            .filter(|hit| tokens.start <= hit.tokens.start && hit.tokens.end <= tokens.end)
            .rfind(|hit| {
                matches!(
                    hit.entry.sort,
                    Sort::Office | Sort::Noun | Sort::Named | Sort::State | Sort::Demonym
                )
            });
        if let Some(hit) = title {
            match hit.entry.sort {
                Sort::Office | Sort::Noun => {
                    let owner = self
                        .owner(a, head, hops)
                        .or_else(|| self.owner(a, hit.tokens.end - 1, hops));
                    if let Some(owner) = owner {
                        return found(
                            Known { id: owner.id, class: owner.class.and(hit.entry.class) },
                            "title",
                        );
                    }
                    if hit.entry.sort == Sort::Office {
                        let state = self.state.map(|known| known.id).or(self.story.home)?;
                        return found(Known { id: state, class: hit.entry.class }, "title");
                    }
                    return found(Known { id: hit.entry.id?, class: hit.entry.class }, "title");
                }
                _ => {
                    let class = if hit.entry.sort == Sort::Named {
                        hit.entry.class
                    } else {
                        self.class("state")
                    };
                    return found(Known { id: hit.entry.id?, class }, "name within");
                }
            }
        }
        if let Some(who) = self.apposed(a, head, accepts, hops) {
            return found(Known { id: who.id, class: who.class }, "apposition");
        }
        if let Some(known) = self.surnames.get(a.lower(head)) {
            return found(*known, "named before");
        }
        if a.sentence.child(head, Label::Nummod).is_some() && self.story.is_migration {
            return found(Known { id: self.known("MIG")?, class: self.movers() }, "counted");
        }
        let place = a.hit_at(head).is_some_and(|hit| hit.entry.sort == Sort::Place);
        if place || accepts.meets(self.movers()) && !accepts.meets(self.powers()) {
            return None;
        }
        found(Known { id: self.known("OTH")?, class: self.class("other") }, "unknown name")
    }

    /// A common noun that the codebook does not know, by whose it is.
    fn by_owner(
        &self,
        a: &Analysis<'_>,
        head: usize,
        accepts: Class,
        tokens: &Range<usize>,
        hops: usize,
    ) -> Option<Who> {
        let found = |known: Known, rule| {
            Some(Who { id: known.id, class: known.class, tokens: tokens.clone(), rule })
        };
        let says = |words: &[&str]| words.contains(&a.lemma(head));
        if says(&["bloc"]) {
            return found(
                Known { id: self.known("EU")?, class: self.class("body") },
                "description",
            );
        }
        if says(&["alliance"]) {
            return found(
                Known { id: self.known("NATO")?, class: self.class("body") },
                "description",
            );
        }
        if says(&["country", "nation", "state", "kingdom", "republic", "regime"]) {
            let id =
                self.state_in(a, head).or(self.state.map(|known| known.id)).or(self.story.home)?;
            return found(Known { id, class: self.class("state") }, "description");
        }
        if says(&[
            "agency",
            "organization",
            "organisation",
            "group",
            "charity",
            "statement",
            "report",
            "spokesman",
            "head",
            "chief",
        ]) {
            if let Some(owner) = self.owner(a, head, hops) {
                return found(owner, "owner");
            }
            return found(self.single?, "description");
        }
        let owner = self.owner(a, head, hops)?;
        let fits = accepts.is_empty() || owner.class.meets(accepts);
        if fits { found(owner, "owner") } else { None }
    }

    /// The state that stands as a subject or owner earlier in the sentence.
    fn state_in(&self, a: &Analysis<'_>, before: usize) -> Option<Id> {
        let lexicon = &self.codebook.lexicon;
        a.hits
            .iter()
            .filter(|hit| hit.tokens.end <= before)
            .filter(|hit| matches!(hit.entry.sort, Sort::State | Sort::Named | Sort::Demonym))
            .filter(|hit| hit.entry.id.is_some_and(|id| lexicon.is_state(id)))
            .rfind(|hit| {
                matches!(a.label(hit.tokens.end - 1), Label::Nsubj | Label::Nsubjpass | Label::Poss)
                    || matches!(
                        a.label(a.head(hit.tokens.end - 1)),
                        Label::Nsubj | Label::Nsubjpass
                    ) && a.label(hit.tokens.end - 1) == Label::Amod
            })
            .and_then(|hit| hit.entry.id)
    }

    fn pronoun(&self, a: &Analysis<'_>, at: usize, accepts: Class) -> Option<Known> {
        let movers = self.movers();
        let fits = |known: &Known| {
            accepts.is_empty() || known.class.is_empty() || known.class.meets(accepts)
        };
        let moving = || {
            let wanted = self.story.is_migration && (accepts.is_empty() || accepts.meets(movers));
            wanted.then(|| self.known("MIG").map(|id| Known { id, class: movers })).flatten()
        };
        match a.lower(at) {
            "i" | "we" | "us" | "me" | "our" | "my" => {
                self.speaker.filter(fits).or(self.single.filter(fits))
            }
            "they" | "them" | "their" | "themselves" | "those" => self
                .earlier(a, at, accepts, true)
                .filter(fits)
                .or_else(|| self.several.filter(fits))
                .or_else(moving)
                .or_else(|| self.single.filter(fits)),
            "he" | "she" | "him" | "her" | "his" | "it" | "its" | "itself" | "himself" => self
                .earlier(a, at, accepts, false)
                .filter(fits)
                .or_else(|| self.single.filter(fits))
                .or_else(|| if accepts.meets(movers) { moving() } else { None }),
            _ => None,
        }
    }

    /// The nearest subject before the pronoun in its own sentence.
    fn earlier(&self, a: &Analysis<'_>, at: usize, accepts: Class, several: bool) -> Option<Known> {
        let subjects = (0..at).rev().filter(|i| {
            matches!(a.label(*i), Label::Nsubj | Label::Nsubjpass | Label::Dobj | Label::Pobj)
                && !matches!(a.tag(*i), Tag::PRP | Tag::WP | Tag::WDT)
                && !a.sentence.is_under(at, *i)
        });
        let mut fallback = None;
        for subject in subjects {
            let plural = matches!(a.tag(subject), Tag::NNS | Tag::NNPS | Tag::CD)
                || a.sentence.child(subject, Label::Conj).is_some();
            if plural != several && !(several && a.lower(subject) == "police") {
                continue;
            }
            let Some(who) = self.find(a, subject, accepts, 2) else { continue };
            if !accepts.is_empty() && !who.class.meets(accepts) {
                continue;
            }
            let known = Known { id: who.id, class: who.class };
            if matches!(a.label(subject), Label::Nsubj | Label::Nsubjpass) {
                return Some(known);
            }
            fallback = fallback.or(Some(known));
        }
        fallback
    }

    /// Notes whom later sentences may mean.
    pub(super) fn remember(&mut self, a: &Analysis<'_>, clauses: Clauses<'_, '_>) {
        let anybody = Class::default();
        if let Some(speaker) = self.told_by(a, clauses) {
            self.speaker = Some(Known { id: speaker.id, class: speaker.class });
        }
        for at in 0..a.len() {
            let subject = matches!(a.label(at), Label::Nsubj | Label::Nsubjpass);
            if a.tag(at).is_name() && a.hit_at(at).is_none() {
                let last = a.noun_phrase(at).end - 1;
                if last == at
                    && let Some(who) = self.find(a, at, anybody, HOPS_MAX)
                    && who.rule != "unknown name"
                {
                    let known = Known { id: who.id, class: who.class };
                    self.surnames.entry(a.lower(at).to_owned()).or_insert(known);
                }
            }
            if !subject {
                continue;
            }
            let Some(who) = self.who(a, at, anybody) else { continue };
            let known = Known { id: who.id, class: who.class };
            let plural =
                matches!(a.tag(at), Tag::NNS | Tag::NNPS | Tag::CD) || a.lower(at) == "they";
            if plural {
                self.several = Some(known);
            } else if a.tag(at) != Tag::PRP {
                self.single = Some(known);
            }
            if self.codebook.lexicon.is_state(known.id) {
                self.state = Some(known);
            }
        }
    }

    fn told_by(&self, a: &Analysis<'_>, clauses: Clauses<'_, '_>) -> Option<Who> {
        (0..a.len())
            .filter(|at| self.is_saying(a, *at))
            .find_map(|at| self.speaker_of(a, clauses, at))
    }

    fn is_saying(&self, a: &Analysis<'_>, at: usize) -> bool {
        a.tag(at).is_verb() && self.codebook.words.say.contains(a.lower(at))
    }

    fn speaker_of(&self, a: &Analysis<'_>, clauses: Clauses<'_, '_>, verb: usize) -> Option<Who> {
        self.author(a, clauses, clauses.deep_subject(verb)?)
    }

    /// Returns who speaks as the noun phrase: itself, or who a report, a letter or a law is by.
    fn author(&self, a: &Analysis<'_>, clauses: Clauses<'_, '_>, head: usize) -> Option<Who> {
        let by = || clauses.noun_subject(head).filter(|by| *by != head);
        self.find(a, head, Class::default(), HOPS_MAX)
            .or_else(|| self.find(a, by()?, Class::default(), HOPS_MAX))
    }

    /// Returns who is credited for what the trigger says: "according to X", the subject of the verb of
    /// saying or blaming above it, or the speaker of a quotation that goes on.
    pub(super) fn credited(
        &self,
        a: &Analysis<'_>,
        clauses: Clauses<'_, '_>,
        trigger: usize,
        telling: &super::telling::Telling,
    ) -> Option<Who> {
        for at in 0..a.len() {
            let according = a.lower(at) == "according";
            if according || a.lower(at) == "per" {
                let object = clauses
                    .behind(at)
                    .into_iter()
                    .find(|b| b.preposition == "to")
                    .map(|b| b.object);
                if let Some(who) = object.and_then(|object| self.author(a, clauses, object)) {
                    return Some(Who { rule: "according to", ..who });
                }
            }
        }
        let telling_class = self.codebook.embeds.tellers();
        for link in &telling.links {
            let tells = self.is_saying(a, link.word) || link.embed.meets(telling_class);
            if !tells || link.word == trigger {
                continue;
            }
            let who = if a.tag(link.word).is_verb() {
                self.speaker_of(a, clauses, link.word)
            } else {
                clauses
                    .noun_subject(link.word)
                    .or_else(|| clauses.light_subject(link.word))
                    .and_then(|at| self.find(a, at, Class::default(), HOPS_MAX))
            };
            if who.is_some() {
                return who;
            }
        }
        // "…, officials said": a clause beside.
        let beside = a.sentence.heads(trigger).chain([trigger]).find_map(|above| {
            a.sentence.children(above).find(|at| {
                matches!(a.label(*at), Label::Parataxis | Label::Ccomp | Label::Advcl)
                    && self.is_saying(a, *at)
                    && *at != trigger
                    && !a.sentence.is_under(trigger, *at)
                    && a.sentence.child(*at, Label::Ccomp).is_none()
            })
        });
        if let Some(verb) = beside {
            return self.speaker_of(a, clauses, verb);
        }
        None
    }

    /// Returns the speaker of the sentence before when this one is a quotation that goes on.
    pub(super) fn quoted(&self, a: &Analysis<'_>) -> Option<Who> {
        let opens =
            a.sentence.tokens.first().is_some_and(|token| {
                matches!(token.text, "“" | "\"" | "‘" | "``" | "'" | "«" | "„")
            });
        let says = (0..a.len()).any(|at| self.is_saying(a, at));
        let known = self.speaker.filter(|_| opens && !says)?;
        Some(Who { id: known.id, class: known.class, tokens: 0..0, rule: "quotation goes on" })
    }

    /// Returns who the sentence's own verb of saying belongs to, else the speaker of a quotation.
    pub(super) fn voice(&self, a: &Analysis<'_>, clauses: Clauses<'_, '_>) -> Option<Who> {
        self.told_by(a, clauses).or_else(|| self.quoted(a))
    }
}
