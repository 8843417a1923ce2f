//! Codebooks of users: in the daemon's configuration, on the command line, and what is told of them.

use std::fs;
use std::path::Path;
use std::process::Command;

const OURS: &str = r#"[class]
smoke = ["smoke balloon"]

[[place]]
kind = "crossing"
countries = ["LTU", "BLR"]
at = [["Gerviai", 54.1, 25.7]]

[[frame]]
name = "smoke-balloons"
kind = "incursion"
verbs = ["release", "let loose"]
object-is = ["smoke"]
near = ["border"]
priority = 9
examples = [
  { text = "Belarus released smoke balloons near the border at Gerviai.", gives = [{ kind = "incursion", actor = "BLR" }] },
  { text = "Belarus let loose smoke balloons over the border.", gives = [{ kind = "incursion" }] },
]
nothing = ["Children released balloons near the border."]
"#;

const WRONG: &str = r#"[[frame]]
name = "smoke-balloons"
kind = "incursoin"
verbs = ["release"]
object-is = ["smoke"]
"#;

/// Runs the program in the folder, with nothing of this process's environment.
fn borderwire(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_borderwire"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let text = "Belarus released smoke balloons over the border at Gerviai on Monday.";
    for (name, text) in [
        ("ours.toml", OURS),
        ("wrong.toml", WRONG),
        ("story.txt", text),
        ("etc/good.toml", "[parser]\ncodebook = [\"../ours.toml\"]\n"),
        ("etc/bad.toml", "[parser]\ncodebook = [\"../wrong.toml\"]\n"),
    ] {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

#[test]
fn a_codebook_of_the_configuration_or_of_the_command_line_is_extracted_with() {
    let folder = folder();
    let is_ours = |arguments: &[&str]| {
        let (code, out, err) = borderwire(folder.path(), arguments);
        assert_eq!((code, err.as_str()), (Some(0), ""));
        out.contains("(smoke-balloons, a verb)")
    };
    assert!(!is_ours(&["extract", "--explain", "story.txt"]));
    assert!(is_ours(&["extract", "--explain", "--codebook", "ours.toml", "story.txt"]));
    assert!(is_ours(&["-c", "etc/good.toml", "extract", "--explain", "story.txt"]));
}

#[test]
fn a_wrong_codebook_is_told_with_its_lines_and_exits_with_78() {
    let folder = folder();
    for arguments in [
        &["-c", "etc/bad.toml", "run"][..],
        &["-c", "etc/bad.toml", "config", "check"],
        &["extract", "--codebook", "wrong.toml", "story.txt"],
    ] {
        let (code, _, err) = borderwire(folder.path(), arguments);
        assert_eq!(code, Some(78), "{arguments:?}: {err}");
        let hint = "wrong.toml:3: `kind`: unknown kind `incursoin`; did you mean `incursion`?";
        assert!(err.contains(hint), "{err}");
    }
    let (code, _, err) = borderwire(folder.path(), &["extract", "--codebook", "gone.toml"]);
    assert_eq!(code, Some(78));
    assert!(err.contains("codebook file `gone.toml` could not be read"), "{err}");
}

#[test]
fn the_codebook_is_listed_and_shown() {
    let folder = folder();
    let told = |arguments: &[&str]| borderwire(folder.path(), &[&["codebook"], arguments].concat());
    let (code, out, _) = told(&["list", "--kind", "pushback"]);
    assert_eq!(code, Some(0));
    assert!(out.starts_with("pushback\n  "), "{out}");
    assert!(out.lines().skip(1).all(|line| line.contains("built-in control.toml:")), "{out}");
    let (_, out, _) = told(&["list", "--classes"]);
    for part in ["[class]\n", "\n[embed]\n", "\n[verbs]\n", "\n  migrant  "] {
        assert!(out.contains(part), "{part:?} is not in\n{out}");
    }
    let (_, out, _) =
        borderwire(folder.path(), &["-c", "etc/good.toml", "codebook", "show", "smoke-balloons"]);
    let frame = OURS.split_once("\n\n[[frame]]").unwrap().1;
    assert!(out.ends_with(&format!("ours.toml:10\n[[frame]]{frame}")), "{out}");
    let (code, out, err) = told(&["show", "migrnt"]);
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert!(err.contains("no frame, class or word `migrnt`; did you mean `migrant`?"), "{err}");
}

#[test]
fn files_are_linted_and_their_examples_are_tried() {
    let folder = folder();
    let told = |arguments: &[&str]| borderwire(folder.path(), &[&["codebook"], arguments].concat());
    assert_eq!(told(&["lint", "ours.toml"]), (Some(0), String::new(), String::new()));
    let (code, out, _) = told(&["lint", "ours.toml", "wrong.toml"]);
    assert_eq!(code, Some(1));
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 3, "{out}");
    assert!(out.contains("wrong.toml:3: `kind`: unknown kind `incursoin`"), "{out}");
    let (code, out, _) = told(&["test", "ours.toml"]);
    assert_eq!((code, out.as_str()), (Some(0), "3 of 3 examples are met\n"));
    let path = folder.path().join("ours.toml");
    fs::write(&path, OURS.replace("actor = \"BLR\"", "actor = \"POL\"")).unwrap();
    let (code, out, _) = told(&["test", "ours.toml"]);
    assert_eq!(code, Some(1));
    assert!(out.starts_with("ours.toml:10: smoke-balloons: “Belarus released"), "{out}");
    assert!(out.contains("wants incursion actor=POL") && out.contains("2 of 3"), "{out}");
}
