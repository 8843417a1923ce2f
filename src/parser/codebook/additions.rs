//! Users' files over the embedded ones: what they add, what they replace, what they may not.

use std::collections::HashSet;

use super::file::{self, Addition, CodebookFile, Lined, Sort};
use super::flaw::{Fault, meant};
use super::lexicon::Class;
use super::source::{Actors, FrameSource, Places, States, Words};

/// Classes that the lexicon gives by itself.
const OWN_CLASSES: [&str; 6] = ["state", "people", "official", "person", "body", "border"];

/// Most places of users' files together, which with the embedded ones their index can number.
const PLACES_MAX: usize = 60_000;

/// All files of frames, the embedded ones first.
#[derive(Debug)]
pub(super) struct Additions {
    files: Vec<(String, Addition)>,
}

/// A frame, and the file that it stands in.
#[derive(Debug)]
pub(super) struct Sourced {
    pub(super) file: String,
    pub(super) frame: Lined<FrameSource>,
}

impl Additions {
    /// Reads files: name and text.
    pub(super) fn read(embedded: &[(&str, &str)], files: &[CodebookFile]) -> Self {
        let users = files.iter().map(|file| (file.name.as_str(), file.text.as_str()));
        let all = embedded.iter().copied().chain(users);
        Self { files: all.map(|(name, text)| (name.to_owned(), file::read(name, text))).collect() }
    }

    /// Returns what is wrong with the files, as far as single tables tell, and names that nobody
    /// knows.
    pub(super) fn faults(
        &mut self,
        states: &States,
        actors: &[Actors],
        words: &Words,
    ) -> Vec<Fault> {
        let states: HashSet<&str> = states.state.iter().map(|state| state.id.as_str()).collect();
        let mut ids: HashSet<&str> = actors.iter().flat_map(Actors::ids).collect();
        ids.extend(&states);
        ids.insert("OTH");
        let mut classes: HashSet<&str> = actors.iter().flat_map(Actors::classes).collect();
        classes.extend(OWN_CLASSES);
        classes.extend(words.class.keys().map(String::as_str));
        let new: HashSet<String> = self
            .files
            .iter()
            .flat_map(|(_, addition)| &addition.classes)
            .map(|(name, _)| name.clone())
            .collect();
        classes.extend(new.iter().map(String::as_str));
        let mut faults = Vec::new();
        for (file, addition) in &mut self.files {
            faults.append(&mut addition.faults);
            let mut say = |line, what| faults.push(Fault { file: file.clone(), line, what });
            for used in &addition.uses {
                let (sort, known) = match used.sort {
                    Sort::Class => ("class", &classes),
                    Sort::Actor => ("actor", &ids),
                    Sort::State => ("state", &states),
                };
                if !known.contains(used.name.as_str()) {
                    let hint = meant(&used.name, known.iter().copied());
                    say(used.line, format!("unknown {sort} `{}`; {hint}", used.name));
                }
            }
        }
        faults
    }

    /// Returns which limits the files pass; nothing can be compiled then.
    pub(super) fn passed(&self, actors: &[Actors], words: &Words) -> Vec<Fault> {
        let mut classes: HashSet<&str> = actors.iter().flat_map(Actors::classes).collect();
        classes.extend(OWN_CLASSES);
        classes.extend(words.class.keys().map(String::as_str));
        let mut places = 0;
        let mut faults = Vec::new();
        for (file, addition) in &self.files {
            classes.extend(addition.classes.iter().map(|(name, _)| name.as_str()));
            let is_class = |used: &&file::Use| used.sort == Sort::Class;
            let used = addition.uses.iter().filter(is_class);
            classes.extend(used.map(|used| used.name.as_str()));
            places += addition.places.place.iter().map(|place| place.at.len()).sum::<usize>();
            for (count, most, what) in
                [(classes.len(), Class::MAX, "classes"), (places, PLACES_MAX, "places")]
            {
                if count > most {
                    let what = format!("{count} {what} with this file; there is room for {most}");
                    faults.push(Fault { file: file.clone(), line: 1, what });
                }
            }
        }
        faults
    }

