//! Annotations of others, for measures, where this machine has them.

use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::Value;

/// Returns the items of a file of other people's annotations, `None` where this machine has none.
pub(in crate::parser::coding) fn gold(name: &str) -> Option<Vec<Value>> {
    let shared = env::var_os("BORDERWIRE_SHARED").unwrap_or_else(|| "../shared".into());
    let path = Path::new(&shared).join("gold").join(name);
    assert!(
        path.is_file() || env::var_os("BORDERWIRE_CI").is_none(),
        "the measure needs {}",
        path.display()
    );
    lines(&path)
}

/// Documents of our own coded set that may be looked at while rules are written.
const OPEN: usize = 38;

/// Returns the open items of a file of our own coded set, `None` where this machine has none.
pub(in crate::parser::coding) fn open(name: &str) -> Option<Vec<Value>> {
    let shared = env::var_os("BORDERWIRE_SHARED").unwrap_or_else(|| "../shared".into());
    let mut items = lines(&Path::new(&shared).join("eval").join(name))?;
    items.truncate(OPEN);
    Some(items)
}

/// Returns the items of the file that the variable names.
pub(in crate::parser::coding) fn told(variable: &str) -> Option<Vec<Value>> {
    match env::var_os(variable) {
        Some(path) => lines(&PathBuf::from(path)),
        None => {
            say(&format!("skipped: needs {variable}"));
            None
        }
    }
}

fn lines(path: &Path) -> Option<Vec<Value>> {
    let Ok(text) = fs::read_to_string(path) else {
        say(&format!("skipped: needs {}", path.display()));
        return None;
    };
    Some(text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

/// The parser takes a tenth of a second for a sentence without optimisation.
pub(in crate::parser::coding) fn is_slow() -> bool {
    if cfg!(debug_assertions) {
        say("skipped: needs --release");
    }
    cfg!(debug_assertions)
}

#[expect(clippy::print_stderr, reason = "a measure is there to be read")]
pub(in crate::parser::coding) fn say(line: &str) {
    eprintln!("{line}");
}

/// Prints the figure, and what was not right where that is asked for.
pub(in crate::parser::coding) fn report(name: &str, right: usize, of: usize, wrong: &str) {
    say(&format!("{name}: {right} of {of} = {:.3}", right as f64 / of.max(1) as f64));
    if env::var_os("BORDERWIRE_ERRORS").is_some() {
        say(wrong);
    }
}
