//! Names and nouns: phrases of words to who or what they are.

mod fill;

use std::collections::HashMap;

use jiff::civil::Date;

use super::gazetteer::PlaceIndex;

/// An actor's id, by its place in [`Lexicon::ids`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::parser) struct Id(u16);

/// A set of semantic classes, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(in crate::parser) struct Class([u128; 2]);

impl Class {
    /// How many classes there may be.
    pub(super) const MAX: usize = 256;

    fn numbered(number: usize) -> Self {
        let mut bits = [0; 2];
        bits[number / 128] = 1 << (number % 128);
        Self(bits)
    }

    /// Every class.
    pub(in crate::parser) const ALL: Self = Self([u128::MAX; 2]);

    pub(in crate::parser) fn meets(self, other: Self) -> bool {
        self.0[0] & other.0[0] != 0 || self.0[1] & other.0[1] != 0
    }

    pub(in crate::parser) fn is_empty(self) -> bool {
        self.0 == [0; 2]
    }

    /// Returns the classes in both.
    pub(in crate::parser) fn common(self, other: Self) -> Self {
        Self([self.0[0] & other.0[0], self.0[1] & other.0[1]])
    }

    /// Returns the classes that are not in the other.
    pub(in crate::parser) fn without(self, other: Self) -> Self {
        Self([self.0[0] & !other.0[0], self.0[1] & !other.0[1]])
    }

    #[must_use]
    pub(in crate::parser) fn and(self, other: Self) -> Self {
        Self([self.0[0] | other.0[0], self.0[1] | other.0[1]])
    }
}

/// What sort of word a phrase is, which decides how it stands in a noun group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::parser) enum Sort {
    /// A state by its name, or by the capital that its government sits in.
    State,
    /// "Latvian": tells whose, or is a noun ("Afghans").
    Demonym,
    /// "Afghans": people of a state.
    Nationals,
    /// A person, body or group by name.
    Named,
    /// The last name of a person in office, which is enough while in office.
    Surname,
    /// A common noun for people.
    Noun,
    /// A common noun for people who speak for whom they work for.
    Role,
    /// A common noun for who acts for a state or a body.
    Office,
    /// A common noun for one of those who were named before ("the bloc", "the Baltic country").
    Described,
    /// A place that is nobody.
    Place,
    /// Neither: a thing with a class.
    #[default]
    Thing,
}

/// What a phrase stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::parser) struct Entry {
    pub(in crate::parser) sort: Sort,
    pub(in crate::parser) id: Option<Id>,
    pub(in crate::parser) class: Class,
    /// Where it is, when it is a place.
    pub(in crate::parser) countries: Vec<Id>,
    pub(in crate::parser) is_place: bool,
    /// What the gazetteer knows of it.
    pub(in crate::parser) place: Option<PlaceIndex>,
    /// Stands for a capital city: a government, and a place.
    pub(in crate::parser) is_capital: bool,
    /// Whom it stands for by the day, where that is not the same on all days: office holders, and
    /// movements that came to power.
    pub(in crate::parser) terms: Vec<Term>,
    /// Of a description: whom it may mean.
    pub(in crate::parser) among: Vec<Id>,
    /// Of a description: what they are whom it may mean.
    pub(in crate::parser) akin: Class,
    /// A woman.
    pub(in crate::parser) is_she: bool,
}

/// Whom somebody stands for, from the first to the last of these days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::parser) struct Term {
    pub(in crate::parser) id: Id,
    pub(in crate::parser) from: Option<Date>,
    pub(in crate::parser) to: Option<Date>,
}

impl Term {
    /// Returns how many days the day is before or after it; 0 within it.
    pub(in crate::parser) fn days_off(&self, day: Date) -> i64 {
        let days = |from: Date, to: Date| from.duration_until(to).as_hours() / 24;
        let early = self.from.map_or(0, |from| days(day, from));
        let late = self.to.map_or(0, |to| days(to, day));
        early.max(late).max(0)
    }
}

impl Entry {
    /// Returns whom it stands for on the day; on no day in particular, whom it stood for last.
    ///
    /// Outside of all times of office it is the nearest of them.
    pub(in crate::parser) fn id_on(&self, day: Option<Date>) -> Option<Id> {
        let term = match day {
            Some(day) => self.terms.iter().min_by_key(|term| term.days_off(day)),
            None => self.terms.last(),
        };
        term.map_or(self.id, |term| Some(term.id))
    }

    /// Returns how many days the day is from the nearest time of office; 0 where there are none.
    pub(in crate::parser) fn days_off(&self, day: Date) -> i64 {
        self.terms.iter().map(|term| term.days_off(day)).min().unwrap_or(0)
    }
}

#[derive(Debug)]
struct Phrase {
    /// The words after the first.
    rest: Vec<String>,
    /// Spelling with capitals, for names; `None` for common nouns.
    spelled: Option<Vec<String>>,
    entry: Entry,
}

/// All phrases, by their first word in lower case, longest first.
#[derive(Debug, Default)]
pub(in crate::parser) struct Lexicon {
    ids: Vec<String>,
    /// The states come first among the ids.
    states: u16,
    id_by_name: HashMap<String, Id>,
    classes: HashMap<String, Class>,
    phrases: HashMap<String, Vec<Phrase>>,
}

