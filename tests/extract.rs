//! `borderwire extract` as a program: exit code, lines, complaints.

use std::fs;
use std::process::Command;

#[test]
fn extract_reads_on_after_a_bad_line_and_fails_at_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("documents.jsonl");
    let good = r#"{"id":"one","text":"Latvia has deployed 3,000 troops near its border with Belarus.","published":"2021-11-16"}"#;
    fs::write(&path, format!("{good}\nnot json\n{}\n", good.replace("one", "two"))).unwrap();
    let output =
        Command::new(env!("CARGO_BIN_EXE_borderwire")).arg("extract").arg(&path).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert!(complaint.contains(&format!("{}:2: ", path.display())), "{complaint}");
    let lines = String::from_utf8(output.stdout).unwrap();
    let found: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let ids: Vec<_> = found.iter().map(|document| document["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["one", "two"]);
    let event = &found[0]["events"][0];
    assert_eq!(event["kind"], "deployment");
    assert_eq!(event["actor"]["id"], "LVA");
    assert_eq!(event["countries"], serde_json::json!(["BLR", "LVA"]));
    assert_eq!(event["quantity"]["value"], 3000.0);
}

#[test]
fn extract_says_which_file_it_could_not_open() {
    let output = Command::new(env!("CARGO_BIN_EXE_borderwire"))
        .args(["extract", "/nowhere/documents.jsonl"])
        .output()
        .unwrap();
    assert!(!output.status.success());
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert!(complaint.contains("/nowhere/documents.jsonl"), "{complaint}");
}

/// A story of our own, two documents.
const STORY: &str = concat!(
    r#"{"id":"one","text":"Latvia has deployed 3,000 troops near its border with Belarus, the minister said on Monday. Guards pushed 40 migrants back over the line.","published":"2021-11-16"}"#,
    "\n",
    r#"{"id":"two","text":"Rain fell all day.","published":"2021-11-16"}"#,
    "\n",
);

/// Returns what the program writes for the story, and whether it is content.
fn told(args: &[&str]) -> (String, String, Option<i32>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("story.jsonl");
    fs::write(&path, STORY).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_borderwire"))
        .arg("extract")
        .args(args)
        .arg(&path)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code())
}

#[test]
fn extract_explains_events_without_colours_in_a_pipe() {
    let (out, complaint, code) = told(&["--explain"]);
    assert_eq!((code, complaint.as_str()), (Some(0), ""));
    assert!(out.starts_with("one ("), "{out}");
    assert!(out.ends_with("two (no events, published 2021-11-16)\n"), "{out}");
    for part in
        ["─ deployment\n", "LVA “Latvia” (", "3000 troops “3,000 troops” (", "confidence  0."]
    {
        assert!(out.contains(part), "{part:?} is not in\n{out}");
    }
    assert!(!out.contains('\x1b'), "{out}");
}

#[test]
fn extract_refuses_to_explain_in_another_format() {
    for format in ["jsonl", "table", "brat"] {
        let (out, complaint, code) = told(&["--explain", "--format", format]);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{complaint}");
        assert!(complaint.contains("'--explain' cannot be used with '--format"), "{complaint}");
    }
}

#[test]
fn extract_names_the_formats_that_it_has() {
    let (_, complaint, code) = told(&["--format", "xml"]);
    assert_eq!(code, Some(2));
    assert!(complaint.contains("[possible values: jsonl, table, brat]"), "{complaint}");
}

#[test]
fn extract_writes_one_line_a_document_into_a_pipe() {
    let (by_default, ..) = told(&[]);
    let (asked, ..) = told(&["--format", "jsonl"]);
    assert_eq!(by_default, asked);
    let first: serde_json::Value = serde_json::from_str(asked.lines().next().unwrap()).unwrap();
    let keys: Vec<_> = first.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["events", "id"]);
    let confidence = first["events"][0]["confidence"].as_f64().unwrap();
    assert!(confidence > 0.5 && confidence < 1.0, "{confidence}");
    assert_eq!(asked.lines().count(), 2);
}

#[test]
fn extract_aligns_the_columns_of_a_document() {
    let (out, ..) = told(&["--format", "table"]);
    let rows: Vec<&str> = out.lines().filter(|line| line.starts_with("  ")).collect();
    let column = rows[0].find("status").unwrap();
    assert!(rows.len() > 1, "{out}");
    for row in &rows[1..] {
        let status = row[column..].split(' ').next().unwrap();
        assert!(
            ["occurred", "planned", "possible", "alleged", "denied"].contains(&status),
            "{out}"
        );
    }
}

#[test]
fn extract_writes_standoff_annotations_for_brat() {
    let (out, complaint, code) = told(&["--format", "brat"]);
    assert_eq!((code, complaint.as_str()), (Some(0), ""));
    let (one, two) = out.split_once("# two\n").unwrap();
    assert_eq!(two, "");
    let text: Vec<char> = STORY.split('"').nth(7).unwrap().chars().collect();
    let mut known = Vec::new();
    for line in one.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        known.push(fields[0]);
        let parts: Vec<&str> = fields[1].split(' ').collect();
        match fields[0].chars().next() {
            Some('T') => {
                let (_, place) = fields[1].split_once(' ').unwrap();
                let piece = |piece: &str| -> String {
                    let (start, end) = piece.split_once(' ').unwrap();
                    text[start.parse().unwrap()..end.parse().unwrap()].iter().collect()
                };
                let said: Vec<String> = place.split(';').map(piece).collect();
                assert_eq!(said.join(" "), fields[2], "{line}");
            }
            Some('E') => {
                for part in &parts {
                    let (_, id) = part.split_once(':').unwrap();
                    assert!(known.contains(&id), "{line} before {id} in\n{out}");
                }
            }
            Some('A') => assert!(parts.len() == 3 && known.contains(&parts[1]), "{line}"),
            _ => panic!("{line:?} is no line of the format"),
        }
    }
    for part in
        ["\tdeployment 11 19\tdeployed\n", "\tdeployment:T1 Actor:T2", "\tStatus E1 occurred\n"]
    {
        assert!(one.contains(part), "{part:?} is not in\n{one}");
    }
}
