//! What is deployed: the unit, the container, the compose file, the example configuration.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use borderwire::config::{self, Config};
use serde_json::Value;

use crate::process::skip;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn runs(program: &str, arguments: &[&str]) -> bool {
    Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success())
}

/// Returns the example with the lines uncommented that begin with the mark and a key.
fn uncommented(example: &str, marks: &[&str]) -> String {
    let key = |rest: &str| {
        let (key, _) = rest.split_once(" = ")?;
        key.chars().all(|c| c.is_ascii_lowercase() || c == '-').then_some(key.to_owned())
    };
    let mut taken = Vec::new();
    let mut lines: Vec<&str> = Vec::new();
    for line in example.lines() {
        let rest = marks.iter().find_map(|mark| {
            line.strip_prefix(mark).filter(|rest| !rest.starts_with(' ') && key(rest).is_some())
        });
        if line.starts_with('[') {
            taken.clear();
        }
        // An example of a key whose default stands above it goes in its place.
        if let Some(name) = rest.and_then(key) {
            if taken.contains(&name) {
                lines.retain(|line| !line.starts_with(&format!("{name} = {{}}")));
            }
            taken.push(name);
        }
        lines.push(rest.unwrap_or(line));
    }
    lines.join("\n")
}

fn load(text: &str) -> Config {
    let path = Path::new("/etc/borderwire/borderwire.toml");
    match config::from_parts(Some((path, text)), &[]) {
        Ok(loaded) => loaded.config,
        Err(error) => panic!("{error}\n{text}"),
    }
}

#[test]
fn the_example_says_the_defaults_and_every_key() {
    let example = text("deploy/borderwire.example.toml");
    assert_eq!(load(&example), Config::default());
    let defaults = uncommented(&example, &["#"]);
    assert!(defaults.contains("\ninterval = \"15m\"\n"), "{defaults}");
    assert_eq!(load(&defaults), Config::default());

    // With the examples too, each key that the program knows is there, and no other.
    let all = uncommented(&example, &["#", "# "]);
    let shown = config::show(&config::from_parts(Some((Path::new("x"), &all)), &[]).unwrap());
    let unset: Vec<&str> = shown.lines().filter(|line| line.ends_with("is not set")).collect();
    assert_eq!(unset, Vec::<&str>::new());
    let keys = |text: &str| {
        let mut section = String::new();
        let mut keys = BTreeSet::new();
        for line in text.lines() {
            if line.starts_with('[') {
                section = line.to_owned();
            } else if let Some((key, _)) = line.split_once(" = ").filter(|_| !line.starts_with('#'))
            {
                keys.insert(format!("{section} {key}"));
            }
        }
        keys
    };
    assert_eq!(keys(&all), keys(&shown));
}

#[test]
fn the_built_in_feeds_are_forty_real_ones() {
    let list = config::feeds(&Config::default()).unwrap();
    assert!(list.feeds.len() >= 40, "{}", list.feeds.len());
    for feed in &list.feeds {
        assert_eq!(feed.url.scheme(), "https", "{}", feed.url);
        assert!(feed.title.is_some() && feed.language.is_some(), "{}", feed.url);
        assert_eq!(feed.categories.len(), 1, "{} stands in one region", feed.url);
        assert!(!feed.url.host_str().unwrap_or_default().contains("example"), "{}", feed.url);
    }
    let regions: BTreeSet<&str> =
        list.feeds.iter().map(|feed| feed.categories[0].as_str()).collect();
    assert!(regions.len() >= 6, "{regions:?}");
}

#[test]
fn systemd_takes_the_unit_and_finds_it_shut_in() {
    if !runs("systemd-analyze", &["--version"]) && skip("unit", "systemd-analyze") {
        return;
    }
    // It wants the program to be where the unit says.
    let unit = text("deploy/borderwire.service");
    assert_eq!(unit.matches("/usr/bin/borderwire").count(), 2);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("borderwire.service");
    let analyze = |unit: &str, arguments: &[&str]| {
        let unit = unit.replace("/usr/bin/borderwire", env!("CARGO_BIN_EXE_borderwire"));
        fs::write(&path, unit).unwrap();
        let output = Command::new("systemd-analyze").args(arguments).arg(&path).output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    // Its complaints about other units of this machine are not ours.
    let ours = |told: &str| told.lines().filter(|line| line.contains("borderwire")).count();
    let (good, told) = analyze(&unit, &["verify"]);
    assert!(good && ours(&told) == 0, "{told}");
    let (_, told) = analyze(&unit.replace("WatchdogSec=", "WatchdogSeconds="), &["verify"]);
    assert!(ours(&told) > 0, "a wrong directive is told");

    let security = ["security", "--offline=true", "--no-pager", "--threshold=15"];
    assert!(analyze(&unit, &security).0, "exposed more than 1.5 of 10");
    let open = unit.replace("ProtectSystem=strict", "").replace("CapabilityBoundingSet=", "");
    assert!(!analyze(&open, &security).0, "an open unit is told");
}

#[test]
fn the_unit_does_not_restart_what_stops_for_its_configuration() {
    let unit = text("deploy/borderwire.service");
    let codes = unit.lines().find_map(|line| line.strip_prefix("RestartPreventExitStatus="));
    let codes: Vec<u8> = codes.unwrap().split(' ').map(|code| code.parse().unwrap()).collect();
    assert!(codes.contains(&config::ConfigError::EXIT_CODE), "{codes:?}");
    for line in ["Type=notify", "NotifyAccess=main", "DynamicUser=yes", "StateDirectory=borderwire"]
    {
        assert!(unit.lines().any(|known| known == line), "{line}");
    }
}

/// Returns the words after each instruction of that name.
fn instructions<'a>(dockerfile: &'a str, name: &str) -> Vec<&'a str> {
    dockerfile.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(' ')).collect()
}

