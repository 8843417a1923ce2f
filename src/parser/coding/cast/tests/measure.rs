//! How often a phrase of the gold events is given to whom the gold gives it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

use serde_json::Value;

use super::super::Cast;
use crate::parser::codebook::Class;
use crate::parser::coding::analysis::Analysis;
use crate::parser::coding::clause::Clauses;
use crate::parser::coding::scene::{Around, Scene};
use crate::parser::coding::story::Story;
use crate::parser::coding::tests::{gold, tools};
use crate::parser::english::{Entities, Scratch};
use crate::parser::sentence::sentences;

/// Documents that may be looked at while rules are written; the rest is kept for the end.
const OPEN: usize = 38;

fn lines(name: &str) -> Option<Vec<Value>> {
    let shared = env::var_os("BORDERWIRE_SHARED").unwrap_or_else(|| "../shared".into());
    let text = fs::read_to_string(Path::new(&shared).join("eval").join(name)).ok()?;
    Some(text.lines().take(OPEN).map(|line| serde_json::from_str(line).unwrap()).collect())
}

/// The byte of a code point.
fn byte(text: &str, point: usize) -> usize {
    text.char_indices().nth(point).map_or(text.len(), |(at, _)| at)
}

#[test]
fn actors_of_the_gold_events() {
    if gold::is_slow() {
        return;
    }
    let (Some(docs), Some(golds)) = (lines("dev.docs.jsonl"), lines("dev.gold.jsonl")) else {
        return;
    };
    let mut figures: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut wrong = String::new();
    let tools = tools();
    let lexicon = &tools.codebook.lexicon;
    let mut scratch = Scratch::default();
    for (doc, gold) in docs.iter().zip(&golds) {
        assert_eq!(doc["id"], gold["id"]);
        let (title, text) = (doc["title"].as_str().unwrap_or(""), doc["text"].as_str().unwrap());
        let mut analyses = |text| -> Vec<Analysis<'_>> {
            sentences(text, 0..text.len())
                .ranges
                .into_iter()
                .map(|range| {
                    let parsed =
                        tools.english.parse(text, range.clone(), &mut scratch, Entities::Skip);
                    Analysis::new(lexicon, text, range, parsed)
                })
                .collect()
        };
        let (headline, sentences) = (analyses(title), analyses(text));
        let story = Story::of(&tools.codebook, &headline, &sentences, None);
        let day = doc["published"].as_str().and_then(|day| day.get(..10)?.parse().ok());
        let mut cast = Cast::new(&tools.codebook, &story, day, &headline, &sentences);
        let clauses = |a| Clauses { analysis: a, words: &tools.codebook.clause };
        for a in &headline {
            cast.remember(a, clauses(a));
        }
        for a in &sentences {
            for event in gold["events"].as_array().unwrap() {
                let start = byte(text, event["evidence"]["start"].as_u64().unwrap() as usize);
                if !a.range.contains(&start) {
                    continue;
                }
                let trigger = event["evidence"]["trigger"].as_str().unwrap();
                for role in ["actor", "recipient", "attribution"] {
                    let words = event[role]["text"].as_str().unwrap_or("");
                    let Some(id) = event[role]["id"].as_str() else { continue };
                    let Some(head) = head_of(a, words, trigger) else {
                        let _ = writeln!(wrong, "{} {role}: {words:?} not found", doc["id"]);
                        continue;
                    };
                    let found = cast.who(a, head, Class::default());
                    let got = found.as_ref().map_or("-", |who| lexicon.id_name(who.id));
                    let figure = figures.entry(role).or_default();
                    figure.1 += 1;
                    if got == id {
                        figure.0 += 1;
                    } else {
                        let _ = writeln!(
                            wrong,
                            "{} {role} {words:?} [{}]: {got} ({}) not {id} | {}",
                            doc["id"].as_str().unwrap(),
                            a.sentence.tokens[head].text,
                            found.map_or("", |who| who.rule),
                            &text[a.range.clone()],
                        );
                    }
                }
                credit(a, &cast, event, clauses(a), &mut figures, &mut wrong);
            }
            cast.remember(a, clauses(a));
        }
    }
    for (role, (right, of)) in figures {
        gold::report(role, right, of, "");
    }
    gold::report("", 0, 0, &wrong);
}

/// Whether the one who is credited for the event is the one of the gold.
fn credit(
    a: &Analysis<'_>,
    cast: &Cast<'_>,
    event: &Value,
    clauses: Clauses<'_, '_>,
    figures: &mut BTreeMap<&str, (usize, usize)>,
    wrong: &mut String,
) {
    let tools = tools();
    let kind = event["kind"].as_str().unwrap();
    let speech = ["support", "consult", "agree", "request", "accuse", "deny", "threaten"];
    if speech.contains(&kind) {
        return;
    }
    let trigger = event["evidence"]["trigger"].as_str().unwrap();
    let Some(at) = head_of(a, trigger, trigger) else { return };
    let around = Around { classes: Class::default() };
    let scene = Scene::new(&tools.codebook, a, around, None);
    let telling = clauses.telling(at, &tools.codebook.embeds, scene.senses);
    let who = cast.credited(a, clauses, at, &telling).or_else(|| cast.quoted(a));
    let got = who.as_ref().map_or("-", |who| tools.codebook.lexicon.id_name(who.id));
    let id = event["attribution"]["id"].as_str().unwrap_or("-");
    let name = if id == "-" { "credited to nobody" } else { "credited" };
    let figure = figures.entry(name).or_default();
    figure.1 += 1;
    figure.0 += usize::from(got == id);
    if got != id {
        let _ = writeln!(
            wrong,
            "{name} {trigger:?}: {got} ({}) not {id} | {}",
            who.map_or("", |who| who.rule),
            &a.text[a.range.clone()]
        );
    }
}

/// The head of the words in the sentence: the token of theirs whose own head is not one of them; of
/// several such words the occurrence nearest to the trigger.
fn head_of(a: &Analysis<'_>, words: &str, trigger: &str) -> Option<usize> {
    let text = &a.text[a.range.clone()];
    let middle = text.find(trigger).unwrap_or(0);
    let is_edge = |at: usize| {
        !text[..at].ends_with(char::is_alphanumeric)
            && !text[at + words.len()..].starts_with(char::is_alphanumeric)
    };
    let at = text
        .match_indices(words)
        .map(|(at, _)| at)
        .filter(|at| is_edge(*at))
        .min_by_key(|at| at.abs_diff(middle))?;
    let (start, end) = (a.range.start + at, a.range.start + at + words.len());
    let tokens = &a.sentence.tokens;
    let inside: Vec<usize> =
        (0..tokens.len()).filter(|i| tokens[*i].start < end && start < tokens[*i].end()).collect();
    inside.iter().copied().find(|i| a.sentence.is_root(*i) || !inside.contains(&a.head(*i)))
}
