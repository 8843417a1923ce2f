//! Who a noun group is: by its own words, by its owner, or by what was said before.

use super::analysis::{Analysis, Tag};
use super::context::{self, Context};
use super::group::{Group, Head};
use crate::parser::codebook::{Class, Codebook, Id, Sort};

/// Somebody in a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Party {
    pub(super) id: Id,
    pub(super) class: Class,
    /// Tokens.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Index of its group.
    pub(super) group: usize,
}

/// Finds parties of one frame in one sentence.
pub(super) struct Finder<'a, 's> {
    pub(super) codebook: &'a Codebook,
    pub(super) sentence: &'s Analysis<'a>,
    pub(super) context: &'s Context,
}

impl Finder<'_, '_> {
    /// Returns who the group is, for a frame that accepts these classes (none given: anybody).
    pub(super) fn party(&self, index: usize, accepts: Class) -> Option<Party> {
        let group = &self.sentence.groups[index];
        let (id, class) = self.resolve(index, group, accepts)?;
        let fits = accepts.is_empty() || class.is_empty() || class.meets(accepts);
        fits.then_some(Party { id, class, start: group.start, end: group.end, group: index })
    }

    pub(super) fn class(&self, name: &str) -> Class {
        self.codebook.lexicon.class(name)
    }

    fn known(&self, name: &str) -> Option<Id> {
        self.codebook.lexicon.id(name)
    }

    fn resolve(&self, index: usize, group: &Group, accepts: Class) -> Option<(Id, Class)> {
        let movers = self.class("migrant").and(self.class("people"));
        match group.head {
            Head::Known(Sort::Noun)
                if group.class.meets(self.class("people"))
                    && !group.class.meets(self.class("migrant")) =>
            {
                if self.context.is_migration {
                    Some((self.known("MIG")?, movers))
                } else {
                    let civilian = self.known("CVL")?;
                    Some((civilian, group.class.and(self.class("civilian"))))
                }
            }
            Head::Known(Sort::Nationals)
                if self.context.is_migration
                    || accepts.meets(movers) && !accepts.meets(self.class("state")) =>
            {
                Some((self.known("MIG")?, movers))
            }
            Head::Known(Sort::Office) => {
                let id = group
                    .id
                    .or_else(|| self.state_before(index))
                    .or_else(|| self.last_state())
                    .or(self.context.home)?;
                Some((id, group.class))
            }
            Head::Known(Sort::Place) => None,
            Head::Known(_) => group.id.map(|id| (id, group.class)),
            // "2,000 Hasidic Jews": counted names are people.
            Head::Name if self.sentence.tag_at(group.start) == Tag::Number => {
                Some((self.known("CVL")?, self.class("civilian").and(self.class("people"))))
            }
            Head::Name => {
                let last = &self.sentence.tokens[group.end - 1].word;
                let id = context::apposed(self.codebook, self.sentence, group)
                    .or_else(|| self.context.surnames.get(last).copied())
                    .or_else(|| self.known("OTH"))?;
                Some((id, group.class.and(self.class("other"))))
            }
            Head::Pronoun => self.pronoun(index, group, accepts, movers),
            // "at Afghan posts", "against Turkish goods": whose they are.
            Head::Thing
                if group.governor.is_some()
                    && accepts.meets(self.class("state"))
                    && !group.words.meets(self.class("border"))
                    && group.owner.is_some() =>
            {
                group.owner.map(|(id, ..)| (id, self.class("state")))
            }
            Head::Thing if group.class.meets(self.class("boat")) => {
                Some((self.known("MIG")?, group.class))
            }
            Head::Thing if group.class.meets(self.class("aircraft").and(self.class("weapon"))) => {
                let owner = group.owner.map(|(id, ..)| id);
                let own = matches!(self.sentence.word(group.start), Some("its" | "their" | "his"));
                let speaker = || self.context.subject.map(|(id, _)| id).filter(|_| own);
                let nearest = || self.nearest_before(index, self.class("state")).map(|(id, _)| id);
                let id = owner.or_else(|| if own { nearest().or_else(speaker) } else { None })?;
                Some((id, group.class))
            }
            Head::Thing => {
                // "hundreds", "many", "18" alone: people, where the text is about such.
                let last = self.sentence.word(group.end - 1)?;
                let counted = self.sentence.tag_at(group.end - 1) == Tag::Number
                    || matches!(
                        last,
                        "many" | "others" | "some" | "most" | "all" | "several" | "those"
                    );
                (counted && self.context.is_migration && accepts.meets(movers))
                    .then_some((self.known("MIG")?, movers))
            }
        }
    }

    fn pronoun(
        &self,
        index: usize,
        group: &Group,
        accepts: Class,
        movers: Class,
    ) -> Option<(Id, Class)> {
        let word = self.sentence.word(group.start)?;
        let earlier = || {
            self.sentence.groups[..index]
                .iter()
                .filter(|other| {
                    other.is_somebody() && other.id.is_some() && other.governor.is_none()
                })
                .filter(|other| !other.class.meets(movers))
                .find_map(|other| other.id.map(|id| (id, other.class)))
        };
        match word {
            "they" | "them" | "themselves" | "those" | "we" | "us" | "i" => {
                if matches!(word, "we" | "us" | "i") {
                    return self.context.subject;
                }
                let nearest = self.nearest_before(index, accepts);
                let moving = (self.context.is_migration
                    && (accepts.is_empty() || accepts.meets(movers)))
                .then(|| self.known("MIG"))
                .flatten();
                nearest.or(moving.map(|id| (id, movers))).or(self.context.subject)
            }
            "he" | "she" | "him" | "her" | "it" => {
                let found = if word == "it" { earlier() } else { None };
                found
                    .or(self.context.subject)
                    .or_else(earlier)
                    .map(|(id, _)| (id, Class::default()))
            }
            _ => None,
        }
    }

    /// The nearest earlier subject that fits, for "they" and "them".
    fn nearest_before(&self, index: usize, accepts: Class) -> Option<(Id, Class)> {
        self.sentence.groups[..index].iter().enumerate().rev().find_map(|(i, other)| {
            let stands_alone = other.is_somebody()
                && other.head != Head::Pronoun
                && other.governor.is_none()
                && !other.is_joined;
            let found = stands_alone.then(|| self.resolve(i, other, accepts)).flatten();
            found.filter(|(_, class)| accepts.is_empty() || class.meets(accepts))
        })
    }

    /// The state that the sentence before was about.
    fn last_state(&self) -> Option<Id> {
        let (id, _) = self.context.subject?;
        self.codebook.lexicon.is_state(id).then_some(id)
    }

    /// The state that owns or is the nearest earlier group: "the police" after "Greece".
    fn state_before(&self, index: usize) -> Option<Id> {
        let official = self.codebook.lexicon.classes(["state", "official", "force"]);
        self.sentence.groups[..index].iter().rev().find_map(|group| {
            let is_state = group.class.meets(official) && group.governor.is_none();
            is_state.then_some(group.id)?
        })
    }
}
