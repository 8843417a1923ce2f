//! From words to vectors: hashed embeddings, then four layers that each look one word to both sides.

use super::dense::{Dense, ZERO, largest, quantize};
use super::hash;
use super::weights::{Matrix, Reader};

/// Numbers of a vector.
pub(super) const WIDTH: usize = 96;
/// Values among which a unit takes the largest.
const PIECES: usize = 3;
/// Layers over neighbours.
const DEPTH: usize = 4;
/// Rows of padding at each side that layers read: what reaches a word from outside.
const MARGIN: usize = DEPTH - 1;
/// The seed of the first feature's hashes; each next one has the next.
const SEED: u32 = 8;

/// What is known of a word: ids of norm, prefix, suffix and shape, space after, is space.
pub(super) type Features = [u64; 6];

/// Buffers, and at the end of it the vectors.
#[derive(Default)]
pub(super) struct Buffers {
    /// Rows of [`WIDTH`]: the margin, the words, the margin.
    rows: Vec<f32>,
    bytes: Vec<u8>,
    steps: Vec<f32>,
    pieces: Vec<f32>,
    embedded: Vec<f32>,
}

impl Buffers {
    /// Returns the vectors of the words, one after the other.
    pub(super) fn vectors(&self) -> &[f32] {
        &self.rows[MARGIN * WIDTH..self.rows.len() - MARGIN * WIDTH]
    }
}

/// Vectors of words as such, by the number that the caller gave them.
#[derive(Default)]
pub(super) struct Known {
    /// For each number, which vector; [`Known::ABSENT`] where it was not computed yet.
    slots: Vec<u32>,
    vectors: Vec<f32>,
}

impl Known {
    const ABSENT: u32 = u32::MAX;

    pub(super) fn clear(&mut self) {
        self.slots.clear();
        self.vectors.clear();
    }
}

/// A network that gives each word of a sentence its vector.
pub(super) struct Vectors {
    /// One for each feature.
    tables: Vec<Matrix>,
    mix: Maxout,
    layers: Vec<Maxout>,
    /// What the first layer gives where there is nothing but padding.
    outside: Vec<f32>,
}

impl Vectors {
    /// Takes a network with so many rows for each feature.
    pub(super) fn read(reader: &mut Reader, rows: &[usize]) -> Self {
        let tables: Vec<_> = rows.iter().map(|rows| reader.matrix(*rows, WIDTH)).collect();
        let mix = Maxout::read(reader, rows.len() * WIDTH);
        let layers: Vec<_> = (0..DEPTH).map(|_| Maxout::read(reader, 3 * WIDTH)).collect();
        let mut pieces = Vec::new();
        layers[0].dense.apply(&[ZERO; 3 * WIDTH], 0, &[0.0], &mut pieces);
        let mut outside = vec![0.0; WIDTH];
        layers[0].finish(&pieces, &mut outside);
        Self { tables, mix, layers, outside }
    }

    /// Computes the vectors of the words of a sentence; `words` are numbers of `features`.
    pub(super) fn run(
        &self,
        words: &[u32],
        features: &[Features],
        known: &mut Known,
        buffers: &mut Buffers,
    ) {
        buffers.rows.clear();
        buffers.rows.resize((words.len() + 2 * MARGIN) * WIDTH, 0.0);
        known.slots.resize(features.len(), Known::ABSENT);
        for (at, word) in words.iter().enumerate() {
            let slot = &mut known.slots[*word as usize];
            if *slot == Known::ABSENT {
                *slot = (known.vectors.len() / WIDTH) as u32;
                let features = &features[*word as usize];
                self.embed(features, buffers, &mut known.vectors);
            }
            let vector = &known.vectors[*slot as usize * WIDTH..][..WIDTH];
            buffers.rows[(MARGIN + at) * WIDTH..][..WIDTH].copy_from_slice(vector);
        }
        for (depth, layer) in self.layers.iter().enumerate() {
            // Rows at the edge are computed as far as the layers above still read them; what the
            // first layer gives beyond the words' reach is always the same.
            let margin = if depth == 0 { 1 } else { DEPTH - 1 - depth };
            let first = MARGIN - margin;
            layer.widen(first, buffers);
            if depth == 0 {
                let length = buffers.rows.len();
                for at in 0..first {
                    buffers.rows[at * WIDTH..][..WIDTH].copy_from_slice(&self.outside);
                    let end = length - (at + 1) * WIDTH;
                    buffers.rows[end..][..WIDTH].copy_from_slice(&self.outside);
                }
            }
        }
    }

