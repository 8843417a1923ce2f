//! How well the confidence of events tells how many are right, and the weights that would fit best.

use std::fmt::Write;
use std::ops::Range;

use serde_json::Value;

use super::gold;
use crate::parser::codebook::Codebook;
use crate::parser::coding::confidence::{BIAS, SIGNS};
use crate::parser::coding::{Coder, Scope};
use crate::parser::report::Report;
use crate::parser::{Document, Event, Reason};

/// How strongly weights are held near zero: as if each sign were of that variance to the minus one.
const RIDGE: f64 = 4.0;

/// Parts of the documents, each judged by weights that the others gave.
const FOLDS: usize = 10;

/// An event that was found.
struct Case {
    document: usize,
    /// 1 for the bias, then 1 for each sign that is met.
    signs: Vec<f64>,
    is_right: bool,
    confidence: f64,
}

#[test]
fn confidence_is_calibrated() {
    let (Some(documents), Some(coded)) =
        (gold::open("dev.docs.jsonl"), gold::open("dev.gold.jsonl"))
    else {
        return;
    };
    let cases = cases(&documents, &coded);
    let judged: Vec<f64> = (0..FOLDS)
        .flat_map(|fold| {
            let weights = fit(cases.iter().filter(|case| case.document % FOLDS != fold));
            let apart = cases.iter().filter(move |case| case.document % FOLDS == fold);
            apart.map(move |case| chance(&weights, &case.signs)).collect::<Vec<_>>()
        })
        .collect();
    let right: Vec<bool> = (0..FOLDS)
        .flat_map(|fold| cases.iter().filter(move |case| case.document % FOLDS == fold))
        .map(|case| case.is_right)
        .collect();
    let given: Vec<f64> = cases.iter().map(|case| case.confidence).collect();
    let given_right: Vec<bool> = cases.iter().map(|case| case.is_right).collect();
    let mut told = String::from("\nas the weights are\n");
    table(&mut told, &given, &given_right);
    told.push_str("by weights of other documents\n");
    table(&mut told, &judged, &right);
    told.push_str("weights of the day\n");
    let weights = fit(cases.iter());
    let names = SIGNS.iter().map(|sign| (sign.name, sign.weight));
    for (at, (name, weight)) in std::iter::once(("bias", BIAS)).chain(names).enumerate() {
        let events = cases.iter().filter(|case| case.signs[at] == 1.0).count();
        writeln!(told, "{:+.2}  now {weight:+.2}  {events:3} events  {name}", weights[at]).unwrap();
    }
    gold::say(&told);
    let share = share(&given_right);
    let constant = vec![share; given.len()];
    assert!(brier(&given, &given_right) < brier(&constant, &given_right), "{told}");
    let mean = given.iter().sum::<f64>() / given.len() as f64;
    assert!((mean - share).abs() < 0.07, "{mean:.3} on the mean, {share:.3} are right");
}

fn cases(documents: &[Value], coded: &[Value]) -> Vec<Case> {
    let coder = Coder::new(Codebook::embedded());
    let mut cases = Vec::new();
    for (at, (item, coded)) in documents.iter().zip(coded).enumerate() {
        assert_eq!(item["id"], coded["id"]);
        let field = |name: &str| item[name].as_str().map(str::to_owned);
        let document = Document {
            title: field("title"),
            text: field("text").unwrap_or_default(),
            published: field("published").and_then(|day| day.get(..10)?.parse().ok()),
            ..Document::default()
        };
        let report = Report::of(&document, |name| coder.codebook.known(name));
        let found = coder.events(&report, document.published, Scope::Borders);
        let coded = coded["events"].as_array().map_or(&[][..], Vec::as_slice);
        let right = matched(&found, coded);
        cases.extend(found.iter().zip(right).map(|((event, reasons), is_right)| Case {
            document: at,
            signs: signs(reasons),
            is_right,
            confidence: event.confidence,
        }));
    }
    cases
}

/// Reads the signs out of the reason, as anybody can.
fn signs(reasons: &[Reason]) -> Vec<f64> {
    let rule = reasons.iter().find(|reason| reason.slot == "confidence").unwrap().rule.as_str();
    let met = |sign: &str| rule.split(", ").any(|told| told.starts_with(&format!("{sign} ")));
    let is = |yes| if yes { 1.0 } else { 0.0 };
    std::iter::once(1.0).chain(SIGNS.iter().map(|sign| is(met(sign.name)))).collect()
}

/// Returns for each event whether it is one of the coded: of the kind, in the sentence, each taken
/// once, those first that agree in most slots.
fn matched(found: &[(Event, Vec<Reason>)], coded: &[Value]) -> Vec<bool> {
    let mut pairs = Vec::new();
    for (i, want) in coded.iter().enumerate() {
        for (j, (event, _)) in found.iter().enumerate() {
            let point = |name: &str| want["evidence"][name].as_u64().unwrap_or(0) as usize;
            let here = event.evidence.start..event.evidence.end;
            if want["kind"] == event.kind.as_str()
                && overlap(&(point("start")..point("end")), &here)
            {
                pairs.push((std::cmp::Reverse(agreement(want, event)), i, j));
            }
        }
    }
    pairs.sort_unstable();
    let mut taken = vec![false; coded.len()];
    let mut right = vec![false; found.len()];
    for (_, i, j) in pairs {
        if !taken[i] && !right[j] {
            taken[i] = true;
            right[j] = true;
        }
    }
    right
}

