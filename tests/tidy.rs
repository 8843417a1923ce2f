//! The rules of the code that a compiler does not check: order of modules, a core without I/O,
//! each client library in one folder, files that open with a sentence and stay short.

use std::fs;
use std::path::{Path, PathBuf};

/// Modules of values in, values out.
const CORE: &[&str] = &["feed", "capture", "parser", "novelty", "schedule", "message"];

/// What the core may not name, as paths.
const IMPURE: &[&[&str]] = &[
    &["std", "fs"],
    &["std", "net"],
    &["std", "env"],
    &["std", "process"],
    &["std", "thread"],
    &["std", "io", "stdin"],
    &["std", "io", "stdout"],
    &["std", "io", "stderr"],
    &["std", "time", "SystemTime"],
    &["std", "hash", "RandomState"],
    &["tokio"],
    &["tracing"],
    &["getrandom"],
    &["rand"],
    &["fastrand"],
    &["SystemTime", "now"],
    &["Instant", "now"],
    &["Timestamp", "now"],
    &["Zoned", "now"],
    &["Utc", "now"],
    &["Uuid", "new_v4"],
    &["println!"],
    &["eprintln!"],
    &["print!"],
    &["dbg!"],
];

/// Libraries, and the only place that knows each.
const HOMES: &[(&str, &str)] = &[
    ("rdkafka", "src/kafka"),
    ("reqwest", "src/fetch"),
    ("feed_rs", "src/parser/read"),
    ("rusqlite", "src/journal"),
    ("kafka_protocol", "src/journal"),
];

/// Longest file.
const LINES_MAX: usize = 700;

/// Files that were longer when the rule was made, and how long they may be: a number here only goes
/// down, and a file that is short enough goes out of the list.
const LONGER: &[(&str, usize)] = &[];

/// Names of modules that say nothing.
const EMPTY_NAMES: &[&str] = &["utils", "util", "common", "helpers", "helper", "types", "misc"];

/// A file of the package: its path from the package's folder, and its text.
struct Source {
    path: String,
    text: String,
}

impl Source {
    fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// Returns the module path: `["kafka", "topics"]` for `src/kafka/topics.rs`.
    fn module(&self) -> Vec<&str> {
        let path = self.path.strip_prefix("src/").unwrap_or(&self.path);
        path.trim_end_matches(".rs").split('/').filter(|part| *part != "mod").collect()
    }

    fn is_test(&self) -> bool {
        self.module().contains(&"tests") || !self.path.starts_with("src/")
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<Source> {
    let mut paths = Vec::new();
    for folder in ["src", "tests", "benches"] {
        rust_files(&root().join(folder), &mut paths);
    }
    paths.sort();
    let read = |path: &PathBuf| Source {
        path: path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/"),
        text: fs::read_to_string(path).unwrap(),
    };
    let sources: Vec<Source> = paths.iter().map(read).collect();
    assert!(sources.len() > 30, "only {} files were found", sources.len());
    sources
}

fn rust_files(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

fn lib() -> String {
    fs::read_to_string(root().join("src/lib.rs")).unwrap()
}

/// Returns the top modules of `lib.rs`, in their order.
fn modules(lib: &str) -> Vec<String> {
    let names = lib.lines().filter_map(|line| line.trim().strip_prefix("pub mod "));
    names.map(|rest| rest.trim_end_matches(';').to_owned()).collect()
}

/// Returns the words and signs of Rust code, without comments and without what stands in quotes.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(length) = quoted(rest) {
            length
        } else if first.is_alphanumeric() || first == '_' {
            let word = |c: char| !c.is_alphanumeric() && c != '_';
            let length = rest.find(word).unwrap_or(rest.len());
            tokens.push(rest[..length].to_owned());
            length
        } else if rest.starts_with("::") {
            tokens.push("::".to_owned());
            2
        } else {
            if !first.is_whitespace() {
                tokens.push(first.to_string());
            }
            first.len_utf8()
        };
        rest = &rest[length..];
    }
    tokens
}

