//! Names and nouns: phrases of words to who or what they are.

use std::collections::{BTreeMap, HashMap};

use super::gazetteer::PlaceIndex;
use super::inflect::noun_forms;
use super::source::{Actors, Places, States};

/// An actor's id, by its place in [`Lexicon::ids`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::parser) struct Id(u16);

/// A set of semantic classes, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(in crate::parser) struct Class(u128);

impl Class {
    /// Every class.
    pub(in crate::parser) const ALL: Self = Self(u128::MAX);

    pub(in crate::parser) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(in crate::parser) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns the classes in both.
    pub(in crate::parser) fn common(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Returns the classes that are not in the other.
    pub(in crate::parser) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    #[must_use]
    pub(in crate::parser) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
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
    /// A common noun for people.
    Noun,
    /// A common noun for who acts for a state.
    Office,
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
    pub(super) fn compile(
        states: &States,
        actors: &Actors,
        places: &[Places],
        things: &BTreeMap<String, Vec<String>>,
    ) -> Self {
        let mut lexicon = Self::default();
        for state in &states.state {
            let id = lexicon.intern(&state.id);
            let class = lexicon.intern_class("state");
            let place = |sort| Entry {
                sort,
                id: Some(id),
                class,
                countries: vec![id],
                is_place: true,
                ..Entry::default()
            };
            for name in &state.names {
                lexicon.name(name, place(Sort::State));
            }
            if let Some(capital) = &state.capital {
                lexicon.name(capital, Entry { is_capital: true, ..place(Sort::State) });
            }
            for demonym in &state.demonyms {
                let entry = Entry { sort: Sort::Demonym, is_place: false, ..place(Sort::Demonym) };
                lexicon.name(demonym, entry);
            }
            let nationals = lexicon.intern_class("people");
            let plurals = state.people.clone().unwrap_or_else(|| {
                let plural = |name: &String| name.ends_with(['n', 'i']).then(|| format!("{name}s"));
                state.demonyms.iter().filter_map(plural).collect()
            });
            for people in plurals {
                let sort = Sort::Nationals;
                lexicon.name(&people, Entry { class: nationals, is_place: false, ..place(sort) });
            }
        }
        lexicon.states = u16::try_from(lexicon.ids.len()).expect("fewer than 65,536 ids");
        let border = lexicon.intern_class("border");
        let groups = places.iter().flat_map(|file| &file.place);
        let rows = groups.flat_map(|group| group.at.iter().map(move |row| (group, row)));
        for (index, (group, row)) in rows.enumerate() {
            let countries: Vec<_> = group.countries.iter().map(|id| lexicon.intern(id)).collect();
            // A place between two states is a word about a border.
            let class = if countries.len() == 2 { border } else { Class::default() };
            for name in row.names() {
                let place = Some(PlaceIndex::new(index));
                let (sort, countries) = (Sort::Place, countries.clone());
                let entry =
                    Entry { sort, countries, class, is_place: true, place, ..Entry::default() };
                lexicon.name(name, entry);
            }
        }
        for named in &actors.named {
            let id = Some(lexicon.intern(&named.id));
            let class = lexicon.intern_class(&named.class);
            for name in &named.names {
                lexicon.name(name, Entry { sort: Sort::Named, id, class, ..Entry::default() });
            }
        }
        for (id, names) in &actors.leaders {
            let id = Some(lexicon.intern(id));
            let class = lexicon.intern_class("official").and(lexicon.intern_class("person"));
            for name in names {
                lexicon.name(name, Entry { sort: Sort::Named, id, class, ..Entry::default() });
            }
        }
        for nouns in &actors.nouns {
            let id = Some(lexicon.intern(&nouns.id));
            let class = lexicon.intern_class(&nouns.class);
            for word in &nouns.words {
                lexicon.noun(word, Entry { sort: Sort::Noun, id, class, ..Entry::default() });
            }
        }
        for offices in &actors.offices {
            let class = lexicon.intern_class(&offices.class);
            for word in &offices.words {
                lexicon.noun(word, Entry { sort: Sort::Office, class, ..Entry::default() });
            }
        }
        for (class, words) in things {
            let class = lexicon.intern_class(class);
            for word in words {
                lexicon.noun(word, Entry { class, ..Entry::default() });
            }
        }
        for list in lexicon.phrases.values_mut() {
            list.sort_by_key(|phrase| std::cmp::Reverse(phrase.rest.len()));
        }
        lexicon
    }

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
                words.cloned().collect::<Vec<_>>().join(" ").replace(" 's", "'s")
            })
            .collect();
        all.sort_unstable();
        all
    }

    fn intern(&mut self, name: &str) -> Id {
        if let Some(id) = self.id_by_name.get(name) {
            return *id;
        }
        let id = Id(u16::try_from(self.ids.len()).expect("fewer than 65,536 ids"));
        self.ids.push(name.to_owned());
        self.id_by_name.insert(name.to_owned(), id);
        id
    }

    fn intern_class(&mut self, name: &str) -> Class {
        if let Some(class) = self.classes.get(name) {
            return *class;
        }
        let bit = u32::try_from(self.classes.len()).expect("at most 128 classes");
        let class = Class(1_u128.checked_shl(bit).expect("at most 128 classes"));
        self.classes.insert(name.to_owned(), class);
        class
    }

    fn name(&mut self, name: &str, entry: Entry) {
        // The parser's tokenizer cuts at hyphens.
        if name.contains('-') && !name.contains(" - ") {
            self.name(&name.replace('-', " - "), entry.clone());
        }
        let spelled: Vec<String> = split(name);
        self.add(spelled.iter().map(|word| word.to_lowercase()).collect(), Some(spelled), entry);
    }

    fn noun(&mut self, noun: &str, entry: Entry) {
        for form in noun_forms(noun) {
            self.add(split(&form), None, entry.clone());
        }
    }

    /// Adds the phrase; a name that is known already keeps its id and gains class and place.
    fn add(&mut self, words: Vec<String>, spelled: Option<Vec<String>>, entry: Entry) {
        let mut words = words.into_iter();
        let Some(first) = words.next() else { return };
        let rest: Vec<String> = words.collect();
        let list = self.phrases.entry(first).or_default();
        match list.iter_mut().find(|known| known.rest == rest && known.spelled == spelled) {
            None => list.push(Phrase { rest, spelled, entry }),
            Some(known) => {
                known.entry.class = known.entry.class.and(entry.class);
                if known.entry.sort == Sort::Thing
                    || known.entry.sort == Sort::Place && entry.sort != Sort::Thing
                {
                    known.entry.sort = entry.sort;
                }
                known.entry.id = known.entry.id.or(entry.id);
                known.entry.is_place |= entry.is_place;
                known.entry.place = known.entry.place.or(entry.place);
                if known.entry.countries.is_empty() {
                    known.entry.countries = entry.countries;
                }
            }
        }
    }
}

/// Splits as the tokenizer does: at spaces, the possessive apart.
pub(super) fn split(phrase: &str) -> Vec<String> {
    let mut words = Vec::new();
    for word in phrase.replace('’', "'").split(' ') {
        match word.strip_suffix("'s") {
            Some(owner) => words.extend([owner.to_owned(), "'s".to_owned()]),
            None => words.push(word.to_owned()),
        }
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
