//! One client: frames in, answers out, in order; whatever it sends harms nobody else.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf, BufMut, Bytes, BytesMut};
use kafka_protocol::messages::{ApiKey, ResponseHeader, ResponseKind};
use kafka_protocol::protocol::Encodable;
use thiserror::Error;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::SemaphorePermit;
use tokio::time::timeout;

use super::Server;
use super::answer;
use crate::journal::error::JournalError;
use crate::journal::wire::frame::{self, FrameError};

/// Largest request: producers send 1 MiB by default, and are to read why they are refused.
const FRAME_BYTES_MAX: usize = 2 << 20;
/// Longest time between two requests; Kafka's `connections.max.idle.ms`.
const IDLE_MAX: Duration = Duration::from_secs(10 * 60);
/// Longest time from the first byte of a request to its last.
const FRAME_TIME_MAX: Duration = Duration::from_secs(10);
/// Longest time for a client to take an answer.
const WRITE_TIME_MAX: Duration = Duration::from_secs(30);
/// The first reservation for a request; most are shorter.
const BUFFER_BYTES: usize = 4 << 10;

/// Why a connection was closed.
#[derive(Debug, Error)]
pub(super) enum Closed {
    #[error("a request of {0} bytes is beyond the limit of {FRAME_BYTES_MAX}")]
    FrameBytes(i64),
    #[error("nothing was asked for {IDLE_MAX:?}")]
    Idle,
    #[error("a request took longer than {FRAME_TIME_MAX:?}")]
    SlowRequest,
    #[error("an answer took longer than {WRITE_TIME_MAX:?}")]
    SlowReader,
    #[error("it hung up in the middle of a request")]
    Torn,
    #[error(transparent)]
    Frame(#[from] FrameError),
    #[error("the answer could not be encoded: {0}")]
    Encode(String),
    #[error(transparent)]
    Socket(#[from] io::Error),
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// Who asks, and by which address.
#[derive(Clone, Debug)]
pub(super) struct Client {
    /// Where it is.
    pub(super) peer: SocketAddr,
    /// What it calls itself.
    pub(super) name: String,
    /// The host that it is told to come back to.
    pub(super) host: String,
}

/// Serves the client until it hangs up.
pub(super) async fn serve(
    server: &Arc<Server>,
    stream: TcpStream,
    peer: SocketAddr,
) -> Result<(), Closed> {
    stream.set_nodelay(true)?;
    let local = stream.local_addr()?.ip().to_canonical();
    let host = server.advertise.clone().unwrap_or_else(|| local.to_string());
    let mut client = Client { peer, name: String::new(), host };
    let (read, mut write) = stream.into_split();
    let mut frames = Frames { read, buffer: BytesMut::new() };
    while let Some(frame) = frames.next().await? {
        let request = match frame::decode(frame) {
            Ok(request) => request,
            Err(FrameError::Version { key, correlation, .. })
                if key == ApiKey::ApiVersions as i16 =>
            {
                // A newer client asks again in a version that it is told.
                let versions = answer::unsupported_version();
                send(&mut write, &encode(correlation, 0, &versions)?).await?;
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        let (correlation, version) = (request.correlation, request.version);
        client.name.clone_from(&request.client);
        // Kept until the answer is sent: it stands for the memory of its records.
        let mut permit: Option<SemaphorePermit<'_>> = None;
        let answer = tokio::select! {
            answer = answer::answer(server, &client, request, &mut permit) => answer?,
            () = frames.closed() => return Ok(()),
        };
        let Some(kind) = answer else { return Ok(()) };
        send(&mut write, &encode(correlation, version, &kind)?).await?;
        drop(permit);
    }
    Ok(())
}

/// Returns the answer as a frame, its length before it.
fn encode(correlation: i32, version: i16, kind: &ResponseKind) -> Result<BytesMut, Closed> {
    let mut out = BytesMut::new();
    out.put_i32(0);
    let header = ResponseHeader::default().with_correlation_id(correlation);
    header
        .encode(&mut out, kind.header_version(version))
        .and_then(|()| kind.encode(&mut out, version))
        .map_err(|error| Closed::Encode(error.to_string()))?;
    let length = (out.len() - 4) as i32;
    out[..4].copy_from_slice(&length.to_be_bytes());
    Ok(out)
}

async fn send(write: &mut OwnedWriteHalf, out: &[u8]) -> Result<(), Closed> {
    timeout(WRITE_TIME_MAX, write.write_all(out)).await.map_err(|_| Closed::SlowReader)??;
    Ok(())
}

/// The requests of a connection, as frames without their length.
struct Frames {
    read: OwnedReadHalf,
    buffer: BytesMut,
}

impl Frames {
    /// Returns the next request, `None` where the client hung up between two.
    async fn next(&mut self) -> Result<Option<Bytes>, Closed> {
        if self.buffer.is_empty() {
            let read = timeout(IDLE_MAX, self.read_more()).await.map_err(|_| Closed::Idle)??;
            if read == 0 {
                return Ok(None);
            }
        }
        timeout(FRAME_TIME_MAX, self.rest()).await.map_err(|_| Closed::SlowRequest)?.map(Some)
    }

    async fn rest(&mut self) -> Result<Bytes, Closed> {
        loop {
            if let Some(head) = self.buffer.first_chunk() {
                let length = i32::from_be_bytes(*head);
                let bytes = usize::try_from(length)
                    .ok()
                    .filter(|bytes| *bytes <= FRAME_BYTES_MAX)
                    .ok_or(Closed::FrameBytes(length.into()))?;
                if self.buffer.len() >= 4 + bytes {
                    self.buffer.advance(4);
                    return Ok(self.buffer.split_to(bytes).freeze());
                }
            }
            if self.read_more().await? == 0 {
                return Err(Closed::Torn);
            }
        }
    }

    /// Memory grows with what came, not with what a length claims.
    async fn read_more(&mut self) -> io::Result<usize> {
        self.buffer.reserve(BUFFER_BYTES);
        self.read.read_buf(&mut self.buffer).await
    }

    /// Returns once the client is gone; what it sends meanwhile is kept, up to a request's size.
    async fn closed(&mut self) {
        while self.buffer.len() < FRAME_BYTES_MAX {
            match self.read_more().await {
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            }
        }
        std::future::pending::<()>().await;
    }
}
