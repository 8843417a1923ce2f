//! The extractor as a whole: the codebook's examples, and texts that must not trouble it.

mod any_text;
mod our_sentences;

use super::examples::{PUBLISHED, shown};
use super::*;
use crate::parser::report::TEXT_BYTES_MAX;

fn extract(parser: &Parser, text: &str) -> Extraction {
    parser.extract(&Document {
        text: text.to_owned(),
        published: Some(PUBLISHED),
        ..Document::default()
    })
}

/// Examples that are not met yet: a line each, the frame and its sentence. A line goes out when its
/// example is met; none comes in unseen.
const MISSES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/codebook-misses.txt");

#[test]
fn every_frame_gives_what_its_examples_say() {
    let trial = Parser::embedded().try_examples(|_| true);
    let misses: Vec<(String, String)> = trial
        .misses
        .into_iter()
        .map(|miss| (format!("{}: {}", miss.frame, miss.text), miss.fault.to_string()))
        .collect();
    println!("{} of {} examples are met", trial.tried - misses.len(), trial.tried);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let lines: String = misses.iter().map(|(miss, _)| format!("{miss}\n")).collect();
        std::fs::write(MISSES, lines).unwrap();
        return;
    }
    let list = std::fs::read_to_string(MISSES).unwrap();
    let known: Vec<&str> = list.lines().collect();
    let is_new = |(miss, _): &&(String, String)| !known.contains(&miss.as_str());
    let new: Vec<&str> = misses.iter().filter(is_new).map(|(_, why)| why.as_str()).collect();
    assert!(new.is_empty(), "{} examples are not met\n{}", new.len(), new.join("\n"));
    let met: Vec<_> =
        known.iter().filter(|line| !misses.iter().any(|(miss, _)| miss == *line)).collect();
    assert!(met.is_empty(), "these are met now, so they go out of the list: {met:#?}");
}

fn of(document: Document) -> Extraction {
    Parser::embedded().extract(&document)
}

#[test]
fn a_document_of_a_title_alone_gives_events_of_the_title() {
    let events = of(Document {
        title: Some("Poland closes border crossing with Belarus".into()),
        published: Some(PUBLISHED),
        ..Document::default()
    })
    .events;
    let [event] = &events[..] else { panic!("one event, not {events:?}") };
    assert_eq!(event.kind, crate::parser::Kind::BorderClosure);
    assert!(event.evidence.in_title);
    assert_eq!((event.evidence.start, event.evidence.end), (0, 42));
}

#[test]
fn offsets_are_code_points_and_give_the_sentence_back() {
    let text = "Über alles – “no”.\n\u{1f6a2} Été. At least 30 migrants drowned off Crete. Fin.";
    let events = of(Document { text: text.into(), ..Document::default() }).events;
    let [event] = &events[..] else { panic!("one event, not {events:?}") };
    let evidence = &event.evidence;
    let cut: String =
        text.chars().skip(evidence.start).take(evidence.end - evidence.start).collect();
    assert_eq!(cut, evidence.sentence);
    assert_eq!(cut, "At least 30 migrants drowned off Crete.");
    assert_eq!(evidence.trigger, "drowned");
}

#[test]
fn another_language_gives_no_events_and_says_so() {
    for (language, text) in [
        (Some("pl"), "Straż Graniczna zatrzymała 30 migrantów na granicy z Białorusią."),
        (
            Some("en"),
            "In der Nacht zum Dienstag haben rund dreihundert Menschen die Grenze nach Ungarn überquert.",
        ),
        (
            None,
            "La policía detuvo el lunes a treinta migrantes cerca de la frontera con Marruecos, según \
             informó el ministerio del Interior, que anunció nuevas medidas para la zona de Ceuta.",
        ),
    ] {
        let extraction = of(Document {
            text: text.into(),
            language: language.map(Into::into),
            ..Document::default()
        });
        assert_eq!(extraction.events, [], "{text}");
        assert_eq!(extraction.doubts.len(), 1);
        assert_eq!(extraction.doubts[0].code, "language-unknown");
    }
}

