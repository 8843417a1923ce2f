//! Unmodified Kafka clients read the journal.

use std::process::Command;

use borderwire::message::Topic;

use crate::journal_support::{Served, has, records, run, skip};

/// Runs kcat against the journal and returns what it wrote, its errors after it.
fn kcat(served: &Served, arguments: &[&str]) -> String {
    let broker = served.address.to_string();
    let output = run(Command::new("kcat").args(["-b", &broker]).args(arguments));
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Returns the numbers of the values in lines of `value-N`, sorted.
fn numbers(text: &str) -> Vec<u64> {
    let values = text.lines().filter_map(|line| line.strip_prefix("value-"));
    let mut numbers: Vec<u64> = values.map(|value| value.parse().unwrap()).collect();
    numbers.sort_unstable();
    numbers
}

#[test]
fn kcat_lists_topics_and_consumes_all_of_them() {
    if !has("kcat") {
        return skip("kcat_lists_topics_and_consumes_all_of_them", "kcat");
    }
    let served = Served::new();
    served.journal.append(&records(Topic::Events, 0..200)).unwrap();
    let listed = kcat(&served, &["-L"]);
    for topic in Topic::ALL {
        assert!(listed.contains(&format!("topic \"{topic}\" with 4 partitions")), "{listed}");
    }
    let consumed = kcat(&served, &["-C", "-t", Topic::Events.name(), "-e", "-q"]);
    assert_eq!(numbers(&consumed), (0..200).collect::<Vec<_>>(), "{consumed}");
}
