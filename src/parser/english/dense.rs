//! Layers of a network in integers: bytes times bytes, summed exactly, scaled once at the end.

use super::weights::Matrix;

/// Outputs that are computed together; a layer's outputs are padded to a multiple of it.
const LANES: usize = 16;
/// Inputs that are multiplied together.
const GROUP: usize = 4;
/// What stands for zero in quantised inputs.
pub(super) const ZERO: u8 = 128;

/// A dense layer: `y = W x + b`, with weights and inputs of eight bits.
pub(super) struct Dense {
    inputs: usize,
    /// Padded.
    outputs: usize,
    /// `[outputs / LANES][inputs / GROUP][LANES][GROUP]`.
    weights: Vec<i8>,
    /// For each output, what the offset of [`ZERO`] adds to its sum.
    offsets: Vec<i32>,
    /// For each output, what one step of its weights is worth.
    steps: Vec<f32>,
    bias: Vec<f32>,
}

impl Dense {
    /// Packs a matrix whose rows are outputs. Output `i` is the row `row_of(i)`.
    pub(super) fn new(matrix: &Matrix, bias: &[f32], row_of: impl Fn(usize) -> usize) -> Self {
        let inputs = matrix.width();
        let outputs = matrix.rows().next_multiple_of(LANES);
        let mut layer = Self {
            inputs,
            outputs,
            weights: vec![0; outputs * inputs],
            offsets: vec![0; outputs],
            steps: vec![0.0; outputs],
            bias: vec![0.0; outputs],
        };
        for output in 0..matrix.rows() {
            let (row, step) = matrix.row(row_of(output));
            layer.steps[output] = step;
            layer.bias[output] = bias[row_of(output)];
            for (input, weight) in row.iter().enumerate() {
                let weight = weight.cast_signed();
                let block = (output / LANES) * inputs * LANES + (input / GROUP) * LANES * GROUP;
                layer.weights[block + (output % LANES) * GROUP + input % GROUP] = weight;
                layer.offsets[output] += i32::from(ZERO) * i32::from(weight);
            }
        }
        layer
    }

    /// Returns how many numbers a row of its output has.
    pub(super) fn outputs(&self) -> usize {
        self.outputs
    }

    /// Computes rows of outputs from quantised inputs.
    ///
    /// Row `i` reads its inputs from `stride * i` on; `steps` gives for each row what one step of
    /// its inputs is worth, and says how many rows there are.
    pub(super) fn apply(&self, inputs: &[u8], stride: usize, steps: &[f32], out: &mut Vec<f32>) {
        out.clear();
        out.resize(steps.len() * self.outputs, 0.0);
        for (at, step) in steps.iter().enumerate() {
            let inputs = &inputs[at * stride..][..self.inputs];
            let out = &mut out[at * self.outputs..][..self.outputs];
            for (block, weights) in self.weights.chunks_exact(self.inputs * LANES).enumerate() {
                let mut sums = [0i32; LANES];
                let groups = inputs.as_chunks::<GROUP>().0;
                for (group, weights) in
                    groups.iter().zip(weights.as_chunks::<{ LANES * GROUP }>().0)
                {
                    for (sum, weights) in sums.iter_mut().zip(weights.as_chunks::<GROUP>().0) {
                        for (input, weight) in group.iter().zip(weights) {
                            *sum += i32::from(*input) * i32::from(*weight);
                        }
                    }
                }
                for (lane, sum) in sums.into_iter().enumerate() {
                    let output = block * LANES + lane;
                    let exact = (sum - self.offsets[output]) as f32;
                    out[output] = exact * (step * self.steps[output]) + self.bias[output];
                }
            }
        }
    }
}

/// Returns the largest absolute value.
pub(super) fn largest(values: &[f32]) -> f32 {
    let bigger = |most: f32, value: f32| if value.abs() > most { value.abs() } else { most };
    let (chunks, rest) = values.as_chunks::<16>();
    let mut lanes = [0.0; 16];
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane = bigger(*lane, *value);
        }
    }
    let most = lanes.into_iter().fold(0.0, bigger);
    rest.iter().copied().fold(most, bigger)
}

/// Writes each value in eight bits around [`ZERO`]; returns what one step is worth.
///
/// `most` is the largest absolute value that occurs.
pub(super) fn quantize(values: &[f32], most: f32, out: &mut [u8]) -> f32 {
    /// Adding it leaves a float's nearest whole number in its lowest bits.
    const MAGIC: f32 = 12_582_912.0;
    let most = most.max(1e-9);
    let scale = 127.0 / most;
    for (byte, value) in out.iter_mut().zip(values) {
        let rounded = (value * scale + MAGIC).to_bits().wrapping_sub(MAGIC.to_bits());
        *byte = (rounded as u8).wrapping_add(ZERO);
    }
    most / 127.0
}
