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
    pub(super) fn portable(&self, rows: Rows<'_>) {
        let outs = rows.out.chunks_exact_mut(self.outputs());
        for (row, (step, out)) in rows.steps.iter().zip(outs).enumerate() {
            let inputs = &rows.inputs[row * rows.stride..].as_chunks::<GROUP>().0[..self.groups];
            for (block, out) in out.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
                let mut sums = [0; LANES];
                for (input, Block(weights)) in inputs.iter().zip(self.weights(block)) {
                    for (sum, weights) in sums.iter_mut().zip(weights.as_chunks::<GROUP>().0) {
                        for (input, weight) in input.iter().zip(weights) {
                            *sum += i32::from(*input) * i32::from(*weight);
                        }
                    }
                }
                let Lanes { offsets, steps, bias } = &self.lanes[block];
                for lane in 0..LANES {
                    let exact = (sums[lane] - offsets[lane]) as f32;
                    out[lane] = exact * (step * steps[lane]) + bias[lane];
                }
            }
        }
    }
}
