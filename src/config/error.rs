//! What can be wrong with a configuration, told so that a person can mend it.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why a configuration, or a file that it names, can not be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file could not be read.
    #[error("{what} `{}` could not be read; check the path and who may read it", .path.display())]
    Unreadable {
        /// What the file is for.
        what: &'static str,
        /// Where it was looked for.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file could not be written.
    #[error("{what} `{}` could not be written; check the path and who may write it", .path.display())]
    Unwritable {
        /// What the file is for.
        what: &'static str,
        /// Where it was to be.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The configuration was read and is wrong; all that is wrong, in the order of the file.
    #[error("{}", list(.0))]
    Wrong(Vec<Problem>),
    /// Nothing says where the state folder is.
    #[error(
        "no state folder: none of STATE_DIRECTORY, XDG_STATE_HOME and HOME is set; \
         set `state-dir` in [daemon], or BORDERWIRE_DAEMON__STATE_DIR"
    )]
    NoStateFolder,
}

impl ConfigError {
    /// Exit code of a process that stops for its configuration. Source: `sysexits.h`, `EX_CONFIG`.
    pub const EXIT_CODE: u8 = 78;
}

/// One thing that is wrong, as a sentence that says where and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem(String);

impl Problem {
    /// Returns the problem that the sentence tells.
    pub(super) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn list(problems: &[Problem]) -> String {
    match problems {
        [one] => one.to_string(),
        many => {
            let mut text = format!("{} things are wrong in the configuration:", many.len());
            for problem in many {
                text.push_str("\n  - ");
                text.push_str(&problem.0);
            }
            text
        }
    }
}