/// Returns the length of the literal in quotes that the text begins with.
fn quoted(text: &str) -> Option<usize> {
    let unprefixed = text.strip_prefix('b').unwrap_or(text);
    let prefix = text.len() - unprefixed.len();
    if let Some(raw) = unprefixed.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if raw[hashes..].starts_with('"') {
            let end = format!("\"{}", "#".repeat(hashes));
            let start = prefix + 1 + hashes + 1;
            return Some(text[start..].find(&end).map_or(text.len(), |at| start + at + end.len()));
        }
    }
    let quote = unprefixed.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let mut characters = unprefixed.char_indices().skip(1);
    let mut length = 0;
    while let Some((at, character)) = characters.next() {
        length += 1;
        match character {
            '\\' => drop(characters.next()),
            _ if character == quote => return Some(prefix + at + 1),
            // A lifetime or a label is a quote that nothing closes.
            _ if quote == '\'' && length > 1 => return None,
            _ => {}
        }
    }
    None
}

/// Returns the words of the code without the modules that are compiled for tests alone.
fn without_tests(tokens: &[String]) -> Vec<String> {
    let marks = ["#", "[", "cfg", "(", "test", ")", "]", "mod"];
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let is_test = tokens[at..].iter().zip(marks).filter(|(word, mark)| word == mark).count();
        if is_test < marks.len() {
            kept.push(tokens[at].clone());
            at += 1;
            continue;
        }
        let mut depth = 0;
        at += marks.len();
        while at < tokens.len() {
            match tokens[at].as_str() {
                "{" => depth += 1,
                "}" => depth -= 1,
                _ => {}
            }
            at += 1;
            if depth == 0 && matches!(tokens[at - 1].as_str(), "}" | ";") {
                break;
            }
        }
    }
    kept
}

/// Returns every path that the code names, groups of `use` written out; a macro ends with `!`.
fn paths(tokens: &[String]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if is_word(&tokens[at]) && (at == 0 || tokens[at - 1] != "::") {
            at = path(tokens, at, &mut Vec::new(), &mut found);
        } else {
            at += 1;
        }
    }
    found
}