#[test]
fn what_is_about_no_border_gives_nothing() {
    for text in [
        "The striker arrived in London on Monday to join his new club after a transfer from Spain.",
        "The two companies agreed on a cross-border merger worth 3 billion euros on Tuesday.",
        "Thousands of workers protested in Paris on Saturday against low wages.",
        "Police arrested three men in Berlin over the theft of a car.",
        "The border collie crossed the finish line first in the dog show.",
        "A fire killed three people in a hotel in Rome on Monday.",
    ] {
        let events = of(Document { text: text.into(), ..Document::default() }).events;
        assert!(events.is_empty(), "{text}: {:?}", events.iter().map(shown).collect::<Vec<_>>());
    }
}

#[test]
fn a_text_beyond_the_limit_is_cut_with_a_doubt() {
    let sentence = "Poland closed its border with Belarus on Monday. ";
    let text = sentence.repeat(TEXT_BYTES_MAX / sentence.len() + 10);
    let extraction = of(Document { text, ..Document::default() });
    assert_eq!(extraction.doubts[0].code, "text-too-long");
    assert!(extraction.events.len() > 1_000);
}

#[test]
fn the_same_text_gives_the_same_events() {
    let text = "Turkey and Greece accused each other on Monday. Migrants from Syria, Iraq and Iran were \
                pushed back at the border, aid groups said. The police denied it.";
    let first = of(Document { text: text.into(), ..Document::default() });
    assert!(!first.events.is_empty());
    for _ in 0..3 {
        assert_eq!(of(Document { text: text.into(), ..Document::default() }), first);
    }
}

#[test]
fn every_filled_slot_has_one_reason_in_the_order_of_slots() {
    let parser = Parser::embedded();
    for frame in &parser.coder.codebook.frames {
        for example in &frame.examples {
            let extraction = extract(&parser, &example.text);
            assert_eq!(extraction.events.len(), extraction.reasons.len(), "{}", example.text);
            for (event, reasons) in extraction.events.iter().zip(&extraction.reasons) {
                let filled = [
                    ("kind", true),
                    ("actor", event.actor.is_some()),
                    ("recipient", event.recipient.is_some()),
                    ("countries", !event.countries.is_empty()),
                    ("place", event.place.is_some()),
                    ("point", event.point.is_some()),
                    ("date", event.date.is_some()),
                    ("quantity", event.quantity.is_some()),
                    ("status", true),
                    ("attribution", event.attribution.is_some()),
                    ("confidence", true),
                ];
                let want: Vec<_> =
                    filled.iter().filter(|(_, is)| *is).map(|(slot, _)| *slot).collect();
                let have: Vec<_> = reasons.iter().map(|reason| reason.slot).collect();
                assert_eq!(have, want, "{}", example.text);
                for reason in reasons {
                    assert!(!reason.rule.is_empty(), "{reason:?}");
                    let said = |span: &std::ops::Range<usize>| -> String {
                        example.text.chars().take(span.end).skip(span.start).collect()
                    };
                    let said: Vec<String> = reason.spans.iter().map(said).collect();
                    assert_eq!(said.join(" "), reason.words, "{}", example.text);
                }
            }
        }
    }
}

#[test]
fn reasons_name_the_rule_and_the_words() {
    let text = "Polish officials said that border guards had detained 32 migrants near Kuźnica on \
                Sunday.";
    let extraction = extract(&Parser::embedded(), text);
    let at =
        extraction.events.iter().position(|event| event.kind == crate::parser::Kind::Detention);
    let reasons = &extraction.reasons[at.unwrap()];
    let told: Vec<_> = reasons.iter().map(|r| format!("{} [{}]", r.slot, r.words)).collect();
    let want = [
        "kind [detained]",
        "actor [border guards]",
        "recipient [32 migrants]",
        "countries [Kuźnica]",
        "place [Kuźnica]",
        "point [Kuźnica]",
        "date [on Sunday]",
        "quantity [32 migrants]",
        "status []",
        "attribution [Polish officials]",
        "confidence []",
    ];
    assert_eq!(told, want, "{reasons:#?}");
}
