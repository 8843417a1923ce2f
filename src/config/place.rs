//! Where files are: paths of the configuration, and the state folder.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use toml::Value;

use super::Config;
use super::error::{ConfigError, Problem};
use super::load::{Given, Origin};

/// Keys that hold paths.
const PATHS: &[(&str, &str)] = &[
    ("daemon", "state-dir"),
    ("daemon", "feeds"),
    ("fetch", "ca-file"),
    ("parser", "codebook"),
    ("kafka", "client-files"),
];

/// Folders that systemd hands to a service; a path may begin with `$NAME`.
///
/// Source: systemd.exec(5), `StateDirectory=`, `ConfigurationDirectory=`, `LoadCredential=`.
const FOLDERS: &[&str] = &["CREDENTIALS_DIRECTORY", "CONFIGURATION_DIRECTORY", "STATE_DIRECTORY"];

/// Makes the paths of a value absolute in meaning: what stands in the file is relative to the file,
/// what stands in the environment to the working directory.
pub(super) fn resolve(
    given: &mut Given,
    file: Option<&Path>,
    environment: &[(String, String)],
) -> Result<(), Problem> {
    if !PATHS.contains(&(&given.section, &given.key)) {
        return Ok(());
    }
    let folder = match given.origin {
        Origin::File(..) => file.and_then(Path::parent).unwrap_or(Path::new("")),
        Origin::Environment(_) => Path::new(""),
    };
    let place = format!("`{}` in [{}] at {}", given.key, given.section, given.origin);
    each_text(&mut given.value, &mut |text| {
        let expanded = expand(text, environment)
            .map_err(|why| Problem::new(format!("{place} names `{text}`: {why}")))?;
        *text = folder.join(expanded).to_string_lossy().into_owned();
        Ok(())
    })
}

fn each_text(
    value: &mut Value,
    change: &mut impl FnMut(&mut String) -> Result<(), Problem>,
) -> Result<(), Problem> {
    match value {
        Value::String(text) => change(text),
        Value::Array(list) => list.iter_mut().try_for_each(|value| each_text(value, change)),
        Value::Table(table) => table.iter_mut().try_for_each(|(_, value)| each_text(value, change)),
        _ => Ok(()),
    }
}

fn expand(text: &str, environment: &[(String, String)]) -> Result<PathBuf, String> {
    if text.is_empty() {
        return Err("an empty path".to_owned());
    }
    let Some(rest) = text.strip_prefix('$') else { return Ok(PathBuf::from(text)) };
    let (name, rest) = rest.split_once('/').unwrap_or((rest, ""));
    if !FOLDERS.contains(&name) {
        return Err(format!("a path may begin with ${}", FOLDERS.join(", $")));
    }
    let folder = environment.iter().find(|(known, _)| known == name).map(|(_, value)| value);
    let folder = folder.ok_or_else(|| {
        format!("${name} is not set; systemd sets it for a service that asks for it")
    })?;
    // Several folders are told with colons; the first is the service's own.
    let folder = folder.split(':').next().unwrap_or(folder);
    Ok(Path::new(folder).join(rest))
}

impl Config {
    /// Returns the folder of everything that is kept; it need not exist yet.
    ///
    /// `[daemon] state-dir`, else `$STATE_DIRECTORY` (its first folder), else
    /// `$XDG_STATE_HOME/borderwire`, else `~/.local/state/borderwire`.
    ///
    /// # Errors
    /// [`ConfigError::NoStateFolder`] where none of these is set.
    pub fn state_dir(&self) -> Result<PathBuf, ConfigError> {
        self.state_dir_in(|name| std::env::var_os(name))
    }

    fn state_dir_in(
        &self,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Result<PathBuf, ConfigError> {
        if let Some(folder) = &self.daemon.state_dir {
            return Ok(folder.clone());
        }
        let folder = |name| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        if let Some(folders) = folder("STATE_DIRECTORY") {
            let folders = folders.to_string_lossy().into_owned();
            return Ok(PathBuf::from(folders.split(':').next().unwrap_or(&folders)));
        }
        // Source: XDG base directory specification: a relative path there is to be ignored.
        folder("XDG_STATE_HOME")
            .filter(|path| path.is_absolute())
            .or_else(|| folder("HOME").map(|home| home.join(".local/state")))
            .map(|state| state.join("borderwire"))
            .ok_or(ConfigError::NoStateFolder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn state_folder_is_the_nearest_that_is_set() {
        type Case = (&'static [(&'static str, &'static str)], Option<&'static str>);
        let cases: [Case; 6] = [
            (&[("STATE_DIRECTORY", "/var/lib/a:/var/lib/b"), ("HOME", "/h")], Some("/var/lib/a")),
            (&[("XDG_STATE_HOME", "/x"), ("HOME", "/h")], Some("/x/borderwire")),
            (&[("XDG_STATE_HOME", "x"), ("HOME", "/h")], Some("/h/.local/state/borderwire")),
            (&[("STATE_DIRECTORY", ""), ("HOME", "/h")], Some("/h/.local/state/borderwire")),
            (&[("HOME", "/h")], Some("/h/.local/state/borderwire")),
            (&[], None),
        ];
        for (environment, folder) in cases {
            let found = Config::default().state_dir_in(|name| {
                environment.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into())
            });
            assert_eq!(found.ok(), folder.map(PathBuf::from), "{environment:?}");
        }
    }

    #[test]
    fn state_folder_of_the_file_goes_first() {
        let mut config = Config::default();
        config.daemon.state_dir = Some(PathBuf::from("/srv/wire"));
        let found = config.state_dir_in(|_| Some(OsString::from("/elsewhere")));
        assert_eq!(found.unwrap(), Path::new("/srv/wire"));
    }
}
