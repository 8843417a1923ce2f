//! How often our kinds' roots are those of PLOVER's own examples, which are seldom about borders.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::gold;
use crate::parser::Document;
use crate::parser::codebook::Codebook;
use crate::parser::coding::{Coder, Scope};
use crate::parser::report::Report;

/// PLOVER's names of 2023 for roots that its examples of 2018 call otherwise.
fn root(name: &str) -> &str {
    match name {
        "DEMAND" => "REQUEST",
        "DISAPPROVE" | "INVESTIGATE" => "ACCUSE",
        "FIGHT" => "ASSAULT",
        name => name,
    }
}

#[test]
fn kinds_have_the_roots_of_plovers_examples() {
    let Some(items) = gold::gold("plover_gsr.jsonl") else { return };
    if gold::is_slow() {
        return;
    }
    let coder = Coder::new(Codebook::embedded());
    // Items, items with any event, items with an event of the root, by root.
    let mut tallies: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    let mut wrong = String::new();
    for item in &items {
        let text = item["text"].as_str().unwrap_or_default();
        let wanted = root(item["gold"]["event"].as_str().unwrap_or_default());
        // No kind of ours has these roots.
        if matches!(wanted, "RETREAT" | "COOPERATE" | "") {
            continue;
        }
        let document = Document { text: text.to_owned(), ..Document::default() };
        let report = Report::of(&document, |name| coder.codebook.known(name));
        let given: BTreeSet<&str> = coder
            .events(&report, None, Scope::Anything)
            .iter()
            .map(|(event, _)| event.kind.plover().unwrap_or("none"))
            .collect();
        let tally = tallies.entry(wanted.to_owned()).or_default();
        tally[0] += 1;
        tally[1] += usize::from(!given.is_empty());
        tally[2] += usize::from(given.contains(wanted));
        if !given.contains(wanted) {
            let id = item["id"].as_str().unwrap_or_default();
            let told = item["gold"]["eventText"].as_str().unwrap_or_default();
            writeln!(wrong, "{wanted} {given:?} [{told}] {id}: {text}").unwrap();
        }
    }
    let mut all = [0; 3];
    for (root, tally) in &tallies {
        wrong.push_str(&format!("{root:10} {tally:?}\n"));
        for (sum, one) in all.iter_mut().zip(tally) {
            *sum += one;
        }
    }
    gold::report("PLOVER examples with an event", all[1], all[0], "");
    gold::report("PLOVER examples with an event of the root", all[2], all[0], &wrong);
    gold::report("PLOVER examples with an event, of the root", all[2], all[1], "");
}
