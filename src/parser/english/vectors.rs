//! From words to vectors: hashed embeddings, then four layers that each look one word to both sides.

use super::dense::{Dense, Rows};
use super::hash;
use super::kernel::Path;
use super::rows::{PIECES, WIDTH, ZERO};
use super::weights::{Matrix, Reader};

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
    /// Words whose vectors are not known yet.
    unknown: Vec<u32>,
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
    outside: [f32; WIDTH],
}

impl Vectors {
    /// Takes a network with so many rows for each feature.
    pub(super) fn read(reader: &mut Reader, rows: &[usize]) -> Self {
        let tables: Vec<_> = rows.iter().map(|rows| reader.matrix(*rows, WIDTH)).collect();
        let mix = Maxout::read(reader, rows.len() * WIDTH);
        let layers: Vec<_> = (0..DEPTH).map(|_| Maxout::read(reader, 3 * WIDTH)).collect();
        let mut outside = [0.0; WIDTH];
        let padding = Quantized { bytes: &[ZERO; 3 * WIDTH], stride: 0, steps: &[0.0] };
        layers[0].add(Path::fastest(), padding, &mut Vec::new(), &mut outside);
        Self { tables, mix, layers, outside }
    }

    /// Computes the vectors of the words of a sentence; `words` are numbers of `features`.
    pub(super) fn run(
        &self,
        path: Path,
        words: &[u32],
        features: &[Features],
        known: &mut Known,
        buffers: &mut Buffers,
    ) {
        self.learn(path, words, features, known, buffers);
        buffers.rows.clear();
        buffers.rows.resize(MARGIN * WIDTH, 0.0);
        for word in words {
            let slot = known.slots[*word as usize] as usize;
            buffers.rows.extend_from_slice(&known.vectors[slot * WIDTH..][..WIDTH]);
        }
        buffers.rows.resize(buffers.rows.len() + MARGIN * WIDTH, 0.0);
        for (depth, layer) in self.layers.iter().enumerate() {
            // Rows at the edge are computed as far as the layers above still read them; what the
            // first layer gives beyond the words' reach is always the same.
            let margin = if depth == 0 { 1 } else { DEPTH - 1 - depth };
            let first = MARGIN - margin;
            layer.widen(path, first, buffers);
            if depth == 0 {
                let end = buffers.rows.len() - first * WIDTH;
                let (front, back) = buffers.rows.split_at_mut(end);
                for row in front[..first * WIDTH].as_chunks_mut().0 {
                    *row = self.outside;
                }
                for row in back.as_chunks_mut().0 {
                    *row = self.outside;
                }
            }
        }
    }

    /// Computes the vectors of the words as such that are not known yet.
    fn learn(
        &self,
        path: Path,
        words: &[u32],
        features: &[Features],
        known: &mut Known,
        buffers: &mut Buffers,
    ) {
        known.slots.resize(features.len(), Known::ABSENT);
        let Buffers { bytes, steps, pieces, embedded, unknown, .. } = buffers;
        let mut count = known.vectors.len() / WIDTH;
        unknown.clear();
        for word in words {
            let slot = &mut known.slots[*word as usize];
            if *slot == Known::ABSENT {
                *slot = count as u32;
                count += 1;
                unknown.push(*word);
            }
        }
        if unknown.is_empty() {
            return;
        }
        let width = self.tables.len() * WIDTH;
        embedded.clear();
        embedded.resize(unknown.len() * width, 0.0);
        for (word, row) in unknown.iter().zip(embedded.chunks_exact_mut(width)) {
            let sums = row.as_chunks_mut::<WIDTH>().0.iter_mut();
            for ((feature, table), sum) in self.tables.iter().enumerate().zip(sums) {
                let id = features[*word as usize][feature];
                for hash in hash::rows(id, SEED + feature as u32) {
                    let (bytes, step) = table.row(hash as usize % table.rows());
                    path.add_scaled(bytes, step, sum);
                }
            }
        }
        bytes.resize(embedded.len(), 0);
        steps.resize(unknown.len(), 0.0);
        path.quantize_each(embedded, width, bytes, steps);
        let start = known.vectors.len();
        known.vectors.resize(count * WIDTH, 0.0);
        let inputs = Quantized { bytes, stride: width, steps };
        self.mix.add(path, inputs, pieces, &mut known.vectors[start..]);
    }
}

/// Rows of inputs of a layer.
struct Quantized<'q> {
    bytes: &'q [u8],
    stride: usize,
    steps: &'q [f32],
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
    fn widen(&self, path: Path, first: usize, buffers: &mut Buffers) {
        let Buffers { rows, bytes, steps, pieces, .. } = buffers;
        bytes.resize(rows.len(), 0);
        let step = path.quantize_all(rows, bytes);
        steps.clear();
        steps.resize(rows.len() / WIDTH - 2 * first, step);
        let inputs = Quantized { bytes: &bytes[(first - 1) * WIDTH..], stride: WIDTH, steps };
        let end = rows.len() - first * WIDTH;
        self.add(path, inputs, pieces, &mut rows[first * WIDTH..end]);
    }

    /// Adds what the layer makes of its inputs to rows.
    fn add(&self, path: Path, inputs: Quantized<'_>, pieces: &mut Vec<f32>, rows: &mut [f32]) {
        let Quantized { bytes, stride, steps } = inputs;
        pieces.resize(steps.len() * self.dense.outputs(), 0.0);
        path.dense(&self.dense, Rows { inputs: bytes, stride, steps, out: pieces });
        path.add_maxout(pieces, &self.gain, &self.shift, rows);
    }
}
