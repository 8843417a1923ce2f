//! Places of sentences of our own, and of the gold events beside the project where these are.

use super::*;
use crate::parser::Kind;
use crate::parser::english::{English, Entities, Scratch};

fn analyse<'a>(
    codebook: &'a Codebook,
    english: &English,
    text: &'a str,
    ranges: &[Range<usize>],
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

/// Sentences end at line breaks.
fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    let mut ranges = Vec::new();
    for line in text.split_inclusive('\n') {
        ranges.push(start..start + line.trim_end().len());
        start += line.len();
    }
    ranges
}

/// Returns the codes of the places that the words name, a sentence each, in a story of that title.
fn read(title: &str, text: &str) -> Vec<String> {
    let codebook = Codebook::embedded();
    let english = English::embedded();
    let titles = analyse(&codebook, &english, title, std::slice::from_ref(&(0..title.len())));
    let texts = analyse(&codebook, &english, text, &sentences(text));
    let grounds = Grounds::of(&codebook, &titles, &texts);
    let mention = |mention: &PlaceMention| {
        let mut codes: Vec<_> =
            mention.countries.iter().map(|id| codebook.lexicon.id_name(*id)).collect();
        codes.sort_unstable();
        codes.join("+")
    };
    let sentence =
        |places: &Vec<PlaceMention>| places.iter().map(mention).collect::<Vec<_>>().join(" ");
    grounds.mentions.iter().map(sentence).collect()
}

