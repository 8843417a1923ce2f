//! Whatever the text is: events or none, spans that hold, and work that grows as the text does.

use jiff::civil::Date;

use super::*;
use crate::parser::chance::{PIECES, Random, hostile};
use crate::parser::coding::looks;

/// Says that a document is about a border, so that its text is read.
const TITLE: &str = "Migrants crossed the border of Poland and Belarus";

/// Pieces that tell of events, among those that tell of none.
const TELLING: &[&str] = &[
    "Poland closed its border with Belarus",
    "migrants crossed the border",
    "guards shot at",
    "accused Belarus of pushing migrants back",
    "deployed 3,000 troops to the border",
    "drowned off Lampedusa on Monday",
    "was detained by",
    "urged Turkey to",
    "said that they had",
    "imposed sanctions on",
    "denied",
    "“They beat us,”",
    "who had been",
    "at least 42",
];

fn document(text: String) -> Document {
    Document {
        title: Some(TITLE.to_owned()),
        text,
        published: Some(PUBLISHED),
        language: Some("en".to_owned()),
        ..Document::default()
    }
}

/// Asserts that what is told of the document stands in it; returns how many events there are.
fn check(parser: &Parser, document: &Document, about: &str) -> usize {
    let extraction = parser.extract(document);
    assert_eq!(extraction.reasons.len(), extraction.events.len(), "{about}");
    let title: Vec<char> = document.title.as_deref().unwrap_or_default().chars().collect();
    let text: Vec<char> = document.text.chars().collect();
    let mut before = 0;
    for event in &extraction.events {
        let evidence = &event.evidence;
        let whole = if evidence.in_title { &title } else { &text };
        assert!(evidence.start < evidence.end && evidence.end <= whole.len(), "{about}: {event:?}");
        let sentence: String = whole[evidence.start..evidence.end].iter().collect();
        assert_eq!(sentence, evidence.sentence, "{about}");
        assert!(before <= evidence.start, "{about}: out of order");
        before = evidence.start;
        for word in evidence.trigger.split(' ') {
            assert!(sentence.contains(word), "{about}: {word} in {sentence:?}");
        }
        for actor in [&event.actor, &event.recipient, &event.attribution].into_iter().flatten() {
            assert!(sentence.contains(&actor.text), "{about}: {actor:?} in {sentence:?}");
        }
        assert!(event.place.as_ref().is_none_or(|place| sentence.contains(place)), "{about}");
        assert!(event.countries.is_sorted(), "{about}");
        assert!(event.quantity.is_none_or(|q| q.value.is_finite() && q.value >= 0.0), "{about}");
        let ends = event.date.and_then(|date| date.end.map(|end| (date.start, end)));
        assert!(ends.is_none_or(|(start, end)| start <= end), "{about}: {ends:?}");
    }
    extraction.events.len()
}

#[test]
fn texts_by_chance_give_events_that_stand_in_them() {
    const SEED: u64 = 20_211_116;
    let parser = Parser::embedded();
    let mut random = Random(SEED);
    let pieces: Vec<&str> = PIECES.iter().chain(TELLING).chain(TELLING).copied().collect();
    let days = [None, Some(PUBLISHED), Some(Date::MIN), Some(Date::MAX)];
    let mut events = 0;
    for round in 0..400 {
        let text = random.text(&pieces, 160);
        let title = match round % 3 {
            0 => Some(TITLE.to_owned()),
            1 => Some(text.chars().rev().collect()),
            _ => None,
        };
        let published = days[random.below(days.len())];
        let document = Document { title, published, ..document(text) };
        events += check(&parser, &document, &format!("seed {SEED}, round {round}"));
    }
    assert!(events > 400, "only {events} events: the texts are too tame");
}

#[test]
fn bytes_by_chance_give_no_panic() {
    const SEED: u64 = 24_112_026;
    let parser = Parser::embedded();
    let mut random = Random(SEED);
    for round in 0..200 {
        // Characters of one, two, three and four bytes, and halves of them.
        let bytes: Vec<u8> = (0..random.below(600))
            .flat_map(|_| match random.below(6) {
                0 => vec![random.below(256) as u8],
                1 => char::from_u32(random.below(0x11_0000) as u32)
                    .map_or_else(Vec::new, |c| c.to_string().into_bytes()),
                2 => b" border ".to_vec(),
                _ => vec![b' ' + random.below(95) as u8],
            })
            .collect();
        let document = document(String::from_utf8_lossy(&bytes).into_owned());
        check(&parser, &document, &format!("seed {SEED}, round {round}"));
    }
}

#[test]
fn texts_that_mean_harm_take_work_as_long_as_they_are() {
    const BYTES: usize = 12_000;
    /// Looks at words for each byte: border news takes about 40, clauses without an end most.
    const LOOKS_MAX: u64 = 2_000;
    let parser = Parser::embedded();
    let work = |name: &str, text: String| {
        looks::take();
        check(&parser, &document(text), name);
        looks::take()
    };
    for ((name, short), (_, long)) in hostile(BYTES).into_iter().zip(hostile(2 * BYTES)) {
        let (once, twice) = (work(name, short), work(name, long));
        assert!(once < LOOKS_MAX * BYTES as u64, "{name}: {once} looks");
        // Sentences are cut at other words; twice the text may be a little more than twice the work.
        assert!(10 * twice <= 25 * once + 100_000, "{name}: {once} looks, then {twice}");
    }
}
