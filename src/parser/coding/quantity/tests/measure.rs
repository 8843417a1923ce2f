//! Quantities that others annotated, measured where this machine has them.

use std::fmt::Write as _;

use super::*;
use crate::parser::coding::trial::gold::{gold, is_slow, report, told};

/// The values of money and other amounts of MEANTIME's sentences are found among ours.
#[test]
fn values_of_meantime_are_found() {
    if is_slow() {
        return;
    }
    let Some(items) = gold("meantime_en.jsonl") else { return };
    let (mut right, mut of, mut wrong) = (0, 0, String::new());
    for item in &items {
        let text = item["text"].as_str().unwrap();
        let mut starts = vec![0];
        starts.extend(text.match_indices(' ').map(|(at, _)| at + 1));
        for mark in item["gold"]["markables"].as_array().unwrap() {
            let (tag, kind) = (mark["tag"].as_str(), mark["type"].as_str());
            let is_value = tag == Some("VALUE") && matches!(kind, Some("QUANTITY" | "MONEY"));
            let tokens = mark["tokens"].as_array().map_or(&[][..], |tokens| tokens);
            let Some(first) = tokens.first().filter(|_| is_value) else { continue };
            let first: usize = first.as_str().unwrap().parse().unwrap();
            let at = starts[first - 1];
            // The sentence around it.
            let start = text[..at].rfind(" . ").map_or(0, |stop| stop + 3);
            let end = text[at..].find(" . ").map_or(text.len(), |stop| at + stop + 2);
            let part = &text[start..end];
            let analysis = analysis(part, parse(part));
            let counts = counted(&analysis);
            let last = tokens.last().unwrap().as_str().unwrap().parse::<usize>().unwrap();
            let last = starts.get(last).map_or(text.len(), |next| next - 1);
            let is_found = counts.iter().any(|count| {
                let tokens = &analysis.sentence.tokens[count.tokens.clone()];
                let span = tokens[0].start + start..tokens[tokens.len() - 1].end() + start;
                span.start < last
                    && at < span.end
                    && (kind == Some("MONEY")) == (count.quantity.unit == Unit::Money)
            });
            of += 1;
            right += usize::from(is_found);
            if !is_found {
                let shown: Vec<_> = counts.iter().map(|count| shown(&analysis, count)).collect();
                let _ = writeln!(wrong, "  {}: {shown:?} in {part}", mark["text"]);
            }
        }
    }
    report("meantime, amounts found", right, of, &wrong);
    assert!(right * 100 >= of * MEANTIME_MIN);
}

/// Percent.
const MEANTIME_MIN: usize = 0;

/// Documents with events, as `BORDERWIRE_DOCS` and `BORDERWIRE_GOLD` name them: the quantity of an event
/// is among those of its sentence, deaths among people.
#[test]
fn events_have_their_quantity_in_their_sentence() {
    if is_slow() {
        return;
    }
    let (Some(docs), Some(gold)) = (told("BORDERWIRE_DOCS"), told("BORDERWIRE_GOLD")) else {
        return;
    };
    let (mut right, mut bounded, mut of, mut wrong) = (0, 0, 0, String::new());
    let (mut quiet, mut empty, mut loud) = (0, 0, String::new());
    for (doc, gold) in docs.iter().zip(&gold) {
        assert_eq!(doc["id"], gold["id"]);
        let text = doc["text"].as_str().unwrap();
        for event in gold["events"].as_array().unwrap() {
            let evidence = &event["evidence"];
            let offset = |key: &str| evidence[key].as_u64().unwrap() as usize;
            let part: String =
                text.chars().skip(offset("start")).take(offset("end") - offset("start")).collect();
            let analysis = analysis(&part, parse(&part));
            let counts = counted(&analysis);
            let told: Vec<_> = counts.iter().map(|count| shown(&analysis, count)).collect();
            let quantity = &event["quantity"];
            let Some(value) = quantity["value"].as_f64() else {
                empty += 1;
                let has = counts.iter().any(|count| !count.is_singular);
                quiet += usize::from(!has);
                if has {
                    let _ = writeln!(loud, "  {}: {told:?} in {part}", evidence["trigger"]);
                }
                continue;
            };
            of += 1;
            let sums = (0..counts.len()).filter_map(|at| total(&counts, at));
            let all: Vec<_> = counts.iter().map(|count| count.quantity).chain(sums).collect();
            let is_same = |got: &&Quantity| {
                let unit = got.unit.as_str();
                let is_unit = quantity["unit"] == unit
                    || quantity["unit"] == "deaths" && matches!(unit, "people" | "troops");
                (got.value - value).abs() < 0.5 && is_unit
            };
            let found: Vec<_> = all.iter().filter(is_same).collect();
            right += usize::from(!found.is_empty());
            bounded +=
                usize::from(found.iter().any(|got| quantity["modifier"] == got.modifier.as_str()));
            if !found.iter().any(|got| quantity["modifier"] == got.modifier.as_str()) {
                let _ = writeln!(wrong, "  {quantity} {}: {told:?} in {part}", evidence["trigger"]);
            }
        }
    }
    report("events with a quantity that their sentence tells", right, of, &wrong);
    report("the same with its modifier", bounded, of, "");
    report("events without, in sentences without", quiet, empty, &loud);
}