/// Reads the path at `at` under a prefix, and returns where it ends.
fn path(
    tokens: &[String],
    mut at: usize,
    prefix: &mut Vec<String>,
    found: &mut Vec<Vec<String>>,
) -> usize {
    let depth = prefix.len();
    loop {
        prefix.push(tokens[at].clone());
        at += 1;
        if tokens.get(at).is_some_and(|sign| sign == "!") {
            let name = prefix.pop().unwrap_or_default();
            prefix.push(format!("{name}!"));
        }
        if tokens.get(at).is_none_or(|sign| sign != "::") {
            break;
        }
        match tokens.get(at + 1).map(String::as_str) {
            Some("{") => {
                at += 2;
                while at < tokens.len() && tokens[at] != "}" {
                    at =
                        if is_word(&tokens[at]) { path(tokens, at, prefix, found) } else { at + 1 };
                }
                prefix.truncate(depth);
                return at + 1;
            }
            Some(word) if is_word(word) => at += 1,
            _ => break,
        }
    }
    found.push(prefix.clone());
    prefix.truncate(depth);
    at
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Returns the modules that are used before they are declared.
fn backward_uses(source: &Source, modules: &[String]) -> Vec<String> {
    let position = |name: &str| modules.iter().position(|module| module == name);
    let Some(own) = source.module().first().and_then(|name| position(name)) else {
        return Vec::new();
    };
    let mut wrong = Vec::new();
    for path in paths(&tokens(&source.text)) {
        let is_crate = path[0] == "crate" || path[0] == "borderwire";
        let used = path.get(1).filter(|_| is_crate).and_then(|name| position(name));
        if used.is_some_and(|used| used > own) {
            wrong.push(format!("{} uses {}, which stands below it", source.path, path.join("::")));
        }
        // `super` out of a top module is the crate too; only its inner modules may write it.
        let supers = path.iter().take_while(|part| *part == "super").count();
        if supers > source.module().len() {
            wrong.push(format!("{} writes {}; write crate::", source.path, path.join("::")));
        }
    }
    wrong
}

fn impurities(source: &Source) -> Vec<String> {
    let module = source.module();
    if source.is_test() || !module.first().is_some_and(|name| CORE.contains(name)) {
        return Vec::new();
    }
    let named = paths(&without_tests(&tokens(&source.text)));
    let impure = named.iter().filter(|path| {
        IMPURE.iter().any(|impure| {
            path.windows(impure.len()).any(|part| part.iter().zip(*impure).all(|(a, b)| a == b))
                && (impure.len() > 1 || path[0] == impure[0])
        })
    });
    impure.map(|path| format!("{} names {}", source.path, path.join("::"))).collect()
}

fn strangers(source: &Source) -> Vec<String> {
    let away = |name: &str| {
        let home = HOMES.iter().find(|(library, _)| *library == name);
        home.is_some_and(|(_, home)| {
            let rest = source.path.strip_prefix(home);
            !rest.is_some_and(|rest| rest.starts_with('/') || rest == ".rs")
        })
    };
    if !source.path.starts_with("src/") {
        return Vec::new();
    }
    let named = paths(&tokens(&source.text));
    let wrong = named.iter().filter(|path| path.len() > 1 && away(&path[0]));
    wrong.map(|path| format!("{} names {}", source.path, path.join("::"))).collect()
}

fn opens_with_a_sentence(source: &Source) -> bool {
    let first = source.text.lines().find(|line| !line.trim().is_empty());
    first.is_some_and(|line| line.len() > "//! ".len() && line.starts_with("//! "))
}

/// Returns the names of the map: what stands first in each item, bold and in backticks.
fn map(architecture: &str) -> Vec<String> {
    let section = architecture.split("\n## ").find(|section| section.starts_with("Map\n"));
    let items = section.unwrap_or_default().lines().filter_map(|line| {
        let rest = line.trim_start().strip_prefix("- **`")?;
        rest.split_once("`**").map(|(name, _)| name.to_owned())
    });
    items.collect()
}

fn too_long(source: &Source) -> Option<String> {
    let lines = source.text.lines().count();
    let longer = LONGER.iter().find(|(path, _)| *path == source.path);
    match longer {
        Some((path, most)) if lines > *most => Some(format!("{path} grew to {lines} lines")),
        Some((path, _)) if lines <= LINES_MAX => Some(format!("take {path} out of LONGER")),
        None if lines > LINES_MAX => Some(format!("{} has {lines} lines", source.path)),
        _ => None,
    }
}

fn says_nothing(source: &Source) -> Vec<String> {
    let words = tokens(&source.text);
    let declared = words.windows(2).filter(|pair| pair[0] == "mod").map(|pair| pair[1].as_str());
    declared
        .chain(source.module())
        .filter(|name| EMPTY_NAMES.contains(name))
        .map(|name| format!("{} has a module `{name}`", source.path))
        .collect()
}

fn none(wrong: impl IntoIterator<Item = String>) {
    let wrong: Vec<String> = wrong.into_iter().collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn a_module_uses_only_modules_above_it() {
    let modules = modules(&lib());
    assert!(modules.len() > 10, "{modules:?}");
    none(
        sources()
            .iter()
            .filter(|source| source.path.starts_with("src/"))
            .flat_map(|source| backward_uses(source, &modules)),
    );
}

#[test]
fn the_core_does_no_io_and_knows_no_clock_and_no_chance() {
    let modules = modules(&lib());
    assert!(CORE.iter().all(|name| modules.iter().any(|module| module == name)));
    none(sources().iter().flat_map(impurities));
}

#[test]
fn each_client_library_is_known_in_one_folder() {
    none(sources().iter().flat_map(strangers));
}

#[test]
fn every_file_opens_with_a_sentence() {
    let sources = sources();
    let silent = sources.iter().filter(|source| !opens_with_a_sentence(source));
    none(silent.map(|source| format!("{} does not open with `//! `", source.path)));
}

#[test]
fn the_map_of_the_architecture_is_that_of_the_library() {
    let architecture = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap_or_default();
    assert_eq!(map(&architecture), modules(&lib()));
}

#[test]
fn no_file_is_too_long() {
    none(sources().iter().filter_map(too_long));
}

#[test]
fn modules_have_names_that_say_something() {
    none(sources().iter().flat_map(says_nothing));
}

#[test]
fn a_use_of_a_lower_module_is_found_however_it_is_written() {
    let modules: Vec<String> = ["feed", "parser", "fetch"].map(str::to_owned).to_vec();
    let cases = [
        ("src/feed.rs", "use crate::parser::Entry;", 1),
        ("src/feed.rs", "use crate::{feed, parser::{self, Entry}};", 2),
        ("src/feed/opml.rs", "fn f() { crate::fetch::get() }", 1),
        ("src/feed/opml.rs", "use super::super::fetch;", 0),
        ("src/feed/opml.rs", "use super::super::super::fetch;", 1),
        ("src/feed.rs", "use super::super::fetch;", 1),
        ("src/parser.rs", "use crate::feed::Feed; use crate::parser::Entry;", 0),
        ("src/feed.rs", "// crate::fetch\n/* crate::fetch */ const A: &str = \"crate::fetch\";", 0),
        ("src/feed.rs", "const A: &str = r#\"x\" crate::fetch\"#; fn f<'a>(a: &'a u8) {}", 0),
        ("src/feed.rs", "const A: char = '\"'; use crate::fetch; const B: char = '\"';", 1),
    ];
    for (path, text, wrong) in cases {
        assert_eq!(backward_uses(&Source::new(path, text), &modules).len(), wrong, "{text}");
    }
}

#[test]
fn io_in_the_core_is_found_and_in_its_tests_it_is_not() {
    let cases = [
        ("use std::fs;", 1),
        ("use std::{fmt, fs::File, env};", 2),
        ("fn f() { let _ = std::env::var(\"X\"); }", 1),
        ("fn f() { let _ = jiff::Timestamp::now(); }", 1),
        ("use std::time::Instant; fn f() { Instant::now(); }", 1),
        ("fn f() { tracing::info!(\"x\"); println!(\"x\") }", 2),
        ("use std::time::Duration; fn f() { env!(\"CARGO_PKG_NAME\"); my::tokio(); }", 0),
        ("fn f() {} #[cfg(test)] mod tests { use std::fs; fn g() { { } } } fn h() {}", 0),
        ("#[cfg(test)] mod tests { } use std::fs;", 1),
        ("#[cfg(test)] mod tests; use std::fs;", 1),
    ];
    for (text, wrong) in cases {
        let found = impurities(&Source::new("src/parser/read.rs", text));
        assert_eq!(found.len(), wrong, "{text}: {found:?}");
        assert!(impurities(&Source::new("src/fetch.rs", text)).is_empty());
    }
}

#[test]
fn a_library_away_from_home_is_found() {
    let cases = [
        ("src/kafka.rs", "use rdkafka::Message;", 0),
        ("src/kafka/topics.rs", "use rdkafka::Message;", 0),
        ("src/kafkaesque.rs", "use rdkafka::Message;", 1),
        ("src/shard.rs", "fn f() -> rdkafka::Message {}", 1),
        ("src/parser/entry.rs", "use feed_rs::model;", 1),
        ("src/shard.rs", "let rdkafka = 1; // rdkafka::Message", 0),
    ];
    for (path, text, wrong) in cases {
        assert_eq!(strangers(&Source::new(path, text)).len(), wrong, "{path} {text}");
    }
}

#[test]
fn a_silent_file_an_empty_name_a_long_file_and_another_map_are_found() {
    for (text, good) in
        [("//! A feed.\n", true), ("//!\n", false), ("use x;\n//! A\n", false), ("", false)]
    {
        assert_eq!(opens_with_a_sentence(&Source::new("src/feed.rs", text)), good, "{text}");
    }
    assert_eq!(says_nothing(&Source::new("src/feed.rs", "mod helpers; mod opml;")).len(), 1);
    assert_eq!(says_nothing(&Source::new("src/utils.rs", "")).len(), 1);
    assert_eq!(says_nothing(&Source::new("tests/common/mod.rs", "")).len(), 1);
    for (lines, good) in [(LINES_MAX, true), (LINES_MAX + 1, false)] {
        let found = too_long(&Source::new("src/feed.rs", &"\n".repeat(lines)));
        assert_eq!(found.is_none(), good, "{found:?}");
    }
    for (path, most) in LONGER {
        assert!(too_long(&Source::new(path, &"\n".repeat(*most))).is_none());
        assert!(too_long(&Source::new(path, &"\n".repeat(most + 1))).is_some());
        assert!(too_long(&Source::new(path, "")).is_some());
    }
    let text = "# A\n\n## Map\n\nCore:\n- **`feed`** what\n- **`parser`**: more `words`\n  **`x`**\n\n## Else\n- **`no`**\n";
    assert_eq!(map(text), ["feed", "parser"]);
    assert_eq!(
        modules("pub mod feed;\n#[cfg(x)]\npub mod parser;\nmod private;\n"),
        ["feed", "parser"]
    );
}
