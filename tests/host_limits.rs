//! What one feed's host asks for: kept, but within bounds.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::get;

use super::kill::eager;
use super::process::{Daemon, free_address, wait_for};

const FEED: &str = "<rss version=\"2.0\"><channel><title>News</title></channel></rss>";

/// Found in review: the wait of a `Retry-After` was bounded for the feed that got it, but not for the
/// others of its host, which were then asked a year later.
#[test]
fn a_year_of_retry_after_does_not_silence_the_other_feeds_of_the_host() {
    let asked = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&asked);
    let router = Router::new()
        .route(
            "/busy",
            get(async || {
                (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "31536000")]).into_response()
            }),
        )
        .route(
            "/{feed}",
            get(async move || {
                count.fetch_add(1, Ordering::SeqCst);
                FEED
            }),
        );
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    runtime.spawn(async move { axum::serve(listener, router).await });
    let feeds: String = ["busy", "one", "two", "three"]
        .iter()
        .map(|path| format!("[[feed]]\nurl = \"http://{address}/{path}\"\n"))
        .collect();
    let config = eager(&format!("[journal]\nlisten = \"{}\"\n", free_address()));
    let config = config
        .replace("[poll]\n", "[poll]\ninterval-max = \"200ms\"\n")
        .replace("host-at-once-max = 8", "host-at-once-max = 1");
    let mut daemon = Daemon::new(&config, &feeds);
    daemon.start();
    wait_for("the other feeds to be asked again and again", || {
        daemon.expect_alive();
        (asked.load(Ordering::SeqCst) >= 30).then_some(())
    });
    assert!(daemon.stop().success(), "{}", daemon.log());
}
