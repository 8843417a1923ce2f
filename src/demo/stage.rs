//! The stage: the story's feeds on a loopback address.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response as HttpResponse};
use axum::routing::get;
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use url::Url;

use super::POLL_INTERVAL;
use super::outlet::Outlet;
use super::pace::StoryClock;
use super::render::render;
use super::script::Script;
use super::validator::Conditions;
use crate::feed::Feed;

/// Why there is no stage.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// The address is taken or not ours.
    #[error("cannot listen on {address} for the demo's feeds; give another port, or 0 for any")]
    Listen {
        /// What was asked for.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
}

/// A server that plays the story. It takes no more connections once it is dropped.
#[derive(Debug)]
pub struct Stage {
    play: Arc<Play>,
    address: SocketAddr,
    server: JoinHandle<()>,
}

/// How often it was asked, by the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// 200.
    pub full: u64,
    /// 304.
    pub unchanged: u64,
    /// Anything else.
    pub failed: u64,
}

#[derive(Debug)]
struct Play {
    script: Script,
    base: Timestamp,
    clock: StoryClock,
    full: AtomicU64,
    unchanged: AtomicU64,
    failed: AtomicU64,
}

impl Stage {
    /// Starts to serve the story that begins at `base`, as the clock tells it, on that address
    /// (`127.0.0.1:0` for a port that is free).
    ///
    /// # Errors
    /// [`StageError::Listen`].
    pub async fn start(
        script: Script,
        base: Timestamp,
        clock: StoryClock,
        address: SocketAddr,
    ) -> Result<Self, StageError> {
        let refused = |source| StageError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let play = Arc::new(Play {
            script,
            base,
            clock,
            full: AtomicU64::new(0),
            unchanged: AtomicU64::new(0),
            failed: AtomicU64::new(0),
        });
        let router = Router::new().route("/{path}", get(answer)).with_state(Arc::clone(&play));
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "the demo's feeds are no longer served");
            }
        });
        Ok(Self { play, address, server })
    }

    /// Returns where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the feeds to poll: served from here, under ids that are the same in each run.
    pub fn feeds(&self) -> Vec<Feed> {
        self.play.script.outlets.iter().map(|outlet| self.feed(outlet)).collect()
    }

    fn feed(&self, outlet: &Outlet) -> Feed {
        let url = format!("http://{}/{}", self.address, outlet.path);
        Feed {
            id: outlet.feed_id(),
            url: Url::parse(&url).expect("an address and a path of the script make a URL"),
            title: Some(outlet.title.clone()),
            categories: vec!["demo".to_owned()],
            language: Some("en".to_owned()),
            interval: Some(POLL_INTERVAL),
        }
    }

    /// Returns the story.
    pub fn script(&self) -> &Script {
        &self.play.script
    }

    /// Returns when the last minute begins, after which nothing changes any more; a poll of each
    /// feed after it has seen all. `None` for a clock that is moved by hand.
    pub fn finished_at(&self) -> Option<Instant> {
        self.play.clock.begins(self.play.script.minutes)
    }

    /// Returns how often it was asked until now.
    pub fn tally(&self) -> Tally {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Tally {
            full: read(&self.play.full),
            unchanged: read(&self.play.unchanged),
            failed: read(&self.play.failed),
        }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(
    State(play): State<Arc<Play>>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> HttpResponse {
    let Some(outlet) = play.script.outlet_at(&path) else {
        play.failed.fetch_add(1, Ordering::Relaxed);
        return (StatusCode::NOT_FOUND, "no such feed\n").into_response();
    };
    let sent = |name| headers.get(name)?.to_str().ok().map(str::to_owned);
    let conditions = Conditions {
        if_none_match: sent(header::IF_NONE_MATCH),
        if_modified_since: sent(header::IF_MODIFIED_SINCE),
    };
    let response = conditions.answer(render(&play.script, outlet, play.clock.minute(), play.base));
    let count = match response.status {
        200 => &play.full,
        304 => &play.unchanged,
        _ => &play.failed,
    };
    count.fetch_add(1, Ordering::Relaxed);
    let mut builder = HttpResponse::builder().status(response.status);
    for (name, value) in &response.headers {
        builder = builder.header(name, value);
    }
    builder
        .body(response.body.into())
        .unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    use super::*;

    async fn stage() -> (Stage, StoryClock) {
        let clock = StoryClock::by_hand();
        let base = "2031-05-06T09:00:00Z".parse().unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let stage = Stage::start(Script::embedded(), base, clock.clone(), address).await.unwrap();
        (stage, clock)
    }

    /// Returns status line and header fields as sent, and the body.
    async fn ask(stage: &Stage, path: &str, fields: &str) -> (String, Vec<u8>) {
        let mut stream = TcpStream::connect(stage.address()).await.unwrap();
        let request =
            format!("GET /{path} HTTP/1.1\r\nHost: demo\r\nConnection: close\r\n{fields}\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let end = answer.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        (head, answer[end + 4..].to_vec())
    }

    fn field(head: &str, name: &str) -> Option<String> {
        let mut fields = head.lines().filter_map(|line| line.split_once(": "));
        fields.find(|(n, _)| *n == name).map(|(_, value)| value.to_owned())
    }

    #[tokio::test]
    async fn each_feed_is_served_as_it_is_rendered() {
        let (stage, clock) = stage().await;
        clock.move_to(13);
        for feed in stage.feeds() {
            let path = feed.url.path().trim_start_matches('/');
            let outlet = stage.script().outlet_at(path).unwrap();
            let wanted = render(stage.script(), outlet, 13, stage.play.base);
            let (head, body) = ask(&stage, path, "").await;
            assert!(head.starts_with("HTTP/1.1 200"), "{path}: {head}");
            assert_eq!(field(&head, "content-type").as_deref(), wanted.header("content-type"));
            assert!(body == wanted.body, "{path}");
        }
        assert_eq!(stage.tally(), Tally { full: 10, unchanged: 0, failed: 0 });
    }

    #[tokio::test]
    async fn a_feed_that_stands_still_is_answered_with_304_until_it_changes() {
        let (stage, clock) = stage().await;
        clock.move_to(2);
        for (path, validator, condition) in [
            ("wire.xml", "etag", "If-None-Match"),
            ("guard.rdf", "last-modified", "If-Modified-Since"),
        ] {
            clock.move_to(2);
            let (head, _) = ask(&stage, path, "").await;
            let value = field(&head, validator).unwrap();
            let fields = format!("{condition}: {value}\r\n");
            let (head, body) = ask(&stage, path, &fields).await;
            assert!(head.starts_with("HTTP/1.1 304"), "{path}: {head}");
            assert!(body.is_empty());
            assert!(field(&head, validator).is_some());
            clock.move_to(4);
            let (head, body) = ask(&stage, path, &fields).await;
            assert!(head.starts_with("HTTP/1.1 200"), "{path}: {head}");
            assert!(!body.is_empty());
        }
        assert_eq!(stage.tally(), Tally { full: 4, unchanged: 2, failed: 0 });
    }

    #[tokio::test]
    async fn an_outage_and_a_wrong_path_are_told_as_such() {
        let (stage, clock) = stage().await;
        clock.move_to(9);
        let (head, _) = ask(&stage, "kalahari-courier.xml", "").await;
        assert!(head.starts_with("HTTP/1.1 503"), "{head}");
        assert_eq!(field(&head, "retry-after").as_deref(), Some("3"));
        let (head, _) = ask(&stage, "nothing.xml", "").await;
        assert!(head.starts_with("HTTP/1.1 404"), "{head}");
        assert_eq!(stage.tally(), Tally { full: 0, unchanged: 0, failed: 2 });
    }

    #[tokio::test]
    async fn ids_of_feeds_do_not_depend_on_the_port() {
        let (one, _) = stage().await;
        let (two, _) = stage().await;
        assert_ne!(one.address(), two.address());
        for (a, b) in one.feeds().into_iter().zip(two.feeds()) {
            assert_eq!(a.id, b.id);
            assert_ne!(a.url, b.url);
            assert_ne!(a.id, crate::feed::FeedId::of(&a.url));
        }
    }

    #[tokio::test]
    async fn a_taken_port_is_an_error_that_names_it() {
        let (stage, _) = stage().await;
        let (script, clock) = (Script::embedded(), StoryClock::by_hand());
        let second =
            Stage::start(script, Timestamp::UNIX_EPOCH, clock, stage.address()).await.unwrap_err();
        assert!(second.to_string().contains(&stage.address().to_string()), "{second}");
    }
}
