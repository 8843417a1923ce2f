//! Dates that others annotated, measured where this machine has them.

use std::fmt::Write as _;

use serde_json::Value;

use super::*;
use crate::parser::coding::trial::gold::{gold, is_slow, report, told};
use crate::parser::english::{Entities, Scratch};

fn day(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}

/// Eidos gives each phrase alone, and ends that are not included; what goes on ends with the document.
#[test]
fn phrases_of_eidos_have_their_days() {
    let Some(items) = gold("eidos_timenorm_gold.jsonl") else { return };
    let (mut right, mut of, mut wrong) = (0, 0, String::new());
    let (mut quiet, mut empty, mut loud) = (0, 0, String::new());
    for row in items.iter().skip(1) {
        let row: Vec<&str> =
            row["row"].as_array().unwrap().iter().map(|v| v.as_str().unwrap()).collect();
        let [_, published, _, _, phrase, start, end] = row[..] else { panic!("seven columns") };
        let published = day(published).unwrap();
        let text = format!("It was so in {phrase}.");
        let sentence = parse(&text);
        let mentions = dates(&sentence, &tools().codebook.measures, Some(published));
        let got = mentions
            .first()
            .and_then(|mention| mention.span(Tense::Past).or_else(|| mention.span(Tense::Future)));
        match (day(start), day(end)) {
            (Some(start), Some(end)) => {
                of += 1;
                let is_right = got.is_some_and(|span| {
                    let last = span.end.map_or(published, |end| end.tomorrow().unwrap());
                    span.start == start && (last == end || last.yesterday().unwrap() == end)
                });
                right += usize::from(is_right);
                if !is_right {
                    let _ = writeln!(
                        wrong,
                        "  {published} {phrase}: {start}..{end}, got {}",
                        span(got)
                    );
                }
            }
            _ => {
                empty += 1;
                quiet += usize::from(got.is_none());
                if got.is_some() {
                    let _ = writeln!(loud, "  {published} {phrase}: got {}", span(got));
                }
            }
        }
    }
    report("eidos, phrases with days", right, of, &wrong);
    report("eidos, phrases without", quiet, empty, &loud);
    assert!(right * 100 >= of * EIDOS_MIN && quiet * 100 >= empty * 95);
}

/// Percent; what is missing is "now", ends that Eidos leaves out, and its slips.
const EIDOS_MIN: usize = 72;

/// First day of a value of TIMEX3; `None` for durations and for what is not told.
fn first_day(value: &str) -> Option<Date> {
    let number =
        |from: usize, to: usize| value.get(from..to).and_then(|text| text.parse::<i16>().ok());
    let year = number(0, 4)?;
    let part = value.get(5..).unwrap_or("");
    if part.is_empty() {
        return Date::new(year, 1, 1).ok();
    }
    if let Some(quarter) = part.strip_prefix('Q') {
        return Date::new(year, 3 * quarter.parse::<i8>().ok()? - 2, 1).ok();
    }
    if let Some(half) = part.strip_prefix('H') {
        return Date::new(year, 6 * half.parse::<i8>().ok()? - 5, 1).ok();
    }
    if let Some(week) = part.strip_prefix('W') {
        let week: i8 = week.get(..2)?.parse().ok()?;
        let day = jiff::civil::Weekday::Monday;
        return jiff::civil::ISOWeekDate::new(year, week, day).ok().map(|week| week.date());
    }
    match part {
        "SP" => Date::new(year, 3, 1).ok(),
        "SU" => Date::new(year, 6, 1).ok(),
        "FA" => Date::new(year, 9, 1).ok(),
        "WI" => Date::new(year, 12, 1).ok(),
        _ => {
            let day = if value.len() >= 10 { number(8, 10)? as i8 } else { 1 };
            Date::new(year, number(5, 7)? as i8, day).ok()
        }
    }
}

