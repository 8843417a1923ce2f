//! The configuration in effect, as a file that would make it again.

use toml::{Table, Value};

use super::key::SECTIONS;
use super::load::Loaded;
use super::secret::{REDACTED, is_secret};

/// Returns the configuration as TOML, each value with where it comes from; secrets are redacted.
pub fn show(loaded: &Loaded) -> String {
    // The defaults of all keys serialize, and so does every value that was read in.
    let table = Table::try_from(&loaded.config).unwrap_or_default();
    let mut text = String::new();
    for section in SECTIONS.iter() {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&format!("[{}]\n", section.name));
        for key in section.keys {
            let place = (section.name.to_owned(), (*key).to_owned());
            let origin = loaded.origins.get(&place);
            let origin = origin.map_or_else(|| "default".to_owned(), ToString::to_string);
            match table.get(section.name).and_then(|keys| keys.get(*key)) {
                Some(Value::Table(inner)) => {
                    text.push_str(&format!("{key} = {}  # {origin}\n", inline(key, inner)));
                }
                Some(value) => text.push_str(&format!("{key} = {value}  # {origin}\n")),
                None => text.push_str(&format!("# {key} is not set\n")),
            }
        }
    }
    text
}

/// Writes a table on one line. Values under the names of secrets are redacted, except where the
/// value is only the path of a secret's file.
fn inline(key: &str, table: &Table) -> String {
    if table.is_empty() {
        return "{}".to_owned();
    }
    let entries = table.iter().map(|(name, value)| {
        let quoted = Value::String(name.clone());
        if is_secret(name) && key != "client-files" {
            format!("{quoted} = \"{REDACTED}\"")
        } else {
            format!("{quoted} = {value}")
        }
    });
    format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
}
