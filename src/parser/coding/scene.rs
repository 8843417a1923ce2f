//! Frames at their triggers in one sentence: which words carry an event, and who has which role.

use super::analysis::Analysis;
use super::clause::{Behind, Clauses};
use super::date::DateMention;
use super::quantity::{self, Count};
use super::telling::{Senses, Telling};
use crate::parser::Status;
use crate::parser::codebook::{
    Class, Classes, Codebook, Frame, Negated, Pattern, Shape, Sort, mark,
};
use crate::parser::syntax::{Label, Tag};

/// Tokens after a verb within which the further words of its trigger stand.
const PARTICLE_REACH: usize = 14;

/// Words that stand for people who were named before.
pub(super) const OPEN: [&str; 20] = [
    "many",
    "some",
    "several",
    "most",
    "others",
    "dozens",
    "hundreds",
    "thousands",
    "scores",
    "millions",
    "half",
    "all",
    "both",
    "few",
    "none",
    "those",
    "first",
    "majority",
    "rest",
    "more",
];

/// Where a trigger stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    /// The token that carries the event.
    pub(super) head: usize,
    /// All its words, in their order.
    pub(super) tokens: Vec<usize>,
    pub(super) shape: Shape,
}

/// What stands around a trigger, before anybody is named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Arguments {
    /// Head of the noun phrase that does it.
    pub(super) subject: Option<usize>,
    /// Head of the noun phrase that it is done to.
    pub(super) object: Option<usize>,
    pub(super) behind: Vec<Behind>,
    pub(super) is_passive: bool,
}

/// A frame whose words and guards fit.
#[derive(Clone, Debug)]
pub(super) struct Candidate<'c> {
    pub(super) frame: &'c Frame,
    pub(super) spot: Spot,
    pub(super) arguments: Arguments,
    pub(super) telling: Telling,
}

/// What a document is about, as far as frames ask for it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Around {
    /// Classes of the sentence before, the headline, and what recurs in the text.
    pub(super) classes: Class,
}

/// One sentence and what is needed to try frames on it.
pub(super) struct Scene<'s, 'a> {
    pub(super) codebook: &'a Codebook,
    pub(super) analysis: &'s Analysis<'a>,
    pub(super) clauses: Clauses<'s, 'a>,
    pub(super) senses: Senses,
    pub(super) around: Around,
    pub(super) dates: Vec<DateMention>,
    pub(super) counts: Vec<Count>,
    /// What nationals of a state are here: people, and in a text about such migrants.
    movers: Class,
    /// The marks of its words and lemmas.
    marks: u128,
}

impl<'s, 'a> Scene<'s, 'a> {
    pub(super) fn new(
        codebook: &'a Codebook,
        analysis: &'s Analysis<'a>,
        around: Around,
        published: Option<jiff::civil::Date>,
    ) -> Self
    where
        'a: 's,
    {
        let clauses = Clauses { analysis, words: &codebook.clause };
        let dates = super::date::dates(&analysis.sentence, &codebook.measures, published);
        let counts = quantity::counts(analysis, &codebook.measures, &dates);
        let senses = Senses::of(&codebook.embeds);
        let lexicon = &codebook.lexicon;
        let moving = analysis.classes.and(around.classes);
        let is_migration = moving.meets(lexicon.classes(["migrant", "migration"]));
        let movers = if is_migration { &["people", "migrant"][..] } else { &["people"] };
        let movers = lexicon.classes(movers.iter().copied());
        let marks = analysis.sentence.tokens.iter().fold(0, |marks, token| {
            let lemma = if token.lemma == token.lower { 0 } else { mark(&token.lemma) };
            marks | mark(&token.lower) | lemma
        });
        Self { codebook, analysis, clauses, senses, around, dates, counts, movers, marks }
    }

