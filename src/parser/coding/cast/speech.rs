//! Who is credited for what is told: subjects of verbs of saying, "according to", quotations.

use super::{Analysis, Asked, Cast, Class, Clauses, HOPS_MAX, Known, Label, Tag, Who};
use crate::parser::coding::telling::Telling;

/// Sentences ahead in which the speaker of a quotation is looked for.
const QUOTED_SENTENCES_MAX: usize = 6;

/// Subjects of verbs of saying that are nobody: "it has emerged", "there are reports".
const NOBODY: &[&str] = &["it", "there", "this", "that", "which", "what"];

impl Cast<'_> {
    /// Returns who is credited for what the trigger says: "according to X", the subject of the verb of
    /// saying or blaming above it, or a clause of saying beside it.
    pub(in super::super) fn credited(
        &self,
        a: &Analysis<'_>,
        clauses: Clauses<'_, '_>,
        trigger: usize,
        telling: &Telling,
    ) -> Option<Who> {
        if let Some(who) = self.according(a, clauses) {
            return Some(who);
        }
        let tellers = self.codebook.embeds.tellers();
        for link in &telling.links {
            let tells = self.is_saying(a, link.word) || link.embed.meets(tellers);
            if !tells || link.word == trigger {
                continue;
            }
            let who = if a.tag(link.word).is_verb() {
                self.speaker_of(a, clauses, link.word)
            } else {
                clauses
                    .noun_subject(link.word)
                    .or_else(|| clauses.light_subject(link.word))
                    .and_then(|at| self.teller(a, at))
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
        self.speaker_of(a, clauses, beside?)
    }

    /// "According to X", "per X".
    fn according(&self, a: &Analysis<'_>, clauses: Clauses<'_, '_>) -> Option<Who> {
        (0..a.len()).filter(|at| matches!(a.lower(*at), "according" | "per")).find_map(|at| {
            let behind =
                clauses.behind(at).into_iter().find(|behind| behind.preposition == "to")?;
            let who = self.author(a, clauses, behind.object)?;
            Some(Who { rule: "according to", ..who })
        })
    }

    fn teller(&self, a: &Analysis<'_>, at: usize) -> Option<Who> {
        if NOBODY.contains(&a.lower(at)) && a.tag(at) != Tag::PRP {
            return None;
        }
        self.find(a, at, Class::default(), HOPS_MAX)
    }

    /// Returns who says what the sentence says, by its first verb of saying.
    fn told_by(&self, a: &Analysis<'_>, clauses: Clauses<'_, '_>) -> Option<Who> {
        (0..a.len())
            .filter(|at| self.is_saying(a, *at))
            .find_map(|at| self.speaker_of(a, clauses, at))
    }

    fn is_saying(&self, a: &Analysis<'_>, at: usize) -> bool {
        a.tag(at).is_verb() && self.codebook.words.say.contains(a.lower(at))
    }

    fn speaker_of(&self, a: &Analysis<'_>, clauses: Clauses<'_, '_>, verb: usize) -> Option<Who> {
        let subject = clauses.deep_subject(verb)?;
        // "It has emerged", "it is said".
        let empty = a.lower(subject) == "it"
            && (clauses.is_passive(verb) || matches!(a.lemma(verb), "emerge" | "seem" | "appear"));
        if empty {
            return None;
        }
        self.author(a, clauses, subject)
    }

    /// Returns who speaks as the noun phrase: itself, or who a report, a letter or a law is by.
    fn author(&self, a: &Analysis<'_>, clauses: Clauses<'_, '_>, head: usize) -> Option<Who> {
        let by = || clauses.noun_subject(head).filter(|by| *by != head);
        self.teller(a, head).or_else(|| self.teller(a, by()?))
    }

    /// The speaker of a quotation, by the verb of saying of the pronoun's own sentence.
    pub(super) fn speaker_here(&self, a: &Analysis<'_>, asked: &Asked) -> Option<Known> {
        let clauses = Clauses { analysis: a, words: &self.codebook.clause };
        let hops = asked.hops.checked_sub(1)?;
        (0..a.len()).filter(|at| self.is_saying(a, *at)).find_map(|verb| {
            let subject = clauses.deep_subject(verb)?;
            if subject == asked.head
                || NOBODY.contains(&a.lower(subject))
                || is_first_person(a, subject)
            {
                return None;
            }
            let who = self.find(a, subject, Class::default(), hops)?;
            Some(Known { id: who.id, class: who.class })
        })
    }

    /// Returns the speaker of a quotation that runs through the whole sentence: whoever is told to
    /// say it where it ends, else who spoke before.
    pub(in super::super) fn quoted(&self, a: &Analysis<'_>) -> Option<Who> {
        let says = (0..a.len()).any(|at| self.is_saying(a, at) && !is_inside_quotes(a, at));
        if says {
            return None;
        }
        let opens = starts_quoted(a);
        let known = if opens {
            self.ahead(a).or(self.memory.speaker)
        } else {
            // Within a quotation that an earlier sentence opened.
            self.is_within(a).then(|| self.ahead(a).or(self.memory.speaker)).flatten()
        };
        let known = known?;
        Some(Who { id: known.id, class: known.class, tokens: 0..0, rule: "quotation goes on" })
    }

    /// Returns who is told to speak where the quotation that the sentence is in ends.
    pub(super) fn ahead(&self, a: &Analysis<'_>) -> Option<Known> {
        let index = self.index(a)?;
        if !self.is_open_after(index) {
            return None;
        }
        for later in self.sentences.iter().skip(index + 1).take(QUOTED_SENTENCES_MAX) {
            let clauses = Clauses { analysis: later, words: &self.codebook.clause };
            if closes(later) {
                let who = self.told_by(later, clauses)?;
                return Some(Known { id: who.id, class: who.class });
            }
        }
        None
    }

    fn index(&self, a: &Analysis<'_>) -> Option<usize> {
        let is_here = |other: &Analysis<'_>| {
            other.range == a.range && std::ptr::eq(other.text.as_ptr(), a.text.as_ptr())
        };
        let index = self.sentences.partition_point(|other| other.range.start < a.range.start);
        self.sentences.get(index).is_some_and(is_here).then_some(index)
    }

    /// Returns whether a quotation is open at the end of the sentence.
    fn is_open_after(&self, index: usize) -> bool {
        let balance = |a: &Analysis<'_>| -> i32 {
            let text = &a.text[a.range.clone()];
            text.matches('“').count() as i32 - text.matches('”').count() as i32
        };
        let a = &self.sentences[index];
        balance(a) > 0
            || balance(a) == 0 && !a.text[a.range.clone()].contains('”') && self.is_within(a)
    }

    /// Returns whether the sentence begins inside of a quotation.
    fn is_within(&self, a: &Analysis<'_>) -> bool {
        let Some(index) = self.index(a) else { return false };
        for before in self.sentences[..index].iter().rev().take(QUOTED_SENTENCES_MAX) {
            let text = &before.text[before.range.clone()];
            match (text.rfind('“'), text.rfind('”')) {
                (Some(open), Some(close)) => return open > close,
                (Some(_), None) => return true,
                (None, Some(_)) => return false,
                (None, None) => {}
            }
        }
        false
    }

    /// Returns who the sentence's own verb of saying belongs to, else the speaker of a quotation.
    pub(in super::super) fn voice(
        &self,
        a: &Analysis<'_>,
        clauses: Clauses<'_, '_>,
    ) -> Option<Who> {
        self.told_by(a, clauses).or_else(|| self.according(a, clauses)).or_else(|| self.quoted(a))
    }
}

fn is_first_person(a: &Analysis<'_>, at: usize) -> bool {
    matches!(a.lower(at), "i" | "we" | "you")
}

fn is_quote(text: &str) -> bool {
    matches!(text, "“" | "\"" | "‘" | "``" | "'" | "«" | "„" | "''")
}

fn starts_quoted(a: &Analysis<'_>) -> bool {
    a.sentence.tokens.first().is_some_and(|token| is_quote(token.text))
}

fn closes(a: &Analysis<'_>) -> bool {
    a.text[a.range.clone()].contains('”')
}

/// Returns whether the token stands between the quotation marks of its sentence.
fn is_inside_quotes(a: &Analysis<'_>, at: usize) -> bool {
    let tokens = &a.sentence.tokens;
    let before = tokens[..at].iter().filter(|token| matches!(token.text, "“" | "”" | "\"")).count();
    before % 2 == 1
}
