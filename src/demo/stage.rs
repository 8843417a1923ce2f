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
use super::pace::StoryClock;
use super::render::render;
use super::script::{Outlet, Script};
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

/// A server that plays the story. It ends when it is dropped.
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
