//! Events as a tree: document, sentence, event, slot, with the rule and the words that gave each.

use std::io::{self, Write};
use std::ops::Range;

use super::table::{amount, days};
use crate::cli::line::{BOLD, DIM, Paint, family_colour};
use crate::parser::{Document, Event, Extraction, Reason};

/// Width of the column of slots: the longest of their names.
const SLOT_CHARS: usize = 11;

/// An event and why it is as it is.
type Told<'e> = (&'e Event, &'e [Reason]);

/// Writes the document's tree: its sentences that tell events, and what the parser doubted.
pub(super) fn write(
    out: &mut impl Write,
    document: &Document,
    extraction: &Extraction,
    paint: Paint,
) -> io::Result<()> {
    let reasons = extraction.reasons.iter().map(Vec::as_slice);
    let told: Vec<Told<'_>> = extraction.events.iter().zip(reasons).collect();
    let sentences: Vec<&[Told<'_>]> =
        told.chunk_by(|(a, _), (b, _)| a.evidence.start == b.evidence.start).collect();
    writeln!(out, "{}", head(document, told.len(), paint))?;
    let branches = sentences.len() + extraction.doubts.len();
    for (at, events) in sentences.into_iter().enumerate() {
        let branch = Branch::of("", at + 1 == branches);
        sentence(out, events, &branch, paint)?;
    }
    for (at, doubt) in extraction.doubts.iter().enumerate() {
        let branch = Branch::of("", at + 1 == extraction.doubts.len());
        let doubt = super::plain(&doubt.to_string());
        writeln!(out, "{}{}", branch.first, paint.on(DIM, &format!("doubt: {doubt}")))?;
    }
    Ok(())
}

/// What stands before the lines of a branch: before the first, and before those below it.
struct Branch {
    first: String,
    below: String,
}

impl Branch {
    fn of(before: &str, is_last: bool) -> Self {
        let (first, below) = if is_last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        Self { first: format!("{before}{first}"), below: format!("{before}{below}") }
    }
}

fn head(document: &Document, events: usize, paint: Paint) -> String {
    let name = match (document.id.trim(), document.title.as_deref().unwrap_or("").trim()) {
        ("", "") => "text".to_owned(),
        ("", title) => title.to_owned(),
        (id, "") => id.to_owned(),
        (id, title) => format!("{id}: {title}"),
    };
    let published = document.published.map(|day| format!(", published {day}")).unwrap_or_default();
    let count = match events {
        0 => "no events".to_owned(),
        1 => "1 event".to_owned(),
        count => format!("{count} events"),
    };
    let rest = paint.on(DIM, &format!("({count}{published})"));
    format!("{} {rest}", paint.on(BOLD, &super::plain(&name)))
}

fn sentence(
    out: &mut impl Write,
    events: &[Told<'_>],
    branch: &Branch,
    paint: Paint,
) -> io::Result<()> {
    let Some((first, _)) = events.first() else { return Ok(()) };
    let evidence = &first.evidence;
    let place = if evidence.in_title { "title " } else { "" };
    let place = paint.on(DIM, &format!("{place}{}–{}", evidence.start, evidence.end));
    let triggers = events.iter().filter_map(|(_, reasons)| spans_of(reasons, "kind")).flatten();
    let marked = marked(&evidence.sentence, evidence.start, triggers, paint);
    writeln!(out, "{}{place} {marked}", branch.first)?;
    for (at, (event, reasons)) in events.iter().enumerate() {
        let branch = Branch::of(&branch.below, at + 1 == events.len());
        let kind = paint.on(family_colour(event.kind.family().as_str()), event.kind.as_str());
        writeln!(out, "{}{kind}", branch.first)?;
        for (at, reason) in reasons.iter().enumerate() {
            let branch = Branch::of(&branch.below, at + 1 == reasons.len());
            writeln!(out, "{}{}", branch.first, slot(event, reason, paint))?;
        }
    }
    Ok(())
}

/// One slot: its name, its value, the words that gave it, and the rule.
fn slot(event: &Event, reason: &Reason, paint: Paint) -> String {
    let value = value(event, reason.slot);
    let words = super::plain(&reason.words);
    let mut parts = vec![format!("{:SLOT_CHARS$}", reason.slot)];
    if !value.is_empty() {
        parts.push(value);
    }
    if !words.is_empty() {
        parts.push(paint.on(BOLD, &format!("“{words}”")));
    }
    parts.push(paint.on(DIM, &format!("({})", reason.rule)));
    parts.join(" ")
}

/// The slot's value for people; empty where its words say it all.
fn value(event: &Event, slot: &str) -> String {
    let id = |actor: &Option<crate::parser::Actor>| {
        actor.as_ref().map(|actor| actor.id.clone()).unwrap_or_default()
    };
    match slot {
        "actor" => id(&event.actor),
        "recipient" => id(&event.recipient),
        "attribution" => id(&event.attribution),
        "countries" => event.countries.join(" "),
        "point" => event
            .point
            .map(|point| format!("{:.4}, {:.4}", point.latitude, point.longitude))
            .unwrap_or_default(),
        "date" => event.date.map(days).unwrap_or_default(),
        "quantity" => event.quantity.map(amount).unwrap_or_default(),
        "status" => event.status.to_string(),
        "confidence" => format!("{:.2}", event.confidence),
        _ => String::new(),
    }
}

fn spans_of<'r>(reasons: &'r [Reason], slot: &str) -> Option<&'r [Range<usize>]> {
    reasons.iter().find(|reason| reason.slot == slot).map(|reason| &reason.spans[..])
}