    /// Returns the frames that fit at the token, the most specific first.
    pub(super) fn candidates(&self, at: usize) -> Vec<Candidate<'a>> {
        let a = self.analysis;
        let mut found: Vec<(i32, Candidate<'a>)> = Vec::new();
        let lemma = self.codebook.patterns.of(a.lemma(at));
        let lower =
            if a.lower(at) == a.lemma(at) { &[] } else { self.codebook.patterns.of(a.lower(at)) };
        let participle = match a.tag(at) {
            Tag::JJ | Tag::NN => self.codebook.patterns.of_participle(a.lower(at)),
            _ => &[],
        };
        let any = if a.tag(at).is_verb() { self.codebook.patterns.of_any() } else { &[] };
        for pattern in lemma.iter().chain(lower).chain(participle).chain(any) {
            if pattern.marks & !self.marks != 0 {
                continue;
            }
            let Some(spot) = self.matched(pattern, at) else { continue };
            let frame = &self.codebook.frames[pattern.frame];
            let known = found.iter().position(|(_, other)| std::ptr::eq(other.frame, frame));
            if let Some(known) = known {
                if found[known].1.spot.tokens.len() >= spot.tokens.len() {
                    continue;
                }
                found.remove(known);
            }
            let mut telling = self.clauses.telling(spot.head, &self.codebook.embeds, self.senses);
            // "Will respond", "no pushbacks": the trigger's own words do not speak against it.
            if telling.word.is_some_and(|word| spot.tokens.contains(&word)) {
                telling.status = Status::Occurred;
                telling.is_negated = false;
            }
            let readings = [
                Some(self.arguments(&spot)),
                self.read_actively(&spot),
                self.read_passively(&spot),
            ];
            let fitting = readings.into_iter().flatten().find_map(|arguments| {
                let guards = self.fits(frame, &spot, &arguments, &telling)?;
                Some((guards, arguments))
            });
            if let Some((guards, arguments)) = fitting {
                let score = i32::from(frame.priority) * 100
                    + i32::try_from(spot.tokens.len()).unwrap_or(0) * 10
                    + guards;
                found.push((score, Candidate { frame, spot, arguments, telling }));
            }
        }
        found.sort_by_key(|(score, _)| -score);
        found.into_iter().map(|(_, candidate)| candidate).collect()
    }

    /// Returns where the pattern stands when its first word is the token.
    fn matched(&self, pattern: &Pattern, at: usize) -> Option<Spot> {
        let a = self.analysis;
        let tokens = match pattern.shape {
            Shape::Verb | Shape::Passive => {
                let tag = a.tag(at);
                let participle =
                    matches!(tag, Tag::JJ | Tag::NN) && a.lower(at) != pattern.words[0];
                if !(tag.is_verb() || participle) || self.is_auxiliary(at) {
                    return None;
                }
                if pattern.shape == Shape::Passive && !self.clauses.is_passive(at) {
                    return None;
                }
                self.verb_words(pattern, at)?
            }
            Shape::Noun => self.noun_words(pattern, at)?,
            Shape::Phrase => {
                let fits =
                    pattern.words.iter().enumerate().all(|(i, word)| a.lower(at + i) == word);
                fits.then(|| (at..at + pattern.words.len()).collect())?
            }
        };
        let head = match pattern.shape {
            Shape::Verb | Shape::Passive => at,
            Shape::Noun | Shape::Phrase => tokens
                .iter()
                .copied()
                .find(|token| a.sentence.is_root(*token) || !tokens.contains(&a.head(*token)))
                .unwrap_or(at),
        };
        Some(Spot { head, tokens, shape: pattern.shape })
    }

    fn is_auxiliary(&self, at: usize) -> bool {
        matches!(self.analysis.label(at), Label::Aux | Label::Auxpass)
    }

    fn is_word(&self, at: usize, word: &str) -> bool {
        self.analysis.lower(at) == word || self.analysis.lemma(at) == word
    }

    fn verb_words(&self, pattern: &Pattern, at: usize) -> Option<Vec<usize>> {
        let mut tokens = vec![at];
        let mut from = at + 1;
        for word in &pattern.words[1..] {
            let to = (at + PARTICLE_REACH).min(self.analysis.len());
            let next = (from..to).find(|i| {
                self.is_word(*i, word)
                    && self.is_in_clause(*i, at)
                    && self.hangs_on(*i, at, &tokens)
            });
            match next {
                Some(next) => {
                    tokens.push(next);
                    from = next + 1;
                }
                None => tokens.push(self.patient_word(at, word)?),
            }
        }
        tokens.sort_unstable();
        Some(tokens)
    }

    /// Returns the word in whom a passive verb befalls: "charges were filed", "lives were lost".
    fn patient_word(&self, verb: usize, word: &str) -> Option<usize> {
        if !self.clauses.is_passive(verb) {
            return None;
        }
        let patient = self.clauses.deep_object(verb)?;
        let phrase = self.analysis.noun_phrase(patient);
        (phrase.start..=patient).rev().find(|at| self.is_word(*at, word))
    }

