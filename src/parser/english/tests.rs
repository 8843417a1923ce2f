//! The model against spaCy's own output, and against sentences of our own.

use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::parser::chance::{PIECES, Random};
use crate::parser::syntax::Label;

/// Returns a reference file of the model, unpacked; `None` where this machine has none.
///
/// # Panics
/// Where it is missing and `BORDERWIRE_CI` says that it must be there.
fn reference(test: &str, name: &str) -> Option<String> {
    let shared = std::env::var_os("BORDERWIRE_SHARED").unwrap_or_else(|| "../shared".into());
    let path: PathBuf = Path::new(&shared).join("model").join(name);
    if let Ok(packed) = fs::read(&path) {
        return Some(String::from_utf8(zstd::decode_all(&packed[..]).unwrap()).unwrap());
    }
    assert!(std::env::var_os("BORDERWIRE_CI").is_none(), "{test} needs {}", path.display());
    #[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
    {
        eprintln!("skipped: {test}: needs {}", path.display());
    }
    None
}

/// Prints a line for `docs/figures.md`.
#[expect(clippy::print_stderr, reason = "a figure is there to be read")]
fn figure(line: &str) {
    eprintln!("{line}");
}

/// Part of a whole, in percent.
#[derive(Default)]
struct Share {
    right: usize,
    all: usize,
}

impl Share {
    fn count(&mut self, right: bool) {
        self.right += usize::from(right);
        self.all += 1;
    }

    fn percent(&self) -> f64 {
        100.0 * self.right as f64 / self.all as f64
    }
}

#[test]
fn words_are_those_of_spacy() {
    let Some(reference) = reference("words_are_those_of_spacy", "tok.ref.zst") else { return };
    let english = English::embedded();
    let (mut words, mut norms) = (Share::default(), Share::default());
    for line in reference.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let text = fields[0];
        let mut pieces = Vec::new();
        english.tokenizer.run(text, 0..text.len(), &mut pieces);
        let mut at = 0;
        for (word, norm) in fields[1].split('\u{2}').zip(fields[2].split('\u{2}')) {
            if word.trim().is_empty() {
                continue;
            }
            let start = at + text[at..].find(word).unwrap();
            at = start + word.len();
            let found = pieces.iter().find(|piece| piece.range == (start..at));
            words.count(found.is_some());
            if let Some(found) = found {
                let own = found.norm.or_else(|| english.tokenizer.norm(word));
                let own = own.map_or_else(|| word.to_lowercase(), str::to_owned);
                norms.count(own == norm);
                if own != norm {
                    println!("norm of {word}: {own}, spaCy: {norm}");
                }
            } else {
                println!("not cut: {word} in {text}");
            }
        }
    }
    figure(&format!(
        "words as spaCy's {:.3} %, norms {:.3} % of {}",
        words.percent(),
        norms.percent(),
        words.all
    ));
    assert!(words.percent() >= 99.9);
    assert!(norms.percent() >= 99.9);
}

#[test]
fn tags_heads_and_names_are_those_of_spacy() {
    let name = "tags_heads_and_names_are_those_of_spacy";
    let Some(reference) = reference(name, "pud.ref.zst") else { return };
    let english = English::embedded();
    let mut scratch = Scratch::default();
    let [mut tags, mut heads, mut labels, mut names] = [const { Share { right: 0, all: 0 } }; 4];
    for block in reference.split("\n\n") {
        let rows: Vec<Vec<&str>> = block.lines().map(|line| line.split('\t').collect()).collect();
        let (text, pieces) = given(&rows);
        let sentence = english.parse_pieces(&text, &pieces, &mut scratch, Entities::Find);
        let mut marks = vec!["O".to_owned(); rows.len()];
        for named in &sentence.entities {
            for at in named.tokens.clone() {
                let place = if at == named.tokens.start { "B" } else { "I" };
                marks[at] = format!("{place}-{}", named.entity.name());
            }
        }
        for (at, row) in rows.iter().enumerate() {
            let token = &sentence.tokens[at];
            tags.count(token.tag.name() == row[3]);
            let same_head = token.head.to_string() == row[4];
            heads.count(same_head);
            labels.count(same_head && token.label.name() == row[5]);
            if marks[at] != "O" || row[6] != "O" {
                names.count(marks[at] == row[6]);
            }
        }
    }
    figure(&format!(
        "as spaCy's: tags {:.3} %, heads {:.3} %, with labels {:.3} %, names {:.3} % of {} words",
        tags.percent(),
        heads.percent(),
        labels.percent(),
        names.percent(),
        tags.all
    ));
    assert!(tags.percent() >= 99.9 && heads.percent() >= 99.6 && names.percent() >= 99.0);
}