    /// Appends the vector of a word as such.
    fn embed(&self, features: &Features, buffers: &mut Buffers, vectors: &mut Vec<f32>) {
        let sums = &mut buffers.embedded;
        sums.clear();
        sums.resize(self.tables.len() * WIDTH, 0.0);
        for (feature, table) in self.tables.iter().enumerate() {
            let sum = &mut sums[feature * WIDTH..][..WIDTH];
            for hash in hash::rows(features[feature], SEED + feature as u32) {
                let (bytes, step) = table.row(hash as usize % table.rows());
                for (value, byte) in sum.iter_mut().zip(bytes) {
                    *value += f32::from(byte.cast_signed()) * step;
                }
            }
        }
        buffers.bytes.resize(sums.len(), 0);
        let step = quantize(sums, largest(sums), &mut buffers.bytes);
        self.mix.dense.apply(&buffers.bytes, 0, &[step], &mut buffers.pieces);
        let end = vectors.len();
        vectors.resize(end + WIDTH, 0.0);
        self.mix.finish(&buffers.pieces, &mut vectors[end..]);
    }
}

/// A dense layer whose units take the largest of three values, normalised to mean 0, variance 1.
struct Maxout {
    dense: Dense,
    gain: Vec<f32>,
    shift: Vec<f32>,
}

impl Maxout {
    fn read(reader: &mut Reader, inputs: usize) -> Self {
        let matrix = reader.matrix(WIDTH * PIECES, inputs);
        let bias = reader.vector(WIDTH * PIECES);
        // Stored unit by unit; computed piece by piece.
        let row_of = |output| output % WIDTH * PIECES + output / WIDTH;
        let dense = Dense::new(&matrix, &bias, row_of);
        Self { dense, gain: reader.vector(WIDTH), shift: reader.vector(WIDTH) }
    }

    /// Adds to each row what the layer makes of it and its two neighbours.
    ///
    /// So many rows at both ends only serve as neighbours.
    fn widen(&self, first: usize, buffers: &mut Buffers) {
        let rows = buffers.rows.len() / WIDTH - 2 * first;
        buffers.bytes.resize(buffers.rows.len(), 0);
        let most = largest(&buffers.rows);
        let step = quantize(&buffers.rows, most, &mut buffers.bytes);
        buffers.steps.clear();
        buffers.steps.resize(rows, step);
        let inputs = &buffers.bytes[(first - 1) * WIDTH..];
        self.dense.apply(inputs, WIDTH, &buffers.steps, &mut buffers.pieces);
        let pieces = buffers.pieces.chunks_exact(PIECES * WIDTH);
        let mut made = [0.0; WIDTH];
        for (row, pieces) in buffers.rows[first * WIDTH..].chunks_exact_mut(WIDTH).zip(pieces) {
            self.finish(pieces, &mut made);
            for (value, made) in row.iter_mut().zip(made) {
                *value += made;
            }
        }
    }

    fn finish(&self, pieces: &[f32], out: &mut [f32]) {
        let larger = |a: f32, b: f32| if a > b { a } else { b };
        for (at, value) in out.iter_mut().enumerate() {
            *value = larger(larger(pieces[at], pieces[WIDTH + at]), pieces[2 * WIDTH + at]);
        }
        let mean = sum(out.iter().copied()) / WIDTH as f32;
        let variance = sum(out.iter().map(|value| (value - mean) * (value - mean))) / WIDTH as f32;
        let scale = 1.0 / (variance + 1e-8).sqrt();
        for (at, value) in out.iter_mut().enumerate() {
            *value = (*value - mean) * scale * self.gain[at] + self.shift[at];
        }
    }
}

/// Adds up in an order that does not depend on the width of vector registers.
fn sum(values: impl Iterator<Item = f32>) -> f32 {
    let mut lanes = [0.0; 16];
    for (at, value) in values.enumerate() {
        lanes[at % 16] += value;
    }
    lanes.into_iter().sum()
}