    /// Adds everything but the frames to what is embedded.
    pub(super) fn merge(
        &mut self,
        words: &mut Words,
        actors: &mut Vec<Actors>,
        places: &mut Vec<Places>,
    ) {
        for (_, addition) in &mut self.files {
            for (class, list) in addition.classes.drain(..) {
                words.class.entry(class).or_default().extend(list);
            }
            for (class, list) in addition.verbs.drain(..) {
                words.verbs.entry(class).or_default().extend(list);
            }
            words.off_topic.words.append(&mut addition.off_topic);
            actors.push(std::mem::take(&mut addition.actors));
            places.push(std::mem::take(&mut addition.places));
        }
    }

    /// Returns the frames that count, in the order of the files.
    ///
    /// A frame takes the place of one of the same name of an earlier file; one that is removed goes.
    pub(super) fn frames(self, faults: &mut Vec<Fault>) -> Vec<Sourced> {
        let mut frames: Vec<Sourced> = Vec::new();
        for (file, addition) in self.files {
            for (name, line) in &addition.removed {
                let before = frames.len();
                frames.retain(|known| known.frame.value.name != *name);
                if frames.len() == before {
                    let known = frames.iter().map(|known| known.frame.value.name.as_str());
                    let what = format!("no frame `{name}` to remove; {}", meant(name, known));
                    faults.push(Fault { file: file.clone(), line: *line, what });
                }
            }
            for frame in addition.frames {
                let name = &frame.value.name;
                match frames.iter_mut().find(|known| known.frame.value.name == *name) {
                    Some(known) if known.file == file => {
                        let first = known.frame.place.line;
                        let what = format!("a frame `{name}` stands in line {first} already");
                        faults.push(Fault { file: file.clone(), line: frame.place.line, what });
                    }
                    Some(known) => *known = Sourced { file: file.clone(), frame },
                    None => frames.push(Sourced { file: file.clone(), frame }),
                }
            }
        }
        frames
    }
}

impl Actors {
    fn ids(&self) -> impl Iterator<Item = &str> {
        let named = self.named.iter().map(|named| &named.id);
        let described = self.described.iter().flat_map(|described| &described.ids);
        let nouns = self.nouns.iter().chain(&self.roles).map(|nouns| &nouns.id);
        let persons = self.person.iter().flat_map(|person| &person.held);
        let held = self.named.iter().flat_map(|named| &named.held).chain(persons);
        named.chain(described).chain(nouns).chain(held.map(|held| &held.id)).map(String::as_str)
    }

    fn classes(&self) -> impl Iterator<Item = &str> {
        let named = self.named.iter().map(|named| &named.class);
        let described = self.described.iter().map(|described| &described.class);
        let nouns = self.nouns.iter().chain(&self.roles).map(|nouns| &nouns.class);
        let offices = self.offices.iter().map(|offices| &offices.class);
        named
            .chain(described)
            .chain(nouns)
            .chain(offices)
            .flat_map(|names| names.split_whitespace())
    }
}

#[cfg(test)]
mod tests {
    use crate::parser::codebook::{Codebook, CodebookFile};
    use crate::parser::{Document, Parser};

    const OURS: &str = r#"
# A barrier of our own, a force, a crossing point, and what smugglers send over the line.
[class]
barrier = ["dragon's tooth"]
smoke = ["smoke balloon", "cigarette balloon"]

[verbs]
release = ["release", "let loose"]

[[named]]
id = "LTU"
class = "force"
names = ["Viesulas"]

[[place]]
kind = "crossing"
countries = ["LTU", "BLR"]
at = [["Gerviai|Gervjai", 54.1, 25.7]]

[[frame]]
name = "smoke-balloons"
kind = "incursion"
verbs = ["@release", "fly in"]
object-is = ["smoke"]
near = ["border"]
examples = [
  { text = "Belarus released smoke balloons near the border at Gerviai.", gives = [{ kind = "incursion", actor = "BLR" }] },
  { text = "Viesulas let loose cigarette balloons over the border.", gives = [{ kind = "incursion", actor = "LTU" }] },
]
nothing = ["Children released balloons near the border."]

[[frame]]
name = "counted"
remove = true
"#;