#[test]
fn dates_of_meantime_begin_when_it_says() {
    if is_slow() {
        return;
    }
    let Some(items) = gold("meantime_en.jsonl") else { return };
    let (mut found, mut right, mut of, mut wrong) = (0, 0, 0, String::new());
    let (mut known, mut all, mut extra) = (0, 0, String::new());
    for item in &items {
        let text = item["text"].as_str().unwrap();
        let times: Vec<&Value> = item["gold"]["markables"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|mark| mark["tag"] == "TIMEX3")
            .collect();
        let created = times.iter().find(|time| time["functionInDocument"] == "CREATION_TIME");
        let published = created.and_then(|time| day(time["value"].as_str().unwrap_or("")));
        // Tokens are numbered from 1 and stand apart by single spaces.
        let mut starts = vec![0];
        starts.extend(text.match_indices(' ').map(|(at, _)| at + 1));
        let bytes = |time: &Value| -> Option<Range<usize>> {
            let ids: Vec<usize> = time["tokens"]
                .as_array()?
                .iter()
                .map(|id| id.as_str().unwrap().parse().unwrap())
                .collect();
            let (first, last) = (*ids.iter().min()?, *ids.iter().max()?);
            let end = starts.get(last).map_or(text.len(), |next| next - 1);
            Some(*starts.get(first - 1)?..end)
        };
        let mut mentions = Vec::new();
        let mut start = 0;
        for at in text.match_indices(" . ").map(|(at, _)| at + 2).chain([text.len()]) {
            // Only the first sentences of a document are annotated.
            let is_annotated =
                |time: &&Value| bytes(time).is_some_and(|time| start < time.end && time.start < at);
            if !times.iter().any(is_annotated) {
                start = at;
                continue;
            }
            let sentence =
                tools().english.parse(text, start..at, &mut Scratch::default(), Entities::Find);
            for mention in dates(&sentence, &tools().codebook.measures, published) {
                let tokens = &sentence.tokens[mention.tokens.clone()];
                let range = tokens[0].start..tokens[tokens.len() - 1].end();
                let got = mention.span(mention.tense).map(|span| span.start);
                mentions.push((range, got));
            }
            start = at;
        }
        for time in &times {
            let (Some(range), Some(value)) = (bytes(time), time["value"].as_str()) else {
                continue;
            };
            let Some(first) = first_day(value).filter(|_| time["type"] == "DATE") else { continue };
            of += 1;
            let overlapping: Vec<_> = mentions
                .iter()
                .filter(|(mention, _)| mention.start < range.end && range.start < mention.end)
                .collect();
            found += usize::from(!overlapping.is_empty());
            let is_right = overlapping.iter().any(|(_, got)| *got == Some(first));
            right += usize::from(is_right);
            if !is_right {
                let got: Vec<_> =
                    overlapping.iter().map(|(range, got)| (&text[range.clone()], got)).collect();
                let context =
                    &text[text[..range.start].char_indices().rev().nth(60).map_or(0, |(i, _)| i)
                        ..range.end];
                let _ = writeln!(wrong, "  {published:?} {context}: {value}, got {got:?}");
            }
        }
        for (range, got) in mentions.iter().filter(|(_, got)| got.is_some()) {
            all += 1;
            let is_known = times
                .iter()
                .filter_map(|time| bytes(time))
                .any(|time| range.start < time.end && time.start < range.end);
            known += usize::from(is_known);
            if !is_known {
                let context =
                    &text[text[..range.start].char_indices().rev().nth(40).map_or(0, |(i, _)| i)..];
                let context: String = context.chars().take(90).collect();
                let _ = writeln!(extra, "  {context}: {} {got:?}", &text[range.clone()]);
            }
        }
    }
    report("meantime, dates found", found, of, "");
    report("meantime, dates with their first day", right, of, &wrong);
    report("meantime, ours that it has too", known, all, &extra);
    assert!(right * 100 >= of * MEANTIME_MIN && known * 100 >= all * MEANTIME_PRECISION_MIN);
}

/// Percent.
const MEANTIME_MIN: usize = 80;
const MEANTIME_PRECISION_MIN: usize = 90;

