//! Files of a codebook: tables of TOML to sources, and all that is wrong in them with its line.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::flaw::{Fault, Flaw, meant};
use super::source::{
    Actors, Described, FrameSource, Held, Named, Nouns, Offices, Person, Place, Places,
};

/// What may stand at the head of a table.
const TABLES: [&str; 11] = [
    "class",
    "described",
    "frame",
    "named",
    "nouns",
    "off-topic",
    "offices",
    "person",
    "place",
    "roles",
    "verbs",
];

/// A file of a codebook, read by the caller: the parser itself opens none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodebookFile {
    /// What faults call it, usually its path.
    pub name: String,
    /// TOML.
    pub text: String,
}

/// A table, with where it stands.
#[derive(Debug)]
pub(super) struct Lined<T> {
    pub(super) value: T,
    pub(super) place: Lines,
}

/// Lines of a table and of its keys, counted from 1.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines {
    pub(super) line: usize,
    keys: BTreeMap<String, usize>,
}

impl Lines {
    /// Returns the flaw with the line of its key.
    pub(super) fn fault(&self, file: &str, flaw: Flaw) -> Fault {
        let line = self.keys.get(flaw.key).copied().unwrap_or(self.line);
        Fault { file: file.to_owned(), line, what: flaw.what }
    }
}

/// A name that must be known, and is looked up when all files are read.
#[derive(Debug)]
pub(super) struct Use {
    pub(super) line: usize,
    pub(super) sort: Sort,
    pub(super) name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Class,
    /// Of any actor.
    Actor,
    State,
}

/// What a file adds.
#[derive(Debug, Default)]
pub(super) struct Addition {
    pub(super) frames: Vec<Lined<FrameSource>>,
    /// Frames to leave out, with their lines.
    pub(super) removed: Vec<(String, usize)>,
    pub(super) actors: Actors,
    pub(super) places: Places,
    /// Words by class.
    pub(super) classes: Vec<(String, Vec<String>)>,
    pub(super) verbs: Vec<(String, Vec<String>)>,
    pub(super) off_topic: Vec<String>,
    pub(super) uses: Vec<Use>,
    pub(super) faults: Vec<Fault>,
}

/// Reads a file as far as it can be read.
pub(super) fn read(name: &str, text: &str) -> Addition {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at);
    let mut reader = Reader { name, breaks: breaks.collect(), made: Addition::default() };
    match DeTable::parse(text) {
        Ok(document) => reader.document(document.into_inner()),
        Err(error) => {
            let at = error.span().map_or(text.len(), |span| span.start);
            reader.fault(at, format!("this is no TOML: {}", error.message().trim()));
        }
    }
    reader.made
}

struct Reader<'t> {
    name: &'t str,
    /// Where lines end, in bytes.
    breaks: Vec<usize>,
    made: Addition,
}

type Item<'t> = Spanned<DeValue<'t>>;

impl<'t> Reader<'t> {
    fn line(&self, byte: usize) -> usize {
        1 + self.breaks.partition_point(|end| *end < byte)
    }

    fn fault(&mut self, byte: usize, what: String) {
        let line = self.line(byte);
        self.made.faults.push(Fault { file: self.name.to_owned(), line, what });
    }

    fn document(&mut self, document: DeTable<'t>) {
        let mut tables: Vec<_> = document.into_iter().collect();
        tables.sort_by_key(|(key, _)| key.span().start);
        for (key, value) in tables {
            let at = key.span().start;
            match key.get_ref().as_ref() {
                "class" => self.made.classes = self.lists("class", at, value),
                "verbs" => self.made.verbs = self.lists("verbs", at, value),
                "off-topic" => self.off_topic(at, value),
                "frame" => self.each(at, value, Self::frame),
                "named" => self.each(at, value, Self::named),
                "described" => self.each(at, value, Self::described),
                "nouns" => self.each(at, value, |reader, item| {
                    let nouns = reader.nouns(item);
                    reader.made.actors.nouns.extend(nouns);
                }),
                "roles" => self.each(at, value, |reader, item| {
                    let roles = reader.nouns(item);
                    reader.made.actors.roles.extend(roles);
                }),
                "offices" => self.each(at, value, Self::offices),
                "person" => self.each(at, value, Self::person),
                "place" => self.each(at, value, Self::place),
                other => {
                    let what = format!("unknown table `{other}`; {}", meant(other, TABLES));
                    self.fault(at, what);
                }
            }
        }
    }