    fn file(text: &str) -> [CodebookFile; 1] {
        [CodebookFile { name: "ours.toml".to_owned(), text: text.to_owned() }]
    }

    #[test]
    fn a_users_file_adds_words_actors_places_and_frames() {
        let parser = Parser::with_codebook(&file(OURS)).unwrap();
        let text = "Viesulas released smoke balloons over the border at Gerviai.";
        let extract = |parser: &Parser| {
            parser.extract(&Document { text: text.to_owned(), ..Document::default() }).events
        };
        assert!(extract(&Parser::embedded()).iter().all(|event| event.frame != "smoke-balloons"));
        let events = extract(&parser);
        let [event] = &events[..] else { panic!("one event, not {events:?}") };
        assert_eq!(event.frame, "smoke-balloons");
        assert_eq!(event.actor.as_ref().map(|actor| actor.id.as_str()), Some("LTU"));
        assert_eq!(event.countries, ["BLR", "LTU"]);
        let point = event.point.unwrap();
        assert_eq!((point.latitude, point.longitude), (54.1, 25.7));
    }

    #[test]
    fn a_frame_of_a_known_name_takes_its_place_and_one_that_is_removed_goes() {
        let count = Codebook::embedded().frames.len();
        let with = |text: &str| Codebook::with(&file(text)).unwrap().frames;
        let frames = with(OURS);
        assert_eq!(frames.len(), count);
        assert!(frames.iter().all(|frame| frame.name != "counted"));
        let frames = with("[[frame]]\nname = \"counted\"\nkind = \"death\"\nnouns = [\"toll\"]\n");
        assert_eq!(frames.len(), count);
        let frame = frames.iter().find(|frame| frame.name == "counted").unwrap();
        assert_eq!(
            (frame.kind, &*frame.file, frame.line),
            (crate::parser::Kind::Death, "ours.toml", 2)
        );
    }

    #[test]
    fn all_faults_of_all_files_are_told_at_once() {
        let text = r#"[[named]]
id = "LTV"
class = "forces"
names = ["Viesulas"]

[[place]]
kind = "town"
countries = ["EU"]
at = [["A", 1, 1]]

[[frame]]
name = "one"
kind = "deth"
verbs = ["die"]

[[frame]]
name = "two"
kind = "death"
verbs = ["@mov"]

[[frame]]
name = "two"
kind = "death"
subject-is = ["migrnt"]

[[frame]]
name = "countd"
remove = true
"#;
        let error = Codebook::with(&file(text)).unwrap_err();
        let told: Vec<String> = error.0.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "ours.toml:2: unknown actor `LTV`; did you mean `LTU`?",
                "ours.toml:2: unknown class `forces`; did you mean `force`?",
                "ours.toml:7: unknown state `EU`; did you mean `DEU`?",
                "ours.toml:13: `kind`: unknown kind `deth`; did you mean `death`?",
                "ours.toml:19: `verbs`: unknown class of [verbs] `mov`; did you mean `move`?",
                "ours.toml:22: a frame `two` stands in line 17 already",
                "ours.toml:27: no frame `countd` to remove; did you mean `counted`?",
            ]
        );
    }

    #[test]
    fn there_is_a_limit_to_classes() {
        let classes: String = (0..256).map(|n| format!("c{n} = [\"w\"]\n")).collect();
        let error = Codebook::with(&file(&format!("[class]\n{classes}"))).unwrap_err();
        assert!(error.to_string().contains("there is room for 256"), "{error}");
    }
}
