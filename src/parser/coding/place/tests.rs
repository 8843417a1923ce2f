//! Places of sentences of our own, and of the gold events beside the project where these are.

use super::*;
use crate::parser::Kind;
use crate::parser::codebook::Way;
use crate::parser::english::{English, Entities, Scratch};

fn analyse<'a>(
    codebook: &'a Codebook,
    english: &English,
    text: &'a str,
    ranges: &[std::ops::Range<usize>],
) -> Vec<Analysis<'a>> {
    let mut scratch = Scratch::default();
    ranges
        .iter()
        .map(|range| {
            let sentence = english.parse(text, range.clone(), &mut scratch, Entities::Find);
            Analysis::new(&codebook.lexicon, text, range.clone(), sentence)
        })
        .collect()
}

mod gold {
    use std::collections::HashMap;
    use std::path::Path;

    use serde_json::Value;

    use super::*;

    /// Documents held out of all work on the parser.
    const HELD_OUT: std::ops::RangeInclusive<usize> = 38..=50;

    fn lines(path: &Path) -> Vec<Value> {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn id(value: &Value) -> &str {
        value["id"].as_str().unwrap()
    }

    /// Bytes of a stretch of code points.
    fn bytes(text: &str, start: &Value, end: &Value) -> std::ops::Range<usize> {
        let at = |offset: &Value| {
            let offset = offset.as_u64().unwrap() as usize;
            text.char_indices().nth(offset).map_or(text.len(), |(at, _)| at)
        };
        at(start)..at(end)
    }

    #[test]
    fn countries_of_gold_events_are_found() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/eval");
        if !folder.exists() {
            return;
        }
        let held = |doc: &Value| {
            let number = id(doc).rsplit('-').next().unwrap().parse::<usize>().unwrap();
            HELD_OUT.contains(&number)
        };
        let gold: HashMap<String, Value> = lines(&folder.join("dev.gold.jsonl"))
            .into_iter()
            .filter(|doc| !held(doc))
            .map(|doc| (id(&doc).to_owned(), doc))
            .collect();
        let codebook = Codebook::embedded();
        let english = English::embedded();
        let (mut filled, mut right, mut empty, mut kept) = (0, 0, 0, 0);
        for doc in lines(&folder.join("dev.docs.jsonl")).iter().filter(|doc| !held(doc)) {
            let text = doc["text"].as_str().unwrap();
            let title = doc["title"].as_str().unwrap();
            let sentences: Vec<_> = doc["sentences"]
                .as_array()
                .unwrap()
                .iter()
                .map(|sentence| bytes(text, &sentence["start"], &sentence["end"]))
                .collect();
            let titles = analyse(&codebook, &english, title, &[0..title.len()]);
            let texts = analyse(&codebook, &english, text, &sentences);
            let mut grounds = Grounds::of(&codebook, &titles, &texts);
            for event in gold[id(doc)]["events"].as_array().unwrap() {
                let evidence = bytes(text, &event["evidence"]["start"], &event["evidence"]["end"]);
                let sentence = sentences
                    .iter()
                    .position(|range| range.start <= evidence.start && evidence.start < range.end)
                    .unwrap();
                let analysis = &texts[sentence];
                let words = event["evidence"]["trigger"].as_str().unwrap();
                let start = text[sentences[sentence].clone()].find(words).map_or(0, |at| at)
                    + sentences[sentence].start;
                let stretch = start..start + words.len();
                let inside = |at: &usize| {
                    let token = &analysis.sentence.tokens[*at];
                    token.start < stretch.end && token.end() > stretch.start
                };
                let tokens: Vec<usize> = (0..analysis.len()).filter(inside).collect();
                let trigger = tokens.iter().copied().find(|at| {
                    let head = analysis.head(*at);
                    head == *at || !tokens.contains(&head)
                });
                let party = |slot: &str| {
                    event[slot]["id"].as_str().and_then(|code| codebook.lexicon.id(code))
                };
                let happening = Happening {
                    sentence,
                    trigger: trigger.unwrap_or(0),
                    kind: Kind::named(event["kind"].as_str().unwrap()).unwrap(),
                    actor: party("actor"),
                    recipient: party("recipient"),
                };
                let site = grounds.site(&codebook, analysis, &happening);
                grounds.remember(happening.kind, &site.countries);
                let found: Vec<&str> =
                    site.countries.iter().map(|id| codebook.lexicon.id_name(*id)).collect();
                let wanted: Vec<&str> = event["countries"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|code| code.as_str().unwrap())
                    .collect();
                if wanted.is_empty() {
                    empty += 1;
                    kept += usize::from(found.is_empty());
                } else {
                    filled += 1;
                    right += usize::from(found == wanted);
                }
                if found != wanted && std::env::var_os("SHOW_PLACES").is_some() {
                    let mentions: Vec<_> = grounds.mentions[sentence]
                        .iter()
                        .map(|mention| {
                            let codes: Vec<_> = mention
                                .countries
                                .iter()
                                .map(|id| codebook.lexicon.id_name(*id))
                                .collect();
                            format!(
                                "{} {:?} {:?}{}",
                                analysis.words(mention.tokens.clone()),
                                mention.way,
                                codes,
                                if mention.is_border { " B" } else { "" }
                            )
                        })
                        .collect();
                    let theatre: Vec<_> =
                        grounds.theatre.iter().map(|id| codebook.lexicon.id_name(*id)).collect();
                    println!(
                        "{} {} [{words}] wants {wanted:?} got {found:?} by {}\n   {}\n   {mentions:?} theatre {theatre:?}",
                        id(doc),
                        happening.kind,
                        site.rule,
                        &text[sentences[sentence].clone()]
                    );
                }
            }
        }
        println!(
            "countries of gold events: {right} of {filled} right; {kept} of {empty} without stay so"
        );
        let _ = Way::At;
    }
}
