//! Who a noun phrase is: by its own words, by its owner, by apposition, or by what was said before.
//!
//! A [`Cast`] goes through a document sentence by sentence: [`Cast::who`] answers, then
//! [`Cast::remember`] notes whom the next sentences may mean.

mod memory;
mod name;
mod noun;
mod owner;
mod pronoun;
mod speech;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::ops::Range;

use jiff::civil::Date;

use self::memory::{Memory, Mention};
use super::analysis::Analysis;
use super::clause::Clauses;
use super::story::Story;
use crate::parser::codebook::{Class, Codebook, Entry, Id, Sort};
use crate::parser::syntax::{Label, Tag};

/// Steps from phrase to phrase: "the head of the agency of the ministry".
const HOPS_MAX: usize = 6;

/// Steps of a question that a question asks about all nouns of a sentence. Such a question asks no
/// further one of that kind, so that each ends soon.
const HOPS_ASIDE: usize = 3;

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

/// Somebody, wherever it was named.
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
    /// Day of publication.
    day: Option<Date>,
    /// The sentences of the text, in order, for quotations that are ascribed only at their end.
    sentences: &'c [Analysis<'c>],
    /// Persons by a name of theirs in lower case.
    persons: HashMap<String, Person>,
    memory: Memory,
    senses: Senses,
}

/// A person whom the text introduces by title or apposition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Person {
    known: Known,
    sex: Option<Sex>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sex {
    She,
    He,
}

/// Classes that rules ask for again and again.
#[derive(Clone, Copy, Debug)]
struct Senses {
    /// Who moves, or may.
    movers: Class,
    people: Class,
    migrant: Class,
    civilian: Class,
    state: Class,
    official: Class,
    force: Class,
    /// States and what acts for them.
    powers: Class,
    /// Who others may belong to or speak for.
    bearers: Class,
    /// Bodies and groups by name.
    groups: Class,
    person: Class,
    other: Class,
    counterpart: Class,
    boat: Class,
    arms: Class,
    ground: Class,
}

impl Senses {
    fn of(codebook: &Codebook) -> Self {
        let lexicon = &codebook.lexicon;
        let all = |names: &[&str]| lexicon.classes(names.iter().copied());
        Self {
            movers: all(&["migrant", "people"]),
            people: all(&["people"]),
            migrant: all(&["migrant"]),
            civilian: all(&["civilian"]),
            state: all(&["state"]),
            official: all(&["official"]),
            force: all(&["force"]),
            powers: all(&["state", "official", "force", "court"]),
            bearers: all(&[
                "state", "body", "ngo", "media", "armed", "business", "force", "official", "court",
                "smuggler",
            ]),
            groups: all(&["body", "ngo", "media", "armed", "business", "smuggler"]),
            person: all(&["person"]),
            other: all(&["other"]),
            counterpart: all(&["counterpart"]),
            boat: all(&["boat"]),
            arms: all(&["aircraft", "weapon", "troops", "vehicle"]),
            ground: all(&["border", "territory", "camp", "gate"]),
        }
    }
}

/// One question: who is this, for a role that takes these.
#[derive(Clone, Debug)]
struct Asked {
    head: usize,
    /// Words of the noun phrase.
    tokens: Range<usize>,
    /// Classes that the role takes; empty where it takes anybody.
    accepts: Class,
    hops: usize,
}

impl Asked {
    fn found(&self, known: Known, rule: &'static str) -> Who {
        Who { id: known.id, class: known.class, tokens: self.tokens.clone(), rule }
    }

    /// Returns whether the role takes one of the classes.
    fn takes(&self, class: Class) -> bool {
        self.accepts.is_empty() || self.accepts.meets(class)
    }
}

