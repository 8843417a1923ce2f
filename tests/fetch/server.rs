//! A server on loopback that does what it is told, also what no server should.

use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use url::Url;

/// Head of a request that is longer than this is none of ours.
const HEAD_BYTES_MAX: usize = 64 << 10;

/// What a server does, one after the other.
#[derive(Clone, Debug)]
pub enum Step {
    /// Sends these bytes.
    Send(Vec<u8>),
    /// Sends these bytes one by one, for ever, with a pause between them.
    Drip(Vec<u8>, Duration),
    /// Sends these bytes again and again, as fast as they are taken.
    Pour(Vec<u8>),
    /// Keeps silent until the other side leaves.
    Hang,
    /// Waits for the next request on the same connection.
    KeepAlive,
}

/// One request as it came.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Which connection it came by, counted from zero.
    pub connection: usize,
    /// Path and query.
    pub path: String,
    /// The whole head, in lower case but for values.
    head: String,
}

impl Asked {
    /// Returns the value of that header field, which is given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (field, value) = line.split_once(':')?;
            field.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// What to do on a request.
type Handler = dyn Fn(&Asked) -> Vec<Step> + Send + Sync;

/// Gives up the accepting task when dropped.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    scheme: &'static str,
    asked: Arc<Mutex<Vec<Asked>>>,
    accepting: tokio::task::JoinHandle<()>,
}

impl Server {
    /// Starts a server over plain TCP.
    pub async fn start(handler: impl Fn(&Asked) -> Vec<Step> + Send + Sync + 'static) -> Self {
        Self::start_with(None, Arc::new(handler)).await
    }

    /// Starts a server over TLS.
    pub async fn start_tls(
        tls: TlsAcceptor,
        handler: impl Fn(&Asked) -> Vec<Step> + Send + Sync + 'static,
    ) -> Self {
        Self::start_with(Some(tls), Arc::new(handler)).await
    }

    async fn start_with(tls: Option<TlsAcceptor>, handler: Arc<Handler>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        let accepting = tokio::spawn(async move {
            let mut connection = 0;
            while let Ok((stream, _)) = listener.accept().await {
                let talk =
                    Talk { connection, handler: Arc::clone(&handler), log: Arc::clone(&log) };
                connection += 1;
                tokio::spawn(open(stream, tls.clone(), talk));
            }
        });
        Self { address, scheme, asked, accepting }
    }

    /// Returns the address of a path.
    pub fn url(&self, path: &str) -> Url {
        format!("{}://{}{path}", self.scheme, self.address).parse().unwrap()
    }

    /// Returns all requests so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

struct Talk {
    connection: usize,
    handler: Arc<Handler>,
    log: Arc<Mutex<Vec<Asked>>>,
}

fn open(
    stream: TcpStream,
    tls: Option<TlsAcceptor>,
    talk: Talk,
) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async move {
        let Some(tls) = tls else { return talk.over(stream).await };
        if let Ok(stream) = tls.accept(stream).await {
            talk.over(stream).await;
        }
    })
}

impl Talk {
    /// Answers requests until something ends; what fails here is what the client left.
    async fn over(&self, mut stream: impl AsyncRead + AsyncWrite + Unpin) {
        while let Some(head) = read_head(&mut stream).await {
            let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
            let asked = Asked { connection: self.connection, path, head };
            let steps = (self.handler)(&asked);
            self.log.lock().unwrap().push(asked);
            if !run(&mut stream, steps).await {
                break;
            }
        }
        let _ = stream.shutdown().await;
    }
}

/// Does the steps; returns whether another request may come.
async fn run(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), steps: Vec<Step>) -> bool {
    for step in steps {
        match step {
            Step::Send(bytes) => {
                if stream.write_all(&bytes).await.is_err() {
                    return false;
                }
            }
            Step::Drip(bytes, pause) => {
                for byte in bytes.iter().cycle() {
                    if stream.write_all(&[*byte]).await.is_err() {
                        return false;
                    }
                    let _ = stream.flush().await;
                    tokio::time::sleep(pause).await;
                }
            }
            Step::Pour(bytes) => while stream.write_all(&bytes).await.is_ok() {},
            Step::Hang => {
                let _ = stream.flush().await;
                let _ = stream.read(&mut [0]).await;
                return false;
            }
            Step::KeepAlive => return true,
        }
    }
    false
}

async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() > HEAD_BYTES_MAX {
            return None;
        }
        head.push(stream.read_u8().await.ok()?);
    }
    String::from_utf8(head).ok()
}

/// Returns an answer with a right `Content-Length`; more fields come as `Name: value` lines.
pub fn answer(status: u16, fields: &str, body: impl AsRef<[u8]>) -> Vec<Step> {
    let body = body.as_ref();
    let mut sent = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n", body.len());
    for field in fields.lines().map(str::trim).filter(|field| !field.is_empty()) {
        sent.push_str(field);
        sent.push_str("\r\n");
    }
    sent.push_str("\r\n");
    let mut sent = sent.into_bytes();
    sent.extend(body);
    vec![Step::Send(sent), Step::KeepAlive]
}

/// Returns an answer word for word, after which the connection is closed.
pub fn raw(bytes: impl AsRef<[u8]>) -> Vec<Step> {
    vec![Step::Send(bytes.as_ref().to_vec())]
}
