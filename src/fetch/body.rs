//! Bodies: content codings undone as the bytes come, under a limit of bytes and of ratio.

use std::io::{self, Write};
use std::mem;

use brotli_decompressor::{BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc};
use flate2::write::{DeflateDecoder, GzDecoder, ZlibDecoder};
use zstd::stream::{raw, write::Decoder as ZstdDecoder, zio};

use super::error::FetchError;

/// What we ask for: the codings that are undone here.
pub(super) const ACCEPT_ENCODING: &str = "gzip, br, zstd, deflate";

/// Most bytes that one byte as sent may give. Feeds give 3 to 30, DEFLATE can give 1,032.
const RATIO_MAX: usize = 200;

/// Decoded bytes below which the ratio does not count: short texts of few words compress well.
const RATIO_FREE_BYTES: usize = 1 << 20;

/// Largest window of zstd, as a power of two: 8 MiB, as RFC 9659 allows on the web.
const ZSTD_WINDOW_LOG_MAX: u32 = 23;

/// Bytes that brotli hands on at once.
const BROTLI_STEP_BYTES: usize = 16 << 10;

/// A content coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Identity,
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

impl Coding {
    /// Returns the coding that `Content-Encoding` names. Some servers write a charset there, or
    /// the way mail is encoded: both say nothing about the bytes.
    ///
    /// # Errors
    /// A name that is unknown, or several: nobody asked for either.
    pub(super) fn of(content_encoding: &str) -> Result<Self, FetchError> {
        Ok(match content_encoding.trim().to_ascii_lowercase().as_str() {
            "" | "identity" | "none" | "utf-8" | "utf8" | "8bit" | "binary" => Self::Identity,
            "gzip" | "x-gzip" => Self::Gzip,
            "deflate" => Self::Deflate,
            "br" => Self::Brotli,
            "zstd" => Self::Zstd,
            _ => return Err(FetchError::Coding { coding: content_encoding.to_owned() }),
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
        }
    }
}

/// A body that grows by what comes.
pub(super) struct Body {
    coding: Coding,
    decoder: Decoder,
    received: usize,
}

impl Body {
    /// Returns an empty body that holds at most so many bytes, decoded.
    pub(super) fn new(coding: Coding, bytes_max: usize) -> Result<Self, FetchError> {
        let decoder =
            Decoder::new(coding, Sink::new(bytes_max)).map_err(|error| decoding(coding, &error))?;
        Ok(Self { coding, decoder, received: 0 })
    }

    /// Takes the next bytes as sent.
    pub(super) fn push(&mut self, sent: &[u8]) -> Result<(), FetchError> {
        self.received += sent.len();
        let written = self.decoder.write(sent);
        self.check(written)
    }

    /// Returns the whole, where nothing more comes.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, FetchError> {
        if self.received > 0 {
            let finished = self.decoder.finish();
            self.check(finished)?;
        }
        Ok(self.into_bytes())
    }

    /// Returns what is there, whole or not.
    pub(super) fn into_bytes(mut self) -> Vec<u8> {
        mem::take(&mut self.decoder.sink().bytes)
    }

    fn check(&mut self, result: io::Result<()>) -> Result<(), FetchError> {
        let sink = self.decoder.sink();
        let (decoded, bytes_max, full) = (sink.wanted, sink.bytes_max, sink.full);
        if decoded > RATIO_FREE_BYTES && decoded / self.received.max(1) > RATIO_MAX {
            let (coding, received) = (self.coding.name(), self.received);
            return Err(FetchError::Bomb { coding, received, decoded });
        }
        if full {
            return Err(FetchError::TooLarge { bytes_max });
        }
        result.map_err(|error| decoding(self.coding, &error))
    }
}

fn decoding(coding: Coding, error: &io::Error) -> FetchError {
    FetchError::Decoding { coding: coding.name(), reason: error.to_string() }
}

/// Where decoded bytes end up, and no more than may.
#[derive(Default)]
struct Sink {
    bytes: Vec<u8>,
    bytes_max: usize,
    /// Bytes that came, with those that had no room.
    wanted: usize,
    full: bool,
}