    /// Returns whether the token belongs to what the verb says, not to a clause below it.
    fn is_in_clause(&self, token: usize, verb: usize) -> bool {
        let a = self.analysis;
        let mut at = token;
        for _ in 0..8 {
            if at == verb {
                return true;
            }
            // "Holds Minsk responsible": a clause without a verb stays with the verb above.
            let leaves = matches!(a.label(at), Label::Advcl | Label::Relcl | Label::Parataxis)
                || a.label(at) == Label::Ccomp
                    && self.clauses.is_verb(at)
                    && !self.clauses.is_bare_complement(at)
                || a.label(at) == Label::Conj && self.clauses.is_verb(at);
            if leaves || a.sentence.is_root(at) {
                return false;
            }
            at = a.head(at);
        }
        false
    }

    /// Returns whether a particle or a preposition belongs to the verb or to words of its trigger,
    /// straight or through another one ("back into"); an adverb may hang on the object, too. Nouns and
    /// verbs of a trigger may stand anywhere in the clause.
    fn hangs_on(&self, token: usize, verb: usize, trigger: &[usize]) -> bool {
        let a = self.analysis;
        let is_particle = |at: usize| matches!(a.tag(at), Tag::IN | Tag::RP | Tag::RB | Tag::TO);
        if !is_particle(token) || a.label(token) == Label::Aux {
            return true;
        }
        let mut at = token;
        for _ in 0..4 {
            at = a.head(at);
            if trigger.contains(&at) {
                return true;
            }
            // "Stripped them of": the parser often hangs it on the object.
            let is_object = a.head(at) == verb && matches!(a.label(at), Label::Dobj | Label::Ccomp);
            let is_place =
                a.tag(token) == Tag::IN && matches!(a.lower(token), "in" | "on" | "at" | "for");
            if is_object && !is_place {
                return true;
            }
            if !is_particle(at) || a.sentence.is_root(at) {
                return false;
            }
        }
        false
    }

    fn noun_words(&self, pattern: &Pattern, at: usize) -> Option<Vec<usize>> {
        let a = self.analysis;
        let end = at + pattern.words.len();
        let fits = pattern.words.iter().enumerate().all(|(i, word)| self.is_word(at + i, word));
        if !fits || end > a.len() {
            return None;
        }
        let last = end - 1;
        if pattern.words.len() == 1 {
            use Label::*;
            let nominal = match a.tag(at) {
                Tag::VBG => {
                    matches!(a.label(at), Pobj | Dobj | Nsubj | Nsubjpass | Attr | Compound | Appos)
                }
                Tag::VB | Tag::VBD | Tag::VBN | Tag::VBP | Tag::VBZ => {
                    matches!(a.label(at), Pobj | Dobj | Nsubj | Nsubjpass | Compound | Attr)
                }
                Tag::JJ => false,
                _ => true,
            };
            if !nominal {
                return None;
            }
        }
        // "rescue boat", "attack helicopter": another thing.
        if a.label(last) == Label::Compound && a.head(last) > last && a.tag(a.head(last)).is_noun()
        {
            return None;
        }
        // "International Rescue Committee": a name.
        let in_name = a.hit_at(last).is_some_and(|hit| {
            matches!(hit.entry.sort, Sort::Named | Sort::State | Sort::Place)
                && (hit.tokens.start < at || hit.tokens.end > end)
        });
        (!in_name).then(|| (at..end).collect())
    }

