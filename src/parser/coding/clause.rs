//! Who does what to whom in a clause: voice, deep subject and object, what stands behind prepositions.

use super::analysis::Analysis;
use crate::parser::codebook::{ClauseLists, Sort};
use crate::parser::syntax::{Label, Tag};

/// Clauses through which a subject is looked for: "ordered troops to begin to prepare to leave".
const CONTROL_HOPS_MAX: usize = 6;

/// Verbs with a bare infinitive behind their object ("let the families go").
const BARE_OBJECT: [&str; 7] = ["let", "make", "see", "watch", "hear", "help", "have"];

/// What stands behind a preposition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Behind {
    /// In lower case, with what goes before it in "out of", "because of", "back to".
    pub(super) preposition: String,
    /// Its object.
    pub(super) object: usize,
}

/// Reads the clauses of one sentence.
#[derive(Clone, Copy)]
pub(super) struct Clauses<'s, 'a> {
    pub(super) analysis: &'s Analysis<'a>,
    pub(super) words: &'s ClauseLists,
}

impl Clauses<'_, '_> {
    fn label(&self, at: usize) -> Label {
        self.analysis.label(at)
    }

    fn child(&self, head: usize, label: Label) -> Option<usize> {
        self.analysis.sentence.child(head, label)
    }

    fn children(&self, head: usize) -> impl DoubleEndedIterator<Item = usize> + '_ {
        self.analysis.sentence.children(head)
    }

    fn head(&self, at: usize) -> usize {
        self.analysis.head(at)
    }

    fn is_root(&self, at: usize) -> bool {
        self.analysis.sentence.is_root(at)
    }

    pub(super) fn is_verb(&self, at: usize) -> bool {
        self.analysis.tag(at).is_verb()
    }

    /// Returns whether the verb is passive, also without an auxiliary ("migrants held in Texas").
    pub(super) fn is_passive(&self, verb: usize) -> bool {
        if self.child(verb, Label::Auxpass).is_some()
            || self.child(verb, Label::Nsubjpass).is_some()
        {
            return true;
        }
        let tag = self.analysis.tag(verb);
        if !matches!(tag, Tag::VBN | Tag::VBD | Tag::JJ) || self.child(verb, Label::Nsubj).is_some()
        {
            // "left hundreds stranded", "with the road blocked": the small clause's subject is what is
            // stranded.
            use Label::*;
            let small = matches!(self.label(verb), Ccomp | Xcomp | Oprd | Advcl | Pcomp);
            return tag == Tag::VBN && small && self.auxiliaries(verb).next().is_none();
        }
        if self.auxiliaries(verb).any(|aux| self.analysis.lemma(aux) == "have") {
            return false;
        }
        let has_object = self.child(verb, Label::Dobj).is_some();
        match self.label(verb) {
            Label::Acl | Label::Amod => true,
            Label::Conj => {
                let first = self.head(verb);
                self.is_verb(first) && self.is_passive(first) && !has_object
            }
            Label::Advcl | Label::Xcomp | Label::Oprd | Label::Acomp | Label::Dep => {
                tag != Tag::VBD && !has_object
            }
            _ => self.child(verb, Label::Agent).is_some() && !has_object,
        }
    }

    /// Auxiliaries of the verb, not those of the passive.
    fn auxiliaries(&self, verb: usize) -> impl Iterator<Item = usize> + '_ {
        self.children(verb).filter(|at| self.label(*at) == Label::Aux)
    }

    /// Returns who does what the verb says.
    pub(super) fn deep_subject(&self, verb: usize) -> Option<usize> {
        if self.is_passive(verb) { self.agent(verb) } else { self.surface_subject(verb) }
    }

    /// Returns to whom the verb does what it says.
    pub(super) fn deep_object(&self, verb: usize) -> Option<usize> {
        if self.is_passive(verb) {
            return self.patient(verb);
        }
        if let Some(object) = self.child(verb, Label::Dobj) {
            return Some(self.antecedent(object));
        }
        if let Some(gap) = self.relative_gap(verb) {
            return Some(gap);
        }
        // "let the boat land", "ordered them to leave": whoever is to do it.
        let bare = self.children(verb).find(|at| self.is_bare_complement(*at));
        if let Some(subject) = bare.and_then(|clause| self.last_subject(clause)) {
            return Some(self.antecedent(subject));
        }
        // "arrested and deported 300 migrants": the second verb's object is the first one's too.
        let next =
            self.children(verb).find(|at| self.label(*at) == Label::Conj && self.is_verb(*at))?;
        let bare = self.prepositions_of(verb).next().is_none()
            && self.child(verb, Label::Ccomp).is_none()
            && self.child(verb, Label::Xcomp).is_none()
            && self.child(next, Label::Nsubj).is_none();
        if bare {
            self.child(next, Label::Dobj).map(|object| self.antecedent(object))
        } else {
            None
        }
    }

    /// The subject beside the verb; of two the nearer one ("a record 300 people crossed" has two for
    /// the parser).
    fn last_subject(&self, verb: usize) -> Option<usize> {
        let subjects = || {
            self.children(verb)
                .filter(|at| matches!(self.label(*at), Label::Nsubj | Label::Nsubjpass))
        };
        let number = || self.number_before(verb);
        subjects().rfind(|at| *at < verb).or_else(|| subjects().next()).or_else(number)
    }

    /// "Over 6,000 have landed", "by nightfall 700 had crossed": the number right before a finite verb
    /// that has no subject, which the parser hangs on a preposition or on the noun before it.
    fn number_before(&self, verb: usize) -> Option<usize> {
        let a = self.analysis;
        let first = self.auxiliaries(verb).filter(|at| *at < verb).min().unwrap_or(verb);
        let finite = matches!(a.tag(first), Tag::VBD | Tag::VBP | Tag::VBZ | Tag::MD);
        let at = first.checked_sub(1).filter(|_| finite)?;
        let is_year = a.lower(at).len() == 4 && a.lower(at).starts_with(['1', '2']);
        let is_loose = match self.label(at) {
            Label::Pobj => matches!(a.lower(self.head(at)), "over" | "about" | "around" | "under"),
            Label::Nummod => self.head(at) < at && a.tag(self.head(at)) == Tag::NN,
            _ => false,
        };
        (a.tag(at) == Tag::CD && !is_year && is_loose).then_some(at)
    }

    /// Returns whether the word is a complement without tense: "(let the boat) land", "(ordered them)
    /// to leave".
    pub(super) fn is_bare_complement(&self, at: usize) -> bool {
        self.label(at) == Label::Ccomp
            && match self.analysis.tag(at) {
                Tag::VB | Tag::VBG | Tag::VBN => true,
                // The tagger takes a bare infinitive behind a plural for a finite verb.
                Tag::VBP => BARE_OBJECT.contains(&self.analysis.lemma(self.head(at))),
                _ => false,
            }
            && self.children(at).all(|child| match self.label(child) {
                Label::Mark => false,
                Label::Aux | Label::Auxpass => {
                    matches!(self.analysis.tag(child), Tag::TO | Tag::VB | Tag::VBG | Tag::VBN)
                }
                _ => true,
            })
    }

    /// The noun that an object relative clause belongs to, when the clause has no object of its own.
    fn relative_gap(&self, verb: usize) -> Option<usize> {
        if self.label(verb) != Label::Relcl {
            return None;
        }
        let subject = self.child(verb, Label::Nsubj)?;
        let about_place = self.children(verb).any(|at| {
            matches!(self.analysis.tag(at), Tag::WRB) || self.analysis.lower(at) == "where"
        });
        (!self.is_relative(subject) && !about_place).then(|| self.head(verb))
    }

    /// Who is behind "by" in a passive.
    fn agent(&self, verb: usize) -> Option<usize> {
        let own = |verb: usize| {
            let by = self.children(verb).find(|at| {
                self.label(*at) == Label::Agent
                    || self.label(*at) == Label::Prep && self.analysis.lower(*at) == "by"
            })?;
            self.child(by, Label::Pobj)
        };
        // "Stopped at sea and returned by the coast guard": both by the coast guard.
        let next = || {
            self.children(verb).find(|at| {
                self.label(*at) == Label::Conj
                    && self.analysis.tag(*at) == Tag::VBN
                    && self.child(*at, Label::Nsubjpass).is_none()
            })
        };
        own(verb).or_else(|| own(next()?))
    }

    /// Whom a passive verb is about.
    fn patient(&self, verb: usize) -> Option<usize> {
        let own = self.child(verb, Label::Nsubjpass).or_else(|| self.child(verb, Label::Nsubj));
        if let Some(own) = own {
            return Some(self.antecedent_of(own, verb));
        }
        match self.label(verb) {
            Label::Acl | Label::Amod => Some(self.head(verb)),
            Label::Relcl => Some(self.head(verb)),
            _ => self.surface_subject(verb),
        }
    }

    /// Returns the subject as the clause has it, through relative clauses, shared subjects and
    /// infinitives: whoever is to "leave" in "the army ordered them to leave".
    pub(super) fn surface_subject(&self, verb: usize) -> Option<usize> {
        self.subject_within(verb, CONTROL_HOPS_MAX)
    }

    fn subject_within(&self, verb: usize, hops: usize) -> Option<usize> {
        let hops = hops.checked_sub(1)?;
        if let Some(own) = self.last_subject(verb) {
            return Some(self.antecedent_of(own, verb));
        }
        if self.is_root(verb) {
            return None;
        }
        let head = self.head(verb);
        match self.label(verb) {
            Label::Conj if self.analysis.tag(head).is_noun() => None,
            Label::Conj => self.subject_within(head, hops),
            Label::Xcomp
            | Label::Advcl
            | Label::Ccomp
            | Label::Oprd
            | Label::Dep
            | Label::Acomp => self.controller(verb, head, hops),
            Label::Pcomp | Label::Pobj => self.gerund_subject(head, hops),
            Label::Acl => match self.analysis.tag(verb) {
                Tag::VBG => Some(head),
                Tag::VBN => None,
                _ => self.infinitive_subject(head, hops),
            },
            Label::Relcl => Some(head),
            Label::Amod if self.analysis.tag(verb) == Tag::VBG => Some(head),
            _ => None,
        }
    }

    /// The subject of a complement or adverbial clause that has none of its own.
    fn controller(&self, verb: usize, head: usize, hops: usize) -> Option<usize> {
        if self.is_verb(head) || self.analysis.tag(head) == Tag::MD {
            let object = self.child(head, Label::Dobj).or_else(|| self.child(head, Label::Dative));
            let complement = self.label(verb) != Label::Advcl;
            let infinitive = self.is_infinitive(verb);
            let own = self.words.subject_control.contains(self.analysis.lemma(head));
            if (complement || infinitive)
                && !own
                && !self.is_passive(head)
                && let Some(object) = object.filter(|object| *object < verb)
                // "sent troops to guard", but "blocked the quay to protest".
                && (complement || self.may_act(object))
            {
                return Some(self.antecedent(object));
            }
            return self.subject_within(head, hops);
        }
        // "ready to deploy", "the first to cross": the subject of what "ready" is said of.
        if matches!(self.label(head), Label::Acomp | Label::Attr | Label::Oprd | Label::Xcomp) {
            return self.subject_within(self.head(head), hops);
        }
        if matches!(self.label(head), Label::Advmod | Label::Conj) && !self.is_root(head) {
            return self.subject_within(self.head(head), hops);
        }
        self.child(head, Label::Nsubj).map(|subject| self.antecedent_of(subject, head))
    }

    /// Returns whether the noun phrase holds somebody who can do anything.
    fn may_act(&self, noun: usize) -> bool {
        let phrase = self.analysis.noun_phrase(noun);
        self.analysis.tag(noun) == Tag::PRP
            || self.analysis.hits.iter().any(|hit| {
                let inside = hit.tokens.start < phrase.end && phrase.start < hit.tokens.end;
                inside && (hit.entry.id.is_some() || hit.entry.sort == Sort::Office)
            })
    }

    /// The subject of "by pushing", "for failing", "of luring": of the verb above, or of its object
    /// where that is who is accused, thanked or stopped.
    fn gerund_subject(&self, preposition: usize, hops: usize) -> Option<usize> {
        if self.is_root(preposition) {
            return None;
        }
        let above = self.head(preposition);
        let word = self.analysis.lower(preposition);
        if self.is_verb(above) {
            let controls = self.words.object_control.contains(self.analysis.lemma(above))
                && matches!(word, "of" | "for" | "from" | "over" | "against");
            if controls {
                let object = self.deep_object(above);
                return object.or_else(|| self.subject_within(above, hops));
            }
            return if self.is_passive(above) && word == "by" {
                self.agent(above)
            } else {
                self.subject_within(above, hops)
            };
        }
        if self.label(above) == Label::Prep || self.label(above) == Label::Agent {
            return self.gerund_subject(above, hops.checked_sub(1)?);
        }
        // "accuse the soldiers of torching": the parser may hang it on whom they accuse.
        if self.label(above) == Label::Dobj
            && matches!(word, "of" | "for" | "from" | "over")
            && !self.is_root(above)
            && self.words.object_control.contains(self.analysis.lemma(self.head(above)))
        {
            return Some(above);
        }
        // "accusations against Belarus of luring": who stands behind "against" first.
        let against = self.behind(above).into_iter().find(|b| b.preposition == "against");
        against.map(|behind| behind.object).or_else(|| self.infinitive_subject(above, hops))
    }

    /// The subject of "a plan to build", "attempts to cross", "people to leave".
    fn infinitive_subject(&self, noun: usize, hops: usize) -> Option<usize> {
        if let Some(subject) = self.noun_subject(noun) {
            return Some(subject);
        }
        let head = self.head(noun);
        if !self.is_root(noun) && self.is_verb(head) && self.label(noun) == Label::Dobj {
            return self.subject_within(head, hops);
        }
        Some(noun)
    }

    pub(super) fn is_infinitive(&self, verb: usize) -> bool {
        self.auxiliaries(verb).any(|aux| self.analysis.tag(aux) == Tag::TO)
    }

    fn is_relative(&self, at: usize) -> bool {
        matches!(self.analysis.tag(at), Tag::WDT | Tag::WP)
    }

    /// The noun that a relative pronoun stands for; any other word stands for itself.
    pub(super) fn antecedent(&self, at: usize) -> usize {
        let head = self.head(at);
        self.antecedent_of(at, head)
    }

    fn antecedent_of(&self, at: usize, verb: usize) -> usize {
        if !self.is_relative(at) {
            // "five of whom", "many of which".
            let whom = self.behind(at).into_iter().find(|behind| {
                behind.preposition == "of"
                    && matches!(self.analysis.lower(behind.object), "whom" | "which")
            });
            if whom.is_none() {
                return at;
            }
        }
        let mut clause = verb;
        for _ in 0..CONTROL_HOPS_MAX {
            if self.label(clause) == Label::Relcl {
                return self.head(clause);
            }
            if self.is_root(clause) {
                break;
            }
            clause = self.head(clause);
        }
        at
    }

    /// Returns whose the noun of happening is: "Poland's pushbacks", "Russian attacks", "shelling by
    /// the army", "the army launched an attack".
    pub(super) fn noun_subject(&self, noun: usize) -> Option<usize> {
        if let Some(owner) = self.child(noun, Label::Poss) {
            return Some(owner);
        }
        if let Some(by) = self.behind(noun).into_iter().find(|behind| behind.preposition == "by") {
            return Some(by.object);
        }
        None
    }

    /// Returns who does it by the verb that governs the noun: "launched an attack", "pushbacks were
    /// carried out by the guards".
    pub(super) fn light_subject(&self, noun: usize) -> Option<usize> {
        let noun = self.first_conjunct(noun);
        if self.is_root(noun) {
            return None;
        }
        let head = self.head(noun);
        let light = |verb: usize| {
            self.is_verb(verb) && self.words.light.contains(self.analysis.lemma(verb))
        };
        match self.label(noun) {
            Label::Dobj if light(head) => self.deep_subject(head),
            Label::Nsubjpass if light(head) => self.agent(head),
            // "engaged in attacks", "responsible for the shelling", "a wave of attacks".
            Label::Pobj if !self.is_root(head) => {
                let above = self.head(head);
                let word = self.analysis.lower(head);
                if light(above) && matches!(word, "in" | "with" | "on" | "out") {
                    self.deep_subject(above)
                } else if self.is_verb(above)
                    && matches!(word, "of" | "for" | "over")
                    && self.words.object_control.contains(self.analysis.lemma(above))
                {
                    // "accused Thailand of an invasion".
                    self.deep_object(above)
                } else if word == "of" && self.analysis.tag(above).is_noun() {
                    self.noun_subject(above).or_else(|| self.light_subject(above))
                } else {
                    None
                }
            }
            _ => None,
        }
    }

    /// The first of coordinated words.
    pub(super) fn first_conjunct(&self, at: usize) -> usize {
        let mut first = at;
        for _ in 0..CONTROL_HOPS_MAX {
            if self.label(first) != Label::Conj || self.is_root(first) {
                break;
            }
            first = self.head(first);
        }
        first
    }

    fn prepositions_of(&self, head: usize) -> impl Iterator<Item = usize> + '_ {
        self.children(head).filter(|at| {
            matches!(self.label(*at), Label::Prep | Label::Agent | Label::Dative)
                && matches!(
                    self.analysis.tag(*at),
                    Tag::IN | Tag::TO | Tag::RP | Tag::RB | Tag::VBG | Tag::JJ
                )
        })
    }

    /// Returns what stands behind the prepositions of the word, in the order of the text.
    pub(super) fn behind(&self, head: usize) -> Vec<Behind> {
        let mut found = Vec::new();
        for preposition in self.prepositions_of(head) {
            self.objects_of(
                preposition,
                self.analysis.lower(preposition),
                &mut found,
                CONTROL_HOPS_MAX,
            );
        }
        found
    }

    fn objects_of(&self, preposition: usize, word: &str, found: &mut Vec<Behind>, hops: usize) {
        let Some(hops) = hops.checked_sub(1) else { return };
        for child in self.children(preposition) {
            match self.label(child) {
                Label::Pobj | Label::Pcomp => {
                    let object = self.antecedent(child);
                    found.push(Behind { preposition: word.to_owned(), object });
                    for other in self.conjuncts(child) {
                        found.push(Behind { preposition: word.to_owned(), object: other });
                    }
                }
                // "out of", "from across", "because of", "back to".
                Label::Prep => self.objects_of(child, self.analysis.lower(child), found, hops),
                Label::Conj if self.analysis.tag(child) == Tag::IN => {
                    self.objects_of(child, self.analysis.lower(child), found, hops);
                }
                _ => {}
            }
        }
    }

    /// Returns what stands behind prepositions anywhere in the predicate: of the verb, its particles
    /// and adverbs, its object and what stands behind its prepositions, for the parser may hang
    /// "into Hungary" on any of them.
    pub(super) fn behind_all(&self, trigger: usize) -> Vec<Behind> {
        let mut found = self.behind(trigger);
        for child in self.children(trigger) {
            if matches!(
                self.label(child),
                Label::Dobj
                    | Label::Advmod
                    | Label::Prt
                    | Label::Npadvmod
                    | Label::Dative
                    | Label::Oprd
            ) {
                found.extend(self.behind(child));
            }
        }
        let mut at = 0;
        while at < found.len() && found.len() < 24 {
            let deeper = self.behind(found[at].object);
            found.extend(deeper);
            at += 1;
        }
        if self.is_verb(trigger)
            && self.is_passive(trigger)
            && self.label(trigger) != Label::Acl
            && let Some(patient) = self.child(trigger, Label::Nsubjpass)
        {
            found.extend(self.behind(patient));
        }
        found
    }

    /// Returns the words coordinated with the word, it left out.
    pub(super) fn conjuncts(&self, first: usize) -> Vec<usize> {
        let mut all = Vec::new();
        let mut at = first;
        while let Some(next) = self.child(at, Label::Conj) {
            all.push(next);
            at = next;
            if all.len() >= 12 {
                break;
            }
        }
        all
    }
}
