//! From a file and the environment to a configuration, or to all that is wrong with it.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::IntoDeserializer;
use toml::de::{DeTable, DeValue};
use toml::{Spanned, Table, Value};

use super::error::{ConfigError, Problem};
use super::key::{self, Section};
use super::{Config, check, environment, place};

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A line of the configuration file, counted from 1.
    File(PathBuf, usize),
    /// A variable of the environment.
    Environment(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path, line) => write!(f, "{}:{line}", path.display()),
            Self::Environment(name) => write!(f, "environment {name}"),
        }
    }
}

/// A configuration, and where each of its values comes from.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The configuration in effect.
    pub config: Config,
    /// Origin of each value that is not a default, by section and key.
    pub origins: BTreeMap<(String, String), Origin>,
}

/// A value that somebody wrote.
pub(super) struct Given {
    pub section: String,
    pub key: String,
    /// Name inside a key that holds a table.
    pub inner: Option<String>,
    pub value: Value,
    pub origin: Origin,
}

/// Returns the configuration in effect: defaults, the file over them, the environment over both.
///
/// Without a path no file is read. Paths in the file are relative to the file.
///
/// # Errors
/// The file can not be read, or something in it or in the environment is wrong.
pub fn load(path: Option<&Path>) -> Result<Config, ConfigError> {
    load_with_origins(path).map(|loaded| loaded.config)
}

/// Returns what [`load`] does, with the origin of each value.
///
/// # Errors
/// As [`load`].
pub fn load_with_origins(path: Option<&Path>) -> Result<Loaded, ConfigError> {
    let text = match path {
        None => None,
        Some(path) => Some((path, read(path)?)),
    };
    let environment: Vec<_> = std::env::vars_os()
        .map(|(name, value)| {
            (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned())
        })
        .collect();
    from_parts(text.as_ref().map(|(path, text)| (*path, text.as_str())), &environment)
}

/// Returns the configuration that a file's text and an environment make.
///
/// # Errors
/// [`ConfigError::Wrong`], with everything that is wrong.
pub fn from_parts(
    file: Option<(&Path, &str)>,
    environment: &[(String, String)],
) -> Result<Loaded, ConfigError> {
    let mut problems = Vec::new();
    let mut given = Vec::new();
    if let Some((path, text)) = file {
        read_file(path, text, &mut given, &mut problems);
    }
    environment::read(environment, &mut given, &mut problems);
    for one in &mut given {
        if let Err(problem) = place::resolve(one, file.map(|(path, _)| path), environment) {
            problems.push(problem);
        }
    }
    let (table, origins) = merge(given);
    if !problems.is_empty() {
        return Err(ConfigError::Wrong(problems));
    }
    let config = Config::deserialize(table)
        .map_err(|error| ConfigError::Wrong(vec![Problem::new(error.message())]))?;
    let problems = check::problems(&config, &origins);
    if problems.is_empty() {
        Ok(Loaded { config, origins })
    } else {
        Err(ConfigError::Wrong(problems))
    }
}

/// Checks the value's type, and returns the problem if the key can not take it.
pub(super) fn fits(section: &Section, key: &str, value: &Value) -> Result<(), String> {
    let mut table = Table::new();
    table.insert(key.to_owned(), value.clone());
    (section.read)(table).map_err(|error| {
        let choices = error.message().trim().split_once(", expected ").map(|(_, choices)| choices);
        let wanted = match choices.filter(|_| error.message().starts_with("unknown variant")) {
            Some(choices) => choices.to_owned(),
            None => key::wanted(section.name, key),
        };
        format!("wants {wanted}, not {}", shown(value))
    })
}

fn read(path: &Path) -> Result<String, ConfigError> {
    fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
        what: "configuration file",
        path: path.to_owned(),
        source,
    })
}

fn read_file(path: &Path, text: &str, given: &mut Vec<Given>, problems: &mut Vec<Problem>) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let at = |start: usize| Origin::File(path.to_owned(), line_of(text, start));
    let document = match DeTable::parse(text) {
        Ok(document) => document.into_inner(),
        Err(error) => {
            let origin = at(error.span().map_or(text.len(), |span| span.start));
            problems.push(Problem::new(format!("no TOML at {origin}: {}", error.message())));
            return;
        }
    };
    let mut sections: Vec<_> = document.into_iter().collect();
    sections.sort_by_key(|(name, _)| name.span().start);
    for (name, value) in sections {
        let origin = at(name.span().start);
        let name = name.into_inner().into_owned();
        let Some(section) = key::named(&name) else {
            problems.push(Problem::new(unknown_section(&name, &origin)));
            continue;
        };
        let DeValue::Table(keys) = value.into_inner() else {
            problems.push(Problem::new(format!(
                "`{name}` at {origin} is a section: write [{name}] and its keys below it"
            )));
            continue;
        };
        let mut keys: Vec<_> = keys.into_iter().collect();
        keys.sort_by_key(|(name, _)| name.span().start);
        for (key, value) in keys {
            let origin = at(key.span().start);
            read_key(section, key.into_inner().as_ref(), value, &origin, &at, given, problems);
        }
    }
}

