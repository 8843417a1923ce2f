//! How an event is told: done, planned, possible, alleged or denied, from the words above and
//! beside its trigger.

use super::clause::Clauses;
use crate::parser::Status;
use crate::parser::codebook::{Embed, Embeds};
use crate::parser::syntax::{Label, Tag};

/// Words above a trigger that are looked at.
const LINKS_MAX: usize = 12;

/// When the clause of an event is told to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tense {
    Past,
    Present,
    Future,
}

/// A word that embeds the trigger, the innermost first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) word: usize,
    pub(super) embed: Embed,
    pub(super) is_negated: bool,
    /// Between it and the trigger lies an adverbial or a relative clause, which tells of its own.
    pub(super) is_apart: bool,
}

/// Prepositions behind which something stands that has happened.
const KNOWN_BEHIND: [&str; 5] = ["after", "following", "since", "into", "despite"];

/// How an event is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Telling {
    pub(super) status: Status,
    /// "Did not", "failed to", "instead of".
    pub(super) is_negated: bool,
    pub(super) tense: Tense,
    /// The rule and the word that gave the status.
    pub(super) rule: &'static str,
    pub(super) word: Option<usize>,
    /// Classes of all words that embed it, without those above a relative or adverbial clause.
    pub(super) under: Embed,
    pub(super) links: Vec<Link>,
}

/// What the classes of `[embed]` make of what they embed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Senses {
    planned: Embed,
    possible: Embed,
    alleged: Embed,
    denied: Embed,
    negated: Embed,
    pub(super) say: Embed,
    pub(super) attempt: Embed,
    show: Embed,
}

impl Senses {
    pub(super) fn of(embeds: &Embeds) -> Self {
        let any = |names: &[&str]| {
            names
                .iter()
                .filter_map(|name| embeds.class(name))
                .fold(Embed::default(), |all, one| all.and(one))
        };
        Self {
            planned: any(&["plan", "agree", "order"]),
            possible: any(&[
                "ask", "threaten", "fear", "consider", "prevent", "allow", "demand", "doubt",
                "possible", "attempt", "legalise", "hope",
            ]),
            alleged: any(&["claim", "accuse"]),
            denied: any(&["deny"]),
            negated: any(&["fail"]),
            say: any(&["say", "claim", "report"]),
            attempt: any(&["attempt"]),
            show: any(&["show"]),
        }
    }
}

impl Clauses<'_, '_> {
    /// Returns how the event at the trigger is told.
    pub(super) fn telling(&self, trigger: usize, embeds: &Embeds, senses: Senses) -> Telling {
        let mut telling = Telling {
            status: Status::Occurred,
            is_negated: false,
            tense: Tense::Past,
            rule: "told as it is",
            word: None,
            under: Embed::default(),
            links: self.links(trigger, embeds),
        };
        let carrier = self.carrier(trigger);
        telling.tense = self.tense(carrier);
        self.modality(trigger, carrier, &mut telling, embeds, senses);
        for at in [trigger, carrier] {
            if self.negation(at).is_some() && !telling.is_negated {
                telling.is_negated = true;
                telling.word = self.negation(at);
            }
        }
        for link in telling.links.clone() {
            if !link.is_apart {
                // "Are believed to have crossed" considers nothing.
                if !(link.embed.meets(senses.possible) && self.is_perfect(trigger)) {
                    telling.under = telling.under.and(link.embed);
                }
                self.apply(link, trigger, &mut telling, senses);
            }
        }
        telling
    }