    /// Reads each table of `[[name]]`.
    fn each(&mut self, at: usize, value: Item<'t>, read: impl Fn(&mut Self, Item<'t>)) {
        match value.into_inner() {
            DeValue::Array(items) => {
                for item in items {
                    read(self, item);
                }
            }
            _ => self.fault(at, "write this table with two brackets: `[[…]]`".to_owned()),
        }
    }

    /// Reads one table; what is wrong with it is noted.
    fn item<T: DeserializeOwned>(&mut self, item: Item<'t>) -> Option<Lined<T>> {
        let at = item.span().start;
        let mut keys = BTreeMap::new();
        if let DeValue::Table(table) = item.get_ref() {
            for key in table.keys() {
                keys.insert(key.get_ref().to_string(), self.line(key.span().start));
            }
        }
        let line = keys.values().copied().min().unwrap_or_else(|| self.line(at));
        match T::deserialize(ValueDeserializer::from(item)) {
            Ok(value) => Some(Lined { value, place: Lines { line, keys } }),
            Err(error) => {
                let line = error.span().map_or(line, |span: Range<usize>| self.line(span.start));
                let what = told(error.message());
                self.made.faults.push(Fault {
                    file: self.name.to_owned(),
                    line: line.max(1),
                    what,
                });
                None
            }
        }
    }

    fn frame(&mut self, item: Item<'t>) {
        let DeValue::Table(table) = item.get_ref() else {
            return self.fault(item.span().start, "a frame is a table".to_owned());
        };
        let find = |name: &str| {
            table.iter().find(|(key, _)| key.get_ref() == name).map(|(_, value)| value.get_ref())
        };
        if let Some(DeValue::Boolean(true)) = find("remove") {
            let at = table.keys().map(|key| key.span().start).min().unwrap_or_default();
            match find("name") {
                Some(DeValue::String(name)) if table.len() == 2 => {
                    let line = self.line(at);
                    self.made.removed.push((name.to_string(), line));
                }
                _ => self.fault(at, "a frame to remove has its `name` and nothing else".to_owned()),
            }
            return;
        }
        if let Some(frame) = self.item::<FrameSource>(item) {
            self.made.frames.push(frame);
        }
    }

    fn named(&mut self, item: Item<'t>) {
        let Some(read) = self.item::<Named>(item) else { return };
        let (named, line) = (read.value, read.place.line);
        self.uses(line, Sort::Actor, [&named.id]);
        self.class(line, &named.class);
        self.names(line, &named.names);
        self.held(line, &named.held);
        self.made.actors.named.push(named);
    }

    fn described(&mut self, item: Item<'t>) {
        let Some(read) = self.item::<Described>(item) else { return };
        let (described, line) = (read.value, read.place.line);
        self.uses(line, Sort::Actor, described.ids.iter().chain(&described.default));
        self.class(line, &described.class);
        self.words(line, &described.words);
        self.made.actors.described.push(described);
    }

    fn nouns(&mut self, item: Item<'t>) -> Option<Nouns> {
        let Lined { value: nouns, place: Lines { line, .. } } = self.item::<Nouns>(item)?;
        self.uses(line, Sort::Actor, [&nouns.id]);
        self.class(line, &nouns.class);
        self.words(line, &nouns.words);
        Some(nouns)
    }

    fn offices(&mut self, item: Item<'t>) {
        let Some(read) = self.item::<Offices>(item) else { return };
        self.class(read.place.line, &read.value.class);
        self.words(read.place.line, &read.value.words);
        self.made.actors.offices.push(read.value);
    }

    fn person(&mut self, item: Item<'t>) {
        let Some(read) = self.item::<Person>(item) else { return };
        let (person, line) = (read.value, read.place.line);
        self.names(line, &person.names);
        self.names(line, person.surnames.as_deref().unwrap_or_default());
        self.held(line, &person.held);
        self.made.actors.person.push(person);
    }

    fn place(&mut self, item: Item<'t>) {
        let Some(read) = self.item::<Place>(item) else { return };
        let (place, line) = (read.value, read.place.line);
        self.uses(line, Sort::State, place.countries.iter().chain(&place.border));
        if place.countries.len() > 2 {
            self.say(line, "a place lies in one state, or on the border of two".to_owned());
        }
        for row in &place.at {
            let names: Vec<String> = row.names().map(str::to_owned).collect();
            self.names(line, &names);
            let is_off = |degrees: f64, most: f64| !(-most..=most).contains(&degrees);
            if row.degrees().is_some_and(|(north, east)| is_off(north, 90.0) || is_off(east, 180.0))
            {
                let first = names.first().map_or("", String::as_str);
                self.say(line, format!("`{first}` lies at no degrees north and east"));
            }
        }
        self.made.places.place.push(place);
    }

    fn off_topic(&mut self, at: usize, value: Item<'t>) {
        for (name, words) in self.lists("off-topic", at, value) {
            match name.as_str() {
                "words" => self.made.off_topic.extend(words),
                _ => self.fault(at, format!("unknown key `{name}`; [off-topic] has `words`")),
            }
        }
    }

    /// Reads a table of lists of words.
    fn lists(&mut self, table: &str, at: usize, value: Item<'t>) -> Vec<(String, Vec<String>)> {
        let DeValue::Table(lists) = value.into_inner() else {
            self.fault(at, format!("write [{table}] and its lists of words below it"));
            return Vec::new();
        };
        let mut read = Vec::new();
        for (key, value) in lists {
            let line = self.line(key.span().start);
            match Vec::<String>::deserialize(ValueDeserializer::from(value)) {
                Ok(words) => {
                    self.words(line, &words);
                    read.push((key.into_inner().into_owned(), words));
                }
                Err(_) => {
                    let what = format!("`{}` wants a list of words", key.get_ref());
                    self.fault(key.span().start, what);
                }
            }
        }
        read
    }

    fn say(&mut self, line: usize, what: String) {
        self.made.faults.push(Fault { file: self.name.to_owned(), line, what });
    }

    fn uses<'n>(&mut self, line: usize, sort: Sort, names: impl IntoIterator<Item = &'n String>) {
        let uses = names.into_iter().map(|name| Use { line, sort, name: name.clone() });
        self.made.uses.extend(uses);
    }

    fn class(&mut self, line: usize, names: &str) {
        let uses = names.split_whitespace();
        self.made.uses.extend(uses.map(|name| Use { line, sort: Sort::Class, name: name.into() }));
    }

    fn held(&mut self, line: usize, held: &[Held]) {
        self.uses(line, Sort::Actor, held.iter().map(|held| &held.id));
    }

    fn names(&mut self, line: usize, names: &[String]) {
        for name in names {
            if name.is_empty() || name.split(' ').any(str::is_empty) {
                self.say(line, format!("`{name}` is no name: one space parts its words"));
            }
        }
    }

    fn words(&mut self, line: usize, words: &[String]) {
        self.names(line, words);
        for word in words.iter().filter(|word| word.chars().any(char::is_uppercase)) {
            self.say(line, format!("`{word}` is matched in small letters; write it so"));
        }
    }
}

