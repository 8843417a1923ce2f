//! Dense layers in integers: bytes times bytes, summed exactly, scaled once at the end.

use super::rows::{LANES, ZERO};
use super::weights::Matrix;

/// Inputs that are multiplied together.
pub(super) const GROUP: usize = 4;
/// Groups of the widest layer: six features of a word.
pub(super) const GROUPS_MAX: usize = 576 / GROUP;

/// The weights of a group of inputs for [`LANES`] outputs: `[LANES][GROUP]`, in one cache line.
#[derive(Clone)]
#[repr(align(64))]
pub(super) struct Block(pub(super) [i8; LANES * GROUP]);

/// What turns the sums of so many outputs into numbers.
#[derive(Clone, Default)]
pub(super) struct Lanes {
    /// What the offset of [`ZERO`] in the inputs adds to the sum.
    pub(super) offsets: [i32; LANES],
    /// What one step of the weights is worth.
    pub(super) steps: [f32; LANES],
    pub(super) bias: [f32; LANES],
}

/// Rows of quantised inputs, and where their outputs go.
pub(super) struct Rows<'r> {
    /// Row `i` reads its inputs from `stride * i` on.
    pub(super) inputs: &'r [u8],
    pub(super) stride: usize,
    /// For each row, what one step of its inputs is worth.
    pub(super) steps: &'r [f32],
    /// For each row, as many numbers as the layer has outputs.
    pub(super) out: &'r mut [f32],
}

/// A layer `y = W x + b`, with weights and inputs of eight bits.
///
/// Its outputs are padded with zeros to a multiple of [`LANES`].
pub(super) struct Dense {
    groups: usize,
    /// For each of `lanes`, all groups of inputs.
    weights: Vec<Block>,
    lanes: Vec<Lanes>,
}

impl Dense {
    /// Packs a matrix whose rows are outputs. Output `i` is the row `row_of(i)`.
    pub(super) fn new(matrix: &Matrix, bias: &[f32], row_of: impl Fn(usize) -> usize) -> Self {
        let groups = matrix.width() / GROUP;
        assert!(matrix.width().is_multiple_of(GROUP) && groups <= GROUPS_MAX);
        let blocks = matrix.rows().div_ceil(LANES);
        let mut weights = vec![Block([0; LANES * GROUP]); blocks * groups];
        let mut lanes = vec![Lanes::default(); blocks];
        for output in 0..matrix.rows() {
            let (block, lane) = (output / LANES, output % LANES);
            let (row, step) = matrix.row(row_of(output));
            let lanes = &mut lanes[block];
            lanes.steps[lane] = step;
            lanes.bias[lane] = bias[row_of(output)];
            for (input, weight) in row.iter().enumerate() {
                let weight = weight.cast_signed();
                let Block(bytes) = &mut weights[block * groups + input / GROUP];
                bytes[lane * GROUP + input % GROUP] = weight;
                lanes.offsets[lane] += i32::from(ZERO) * i32::from(weight);
            }
        }
        Self { groups, weights, lanes }
    }

    /// Returns how many groups of inputs it has.
    pub(super) fn groups(&self) -> usize {
        self.groups
    }

    /// Returns how many blocks of outputs it has.
    pub(super) fn blocks(&self) -> usize {
        self.lanes.len()
    }

    /// Returns how many numbers a row of its output has.
    pub(super) fn outputs(&self) -> usize {
        self.lanes.len() * LANES
    }

    /// Returns the weights of a block of outputs, for each group of inputs.
    pub(super) fn weights(&self, block: usize) -> &[Block] {
        &self.weights[block * self.groups..][..self.groups]
    }

    pub(super) fn lanes(&self, block: usize) -> &Lanes {
        &self.lanes[block]
    }

    /// Computes rows of outputs on any processor.
    ///
    /// Weights are unpacked once for a few rows, input by input, so that compilers find the vectors.
    pub(super) fn portable(&self, rows: Rows<'_>) {
        /// Rows that are summed side by side.
        const TILE: usize = 4;
        let Rows { inputs, stride, steps, out } = rows;
        let mut wide = [[0i16; LANES]; GROUPS_MAX * GROUP];
        for (block, lanes) in self.lanes.iter().enumerate() {
            for (group, Block(bytes)) in self.weights(block).iter().enumerate() {
                for (lane, weights) in bytes.as_chunks::<GROUP>().0.iter().enumerate() {
                    for (input, weight) in weights.iter().enumerate() {
                        wide[group * GROUP + input][lane] = i16::from(*weight);
                    }
                }
            }
            let wide = &wide[..self.groups * GROUP];
            let row_of = |row: usize| &inputs[row * stride..][..wide.len()];
            let mut store = |row: usize, sums: &[i32; LANES]| {
                let out = &mut out[row * self.outputs() + block * LANES..][..LANES];
                for (lane, out) in out.iter_mut().enumerate() {
                    let exact = (sums[lane] - lanes.offsets[lane]) as f32;
                    *out = exact * (steps[row] * lanes.steps[lane]) + lanes.bias[lane];
                }
            };
            let mut first = 0;
            while first + TILE <= steps.len() {
                let inputs: [&[u8]; TILE] = std::array::from_fn(|row| row_of(first + row));
                let sums = sums(wide, inputs);
                for (row, sums) in sums.iter().enumerate() {
                    store(first + row, sums);
                }
                first += TILE;
            }
            for row in first..steps.len() {
                store(row, &sums(wide, [row_of(row)])[0]);
            }
        }
    }
}

/// Returns for each row the sums over its inputs, exactly.
fn sums<const ROWS: usize>(
    weights: &[[i16; LANES]],
    inputs: [&[u8]; ROWS],
) -> [[i32; LANES]; ROWS] {
    let mut sums = [[0; LANES]; ROWS];
    for (at, weights) in weights.iter().enumerate() {
        for (sums, inputs) in sums.iter_mut().zip(&inputs) {
            let input = i16::from(inputs[at]);
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += i32::from(input) * i32::from(*weight);
            }
        }
    }
    sums
}