/// Returns the text and its words as the reference cuts them.
fn given(rows: &[Vec<&str>]) -> (String, Vec<Piece>) {
    let mut text = String::new();
    let mut pieces = Vec::new();
    for row in rows {
        let start = text.len();
        text.push_str(row[0]);
        let norm: &'static str = Box::leak(row[1].to_owned().into_boxed_str());
        let space = row[2] == "1";
        let after = if space { tokenizer::After::Space } else { tokenizer::After::Word };
        pieces.push(Piece { range: start..text.len(), norm: Some(norm), after });
        if space {
            text.push(' ');
        }
    }
    (text, pieces)
}

#[test]
fn every_way_to_compute_gives_the_same_bits() {
    const SEED: u64 = 24_112_026;
    let mut random = Random(SEED);
    let texts: Vec<String> = (0..60).map(|_| random.text(PIECES, 60)).collect();
    let own = "Border guards shot at two men who fled; 1,300 people crossed the Channel on Monday.";
    let mut first = None;
    for path in kernel::Path::available() {
        let english = English::on(path);
        let mut scratch = Scratch::default();
        let mut all = Vec::new();
        for text in texts.iter().map(String::as_str).chain([own]) {
            let sentence = english.parse(text, 0..text.len(), &mut scratch, Entities::Find);
            let bits = scratch.buffers.vectors().iter().map(|value| value.to_bits());
            all.push((sentence, bits.collect::<Vec<u32>>(), scratch.scores.clone()));
        }
        let (name, first) = (path.name(), first.get_or_insert_with(|| all.clone()));
        assert!(*first == all, "{name}, seed {SEED}");
    }
}

#[test]
fn a_sentence_is_parsed() {
    let english = English::embedded();
    let text = "  Border guards\nshot at two men who fled.";
    let sentence = english.parse(text, 0..text.len(), &mut Scratch::default(), Entities::Find);
    let words: Vec<_> = sentence
        .tokens
        .iter()
        .map(|token| (token.lemma.as_str(), token.tag, token.head, token.label))
        .collect();
    let expected = [
        ("border", Tag::NN, 1, Label::Compound),
        ("guard", Tag::NNS, 2, Label::Nsubj),
        ("shoot", Tag::VBD, 2, Label::Root),
        ("at", Tag::IN, 2, Label::Prep),
        ("two", Tag::CD, 5, Label::Nummod),
        ("man", Tag::NNS, 3, Label::Pobj),
        ("who", Tag::WP, 7, Label::Nsubj),
        ("flee", Tag::VBD, 5, Label::Relcl),
        (".", Tag::Stop, 2, Label::Punct),
    ];
    assert_eq!(words, expected);
}

#[test]
fn words_have_the_base_forms_of_the_news() {
    let english = English::embedded();
    let cases = [
        (Tag::VBD, "fled flee, shot shoot, said say, held hold, left leave, found find, saw see"),
        (Tag::VBD, "killed kill, injured injure, crossed cross, tried try, died die, stopped stop"),
        (Tag::VBN, "detained detain, expelled expel, closed close, sent send, built build"),
        (Tag::VBN, "driven drive, pushed push, seized seize, rescued rescue, arrested arrest"),
        (Tag::VBN, "deported deport, deployed deploy, united unite, beaten beat, shut shut"),
        (Tag::VBN, "smuggled smuggle, trafficked traffic, travelled travel, forced force"),
        (Tag::VBG, "fleeing flee, lying lie, dying die, using use, visiting visit, running run"),
        (Tag::VBG, "closing close, imposing impose, seeing see, agreeing agree, being be"),
        (Tag::VBZ, "says say, flies fly, goes go, passes pass, does do, dies die, uses use"),
        (Tag::VBZ, "has have, 's be, reaches reach, clashes clash, freezes freeze"),
        (Tag::NNS, "refugees refugee, police police, crises crisis, people people, men man"),
        (Tag::NNS, "boats boat, women woman, children child, countries country, lives life"),
        (Tag::NNS, "buses bus, cases case, houses house, bodies body, knives knife, wives wife"),
        (Tag::NNS, "attaches attache, axes axe, series series, headquarters headquarters"),
        (Tag::NNS, "authorities authority, deaths death, clashes clash, crosses cross"),
        (Tag::NNS, "viruses virus, losses loss, bases base, forces force, heroes hero"),
        (Tag::NN, "crossing crossing, meeting meeting, gas gas, crisis crisis, bus bus"),
        (Tag::JJ, "injured injured, missing missing, united united"),
        (Tag::JJR, "larger large, better good, heavier heavy, bigger big, safer safe"),
        (Tag::NNP, "united united, states states"),
        (Tag::PRP, "them them, him him"),
        (Tag::MD, "'ll will, would would"),
        (Tag::RB, "n't not, not not"),
    ];
    for (tag, words) in cases {
        for pair in words.split(", ") {
            let (form, base) = pair.split_once(' ').unwrap();
            assert_eq!(english.lemma(form, tag), base, "{form} as {tag:?}");
        }
    }
}
