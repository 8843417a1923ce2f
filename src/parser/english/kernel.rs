//! The code that is compiled for the vector registers of several processors, and the choice of one.
//!
//! All ways give the same bits: sums of products of bytes are exact, and what is computed in floats
//! is one source ([`super::rows`]) without fused or reordered sums.

#![allow(clippy::needless_range_loop, reason = "each line is one case, told apart from the next")]
#![allow(unsafe_code)]
// Two things are unsafe here. Functions with `#[target_feature]` may only run on a processor that
// has the feature: a `Path` that names one is made by `Path::available` alone, after asking the
// processor. Loads and stores of registers take pointers: they get them from arrays of the
// registers' own size.

use super::dense::{Dense, Rows};
use super::rows::{self, UNITS};

/// A way to compute, that this processor has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Path(Kind);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Vnni,
}

impl Path {
    /// Returns the ways that this processor has, the slowest first.
    pub(super) fn available() -> Vec<Self> {
        let mut paths = vec![Self(Kind::Portable)];
        #[cfg(target_arch = "x86_64")]
        {
            if std::arch::is_x86_feature_detected!("avx2") {
                paths.push(Self(Kind::Avx2));
            }
            let vnni = std::arch::is_x86_feature_detected!("avx512vnni");
            if vnni && std::arch::is_x86_feature_detected!("avx512bw") {
                paths.push(Self(Kind::Vnni));
            }
        }
        paths
    }

    /// Returns the fastest way that this processor has.
    pub(super) fn fastest() -> Self {
        Self::available().pop().unwrap_or(Self(Kind::Portable))
    }

    /// Returns its name, as a bench prints it.
    #[allow(dead_code, reason = "what measures the paths names them")]
    pub(super) fn name(self) -> &'static str {
        match self.0 {
            Kind::Portable => "portable",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2 => "AVX2",
            #[cfg(target_arch = "x86_64")]
            Kind::Vnni => "AVX-512 VNNI",
        }
    }

    /// Computes rows of a dense layer.
    pub(super) fn dense(self, layer: &Dense, rows: Rows<'_>) {
        match self.0 {
            Kind::Portable => layer.portable(rows),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the path exists, so the processor has the feature.
            Kind::Avx2 => unsafe { x86::avx2(layer, rows) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Kind::Vnni => unsafe { x86::vnni(layer, rows) },
        }
    }
}

/// Makes methods of `Path` out of functions of `rows`, compiled for each path.
macro_rules! compiled {
    ($($name:ident($($argument:ident: $type:ty),*) $(-> $out:ty)?;)*) => {
        impl Path {$(
            pub(super) fn $name(self, $($argument: $type),*) $(-> $out)? {
                match self.0 {
                    Kind::Portable => rows::$name($($argument),*),
                    #[cfg(target_arch = "x86_64")]
                    Kind::Avx2 => {
                        #[target_feature(enable = "avx2")]
                        fn compiled($($argument: $type),*) $(-> $out)? {
                            rows::$name($($argument),*)
                        }
                        // SAFETY: the path exists, so the processor has the feature.
                        unsafe { compiled($($argument),*) }
                    }
                    #[cfg(target_arch = "x86_64")]
                    Kind::Vnni => {
                        #[target_feature(enable = "avx512f,avx512bw")]
                        fn compiled($($argument: $type),*) $(-> $out)? {
                            rows::$name($($argument),*)
                        }
                        // SAFETY: as above.
                        unsafe { compiled($($argument),*) }
                    }
                }
            }
        )*}
    };
}