impl Lexicon {
    /// Returns the class of that name; the empty class when no word has it.
    pub(in crate::parser) fn class(&self, name: &str) -> Class {
        self.classes.get(name).copied().unwrap_or_default()
    }

    pub(in crate::parser) fn classes<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Class {
        names.into_iter().fold(Class::default(), |all, name| all.and(self.class(name)))
    }

    pub(in crate::parser) fn knows_class(&self, name: &str) -> bool {
        self.classes.contains_key(name)
    }

    pub(in crate::parser) fn class_names(&self) -> impl Iterator<Item = &str> {
        self.classes.keys().map(String::as_str)
    }

    pub(in crate::parser) fn id(&self, name: &str) -> Option<Id> {
        self.id_by_name.get(name).copied()
    }

    pub(in crate::parser) fn id_name(&self, id: Id) -> &str {
        &self.ids[usize::from(id.0)]
    }

    /// Returns whether the id is that of a state or territory.
    pub(in crate::parser) fn is_state(&self, id: Id) -> bool {
        id.0 < self.states
    }

    /// Returns the longest phrase that starts at the first of the words, with its length in words.
    ///
    /// `word` gives the lower-case word at a position, `spelled` the word as written.
    pub(in crate::parser) fn longest<'a, 'w>(
        &'a self,
        word: impl Fn(usize) -> Option<&'w str>,
        spelled: impl Fn(usize) -> &'w str,
    ) -> Option<(&'a Entry, usize)> {
        let phrases = self.phrases.get(word(0)?)?;
        phrases
            .iter()
            .find(|phrase| {
                phrase.rest.iter().enumerate().all(|(i, rest)| word(i + 1) == Some(rest))
                    && phrase.spelled.as_ref().is_none_or(|names| {
                        names.iter().enumerate().all(|(i, name)| is_spelled(spelled(i), name))
                    })
            })
            .map(|phrase| (&phrase.entry, phrase.rest.len() + 1))
    }

    /// Returns the phrases that have one of the classes, in lower case, sorted.
    pub(super) fn phrases_of(&self, class: Class) -> Vec<String> {
        let mut all: Vec<String> = self
            .phrases
            .iter()
            .flat_map(|(first, list)| list.iter().map(move |phrase| (first, phrase)))
            .filter(|(_, phrase)| phrase.entry.class.meets(class))
            .map(|(first, phrase)| {
                let words = std::iter::once(first).chain(&phrase.rest);
                words
                    .cloned()
                    .collect::<Vec<_>>()
                    .join(" ")
                    .replace(" 's", "'s")
                    .replace(" - ", "-")
            })
            .collect();
        all.sort_unstable();
        all
    }
}

/// Splits as the tokenizer does: at spaces, at hyphens between letters, the possessive apart.
pub(super) fn split(phrase: &str) -> Vec<String> {
    let phrase = phrase.replace('’', "'");
    let mut words = Vec::new();
    for word in phrase.split(' ') {
        let (word, owner) = match word.strip_suffix("'s") {
            Some(owner) => (owner, Some("'s")),
            None => match word.strip_suffix('\'').filter(|rest| rest.ends_with('s')) {
                Some(owner) => (owner, Some("'")),
                None => (word, None),
            },
        };
        let mut rest = word;
        let mut from = 0;
        while let Some(at) = rest[from..].find('-').map(|at| at + from) {
            let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
            if letter(rest[..at].chars().next_back()) && letter(rest[at + 1..].chars().next()) {
                words.extend([rest[..at].to_owned(), "-".to_owned()]);
                rest = &rest[at + 1..];
                from = 0;
            } else {
                from = at + 1;
            }
        }
        words.push(rest.to_owned());
        words.extend(owner.map(str::to_owned));
    }
    words
}

/// Returns whether the text writes the name: letter by letter, or all in capitals; a name written
/// small in the codebook may be capitalised.
fn is_spelled(text: &str, name: &str) -> bool {
    let upper = |c: char| c.is_uppercase();
    !name.starts_with(upper)
        || (text.starts_with(upper)
            && (name.chars().any(char::is_lowercase) || !text.chars().any(char::is_lowercase)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_split_as_the_tokenizer_splits() {
        for (phrase, words) in [
            ("asylum-seeker", "asylum - seeker"),
            ("Kurdistan Workers' Party", "Kurdistan Workers ' Party"),
            ("EU’s border agency", "EU 's border agency"),
            ("MS-13", "MS-13"),
            ("Anwaar-ul-Haq Kakar", "Anwaar - ul - Haq Kakar"),
            ("27-nation bloc", "27-nation bloc"),
        ] {
            assert_eq!(split(phrase).join(" "), words);
        }
    }

    #[test]
    fn a_name_stands_for_the_office_of_the_day() {
        let term = |id, from: &str, to: &str| Term {
            id: Id(id),
            from: from.parse().ok(),
            to: to.parse().ok(),
        };
        let entry = Entry {
            terms: vec![term(1, "2010-10-01", "2024-07-31"), term(2, "2024-10-01", "")],
            ..Entry::default()
        };
        for (day, id) in
            [("2015-05-05", 1), ("2024-08-01", 1), ("2025-01-01", 2), ("2001-01-01", 1)]
        {
            assert_eq!(entry.id_on(day.parse().ok()), Some(Id(id)), "{day}");
        }
        assert_eq!(entry.id_on(None), Some(Id(2)));
    }
}
