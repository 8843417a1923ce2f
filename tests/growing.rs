//! Feeds that grow by numbered entries with every request, and whose entries are corrected later.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

/// Entries in the document; far more than grow while no poll gets through.
const WINDOW: u64 = 300;

/// Every so many entries one is corrected …
const CORRECTED_EVERY: u64 = 7;

/// … when so many have come after it.
const CORRECTED_AFTER: u64 = 5;

/// The server of some feeds.
pub struct Growing {
    pub address: SocketAddr,
    shared: Arc<Shared>,
    _runtime: tokio::runtime::Runtime,
}

struct Shared {
    entries: Vec<Mutex<u64>>,
    dice: Mutex<u64>,
    frozen: AtomicBool,
    requests: AtomicU64,
    /// Requests of each feed since the freeze.
    settled: Vec<AtomicU64>,
}

impl Growing {
    /// Starts the server of `feeds` feeds; growth follows from the seed.
    pub fn start(feeds: usize, seed: u64) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.unwrap();
        let shared = Arc::new(Shared {
            entries: (0..feeds).map(|_| Mutex::new(0)).collect(),
            dice: Mutex::new(seed | 1),
            frozen: AtomicBool::new(false),
            requests: AtomicU64::new(0),
            settled: (0..feeds).map(|_| AtomicU64::new(0)).collect(),
        });
        let router = Router::new().route("/feed/{n}", get(feed)).with_state(Arc::clone(&shared));
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self { address, shared, _runtime: runtime }
    }

    /// Returns the text of a `feeds.toml` with all of them.
    pub fn feeds_toml(&self) -> String {
        (0..self.shared.entries.len()).fold(String::new(), |mut text, n| {
            let _ = writeln!(text, "[[feed]]\nurl = \"http://{}/feed/{n}\"", self.address);
            text
        })
    }

    /// Returns how many requests were answered or begun.
    pub fn requests(&self) -> u64 {
        self.shared.requests.load(Ordering::SeqCst)
    }

    /// Stops the growth and returns how many entries each feed has.
    pub fn freeze(&self) -> Vec<u64> {
        self.shared.frozen.store(true, Ordering::SeqCst);
        self.shared.entries.iter().map(|count| *count.lock().unwrap()).collect()
    }

    /// Returns whether each feed was asked that often since the freeze.
    pub fn asked_since_freeze(&self, times: u64) -> bool {
        self.shared.settled.iter().all(|asked| asked.load(Ordering::SeqCst) >= times)
    }
}

async fn feed(
    State(shared): State<Arc<Shared>>,
    Path(n): Path<usize>,
    headers: HeaderMap,
) -> Response {
    shared.requests.fetch_add(1, Ordering::SeqCst);
    let count = {
        let mut count = shared.entries[n].lock().unwrap();
        if shared.frozen.load(Ordering::SeqCst) {
            shared.settled[n].fetch_add(1, Ordering::SeqCst);
        } else {
            *count += shared.roll() % 4;
        }
        *count
    };
    let etag = format!("\"{count}\"");
    if headers.get("if-none-match").is_some_and(|value| value.as_bytes() == etag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, [("etag", etag)]).into_response();
    }
    let headers = [("etag", etag), ("content-type", "application/rss+xml".to_owned())];
    (headers, document(n, count)).into_response()
}

impl Shared {
    fn roll(&self) -> u64 {
        let mut x = self.dice.lock().unwrap();
        *x ^= *x << 13;
        *x ^= *x >> 7;
        *x ^= *x << 17;
        *x >> 33
    }
}

/// Returns what entry `k` says when the feed has `count` of them.
pub fn text(k: u64, count: u64) -> String {
    let corrected = k.is_multiple_of(CORRECTED_EVERY) && count > k + CORRECTED_AFTER;
    let troops = 100 + k * 10 + u64::from(corrected);
    format!("Poland has deployed {troops} troops to its border with Belarus.")
}

fn document(n: usize, count: u64) -> String {
    let mut xml = format!("<rss version=\"2.0\"><channel><title>Feed {n}</title>");
    for k in (count.saturating_sub(WINDOW)..count).rev() {
        let _ = write!(
            xml,
            "<item><guid isPermaLink=\"false\">{n}/{k}</guid><title>Story {k}</title>\
             <description>{}</description></item>",
            text(k, count)
        );
    }
    xml.push_str("</channel></rss>");
    xml
}
