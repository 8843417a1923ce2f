//! Health and metrics over HTTP, and to systemd.

mod ask;
pub mod systemd;

pub use self::ask::{Answer, ask};

use std::future::Future;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::clock;
use crate::config;
pub use crate::telemetry::Health;
use crate::telemetry::Metrics;

/// Longest time for requests that are under way when the daemon stops.
const DRAIN_MAX: Duration = Duration::from_secs(2);

/// Why health and metrics are not served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Somebody else listens there.
    #[error(
        "port {} of {} is taken by another process; stop it, or set `listen` in [serve]",
        .0.port(), .0.ip()
    )]
    Taken(SocketAddr),
    /// The address can not be listened on.
    #[error("{0} can not be listened on; set `listen` in [serve] to an address of this machine")]
    Listen(SocketAddr, #[source] io::Error),
    /// The listener broke.
    #[error("health and metrics can no longer be served")]
    Broken(#[source] io::Error),
    /// A daemon could not be asked.
    #[error("{url} {why}")]
    Ask {
        /// What was asked.
        url: String,
        /// What went wrong and what to do.
        why: String,
    },
}

/// A listener for health and metrics, open and not yet answering.
#[derive(Debug)]
pub struct Serve {
    listener: TcpListener,
    address: SocketAddr,
}

#[derive(Clone)]
struct Shared {
    health: Arc<Health>,
    metrics: Arc<Metrics>,
}

impl Serve {
    /// Opens the listener.
    ///
    /// # Errors
    /// The port is taken, or the address is not ours.
    pub fn bind(config: &config::Serve) -> Result<Self, ServeError> {
        let wanted = config.listen;
        let listen = || {
            let listener = TcpListener::bind(wanted)?;
            listener.set_nonblocking(true)?;
            let address = listener.local_addr()?;
            Ok(Self { listener, address })
        };
        listen().map_err(|error: io::Error| match error.kind() {
            io::ErrorKind::AddrInUse => ServeError::Taken(wanted),
            _ => ServeError::Listen(wanted, error),
        })
    }

    /// Returns the address that is listened on, with the port that the system chose for port 0.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `stop` is done, and then for two seconds at most. Needs tokio's runtime.
    ///
    /// # Errors
    /// The listener broke.
    pub async fn run(
        self,
        health: Arc<Health>,
        metrics: Arc<Metrics>,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServeError> {
        let listener =
            tokio::net::TcpListener::from_std(self.listener).map_err(ServeError::Broken)?;
        let router = Router::new()
            .route("/livez", get(live))
            .route("/readyz", get(ready))
            .route("/metrics", get(encoded))
            .with_state(Shared { health, metrics });
        let (stopped, mut drain) = tokio::sync::watch::channel(false);
        let serve = axum::serve(listener, router).with_graceful_shutdown(async move {
            stop.await;
            stopped.send_replace(true);
        });
        tokio::select! {
            done = serve => done.map_err(ServeError::Broken),
            () = async {
                // An error means that the other side is gone, and so is what we wait for.
                let _ = drain.wait_for(|stopped| *stopped).await;
                tokio::time::sleep(DRAIN_MAX).await;
            } => Ok(()),
        }
    }
}

async fn live(State(shared): State<Shared>) -> Response {
    told(shared.health.live(clock::now()))
}

async fn ready(State(shared): State<Shared>) -> Response {
    told(shared.health.ready(clock::now()))
}

async fn encoded(State(shared): State<Shared>) -> Response {
    // Source: OpenMetrics 1.0, "Overall structure": the media type.
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], shared.metrics.encode()).into_response()
}

fn told(state: Result<(), String>) -> Response {
    let (status, body) = match state {
        Ok(()) => (StatusCode::OK, serde_json::json!({ "status": "ok" })),
        Err(reason) => (
            StatusCode::SERVICE_UNAVAILABLE,
            serde_json::json!({ "status": "unavailable", "reason": reason }),
        ),
    };
    let kind = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    (status, kind, format!("{body}\n")).into_response()
}
