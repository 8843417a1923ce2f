//! Texts that must not be seen: passwords, and what is like them.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;

use super::Kafka;
use super::error::ConfigError;

/// What stands in place of a secret.
pub(super) const REDACTED: &str = "(redacted)";

/// A text that shows itself only when asked by name.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Returns the text itself. Not for logs.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

/// Returns whether librdkafka's setting of that name holds a secret.
///
/// Source: librdkafka's CONFIGURATION.md: passwords, private keys, tokens and client secrets.
pub(super) fn is_secret(setting: &str) -> bool {
    ["password", "secret", "key.pem", "oauthbearer.config", "assertion", "token"]
        .iter()
        .any(|part| setting.contains(part))
}

impl Kafka {
    /// Returns all settings for librdkafka: those of `client`, and those whose values are in files.
    ///
    /// A line end at the end of a file is not part of the value.
    ///
    /// # Errors
    /// A file of `client-files` can not be read as UTF-8.
    pub fn client_settings(&self) -> Result<BTreeMap<String, Secret>, ConfigError> {
        let mut settings: BTreeMap<String, Secret> =
            self.client.iter().map(|(name, value)| (name.clone(), Secret(value.clone()))).collect();
        for (name, path) in &self.client_files {
            let text = fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
                what: "file of [kafka] client-files",
                path: path.clone(),
                source,
            })?;
            let text = text.trim_end_matches(['\r', '\n']).to_owned();
            settings.insert(name.clone(), Secret(text));
        }
        Ok(settings)
    }
}

impl fmt::Debug for Kafka {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let client: BTreeMap<&str, &str> = self
            .client
            .iter()
            .map(|(name, value)| (name.as_str(), if is_secret(name) { REDACTED } else { value }))
            .collect();
        f.debug_struct("Kafka")
            .field("bootstrap", &self.bootstrap)
            .field("partitions", &self.partitions)
            .field("replication", &self.replication)
            .field("commit_timeout", &self.commit_timeout)
            .field("client", &client)
            .field("client_files", &self.client_files)
            .finish()
    }
}
