//! Events as a table: a line each, columns aligned within a document.

use std::io::{self, Write};

use crate::parser::{Actor, DateSpan, Event, Extraction, Quantity};

/// Names of the columns, in their order.
const HEAD: [&str; COLUMNS] = [
    "kind",
    "status",
    "actor",
    "recipient",
    "countries",
    "date",
    "quantity",
    "source",
    "conf.",
    "words",
];

const COLUMNS: usize = 10;

/// Writes the id of the document where it has one, its events below their columns' names, and what
/// the parser doubted.
pub(super) fn write(out: &mut impl Write, id: &str, extraction: &Extraction) -> io::Result<()> {
    if !id.is_empty() {
        writeln!(out, "{}", super::plain(id))?;
    }
    let mut rows = vec![HEAD.map(str::to_owned)];
    rows.extend(extraction.events.iter().map(row));
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: [usize; COLUMNS] = std::array::from_fn(|column| width(column).unwrap_or(0));
    if rows.len() > 1 {
        for row in &rows {
            let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
            writeln!(out, "  {}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
        }
    }
    for doubt in &extraction.doubts {
        writeln!(out, "  ({})", super::plain(&doubt.to_string()))?;
    }
    Ok(())
}

fn row(event: &Event) -> [String; COLUMNS] {
    [
        event.kind.to_string(),
        event.status.to_string(),
        id(&event.actor),
        id(&event.recipient),
        event.countries.join("+"),
        event.date.map(days).unwrap_or_default(),
        event.quantity.map(amount).unwrap_or_default(),
        id(&event.attribution),
        format!("{:.2}", event.confidence),
        super::plain(&event.evidence.trigger),
    ]
}

fn id(actor: &Option<Actor>) -> String {
    actor.as_ref().map_or("–", |actor| &actor.id).to_owned()
}

/// `2021-11-13`, `2021-11-13…2021-11-14`, `2021-11-13…` for what goes on.
pub(super) fn days(span: DateSpan) -> String {
    match span.end {
        Some(end) if end == span.start => span.start.to_string(),
        Some(end) => format!("{}…{end}", span.start),
        None => format!("{}…", span.start),
    }
}

/// `at-least 3000 troops`; an exact one without the word.
pub(super) fn amount(quantity: Quantity) -> String {
    let Quantity { value, unit, modifier } = quantity;
    match modifier {
        crate::parser::Modifier::Exact => format!("{value} {unit}"),
        _ => format!("{modifier} {value} {unit}"),
    }
}