#[test]
fn places_are_read_with_their_states() {
    let cases = [
        ("", "Soldiers were killed on the border between Thailand and Cambodia.", "KHM+THA"),
        ("", "Chad has sent soldiers to its border with Sudan.", "SDN+TCD"),
        ("", "Finland shut the last crossings on its eastern border.", "FIN+RUS"),
        ("", "Hundreds wait on the Sino-Indian frontier.", "CHN+IND"),
        ("", "Agents patrol the U.S.-Mexico border.", "MEX+USA"),
        ("", "Lithuania, Latvia and Poland sealed their borders with Belarus.", "BLR+LTU+LVA+POL"),
        ("", "Guards fired across the Afghan side of the Durand Line.", "AFG+PAK"),
        ("", "The Torkham border crossing was shut for a third day.", "AFG+PAK"),
        ("", "The boat sank off the coast of Mauritania.", "MRT"),
        ("", "A dinghy reached the Turkish coast.", "TUR"),
        ("", "They sailed from Libya to Italy.", "LBY ITA"),
        ("", "Families fled to Tripura, in India.", "IND IND"),
        ("", "Clashes were reported in Syria's northern Aleppo province.", "SYR"),
        ("", "The ship drifted in waters between Malta and the island of Lampedusa.", "ITA+MLT"),
        ("", "Two hundred people drowned in the Mediterranean.", ""),
        ("", "Athens has accused Ankara of lying.", ""),
        ("", "The minister spoke in Athens.", "GRC"),
        ("", "The governor spoke in Austin.", "USA"),
        ("", "Channel 4 filmed the guards.", ""),
        (
            "",
            "The bus left Atlanta in Georgia, as did buses in Florida, Texas and Ohio.",
            "USA USA USA USA USA",
        ),
        ("", "Villagers left Gori in Georgia for Tbilisi.", "GEO GEO GEO"),
        ("Tensions rise between Colombia and Venezuela", "The border was closed.", "COL+VEN"),
        ("Poland and Belarus trade blame", "Guards stood along the Polish border.", "BLR+POL"),
        ("Bangladesh sees more Rohingya flee Myanmar", "Its border guards turned back boats.", ""),
        ("Haitians flee gangs", "Dominican soldiers stood at the border.", "DOM+HTI"),
        ("Migrants reach Greece", "Many were held on its islands.", "GRC"),
        (
            "Texas rolls out wire on the border with Mexico",
            "The southern border was quiet.",
            "MEX+USA",
        ),
    ];
    let mut wrong = Vec::new();
    for (title, text, wanted) in cases {
        let found = read(title, text).join(" / ");
        if found != wanted {
            wrong.push(format!("{title} | {text}\n  wants {wanted:?}, got {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Returns where the event of the word is; the last sentence has it.
fn site(title: &str, text: &str, word: &str, kind: Kind, actor: Option<&str>) -> String {
    let codebook = Codebook::embedded();
    let english = English::embedded();
    let titles = analyse(&codebook, &english, title, std::slice::from_ref(&(0..title.len())));
    let texts = analyse(&codebook, &english, text, &sentences(text));
    let grounds = Grounds::of(&codebook, &titles, &texts);
    let sentence = texts.len() - 1;
    let analysis = &texts[sentence];
    let trigger = (0..analysis.len()).find(|at| analysis.lower(*at) == word).unwrap();
    let actor = actor.and_then(|code| codebook.lexicon.id(code));
    let happening = Happening { sentence, trigger, kind, actor, recipient: None, nations: vec![] };
    let site = grounds.site(&codebook, analysis, &happening);
    site.countries.iter().map(|id| codebook.lexicon.id_name(*id)).collect::<Vec<_>>().join("+")
}

#[test]
fn events_are_where_their_words_or_the_story_say() {
    use Kind::*;
    let cases = [
        (
            "",
            "Croatian police pushed them back into Bosnia.",
            "pushed",
            Pushback,
            Some("HRV"),
            "BIH+HRV",
        ),
        (
            "",
            "Pakistan deported 2,000 Afghans to Afghanistan.",
            "deported",
            Deportation,
            Some("PAK"),
            "AFG+PAK",
        ),
        ("", "Algeria is expelling migrants.", "expelling", Deportation, Some("DZA"), "DZA"),
        (
            "",
            "Some 300 people arrived in Lampedusa from Tunisia.",
            "arrived",
            Crossing,
            Some("MIG"),
            "ITA+TUN",
        ),
        ("", "Thousands of people have fled Sudan.", "fled", Crossing, Some("MIG"), "SDN"),
        (
            "Italy counts arrivals",
            "Many had left from Libya and landed at dawn.",
            "landed",
            Crossing,
            Some("MIG"),
            "ITA+LBY",
        ),
        (
            "Crisis on the border between Chad and Sudan",
            "Ten people died of thirst.",
            "died",
            Death,
            None,
            "SDN+TCD",
        ),
        (
            "Storm at sea",
            "Forty migrants were saved in the Mediterranean.\nThe crew gave them water.",
            "gave",
            Aid,
            Some("NGO"),
            "",
        ),
        ("", "The ministers met in Geneva.", "met", Consult, None, "CHE"),
        (
            "",
            "Turkey accused Greece of beating migrants in Edirne.",
            "accused",
            Accuse,
            Some("TUR"),
            "",
        ),
        ("", "Denmark passed a law on asylum.", "law", AsylumRule, Some("DNK"), "DNK"),
        (
            "Thousands wait at the Polish-Belarusian border",
            "Guards used tear gas.",
            "used",
            Assault,
            Some("POL"),
            "BLR+POL",
        ),
        (
            "",
            "A fence is going up on Estonia's border with Russia.",
            "fence",
            Barrier,
            None,
            "EST+RUS",
        ),
        ("", "Rebels shelled Goma on Monday.", "shelled", Assault, Some("REB"), "COD"),
        (
            "",
            "Hundreds stormed the fence at Melilla.",
            "stormed",
            CrossingAttempt,
            Some("MIG"),
            "ESP+MAR",
        ),
    ];
    let mut wrong = Vec::new();
    for (title, text, word, kind, actor, wanted) in cases {
        let found = site(title, text, word, kind, actor);
        if found != wanted {
            wrong.push(format!("{title} | {text}\n  wants {wanted:?}, got {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
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
            let titles =
                analyse(&codebook, &english, title, std::slice::from_ref(&(0..title.len())));
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
                    nations: vec![],
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
    }
}
