//! Guards the crate's decoder: a frame is measured field by field before it is decoded.
//!
//! kafka-protocol 0.18 reserves memory for the count that an array claims, and the process aborts
//! where that is more than there is. So every count, length and tag is checked here against the
//! bytes that are left; what passes decodes without surprise.

use bytes::Bytes;
use kafka_protocol::messages::{ApiKey, RequestHeader, RequestKind};
use kafka_protocol::protocol::Decodable;
use thiserror::Error;

use super::shape::{APIS, Api, Shape};

/// Most tagged fields of a struct; nobody sends any to us yet.
const TAGS_MAX: u32 = 16;
/// Most elements of all arrays of a frame: twice what a client sends that asks for every partition
/// of every topic where there are as many as there can be.
const ELEMENTS_MAX: usize = 20_000;

/// A request, decoded.
#[derive(Clone, Debug)]
pub struct Request {
    /// Version in which it came and its answer goes.
    pub version: i16,
    /// Given back with the answer.
    pub correlation: i32,
    /// What the client calls itself.
    pub client: String,
    /// What it wants.
    pub kind: RequestKind,
}

/// Why a frame is no request that we serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum FrameError {
    /// The API is served, but not in this version; `ApiVersions` is answered nevertheless.
    #[error("api key {key} version {version} is not served")]
    Version {
        /// The API.
        key: i16,
        /// As asked for.
        version: i16,
        /// To answer under.
        correlation: i32,
    },
    /// The API is not served.
    #[error("api key {key} is not served")]
    Unknown {
        /// The API.
        key: i16,
    },
    /// A length or a count points past the end.
    #[error("the frame is malformed")]
    Malformed,
}

/// Decodes a frame, without the length before it.
///
/// # Errors
/// [`FrameError`]; whatever the bytes are, memory stays within a small multiple of their length.
pub fn decode(frame: Bytes) -> Result<Request, FrameError> {
    let mut walk = Walk { rest: &frame, flexible: false, version: 0, elements_left: ELEMENTS_MAX };
    let key = walk.int16()?;
    let version = walk.int16()?;
    let correlation = walk.int32()?;
    let api = api(key).ok_or(FrameError::Unknown { key })?;
    if !(api.versions.0..=api.versions.1).contains(&version) {
        return Err(FrameError::Version { key, version, correlation });
    }
    walk.shape(Shape::Text)?; // the client's name, never in compact form
    walk.version = version;
    walk.flexible = version >= api.flexible_since;
    if walk.flexible {
        walk.tags()?;
    }
    walk.shape(api.shape)?;
    // Bytes may be left: librdkafka 2 sends three too many when it asks for all topics, and Kafka
    // does not mind.
    let mut buffer = frame;
    let malformed = |_| FrameError::Malformed;
    let header = RequestHeader::decode(&mut buffer, api.key.request_header_version(version))
        .map_err(malformed)?;
    let kind = RequestKind::decode(api.key, &mut buffer, version).map_err(malformed)?;
    let client = header.client_id.map(|client| client.to_string()).unwrap_or_default();
    Ok(Request { version, correlation, client, kind })
}

/// Returns what we serve under the key.
fn api(key: i16) -> Option<&'static Api> {
    let key = ApiKey::try_from(key).ok()?;
    APIS.iter().find(|api| api.key == key)
}

/// A walk over a frame, from its start to its end.
struct Walk<'frame> {
    rest: &'frame [u8],
    flexible: bool,
    version: i16,
    elements_left: usize,
}

