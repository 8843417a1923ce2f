//! What users' files of a codebook do wrong or leave out.

use super::file;
use super::flaw::{Fault, Flaw};
use super::source::FrameSource;
use super::{Codebook, CodebookFile};
use crate::parser::{Kind, Status};

/// Fewest sentences that show what a frame gives.
const EXAMPLES_MIN: usize = 2;

/// Returns all that is wrong in the files, over the built-in codebook, and what their frames lack,
/// file by file.
pub fn lint(files: &[CodebookFile]) -> Vec<Fault> {
    let mut faults = Codebook::with(files).err().map(|error| error.0).unwrap_or_default();
    for file in files {
        for frame in file::read(&file.name, &file.text).frames {
            let flaws = flaws(&frame.value);
            faults.extend(flaws.into_iter().map(|flaw| frame.place.fault(&file.name, flaw)));
        }
    }
    faults.sort();
    faults
}

fn flaws(frame: &FrameSource) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    let mut say = |key, what: String| flaws.push(Flaw { key, what });
    let name = &frame.name;
    if frame.verbs.is_empty() && frame.nouns.is_empty() && frame.phrases.is_empty() {
        say("name", format!("`{name}` has no trigger: no `verbs`, `nouns` or `phrases`"));
    }
    let examples = frame.examples.len();
    if examples < EXAMPLES_MIN {
        let what = format!("`{name}` has {examples} `examples`; give it {EXAMPLES_MIN} or more");
        say("examples", what);
    }
    if frame.nothing.is_empty() {
        let what = format!("`{name}` has no counter-example; give it one or more in `nothing`");
        say("nothing", what);
    }
    for wanted in frame.examples.iter().flat_map(|example| &example.gives) {
        if Kind::named(&wanted.kind).is_none() {
            let known = Kind::ALL.iter().map(|kind| kind.as_str());
            flaws.push(Flaw::unknown("examples", "kind", &wanted.kind, known));
        }
        if let Some(status) = wanted.status.as_ref().filter(|name| Status::named(name).is_none()) {
            let known = Status::ALL.iter().map(|status| status.as_str());
            flaws.push(Flaw::unknown("examples", "status", status, known));
        }
    }
    flaws
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_and_what_is_lacking_is_told_in_the_order_of_lines() {
        let text = r#"[[frame]]
name = "one"
kind = "deth"
verbs = ["die"]
colour = 1

[[frame]]
name = "two"
kind = "death"
subject-is = ["migrnt"]
examples = [{ text = "x", gives = [{ kind = "crosing" }] }]
"#;
        let file = CodebookFile { name: "a.toml".to_owned(), text: text.to_owned() };
        let told: Vec<String> = lint(&[file]).iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "a.toml:5: unknown key `colour`; `borderwire codebook list` shows what there is",
                "a.toml:8: `two` has no counter-example; give it one or more in `nothing`",
                "a.toml:8: `two` has no trigger: no `verbs`, `nouns` or `phrases`",
                "a.toml:10: `subject-is`: unknown class `migrnt`; did you mean `migrant`?",
                "a.toml:11: `examples`: unknown kind `crosing`; did you mean `crossing`?",
                "a.toml:11: `two` has 1 `examples`; give it 2 or more",
            ]
        );
    }
}
