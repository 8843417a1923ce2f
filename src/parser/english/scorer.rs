//! Scores of a transition system's moves, from the vectors of a few words of its state.

use super::dense::{Dense, largest, quantize};
use super::vectors::WIDTH;
use super::weights::Reader;

/// Hidden units.
const UNITS: usize = 64;
/// Values among which a unit takes the largest.
const PIECES: usize = 2;
/// Numbers that a word adds to the hidden layer in one of its parts.
const SHARE: usize = UNITS * PIECES;

/// A word of the state; `None` where the state has none.
pub(super) type Part = Option<u32>;

/// A network of one hidden layer, whose first part is computed once for each word.
pub(super) struct Scorer {
    reduce: Dense,
    hidden: Dense,
    hidden_bias: Vec<f32>,
    /// What a missing word adds, in each part.
    missing: Vec<f32>,
    moves: Dense,
    parts: usize,
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
        let hidden_bias = permuted(reader.vector(SHARE));
        let missing = if parts * SHARE > Reader::VECTOR_MAX {
            let pairs = reader.matrix(parts * SHARE / PIECES, PIECES);
            let value = |at: usize| {
                let (bytes, step) = pairs.row(at / PIECES);
                f32::from(bytes[at % PIECES].cast_signed()) * step
            };
            (0..parts * SHARE).map(value).collect()
        } else {
            reader.vector(parts * SHARE)
        };
        let upper = reader.matrix(moves, UNITS);
        let upper_bias = reader.vector(moves);
        let reduce = reader.matrix(UNITS, WIDTH);
        let reduce_bias = reader.vector(UNITS);
        Self {
            reduce: Dense::new(&reduce, &reduce_bias, |unit| unit),
            hidden: Dense::new(&hidden, &vec![0.0; parts * SHARE], order),
            hidden_bias,
            missing: permuted(missing),
            moves: Dense::new(&upper, &upper_bias, |at| at),
            parts,
        }
    }

    /// Computes what each word of a sentence adds in each part.
    pub(super) fn prepare(&self, vectors: &[f32], shares: &mut Shares) {
        let Shares { bytes, steps, reduced, shares, .. } = shares;
        quantize_rows(vectors, WIDTH, bytes, steps);
        self.reduce.apply(bytes, WIDTH, steps, reduced);
        quantize_rows(reduced, UNITS, bytes, steps);
        self.hidden.apply(bytes, UNITS, steps, shares);
    }

    /// Returns the score of each move, and perhaps some numbers more.
    pub(super) fn score<'s>(&self, parts: &[Part], shares: &'s mut Shares) -> &'s [f32] {
        let mut sums = [0.0; SHARE];
        sums.copy_from_slice(&self.hidden_bias);
        for (part, word) in parts.iter().enumerate() {
            let share = match word {
                Some(word) => &shares.shares[(*word as usize * self.parts + part) * SHARE..],
                None => &self.missing[part * SHARE..],
            };
            for (sum, value) in sums.iter_mut().zip(&share[..SHARE]) {
                *sum += value;
            }
        }
        let (first, second) = sums.split_at(UNITS);
        let mut units = [0.0; UNITS];
        for (unit, (a, b)) in units.iter_mut().zip(first.iter().zip(second)) {
            *unit = if a > b { *a } else { *b };
        }
        let mut bytes = [0; UNITS];
        let step = quantize(&units, largest(&units), &mut bytes);
        self.moves.apply(&bytes, 0, &[step], &mut shares.scores);
        &shares.scores
    }
}

/// Quantises rows of so many values, each row with its own step.
pub(super) fn quantize_rows(
    values: &[f32],
    width: usize,
    bytes: &mut Vec<u8>,
    steps: &mut Vec<f32>,
) {
    bytes.resize(values.len(), 0);
    let rows = values.chunks_exact(width).zip(bytes.chunks_exact_mut(width));
    steps.clear();
    steps.extend(rows.map(|(values, bytes)| quantize(values, largest(values), bytes)));
}