impl Walk<'_> {
    fn shape(&mut self, shape: Shape) -> Result<(), FrameError> {
        match shape {
            Shape::Fixed(bytes) => self.skip(bytes),
            Shape::Text => {
                let length = if self.flexible { self.compact()? } else { self.int16()?.into() };
                self.skip_nullable(length)
            }
            Shape::Bytes => {
                let length = if self.flexible { self.compact()? } else { self.int32()?.into() };
                self.skip_nullable(length)
            }
            Shape::Array(element) => self.array(*element),
            Shape::Fields(fields) => {
                for field in fields {
                    if (field.since..=field.until).contains(&self.version) {
                        self.shape(field.shape)?;
                    }
                }
                if self.flexible { self.tags() } else { Ok(()) }
            }
        }
    }

    /// Each element takes a byte at least, so a count beyond the rest is a lie.
    fn array(&mut self, element: Shape) -> Result<(), FrameError> {
        let count = if self.flexible { self.compact()? } else { self.int32()?.into() };
        if count == -1 {
            return Ok(());
        }
        let count = usize::try_from(count).map_err(|_| FrameError::Malformed)?;
        if count > self.rest.len() || count > self.elements_left {
            return Err(FrameError::Malformed);
        }
        self.elements_left -= count;
        for _ in 0..count {
            self.shape(element)?;
        }
        Ok(())
    }

    /// Tagged fields; none of our versions knows any, so all are skipped by their length.
    fn tags(&mut self) -> Result<(), FrameError> {
        let count = self.varint()?;
        if count > TAGS_MAX {
            return Err(FrameError::Malformed);
        }
        for _ in 0..count {
            self.varint()?;
            let bytes = self.varint()?;
            self.skip(bytes as usize)?;
        }
        Ok(())
    }

    /// A length or count of flexible versions: one more than it is, 0 for null.
    fn compact(&mut self) -> Result<i64, FrameError> {
        Ok(i64::from(self.varint()?) - 1)
    }

    fn skip_nullable(&mut self, length: i64) -> Result<(), FrameError> {
        if length == -1 {
            return Ok(());
        }
        self.skip(usize::try_from(length).map_err(|_| FrameError::Malformed)?)
    }

    fn skip(&mut self, bytes: usize) -> Result<(), FrameError> {
        self.rest = self.rest.get(bytes..).ok_or(FrameError::Malformed)?;
        Ok(())
    }

    fn int16(&mut self) -> Result<i16, FrameError> {
        Ok(i16::from_be_bytes(self.take()?))
    }

    fn int32(&mut self) -> Result<i32, FrameError> {
        Ok(i32::from_be_bytes(self.take()?))
    }

    /// At most five bytes, and no more than 32 bits: the decoder would cut them off.
    fn varint(&mut self) -> Result<u32, FrameError> {
        let mut value = 0;
        for place in 0..5 {
            let [byte] = self.take()?;
            if place == 4 && byte > 0x0f {
                break;
            }
            value |= u32::from(byte & 0x7f) << (7 * place);
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(FrameError::Malformed)
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], FrameError> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(FrameError::Malformed)?;
        self.rest = rest;
        Ok(*taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Metadata, version 12, from a client named "rdkafka", its tags, and then this.
    fn metadata(body: &[u8]) -> Bytes {
        let head = b"\x00\x03\x00\x0c\x00\x00\x00\x03\x00\x07rdkafka\x00";
        [&head[..], body].concat().into()
    }

    #[test]
    fn bytes_that_are_left_do_not_matter() {
        // As librdkafka 2.12 asks for all topics: null, two booleans, no tags, three bytes more.
        let request = decode(metadata(b"\x00\x00\x00\x00\x01\x00\x00")).unwrap();
        assert_eq!((request.version, request.correlation), (12, 3));
        assert_eq!(request.client, "rdkafka");
        let RequestKind::Metadata(asked) = request.kind else { panic!("another request") };
        assert_eq!(asked.topics, None);
    }

    #[test]
    fn counts_and_lengths_that_lie_are_refused() {
        let cases: [&[u8]; 7] = [
            b"",                                     // nothing
            b"\xff\xff\xff\xff\x0f",                 // four thousand million topics
            b"\x03\x00",                             // two topics, one byte
            b"\xff\xff\xff\xff\x7f\x00\x00\x00\x00", // more than 32 bits
            b"\x00\x00\x00\xff\xff\xff\xff\x0f",     // as many tags
            b"\x00\x00\x00\x01\x00\x7f",             // a tag of 127 bytes, none there
            b"\x00\x00\x00\x11",                     // one tag too many
        ];
        for body in cases {
            assert_eq!(decode(metadata(body)).unwrap_err(), FrameError::Malformed, "{body:x?}");
        }
    }

    #[test]
    fn what_is_not_served_is_told_apart() {
        let decode = |bytes: &[u8]| decode(Bytes::copy_from_slice(bytes)).unwrap_err();
        assert_eq!(decode(b"\x00\x13\x00\x00\x00\x00\x00\x01"), FrameError::Unknown { key: 19 });
        assert_eq!(decode(b"\x7f\xff\x00\x00\x00\x00\x00\x01"), FrameError::Unknown { key: 32767 });
        let newer = FrameError::Version { key: 18, version: 9, correlation: 1 };
        assert_eq!(decode(b"\x00\x12\x00\x09\x00\x00\x00\x01"), newer);
        assert_eq!(decode(b"\x00\x12\x00"), FrameError::Malformed);
    }
}