compiled! {
    quantize_all(values: &[f32], bytes: &mut [u8]) -> f32;
    quantize_each(values: &[f32], width: usize, bytes: &mut [u8], steps: &mut [f32]);
    quantize_hidden(
        bias: &[f32; 2 * UNITS],
        shares: &[&[f32; 2 * UNITS]],
        bytes: &mut [u8; UNITS]
    ) -> f32;
    add_scaled(bytes: &[u8], step: f32, row: &mut [f32]);
    add_maxout(pieces: &[f32], gain: &[f32], shift: &[f32], rows: &mut [f32]);
    best(values: &[f32]) -> usize;
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    //! Dense layers in registers of 256 and 512 bits.
    //!
    //! A tile of a few rows and a few outputs is summed in registers, all inputs through. Rows are
    //! cut into tiles of nearly the same height, at most the path's largest.

    use std::arch::x86_64::*;

    use super::super::dense::{Block, Dense, GROUP, GROUPS_MAX, Lanes, Rows};
    use super::super::rows::LANES;

    /// Calls `tile::<HEIGHT>` for each tile of the rows.
    macro_rules! tiles {
        ($layer:ident, $rows:ident, $tile:ident: $($height:literal)* to $most:literal) => {{
            let Rows { inputs, stride, steps, out } = $rows;
            let tiles = steps.len().div_ceil($most);
            let mut first = 0;
            for tile in 0..tiles {
                let end = steps.len() * (tile + 1) / tiles;
                let outputs = first * $layer.outputs()..end * $layer.outputs();
                let rows = Rows {
                    inputs: &inputs[first * stride..],
                    stride,
                    steps: &steps[first..end],
                    out: &mut out[outputs],
                };
                match end - first {
                    $($height => $tile::<$height>($layer, rows),)*
                    _ => $tile::<$most>($layer, rows),
                }
                first = end;
            }
        }};
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
    pub(super) fn vnni(layer: &Dense, rows: Rows<'_>) {
        tiles!(layer, rows, vnni_tile: 1 2 3 4 5 6 7 to 8);
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
    fn vnni_tile<const ROWS: usize>(layer: &Dense, mut rows: Rows<'_>) {
        for pair in 0..layer.blocks() / 2 {
            vnni_blocks::<ROWS, 2>(layer, 2 * pair, &mut rows);
        }
        if !layer.blocks().is_multiple_of(2) {
            vnni_blocks::<ROWS, 1>(layer, layer.blocks() - 1, &mut rows);
        }
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
    #[inline]
    fn vnni_blocks<const ROWS: usize, const BLOCKS: usize>(
        layer: &Dense,
        first: usize,
        rows: &mut Rows<'_>,
    ) {
        let mut inputs: [&[[u8; GROUP]]; ROWS] = [&[]; ROWS];
        for (row, inputs) in inputs.iter_mut().enumerate() {
            *inputs = &rows.inputs[row * rows.stride..].as_chunks().0[..layer.groups()];
        }
        let mut columns: [&[Block]; BLOCKS] = [&[]; BLOCKS];
        for (block, column) in columns.iter_mut().enumerate() {
            *column = layer.weights(first + block);
        }
        let mut sums = [[_mm512_setzero_si512(); BLOCKS]; ROWS];
        for group in 0..layer.groups() {
            let mut weights = [_mm512_setzero_si512(); BLOCKS];
            for block in 0..BLOCKS {
                let Block(bytes) = &columns[block][group];
                // SAFETY: a block is 64 bytes and aligned to them.
                weights[block] = unsafe { _mm512_load_si512(bytes.as_ptr().cast()) };
            }
            for row in 0..ROWS {
                let input = _mm512_set1_epi32(i32::from_le_bytes(inputs[row][group]));
                for block in 0..BLOCKS {
                    sums[row][block] = _mm512_dpbusd_epi32(sums[row][block], input, weights[block]);
                }
            }
        }
        for block in 0..BLOCKS {
            let Lanes { offsets, steps, bias } = layer.lanes(first + block);
            // SAFETY: the arrays are 64 bytes.
            let (offsets, steps, bias) = unsafe {
                (
                    _mm512_loadu_si512(offsets.as_ptr().cast()),
                    _mm512_loadu_ps(steps.as_ptr()),
                    _mm512_loadu_ps(bias.as_ptr()),
                )
            };
            for row in 0..ROWS {
                let exact = _mm512_cvtepi32_ps(_mm512_sub_epi32(sums[row][block], offsets));
                let scale = _mm512_mul_ps(_mm512_set1_ps(rows.steps[row]), steps);
                let value = _mm512_add_ps(_mm512_mul_ps(exact, scale), bias);
                let out = &mut rows.out[row * layer.outputs() + (first + block) * LANES..][..LANES];
                // SAFETY: the slice is 64 bytes.
                unsafe { _mm512_storeu_ps(out.as_mut_ptr(), value) };
            }
        }
    }

    #[target_feature(enable = "avx2")]
    pub(super) fn avx2(layer: &Dense, rows: Rows<'_>) {
        tiles!(layer, rows, avx2_tile: 1 2 3 4 5 to 6);
    }

    #[target_feature(enable = "avx2")]
    fn avx2_tile<const ROWS: usize>(layer: &Dense, rows: Rows<'_>) {
        // Inputs in 16 bits, so that products of pairs are summed without an overflow.
        let mut wide = [[[0i16; GROUP]; GROUPS_MAX]; ROWS];
        for (row, wide) in wide.iter_mut().enumerate() {
            let inputs = &rows.inputs[row * rows.stride..][..layer.groups() * GROUP];
            for (wide, input) in wide.as_flattened_mut().iter_mut().zip(inputs) {
                *wide = i16::from(*input);
            }
        }
        for half in 0..2 * layer.blocks() {
            let mut sums = [[_mm256_setzero_si256(); 2]; ROWS];
            for (group, Block(bytes)) in layer.weights(half / 2).iter().enumerate() {
                // Four lanes each, of the eight lanes of this half.
                let quarters = &bytes.as_chunks::<16>().0[half % 2 * 2..][..2];
                let mut weights = [_mm256_setzero_si256(); 2];
                for (weights, bytes) in weights.iter_mut().zip(quarters) {
                    // SAFETY: a quarter of a block is 16 bytes and aligned to them.
                    let bytes = unsafe { _mm_load_si128(bytes.as_ptr().cast()) };
                    *weights = _mm256_cvtepi8_epi16(bytes);
                }
                for row in 0..ROWS {
                    let [a, b, c, d] = wide[row][group].map(|input| u64::from(input as u16));
                    let input = _mm256_set1_epi64x((a | b << 16 | c << 32 | d << 48) as i64);
                    for quarter in 0..2 {
                        let products = _mm256_madd_epi16(input, weights[quarter]);
                        sums[row][quarter] = _mm256_add_epi32(sums[row][quarter], products);
                    }
                }
            }
            let Lanes { offsets, steps, bias } = layer.lanes(half / 2);
            let first = half % 2 * 8;
            // SAFETY: there are eight lanes from the first one on.
            let (offsets, steps, bias) = unsafe {
                (
                    _mm256_loadu_si256(offsets[first..][..8].as_ptr().cast()),
                    _mm256_loadu_ps(steps[first..][..8].as_ptr()),
                    _mm256_loadu_ps(bias[first..][..8].as_ptr()),
                )
            };
            for row in 0..ROWS {
                // Sums of two pairs each; the addition swaps the middle quarters of its result.
                let lanes = _mm256_hadd_epi32(sums[row][0], sums[row][1]);
                let lanes = _mm256_permute4x64_epi64::<0b11_01_10_00>(lanes);
                let exact = _mm256_cvtepi32_ps(_mm256_sub_epi32(lanes, offsets));
                let scale = _mm256_mul_ps(_mm256_set1_ps(rows.steps[row]), steps);
                let value = _mm256_add_ps(_mm256_mul_ps(exact, scale), bias);
                let out = &mut rows.out[row * layer.outputs() + half * 8..][..8];
                // SAFETY: the slice is 32 bytes.
                unsafe { _mm256_storeu_ps(out.as_mut_ptr(), value) };
            }
        }
    }
}