/// Returns what serde says of a table, as its author wants to hear it.
fn told(message: &str) -> String {
    let message = message.trim();
    if message.contains("untagged enum Row") {
        return "a row of `at` is [\"Name|Other name\", degrees north, degrees east]".to_owned();
    }
    let names: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let (Some(first), known) = (names.first(), names.get(1..).unwrap_or_default()) else {
        return message.to_owned();
    };
    let hint = || meant(first, known.iter().copied());
    if message.starts_with("unknown field") {
        format!("unknown key `{first}`; {}", hint())
    } else if message.starts_with("unknown variant") {
        format!("unknown value `{first}`; {}", hint())
    } else if message.starts_with("missing field") {
        format!("the key `{first}` is missing")
    } else {
        message.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<String> {
        read("my.toml", text).faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_fault_of_a_file_is_told_with_its_line() {
        for (text, expected) in [
            (
                "[clas]\nborder = [\"x\"]\n",
                "my.toml:1: unknown table `clas`; did you mean `class`?",
            ),
            ("\n[class]\nborder = \"x\"\n", "my.toml:3: `border` wants a list of words"),
            (
                "[class]\nborder = [\"a\", \"\"]\n",
                "my.toml:2: `` is no name: one space parts its words",
            ),
            (
                "[class]\nborder = [\"Line\"]\n",
                "my.toml:2: `Line` is matched in small letters; write it so",
            ),
            ("[frame]\nname = \"x\"\n", "my.toml:1: write this table with two brackets: `[[…]]`"),
            (
                "[[frame]]\nname = \"x\"\nkind = \"death\"\nverb = [\"die\"]\n",
                "my.toml:4: unknown key `verb`; did you mean `verbs`?",
            ),
            ("[[frame]]\nname = \"x\"\n", "my.toml:1: the key `kind` is missing"),
            (
                "[[frame]]\nname = \"x\"\nremove = true\nkind = \"death\"\n",
                "my.toml:2: a frame to remove has its `name` and nothing else",
            ),
            (
                "[[place]]\nkind = \"twon\"\ncountries = []\nat = []\n",
                "my.toml:2: unknown value `twon`; did you mean `town`?",
            ),
            (
                "[[place]]\nkind = \"town\"\ncountries = [\"POL\"]\nat = [[\"A\", 1.0]]\n",
                "my.toml:4: a row of `at` is [\"Name|Other name\", degrees north, degrees east]",
            ),
            (
                "[[place]]\nkind = \"town\"\ncountries = [\"POL\"]\nat = [[\"A\", 181, 1]]\n",
                "my.toml:2: `A` lies at no degrees north and east",
            ),
        ] {
            assert_eq!(faults(text), [expected], "{text}");
        }
        assert_eq!(faults("[[frame]]\nname = \"x\"\n\n[[frame]]\nname = 3\n").len(), 2);
        assert!(faults("a = [").first().is_some_and(|fault| fault.contains("no TOML")));
    }
}