/// Documents with events, as `BORDERWIRE_DOCS` and `BORDERWIRE_GOLD` name them: the day of an event is
/// among those of its sentence.
#[test]
fn events_have_their_days_in_their_sentence() {
    if is_slow() {
        return;
    }
    let (Some(docs), Some(gold)) = (told("BORDERWIRE_DOCS"), told("BORDERWIRE_GOLD")) else {
        return;
    };
    let (mut right, mut of, mut wrong) = (0, 0, String::new());
    let (mut quiet, mut empty, mut loud) = (0, 0, String::new());
    let mut seen = std::collections::HashSet::new();
    for (doc, gold) in docs.iter().zip(&gold) {
        assert_eq!(doc["id"], gold["id"]);
        let text = doc["text"].as_str().unwrap();
        let published = doc["published"].as_str().and_then(day);
        for event in gold["events"].as_array().unwrap() {
            let evidence = &event["evidence"];
            let offset = |key: &str| evidence[key].as_u64().unwrap() as usize;
            let part: String =
                text.chars().skip(offset("start")).take(offset("end") - offset("start")).collect();
            let sentence = parse(&part);
            let mentions = dates(&sentence, &tools().codebook.measures, published);
            let got: Vec<_> = mentions
                .iter()
                .map(|mention| {
                    let tokens = &sentence.tokens[mention.tokens.clone()];
                    let words = &part[tokens[0].start..tokens[tokens.len() - 1].end()];
                    (words, mention.tense, mention.span(mention.tense))
                })
                .collect();
            let shown: Vec<_> = got
                .iter()
                .map(|(words, tense, got)| format!("{words} ({tense:?}) = {}", span(*got)))
                .collect();
            match event["date"]["start"].as_str().and_then(day) {
                Some(start) => {
                    of += 1;
                    let is_right =
                        got.iter().any(|(_, _, span)| span.is_some_and(|span| span.start == start));
                    right += usize::from(is_right);
                    if !is_right {
                        let _ = writeln!(
                            wrong,
                            "  {published:?} {start} {}: {shown:?} in {part}",
                            evidence["trigger"]
                        );
                    }
                }
                None => {
                    empty += 1;
                    let has = got.iter().any(|(_, _, span)| span.is_some());
                    quiet += usize::from(!has);
                    if has && seen.insert(part.clone()) {
                        let _ = writeln!(loud, "  {}: {shown:?} in {part}", evidence["trigger"]);
                    }
                }
            }
        }
    }
    report("events with days that their sentence tells", right, of, &wrong);
    report("events without, in sentences without", quiet, empty, &loud);
}

/// The same documents: the date that hangs on the event's own words, none where it has none.
#[test]
fn events_have_the_date_that_hangs_on_them() {
    if is_slow() {
        return;
    }
    let (Some(docs), Some(gold)) = (told("BORDERWIRE_DOCS"), told("BORDERWIRE_GOLD")) else {
        return;
    };
    let (mut right, mut told, mut given, mut wrong) = (0, 0, 0, String::new());
    for (doc, gold) in docs.iter().zip(&gold) {
        let text = doc["text"].as_str().unwrap();
        let published = doc["published"].as_str().and_then(day);
        for event in gold["events"].as_array().unwrap() {
            let evidence = &event["evidence"];
            let offset = |key: &str| evidence[key].as_u64().unwrap() as usize;
            let part: String =
                text.chars().skip(offset("start")).take(offset("end") - offset("start")).collect();
            let sentence = parse(&part);
            let measures = &tools().codebook.measures;
            let mentions = dates(&sentence, measures, published);
            let words = evidence["trigger"].as_str().unwrap();
            let Some(at) = part.find(words) else { continue };
            let is_inside = |i: &usize| {
                let token = &sentence.tokens[*i];
                token.start < at + words.len() && at < token.end()
            };
            let inside: Vec<usize> = (0..sentence.len()).filter(is_inside).collect();
            let is_head =
                |i: &&usize| !inside.contains(&sentence.tokens[**i].head) || sentence.is_root(**i);
            let Some(trigger) = inside.iter().find(is_head) else { continue };
            let got = attached(&sentence, measures, &mentions, *trigger);
            let span = got.and_then(|at| mentions[at].span(mentions[at].tense));
            let start = event["date"]["start"].as_str().and_then(day);
            let any = mentions
                .iter()
                .any(|m| start.is_some() && m.span(m.tense).map(|span| span.start) == start);
            told += usize::from(any);
            given += usize::from(span.is_some());
            let is_right = span.is_some() && span.map(|span| span.start) == start;
            right += usize::from(is_right);
            if span.map(|span| span.start) != start && (any || span.is_some()) {
                let _ = writeln!(wrong, "  {words}: want {start:?}, got {span:?} in {part}");
            }
        }
    }
    report("dates of events, of those that are told", right, told, "");
    report("dates of events, of those that are given", right, given, &wrong);
}