    fn arguments(&self, spot: &Spot) -> Arguments {
        let (a, clauses) = (self.analysis, self.clauses);
        let head = spot.head;
        let by_verb = matches!(spot.shape, Shape::Verb | Shape::Passive) || clauses.is_verb(head);
        if by_verb {
            return Arguments {
                subject: clauses.deep_subject(head),
                object: clauses.deep_object(head).filter(|object| !spot.tokens.contains(object)),
                behind: clauses.behind_all(head),
                is_passive: clauses.is_passive(head),
            };
        }
        if !a.tag(head).is_noun() && spot.shape == Shape::Phrase {
            // "in limbo", "out of food": said of the subject of the verb above.
            let verb = a.sentence.heads(head).find(|at| clauses.is_verb(*at));
            let noun = a.sentence.heads(head).next().filter(|at| a.tag(*at).is_noun());
            let own = a.sentence.child(head, Label::Nsubj);
            let above = || verb.and_then(|verb| clauses.surface_subject(verb));
            let subject = own.or(noun).or_else(above);
            // "left 200 people in the rain".
            let object = verb.and_then(|verb| clauses.deep_object(verb));
            let object = object.filter(|object| !clauses.is_verb(*object) && *object < head);
            let behind = clauses.behind_all(head);
            return Arguments { subject, object, behind, is_passive: false };
        }
        let behind = clauses.behind_all(head);
        let compound = |owner: bool| {
            a.sentence.children(head).find(|at| {
                let fits = matches!(a.label(*at), Label::Amod | Label::Compound | Label::Nmod)
                    && !spot.tokens.contains(at);
                let entry = a.hit_at(*at).map(|hit| hit.entry);
                let state = entry.is_some_and(|entry| {
                    matches!(entry.sort, Sort::State | Sort::Demonym)
                        || entry.sort == Sort::Named && entry.id.is_some()
                });
                let thing = entry.is_some_and(|entry| !entry.class.is_empty()) && !state;
                fits && if owner { state } else { thing }
            })
        };
        let of = behind
            .iter()
            .find(|behind| behind.preposition == "of" && a.head(a.head(behind.object)) == head)
            .map(|behind| behind.object);
        Arguments {
            subject: clauses
                .noun_subject(head)
                .or_else(|| compound(true))
                .or_else(|| clauses.light_subject(head)),
            object: of.or_else(|| compound(false)),
            behind,
            is_passive: false,
        }
    }

    /// Returns the arguments of a participle that is the only verb of its sentence, or that has a
    /// subject but no auxiliary, read as a past tense: the parser takes "Hundreds of migrants protested"
    /// for a noun phrase, and "when a dinghy overturned" for a passive.
    fn read_actively(&self, spot: &Spot) -> Option<Arguments> {
        let (a, clauses) = (self.analysis, self.clauses);
        let head = spot.head;
        let by_verb = matches!(spot.shape, Shape::Verb | Shape::Passive);
        let has_agent = clauses.behind(head).iter().any(|behind| behind.preposition == "by");
        if !by_verb || a.tag(head) != Tag::VBN || has_agent || spot.shape == Shape::Passive {
            return None;
        }
        let child = |label: Label| a.sentence.children(head).find(|at| a.label(*at) == label);
        let own = child(Label::Nsubj).filter(|_| {
            matches!(a.label(head), Label::Advcl | Label::Conj | Label::Ccomp)
                && child(Label::Aux).or_else(|| child(Label::Auxpass)).is_none()
        });
        if let Some(subject) = own {
            return Some(Arguments {
                subject: Some(subject),
                object: child(Label::Dobj).filter(|object| !spot.tokens.contains(object)),
                behind: clauses.behind_all(head),
                is_passive: false,
            });
        }
        if a.label(head) != Label::Acl {
            return None;
        }
        let top = a.sentence.heads(head).last()?;
        if clauses.is_verb(top) || a.tag(top) == Tag::MD {
            return None;
        }
        let object = a.sentence.children(head).find(|at| a.label(*at) == Label::Dobj);
        Some(Arguments {
            subject: Some(a.head(head)),
            object: object.filter(|object| !spot.tokens.contains(object)),
            behind: clauses.behind_all(head),
            is_passive: false,
        })
    }

    /// Returns the arguments of a verb without an object, but with somebody behind "by", read as a
    /// participle: the parser takes "migrants turned away by Latvia could not return" for a past tense.
    fn read_passively(&self, spot: &Spot) -> Option<Arguments> {
        let (a, clauses) = (self.analysis, self.clauses);
        let head = spot.head;
        let is_finite = spot.shape == Shape::Verb
            && matches!(a.tag(head), Tag::VBD | Tag::VBN)
            && !clauses.is_passive(head)
            && clauses.deep_object(head).is_none();
        if !is_finite || a.sentence.children(head).any(|at| a.label(at) == Label::Aux) {
            return None;
        }
        let behind = clauses.behind_all(head);
        let powers = self.codebook.lexicon.classes(["state", "official", "force", "armed"]);
        let powers = Classes { class: powers, ..Classes::default() };
        let by = behind.iter().find(|b| b.preposition == "by" && self.has(b.object, powers));
        let subject = by.map(|behind| behind.object)?;
        let object = clauses.surface_subject(head);
        Some(Arguments { subject: Some(subject), object, behind, is_passive: true })
    }

