//! Asking a running daemon how it is: one small HTTP GET.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use url::{Host, Position, Url};

use super::ServeError;

/// Longest time for the whole: a healthy daemon answers in milliseconds.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(5);

/// Largest answer that is read, in bytes.
const ANSWER_BYTES_MAX: u64 = 1 << 20;

/// What a daemon answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// HTTP's status code.
    pub status: u16,
    /// What it said.
    pub body: String,
}

/// Returns the answer of a daemon at an address such as `http://127.0.0.1:9464/readyz`.
///
/// # Errors
/// [`ServeError::Ask`]: nobody answers there, too late, or not in HTTP.
pub async fn ask(url: &Url) -> Result<Answer, ServeError> {
    let failed = |why: String| ServeError::Ask { url: url.to_string(), why };
    if url.scheme() != "http" {
        return Err(failed("is not asked over http; the daemon itself speaks no TLS".to_owned()));
    }
    let answer = tokio::time::timeout(ANSWER_TIME_MAX, exchange(url)).await;
    let answer = answer.map_err(|_| failed(format!("gave no answer in {ANSWER_TIME_MAX:?}")))?;
    let bytes = answer.map_err(|error| {
        failed(format!("could not be asked: {error}; is the daemon running, and does `listen` in [serve] name this address?"))
    })?;
    let text = String::from_utf8_lossy(&bytes);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.strip_prefix("HTTP/1.").and_then(|rest| rest.get(2..5)?.parse().ok());
    let status = status.ok_or_else(|| failed("is no daemon: it does not speak HTTP".to_owned()))?;
    Ok(Answer { status, body: body.trim_end().to_owned() })
}

async fn exchange(url: &Url) -> std::io::Result<Vec<u8>> {
    let port = url.port_or_known_default().unwrap_or(80);
    // A daemon that listens everywhere is asked at home.
    let host = match url.host() {
        Some(Host::Ipv4(ip)) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.to_string(),
        Some(Host::Ipv6(ip)) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.to_string(),
        Some(Host::Ipv4(ip)) => ip.to_string(),
        Some(Host::Ipv6(ip)) => ip.to_string(),
        Some(Host::Domain(name)) => name.to_owned(),
        None => String::new(),
    };
    let mut stream = TcpStream::connect((host.as_str(), port)).await?;
    let path = &url[Position::BeforePath..Position::AfterQuery];
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(ANSWER_BYTES_MAX).read_to_end(&mut answer).await?;
    Ok(answer)
}
