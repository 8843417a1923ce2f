//! Overrides from the environment: `BORDERWIRE_POLL__INTERVAL=10m`.

use toml::Value;
use toml::de::DeValue;

use super::error::Problem;
use super::key::{self, Section};
use super::load::{Given, Origin, fits};

const PREFIX: &str = "BORDERWIRE_";

/// Variables of the prefix that mean something else than a key.
const OTHERS: &[&str] = &[
    "BORDERWIRE_CI",
    "BORDERWIRE_CONFIG",
    "BORDERWIRE_LOG",
    "BORDERWIRE_PYTHON",
    "BORDERWIRE_SHARED",
];

/// Reads the overrides out of an environment.
///
/// A name is the section, two underscores and the key, in capitals and with `_` for `-`; a key that
/// holds a table has two more underscores and the name inside, with `_` for `.`
/// (`BORDERWIRE_KAFKA__CLIENT__SECURITY_PROTOCOL`). A list is written with commas, or as TOML.
pub(super) fn read(
    environment: &[(String, String)],
    given: &mut Vec<Given>,
    problems: &mut Vec<Problem>,
) {
    let mut ours: Vec<_> = environment
        .iter()
        .filter(|(name, _)| name.starts_with(PREFIX) && !OTHERS.contains(&name.as_str()))
        .collect();
    ours.sort();
    for (name, text) in ours {
        match one(name, text) {
            Ok(value) => given.push(value),
            Err(problem) => problems.push(problem),
        }
    }
}

fn one(name: &str, text: &str) -> Result<Given, Problem> {
    let unknown = || Problem::new(unknown(name));
    let mut parts = name[PREFIX.len()..].splitn(3, "__");
    let (Some(section), Some(key)) = (parts.next(), parts.next()) else { return Err(unknown()) };
    let section = key::named(&section.to_ascii_lowercase()).ok_or_else(unknown)?;
    let key = key.to_ascii_lowercase().replace('_', "-");
    if !section.keys.contains(&key.as_str()) {
        return Err(unknown());
    }
    let given = |inner, value| Given {
        section: section.name.to_owned(),
        key: key.clone(),
        inner,
        value,
        origin: Origin::Environment(name.to_owned()),
    };
    match (parts.next(), key::is_table(section.name, &key)) {
        (Some(inner), true) => {
            let inner = inner.to_ascii_lowercase().replace('_', ".");
            Ok(given(Some(inner), Value::String(text.to_owned())))
        }
        (None, true) => Err(Problem::new(format!(
            "environment variable {name} wants the name of a setting after it: {name}__NAME"
        ))),
        (Some(_), false) => Err(unknown()),
        (None, false) => value(section, &key, text)
            .map(|value| given(None, value))
            .map_err(|why| Problem::new(format!("environment variable {name} {why}"))),
    }
}

/// Reads the text as the key wants it: as it is, as TOML, or as a list with commas.
fn value(section: &Section, key: &str, text: &str) -> Result<Value, String> {
    let plain = Value::String(text.to_owned());
    let Err(why) = fits(section, key, &plain) else { return Ok(plain) };
    let toml = DeValue::parse(text.trim()).ok().and_then(|value| {
        serde::Deserialize::deserialize(serde::de::IntoDeserializer::into_deserializer(value)).ok()
    });
    let list = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    let list = Value::Array(list.map(|part| Value::String(part.to_owned())).collect());
    toml.into_iter()
        .chain([list])
        .find(|value: &Value| fits(section, key, value).is_ok())
        .ok_or(why)
}

fn unknown(name: &str) -> String {
    let known: Vec<String> = key::SECTIONS
        .iter()
        .flat_map(|section| section.keys.iter().map(|key| variable(section.name, key)))
        .collect();
    match key::nearest(name, known.iter().map(String::as_str)) {
        Some(meant) => format!("unknown environment variable {name}; did you mean {meant}?"),
        None => format!(
            "unknown environment variable {name}; a key is overridden as {PREFIX}SECTION__KEY, \
             for example {}",
            variable("poll", "interval")
        ),
    }
}

fn variable(section: &str, key: &str) -> String {
    format!("{PREFIX}{section}__{key}").to_ascii_uppercase().replace('-', "_")
}
