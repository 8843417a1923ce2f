//! What is wrong in a file of a codebook, told so that its author can mend it.

use std::fmt;

/// Likeness from which a name was probably meant: two letters wrong in five are a slip.
const LIKENESS_MIN: f64 = 0.6;

/// Names that are listed where none is near.
const LISTED_MAX: usize = 12;

/// One thing that is wrong or doubtful, with where it stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// Name of the file, as the caller gave it.
    pub file: String,
    /// Counted from 1.
    pub line: usize,
    /// What is wrong, and what to do.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)
    }
}

/// Why files of a codebook can not be used: all that is wrong, file by file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", list(.0))]
pub struct CodebookError(pub Vec<Fault>);

impl CodebookError {
    /// Returns the error of these faults, in the order of the files.
    pub(super) fn of(mut faults: Vec<Fault>) -> Self {
        faults.sort();
        Self(faults)
    }
}

fn list(faults: &[Fault]) -> String {
    match faults {
        [one] => one.to_string(),
        many => {
            let lines: Vec<String> = many.iter().map(|fault| format!("\n  - {fault}")).collect();
            format!("{} things are wrong in the codebook:{}", many.len(), lines.concat())
        }
    }
}

/// What is wrong with a key of a table, before it is known where that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Flaw {
    pub(super) key: &'static str,
    pub(super) what: String,
}

impl Flaw {
    /// A name that is none of those known.
    pub(super) fn unknown<'a>(
        key: &'static str,
        sort: &str,
        name: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        Self { key, what: format!("`{key}`: unknown {sort} `{name}`; {}", meant(name, known)) }
    }
}

/// Returns a hint at which name was meant.
pub(super) fn meant<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let mut known: Vec<&str> = known.into_iter().collect();
    known.sort_unstable();
    if let Some(near) = nearest(name, known.iter().copied()) {
        return format!("did you mean `{near}`?");
    }
    if known.len() <= LISTED_MAX {
        return format!("there are `{}`", known.join("`, `"));
    }
    "`borderwire codebook list` shows what there is".to_owned()
}

/// Returns which of the names was probably meant.
pub(super) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let like = |known| (strsim::normalized_damerau_levenshtein(name, known), known);
    let near = known.into_iter().map(like).filter(|(likeness, _)| *likeness >= LIKENESS_MIN);
    near.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1))).map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_near_is_proposed_and_few_are_listed() {
        let known = ["migrant", "migration", "border"];
        for (name, hint) in [
            ("migrnt", "did you mean `migrant`?"),
            ("Border", "did you mean `border`?"),
            ("xyz", "there are `border`, `migrant`, `migration`"),
        ] {
            assert_eq!(meant(name, known), hint);
        }
        let many: Vec<String> = (0..20).map(|n| format!("class-{n}-of-many")).collect();
        assert!(meant("q", many.iter().map(String::as_str)).contains("codebook list"));
    }

    #[test]
    fn one_fault_is_a_line_and_several_are_a_list() {
        let fault = |line| Fault { file: "a.toml".into(), line, what: "bad".into() };
        assert_eq!(CodebookError(vec![fault(3)]).to_string(), "a.toml:3: bad");
        let two = CodebookError(vec![fault(3), fault(4)]).to_string();
        assert_eq!(
            two,
            "2 things are wrong in the codebook:\n  - a.toml:3: bad\n  - a.toml:4: bad"
        );
    }
}
