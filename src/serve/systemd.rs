//! What systemd is told: ready, status, stopping, and that the daemon still moves.
//!
//! Without `$NOTIFY_SOCKET` each of these does nothing.

use std::sync::Arc;
use std::time::Duration;

use sd_notify::NotifyState;

use super::Health;
use crate::clock;

/// The daemon serves from here on; `status` is what `systemctl status` shows.
pub fn ready(status: &str) {
    tell(&[NotifyState::Ready, NotifyState::Status(status)]);
}

/// What the daemon does now, for `systemctl status`.
pub fn status(status: &str) {
    tell(&[NotifyState::Status(status)]);
}

/// The daemon drains and stops.
pub fn stopping() {
    tell(&[NotifyState::Stopping, NotifyState::Status("writing what is under way")]);
}

/// Returns how often systemd wants to hear from us, if it does: half of `WatchdogSec`.
///
/// Source: sd_watchdog_enabled(3) recommends half of the limit.
pub fn watchdog_interval() -> Option<Duration> {
    sd_notify::watchdog_enabled().map(|limit| limit / 2).filter(|interval| !interval.is_zero())
}

/// Pings the watchdog for ever, but only while the daemon makes progress: one that hangs is
/// restarted. Without a watchdog it does nothing, for ever.
pub async fn watchdog(health: Arc<Health>) {
    let Some(interval) = watchdog_interval() else { return std::future::pending().await };
    let mut ticks = tokio::time::interval(interval);
    loop {
        ticks.tick().await;
        match health.live(clock::now()) {
            Ok(()) => tell(&[NotifyState::Watchdog]),
            Err(reason) => tracing::error!(reason, "watchdog not pinged"),
        }
    }
}

fn tell(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::warn!(%error, "systemd could not be told");
    }
}