    /// Lets a word above the trigger say what it makes of the event: the innermost decides, but what is
    /// claimed or denied as a whole is claimed or denied.
    fn apply(&self, link: Link, trigger: usize, telling: &mut Telling, senses: Senses) {
        let is_settled = telling.status != Status::Occurred;
        let found = if link.embed.meets(senses.denied) {
            (!link.is_negated).then_some((Status::Denied, "denied by the word above"))
        } else if link.embed.meets(senses.negated) {
            if !link.is_negated {
                telling.is_negated = true;
                telling.word = Some(link.word);
            }
            None
        } else if link.embed.meets(senses.alleged) {
            Some((Status::Alleged, "claimed by the word above"))
        } else if is_settled {
            None
        } else if link.embed.meets(senses.planned) && !self.is_finite_content(trigger) {
            telling.tense = Tense::Future;
            Some((Status::Planned, "planned by the word above"))
        } else if self.analysis.lemma(link.word) == "tell" && self.is_infinitive(trigger) {
            Some((Status::Planned, "told to do it"))
        } else if link.embed.meets(senses.possible) && !self.is_perfect(trigger) {
            Some((Status::Possible, "possible by the word above"))
        } else {
            // "will allow", "would mean".
            let clause = matches!(self.analysis.label(trigger), Label::Xcomp | Label::Ccomp)
                && !link.embed.meets(senses.show);
            let modal = self.modal_of(link.word).filter(|_| clause);
            modal.map(|status| (status, "modal of the word above"))
        };
        if let Some((status, rule)) = found {
            telling.status = status;
            telling.rule = rule;
            telling.word = Some(link.word);
        }
    }

    /// "Agreed that the numbers amount to": a clause with its own tense is no plan.
    fn is_finite_content(&self, trigger: usize) -> bool {
        let a = self.analysis;
        a.label(trigger) == Label::Ccomp && matches!(a.tag(trigger), Tag::VBD | Tag::VBZ | Tag::VBP)
    }

    /// "Are believed to have crossed".
    fn is_perfect(&self, verb: usize) -> bool {
        let a = self.analysis;
        let aux = |word: &str| {
            a.sentence.children(verb).any(|at| a.label(at) == Label::Aux && a.lower(at) == word)
        };
        aux("to") && aux("have")
    }

    /// The verb whose tense and modals hold for the trigger: itself, or for a noun the verb that says
    /// that it happens.
    fn carrier(&self, trigger: usize) -> usize {
        let a = self.analysis;
        if self.is_verb(trigger) || a.sentence.is_root(trigger) {
            return trigger;
        }
        let first = self.first_conjunct(trigger);
        if a.sentence.is_root(first) {
            return first;
        }
        let head = a.head(first);
        let carries = match a.label(first) {
            Label::Nsubj | Label::Nsubjpass => true,
            Label::Dobj | Label::Attr => {
                self.words.light.contains(a.lemma(head)) || a.lemma(head) == "be"
            }
            Label::Acomp | Label::Oprd => true,
            _ => false,
        };
        if carries && (a.tag(head).is_verb() || a.tag(head) == Tag::MD) { head } else { trigger }
    }

    fn modality(
        &self,
        trigger: usize,
        carrier: usize,
        telling: &mut Telling,
        embeds: &Embeds,
        senses: Senses,
    ) {
        let a = self.analysis;
        let mut set = |status, rule, word| {
            telling.status = status;
            telling.rule = rule;
            telling.word = Some(word);
        };
        for at in a.sentence.children(trigger) {
            if matches!(a.label(at), Label::Amod | Label::Advmod | Label::Nmod | Label::Compound) {
                let embed = embeds.of(a.lower(at)).and(embeds.of(a.lemma(at)));
                if embed.is_empty() || at == trigger {
                    continue;
                }
                if embed.meets(senses.alleged) {
                    set(Status::Alleged, "word beside it", at);
                } else if embed.meets(senses.planned) && !a.tag(at).is_noun() {
                    set(Status::Planned, "word beside it", at);
                } else if embed.meets(senses.possible) && !a.tag(at).is_noun() {
                    set(Status::Possible, "word beside it", at);
                }
            }
        }
        let verb = self.modal_bearer(carrier);
        if let Some((status, at)) = self.modal(verb) {
            set(status, "modal", at);
            if status == Status::Planned {
                telling.tense = Tense::Future;
            }
        }
        let conditional = |at: usize| {
            a.sentence.children(at).find(|child| {
                a.label(*child) == Label::Mark
                    && matches!(a.lower(*child), "if" | "unless" | "whether" | "lest")
            })
        };
        if let Some(mark) = conditional(verb) {
            set(Status::Possible, "conditional", mark);
        } else if telling.status == Status::Occurred
            && self.is_verb(carrier)
            && a.label(verb) == Label::Advcl
            && a.sentence.children(verb).any(|c| a.tag(c) == Tag::TO && a.label(c) == Label::Aux)
        {
            telling.status = Status::Possible;
            telling.rule = "purpose";
            telling.word = Some(verb);
        }
    }