impl Sink {
    fn new(bytes_max: usize) -> Self {
        Self { bytes_max, ..Self::default() }
    }
}

impl Write for Sink {
    fn write(&mut self, decoded: &[u8]) -> io::Result<usize> {
        self.wanted += decoded.len();
        let room = self.bytes_max - self.bytes.len();
        self.bytes.extend_from_slice(&decoded[..decoded.len().min(room)]);
        if decoded.len() > room {
            self.full = true;
            return Err(io::Error::other("the limit is reached"));
        }
        Ok(decoded.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// One decoder for each coding. Bytes after the end of a compressed stream are left aside.
enum Decoder {
    Identity(Sink),
    Gzip(GzDecoder<Sink>),
    /// `deflate` before its first byte: that tells which of two things the server means by it.
    Deflate(Sink),
    Zlib(ZlibDecoder<Sink>),
    RawDeflate(DeflateDecoder<Sink>),
    Brotli(Brotli),
    Zstd(ZstdDecoder<'static, Sink>),
}

impl Decoder {
    fn new(coding: Coding, sink: Sink) -> io::Result<Self> {
        Ok(match coding {
            Coding::Identity => Self::Identity(sink),
            Coding::Gzip => Self::Gzip(GzDecoder::new(sink)),
            Coding::Deflate => Self::Deflate(sink),
            Coding::Brotli => Self::Brotli(Brotli::new(sink)),
            Coding::Zstd => {
                let mut decoder = raw::Decoder::new()?;
                decoder.set_parameter(raw::DParameter::WindowLogMax(ZSTD_WINDOW_LOG_MAX))?;
                Self::Zstd(ZstdDecoder::with_writer(zio::Writer::new(sink, decoder)))
            }
        })
    }

    fn sink(&mut self) -> &mut Sink {
        match self {
            Self::Identity(sink) | Self::Deflate(sink) => sink,
            Self::Gzip(decoder) => decoder.get_mut(),
            Self::Zlib(decoder) => decoder.get_mut(),
            Self::RawDeflate(decoder) => decoder.get_mut(),
            Self::Brotli(decoder) => &mut decoder.sink,
            Self::Zstd(decoder) => decoder.get_mut(),
        }
    }

    fn write(&mut self, sent: &[u8]) -> io::Result<()> {
        if let (Self::Deflate(sink), Some(first)) = (&mut *self, sent.first()) {
            let sink = mem::take(sink);
            *self = if is_zlib(*first) {
                Self::Zlib(ZlibDecoder::new(sink))
            } else {
                Self::RawDeflate(DeflateDecoder::new(sink))
            };
        }
        match self {
            Self::Identity(sink) => sink.write_all(sent),
            Self::Gzip(decoder) => write_gzip(decoder, sent),
            Self::Deflate(_) => Ok(()),
            Self::Zlib(decoder) => write_until_end(decoder, sent).map(drop),
            Self::RawDeflate(decoder) => write_until_end(decoder, sent).map(drop),
            Self::Brotli(decoder) => decoder.write(sent),
            Self::Zstd(decoder) => decoder.write_all(sent),
        }
    }

    fn finish(&mut self) -> io::Result<()> {
        match self {
            Self::Identity(_) | Self::Deflate(_) => Ok(()),
            Self::Gzip(decoder) => decoder.try_finish(),
            Self::Zlib(decoder) => decoder.try_finish(),
            Self::RawDeflate(decoder) => decoder.try_finish(),
            Self::Brotli(decoder) => decoder.finish(),
            Self::Zstd(decoder) => decoder.do_finish(),
        }
    }
}

/// Tells zlib's header from a raw DEFLATE block, both of which are sent as `deflate`.
///
/// Source: RFC 1950 §2.2: the low four bits are 8. RFC 1951 §3.2.3: of a raw block they are 8 only
/// where padding is not zero.
fn is_zlib(first: u8) -> bool {
    first & 0x0f == 8
}

/// Writes until the stream ends; returns what is left after its end.
fn write_until_end<'a>(decoder: &mut impl Write, mut sent: &'a [u8]) -> io::Result<&'a [u8]> {
    while !sent.is_empty() {
        match decoder.write(sent)? {
            0 => break,
            taken => sent = &sent[taken..],
        }
    }
    Ok(sent)
}

/// Writes one or several members of gzip; padding after the last is left aside.
fn write_gzip(decoder: &mut GzDecoder<Sink>, mut sent: &[u8]) -> io::Result<()> {
    loop {
        sent = write_until_end(decoder, sent)?;
        if sent.first() != Some(&0x1f) {
            return Ok(());
        }
        decoder.try_finish()?;
        let sink = mem::take(decoder.get_mut());
        *decoder = GzDecoder::new(sink);
    }
}

/// Brotli by its inner interface: the ready-made writer takes windows of up to a gigabyte, which
/// RFC 7932 does not know.
struct Brotli {
    state: Box<BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>>,
    sink: Sink,
    step: Box<[u8]>,
    ended: bool,
}

impl Brotli {
    fn new(sink: Sink) -> Self {
        let state = BrotliState::new_strict(
            StandardAlloc::default(),
            StandardAlloc::default(),
            StandardAlloc::default(),
        );
        let step = vec![0; BROTLI_STEP_BYTES].into_boxed_slice();
        Self { state: Box::new(state), sink, step, ended: false }
    }

    fn write(&mut self, sent: &[u8]) -> io::Result<()> {
        let (mut left, mut taken, mut total) = (sent.len(), 0, 0);
        while !self.ended {
            let (mut room, mut made) = (self.step.len(), 0);
            let result = BrotliDecompressStream(
                &mut left,
                &mut taken,
                sent,
                &mut room,
                &mut made,
                &mut self.step,
                &mut total,
                &mut self.state,
            );
            self.sink.write_all(&self.step[..made])?;
            match result {
                BrotliResult::ResultSuccess => self.ended = true,
                BrotliResult::NeedsMoreOutput => {}
                BrotliResult::NeedsMoreInput => return Ok(()),
                BrotliResult::ResultFailure => {
                    return Err(io::Error::new(
                        io::ErrorKind::InvalidData,
                        "corrupt brotli stream",
                    ));
                }
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        if self.ended {
            return Ok(());
        }
        Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it ends in the middle"))
    }
}

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    const BYTES_MAX: usize = 2 << 20;

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    fn zlib(plain: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    fn raw_deflate(plain: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    fn brotli(plain: &[u8]) -> Vec<u8> {
        let mut sent = Vec::new();
        brotli::CompressorWriter::new(&mut sent, 4096, 5, 22).write_all(plain).unwrap();
        sent
    }

    fn zstd(plain: &[u8]) -> Vec<u8> {
        zstd::encode_all(plain, 3).unwrap()
    }

    /// Every coding with the way to make it.
    #[expect(clippy::type_complexity, reason = "a table")]
    const CODINGS: &[(&str, fn(&[u8]) -> Vec<u8>)] = &[
        ("identity", |plain| plain.to_vec()),
        ("gzip", gzip),
        ("x-gzip", gzip),
        ("deflate", zlib),
        ("deflate", raw_deflate),
        ("br", brotli),
        ("zstd", zstd),
    ];

    fn decode(coding: &str, sent: &[u8], step: usize) -> Result<Vec<u8>, FetchError> {
        let mut body = Body::new(Coding::of(coding)?, BYTES_MAX)?;
        for chunk in sent.chunks(step) {
            body.push(chunk)?;
        }
        body.finish()
    }

    /// Text that compresses like a feed.
    fn text() -> Vec<u8> {
        (0..2000)
            .flat_map(|n| format!("<item><title>story {}</title></item>\n", n * 7919).into_bytes())
            .collect()
    }

    #[test]
    fn every_coding_is_undone_however_it_is_cut() {
        for (coding, encode) in CODINGS {
            let sent = encode(&text());
            for step in [1, 7, 4096, usize::MAX] {
                assert_eq!(decode(coding, &sent, step).unwrap(), text(), "{coding} by {step}");
            }
            assert_eq!(decode(coding, &encode(b""), 1).unwrap(), b"", "nothing in {coding}");
            assert_eq!(decode(coding, b"", 1).unwrap(), b"", "no byte of {coding}");
        }
    }

    #[test]
    fn a_body_that_ends_early_is_an_error() {
        for (coding, encode) in &CODINGS[1..] {
            let sent = encode(&text());
            for cut in [1, 9, sent.len() / 2] {
                let error = decode(coding, &sent[..sent.len() - cut], 4096).unwrap_err();
                assert_eq!(error.code(), "decoding", "{coding} without {cut}: {error}");
            }
        }
    }

    #[test]
    fn bytes_that_are_no_such_coding_are_an_error() {
        for coding in ["gzip", "br", "zstd", "deflate"] {
            let error = decode(coding, b"<?xml version=\"1.0\"?><rss/>", 4096).unwrap_err();
            assert_eq!(error.code(), "decoding", "{coding}: {error}");
        }
    }

    #[test]
    fn padding_after_the_end_is_left_aside() {
        for (coding, encode) in &CODINGS[1..6] {
            for step in [1, usize::MAX] {
                let mut sent = encode(&text());
                sent.extend([0; 20]);
                assert_eq!(decode(coding, &sent, step).unwrap(), text(), "{coding} by {step}");
            }
        }
    }

    #[test]
    fn gzip_of_several_members_is_read_whole() {
        let sent = [gzip(b"one "), gzip(b""), gzip(b"two")].concat();
        for step in [1, 3, usize::MAX] {
            assert_eq!(decode("gzip", &sent, step).unwrap(), b"one two");
        }
    }

    #[test]
    fn bombs_are_called_so_and_stopped_before_they_fill_the_memory() {
        let plain = vec![b' '; 16 << 20];
        for (coding, encode) in &CODINGS[1..] {
            let sent = encode(&plain);
            let mut body = Body::new(Coding::of(coding).unwrap(), BYTES_MAX).unwrap();
            let error = sent.chunks(1024).find_map(|chunk| body.push(chunk).err()).unwrap();
            assert_eq!(error.code(), "bomb", "{coding}: {error}");
            assert!(body.into_bytes().len() <= BYTES_MAX);
        }
    }

    #[test]
    fn what_is_larger_than_the_limit_is_an_error_and_what_fits_is_not() {
        let noise: Vec<u8> = (0..BYTES_MAX as u64)
            .map(|n| {
                (n.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23).wrapping_mul(n) >> 40) as u8
            })
            .collect();
        for (coding, encode) in CODINGS {
            let mut plain = noise.clone();
            assert_eq!(
                decode(coding, &encode(&plain), 65_536).unwrap().len(),
                BYTES_MAX,
                "{coding}"
            );
            plain.push(0);
            let error = decode(coding, &encode(&plain), 65_536).unwrap_err();
            assert_eq!(error.code(), "too-large", "{coding}: {error}");
        }
    }

    #[test]
    fn windows_that_the_web_does_not_know_are_refused() {
        let mut encoder = zstd::stream::Encoder::new(Vec::new(), 3).unwrap();
        encoder.window_log(27).unwrap();
        encoder.write_all(&text()).unwrap();
        let sent = encoder.finish().unwrap();
        assert_eq!(decode("zstd", &sent, 4096).unwrap_err().code(), "decoding");
        // The first bytes of a brotli stream with a window of 2^30 bytes.
        assert_eq!(decode("br", &[0x11, 0x1e, 0, 0, 0], 4096).unwrap_err().code(), "decoding");
    }

    #[test]
    fn names_of_codings_are_told_from_nonsense() {
        for name in ["", "identity", "UTF-8", " none "] {
            assert_eq!(Coding::of(name).unwrap(), Coding::Identity, "{name:?}");
        }
        assert_eq!(Coding::of("GZIP").unwrap(), Coding::Gzip);
        for name in ["compress", "gzip, br", "aws-chunked", "dcb"] {
            assert_eq!(Coding::of(name).unwrap_err().code(), "coding", "{name}");
        }
    }
}
