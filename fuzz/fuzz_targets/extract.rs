//! Whatever text a document has: events or none, whose evidence stands in the text.
//!
//! `cargo +nightly fuzz run extract -- -dict=fuzz/extract.dict -max_len=2000 -timeout=60`

#![no_main]

use std::sync::OnceLock;

use borderwire::parser::{Document, Parser};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    static PARSER: OnceLock<Parser> = OnceLock::new();
    let parser = PARSER.get_or_init(Parser::embedded);
    // The first line is the headline, as in many inputs of the corpus.
    let (title, text) = text.split_once('\n').unwrap_or(("Migrants crossed the border", text));
    let document = Document {
        title: Some(title.to_owned()),
        text: text.to_owned(),
        language: Some("en".to_owned()),
        ..Document::default()
    };
    for event in parser.extract(&document).events {
        let evidence = event.evidence;
        let whole = if evidence.in_title { title } else { text };
        let length = evidence.end - evidence.start;
        let sentence: String = whole.chars().skip(evidence.start).take(length).collect();
        assert_eq!(sentence, evidence.sentence);
    }
});