    /// The verb whose auxiliaries hold for a coordinated verb without its own.
    fn modal_bearer(&self, verb: usize) -> usize {
        let a = self.analysis;
        let mut at = verb;
        for _ in 0..4 {
            let own = a.sentence.children(at).any(|child| {
                matches!(
                    a.label(child),
                    Label::Aux | Label::Auxpass | Label::Nsubj | Label::Nsubjpass
                )
            });
            let finite = matches!(a.tag(at), Tag::VBD | Tag::VBZ | Tag::VBP);
            if own || finite || a.label(at) != Label::Conj || a.sentence.is_root(at) {
                break;
            }
            at = a.head(at);
        }
        at
    }

    fn modal_of(&self, verb: usize) -> Option<Status> {
        self.modal(verb).map(|(status, _)| status)
    }

    /// What the verb's own modal makes of it.
    fn modal(&self, verb: usize) -> Option<(Status, usize)> {
        let a = self.analysis;
        let auxiliaries = || {
            a.sentence
                .children(verb)
                .filter(|at| matches!(a.label(*at), Label::Aux | Label::Auxpass) && *at != verb)
        };
        let perfect = auxiliaries().any(|at| a.lemma(at) == "have" || a.lower(at) == "'ve");
        let found = auxiliaries().find_map(|at| {
            let status = match a.lower(at) {
                "will" | "'ll" | "wo" | "shall" => Status::Planned,
                "would" | "'d" if a.tag(at) == Tag::MD => {
                    if perfect {
                        Status::Possible
                    } else {
                        Status::Planned
                    }
                }
                "may" | "might" | "could" | "can" | "should" | "must" | "ought" | "ca" => {
                    Status::Possible
                }
                _ => return None,
            };
            Some((status, at))
        });
        if found.is_some() {
            return found;
        }
        // "is to be built", "were to leave".
        if a.sentence.is_root(verb) {
            return None;
        }
        let head = a.head(verb);
        let is_to = a.label(verb) == Label::Xcomp
            && a.lemma(head) == "be"
            && auxiliaries().any(|at| a.tag(at) == Tag::TO);
        // "is going to", "is about to".
        let going = a.label(verb) == Label::Xcomp
            && matches!(a.lower(head), "going" | "about" | "due" | "set")
            && auxiliaries().any(|at| a.tag(at) == Tag::TO);
        (is_to || going).then_some((Status::Planned, head))
    }

    fn negation(&self, at: usize) -> Option<usize> {
        let a = self.analysis;
        let own = a.sentence.children(at).find(|child| {
            a.label(*child) == Label::Neg
                || a.label(*child) == Label::Det && a.lower(*child) == "no"
                || a.label(*child) == Label::Advmod && a.lower(*child) == "never"
        });
        // "not only" negates nothing.
        let own = own.filter(|not| !matches!(a.lower(not + 1), "only" | "just" | "yet" | "until"));
        own.or_else(|| {
            let above = (!a.sentence.is_root(at)).then(|| a.head(at))?;
            let away = matches!(a.label(at), Label::Pcomp | Label::Pobj)
                && (a.lower(above) == "without"
                    || above > 0 && a.lower(above) == "of" && a.lower(above - 1) == "instead"
                    || above > 0 && a.lower(above) == "than" && a.lower(above - 1) == "rather");
            away.then_some(above)
        })
    }

