//! Events in brat's standoff format: text-bound annotations, events and attributes.
//!
//! Source: brat, "Annotation Data Format" (nlplab/brat wiki), the lines `T`, `E` and `A`.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::ops::Range;

use crate::parser::{Document, Event, Extraction, Reason};

/// Writes the annotations of the document's text, or of its title where the events are the title's.
///
/// A document with an id is headed by a line `# ID`, so that several can be told apart; identifiers
/// begin with 1 in each.
pub(super) fn write(
    out: &mut impl Write,
    document: &Document,
    extraction: &Extraction,
) -> io::Result<()> {
    let in_title = extraction.events.iter().any(|event| event.evidence.in_title);
    let id = super::plain(&document.id);
    match (id.is_empty(), in_title) {
        (true, _) => {}
        (false, true) => writeln!(out, "# {id} (of its title)")?,
        (false, false) => writeln!(out, "# {id}")?,
    }
    let text = if in_title { document.title.as_deref().unwrap_or("") } else { &document.text };
    let mut annotations = Annotations { text: text.chars().collect(), ..Annotations::default() };
    for (event, reasons) in extraction.events.iter().zip(&extraction.reasons) {
        annotations.add(event, reasons);
    }
    out.write_all(annotations.lines.as_bytes())
}

#[derive(Default)]
struct Annotations {
    text: Vec<char>,
    lines: String,
    /// The text-bound annotations, in the order of their numbers.
    bound: Vec<Bound>,
    events: usize,
    attributes: usize,
}

/// Words with a type, and what they were found to mean.
#[derive(PartialEq)]
struct Bound {
    name: String,
    place: String,
    facts: Vec<Fact>,
}

