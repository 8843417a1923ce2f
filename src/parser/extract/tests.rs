//! The extractor as a whole: the codebook's examples, and texts that must not trouble it.

use jiff::civil::date;

use super::*;
use crate::parser::codebook::Expected;

/// The day, a Tuesday, on which every example of the codebook is published.
const PUBLISHED: jiff::civil::Date = date(2021, 11, 16);

fn extract(parser: &Parser, text: &str) -> Extraction {
    parser.extract(&Document {
        text: text.to_owned(),
        published: Some(PUBLISHED),
        ..Document::default()
    })
}

fn shown(event: &Event) -> String {
    let id = |actor: &Option<crate::parser::Actor>| actor.as_ref().map(|actor| actor.id.clone());
    format!(
        "{} actor={:?} recipient={:?} countries={:?} date={:?} quantity={:?} status={} attribution={:?} frame={}",
        event.kind,
        id(&event.actor),
        id(&event.recipient),
        event.countries,
        event.date.map(day),
        event.quantity.map(|q| format!("{} {} {}", q.value, q.unit, q.modifier)),
        event.status,
        id(&event.attribution),
        event.frame,
    )
}

fn day(span: crate::parser::DateSpan) -> String {
    match span.end {
        None => format!("{}..", span.start),
        Some(end) if end == span.start => span.start.to_string(),
        Some(end) => format!("{}..{end}", span.start),
    }
}

fn meets(event: &Event, want: &Expected) -> bool {
    let same = |actor: &Option<crate::parser::Actor>, id: &Option<String>| {
        id.as_ref().is_none_or(|id| actor.as_ref().is_some_and(|actor| actor.id == *id))
    };
    let told = |have: Option<String>, want: &Option<String>| want.is_none() || have == *want;
    event.kind.as_str() == want.kind
        && same(&event.actor, &want.actor)
        && same(&event.recipient, &want.recipient)
        && same(&event.attribution, &want.attribution)
        && want.countries.as_ref().is_none_or(|countries| event.countries == *countries)
        && told(event.date.map(day), &want.date)
        && told(
            event.quantity.map(|q| format!("{} {} {}", q.value, q.unit, q.modifier)),
            &want.quantity,
        )
        && want.status.as_ref().is_none_or(|status| event.status.as_str() == status)
}

#[test]
fn every_frame_gives_what_its_examples_say() {
    let parser = Parser::embedded();
    let mut failures = Vec::new();
    for frame in &parser.codebook.frames {
        for example in &frame.examples {
            let events = extract(&parser, &example.text).events;
            for want in &example.gives {
                if !events.iter().any(|event| meets(event, want)) {
                    let got: Vec<_> = events.iter().map(shown).collect();
                    failures.push(format!(
                        "{}: {}\n  wants {want:?}\n  got   {}",
                        frame.name,
                        example.text,
                        got.join("\n        ")
                    ));
                }
            }
        }
        for text in &frame.nothing {
            let events = extract(&parser, text).events;
            if let Some(event) = events.iter().find(|event| event.frame == frame.name) {
                failures.push(format!(
                    "{}: {text}\n  must give nothing, got {}",
                    frame.name,
                    shown(event)
                ));
            }
        }
    }
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}
