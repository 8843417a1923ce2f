//! The v2 record batch, written as it is read from the file.
//!
//! Ours because the crate's own keeps headers in a map, so that repeated names are lost, and has no
//! batch without records, which readers need where compaction took the last ones.
//!
//! Source: Kafka protocol, "Record Batch"; KIP-98.

use bytes::{BufMut, BytesMut};

use crate::journal::read::Record;

/// Where a batch's fields lie, in bytes from its start.
mod at {
    /// Length of all after this field.
    pub(super) const LENGTH: usize = 8;
    /// CRC-32C of all after it.
    pub(super) const CHECKSUM: usize = 17;
    pub(super) const CHECKED: usize = 21;
    pub(super) const LAST_DELTA: usize = 23;
    pub(super) const NEWEST_MS: usize = 35;
    pub(super) const COUNT: usize = 57;
}

/// A batch that is being written at the end of a buffer.
#[derive(Debug)]
pub(in crate::journal) struct BatchWriter {
    start: usize,
    base: i64,
    base_ms: i64,
    newest_ms: i64,
    count: i32,
}

impl BatchWriter {
    /// What a batch has before its first record.
    pub(in crate::journal) const HEAD_BYTES: usize = 61;

    /// Begins a batch whose first offset and time are these; the time is -1 if none is to come.
    pub(in crate::journal) fn begin(out: &mut BytesMut, base: i64, base_ms: i64) -> Self {
        let start = out.len();
        out.put_i64(base);
        out.put_i32(0); // length, known at the end
        out.put_i32(-1); // leader epoch: we have none
        out.put_i8(2); // magic
        out.put_u32(0); // checksum, known at the end
        out.put_i16(0); // attributes: not compressed, times are the writer's
        out.put_i32(0); // last offset delta, known at the end
        out.put_i64(base_ms);
        out.put_i64(-1); // newest time, known at the end
        out.put_i64(-1); // no producer …
        out.put_i16(-1);
        out.put_i32(-1);
        out.put_i32(0); // count, known at the end
        debug_assert_eq!(out.len() - start, Self::HEAD_BYTES);
        Self { start, base, base_ms, newest_ms: -1, count: 0 }
    }

    /// Returns how many bytes the batch has so far.
    pub(in crate::journal) fn bytes(&self, out: &BytesMut) -> usize {
        out.len() - self.start
    }

    /// Adds a record; its offset is above all before it.
    pub(in crate::journal) fn push(&mut self, out: &mut BytesMut, record: &Record<'_>) {
        let time_delta = record.at_ms.wrapping_sub(self.base_ms);
        let offset_delta = record.offset - self.base;
        let (key, value) = (record.key, record.value);
        let value_bytes = value.map_or(-1, |value| value.len() as i64);
        let body = 1
            + varint_bytes(time_delta)
            + varint_bytes(offset_delta)
            + varint_bytes(key.len() as i64)
            + key.len()
            + varint_bytes(value_bytes)
            + value.map_or(0, <[u8]>::len)
            + record.headers.len();
        put_varint(out, body as i64);
        out.put_i8(0); // attributes
        put_varint(out, time_delta);
        put_varint(out, offset_delta);
        put_varint(out, key.len() as i64);
        out.put_slice(key);
        put_varint(out, value_bytes);
        out.put_slice(value.unwrap_or_default());
        out.put_slice(record.headers);
        self.newest_ms = self.newest_ms.max(record.at_ms);
        self.count += 1;
    }

    /// Ends the batch; it covers the offsets up to `last`, whether or not they have records.
    ///
    /// A gap of more than 2³¹ offsets takes several batches, so several fetches.
    pub(in crate::journal) fn finish(self, out: &mut BytesMut, last: i64) {
        let batch = &mut out[self.start..];
        let length = (batch.len() - at::LENGTH - 4) as i32;
        let last_delta = i32::try_from(last - self.base).unwrap_or(i32::MAX);
        batch[at::LAST_DELTA..][..4].copy_from_slice(&last_delta.to_be_bytes());
        batch[at::NEWEST_MS..][..8].copy_from_slice(&self.newest_ms.to_be_bytes());
        batch[at::COUNT..][..4].copy_from_slice(&self.count.to_be_bytes());
        let checksum = crc32c::crc32c(&batch[at::CHECKED..]);
        batch[at::CHECKSUM..][..4].copy_from_slice(&checksum.to_be_bytes());
        batch[at::LENGTH..][..4].copy_from_slice(&length.to_be_bytes());
    }
}

/// Returns count and headers in the form in which a record carries them.
pub(in crate::journal) fn encode_headers(headers: &[(String, String)]) -> Vec<u8> {
    let bytes: usize = headers.iter().map(|(name, value)| 6 + name.len() + value.len()).sum();
    let mut out = BytesMut::with_capacity(2 + bytes);
    put_varint(&mut out, headers.len() as i64);
    for text in headers.iter().flat_map(|(name, value)| [name, value]) {
        put_varint(&mut out, text.len() as i64);
        out.put_slice(text.as_bytes());
    }
    out.into()
}

/// Zigzag, then seven bits a byte, lowest first.
fn put_varint(out: &mut BytesMut, value: i64) {
    let mut rest = zigzag(value);
    while rest >= 0x80 {
        out.put_u8(rest as u8 | 0x80);
        rest >>= 7;
    }
    out.put_u8(rest as u8);
}

fn varint_bytes(value: i64) -> usize {
    let bits = 64 - zigzag(value).leading_zeros() as usize;
    bits.div_ceil(7).max(1)
}

fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

#[cfg(test)]
mod tests {
    use kafka_protocol::records::RecordBatchDecoder;

    use super::*;

    fn header(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn batches_are_read_by_another_decoder() {
        let headers = encode_headers(&[header("ce_id", "a"), header("ce_type", "")]);
        let value = vec![b'x'; 70_000];
        let records = [
            Record { offset: 7, at_ms: 1_000, key: b"k", headers: &headers, value: Some(b"v") },
            Record { offset: 9, at_ms: 400, key: b"", headers: &[0], value: None },
            Record { offset: 500, at_ms: -5, key: b"kk", headers: &[0], value: Some(&value) },
        ];
        let mut out = BytesMut::new();
        let mut batch = BatchWriter::begin(&mut out, 7, 1_000);
        for record in &records {
            batch.push(&mut out, record);
        }
        batch.finish(&mut out, 510);
        let decoded = RecordBatchDecoder::decode(&mut out.freeze()).expect("decodes").records;
        assert_eq!(decoded.len(), records.len());
        for (found, given) in decoded.iter().zip(&records) {
            assert_eq!(found.offset, given.offset);
            assert_eq!(found.timestamp, given.at_ms);
            assert_eq!(found.key.as_deref(), Some(given.key));
            assert_eq!(found.value.as_deref(), given.value);
        }
        assert_eq!(decoded[0].headers.len(), 2);
    }

    #[test]
    fn repeated_header_names_are_kept() {
        let encoded = encode_headers(&[header("a", "1"), header("a", "2")]);
        assert_eq!(encoded, [4, 2, b'a', 2, b'1', 2, b'a', 2, b'2']);
    }

    #[test]
    fn varints_take_the_bytes_that_are_reckoned() {
        for value in [0, -1, 1, 63, 64, -64, -65, 8_191, 8_192, i64::MAX, i64::MIN] {
            let mut out = BytesMut::new();
            put_varint(&mut out, value);
            assert_eq!(out.len(), varint_bytes(value), "{value}");
        }
    }
}