    /// Returns how many guards the frame has when all are met.
    fn fits(
        &self,
        frame: &Frame,
        spot: &Spot,
        arguments: &Arguments,
        telling: &Telling,
    ) -> Option<i32> {
        let a = self.analysis;
        let is_verb = matches!(spot.shape, Shape::Verb | Shape::Passive);
        let mut guards = 0;
        let mut ask = |asked: bool, met: &dyn Fn() -> bool| -> Option<()> {
            if asked {
                guards += 1;
                if !met() {
                    return None;
                }
            }
            Some(())
        };
        let around = a.classes.and(self.around.classes);
        ask(!frame.near.is_empty(), &|| around.meets(frame.near))?;
        ask(!frame.here.is_empty(), &|| a.classes.meets(frame.here))?;
        if frame.not.iter().any(|phrase| self.contains(phrase)) {
            return None;
        }
        if frame.not_verbs.iter().any(|verb| a.lemma(spot.head) == verb) {
            return None;
        }
        ask(frame.negated == Negated::Only, &|| telling.is_negated)?;
        ask(frame.conditional, &|| self.is_conditional(spot.head, arguments))?;
        ask(!frame.under.is_empty(), &|| telling.under.meets(frame.under))?;
        if telling.under.meets(frame.not_under) {
            return None;
        }
        let object_asked = !frame.object_is.is_empty() && (is_verb || arguments.object.is_some());
        ask(object_asked, &|| match arguments.object {
            Some(object) => {
                self.has(object, frame.object_is)
                    && (!self.is_open(object)
                        || self.whole(object).is_some()
                        || self.may_be_people(frame.object_is))
            }
            None => arguments.behind.iter().any(|behind| self.has(behind.object, frame.object_is)),
        })?;
        let subject_is =
            Classes { class: frame.subject_is.class.and(frame.actor_is), ..frame.subject_is };
        ask(!subject_is.is_empty(), &|| {
            arguments.subject.is_some_and(|subject| self.has(subject, subject_is))
        })?;
        let says = |at: Option<usize>, words: &[String]| {
            at.is_some_and(|at| {
                let phrase = a.noun_phrase(at);
                words.iter().any(|word| {
                    phrase.clone().any(|token| self.is_word(token, word))
                        || word.contains(' ')
                            && a.words(phrase.clone()).to_lowercase().contains(word.as_str())
                })
            })
        };
        if says(arguments.object, &frame.not_object) || says(arguments.subject, &frame.not_subject)
        {
            return None;
        }
        let stands = |guard: &crate::parser::codebook::Behind| {
            arguments.behind.iter().any(|behind| {
                guard.prepositions.contains(&behind.preposition)
                    && (guard.classes.is_empty() || self.has(behind.object, guard.classes))
            }) || guard.classes.is_empty()
                && a.sentence
                    .children(spot.head)
                    .any(|child| guard.prepositions.iter().any(|word| a.lower(child) == word))
        };
        for guard in &frame.with {
            ask(true, &|| stands(guard))?;
        }
        if frame.with_not.iter().any(stands) {
            return None;
        }
        Some(guards)
    }

    /// Returns whether a condition is set to what the trigger says: "unless they leave", "any ship that
    /// comes near will be".
    fn is_conditional(&self, head: usize, arguments: &Arguments) -> bool {
        let a = self.analysis;
        let is_condition = |at: usize| {
            a.label(at) == Label::Advcl
                && a.sentence.children(at).any(|child| {
                    matches!(a.label(child), Label::Mark | Label::Advmod | Label::Aux)
                        && matches!(a.lower(child), "if" | "unless" | "until" | "should")
                })
        };
        let is_future = std::iter::once(head).chain(a.sentence.heads(head).take(1)).any(|at| {
            let modal =
                |child| matches!(a.lower(child), "will" | "would" | "'ll" | "shall" | "can");
            a.sentence.children(at).any(modal)
        });
        if !is_future {
            return false;
        }
        let is_any = |at: usize| {
            let phrase = a.noun_phrase(at);
            matches!(a.lower(phrase.start), "any" | "anyone" | "anybody" | "whoever" | "those")
        };
        std::iter::once(head)
            .chain(a.sentence.heads(head).take(2))
            .any(|at| a.sentence.children(at).any(is_condition))
            || [arguments.object, arguments.subject].into_iter().flatten().any(is_any)
    }