fn read_key(
    section: &'static Section,
    key: &str,
    value: Spanned<DeValue<'_>>,
    origin: &Origin,
    at: &impl Fn(usize) -> Origin,
    given: &mut Vec<Given>,
    problems: &mut Vec<Problem>,
) {
    if !section.keys.contains(&key) {
        problems.push(Problem::new(unknown_key(section, key, origin)));
        return;
    }
    let name = section.name;
    let mut give = |inner: Option<String>, value: Value, origin: Origin| {
        let (section, key) = (name.to_owned(), key.to_owned());
        given.push(Given { section, key, inner, value, origin });
    };
    if key::is_table(name, key) && value.get_ref().is_table() {
        let mut leaves = Vec::new();
        flatten(String::new(), value, &mut leaves);
        for (inner, value) in leaves {
            let origin = at(value.span().start);
            match as_text(value.get_ref()) {
                Some(text) => give(Some(inner), Value::String(text), origin),
                None => problems.push(Problem::new(format!(
                    "`{inner}` in [{name}.{key}] at {origin} wants a text in quotes"
                ))),
            }
        }
        return;
    }
    let value = match Value::deserialize(value.into_deserializer()) {
        Ok(value) => value,
        Err(error) => {
            let what = error.message();
            problems.push(Problem::new(format!("`{key}` in [{name}] at {origin}: {what}")));
            return;
        }
    };
    match fits(section, key, &value) {
        Ok(()) => give(None, value, origin.clone()),
        Err(why) => problems.push(Problem::new(format!("`{key}` in [{name}] at {origin} {why}"))),
    }
}

/// Makes `security.protocol` of the tables that TOML makes of it when nobody quotes it.
fn flatten<'i>(
    name: String,
    value: Spanned<DeValue<'i>>,
    leaves: &mut Vec<(String, Spanned<DeValue<'i>>)>,
) {
    let span = value.span();
    match value.into_inner() {
        DeValue::Table(table) => {
            for (key, value) in table {
                let key = key.into_inner();
                let name = if name.is_empty() { key.into_owned() } else { format!("{name}.{key}") };
                flatten(name, value, leaves);
            }
        }
        leaf => leaves.push((name, Spanned::new(span, leaf))),
    }
}

fn as_text(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.as_ref().to_owned()),
        DeValue::Integer(number) => Some(number.to_string()),
        DeValue::Float(number) => Some(number.to_string()),
        DeValue::Boolean(truth) => Some(truth.to_string()),
        DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    }
}

fn merge(given: Vec<Given>) -> (Table, BTreeMap<(String, String), Origin>) {
    let mut table = Table::new();
    let mut origins = BTreeMap::new();
    for Given { section, key, inner, value, origin } in given {
        let keys = table.entry(section.clone()).or_insert_with(|| Value::Table(Table::new()));
        let Value::Table(keys) = keys else { continue };
        match inner {
            None => {
                keys.insert(key.clone(), value);
            }
            Some(inner) => {
                let names = keys.entry(key.clone()).or_insert_with(|| Value::Table(Table::new()));
                if let Value::Table(names) = names {
                    names.insert(inner, value);
                }
            }
        }
        origins.insert((section, key), origin);
    }
    (table, origins)
}

fn unknown_section(name: &str, origin: &Origin) -> String {
    let homes: Vec<&str> = key::SECTIONS
        .iter()
        .filter(|section| section.keys.contains(&name))
        .map(|section| section.name)
        .collect();
    if !homes.is_empty() {
        return format!(
            "`{name}` at {origin} stands outside its section [{}]",
            homes.join("] or [")
        );
    }
    let known: Vec<&str> = key::SECTIONS.iter().map(|section| section.name).collect();
    match key::nearest(name, known.iter().copied()) {
        Some(meant) => format!("unknown section [{name}] at {origin}; did you mean [{meant}]?"),
        None => format!("unknown section [{name}] at {origin}; there are [{}]", known.join("], [")),
    }
}

fn unknown_key(section: &Section, key: &str, origin: &Origin) -> String {
    let said = format!("unknown key `{key}` in [{}] at {origin}", section.name);
    if let Some(home) = key::SECTIONS.iter().find(|other| other.keys.contains(&key)) {
        return format!("{said}; it belongs to [{}]", home.name);
    }
    match key::nearest(key, section.keys.iter().copied()) {
        Some(meant) => format!("{said}; did you mean `{meant}`?"),
        None => format!("{said}; there are `{}`", section.keys.join("`, `")),
    }
}

/// Says a value without the content of tables, which may hold passwords.
fn shown(value: &Value) -> String {
    match value {
        Value::Table(_) => "a table".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        scalar => scalar.to_string(),
    }
}

/// Returns the line of a byte of the text, counted from 1.
pub(super) fn line_of(text: &str, byte: usize) -> usize {
    let byte = byte.min(text.len());
    text.as_bytes()[..byte].iter().filter(|byte| **byte == b'\n').count() + 1
}