    fn tense(&self, verb: usize) -> Tense {
        let a = self.analysis;
        let verb = self.modal_bearer(verb);
        let aux = |words: &[&str]| {
            a.sentence.children(verb).any(|at| {
                a.label(at) != Label::Nsubj && words.contains(&a.lower(at)) && a.head(at) == verb
            })
        };
        if aux(&["will", "'ll", "would", "shall"]) {
            return Tense::Future;
        }
        if aux(&["was", "were", "had", "did"]) {
            return Tense::Past;
        }
        match a.tag(verb) {
            Tag::VBZ | Tag::VBP => Tense::Present,
            Tag::VBG if aux(&["is", "are", "'s", "'re"]) => Tense::Present,
            Tag::VB if aux(&["to"]) => Tense::Future,
            _ => Tense::Past,
        }
    }

    /// Returns whether the trigger stands behind a preposition of what has happened: whoever speaks
    /// takes it as known.
    pub(super) fn is_known(&self, trigger: usize) -> bool {
        let a = self.analysis;
        std::iter::once(trigger).chain(a.sentence.heads(trigger)).any(|at| {
            a.tag(at) == Tag::IN
                && at != trigger
                && (KNOWN_BEHIND.contains(&a.lower(at)) && a.lower(at) != "into"
                    || a.lower(at) == "of" && at >= 1 && a.lower(at - 1) == "wake")
        })
    }

    /// The words above the trigger that embed it, the innermost first.
    pub(super) fn links(&self, trigger: usize, embeds: &Embeds) -> Vec<Link> {
        let a = self.analysis;
        let mut links = Vec::new();
        let mut is_apart = false;
        let mut at = trigger;
        for _ in 0..LINKS_MAX {
            if a.sentence.is_root(at) {
                break;
            }
            let head = a.head(at);
            let label = a.label(at);
            // "Ordered to return after picking up 40 people", "an inquiry into the deaths": what stands
            // there is taken as known.
            is_apart |= a.tag(head) == Tag::IN && KNOWN_BEHIND.contains(&a.lower(head));
            match label {
                // A sibling embeds nothing, but what embeds it embeds both.
                Label::Conj | Label::Appos => {}
                Label::Relcl => is_apart = true,
                // "migrants held in a camp": what a participle tells of a noun is taken as known.
                Label::Acl | Label::Amod if matches!(a.tag(at), Tag::VBN | Tag::VBG) => {
                    is_apart = true;
                }
                Label::Advcl => {
                    // "plans to leave to attack": an infinitive of purpose is planned too; the rest tells of its own.
                    is_apart = true;
                }
                Label::Parataxis => is_apart = true,
                Label::Nsubj if !self.is_passive(head) => {
                    // "the plan is to", "sanctions are possible": what is said of the subject.
                    if let Some(said) = [Label::Acomp, Label::Attr]
                        .into_iter()
                        .find_map(|l| a.sentence.child(head, l))
                    {
                        let embed = embeds.of(a.lemma(said)).and(embeds.of(a.lower(said)));
                        if !embed.is_empty() {
                            links.push(Link {
                                word: said,
                                embed,
                                is_negated: self.negation(head).is_some(),
                                is_apart,
                            });
                        }
                    }
                }
                _ => {
                    let embed = embeds.of(a.lemma(head)).and(embeds.of(a.lower(head)));
                    let noun = a.tag(trigger).is_noun() && at == trigger;
                    // A noun in a place or time of saying is not what is said: "said at a meeting".
                    let argument = !noun
                        || !matches!(
                            label,
                            Label::Npadvmod | Label::Nmod | Label::Poss | Label::Advmod
                        );
                    if !embed.is_empty() && argument && a.tag(head) != Tag::IN {
                        let is_negated = self.negation(head).is_some();
                        links.push(Link { word: head, embed, is_negated, is_apart });
                    }
                }
            }
            at = head;
        }
        links
    }
}
