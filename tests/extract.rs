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