/// Returns the sentence, which starts at that code point, with the spans made bold.
fn marked<'s>(
    sentence: &str,
    start: usize,
    spans: impl Iterator<Item = &'s Range<usize>>,
    paint: Paint,
) -> String {
    let mut spans: Vec<&Range<usize>> = spans.collect();
    spans.sort_by_key(|span| span.start);
    let chars: Vec<char> = sentence.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let part = |from: usize, to: usize| -> String {
        let to = to.min(chars.len());
        chars[from.min(to)..to].iter().collect()
    };
    let mut marked = String::new();
    let mut at = 0;
    for span in spans {
        let (from, to) = (span.start.saturating_sub(start).max(at), span.end.saturating_sub(start));
        if from < to {
            marked.push_str(&part(at, from));
            marked.push_str(&paint.on(BOLD, &part(from, to)));
            at = to;
        }
    }
    marked + &part(at, chars.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parser::Parser;

    fn written(text: &str, paint: Paint) -> String {
        let document = Document {
            id: "one".into(),
            text: text.into(),
            published: "2021-11-16".parse().ok(),
            ..Document::default()
        };
        let mut out = Vec::new();
        write(&mut out, &document, &Parser::embedded().extract(&document), paint).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_tree_tells_rule_and_words_of_each_slot() {
        let tree =
            written("Latvia has deployed 3,000 troops near its border with Belarus.", Paint::Plain);
        let lines: Vec<&str> = tree.lines().collect();
        assert_eq!(lines[0], "one (1 event, published 2021-11-16)");
        assert!(lines[1].starts_with("└─ 0–62 Latvia has deployed 3,000 troops"), "{tree}");
        assert_eq!(lines[2], "   └─ deployment");
        assert_eq!(lines[3], "      ├─ kind        “deployed” (deploy-forces, a verb)");
        assert_eq!(lines[4], "      ├─ actor       LVA “Latvia” (who does it: state)");
        assert!(lines.last().unwrap().starts_with("      └─ confidence  0."), "{tree}");
    }

    #[test]
    fn a_text_without_events_says_so() {
        assert_eq!(written("Rain.", Paint::Plain), "one (no events, published 2021-11-16)\n");
    }

    #[test]
    fn the_words_that_carry_events_stand_out() {
        let tree = written("Poland closed its border with Belarus.", Paint::Colours);
        assert!(tree.contains("Poland \x1b[1mclosed\x1b[0m its border"), "{tree}");
    }

    #[test]
    fn a_text_gives_the_terminal_no_orders() {
        let tree = written("Poland\x1b[2J closed its border\x07 with Belarus.", Paint::Plain);
        assert!(!tree.contains(|c: char| c.is_control() && c != '\n'), "{tree}");
    }
}
