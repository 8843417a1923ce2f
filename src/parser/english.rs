//! English sentences: words, parts of speech, heads and names, by spaCy's small model in integers.
//!
//! The network and its weights are those of `en_core_web_sm` 3.8 (`model/README.md`); the inference
//! is ours and agrees with spaCy's on all but a few words in a thousand.

mod affix;
mod arcs;
mod dense;
mod hash;
mod kernel;
mod lemma;
mod names;
mod rows;
mod scorer;
#[cfg(test)]
mod tests;
mod tokenizer;
mod vectors;
mod weights;
mod words;

use std::borrow::Cow;
use std::ops::Range;

use self::arcs::Arcs;
use self::dense::{Dense, Rows};
use self::kernel::Path;
use self::lemma::Lemmas;
use self::names::Names;
use self::rows::WIDTH;
use self::scorer::Shares;
use self::tokenizer::{Piece, Tokenizer};
use self::vectors::{Buffers, Known, Vectors};
use self::weights::Reader;
use self::words::Words;
use super::syntax::{Label, Named, Sentence, Tag, Token};

/// The model's tags, the parser's moves and the recognizer's moves, a line each.
static LABELS: &str = include_str!("english/model/labels.tsv");

/// Rows of the embedding tables: norm, prefix, suffix, shape; space after, is space.
const ROWS: [usize; 6] = [5000, 1000, 2500, 2500, 50, 50];

/// Whether names are looked for, which takes as long as all the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::parser) enum Entities {
    #[cfg_attr(not(test), allow(dead_code, reason = "no rule of the coder asks for names yet"))]
    Find,
    Skip,
}

/// The model: immutable, shared by all threads.
pub(in crate::parser) struct English {
    path: Path,
    tokenizer: Tokenizer,
    lemmas: Lemmas,
    vectors: Vectors,
    tagger: Dense,
    tags: Vec<Tag>,
    arcs: Arcs,
    name_vectors: Vectors,
    names: Names,
}

/// Buffers and what is known of words seen before; one for each thread.
///
/// What comes out does not depend on what it was used for before.
#[derive(Default)]
pub(in crate::parser) struct Scratch {
    pieces: Vec<Piece>,
    words: Words,
    known: Known,
    known_names: Known,
    numbers: Vec<u32>,
    buffers: Buffers,
    shares: Shares,
    bytes: Vec<u8>,
    steps: Vec<f32>,
    scores: Vec<f32>,
}

impl Scratch {
    /// Forgets all words when they are too many to be kept.
    fn make_room(&mut self) {
        if self.words.is_full() {
            self.words.clear();
            self.known.clear();
            self.known_names.clear();
        }
    }
}

impl English {
    /// Builds the model out of the weights in the program.
    pub(in crate::parser) fn embedded() -> Self {
        Self::on(Path::fastest())
    }

    /// Builds the model for each of the ways to compute that this processor has, the slowest first;
    /// with their names.
    #[allow(dead_code, reason = "the bench compares them")]
    pub(in crate::parser) fn each() -> Vec<(&'static str, Self)> {
        Path::available().into_iter().map(|path| (path.name(), Self::on(path))).collect()
    }

    /// Builds the model, to be computed in a way that this processor has.
    fn on(path: Path) -> Self {
        let mut labels = LABELS.lines();
        let tags = labels.next().unwrap_or_default().split('\t');
        let tags: Vec<_> =
            tags.map(|name| Tag::named(name).expect("the model's tags are known")).collect();
        let mut reader = Reader::embedded();
        let vectors = Vectors::read(&mut reader, &ROWS);
        let matrix = reader.matrix(tags.len(), WIDTH);
        let tagger = Dense::new(&matrix, &reader.vector(tags.len()), |tag| tag);
        let arcs = Arcs::read(&mut reader, labels.next().unwrap_or_default());
        let name_vectors = Vectors::read(&mut reader, &ROWS[..4]);
        let names = Names::read(&mut reader, labels.next().unwrap_or_default());
        debug_assert!(reader.is_empty());
        let (tokenizer, lemmas) = (Tokenizer::embedded(), Lemmas::embedded());
        Self { path, tokenizer, lemmas, vectors, tagger, tags, arcs, name_vectors, names }
    }

