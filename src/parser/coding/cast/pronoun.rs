//! Pronouns: to whom they point back, by number, kind and nearness.

use super::memory::Mention;
use super::{Analysis, Asked, Cast, Clauses, HOPS_ASIDE, Known, Label, Sex, Tag, Who};

/// What a pronoun may stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    He,
    She,
    It,
    They,
}

impl Cast<'_> {
    pub(super) fn pronoun(&self, a: &Analysis<'_>, asked: &Asked) -> Option<Who> {
        let s = &self.senses;
        let found = |known: Known| asked.found(known, "pronoun");
        let kind = match a.lower(asked.head) {
            "he" | "him" | "his" | "himself" => Kind::He,
            "she" | "her" | "hers" | "herself" => Kind::She,
            "it" | "its" | "itself" => Kind::It,
            "they" | "them" | "their" | "theirs" | "themselves" | "'em" => Kind::They,
            "i" | "we" | "us" | "me" | "our" | "my" | "ours" | "mine" | "myself" | "ourselves" => {
                return self.first_person(a, asked).map(found);
            }
            "you" | "your" | "yours" => {
                let moving = self.story.is_migration && asked.accepts.meets(s.movers);
                return self.known("MIG", s.movers).filter(|_| moving).map(found);
            }
            _ => return None,
        };
        let best = self.candidates(a, asked, kind).into_iter().filter(|(_, mention)| {
            asked.takes(mention.known.class) || mention.known.class.is_empty()
        });
        let best = best.min_by_key(|(cost, _)| *cost).map(|(_, mention)| mention.known);
        best.or_else(|| {
            let moving = self.story.is_migration
                && kind != Kind::It
                && asked.takes(s.movers)
                && (kind == Kind::They || asked.accepts.meets(s.movers));
            self.known("MIG", s.movers).filter(|_| moving)
        })
        .map(found)
    }

    /// "We", "I": who speaks in the sentence, else who spoke before.
    fn first_person(&self, a: &Analysis<'_>, asked: &Asked) -> Option<Known> {
        let here = self.speaker_here(a, asked);
        let fits = |known: &Known| asked.takes(known.class) || known.class.is_empty();
        here.or_else(|| if asked.hops < HOPS_ASIDE { None } else { self.ahead(a) })
            .filter(fits)
            .or_else(|| self.memory.speaker.filter(fits))
            .or_else(|| {
                let last = self.memory.recent().find(|mention| mention.is_subject)?;
                Some(last.known).filter(fits)
            })
            .or_else(|| {
                let home = Known { id: self.story.home?, class: self.senses.state };
                Some(home).filter(fits)
            })
    }

    /// Everybody whom the pronoun may mean, each with a cost: the lower the likelier.
    fn candidates(&self, a: &Analysis<'_>, asked: &Asked, kind: Kind) -> Vec<(usize, Mention)> {
        let at = asked.head;
        let possessive = a.tag(at) == Tag::PRPS
            || a.lower(at).ends_with("self")
            || a.lower(at).ends_with("selves");
        let clause = a.head(at);
        let doer = Clauses { analysis: a, words: &self.codebook.clause }.deep_subject(clause);
        let here = self.mentions_for(a, asked).into_iter().filter(|mention| {
            // "Greece said Turkey pushed it": an object is not the subject of its own verb, and
            // nobody is a part of a phrase that he owns.
            let own_clause = mention.is_subject && a.head(mention.at) == clause
                || doer == Some(mention.at) && doer != Some(at);
            (!own_clause || possessive) && !a.sentence.is_under(at, mention.at)
        });
        let is_subject = matches!(a.label(at), Label::Nsubj | Label::Nsubjpass);
        here.chain(self.memory.recent().copied())
            .filter_map(|mention| {
                let fit = self.agrees(&mention, kind)?;
                let distance = match mention.ago {
                    0 => (at - mention.at.min(at)) / 6,
                    ago => 4 * ago + mention.at / 12,
                };
                let role = match (mention.is_subject, mention.is_owned) {
                    (true, _) => 0,
                    (false, true) => 3,
                    (false, false) => {
                        if is_subject {
                            3
                        } else {
                            2
                        }
                    }
                };
                Some((fit + distance + role, mention))
            })
            .collect()
    }

    /// Returns how ill the mention agrees with the pronoun, 0 for well; `None` where it cannot be.
    fn agrees(&self, mention: &Mention, kind: Kind) -> Option<usize> {
        let s = &self.senses;
        let class = mention.known.class;
        let moving = class.meets(s.movers);
        match kind {
            Kind::He | Kind::She => {
                let wanted = if kind == Kind::He { Sex::He } else { Sex::She };
                if !mention.is_person {
                    return None;
                }
                match mention.sex {
                    Some(sex) if sex == wanted => Some(0),
                    Some(_) => None,
                    None => Some(1),
                }
            }
            Kind::It => {
                if mention.is_plural || mention.is_person {
                    return None;
                }
                let acts = class.meets(s.bearers);
                (acts || class.meets(s.boat)).then_some(0)
            }
            Kind::They => {
                if mention.is_plural {
                    return Some(if class.meets(s.bearers.and(s.movers)) { 0 } else { 1 });
                }
                let collective = class.meets(s.force) && !mention.is_person;
                if collective || moving {
                    return Some(2);
                }
                let group = class.meets(s.groups) || class.meets(s.official);
                if group && !mention.is_person { Some(6) } else { None }
            }
        }
    }
}