    /// Returns whether the noun phrase holds a word of the classes.
    pub(super) fn has(&self, head: usize, classes: Classes) -> bool {
        let a = self.analysis;
        let persons = self.codebook.lexicon.classes(["migrant", "people", "civilian"]);
        let mut heads = vec![head];
        heads.extend(self.clauses.conjuncts(head));
        // "A group of about 30", "five of whom".
        let parts: Vec<usize> = heads.iter().filter_map(|head| self.whole(*head)).collect();
        heads.extend(parts);
        heads.into_iter().any(|head| {
            let phrase = a.noun_phrase(head);
            a.hits.iter().any(|hit| {
                let inside = hit.tokens.start < phrase.end && phrase.start < hit.tokens.end;
                // "The migrant crisis" is no migrant.
                let beside = hit.entry.sort == Sort::Noun && hit.tokens.end <= head;
                let class = if beside { hit.entry.class.without(persons) } else { hit.entry.class };
                let class = if hit.tokens.end > head && self.are_nationals(hit.entry.sort, head) {
                    class.and(self.movers)
                } else {
                    class
                };
                inside
                    && (class.meets(classes.class)
                        || classes.country && !hit.entry.countries.is_empty())
            }) || self.is_open(head) && self.pronoun_may_be(head, classes)
        })
    }

    /// Returns whether the noun is people by their state ("Haitians", "eleven Vietnamese").
    fn are_nationals(&self, sort: Sort, head: usize) -> bool {
        use Label::*;
        let a = self.analysis;
        match sort {
            Sort::Nationals => true,
            Sort::Demonym => {
                a.tag(head).is_noun() && !matches!(a.label(head), Amod | Compound | Nmod | Poss)
            }
            _ => false,
        }
    }

    /// Returns what the word is a part or a number of: "five of the boats".
    fn whole(&self, head: usize) -> Option<usize> {
        let a = self.analysis;
        let is_part = a.tag(head) == Tag::CD
            || OPEN.contains(&a.lower(head))
            || self.codebook.words.partitives.contains(a.lower(head));
        let behind = |word: &str| {
            let stands = |b: &Behind| b.preposition == word;
            let found = self.clauses.behind(head).into_iter().find(stands);
            found.map(|behind| behind.object)
        };
        // "All but one of its crossings".
        if a.lower(head) == "all"
            && let Some(left) = behind("but")
        {
            return Some(self.whole(left).unwrap_or(left));
        }
        behind("of").filter(|_| is_part)
    }

    /// Returns whether the word is a pronoun, or a number or "many" without a noun ("hundreds of
    /// them").
    fn is_open(&self, head: usize) -> bool {
        let a = self.analysis;
        if a.tag(head) == Tag::PRP {
            return true;
        }
        let counts = match a.tag(head) {
            Tag::CD => !(a.lower(head).len() == 4 && a.lower(head).starts_with(['1', '2'])),
            _ => OPEN.contains(&a.lower(head)),
        };
        counts
            && self.clauses.behind(head).iter().all(|behind| {
                behind.preposition != "of"
                    || matches!(a.tag(behind.object), Tag::PRP | Tag::WP | Tag::WDT | Tag::DT)
            })
    }

    /// Who "they" are is found out later; a pronoun may be anybody who acts or suffers.
    fn pronoun_may_be(&self, at: usize, classes: Classes) -> bool {
        let lexicon = &self.codebook.lexicon;
        let several = lexicon.classes(["migrant", "people", "civilian", "boat"]);
        let powers = lexicon.classes(["state", "official", "force", "body"]);
        match self.analysis.lower(at) {
            "they" | "them" | "we" | "us" | "those" => classes.class.meets(several.and(powers)),
            "he" | "she" | "him" | "her" | "i" => classes.class.meets(several.and(powers)),
            "it" => classes.class.meets(powers.and(lexicon.class("boat"))),
            _ => classes.class.meets(several),
        }
    }

    /// Returns whether people may meet the guard: forces and states that a verb has as its object are
    /// named, not "them".
    fn may_be_people(&self, classes: Classes) -> bool {
        let people = self.codebook.lexicon.classes(["migrant", "people", "civilian", "boat"]);
        classes.country || classes.class.meets(people)
    }

    /// Returns whether the words stand side by side in the sentence.
    fn contains(&self, phrase: &[String]) -> bool {
        let len = self.analysis.len();
        (0..len).any(|at| {
            at + phrase.len() <= len
                && phrase.iter().enumerate().all(|(i, word)| self.analysis.lower(at + i) == word)
        })
    }
}