#[test]
fn the_dockerfile_copies_what_exists_and_all_that_the_code_includes() {
    let dockerfile = text("deploy/Dockerfile");
    let copied: Vec<&str> = instructions(&dockerfile, "COPY")
        .into_iter()
        .filter(|words| !words.starts_with("--from"))
        .flat_map(|words| {
            let mut words: Vec<&str> = words.split_whitespace().collect();
            words.pop();
            words
        })
        .collect();
    assert!(copied.len() >= 4, "{copied:?}");
    let ignored = text("deploy/Dockerfile.dockerignore");
    for path in &copied {
        assert!(root().join(path).exists(), "{path} does not exist");
        assert!(ignored.lines().any(|line| line == format!("!{path}")), "{path} is not sent");
    }
    let mut files = vec![root().join("src")];
    let mut seen = 0;
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let Ok(code) = fs::read_to_string(&path) else { continue };
        for included in included(&code) {
            let full = path.parent().unwrap().join(included).canonicalize().unwrap();
            let full = full.strip_prefix(root().canonicalize().unwrap()).unwrap().to_owned();
            let there = copied.iter().any(|copied| full.starts_with(copied));
            assert!(there, "{} includes {}, which is not copied", path.display(), full.display());
            seen += 1;
        }
    }
    assert!(seen > 0, "the list of feeds is included at least");
}

/// Returns the files that the code takes in when it is compiled.
fn included(code: &str) -> Vec<&str> {
    ["include_str!(\"", "include_bytes!(\""]
        .iter()
        .flat_map(|mark| code.split(mark).skip(1))
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

#[test]
fn the_dockerfile_builds_with_our_toolchain_and_does_not_run_as_root() {
    let dockerfile = text("deploy/Dockerfile");
    let toolchain = text("rust-toolchain.toml");
    let version = toolchain.split("channel = \"").nth(1).and_then(|rest| rest.split('"').next());
    let wanted = format!("rust:{}-slim-bookworm AS build", version.unwrap());
    assert_eq!(instructions(&dockerfile, "FROM")[0], wanted);
    let user = instructions(&dockerfile, "USER");
    assert!(user.len() == 1 && !user[0].starts_with('0') && user[0] != "root", "{user:?}");
    assert!(dockerfile.contains("HEALTHCHECK") && dockerfile.contains("\"health\"]"));
    // The variables are keys of the configuration, and their values fit.
    let environment: Vec<(String, String)> = dockerfile
        .split_whitespace()
        .filter(|word| word.starts_with("BORDERWIRE_"))
        .filter_map(|word| word.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    assert_eq!(environment.len(), 3);
    let config = config::from_parts(None, &environment).unwrap().config;
    assert_eq!(config.daemon.state_dir.as_deref(), Some(Path::new("/var/lib/borderwire")));
}

#[test]
fn the_compose_file_is_read_and_its_variables_fit() {
    let Some(compose) = compose() else {
        skip("compose", "python3 with yaml");
        return;
    };
    let service = &compose["services"]["borderwire"];
    assert_eq!(service["read_only"], true);
    assert_eq!(service["cap_drop"], serde_json::json!(["ALL"]));
    assert_eq!(service["depends_on"]["kafka"]["condition"], "service_healthy");
    let dockerfile = service["build"]["dockerfile"].as_str().unwrap();
    assert!(root().join(dockerfile).exists());
    let environment: Vec<(String, String)> = service["environment"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
        .collect();
    let config = config::from_parts(None, &environment).unwrap().config;
    assert_eq!(config.kafka.replication, 1);

    // It comes in by the listener that is told to containers.
    let kafka = &compose["services"]["kafka"];
    let advertised = kafka["environment"]["KAFKA_ADVERTISED_LISTENERS"].as_str().unwrap();
    let inside = format!("INSIDE://{}", config.kafka.bootstrap.unwrap());
    assert!(advertised.split(',').any(|listener| listener == inside), "{advertised}");
    assert!(kafka["healthcheck"]["test"][1].as_str().unwrap().contains("kafka:19092"));
    // Nothing is published beyond this machine.
    for service in compose["services"].as_object().unwrap().values() {
        for port in service["ports"].as_array().unwrap() {
            assert!(port.as_str().unwrap().starts_with("127.0.0.1:"), "{port}");
        }
    }
    let tested = text("tests/kafka/kafka");
    let version = tested.split("KAFKA_VERSION:-").nth(1).and_then(|rest| rest.split('}').next());
    assert_eq!(kafka["image"], format!("apache/kafka:{}", version.unwrap()));
}

#[test]
fn docker_takes_the_compose_file() {
    if !runs("docker", &["compose", "version"]) {
        // The test above read it without docker, so nothing has to fail for this.
        let _ = writeln!(std::io::stderr(), "skipped: docker: needs docker's compose plugin");
        return;
    }
    let file = root().join("docker-compose.yml");
    let output = Command::new("docker")
        .args(["compose", "--file"])
        .arg(file)
        .args(["config", "--quiet"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn compose() -> Option<Value> {
    let python = std::env::var("BORDERWIRE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    if !runs(&python, &["-c", "import yaml"]) {
        return None;
    }
    let program =
        "import json, sys, yaml; json.dump(yaml.safe_load(open(sys.argv[1])), sys.stdout)";
    let file = root().join("docker-compose.yml");
    let output = Command::new(python).args(["-c", program]).arg(file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).unwrap())
}