/// Returns whether they share half of the shorter one.
fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    let shared = a.end.min(b.end).saturating_sub(a.start.max(b.start));
    shared * 2 >= a.len().min(b.len()).max(1)
}

fn agreement(want: &Value, event: &Event) -> usize {
    let ids = [
        ("actor", &event.actor),
        ("recipient", &event.recipient),
        ("attribution", &event.attribution),
    ];
    let same = |(name, who): &(&str, &Option<crate::parser::Actor>)| {
        want[*name]["id"].as_str() == who.as_ref().map(|who| who.id.as_str())
    };
    let start = event.date.map(|date| date.start.to_string());
    let value = event.quantity.map(|quantity| quantity.value);
    let countries: Vec<&str> =
        want["countries"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    ids.iter().filter(|id| same(id)).count()
        + usize::from(want["date"]["start"].as_str() == start.as_deref())
        + usize::from(want["quantity"]["value"].as_f64() == value)
        + usize::from(want["status"] == event.status.as_str())
        + usize::from(countries == event.countries)
}

fn chance(weights: &[f64], signs: &[f64]) -> f64 {
    let odds: f64 = weights.iter().zip(signs).map(|(weight, sign)| weight * sign).sum();
    1.0 / (1.0 + (-odds).exp())
}

/// Newton's method for the regression with a ridge, which does not hold the bias.
fn fit<'a>(cases: impl Iterator<Item = &'a Case>) -> Vec<f64> {
    let cases: Vec<&Case> = cases.collect();
    let count = SIGNS.len() + 1;
    let mut weights = vec![0.0; count];
    for _ in 0..30 {
        // A row for each weight: its part of the second derivative, then the gradient.
        let mut rows = vec![vec![0.0; count + 1]; count];
        for case in &cases {
            let p = chance(&weights, &case.signs);
            let right = if case.is_right { 1.0 } else { 0.0 };
            for (row, x) in rows.iter_mut().zip(&case.signs) {
                for (cell, y) in row.iter_mut().zip(&case.signs) {
                    *cell += x * y * p * (1.0 - p);
                }
                row[count] += x * (right - p);
            }
        }
        for at in 1..count {
            rows[at][at] += RIDGE;
            rows[at][count] -= RIDGE * weights[at];
        }
        for (weight, step) in weights.iter_mut().zip(solve(rows)) {
            *weight += step;
        }
    }
    weights
}

/// Gauss and Jordan, for a matrix that needs no pivots.
fn solve(mut rows: Vec<Vec<f64>>) -> Vec<f64> {
    let count = rows.len();
    for at in 0..count {
        let lead = rows[at][at].max(1e-9);
        rows[at].iter_mut().for_each(|cell| *cell /= lead);
        let pivot = rows[at].clone();
        for (other, row) in rows.iter_mut().enumerate() {
            let factor = row[at];
            if other != at && factor != 0.0 {
                row.iter_mut().zip(&pivot).for_each(|(cell, lead)| *cell -= factor * lead);
            }
        }
    }
    rows.iter().map(|row| row[count]).collect()
}

fn share(right: &[bool]) -> f64 {
    right.iter().filter(|right| **right).count() as f64 / right.len().max(1) as f64
}

/// The mean square of what is missing to 0 or 1.
fn brier(judged: &[f64], right: &[bool]) -> f64 {
    let miss = |(p, right): (&f64, &bool)| (p - if *right { 1.0 } else { 0.0 }).powi(2);
    judged.iter().zip(right).map(miss).sum::<f64>() / judged.len().max(1) as f64
}

fn table(told: &mut String, judged: &[f64], right: &[bool]) {
    let bounds = [0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01];
    told.push_str("| confidence | events | mean | right |\n|---|---|---|---|\n");
    for bound in bounds.windows(2) {
        let inside = || judged.iter().zip(right).filter(|(p, _)| (bound[0]..bound[1]).contains(*p));
        let events = inside().count();
        let mean = inside().map(|(p, _)| p).sum::<f64>() / events.max(1) as f64;
        let right: Vec<bool> = inside().map(|(_, right)| *right).collect();
        if events == 0 {
            continue;
        }
        let (from, to) = (bound[0], bound[1].min(1.0));
        writeln!(told, "| {from:.1}–{to:.1} | {events} | {mean:.2} | {:.2} |", share(&right))
            .unwrap();
    }
    let constant = vec![share(right); right.len()];
    let (own, other) = (brier(judged, right), brier(&constant, right));
    writeln!(
        told,
        "{} events, {:.3} right; Brier {own:.3}, of their share alone {other:.3}",
        judged.len(),
        share(right)
    )
    .unwrap();
}
