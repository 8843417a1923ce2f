//! The examples of a codebook's frames, tried: does each give what it says.

use jiff::civil::{Date, date};

use super::{Event, Parser};
use crate::parser::codebook::{Expected, Fault, Frame};
use crate::parser::{Actor, DateSpan, Document};

/// The day, a Tuesday, on which every example of a codebook is published.
pub(super) const PUBLISHED: Date = date(2021, 11, 16);

/// The headline of the reports that examples are sentences of.
pub(super) const HEADLINE: &str = "Migrants at the border";

/// What came of trying the examples of frames.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trial {
    /// Examples and counter-examples.
    pub tried: usize,
    /// Those that are not met, in the order of the frames.
    pub misses: Vec<Miss>,
}

/// An example that does not give what it says, or a counter-example that gives its frame's event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Miss {
    /// Name of the frame.
    pub frame: String,
    /// The example.
    pub text: String,
    /// Where the frame stands, what is wanted, and what came instead.
    pub fault: Fault,
}

impl Parser {
    /// Tries the examples of the frames that stand in files of these names.
    ///
    /// An example is met by itself, or as a sentence under the headline "Migrants at the border"; a
    /// counter-example by itself gives no event of its frame.
    pub fn try_examples(&self, is_of: impl Fn(&str) -> bool) -> Trial {
        let mut trial = Trial::default();
        for frame in self.coder.codebook.frames.iter().filter(|frame| is_of(&frame.file)) {
            trial.tried += frame.examples.len() + frame.nothing.len();
            for example in &frame.examples {
                let why = self.missing(&example.text, &example.gives);
                trial.misses.extend(why.map(|why| miss(frame, &example.text, &why)));
            }
            for text in &frame.nothing {
                let events = self.example(None, text);
                if let Some(event) = events.iter().find(|event| event.frame == frame.name) {
                    let why = format!("must not give\n  {}", shown(event));
                    trial.misses.push(miss(frame, text, &why));
                }
            }
        }
        trial
    }

    /// Returns what the example lacks, and what it gives.
    fn missing(&self, text: &str, gives: &[Expected]) -> Option<String> {
        let lacking = |events: &[Event]| -> Vec<String> {
            let is_met = |want: &&Expected| events.iter().any(|event| meets(event, want));
            gives.iter().filter(|want| !is_met(want)).map(wanted).collect()
        };
        if lacking(&self.example(None, text)).is_empty() {
            return None;
        }
        let events = self.example(Some(HEADLINE), text);
        let lacking = lacking(&events);
        if lacking.is_empty() {
            return None;
        }
        let got: Vec<String> = events.iter().map(shown).collect();
        let got = if got.is_empty() { "nothing".to_owned() } else { got.join("\n        ") };
        Some(format!("\n  wants {}\n  gives {got}", lacking.join("\n        ")))
    }

    pub(super) fn example(&self, headline: Option<&str>, text: &str) -> Vec<Event> {
        let document = Document {
            title: headline.map(str::to_owned),
            text: text.to_owned(),
            published: Some(PUBLISHED),
            ..Document::default()
        };
        self.extract(&document).events
    }
}

fn miss(frame: &Frame, text: &str, why: &str) -> Miss {
    let what = format!("{}: “{text}” {why}", frame.name).replace("” \n", "”\n");
    let fault = Fault { file: frame.file.clone(), line: frame.line, what };
    Miss { frame: frame.name.clone(), text: text.to_owned(), fault }
}

fn wanted(want: &Expected) -> String {
    let slots = [
        ("actor", want.actor.clone()),
        ("recipient", want.recipient.clone()),
        ("countries", want.countries.as_ref().map(|countries| countries.join("+"))),
        ("date", want.date.clone()),
        ("quantity", want.quantity.clone()),
        ("status", want.status.clone()),
        ("attribution", want.attribution.clone()),
    ];
    told(&want.kind, slots)
}

/// Returns the event as examples write it.
pub(super) fn shown(event: &Event) -> String {
    let id = |actor: &Option<Actor>| actor.as_ref().map(|actor| actor.id.to_string());
    let slots = [
        ("actor", id(&event.actor)),
        ("recipient", id(&event.recipient)),
        ("countries", (!event.countries.is_empty()).then(|| event.countries.join("+"))),
        ("date", event.date.map(days)),
        ("quantity", quantity(event)),
        ("status", Some(event.status.to_string())),
        ("attribution", id(&event.attribution)),
        ("frame", Some(event.frame.to_string())),
    ];
    told(event.kind.as_str(), slots)
}

fn told<const N: usize>(kind: &str, slots: [(&str, Option<String>); N]) -> String {
    let filled = slots.into_iter().filter_map(|(slot, value)| Some(format!(" {slot}={}", value?)));
    kind.to_owned() + &filled.collect::<String>()
}

fn quantity(event: &Event) -> Option<String> {
    event.quantity.map(|it| format!("{} {} {}", it.value, it.unit, it.modifier))
}

fn days(span: DateSpan) -> String {
    match span.end {
        None => format!("{}..", span.start),
        Some(end) if end == span.start => span.start.to_string(),
        Some(end) => format!("{}..{end}", span.start),
    }
}

pub(super) fn meets(event: &Event, want: &Expected) -> bool {
    let same = |actor: &Option<Actor>, id: &Option<String>| {
        id.as_ref().is_none_or(|id| actor.as_ref().is_some_and(|actor| actor.id == *id))
    };
    let told = |have: Option<String>, want: &Option<String>| want.is_none() || have == *want;
    event.kind.as_str() == want.kind
        && same(&event.actor, &want.actor)
        && same(&event.recipient, &want.recipient)
        && same(&event.attribution, &want.attribution)
        && want.countries.as_ref().is_none_or(|countries| event.countries == *countries)
        && told(event.date.map(days), &want.date)
        && told(quantity(event), &want.quantity)
        && want.status.as_ref().is_none_or(|status| event.status.as_str() == status)
}
