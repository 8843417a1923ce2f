//! Work on rows of numbers, written so that it gives the same bits whatever vectors it is compiled to.
//!
//! Sums go over [`LANES`] lanes in a fixed order, and no product is fused with a sum.

/// Lanes of the sums; rows are a multiple of it.
pub(super) const LANES: usize = 16;
/// What stands for zero in quantised rows.
pub(super) const ZERO: u8 = 128;
/// Units that a layer of maxout gives, and their layers' inputs.
pub(super) const WIDTH: usize = 96;
/// Values among which a unit of a layer takes the largest.
pub(super) const PIECES: usize = 3;
/// Hidden units of a scorer of moves; each takes the larger of two values.
pub(super) const UNITS: usize = 64;

#[inline(always)]
fn larger(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// Brings lanes together, two by two.
#[inline(always)]
fn fold(mut lanes: [f32; LANES], join: impl Fn(f32, f32) -> f32) -> f32 {
    let mut half = LANES / 2;
    while half > 0 {
        for lane in 0..half {
            lanes[lane] = join(lanes[lane], lanes[lane + half]);
        }
        half /= 2;
    }
    lanes[0]
}

/// Returns the largest absolute value.
#[inline(always)]
pub(super) fn largest(values: &[f32]) -> f32 {
    let mut lanes = [0.0; LANES];
    for chunk in values.as_chunks::<LANES>().0 {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane = larger(*lane, value.abs());
        }
    }
    fold(lanes, larger)
}

/// Writes each value in eight bits around [`ZERO`]; returns what one step is worth.
///
/// `most` is the largest absolute value that occurs.
#[inline(always)]
fn quantize(values: &[f32], most: f32, bytes: &mut [u8]) -> f32 {
    /// Adding it leaves a float's nearest whole number in its lowest bits.
    const MAGIC: f32 = 12_582_912.0;
    let most = larger(most, 1e-9);
    let scale = 127.0 / most;
    for (byte, value) in bytes.iter_mut().zip(values) {
        let rounded = (value * scale + MAGIC).to_bits().wrapping_sub(MAGIC.to_bits());
        *byte = (rounded as u8).wrapping_add(ZERO);
    }
    most / 127.0
}

/// Quantises rows of so many values; returns what one step is worth, the same for all.
#[inline(always)]
pub(super) fn quantize_all(values: &[f32], bytes: &mut [u8]) -> f32 {
    quantize(values, largest(values), bytes)
}

/// Quantises rows of so many values, each with its own step.
#[inline(always)]
pub(super) fn quantize_each(values: &[f32], width: usize, bytes: &mut [u8], steps: &mut [f32]) {
    let rows = values.chunks_exact(width).zip(bytes.chunks_exact_mut(width));
    for ((values, bytes), step) in rows.zip(steps) {
        *step = quantize(values, largest(values), bytes);
    }
}

/// Adds to each row the largest of its pieces, normalised to mean 0 and variance 1, scaled, shifted.
///
/// A row of `pieces` holds the first pieces of all units, then the second ones, then the third.
#[inline(always)]
pub(super) fn add_maxout(pieces: &[f32], gain: &[f32], shift: &[f32], rows: &mut [f32]) {
    let rows = rows.as_chunks_mut::<WIDTH>().0.iter_mut();
    let (Some(gain), Some(shift)) = (gain.as_array::<WIDTH>(), shift.as_array::<WIDTH>()) else {
        return;
    };
    for (row, pieces) in rows.zip(pieces.as_chunks::<{ PIECES * WIDTH }>().0) {
        let mut units = [0.0; WIDTH];
        for unit in 0..WIDTH {
            let two = larger(pieces[unit], pieces[WIDTH + unit]);
            units[unit] = larger(two, pieces[2 * WIDTH + unit]);
        }
        let mut sums = [0.0; LANES];
        for chunk in units.as_chunks::<LANES>().0 {
            for lane in 0..LANES {
                sums[lane] += chunk[lane];
            }
        }
        let mean = fold(sums, |a, b| a + b) / WIDTH as f32;
        let mut squares = [0.0; LANES];
        for chunk in units.as_chunks::<LANES>().0 {
            for lane in 0..LANES {
                squares[lane] += (chunk[lane] - mean) * (chunk[lane] - mean);
            }
        }
        let variance = fold(squares, |a, b| a + b) / WIDTH as f32;
        let scale = 1.0 / (variance + 1e-8).sqrt();
        for unit in 0..WIDTH {
            row[unit] += (units[unit] - mean) * scale * gain[unit] + shift[unit];
        }
    }
}

/// Adds rows of signed bytes, each scaled by its step, to a row.
#[inline(always)]
pub(super) fn add_scaled(bytes: &[u8], step: f32, row: &mut [f32]) {
    for (value, byte) in row.iter_mut().zip(bytes) {
        *value += f32::from(byte.cast_signed()) * step;
    }
}

/// Adds rows of shares to a bias, takes the larger one of each unit's two pieces, quantises the units.
///
/// Returns what one step is worth. A row holds the first pieces of all units, then the second ones.
#[inline(always)]
pub(super) fn quantize_hidden(
    bias: &[f32; 2 * UNITS],
    shares: &[&[f32; 2 * UNITS]],
    bytes: &mut [u8; UNITS],
) -> f32 {
    let mut pieces = *bias;
    for share in shares {
        for (sum, value) in pieces.iter_mut().zip(*share) {
            *sum += value;
        }
    }
    let mut units = [0.0; UNITS];
    for unit in 0..UNITS {
        units[unit] = larger(pieces[unit], pieces[UNITS + unit]);
    }
    quantize(&units, largest(&units), bytes)
}

/// Returns the first place of the largest value.
#[inline(always)]
pub(super) fn best(values: &[f32]) -> usize {
    let (chunks, rest) = values.as_chunks::<LANES>();
    let mut lanes = [f32::NEG_INFINITY; LANES];
    for chunk in chunks {
        for lane in 0..LANES {
            lanes[lane] = larger(lanes[lane], chunk[lane]);
        }
    }
    let most = rest.iter().fold(fold(lanes, larger), |most, value| larger(most, *value));
    values.iter().position(|value| *value == most).unwrap_or(0)
}