    /// Returns a part of the text as tokens alone, in a hundredth of the time of a parse: no word has a
    /// tag, each stands as it is written and hangs on nothing.
    pub(in crate::parser) fn tokens<'t>(
        &self,
        text: &'t str,
        range: Range<usize>,
        scratch: &mut Scratch,
    ) -> Sentence<'t> {
        let mut pieces = std::mem::take(&mut scratch.pieces);
        pieces.clear();
        self.tokenizer.run(text, range, &mut pieces);
        scratch.make_room();
        let mut tokens = Vec::with_capacity(pieces.len());
        for (at, piece) in pieces.iter().enumerate() {
            let number = scratch.words.number(text, piece, &self.tokenizer);
            let lower = scratch.words.lower(number).to_owned();
            tokens.push(Token {
                text: &text[piece.range.clone()],
                start: piece.range.start,
                lemma: lower.clone(),
                lower,
                tag: Tag::XX,
                head: at,
                label: Label::Dep,
            });
        }
        scratch.pieces = pieces;
        Sentence::new(tokens, Vec::new())
    }

    /// Returns a part of the text as one parsed sentence; offsets are of the text.
    pub(in crate::parser) fn parse<'t>(
        &self,
        text: &'t str,
        range: Range<usize>,
        scratch: &mut Scratch,
        entities: Entities,
    ) -> Sentence<'t> {
        let mut pieces = std::mem::take(&mut scratch.pieces);
        pieces.clear();
        self.tokenizer.run(text, range, &mut pieces);
        let sentence = self.parse_pieces(text, &pieces, scratch, entities);
        scratch.pieces = pieces;
        sentence
    }

    /// Returns the base form of a word in lower case that has the tag.
    pub(in crate::parser) fn lemma<'w>(&self, lower: &'w str, tag: Tag) -> Cow<'w, str> {
        self.lemmas.base(lower, tag)
    }

    fn parse_pieces<'t>(
        &self,
        text: &'t str,
        pieces: &[Piece],
        scratch: &mut Scratch,
        entities: Entities,
    ) -> Sentence<'t> {
        if pieces.is_empty() {
            return Sentence::default();
        }
        scratch.make_room();
        scratch.numbers.clear();
        for piece in pieces {
            scratch.numbers.push(scratch.words.number(text, piece, &self.tokenizer));
        }
        let Scratch { words, known, known_names, numbers, buffers, shares, .. } = scratch;
        self.vectors.run(self.path, numbers, words.features(), known, buffers);
        let tree = self.arcs.run(self.path, numbers.len(), buffers.vectors(), shares);
        let tags = self.tag(
            buffers.vectors(),
            &mut scratch.bytes,
            &mut scratch.steps,
            &mut scratch.scores,
        );
        let names = match entities {
            Entities::Find => {
                self.name_vectors.run(self.path, numbers, words.features(), known_names, buffers);
                self.names.run(self.path, numbers.len(), buffers.vectors(), shares)
            }
            Entities::Skip => Vec::<Named>::new(),
        };
        let mut tokens = Vec::with_capacity(pieces.len());
        for (at, piece) in pieces.iter().enumerate() {
            let lower = words.lower(numbers[at]).to_owned();
            let lemma = self.lemma(&lower, tags[at]).into_owned();
            tokens.push(Token {
                text: &text[piece.range.clone()],
                start: piece.range.start,
                lower,
                lemma,
                tag: tags[at],
                head: tree.heads[at] as usize,
                label: tree.labels[at],
            });
        }
        Sentence::new(tokens, names)
    }

    /// Returns the tag of each word whose vectors these are.
    fn tag(
        &self,
        vectors: &[f32],
        bytes: &mut Vec<u8>,
        steps: &mut Vec<f32>,
        scores: &mut Vec<f32>,
    ) -> Vec<Tag> {
        let words = vectors.len() / WIDTH;
        let outputs = self.tagger.outputs();
        bytes.resize(vectors.len(), 0);
        steps.resize(words, 0.0);
        scores.resize(words * outputs, 0.0);
        self.path.quantize_each(vectors, WIDTH, bytes, steps);
        self.path.dense(&self.tagger, Rows { inputs: bytes, stride: WIDTH, steps, out: scores });
        let best = |scores: &[f32]| self.tags[self.path.best(&scores[..self.tags.len()])];
        scores.chunks_exact(outputs).map(best).collect()
    }
}
