//! Scores of a transition system's moves, from the vectors of a few words of its state.

use super::dense::{Dense, Rows};
use super::kernel::Path;
use super::rows::{UNITS, WIDTH};
use super::weights::Reader;

/// Values among which a unit takes the largest.
const PIECES: usize = 2;
/// Numbers that a word adds to the hidden layer in one of its parts.
const SHARE: usize = UNITS * PIECES;

/// What a word adds, in one part.
type Share = [f32; SHARE];

/// A word of the state; `None` where the state has none.
pub(super) type Part = Option<u32>;

/// A network of one hidden layer, whose first part is computed once for each word.
pub(super) struct Scorer {
    reduce: Dense,
    hidden: Dense,
    hidden_bias: Share,
    /// What a missing word adds, in each part.
    missing: Vec<Share>,
    moves: Dense,
}

/// Buffers, and what the words of the sentence add to the hidden layer in each of the parts.
#[derive(Default)]
pub(super) struct Shares {
    bytes: Vec<u8>,
    steps: Vec<f32>,
    reduced: Vec<f32>,
    shares: Vec<f32>,
    scores: Vec<f32>,
}

impl Scorer {
    /// Takes a network of so many parts and moves.
    pub(super) fn read(reader: &mut Reader, parts: usize, moves: usize) -> Self {
        // Stored part by part, unit by unit; computed piece by piece.
        let order = |at: usize| at / SHARE * SHARE + at % UNITS * PIECES + at % SHARE / UNITS;
        let permuted =
            |values: Vec<f32>| (0..values.len()).map(|at| values[order(at)]).collect::<Vec<_>>();
        let hidden = reader.matrix(parts * SHARE, UNITS);
        let hidden_bias = permuted(reader.vector(SHARE)).as_chunks().0[0];
        let missing = permuted(reader.array(parts * SHARE / PIECES, PIECES));
        let missing = missing.as_chunks().0.to_vec();
        let moves_matrix = reader.matrix(moves, UNITS);
        let moves_bias = reader.vector(moves);
        let reduce = reader.matrix(UNITS, WIDTH);
        let reduce_bias = reader.vector(UNITS);
        Self {
            reduce: Dense::new(&reduce, &reduce_bias, |unit| unit),
            hidden: Dense::new(&hidden, &vec![0.0; parts * SHARE], order),
            hidden_bias,
            missing,
            moves: Dense::new(&moves_matrix, &moves_bias, |at| at),
        }
    }

    /// Computes what each word of a sentence adds in each part.
    pub(super) fn prepare(&self, path: Path, vectors: &[f32], buffers: &mut Shares) {
        let Shares { bytes, steps, reduced, shares, .. } = buffers;
        let words = vectors.len() / WIDTH;
        steps.resize(words, 0.0);
        bytes.resize(vectors.len(), 0);
        path.quantize_each(vectors, WIDTH, bytes, steps);
        reduced.resize(words * self.reduce.outputs(), 0.0);
        path.dense(&self.reduce, Rows { inputs: bytes, stride: WIDTH, steps, out: reduced });
        path.quantize_each(reduced, UNITS, bytes, steps);
        shares.resize(words * self.hidden.outputs(), 0.0);
        path.dense(&self.hidden, Rows { inputs: bytes, stride: UNITS, steps, out: shares });
    }

    /// Returns the score of each move, and perhaps some numbers more.
    pub(super) fn score<'s, const PARTS: usize>(
        &self,
        path: Path,
        parts: [Part; PARTS],
        buffers: &'s mut Shares,
    ) -> &'s [f32] {
        let Shares { shares, scores, .. } = buffers;
        let shares = shares.as_chunks::<SHARE>().0;
        let added = std::array::from_fn::<_, PARTS, _>(|part| match parts[part] {
            Some(word) => &shares[word as usize * PARTS + part],
            None => &self.missing[part],
        });
        let mut bytes = [0; UNITS];
        let step = path.quantize_hidden(&self.hidden_bias, &added, &mut bytes);
        scores.resize(self.moves.outputs(), 0.0);
        path.dense(&self.moves, Rows { inputs: &bytes, stride: 0, steps: &[step], out: scores });
        scores
    }
}