impl<'c> Cast<'c> {
    pub(super) fn new(
        codebook: &'c Codebook,
        story: &'c Story,
        day: Option<Date>,
        headline: &'c [Analysis<'c>],
        sentences: &'c [Analysis<'c>],
    ) -> Self {
        let mut cast = Self {
            codebook,
            story,
            day,
            sentences,
            persons: HashMap::new(),
            memory: Memory::default(),
            senses: Senses::of(codebook),
        };
        // The text first: it tells the full name and the office of whom the headline calls by a last name.
        for sentence in sentences.iter().chain(headline) {
            cast.introduce(sentence);
        }
        cast
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
            Who { id, class: self.senses.state, tokens: tokens.clone(), rule }
        };
        Some((who(pair.0), who(pair.1)))
    }

    /// Returns a driver, a guide or a man with a van as the smuggler that he is by what he does.
    pub(super) fn as_smuggler(&self, who: Who) -> Who {
        let s = &self.senses;
        let is_somebody = who.class.meets(s.people.and(s.civilian).and(s.migrant))
            && !who.class.meets(s.powers.and(s.groups));
        match self.codebook.lexicon.id("SMG").filter(|_| is_somebody) {
            Some(id) => Who { id, rule: "who smuggles", ..who },
            None => who,
        }
    }

    fn known(&self, name: &str, class: Class) -> Option<Known> {
        Some(Known { id: self.codebook.lexicon.id(name)?, class })
    }

    /// People in a text about migration are migrants, elsewhere residents.
    fn people(&self, class: Class) -> Option<Known> {
        if self.story.is_migration {
            self.known("MIG", class.and(self.senses.movers))
        } else {
            self.known("CVL", class.and(self.senses.people).and(self.senses.civilian))
        }
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
        // "Summoned the envoy on Thursday": a day is nobody.
        if a.tag(head).is_name() && self.codebook.measures.is_day_or_month(a.lower(head)) {
            return None;
        }
        let asked = Asked { head, tokens: a.noun_phrase(head), accepts, hops };
        match a.tag(head) {
            Tag::WP | Tag::WDT | Tag::WPS => {
                if let Some(antecedent) = antecedent(a, head) {
                    return self.find(a, antecedent, accepts, hops);
                }
            }
            Tag::PRP | Tag::PRPS => return self.pronoun(a, &asked),
            _ => {}
        }
        if let Some(of) = self.partitive(a, head) {
            let who = self.find(a, of, accepts, hops)?;
            let tokens = asked.tokens.start..asked.tokens.end.max(who.tokens.end);
            return Some(Who { tokens, ..who });
        }
        let hit = a.hit_at(head).filter(|hit| !self.is_longer_name(a, hit.tokens.start, hit.entry));
        if let Some(hit) = hit
            && let Some(who) = self.by_entry(a, &asked, hit.entry)
        {
            return Some(who);
        }
        if a.tag(head).is_name() && hit.is_none_or(|hit| hit.entry.sort == Sort::Thing) {
            return self.by_name(a, &asked);
        }
        if hit.is_none() && stands_alone(a, head) {
            return self.counted(a, &asked);
        }
        self.by_owner(a, &asked)
    }

    /// Returns whether the phrase of one word is a part of somebody else's name: "Ahmed Putin".
    fn is_longer_name(&self, a: &Analysis<'_>, start: usize, entry: &Entry) -> bool {
        if entry.sort != Sort::Surname || start == 0 {
            return false;
        }
        let first = start - 1;
        a.tag(first).is_name()
            && a.hit_at(first).is_none()
            && a.sentence.is_under(first, start)
            && !matches!(
                a.lower(first),
                "mr" | "mr." | "mrs" | "mrs." | "ms" | "ms." | "dr" | "dr."
            )
    }

    /// Returns the object behind "of" that a word of quantity stands for: "hundreds of migrants",
    /// "a group of 30 people", "members of the army".
    fn partitive(&self, a: &Analysis<'_>, head: usize) -> Option<usize> {
        let of = a.sentence.children(head).find(|at| *at > head && a.lower(*at) == "of")?;
        let object = a.sentence.child(of, Label::Pobj)?;
        let counts = a.tag(head) == Tag::CD
            || self.codebook.words.partitives.contains(a.lower(head))
            || self.codebook.words.partitives.contains(a.lemma(head))
            || a.hit_at(head).is_none() && stands_alone(a, head);
        counts.then_some(object)
    }

    /// "Dozens", "many", "the injured", "41": those whom the text is about.
    fn counted(&self, a: &Analysis<'_>, asked: &Asked) -> Option<Who> {
        if matches!(a.lower(asked.head), "this" | "that" | "what" | "which" | "much" | "less") {
            return None;
        }
        if self.story.is_migration && asked.takes(self.senses.movers) {
            let known = self.known("MIG", self.senses.movers)?;
            return Some(asked.found(known, "counted"));
        }
        let fits = |mention: &&Mention| asked.takes(mention.known.class);
        let several = self.memory.several().find(fits).map(|mention| mention.known);
        Some(asked.found(several?, "counted"))
    }
}

/// Returns whether the word stands for a counted or described noun that is left out.
fn stands_alone(a: &Analysis<'_>, head: usize) -> bool {
    match a.tag(head) {
        Tag::CD | Tag::DT | Tag::PDT => true,
        Tag::JJ | Tag::JJR | Tag::JJS | Tag::VBN | Tag::VBG => {
            // "many", "others", "the displaced", not "further" in "went further".
            a.sentence.child(head, Label::Det).is_some()
                || matches!(
                    a.lower(head),
                    "many" | "most" | "several" | "few" | "more" | "fewer" | "other"
                )
        }
        Tag::NNS | Tag::NN => matches!(
            a.lower(head),
            "others"
                | "dozens"
                | "hundreds"
                | "thousands"
                | "scores"
                | "tens"
                | "millions"
                | "some"
                | "many"
                | "anyone"
                | "anybody"
                | "everyone"
                | "everybody"
                | "someone"
                | "somebody"
                | "one"
                | "ones"
                | "nobody"
                | "half"
                | "majority"
                | "arrivals"
                | "rest"
        ),
        _ => false,
    }
}

/// Returns the noun that a relative pronoun stands for.
fn antecedent(a: &Analysis<'_>, relative: usize) -> Option<usize> {
    let mut at = relative;
    for _ in 0..8 {
        if a.label(at) == Label::Relcl {
            return Some(a.head(at));
        }
        if a.sentence.is_root(at) {
            break;
        }
        at = a.head(at);
    }
    None
}
