//! The sections and keys that exist, read off the structs themselves.

use std::net::SocketAddr;
use std::sync::LazyLock;

use serde::de::value::Error as NoValue;
use serde::de::{DeserializeOwned, Deserializer, Error as _, Visitor};
use toml::{Table, Value};

use super::{Config, Daemon, Fetch, Journal, Kafka, Parser, Poll, Serve};

/// A section of the configuration.
pub(super) struct Section {
    /// Its name in the file.
    pub name: &'static str,
    /// Its keys, in the order of the struct.
    pub keys: &'static [&'static str],
    /// Reads a section that has some of the keys, and says why it can not.
    pub read: fn(Table) -> Result<(), toml::de::Error>,
}

/// All sections, in the order of [`Config`].
pub(super) static SECTIONS: LazyLock<Vec<Section>> = LazyLock::new(|| {
    vec![
        section::<Daemon>("daemon"),
        section::<Poll>("poll"),
        section::<Fetch>("fetch"),
        section::<Parser>("parser"),
        section::<Journal>("journal"),
        section::<Kafka>("kafka"),
        section::<Serve>("serve"),
    ]
});

/// The defaults as a file would say them; keys without a default are absent.
pub(super) static DEFAULTS: LazyLock<Table> = LazyLock::new(|| {
    Table::try_from(Config::default()).expect("a default configuration has only plain values")
});

/// Returns the section of that name.
pub(super) fn named(section: &str) -> Option<&'static Section> {
    SECTIONS.iter().find(|known| known.name == section)
}

/// Returns the default of a key, where it has one.
pub(super) fn default_of(section: &str, key: &str) -> Option<&'static Value> {
    DEFAULTS.get(section)?.get(key)
}

/// Returns whether the key holds names that are not ours, each with a text.
pub(super) fn is_table(section: &str, key: &str) -> bool {
    default_of(section, key).is_some_and(Value::is_table)
}

/// Returns what a key wants, with its default as the example.
pub(super) fn wanted(section: &str, key: &str) -> String {
    match default_of(section, key) {
        Some(Value::Integer(example)) => format!("a whole number such as {example}"),
        Some(Value::Array(_)) => "a list of texts such as [\"one\", \"two\"]".to_owned(),
        Some(Value::Table(_)) => "a table of texts".to_owned(),
        Some(Value::String(text)) if text.parse::<SocketAddr>().is_ok() => {
            format!("an IP address and a port such as \"{text}\"")
        }
        Some(Value::String(text)) if text.starts_with(|c: char| c.is_ascii_digit()) => {
            format!("a duration such as \"{text}\"")
        }
        Some(other) => format!("a text such as {other}"),
        None => "a text in quotes".to_owned(),
    }
}

/// Returns which of the names was probably meant.
///
/// Two letters wrong in five are a slip; more is another word.
pub(super) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|candidate| (strsim::normalized_damerau_levenshtein(name, candidate), candidate))
        .filter(|(likeness, _)| *likeness >= 0.6)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

fn section<T: DeserializeOwned>(name: &'static str) -> Section {
    Section { name, keys: keys_of::<T>(), read: |table| T::deserialize(table).map(drop) }
}

/// Returns the names under which serde reads the fields of a struct.
fn keys_of<T: DeserializeOwned>() -> &'static [&'static str] {
    let mut asked = Asked(&[]);
    let _ = T::deserialize(&mut asked);
    asked.0
}

/// A deserializer that holds nothing, and hears which fields it is asked for.
struct Asked(&'static [&'static str]);

impl<'de> Deserializer<'de> for &mut Asked {
    type Error = NoValue;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, NoValue> {
        Err(NoValue::custom("nothing here"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, NoValue> {
        self.0 = fields;
        self.deserialize_any(visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_of_the_struct_is_known() {
        let names: Vec<&str> = SECTIONS.iter().map(|section| section.name).collect();
        assert_eq!(names, keys_of::<Config>());
        assert!(SECTIONS.iter().all(|section| !section.keys.is_empty()));
    }

    #[test]
    fn a_slip_is_recognized_and_another_word_is_not() {
        let keys = named("poll").unwrap().keys;
        let cases = [
            ("intervall", Some("interval")),
            ("interval_min", Some("interval-min")),
            ("feeds-at-once", Some("feeds-at-once-max")),
            ("colour", None),
        ];
        for (name, meant) in cases {
            assert_eq!(nearest(name, keys.iter().copied()), meant, "{name}");
        }
    }
}
