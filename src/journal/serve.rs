//! The listener: Kafka's reading side, a task for each connection.

mod answer;
mod commits;
mod connection;
mod coordinator;
mod describe;
mod fetch;
mod groups;
mod members;
mod metadata;
mod offsets;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use kafka_protocol::protocol::StrBytes;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use self::coordinator::Coordinator;
use super::Journal;
use super::error::JournalError;
use super::store::Store;
use crate::config;

/// Fetches that hold records at once: bounds what readers, slow ones above all, cost in memory.
const FETCHES_AT_ONCE_MAX: usize = 32;
/// How often groups look for members that were not heard of.
const TICK: Duration = Duration::from_millis(100);
/// How often the offsets of groups with members are marked as not old.
const TOUCH: Duration = Duration::from_secs(6 * 60 * 60);
/// Wait after the system refused a connection, for want of file handles most likely.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves the journal to Kafka clients.
#[derive(Debug)]
pub struct Listener {
    socket: TcpListener,
    address: SocketAddr,
    connections_max: usize,
    server: Arc<Server>,
}

/// What all connections share.
#[derive(Debug)]
struct Server {
    journal: Arc<Journal>,
    advertise: Option<String>,
    port: u16,
    fetches: Semaphore,
    coordinator: Coordinator,
}

impl Server {
    /// Reads from the file, off the threads of the runtime.
    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Store) -> Result<T, JournalError> + Send + 'static,
    ) -> Result<T, JournalError> {
        let store = Arc::clone(&self.journal.store);
        match tokio::task::spawn_blocking(move || read(&store)).await {
            Ok(result) => result,
            Err(stopped) if stopped.is_panic() => std::panic::resume_unwind(stopped.into_panic()),
            Err(_) => Err(JournalError::Closing),
        }
    }
}

impl Listener {
    /// Takes the configured address; clients that connect wait until [`Listener::run`].
    ///
    /// # Errors
    /// Where the address is taken or not of this machine.
    pub async fn bind(
        journal: Arc<Journal>,
        settings: &config::Journal,
    ) -> Result<Self, JournalError> {
        let address = settings.listen;
        let failed = |source: io::Error| match source.kind() {
            io::ErrorKind::AddrInUse => JournalError::PortTaken { address },
            _ => JournalError::Listen { address, source },
        };
        let socket = TcpListener::bind(address).await.map_err(failed)?;
        let address = socket.local_addr().map_err(failed)?;
        if !address.ip().is_loopback() {
            tracing::warn!(
                %address,
                "the journal has no passwords: whoever reaches this address reads all topics"
            );
        }
        let server = Server {
            journal,
            advertise: settings.advertise.clone(),
            port: address.port(),
            fetches: Semaphore::new(FETCHES_AT_ONCE_MAX),
            coordinator: Coordinator::new(),
        };
        Ok(Self {
            socket,
            address,
            connections_max: settings.connections_max,
            server: Arc::new(server),
        })
    }

    /// Returns where it listens: the port that the system chose, where 0 was configured.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop` is ready; then every connection is closed.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let mut connections = JoinSet::new();
        let mut full = false;
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut touches = interval(TOUCH);
        tokio::pin!(stop);
        loop {
            tokio::select! {
                () = &mut stop => break,
                Some(_ended) = connections.join_next() => {}
                _ = ticks.tick() => self.server.coordinator.tell(|groups, now| groups.tick(now)),
                _ = touches.tick() => {
                    connections.spawn(touch(Arc::clone(&self.server)));
                }
                accepted = self.socket.accept() => match accepted {
                    Ok((stream, peer)) => {
                        let journal = &self.server.journal;
                        if let Some(counted) = Counted::new(journal, self.connections_max) {
                            full = false;
                            let server = Arc::clone(&self.server);
                            connections.spawn(connect(server, stream, peer, counted));
                        } else if !full {
                            // Once, and not for each that tries.
                            full = true;
                            tracing::warn!(%peer, max = self.connections_max,
                                "refused a client: `connections-max` in [journal] is reached");
                        }
                    }
                    Err(error) => {
                        tracing::warn!(%error, "could not accept a client");
                        tokio::time::sleep(ACCEPT_PAUSE).await;
                    }
                }
            }
        }
        connections.shutdown().await;
    }
}

/// One connection from its first byte to its last.
async fn connect(server: Arc<Server>, stream: TcpStream, peer: SocketAddr, _counted: Counted) {
    if let Err(reason) = connection::serve(&server, stream, peer).await {
        tracing::debug!(%peer, %reason, "closed the connection of a client");
    }
}

/// Marks the offsets of groups with members as not old: a group that reads nothing new commits
/// nothing, and is to keep its place nevertheless.
async fn touch(server: Arc<Server>) {
    for group in server.coordinator.ask(|groups, _now| groups.names()) {
        if server.journal.offsets.touch(group).await.is_err() {
            break;
        }
    }
}

/// Counts a connection for as long as it lives, however it ends.
struct Counted(Arc<Journal>);

impl Counted {
    /// Counts one more; `None` where there are `most` already. Only one place calls it.
    fn new(journal: &Arc<Journal>, most: usize) -> Option<Self> {
        let count = &journal.store.connections;
        if count.load(Ordering::Acquire) >= most {
            return None;
        }
        count.fetch_add(1, Ordering::AcqRel);
        Some(Self(Arc::clone(journal)))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.store.connections.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Returns the text in the crate's own string.
fn text(text: impl Into<String>) -> StrBytes {
    StrBytes::from_string(text.into())
}
