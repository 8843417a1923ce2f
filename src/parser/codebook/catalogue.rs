//! What a codebook knows, for people to look up: frames, classes, words.

use std::fmt::Write;

use super::flaw::meant;
use super::lexicon::{Entry, split};
use super::{Codebook, CodebookError, CodebookFile, FRAMES, Frame};
use crate::parser::Kind;

/// A codebook, to look things up in.
#[derive(Debug)]
pub struct Catalogue {
    codebook: Codebook,
    /// Files of frames, as written.
    files: Vec<CodebookFile>,
}

/// A frame in a list.
#[derive(Clone, Copy, Debug)]
pub struct FrameLine<'c> {
    /// Its name.
    pub name: &'c str,
    /// What its events are.
    pub kind: Kind,
    /// The file that it stands in.
    pub file: &'c str,
    /// Where it stands there, counted from 1.
    pub line: usize,
    /// How many verbs, nouns and phrases carry it, those of classes counted one by one.
    pub triggers: usize,
    /// How many sentences it must give events of.
    pub examples: usize,
    /// How many sentences it must give nothing of.
    pub counter_examples: usize,
}

/// A class of words.
#[derive(Clone, Debug)]
pub struct WordList {
    /// `class` for names and nouns, `verbs` for triggers, `embed` for words around what happens.
    pub table: &'static str,
    /// Its name.
    pub name: String,
    /// In lower case, sorted; those of `class` in every form.
    pub words: Vec<String>,
}

impl Catalogue {
    /// Returns the catalogue of the built-in codebook with the files over it.
    ///
    /// # Errors
    /// All that is wrong in the files.
    pub fn with(files: &[CodebookFile]) -> Result<Self, CodebookError> {
        let own = |(name, text): &(&str, &str)| CodebookFile {
            name: (*name).to_owned(),
            text: (*text).to_owned(),
        };
        let files_of_frames = FRAMES.iter().map(own).chain(files.iter().cloned()).collect();
        Ok(Self { codebook: Codebook::with(files)?, files: files_of_frames })
    }

