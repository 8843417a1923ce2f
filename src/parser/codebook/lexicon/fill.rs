//! The codebook's files to phrases.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use super::super::gazetteer::PlaceIndex;
use super::super::inflect::noun_forms;
use super::super::source::{Actors, Held, Person, Places, Region, State, States};
use super::{Class, Entry, Id, Lexicon, Phrase, Sort, Term, split};

/// Words for a state that stand after an adjective of its region: "the Baltic country".
const STATE_WORDS: &[&str] = &["country", "nation", "state", "republic", "neighbour", "neighbor"];

impl Lexicon {
    pub(in super::super) fn compile(
        states: &States,
        actors: &[Actors],
        places: &[Places],
        things: &BTreeMap<String, Vec<String>>,
    ) -> Self {
        let mut lexicon = Self::default();
        for state in &states.state {
            lexicon.state(state);
        }
        lexicon.states = u16::try_from(lexicon.ids.len()).expect("fewer than 65,536 ids");
        lexicon.places(places);
        for region in &states.region {
            lexicon.region(region);
        }
        lexicon.names(actors);
        lexicon.nouns(actors);
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

    fn state(&mut self, state: &State) {
        let id = self.intern(&state.id);
        let class = self.intern_class("state");
        let place = |sort| Entry {
            sort,
            id: Some(id),
            class,
            countries: vec![id],
            is_place: true,
            ..Entry::default()
        };
        for name in &state.names {
            self.name(name, place(Sort::State));
        }
        for capital in state.capital.iter().chain(&state.seats) {
            self.name(capital, Entry { is_capital: true, ..place(Sort::State) });
        }
        for part in &state.parts {
            self.name(part, place(Sort::State));
        }
        for demonym in &state.demonyms {
            self.name(demonym, Entry { is_place: false, ..place(Sort::Demonym) });
        }
        let nationals = self.intern_class("people");
        let plurals = state.people.clone().unwrap_or_else(|| {
            let plural = |name: &String| name.ends_with(['n', 'i']).then(|| format!("{name}s"));
            state.demonyms.iter().filter_map(plural).collect()
        });
        for people in plurals {
            let entry = Entry { class: nationals, is_place: false, ..place(Sort::Nationals) };
            self.name(&people, entry);
        }
    }

    fn places(&mut self, places: &[Places]) {
        let border = self.intern_class("border");
        let groups = places.iter().flat_map(|file| &file.place);
        let rows = groups.flat_map(|group| group.at.iter().map(move |row| (group, row)));
        for (index, (group, row)) in rows.enumerate() {
            let countries: Vec<_> = group.countries.iter().map(|id| self.intern(id)).collect();
            // A place between two states is a word about a border.
            let class = if countries.len() == 2 { border } else { Class::default() };
            for name in row.names() {
                let place = Some(PlaceIndex::new(index));
                let (sort, countries) = (Sort::Place, countries.clone());
                let entry =
                    Entry { sort, countries, class, is_place: true, place, ..Entry::default() };
                self.name(name, entry);
            }
        }
    }

    fn region(&mut self, region: &Region) {
        let among: Vec<Id> = region.states.iter().map(|id| self.intern(id)).collect();
        let class = self.intern_class("state");
        let one = Entry { sort: Sort::Described, class, among, ..Entry::default() };
        let several =
            Entry { sort: Sort::Noun, id: Some(self.intern("OTH")), class, ..Entry::default() };
        let words = |adjective| STATE_WORDS.iter().map(move |word| format!("{adjective} {word}"));
        for phrase in region.adjectives.iter().flat_map(words).chain(region.nouns.iter().cloned()) {
            for (i, form) in noun_forms(&phrase).into_iter().enumerate() {
                let entry = if i == 0 { &one } else { &several };
                self.add(split(&form), None, entry.clone());
            }
        }
    }

    fn names(&mut self, actors: &[Actors]) {
        for named in actors.iter().flat_map(|file| &file.named) {
            let id = Some(self.intern(&named.id));
            let class = self.intern_classes(&named.class);
            let terms = self.terms(&named.held);
            let entry = Entry { sort: Sort::Named, id, class, terms, ..Entry::default() };
            for name in &named.names {
                self.name(name, entry.clone());
            }
        }
        // All full names first, so that no last name takes the place of one.
        let persons = || actors.iter().flat_map(|file| &file.person);
        for person in persons() {
            let entry = self.person(person, Sort::Named);
            for name in &person.names {
                self.name(name, entry.clone());
            }
        }
        for person in persons() {
            let entry = self.person(person, Sort::Surname);
            let last = |name: &String| name.rsplit(' ').next().map(str::to_owned);
            let surnames = match &person.surnames {
                Some(surnames) => surnames.clone(),
                None => person.names.iter().filter_map(last).collect(),
            };
            for surname in surnames {
                self.name(&surname, entry.clone());
            }
        }
    }

    fn person(&mut self, person: &Person, sort: Sort) -> Entry {
        let class = self.intern_classes("official person");
        let terms = self.terms(&person.held);
        let id = terms.last().map(|term| term.id);
        Entry { sort, id, class, terms, is_she: person.she, ..Entry::default() }
    }

    fn terms(&mut self, held: &[Held]) -> Vec<Term> {
        held.iter()
            .map(|held| Term { id: self.intern(&held.id), from: held.from, to: held.to })
            .collect()
    }

    fn nouns(&mut self, actors: &[Actors]) {
        for described in actors.iter().flat_map(|file| &file.described) {
            let among = described.ids.iter().map(|id| self.intern(id)).collect();
            let id = described.default.as_ref().map(|id| self.intern(id));
            let akin = self.intern_classes(&described.class);
            let class = if id.is_some() { self.intern_class("body") } else { Class::default() };
            let entry = Entry { sort: Sort::Described, id, class, among, akin, ..Entry::default() };
            for word in &described.words {
                self.noun(word, entry.clone());
            }
        }
        let nouns = actors.iter().flat_map(|file| {
            let nouns = file.nouns.iter().map(|nouns| (nouns, Sort::Noun));
            nouns.chain(file.roles.iter().map(|roles| (roles, Sort::Role)))
        });
        for (nouns, sort) in nouns {
            let id = Some(self.intern(&nouns.id));
            let class = self.intern_classes(&nouns.class);
            for word in &nouns.words {
                self.noun(word, Entry { sort, id, class, ..Entry::default() });
            }
        }
        for offices in actors.iter().flat_map(|file| &file.offices) {
            let class = self.intern_classes(&offices.class);
            for word in &offices.words {
                self.noun(word, Entry { sort: Sort::Office, class, ..Entry::default() });
            }
        }
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
        let number = self.classes.len();
        assert!(number < Class::MAX, "at most {} classes", Class::MAX);
        let class = Class::numbered(number);
        self.classes.insert(name.to_owned(), class);
        class
    }

    fn intern_classes(&mut self, names: &str) -> Class {
        names
            .split_whitespace()
            .fold(Class::default(), |all, name| all.and(self.intern_class(name)))
    }

    /// Adds the name, and as English writes it without its accents.
    fn name(&mut self, name: &str, entry: Entry) {
        let plain = plain(name);
        let spelled = if plain == name { vec![name] } else { vec![name, &plain] };
        for name in spelled {
            let spelled = split(name);
            let words = spelled.iter().map(|word| word.to_lowercase()).collect();
            self.add(words, Some(spelled), entry.clone());
        }
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
        let Some(known) =
            list.iter_mut().find(|known| known.rest == rest && known.spelled == spelled)
        else {
            list.push(Phrase { rest, spelled, entry });
            return;
        };
        let known = &mut known.entry;
        if entry.sort == Sort::Surname && !matches!(known.sort, Sort::Surname | Sort::Named) {
            return;
        }
        if known.sort == Sort::Thing || known.sort == Sort::Place && entry.sort != Sort::Thing {
            known.sort = entry.sort;
        }
        for term in entry.terms {
            if !known.terms.contains(&term) {
                known.terms.push(term);
            }
        }
        known.class = known.class.and(entry.class);
        known.id = known.id.or(entry.id);
        known.is_place |= entry.is_place;
        known.place = known.place.or(entry.place);
        if known.countries.is_empty() {
            known.countries = entry.countries;
        }
    }
}

/// Returns the name in the letters of English.
fn plain(name: &str) -> String {
    let letter = |c: char| match c {
        'ł' => 'l',
        'Ł' => 'L',
        'ø' => 'o',
        'Ø' => 'O',
        'đ' => 'd',
        'Đ' => 'D',
        'ı' => 'i',
        other => other,
    };
    name.nfd().filter(|c| !matches!(c, '\u{300}'..='\u{36f}')).map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn names_are_also_written_without_accents() {
        assert_eq!(
            plain("Mariusz Błaszczak, Élysée, Yıldırım"),
            "Mariusz Blaszczak, Elysee, Yildirim"
        );
    }
}