/// The name and the value of an attribute.
type Fact = (&'static str, String);

impl Annotations {
    /// Adds the event with its arguments: whoever and whatever has words is text of its own, the rest
    /// an attribute of the event.
    fn add(&mut self, event: &Event, reasons: &[Reason]) {
        let spans = |slot: &str| {
            let reason = reasons.iter().find(|reason| reason.slot == slot);
            reason.map_or(&[][..], |reason| &reason.spans)
        };
        let kind = event.kind.as_str();
        let Some(trigger) = self.bind(kind, spans("kind"), Vec::new()) else { return };
        let roles = [
            ("Actor", "Actor", "actor"),
            ("Recipient", "Actor", "recipient"),
            ("Source", "Actor", "attribution"),
            ("Place", "Place", "place"),
            ("Date", "Date", "date"),
            ("Quantity", "Quantity", "quantity"),
        ];
        let mut arguments = String::new();
        let mut wordless = Vec::new();
        for (role, name, slot) in roles {
            let facts = facts(event, slot);
            match self.bind(name, spans(slot), facts.clone()) {
                Some(bound) => {
                    let _ = write!(arguments, " {role}:{bound}");
                }
                None => wordless.extend(
                    facts.into_iter().map(|(name, value)| (format!("{role}{name}"), value)),
                ),
            }
        }
        self.events += 1;
        let own = format!("E{}", self.events);
        let _ = writeln!(self.lines, "{own}\t{kind}:{trigger}{arguments}");
        self.attribute("Status", &own, event.status.as_str());
        if !event.countries.is_empty() {
            self.attribute("Countries", &own, &event.countries.join("+"));
        }
        self.attribute("Confidence", &own, &format!("{:.2}", event.confidence));
        for (name, value) in wordless {
            self.attribute(&name, &own, &value);
        }
    }

    fn attribute(&mut self, name: &str, of: &str, value: &str) {
        self.attributes += 1;
        let _ = writeln!(self.lines, "A{}\t{name} {of} {value}", self.attributes);
    }

    /// Returns the identifier of the words as an annotation of the type with those attributes, the
    /// same for the same; `None` where there are no words.
    fn bind(&mut self, name: &str, spans: &[Range<usize>], facts: Vec<Fact>) -> Option<String> {
        let pieces: Vec<Range<usize>> = spans.iter().flat_map(|span| self.pieces(span)).collect();
        if pieces.is_empty() {
            return None;
        }
        let place = |piece: &Range<usize>| format!("{} {}", piece.start, piece.end);
        let place = pieces.iter().map(place).collect::<Vec<_>>().join(";");
        let bound = Bound { name: name.to_owned(), place, facts };
        if let Some(at) = self.bound.iter().position(|known| *known == bound) {
            return Some(format!("T{}", at + 1));
        }
        let own = format!("T{}", self.bound.len() + 1);
        let said = |piece: &Range<usize>| self.text[piece.clone()].iter().collect();
        let words = pieces.iter().map(said).collect::<Vec<String>>().join(" ");
        let _ = writeln!(self.lines, "{own}\t{name} {}\t{words}", bound.place);
        for (name, value) in &bound.facts {
            self.attribute(name, &own, value);
        }
        self.bound.push(bound);
        Some(own)
    }

    /// The parts of the span within lines: an annotation's text has no line break.
    fn pieces(&self, span: &Range<usize>) -> Vec<Range<usize>> {
        let end = span.end.min(self.text.len());
        let mut pieces = Vec::new();
        let mut start = None;
        for at in span.start..=end {
            let is_break = at == end || is_break(self.text[at]);
            match (start, is_break) {
                (None, false) if !self.text[at].is_whitespace() => start = Some(at),
                (Some(from), true) => {
                    let blank = |at: &usize| self.text[*at].is_whitespace();
                    let blanks = (from..at).rev().take_while(blank).count();
                    pieces.push(from..at - blanks);
                    start = None;
                }
                _ => {}
            }
        }
        pieces
    }
}

/// What would end a line or a field of the format.
fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\t' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// What the slot says beyond its words, as attributes.
fn facts(event: &Event, slot: &str) -> Vec<Fact> {
    let id = |actor: &Option<crate::parser::Actor>| {
        actor.iter().map(|actor| ("Id", actor.id.clone())).collect()
    };
    match slot {
        "actor" => id(&event.actor),
        "recipient" => id(&event.recipient),
        "attribution" => id(&event.attribution),
        "place" => event
            .point
            .iter()
            .map(|point| ("Point", format!("{:.4},{:.4}", point.latitude, point.longitude)))
            .collect(),
        "date" => event.date.map_or_else(Vec::new, |date| {
            let end = date.end.map(|end| ("End", end.to_string()));
            std::iter::once(("Start", date.start.to_string())).chain(end).collect()
        }),
        "quantity" => event.quantity.map_or_else(Vec::new, |quantity| {
            vec![
                ("Value", quantity.value.to_string()),
                ("Unit", quantity.unit.to_string()),
                ("Modifier", quantity.modifier.to_string()),
            ]
        }),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parser::Parser;

    fn written(document: &Document) -> String {
        let mut out = Vec::new();
        write(&mut out, document, &Parser::embedded().extract(document)).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn words_stand_where_the_offsets_say_in_one_line() {
        // An accent before them, a trigger in two pieces, a name over the end of a line.
        let text =
            "“Équité”: Hungary's border\nguards pushed 40 migrants back to Serbia on Sunday.";
        let published = "2021-11-16".parse().ok();
        let document = Document { text: text.into(), published, ..Document::default() };
        let lines = written(&document);
        let chars: Vec<char> = text.chars().collect();
        let mut pieces = 0;
        for line in lines.lines().filter(|line| line.starts_with('T')) {
            let fields: Vec<&str> = line.split('\t').collect();
            let (_, place) = fields[1].split_once(' ').unwrap();
            let said: Vec<String> = place
                .split(';')
                .map(|piece| {
                    let (start, end) = piece.split_once(' ').unwrap();
                    chars[start.parse().unwrap()..end.parse().unwrap()].iter().collect()
                })
                .collect();
            assert_eq!(said.join(" "), fields[2], "{lines}");
            pieces += said.len() - 1;
        }
        assert!(pieces > 0, "{lines}");
        assert!(lines.contains("\tpushback:T1 Actor:T"), "{lines}");
    }

    #[test]
    fn what_has_no_words_is_told_of_the_event() {
        let text = "Poland closed its border with Belarus.";
        let document = Document { id: "a".into(), text: text.into(), ..Document::default() };
        let parser = Parser::embedded();
        let mut extraction = parser.extract(&document);
        for reason in extraction.reasons.iter_mut().flatten().filter(|r| r.slot == "actor") {
            reason.spans.clear();
        }
        let mut out = Vec::new();
        write(&mut out, &document, &extraction).unwrap();
        let lines = String::from_utf8(out).unwrap();
        assert!(lines.starts_with("# a\nT1\tborder-closure 7 13\tclosed\n"), "{lines}");
        assert!(lines.contains("\tActorId E1 POL\n") && !lines.contains("Actor:T"), "{lines}");
    }
}
