//! The weights as stored, eight bits each, and how layers take them out of the file in its order.

/// See `model/README.md` for where they come from and their layout.
static FILE: &[u8] = include_bytes!("model/weights.bin");

/// Signed bytes at the front of the file; the numbers behind them are f32, little-endian.
const BYTES: usize = 3_181_376;

/// A matrix of signed bytes, each row with its own scale.
pub(super) struct Matrix {
    /// Row after row; to be read as `i8`.
    bytes: &'static [u8],
    /// What one step of a row's bytes is worth.
    steps: Vec<f32>,
    width: usize,
}

impl Matrix {
    pub(super) fn rows(&self) -> usize {
        self.steps.len()
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Returns a row's bytes, to be read as `i8`, and what one step is worth.
    pub(super) fn row(&self, at: usize) -> (&'static [u8], f32) {
        (&self.bytes[at * self.width..][..self.width], self.steps[at])
    }
}

/// Takes matrices and vectors out of the file, front to back.
pub(super) struct Reader {
    bytes: &'static [u8],
    floats: &'static [u8],
}

impl Reader {
    /// Longest array that is stored as f32: longer ones are matrices of bytes.
    const VECTOR_MAX: usize = 1000;

    pub(super) fn embedded() -> Self {
        let (bytes, floats) = FILE.split_at(BYTES);
        Self { bytes, floats }
    }

    pub(super) fn matrix(&mut self, rows: usize, width: usize) -> Matrix {
        let bytes = self.bytes.split_off(..rows * width).expect("the file holds every layer");
        let steps = self.vector(rows).iter().map(|largest| largest / 127.0).collect();
        Matrix { bytes, steps, width }
    }

    pub(super) fn vector(&mut self, length: usize) -> Vec<f32> {
        let bytes = self.floats.split_off(..4 * length).expect("the file holds every layer");
        bytes.as_chunks::<4>().0.iter().map(|value| f32::from_le_bytes(*value)).collect()
    }

    /// Takes an array that is used as f32, however it is stored.
    pub(super) fn array(&mut self, rows: usize, width: usize) -> Vec<f32> {
        if rows * width <= Self::VECTOR_MAX {
            return self.vector(rows * width);
        }
        let matrix = self.matrix(rows, width);
        let row = |at| {
            let (bytes, step) = matrix.row(at);
            bytes.iter().map(move |byte| f32::from(byte.cast_signed()) * step)
        };
        (0..rows).flat_map(row).collect()
    }

    /// Whether everything was taken.
    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty() && self.floats.is_empty()
    }
}