    /// Returns the frames, by kind, then in the order of the files.
    pub fn frames(&self) -> Vec<FrameLine<'_>> {
        let mut triggers = vec![0; self.codebook.frames.len()];
        for pattern in self.codebook.patterns.all() {
            triggers[pattern.frame] += 1;
        }
        let line = |(frame, triggers)| {
            let frame: &Frame = frame;
            FrameLine {
                name: &frame.name,
                kind: frame.kind,
                file: &frame.file,
                line: frame.line,
                triggers,
                examples: frame.examples.len(),
                counter_examples: frame.nothing.len(),
            }
        };
        let mut frames: Vec<_> = self.codebook.frames.iter().zip(triggers).map(line).collect();
        frames.sort_by_key(|frame| Kind::ALL.iter().position(|kind| *kind == frame.kind));
        frames
    }

    /// Returns the classes of words, by table and name.
    pub fn classes(&self) -> Vec<WordList> {
        let Codebook { lexicon, verbs, embeds, .. } = &self.codebook;
        let nouns = lexicon
            .class_names()
            .map(|name| ("class", name.to_owned(), lexicon.phrases_of(lexicon.class(name))));
        let verbs = verbs.iter().map(|(name, words)| ("verbs", name.clone(), words.clone()));
        let embeds =
            embeds.class_names().map(|name| ("embed", name.to_owned(), embeds.words_of(name)));
        let list = |(table, name, mut words): (_, _, Vec<String>)| {
            words.sort();
            words.dedup();
            WordList { table, name, words }
        };
        let mut classes: Vec<_> = nouns.chain(verbs).chain(embeds).map(list).collect();
        classes.sort_by(|a, b| (a.table, &a.name).cmp(&(b.table, &b.name)));
        classes
    }

    /// Returns what is known of a frame, of classes, or of a word: of all that have the name.
    ///
    /// # Errors
    /// A hint at what was probably meant.
    pub fn show(&self, name: &str) -> Result<String, String> {
        let classes = self.classes();
        let mut out = String::new();
        if let Some(frame) = self.codebook.frames.iter().find(|frame| frame.name == name) {
            let _ = writeln!(out, "# {}:{}\n{}", frame.file, frame.line, self.written(frame));
        }
        for class in classes.iter().filter(|class| class.name == name) {
            let _ = writeln!(out, "[{}] {name}: {}", class.table, class.words.join(", "));
        }
        if let Some(entry) = self.codebook.entry(name) {
            self.entry(&mut out, name, entry);
        }
        let embeds = self.codebook.embeds.of(name);
        let around = classes.iter().filter(|class| {
            class.table == "embed"
                && self.codebook.embeds.class(&class.name).is_some_and(|own| own.meets(embeds))
        });
        let around: Vec<&str> = around.map(|class| class.name.as_str()).collect();
        if !around.is_empty() {
            let _ = writeln!(out, "{name} embeds as: {}", around.join(", "));
        }
        let carried = self.carried(name);
        if !carried.is_empty() {
            let _ = writeln!(out, "{name} begins triggers of: {}", carried.join(", "));
        }
        if out.is_empty() {
            let frames = self.codebook.frames.iter().map(|frame| frame.name.as_str());
            let names = frames.chain(classes.iter().map(|class| class.name.as_str()));
            return Err(format!("no frame, class or word `{name}`; {}", meant(name, names)));
        }
        Ok(out)
    }

    /// Returns the frame's table as it stands in its file.
    fn written(&self, frame: &Frame) -> String {
        let text = self.files.iter().rev().find(|file| file.name == frame.file);
        let lines: Vec<&str> = text.map_or("", |file| &file.text).lines().collect();
        let first = frame.line.saturating_sub(1).min(lines.len());
        let head = lines[..first].iter().rposition(|line| line.starts_with("[["));
        let rest = lines[first..].iter().take_while(|line| !line.starts_with('['));
        let mut table: Vec<&str> = lines[head.unwrap_or(first)..first].to_vec();
        table.extend(rest);
        while table.last().is_some_and(|line| line.is_empty() || line.starts_with('#')) {
            table.pop();
        }
        table.join("\n")
    }

    fn entry(&self, out: &mut String, name: &str, entry: &Entry) {
        let Codebook { lexicon, gazetteer, .. } = &self.codebook;
        let ids = |ids: &[super::Id]| -> Vec<&str> {
            ids.iter().map(|id| lexicon.id_name(*id)).collect()
        };
        let mut facts = vec![format!("{:?}", entry.sort).to_lowercase()];
        facts.extend(entry.id.map(|id| format!("actor {}", lexicon.id_name(id))));
        let held = entry.terms.iter().map(|term| {
            let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string());
            let (from, to) = (day(term.from).unwrap_or_default(), day(term.to).unwrap_or_default());
            format!("{} {from}..{to}", lexicon.id_name(term.id))
        });
        facts.extend(held);
        let is_of = |class: &&str| lexicon.class(class).meets(entry.class);
        let mut classes: Vec<&str> = lexicon.class_names().filter(is_of).collect();
        classes.sort_unstable();
        for (what, names) in
            [("class", classes), ("in", ids(&entry.countries)), ("one of", ids(&entry.among))]
        {
            if !names.is_empty() {
                facts.push(format!("{what} {}", names.join(" ")));
            }
        }
        if let Some(place) = entry.place.map(|index| gazetteer.place(index)) {
            facts.push(format!("{:?}", place.kind).to_lowercase());
            let point = place.point.map(|(point, _)| point);
            facts.extend(point.map(|point| format!("{} {}", point.latitude, point.longitude)));
        }
        let _ = writeln!(out, "{name}: {}", facts.join("; "));
    }

    /// Returns the frames whose triggers begin with the words.
    fn carried(&self, name: &str) -> Vec<&str> {
        let words = split(name);
        let Some(first) = words.first() else { return Vec::new() };
        let patterns = self.codebook.patterns.of(first).iter();
        let frames = patterns.filter(|pattern| pattern.words.starts_with(&words));
        let mut names: Vec<&str> =
            frames.map(|pattern| self.codebook.frames[pattern.frame].name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_classes_and_words_are_shown() {
        let text = "[class]\nfume = [\"smoke balloon\"]\n\n[[frame]]\nname = \"puff\"\n\
                    kind = \"incursion\"\nverbs = [\"let loose\"]\n\n# End.\n";
        let file = CodebookFile { name: "a.toml".to_owned(), text: text.to_owned() };
        let catalogue = Catalogue::with(&[file]).unwrap();
        assert_eq!(
            catalogue.show("puff").unwrap(),
            "# a.toml:5\n[[frame]]\nname = \"puff\"\nkind = \"incursion\"\nverbs = [\"let loose\"]\n"
        );
        for (name, parts) in [
            ("Torkham", &["Torkham: place;", "in AFG PAK", "crossing; 34."][..]),
            ("let loose", &["begins triggers of: ", " puff"]),
            ("fume", &["[class] fume: smoke balloon, smoke balloons\n"]),
            ("say", &["embeds as: say"]),
            ("migrants", &["actor MIG", "class ", "migrant"]),
        ] {
            let shown = catalogue.show(name).unwrap();
            assert!(parts.iter().all(|part| shown.contains(part)), "{shown}");
        }
        let hint = catalogue.show("migrnt").unwrap_err();
        assert!(hint.ends_with("did you mean `migrant`?"), "{hint}");
        for frame in catalogue.frames() {
            let shown = catalogue.show(frame.name).unwrap();
            assert!(shown.contains(&format!("name = \"{}\"", frame.name)), "{shown}");
        }
    }
}
