//! The parser as a library: documents as JSON lines in, their events as JSON lines out.
//!
//! `cargo run --release --no-default-features --features parser --example extract -- FILE`

use std::error::Error;
use std::io::{self, BufRead, BufReader, Write};

use borderwire::parser::{Actor, Document, Event, Parser};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: extract FILE.jsonl")?;
    let parser = Parser::embedded();
    let mut out = io::stdout().lock();
    for line in BufReader::new(std::fs::File::open(path)?).lines() {
        let line: Value = serde_json::from_str(&line?)?;
        let field = |name: &str| line[name].as_str().map(str::to_owned);
        let document = Document {
            id: field("id").unwrap_or_default(),
            title: field("title"),
            text: field("text").unwrap_or_default(),
            published: field("published").and_then(|day| day.get(..10)?.parse().ok()),
            language: field("language"),
        };
        let events: Vec<Value> = parser.extract(&document).events.iter().map(event).collect();
        writeln!(out, "{}", json!({ "id": document.id, "events": events }))?;
    }
    Ok(())
}

fn event(event: &Event) -> Value {
    let actor = |actor: &Option<Actor>| {
        actor.as_ref().map(|actor| json!({ "text": actor.text, "id": actor.id }))
    };
    json!({
        "kind": event.kind.to_string(),
        "actor": actor(&event.actor),
        "recipient": actor(&event.recipient),
        "countries": event.countries,
        "place": event.place,
        "date": event.date.map(|date| json!({ "start": date.start, "end": date.end })),
        "quantity": event.quantity.map(|quantity| json!({
            "value": quantity.value,
            "unit": quantity.unit.to_string(),
            "modifier": quantity.modifier.to_string(),
        })),
        "status": event.status.to_string(),
        "attribution": actor(&event.attribution),
        "evidence": {
            "start": event.evidence.start,
            "end": event.evidence.end,
            "trigger": event.evidence.trigger,
        },
        "frame": event.frame,
    })
}
